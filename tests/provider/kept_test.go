package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"airline/adopt"
)

// kept destroys a protected stack and deploys it again. While it is protected the destroy is refused. When it is not, what
// holds data stays, with every setting that keeps the data safe; the next update takes it back; and what is no longer to be
// kept goes.
func (d *deployment) kept(account map[string][]string) {
	d.t.Helper()
	client := s3.NewFromConfig(d.sdk(), func(o *s3.Options) { o.UsePathStyle = true })
	raw := "airline-" + d.stack + "-raw-" + accountID
	if _, err := client.PutObject(d.t.Context(), &s3.PutObjectInput{
		Bucket: &raw, Key: aws.String("daily-flights/flights.csv"), Body: strings.NewReader("one flight"),
	}); err != nil {
		d.t.Fatal(err)
	}
	before := d.keepers(client)
	if len(before) < 10 {
		d.t.Fatalf("the stack keeps only %v", slices.Sorted(maps.Keys(before)))
	}
	resources := len(d.state())
	if out, err := d.try("destroy", "--yes"); err == nil || !strings.Contains(out, "protect") {
		d.t.Fatalf("a protected stack is destroyed, or not for its protection: %v\n%s", err, out)
	}
	if left := len(d.state()); left != resources {
		d.t.Errorf("a refused destroy took %d of %d resources from the state", resources-left, resources)
	}
	saved := d.pulumi("stack", "export")
	// Without its preview the destroy ends at what is protected, when much else is gone or forgotten: nothing of the data.
	if out, err := d.try("destroy", "--yes", "--skip-preview"); err == nil || !strings.Contains(out, "protect") {
		d.t.Errorf("a protected stack is destroyed without a preview, or not for its protection: %v\n%s", err, out)
	}
	if diff := cmp.Diff(before, d.keepers(client)); diff != "" {
		d.t.Errorf("a destroy without a preview loses what is kept (-before +after):\n%s", diff)
	}
	d.unprotect()
	d.pulumi("destroy", "--yes", "--skip-preview")
	if diff := cmp.Diff(before, d.keepers(client)); diff != "" {
		d.t.Errorf("what holds data is not kept whole (-before +after the destroy):\n%s", diff)
	}

	state, _, err := adopt.Kept(strings.NewReader(saved))
	if err != nil {
		d.t.Fatal(err)
	}
	file := filepath.Join(d.dir, "kept.json")
	if err := os.WriteFile(file, state, 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.pulumi("stack", "import", "--file", file)
	for _, s := range d.changes() {
		// The role of COPY is made again, with the same ARN, which a preview does not know yet.
		attached := s.Op == "update" && short(s.URN) == "Namespace::warehouse" && slices.Equal(s.DiffReasons, []string{"iamRoles"})
		if s.Op != "create" && holdsData(s.URN) && !attached {
			d.t.Errorf("an update of what was kept would %s %s (%v)", s.Op, short(s.URN), s.DiffReasons)
		}
	}
	d.up()
	d.settled("after what was kept was taken back")
	if diff := cmp.Diff(before, d.keepers(client)); diff != "" {
		d.t.Errorf("what was kept is not what was taken back (-before +after the update):\n%s", diff)
	}
	d.rightsOnAll()

	d.set("protect", "false")
	d.up()
	d.leavesNothing(account)
}

// keepers are the things that hold data, or without which data cannot be read, and their settings as AWS tells them.
func (d *deployment) keepers(client *s3.Client) map[string]string {
	d.t.Helper()
	all := map[string]string{}
	ctx := d.t.Context()
	told := func(name string, answer any, err error) {
		if err != nil {
			all[name] = "none: " + err.Error()[strings.LastIndexByte(err.Error(), ',')+1:]
			return
		}
		text, err := json.Marshal(answer)
		if err != nil {
			d.t.Fatal(err)
		}
		var fields map[string]any
		if err := json.Unmarshal(text, &fields); err != nil {
			d.t.Fatal(err)
		}
		delete(fields, "ResultMetadata")
		all[name] = fmt.Sprint(fields) // maps are printed in the order of their keys
	}
	buckets, err := client.ListBuckets(ctx, &s3.ListBucketsInput{})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, b := range buckets.Buckets {
		name := "bucket " + *b.Name + " "
		block, err := client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: b.Name})
		told(name+"public access", block, err)
		policy, err := client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: b.Name})
		told(name+"policy", policy, err)
		encryption, err := client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: b.Name})
		told(name+"encryption", encryption, err)
		versioning, err := client.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: b.Name})
		told(name+"versioning", versioning, err)
		owner, err := client.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: b.Name})
		told(name+"owner", owner, err)
		life, err := client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: b.Name})
		told(name+"lifecycle", life, err)
		logging, err := client.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: b.Name})
		told(name+"logging", logging, err)
		objects, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: b.Name, Prefix: aws.String("daily-flights/")})
		told(name+"objects", map[string]any{"count": aws.ToInt32(objects.KeyCount)}, err)
	}
	groups, err := cloudwatchlogs.NewFromConfig(d.sdk()).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, g := range groups.LogGroups {
		told("log group "+*g.LogGroupName, map[string]any{"days": g.RetentionInDays, "key": g.KmsKeyId}, nil)
	}
	for _, alias := range list(d.call("kms", "TrentService.ListAliases"), "Aliases") {
		name, _ := alias["AliasName"].(string)
		id, _ := alias["TargetKeyId"].(string)
		if !strings.HasPrefix(name, "alias/airline-") {
			continue
		}
		_, key := d.json("kms", "TrentService.DescribeKey", fmt.Sprintf("{%q: %q}", "KeyId", id))
		_, rotation := d.json("kms", "TrentService.GetKeyRotationStatus", fmt.Sprintf("{%q: %q}", "KeyId", id))
		all["key "+name] = key + rotation
	}
	for _, name := range d.ask("redshift-serverless", "RedshiftServerless.GetNamespace", "namespaceName", "airline-"+d.stack) {
		all["namespace "+name] = "there"
	}
	return all
}

// list are the objects in a list of an answer.
func list(answer map[string]any, key string) []map[string]any {
	var out []map[string]any
	all, _ := answer[key].([]any)
	for _, one := range all {
		if fields, ok := one.(map[string]any); ok {
			out = append(out, fields)
		}
	}
	return out
}
