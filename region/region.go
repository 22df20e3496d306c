// Package region knows the regions of AWS: their partitions, and what differs between those.
package region

import (
	"slices"
	"strings"

	"airline/spelling"
)

// Partition is a part of AWS with accounts and domains of its own.
type Partition struct {
	// ID begins ARNs: "aws" in arn:aws:s3:::bucket.
	ID string
	// Domain ends the names of endpoints: amazonaws.com.
	Domain string
	// Console ends the addresses of the management console after the region: console.aws.amazon.com; empty where AWS
	// publishes none.
	Console string
	// EndpointPrefix begins the name of S3's gateway endpoint and prefix list: com.amazonaws in com.amazonaws.eu-west-1.s3. It
	// is the domain reversed in the European Sovereign Cloud only; China's prefix is that of interface endpoints.
	EndpointPrefix string
	regions        []string
}

// partitions are those of the AWS SDK for Go v2 (internal/endpoints/awsrulesfn/partitions.json); a test compares them.
var partitions = []Partition{
	{ID: "aws", Domain: "amazonaws.com", Console: "console.aws.amazon.com", EndpointPrefix: "com.amazonaws", regions: []string{
		"af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
		"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2",
		"eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1",
		"us-west-2",
	}},
	{ID: "aws-cn", Domain: "amazonaws.com.cn", Console: "console.amazonaws.cn", EndpointPrefix: "com.amazonaws",
		regions: []string{"cn-north-1", "cn-northwest-1"}},
	{ID: "aws-us-gov", Domain: "amazonaws.com", Console: "console.amazonaws-us-gov.com", EndpointPrefix: "com.amazonaws",
		regions: []string{"us-gov-east-1", "us-gov-west-1"}},
	{ID: "aws-eusc", Domain: "amazonaws.eu", Console: "console.amazonaws-eusc.eu", EndpointPrefix: "eu.amazonaws",
		regions: []string{"eusc-de-east-1"}},
	{ID: "aws-iso", Domain: "c2s.ic.gov", EndpointPrefix: "com.amazonaws", regions: []string{"us-iso-east-1", "us-iso-west-1"}},
	{ID: "aws-iso-b", Domain: "sc2s.sgov.gov", EndpointPrefix: "com.amazonaws", regions: []string{"us-isob-east-1", "us-isob-west-1"}},
	{ID: "aws-iso-e", Domain: "cloud.adc-e.uk", EndpointPrefix: "com.amazonaws", regions: []string{"eu-isoe-west-1"}},
	{ID: "aws-iso-f", Domain: "csp.hci.ic.gov", EndpointPrefix: "com.amazonaws", regions: []string{"us-isof-east-1", "us-isof-south-1"}},
}

// PartitionOf gives the partition of a region; not ok when there is no such region.
func PartitionOf(region string) (p Partition, ok bool) {
	for _, p := range partitions {
		if slices.Contains(p.regions, region) {
			return p, true
		}
	}
	return Partition{}, false
}

// Domain ends the names of a region's endpoints; that of most regions when there is no such region.
func Domain(region string) string {
	if p, ok := PartitionOf(region); ok {
		return p.Domain
	}
	return partitions[0].Domain
}

// Nearest is the region that a misspelt name was meant to be, or "".
func Nearest(name string) string {
	var all []string
	for _, p := range partitions {
		all = append(all, p.regions...)
	}
	return spelling.Nearest(strings.TrimSpace(name), all)
}

// ZonesForAccount is how many availability zones of a region every account can use for Redshift Serverless and VPCs: three,
// and two in Northern California (Amazon Redshift Management Guide, "Considerations when using Amazon Redshift Serverless").
func ZonesForAccount(region string) int {
	if region == "us-west-1" {
		return 2
	}
	return 3
}
