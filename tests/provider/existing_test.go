package provider

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// Glue has made a log group before the stack: the update says so and the way on, which docs/deploy.md tells in full. Then the group is
// the stack's, with what it holds, its retention and its key.
func TestLogGroupThatIsThere(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, "dev", nil)
	const name = "/aws-glue/crawlers-role/airline-dev-crawler-airline-dev-glue"
	logs := cloudwatchlogs.NewFromConfig(d.sdk())
	if _, err := logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(name)}); err != nil {
		t.Fatal(err)
	}
	if _, err := logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(name), LogStreamName: aws.String("a crawl")}); err != nil {
		t.Fatal(err)
	}
	if out, err := d.tryUp(); err == nil || !strings.Contains(out, "crawler: a service has made the log group before the stack did") {
		t.Fatalf("an update where the group is there: %v\n%s", err, out)
	}
	provider := ""
	for _, r := range d.state() {
		if r.Type == "pulumi:providers:aws" && strings.HasSuffix(r.URN, "::aws") {
			provider = r.URN
		}
	}
	d.pulumi("import", "aws:cloudwatch/logGroup:LogGroup", "crawler", name, "--provider", "aws="+provider, "--protect=false", "--generate-code=false", "--yes", "--skip-preview")
	for _, s := range d.changes() {
		if (s.Op == "replace" || s.Op == "delete") && holdsData(s.URN) {
			t.Errorf("the update would %s %s (%v)", s.Op, short(s.URN), s.DiffReasons)
		}
	}
	d.up()
	d.settled("after the log group was taken in")
	groups, err := logs.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(name)})
	if err != nil || len(groups.LogGroups) != 1 || aws.ToInt32(groups.LogGroups[0].RetentionInDays) != 7 || aws.ToString(groups.LogGroups[0].KmsKeyId) == "" {
		t.Errorf("the log group is %+v (%v)", groups, err)
	}
	streams, err := logs.DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(name)})
	if err != nil || len(streams.LogStreams) != 1 {
		t.Errorf("what the log group held is %+v (%v)", streams, err)
	}
}
