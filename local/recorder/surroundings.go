package recorder

import (
	"errors"
	"fmt"
	"strings"
)

// surroundings are what a program finds in AWS before it makes anything: the account it runs in, the region
// and its zones. They make up the ids and ARNs of what it registers.
type surroundings struct {
	account, region, partition string
}

func newSurroundings(account, region string) (surroundings, error) {
	if region == "" {
		return surroundings{}, errors.New("aws:region has no value: set it in the stack file, for example eu-west-1")
	}
	w := surroundings{account: account, region: region, partition: "aws"}
	switch {
	case strings.HasPrefix(region, "cn-"):
		w.partition = "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		w.partition = "aws-us-gov"
	}
	return w, nil
}

// arn builds an ARN with region and account.
func (w surroundings) arn(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", w.partition, service, w.region, w.account, resource)
}

// global builds an ARN of a service without regions, such as IAM.
func (w surroundings) global(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s::%s:%s", w.partition, service, w.account, resource)
}

func (w surroundings) dnsSuffix() string {
	if w.partition == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

func (w surroundings) zones() []string {
	return []string{w.region + "a", w.region + "b", w.region + "c"}
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
			"id":               w.partition,
			"partition":        w.partition,
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
	case "aws:ec2/getManagedPrefixList:getManagedPrefixList":
		name, _ := args["name"].(string)
		if !strings.HasPrefix(name, "com.amazonaws."+w.region+".") {
			return nil, fmt.Errorf("function %s: the recorder knows the lists of AWS's services in %s by name, got %v", token, w.region, args)
		}
		id := "pl-" + hash(8, name)
		return map[string]any{
			"id": id, "name": name, "ownerId": "AWS", "addressFamily": "IPv4", "arn": w.arn("ec2", "prefix-list/"+id),
		}, nil
	default:
		return nil, fmt.Errorf("function %s: the recorder has no model of it; add one to local/recorder/surroundings.go", token)
	}
}
