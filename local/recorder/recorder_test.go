package recorder_test

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sns"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	awsx "github.com/pulumi/pulumi-awsx/sdk/v2/go/awsx/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"airline/local/recorder"
)

func record(t *testing.T, o recorder.Options, program pulumi.RunFunc) *recorder.Graph {
	t.Helper()
	if o.Dir == "" {
		o.Dir = filepath.Join("testdata", "fixture")
	}
	if o.Stack == "" {
		o.Stack = "one"
	}
	g, err := recorder.Record(context.Background(), o, program)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// bucketAndObject registers a key, a bucket and a script in it.
func bucketAndObject(ctx *pulumi.Context) error {
	key, err := kms.NewKey(ctx, "key", nil)
	if err != nil {
		return err
	}
	bucket, err := s3.NewBucketV2(ctx, "scripts", &s3.BucketV2Args{
		Bucket: pulumi.String("scripts-" + config.Require(ctx, "label")),
		Tags:   pulumi.StringMap{"key": key.Arn},
	}, pulumi.Protect(true), pulumi.RetainOnDelete(true))
	if err != nil {
		return err
	}
	_, err = s3.NewBucketObjectv2(ctx, "script", &s3.BucketObjectv2Args{
		Bucket: bucket.ID(),
		Key:    pulumi.String("job/run.py"),
		Source: pulumi.NewStringAsset("print('hello')\n"),
	}, pulumi.Parent(bucket))
	ctx.Export("bucket", bucket.Arn)
	ctx.Export("token", pulumi.ToSecret(pulumi.String("hidden")))
	return err
}

func TestRecordKeepsWhatWasRegistered(t *testing.T) {
	g := record(t, recorder.Options{}, bucketAndObject)

	var order []string
	for _, r := range g.Resources {
		order = append(order, r.Name)
	}
	if diff := cmp.Diff([]string{"key", "scripts", "script"}, order); diff != "" {
		t.Errorf("order of resources (-want +got):\n%s", diff)
	}

	bucket := g.OfType("aws:s3/bucketV2:BucketV2")[0]
	key := g.OfType("aws:kms/key:Key")[0]
	if got, want := bucket.String("arn"), "arn:aws:s3:::scripts-hello"; got != want {
		t.Errorf("bucket ARN = %s, want %s", got, want)
	}
	if got, want := bucket.String("tags.key"), key.String("arn"); got != want || !strings.HasPrefix(got, "arn:aws:kms:eu-west-1:123456789012:key/") {
		t.Errorf("tag = %q, want the key's ARN %q", got, want)
	}
	if diff := cmp.Diff([]string{key.URN}, bucket.Dependencies); diff != "" {
		t.Errorf("dependencies (-want +got):\n%s", diff)
	}
	if !bucket.Protect || !bucket.RetainOnDelete {
		t.Errorf("protect = %t, retain = %t, want both", bucket.Protect, bucket.RetainOnDelete)
	}
	if !strings.HasSuffix(bucket.Source.File, "recorder_test.go") || bucket.Source.Line == 0 {
		t.Errorf("source = %s, want a line of this file", bucket.Source)
	}

	script := g.OfType("aws:s3/bucketObjectv2:BucketObjectv2")[0]
	if got := script.String("source"); got != "print('hello')\n" {
		t.Errorf("content of the script = %q", got)
	}
	if script.Parent != bucket.URN {
		t.Errorf("parent = %s, want %s", script.Parent, bucket.URN)
	}
	var decoded struct {
		Bucket, Key, Source string
	}
	if err := script.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	if decoded.Bucket != "scripts-hello" || decoded.Key != "job/run.py" || decoded.Source == "" {
		t.Errorf("decoded = %+v", decoded)
	}
	want := map[string]any{"bucket": "arn:aws:s3:::scripts-hello", "token": recorder.Secret{Value: "hidden"}}
	if diff := cmp.Diff(want, g.Outputs); diff != "" {
		t.Errorf("stack outputs (-want +got):\n%s", diff)
	}
}

func TestPreviewLeavesUnknownWhatAWSGives(t *testing.T) {
	g := record(t, recorder.Options{Preview: true}, bucketAndObject)
	bucket := g.OfType("aws:s3/bucketV2:BucketV2")[0]
	if diff := cmp.Diff([]string{"tags.key"}, bucket.UnknownInputs()); diff != "" {
		t.Errorf("unknown inputs (-want +got):\n%s", diff)
	}
	if got := bucket.String("bucket"); got != "scripts-hello" {
		t.Errorf("name = %q, want the chosen one even in a preview", got)
	}
	if err := bucket.Decode(&struct{ Tags map[string]string }{}); err == nil || !strings.Contains(err.Error(), "tags.key is not known") {
		t.Errorf("Decode: %v, want it to name the unknown tag", err)
	}
	if got := g.Outputs["bucket"]; got != (recorder.Unknown{}) {
		t.Errorf("output = %v, want unknown", got)
	}
}

func TestRecordIsRepeatable(t *testing.T) {
	first, second := record(t, recorder.Options{}, bucketAndObject), record(t, recorder.Options{}, bucketAndObject)
	if diff := cmp.Diff(first.Resources, second.Resources); diff != "" {
		t.Errorf("two recordings differ:\n%s", diff)
	}
}

func TestARNs(t *testing.T) {
	g := record(t, recorder.Options{Account: "999999999999", Overrides: map[string]string{"aws:region": "us-east-1"}},
		func(ctx *pulumi.Context) error {
			if _, err := sns.NewTopic(ctx, "topic", &sns.TopicArgs{Name: pulumi.String("alerts")}); err != nil {
				return err
			}
			_, err := sqs.NewQueue(ctx, "queue", &sqs.QueueArgs{Name: pulumi.String("failed")})
			return err
		})
	if got, want := g.OfType("aws:sns/topic:Topic")[0].ID, "arn:aws:sns:us-east-1:999999999999:alerts"; got != want {
		t.Errorf("topic id = %s, want %s", got, want)
	}
	queue := g.OfType("aws:sqs/queue:Queue")[0]
	if got, want := queue.ID, "https://sqs.us-east-1.amazonaws.com/999999999999/failed"; got != want {
		t.Errorf("queue id = %s, want %s", got, want)
	}
}

// The name that Pulumi makes for a FIFO queue or topic ends as AWS asks for.
func TestFIFONames(t *testing.T) {
	g := record(t, recorder.Options{}, func(ctx *pulumi.Context) error {
		if _, err := sns.NewTopic(ctx, "ordered", &sns.TopicArgs{FifoTopic: pulumi.Bool(true)}); err != nil {
			return err
		}
		_, err := sqs.NewQueue(ctx, "ordered", &sqs.QueueArgs{FifoQueue: pulumi.Bool(true)})
		return err
	})
	for typ, service := range map[string]string{"aws:sns/topic:Topic": "sns", "aws:sqs/queue:Queue": "sqs"} {
		want := regexp.MustCompile("^arn:aws:" + service + `:eu-west-1:123456789012:ordered-[0-9a-f]{7}\.fifo$`)
		if got := g.OfType(typ)[0].String("arn"); !want.MatchString(got) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestFunctions(t *testing.T) {
	g := record(t, recorder.Options{}, func(ctx *pulumi.Context) error {
		who, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{})
		if err != nil {
			return err
		}
		zones, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{})
		if err != nil {
			return err
		}
		ctx.Export("account", pulumi.String(who.AccountId))
		ctx.Export("zones", pulumi.ToStringArray(zones.Names))
		return nil
	})
	want := map[string]any{"account": "123456789012", "zones": []any{"eu-west-1a", "eu-west-1b", "eu-west-1c"}}
	if diff := cmp.Diff(want, g.Outputs); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if len(g.Invokes) != 2 {
		t.Errorf("%d functions recorded, want 2", len(g.Invokes))
	}
}

func TestWhatIsNotModelledIsAnError(t *testing.T) {
	tests := map[string]struct {
		program pulumi.RunFunc
		want    string
	}{
		"resource": {
			func(ctx *pulumi.Context) error {
				var r pulumi.CustomResourceState
				return ctx.RegisterResource("aws:lambda/function:Function", "f", pulumi.Map{}, &r)
			},
			`resource aws:lambda/function:Function "f": the recorder has no model`,
		},
		"function": {
			func(ctx *pulumi.Context) error {
				_, err := aws.GetIpRanges(ctx, &aws.GetIpRangesArgs{})
				return err
			},
			"function aws:index/getIpRanges:getIpRanges: the recorder has no model",
		},
		"the program's own error": {
			func(*pulumi.Context) error { return fmt.Errorf("out of coffee") },
			"out of coffee",
		},
		"same resource twice": {
			func(ctx *pulumi.Context) error {
				for range 2 {
					if _, err := sns.NewTopic(ctx, "topic", nil); err != nil {
						return err
					}
				}
				return nil
			},
			"is already registered at",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := recorder.Record(context.Background(),
				recorder.Options{Dir: filepath.Join("testdata", "fixture"), Stack: "one"}, test.program)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error = %v, want it to contain %q", err, test.want)
			}
		})
	}
}

func TestConfiguration(t *testing.T) {
	g := record(t, recorder.Options{Overrides: map[string]string{"size": "7"}}, func(*pulumi.Context) error { return nil })
	want := map[string]string{"aws:region": "eu-west-1", "fixture:size": "7", "fixture:label": "hello", "fixture:hosts": `["a","b"]`}
	if diff := cmp.Diff(want, g.Config); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}

	_, err := recorder.Record(context.Background(), recorder.Options{Dir: filepath.Join("testdata", "fixture"), Stack: "broken"},
		func(*pulumi.Context) error { return nil })
	for _, want := range []string{
		`fixture:size = "large": Pulumi.yaml declares it as integer`,
		"fixture:colour is not declared in Pulumi.yaml",
		"fixture:label has no value",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want it to contain %q", err, want)
		}
	}
}

func TestVpcMakesItsChildren(t *testing.T) {
	program := func(ctx *pulumi.Context) error {
		vpc, err := awsx.NewVpc(ctx, "net", &awsx.VpcArgs{
			SubnetSpecs: []awsx.SubnetSpecArgs{{Type: awsx.SubnetTypeIsolated, Name: pulumi.StringRef("isolated")}},
		})
		if err != nil {
			return err
		}
		tables := vpc.RouteTables.ApplyT(func(tables any) string { return fmt.Sprintf("%T", tables) }).(pulumi.StringOutput)
		ctx.Export("subnets", vpc.IsolatedSubnetIds)
		ctx.Export("tables", tables)
		return nil
	}
	g := record(t, recorder.Options{}, program)
	subnets := g.OfType("aws:ec2/subnet:Subnet")
	if len(subnets) != 3 {
		t.Fatalf("%d subnets, want one in each zone", len(subnets))
	}
	var ids []any
	for _, s := range subnets {
		ids = append(ids, s.ID)
	}
	if diff := cmp.Diff(ids, g.Outputs["subnets"]); diff != "" {
		t.Errorf("subnet ids (-want +got):\n%s", diff)
	}
	if !slices.Contains(g.Types(), "aws:ec2/routeTable:RouteTable") {
		t.Errorf("types = %v, want route tables among them", g.Types())
	}

	preview := record(t, recorder.Options{Preview: true}, program)
	if got := preview.Outputs["tables"]; got != (recorder.Unknown{}) {
		t.Logf("tables at preview: %v", got)
	}
}

// Subnets that somebody else keeps are in good order whatever their ids: spread over the zones.
func TestSubnetsAreSpreadOverTheZones(t *testing.T) {
	g := record(t, recorder.Options{}, func(ctx *pulumi.Context) error {
		for i, id := range []string{"subnet-0a0a0a0a0a0a0a0a1", "subnet-0b0b0b0b0b0b0b0b1", "subnet-0c0c0c0c0c0c0c0c1", "subnet-0a0a0a0a0a0a0a0a1"} {
			subnet, err := ec2.LookupSubnet(ctx, &ec2.LookupSubnetArgs{Id: &id})
			if err != nil {
				return err
			}
			ctx.Export(fmt.Sprint(i), pulumi.String(subnet.AvailabilityZone))
		}
		return nil
	})
	want := map[string]any{"0": "eu-west-1a", "1": "eu-west-1b", "2": "eu-west-1c", "3": "eu-west-1a"}
	if diff := cmp.Diff(want, g.Outputs); diff != "" {
		t.Errorf("zones of subnets (-want +got):\n%s", diff)
	}
}
