package recorder

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	place "airline/region"
)

// surroundings are what a program finds in AWS before it makes anything: the account it runs in, the region
// and its zones. They make up the ids and ARNs of what it registers.
type surroundings struct {
	account, region string
	partition       place.Partition
	existing        Existing
	// vpc is the VPC that the program asked of last; its subnets are there unless something else is said.
	vpc *string
	// subnets are those that the program has asked for, in order: each is in the zone after the one before.
	subnets *[]string
}

func newSurroundings(account, region string) (surroundings, error) {
	if region == "" {
		return surroundings{}, errors.New("aws:region has no value: set it in the stack file, for example eu-west-1")
	}
	p, known := place.PartitionOf(region)
	if !known {
		return surroundings{}, fmt.Errorf("aws:region = %q: it is not an AWS region; did you mean %s?", region, cmp.Or(place.Nearest(region), "eu-west-1"))
	}
	return surroundings{account: account, region: region, partition: p, vpc: new(string), subnets: &[]string{}}, nil
}

// arn builds an ARN with region and account.
func (w surroundings) arn(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", w.partition.ID, service, w.region, w.account, resource)
}

// global builds an ARN of a service without regions, such as IAM.
func (w surroundings) global(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s::%s:%s", w.partition.ID, service, w.account, resource)
}

func (w surroundings) dnsSuffix() string { return w.partition.Domain }

func (w surroundings) zones() []string {
	return []string{w.region + "a", w.region + "b", w.region + "c"}[:place.ZonesForAccount(w.region)]
}

// call answers a provider function. A function without a model is an error.
func (w surroundings) call(token string, args map[string]any) (map[string]any, error) {
	switch token {
	case "aws:index/getCallerIdentity:getCallerIdentity":
		return map[string]any{
			"accountId": w.account,
			"arn":       w.global("iam", "user/recorder"),
			"id":        w.account,
			"userId":    "AIDACKCEVSQ6C2EXAMPLE",
		}, nil
	case "aws:index/getRegion:getRegion":
		return map[string]any{
			"id":          w.region,
			"name":        w.region,
			"description": w.region,
			"endpoint":    "ec2." + w.region + "." + w.dnsSuffix(),
		}, nil
	case "aws:index/getPartition:getPartition":
		return map[string]any{
			"id":               w.partition.ID,
			"partition":        w.partition.ID,
			"dnsSuffix":        w.dnsSuffix(),
			"reverseDnsPrefix": "com.amazonaws",
		}, nil
	case "aws:index/getAvailabilityZones:getAvailabilityZones":
		names, ids := []any{}, []any{}
		for i, zone := range w.zones() {
			names = append(names, zone)
			ids = append(ids, fmt.Sprintf("%s-az%d", strings.ReplaceAll(w.region, "-", ""), i+1))
		}
		return map[string]any{"id": w.region, "names": names, "zoneIds": ids, "groupNames": []any{w.region}}, nil
	case "aws:glue/getDataCatalogEncryptionSettings:getDataCatalogEncryptionSettings":
		return map[string]any{
			"id": args["catalogId"], "catalogId": args["catalogId"],
			"dataCatalogEncryptionSettings": []any{map[string]any{
				"encryptionAtRests": []any{map[string]any{
					"catalogEncryptionMode": "DISABLED", "catalogEncryptionServiceRole": "", "sseAwsKmsKeyId": "",
				}},
				"connectionPasswordEncryptions": []any{map[string]any{"returnConnectionPasswordEncrypted": false, "awsKmsKeyId": ""}},
			}},
		}, nil
	case "aws:ec2/getManagedPrefixList:getManagedPrefixList":
		name, _ := args["name"].(string)
		if !strings.HasPrefix(name, w.partition.EndpointPrefix+"."+w.region+".") {
			return nil, fmt.Errorf("function %s: the recorder knows the lists of AWS's services in %s by name, got %v", token, w.region, args)
		}
		id := "pl-" + hash(8, name)
		return map[string]any{
			"id": id, "name": name, "ownerId": "AWS", "addressFamily": "IPv4", "arn": w.arn("ec2", "prefix-list/"+id),
		}, nil
	case "aws:ec2/getSubnet:getSubnet":
		id, _ := args["id"].(string)
		if !slices.Contains(*w.subnets, id) {
			*w.subnets = append(*w.subnets, id)
		}
		zones := w.zones()
		zone := zones[slices.Index(*w.subnets, id)%len(zones)]
		subnet := map[string]any{"id": id, "vpcId": *w.vpc, "availabilityZone": zone, "arn": w.arn("ec2", "subnet/"+id)}
		maps.Copy(subnet, w.existing["aws:ec2/subnet:Subnet"][id])
		return subnet, nil
	case "aws:ec2/getRouteTable:getRouteTable":
		table := map[string]any{"id": "rtb-" + hash(17, *w.vpc), "routeTableId": "rtb-" + hash(17, *w.vpc), "vpcId": *w.vpc}
		if id, _ := args["subnetId"].(string); id != "" {
			maps.Copy(table, w.existing["aws:ec2/routeTable:RouteTable"][id])
		}
		return table, nil
	case "aws:ec2/getVpcEndpoint:getVpcEndpoint":
		vpc, _ := args["vpcId"].(string)
		*w.vpc = vpc
		return map[string]any{
			"id": "vpce-" + hash(17, vpc), "vpcId": vpc, "serviceName": args["serviceName"], "vpcEndpointType": "Gateway",
			"routeTableIds": []any{"rtb-" + hash(17, vpc)},
		}, nil
	default:
		return nil, fmt.Errorf("function %s: the recorder has no model of it; add one to local/recorder/surroundings.go", token)
	}
}
