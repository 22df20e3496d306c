package infra

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/etl"
	"airline/local/recorder"
)

// adoptions are stacks that use what others keep, or are elsewhere.
var adoptions = map[string]variant{
	"given things": {stack: "dev", overrides: map[string]string{
		"rawBucket": "lake", "rawKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/raw", "logBucket": "central-logs",
		"dataKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/data", "messagesKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/messages",
		"glueDatabase": "lake", "topicArn": "arn:aws:sns:eu-west-1:123456789012:alerts", "workgroup": "shared",
		"adminSecretArn":      "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shared-AbCdEf",
		"permissionsBoundary": "arn:aws:iam::123456789012:policy/boundary", "rolePath": "/airline/", "tags": `{"cost-center": 1234}`,
	}},
	"given cluster": {stack: "dev", overrides: map[string]string{
		"warehouse": "provisioned", "cluster": "shared", "adminSecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shared-AbCdEf",
		"producers": `["210987654321","arn:aws:iam::210987654322:role/upload"]`, "trace": "false", "logLevel": "ERROR",
	}},
	"tools": {stack: "prod", overrides: map[string]string{"biSources": `["10.9.0.0/16","sg-0123456789abcdef0","fd00::/8","pl-0123456789abcdef0"]`, "aws:region": "us-west-1"}},
}

func recordWith(t *testing.T, o recorder.Options) (*recorder.Graph, error) {
	t.Helper()
	o.Dir = ".."
	if o.Stack == "" {
		o.Stack = "dev"
	}
	return recorder.Record(context.Background(), o, Program)
}

// What is given is read, and nothing of its kind is made or changed.
func TestGivenThingsAreNotMade(t *testing.T) {
	g := record(t, "given things", false)
	for _, r := range g.Resources {
		if r.External {
			if r.Provider == "" {
				t.Errorf("%s %s is read without the stack's provider", r.ShortType(), r.Name)
			}
			continue
		}
		if r.Component {
			continue
		}
		if strings.HasPrefix(r.Type, "aws:kms/") {
			t.Errorf("%s %s is made", r.ShortType(), r.Name)
		}
		switch r.ShortType() {
		case "Topic", "TopicPolicy", "CatalogDatabase", "Namespace", "Workgroup", "UsageLimit", "Vpc", "SecurityGroup":
			t.Errorf("%s %s is made", r.ShortType(), r.Name)
		}
		if bucket := r.String("bucket"); (bucket == "lake" || bucket == "central-logs") && r.ShortType() != "BucketNotification" {
			t.Errorf("%s %s changes the given bucket %s", r.ShortType(), r.Name, bucket)
		}
	}
	for _, r := range g.OfType("aws:iam/role:Role") {
		if r.String("path") != "/airline/" || r.String("permissionsBoundary") != "arn:aws:iam::123456789012:policy/boundary" {
			t.Errorf("role %s has path %q and boundary %q", r.Name, r.String("path"), r.String("permissionsBoundary"))
		}
		if got, want := r.String("arn"), "role/airline/airline-dev-"; !strings.Contains(got, want) {
			t.Errorf("role %s is %s", r.Name, got)
		}
		if got := r.String("tags.cost-center"); got != "1234" {
			t.Errorf("role %s has the tags %v", r.Name, r.Inputs["tags"])
		}
	}
	// Rights name what is given, and not more.
	for _, r := range g.OfType("aws:iam/rolePolicy:RolePolicy") {
		policy := r.String("policy")
		for _, wrong := range []string{"alias/airline-dev", "workgroup/*", "airline-dev-raw", "kms:ResourceAliases", ":role/airline-dev"} {
			if strings.Contains(policy, wrong) {
				t.Errorf("the policy of %s speaks of %s, which there is not: %s", r.Name, wrong, policy)
			}
		}
	}
}

// The notifications that are there stay: S3 takes them only as a whole.
func TestNotificationsOfAGivenBucketStay(t *testing.T) {
	queue := map[string]any{"id": "theirs", "queueArn": "arn:aws:sqs:eu-west-1:123456789012:theirs", "events": []any{"s3:ObjectCreated:*"}, "filterPrefix": "in/"}
	function := map[string]any{"id": "thumbs", "lambdaFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:thumbs", "events": []any{"s3:ObjectRemoved:*"}}
	topic := map[string]any{"id": "tell", "topicArn": "arn:aws:sns:eu-west-1:123456789012:tell", "events": []any{"s3:ObjectCreated:Put"}, "filterSuffix": ".zip"}
	for _, preview := range []bool{true, false} {
		g, err := recordWith(t, recorder.Options{
			Overrides: map[string]string{"rawBucket": "lake"}, Preview: preview,
			Existing: recorder.Existing{"aws:s3/bucketNotification:BucketNotification": {"lake": {
				"bucket": "lake", "eventbridge": false, "queues": []any{queue}, "lambdaFunctions": []any{function}, "topics": []any{topic},
			}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		made := slices.DeleteFunc(g.OfType("aws:s3/bucketNotification:BucketNotification"), func(r *recorder.Resource) bool { return r.External })
		if len(made) != 1 {
			t.Fatalf("%d notifications are set, want 1", len(made))
		}
		want := map[string]any{
			"bucket": "lake", "eventbridge": true, "queues": []any{queue}, "lambdaFunctions": []any{function}, "topics": []any{topic},
		}
		if diff := cmp.Diff(want, made[0].Inputs); diff != "" {
			t.Errorf("preview %v: notifications (-want +got):\n%s", preview, diff)
		}
		if !made[0].RetainOnDelete {
			t.Error("the others' notifications go with the stack")
		}
	}
}

// With CloudTrail nothing of the bucket is changed.
func TestCloudTrailChangesNothingOfAGivenBucket(t *testing.T) {
	g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"rawBucket": "lake", "trigger": "cloudtrail"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range g.Resources {
		if !r.External && !r.Component && r.String("bucket") == "lake" {
			t.Errorf("%s %s is made", r.ShortType(), r.Name)
		}
	}
}

func TestGivenThingsOfNoUseAreRefused(t *testing.T) {
	const subnet, other = "subnet-0123456789abcdef0", "vpc-0fedcba9876543210"
	subnets := maps.Clone(variants["given subnets"].overrides)
	tests := map[string]struct {
		overrides map[string]string
		existing  recorder.Existing
		want      string
	}{
		"a bucket without versions": {
			map[string]string{"rawBucket": "lake"},
			recorder.Existing{"aws:s3/bucketVersioningV2:BucketVersioningV2": {"lake": {"bucket": "lake", "versioningConfiguration": map[string]any{"status": "Suspended"}}}},
			"put-bucket-versioning",
		},
		"a bucket elsewhere": {
			map[string]string{"rawBucket": "lake"},
			recorder.Existing{"aws:s3/bucketV2:BucketV2": {"lake": {"bucket": "lake", "region": "us-east-1"}}},
			"is in us-east-1 and the stack in eu-west-1",
		},
		"no bucket": {
			map[string]string{"logBucket": "logs"}, recorder.Existing{"aws:s3/bucketV2:BucketV2": {"logs": nil}}, "logs does not exist",
		},
		"a key that is off": {
			map[string]string{"dataKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/data"},
			recorder.Existing{"aws:kms/key:Key": {"arn:aws:kms:eu-west-1:123456789012:key/data": {"isEnabled": false}}}, "is not enabled",
		},
		"a topic with another key": {
			map[string]string{"topicArn": "arn:aws:sns:eu-west-1:123456789012:alerts"},
			recorder.Existing{"aws:sns/topic:Topic": {"arn:aws:sns:eu-west-1:123456789012:alerts": {"arn": "x", "kmsMasterKeyId": "alias/theirs"}}}, "messagesKeyArn",
		},
		"a subnet of another VPC": {subnets, recorder.Existing{"aws:ec2/subnet:Subnet": {subnet: {"vpcId": other}}}, subnet + " is in " + other},
		"subnets in one zone": {subnets, recorder.Existing{"aws:ec2/subnet:Subnet": {
			subnet: {"availabilityZone": "eu-west-1b"}, subnet[:len(subnet)-1] + "1": {"availabilityZone": "eu-west-1b"},
			subnet[:len(subnet)-1] + "2": {"availabilityZone": "eu-west-1b"},
		}}, "in 1 zones"},
		"a subnet without a way to S3": {subnets, recorder.Existing{"aws:ec2/routeTable:RouteTable": {subnet: {"routeTableId": "rtb-1"}}}, "rtb-1, which leads to no S3 endpoint"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := recordWith(t, recorder.Options{Overrides: test.overrides, Existing: test.existing})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error = %v, want it to contain %q", err, test.want)
			}
		})
	}
}

// Producers of other accounts may upload with the key, and do nothing else.
func TestProducersUpload(t *testing.T) {
	g := record(t, "given cluster", false)
	found := 0
	for _, r := range g.OfType("aws:s3/bucketPolicy:BucketPolicy", "aws:kms/key:Key") {
		for _, s := range parsePolicy(t, r.String("policy")).Statement {
			if !strings.HasPrefix(s.Sid, "Producers") {
				continue
			}
			found++
			if diff := cmp.Diff([]string{"arn:aws:iam::210987654321:root", "arn:aws:iam::210987654322:role/upload"}, []string(s.Principal["AWS"])); diff != "" {
				t.Errorf("%s (-want +got):\n%s", s.Sid, diff)
			}
			if r.Name != "raw" && r.Name != dataKey {
				t.Errorf("%s stands in the policy of %s", s.Sid, r.Name)
			}
		}
	}
	if found != 2 {
		t.Errorf("%d statements for producers, want 2", found)
	}
}

// What a role no longer does it may no longer do.
func TestRightsFollowLogging(t *testing.T) {
	for level, want := range map[string]bool{"ALL": true, "FATAL": true, "OFF": false} {
		g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"logLevel": level, "trace": "false"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range g.OfType("aws:iam/rolePolicy:RolePolicy") {
			if r.Name != etl.Flights.Machine() {
				continue
			}
			if got := strings.Contains(r.String("policy"), "logs:CreateLogDelivery"); got != want || strings.Contains(r.String("policy"), "xray:") {
				t.Errorf("log level %s: %s", level, r.String("policy"))
			}
		}
	}
}

// Tools may connect, each from where it is; Northern California has two zones and three subnets at least.
func TestToolsConnectAndZonesAreThere(t *testing.T) {
	g := record(t, "tools", false)
	var from []string
	for _, r := range g.OfType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") {
		from = append(from, r.String("cidrIpv4")+r.String("cidrIpv6")+r.String("prefixListId")+r.String("referencedSecurityGroupId"))
		if from, _ := r.Get("fromPort"); from != 5439.0 {
			t.Errorf("port %v", from)
		}
	}
	slices.Sort(from)
	if diff := cmp.Diff([]string{"10.9.0.0/16", "fd00::/8", "pl-0123456789abcdef0", "sg-0123456789abcdef0"}, from); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	zones := map[string]int{}
	for _, s := range g.OfType("aws:ec2/subnet:Subnet") {
		zones[s.String("availabilityZone")]++
	}
	if len(zones) != 2 || zones["us-west-1a"] != 2 || zones["us-west-1b"] != 2 {
		t.Errorf("subnets by zone: %v", zones)
	}
}
