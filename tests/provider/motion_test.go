package provider

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	awsglue "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/glue"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/infra"
)

// changeMuch changes what can change in place, all at once and in fact, fails half way, does it again, and goes back.
func (d *deployment) changeMuch() {
	d.t.Helper()
	back := d.change(map[string]string{
		"trigger": "cloudtrail", "baseCapacity": "16", "dailyComputeHours": "12", "workers": "4", "flexWorkers": "false",
		"jobTimeoutMinutes": "90", "maxConcurrentRuns": "5", "maxRejectRatio": "0.4", "alarmRejectRatio": "0.03", "minDepDelay": "15",
		"reconcileDays": "10", "freshnessHours": "48", "logRetentionDays": "14", "stagingDays": "5", "noncurrentDays": "8",
		"protect": "true", "emails[0]": "team@example.com",
		"owner": "another team", "deployerOrganization": "example",
	})
	for key, value := range secretSettings() {
		d.secret(key, value)
	}
	// A request in the middle fails: what was done stays done, and the next update does the rest.
	d.fault("CreateTrail", "", "InsufficientEncryptionPolicyException", "the test lets this request fail")
	if out, err := d.tryUp(); err == nil || !strings.Contains(out, "the test lets this request fail") {
		d.t.Errorf("an update with a failing request: %v\n%s", err, out)
	}
	d.noMarker("an update", d.up())
	d.secretsStay()
	d.settled("after an update that failed half way and was done again")
	d.sameAsLocal()
	d.set("protect", "false") // first: what a protected stack no longer has, the trail's bucket, stays
	d.up()
	back()
	d.secrets = nil
	d.up()
	d.settled("after the settings went back")
	d.sameAsLocal()
	d.rightsOnAll()
}

// unprotect takes the protection from what the state protects, as people must before a replacement or a destroy.
func (d *deployment) unprotect() {
	d.t.Helper()
	d.pulumi("state", "unprotect", "--all", "--yes")
}

// crawlerRuns updates the crawlers while one of them runs, which AWS refuses: the update waits, or says what to do, and
// the next one succeeds.
func (d *deployment) crawlerRuns() {
	d.t.Helper()
	client := glue.NewFromConfig(d.sdk())
	name := aws.String("airline-" + d.stack + "-flights")
	if _, err := client.StartCrawler(d.t.Context(), &glue.StartCrawlerInput{Name: name}); err != nil {
		d.t.Fatal(err)
	}
	host := d.host
	d.host = serve(d.t, withCrawlers(func(a *awsglue.CrawlerArgs) {
		a.SchemaChangePolicy = &awsglue.CrawlerSchemaChangePolicyArgs{
			UpdateBehavior: pulumi.String("UPDATE_IN_DATABASE"), DeleteBehavior: pulumi.String(string(gluetypes.DeleteBehaviorDeprecateInDatabase)),
		}
	}))
	ended := time.AfterFunc(20*time.Second, func() { d.door("crawled", nil, nil) })
	defer ended.Stop()
	if out, err := d.tryUp(); err != nil {
		if !strings.Contains(out, "Please stop crawl or wait until it completes to update") {
			d.t.Errorf("an update while a crawler runs fails for another reason:\n%s", out)
		}
		d.door("crawled", nil, nil)
		d.up()
	}
	got, err := client.GetCrawler(d.t.Context(), &glue.GetCrawlerInput{Name: name})
	if err != nil || got.Crawler.SchemaChangePolicy.DeleteBehavior != gluetypes.DeleteBehaviorDeprecateInDatabase {
		d.t.Errorf("the crawler was not updated: %v %+v", err, got)
	}
	d.host = host
	d.up()
	d.settled("after the crawlers went back to this release")
}

// withCrawlers is the program with other crawlers, as another release may have them.
func withCrawlers(change func(*awsglue.CrawlerArgs)) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		if err := ctx.RegisterStackTransformation(func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
			if p, ok := args.Props.(*awsglue.CrawlerArgs); ok {
				change(p)
				return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
			}
			return nil
		}); err != nil {
			return err
		}
		return infra.Program(ctx)
	}
}

// renamed renames the stack, whose name is in the names of everything: what would be a new stack and the loss of the old
// one must be refused, and all is well when the name is back.
func (d *deployment) renamed() {
	d.t.Helper()
	old := d.stack
	d.pulumi("stack", "rename", "other")
	d.stack = "other"
	steps, refused := d.preview()
	if refused == "" {
		d.t.Errorf("a renamed stack is not refused; it would take %d steps", len(steps))
	} else if !strings.Contains(refused, old) || !strings.Contains(refused, "rename") {
		d.t.Errorf("the refusal of a renamed stack does not say what to do:\n%s", refused)
	}
	back := d.change(map[string]string{"namedAfter": old})
	d.settled("after the stack got another name, and namedAfter the old one,")
	back()
	d.pulumi("stack", "rename", old)
	d.stack = old
	if _, err := os.Stat(filepath.Join(d.dir, "Pulumi."+old+".yaml")); err != nil {
		d.t.Fatal(err)
	}
	d.settled("after the stack's name went and came back")
}
