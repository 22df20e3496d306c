package provider

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	update = flag.Bool("update", false, "write the golden files of what changes anew")
	only   = flag.String("changes", "", "the changes that TestChanges previews: a regular expression of their names")
)

// Some changes are previewed without the rest of a stack's life, which takes half an hour. The golden files keep what they say of others.
func TestChanges(t *testing.T) {
	if *only == "" {
		t.Skip("left out: TestLife and TestUpgrade preview all changes, and this those that -changes names")
	}
	for name, s := range stories {
		t.Run(name, func(t *testing.T) {
			d := newDeployment(t, "dev", s.settings)
			d.giveTopic()
			if s.given {
				d.giveNetwork()
			}
			changes := s.liveChanges(d)
			if !slices.ContainsFunc(changes, change.chosen) {
				return
			}
			d.up()
			d.previewChanges("changes-"+name+".txt", changes)
		})
	}
}

// chosen says that the change is to be previewed.
func (c change) chosen() bool { return *only == "" || regexp.MustCompile(*only).MatchString(c.name) }

// change is what somebody does to the settings of a live stack.
type change struct {
	name     string // the setting, and what more is needed to say which of its changes
	settings map[string]string
	// may are what this change may replace or delete although it holds data, and why.
	may map[string]string
}

// liveChanges are the changes of every setting on a live stack of a shape. What they do stands in golden files, one line a
// resource, and was read: a replacement that is not announced to users must not be there.
func (s story) liveChanges(d *deployment) []change {
	if s.settings["warehouse"] == "provisioned" {
		return provisionedChanges(d.giveSubnet())
	}
	return serverlessChanges(d.network())
}

// What somebody else may have: neither is there.
const (
	keyARN    = "arn:aws:kms:" + region + ":" + accountID + ":key/0d6b7a3e-1c52-4f0e-9a55-2f6f3c1d7e88"
	secretARN = "arn:aws:secretsmanager:" + region + ":" + accountID + ":secret:shared-AbCdEf"
)

// toldTopic is a topic of somebody else's, which is there: see giveTopic.
const toldTopic = "arn:aws:sns:" + region + ":" + accountID + ":told"

// logsOfRoles are the log groups that Glue names after a role with its path. Those of the old path go, and their logs with them;
// a stack with protect keeps them.
var logsOfRoles = map[string]string{
	"LogGroup::crawler": "named after the role with its path", "LogGroup::job-error": "as crawler", "LogGroup::job-output": "as crawler",
}

func serverlessChanges(network []string) []change {
	existing := map[string]string{"network": "existing"}
	for i, id := range network {
		if i == 0 {
			existing["vpcId"] = id
		} else {
			existing[fmt.Sprintf("subnetIds[%d]", i-1)] = id
		}
	}
	return []change{
		one("trigger", "cloudtrail"),
		one("batchSeconds", "60"),
		one("warehouse", "provisioned"),
		one("database", "other"),
		one("baseCapacity", "16"),
		one("maxCapacity", "24"),
		one("dailyComputeHours", "12"),
		{name: "network = existing, vpcId, subnetIds", settings: existing},
		one("vpcCidr", "10.44.0.0/20"),
		{name: "workerType = G.4X, flexWorkers = false", settings: map[string]string{"workerType": "G.4X", "flexWorkers": "false"}},
		one("workers", "4"),
		one("maxWorkers", "5"),
		one("jobTimeoutMinutes", "90"),
		one("maxConcurrentRuns", "5"),
		one("maxRejectRatio", "0.4"),
		one("alarmRejectRatio", "0.03"),
		one("minDepDelay", "15"),
		one("reconcileDays", "10"),
		one("onDelete", "keep"),
		one("crawl", "each"),
		one("crawlSchedule", "never"),
		one("moreDatasets[0]", "carriers"),
		one("engine", "auto"),
		one("smallBatchMB", "32"),
		one("smallDPU", "1"),
		one("freshnessHours", "48"),
		one("logRetentionDays", "14"),
		one("stagingDays", "5"),
		one("noncurrentDays", "8"),
		one("protect", "true"),
		one("emails[0]", "team@example.com"),
		one("queues[0]", "arn:aws:sqs:"+region+":"+accountID+":told"),
		one("webhooks[0]", "https://example.com/hook"),
		one("lakeFormation", "location"),
		one("finalSnapshot", "true"),
		{name: "renewal = 2026-11-29", settings: map[string]string{"renewal": "2026-11-29"}, may: renewed},
		{name: "warehouse = provisioned, database = other, vpcCidr, renewal", settings: map[string]string{
			"warehouse": "provisioned", "database": "other", "vpcCidr": "10.44.0.0/20", "renewal": "2026-11-30",
		}, may: renewed},
		{name: "protect = true, database = other, renewal", settings: map[string]string{
			"protect": "true", "database": "other", "renewal": "2026-11-30",
		}},
		one("owner", "another team"),
		one("deployerOrganization", "example"),
		one("aws:region", "eu-central-1"),
		one("logLevel", "ERROR"),
		one("trace", "false"),
		one("tags.team", "flights"),
		one("namedAfter", "other"),
		one("homeRegion", "us-east-1"),
		one("permissionsBoundary", "arn:aws:iam::"+accountID+":policy/bound"),
		{name: "rolePath = /airline/", settings: map[string]string{"rolePath": "/airline/"}, may: logsOfRoles},
		one("producers[0]", "111122223333"),
		one("biSources[0]", "10.0.0.0/8"),
		one("rawBucket", "lake"),
		{name: "rawBucket = lake, rawKeyArn", settings: map[string]string{"rawBucket": "lake", "rawKeyArn": keyARN}},
		one("logBucket", "logs"),
		one("dataKeyArn", keyARN),
		one("messagesKeyArn", keyARN),
		one("glueDatabase", "raw"),
		one("topicArn", toldTopic),
		{name: "workgroup = shared, adminSecretArn", settings: map[string]string{"workgroup": "shared", "adminSecretArn": secretARN}},
		one("maxEarlyMinutes", "500"),
		one("maxLateMinutes", "900"),
		one("loadRoundTrips", "true"),
		one("firstFlightDay", "1990-01-01"),
		one("lastFlightDay", "2030-12-31"),
	}
}

func provisionedChanges(subnet string) []change {
	return []change{
		{name: "trigger = s3", settings: map[string]string{"trigger": "s3"}, may: map[string]string{
			"BucketV2::trail": "the log of a trail that is gone; a stack with protect keeps it",
		}},
		one("warehouse", "serverless"),
		one("database", "other"),
		one("nodeType", "ra3.xlplus"),
		one("nodes", "2"),
		{name: "network = create", settings: map[string]string{"network": "create", "vpcId": unset, "subnetIds": unset}},
		{name: "subnetIds has one more", settings: map[string]string{"subnetIds[3]": subnet}},
		one("vpcId", "vpc-0123456789abcdef0"),
		one("protect", "true"),
		{name: "emails are gone", settings: map[string]string{"emails": unset}},
		{name: "webhooks are gone", settings: map[string]string{"webhooks": unset}},
		{name: "deployerOrganization is gone", settings: map[string]string{"deployerOrganization": unset}},
		one("dailyComputeHours", "12"),
		one("maintenanceWindow", "sat:03:00-sat:03:30"),
		one("finalSnapshot", "true"),
		{name: "cluster = shared, adminSecretArn", settings: map[string]string{"cluster": "shared", "adminSecretArn": secretARN}},
	}
}

// The table has a change of every setting; this needs no engine and runs in every `go test`.
func TestEverySettingIsChanged(t *testing.T) {
	network := []string{"vpc-0123456789abcdef0", "subnet-0123456789abcdef0"}
	changed := map[string]bool{}
	for _, c := range append(serverlessChanges(network), provisionedChanges("subnet-0123456789abcdef1")...) {
		for key := range c.settings {
			key = settingPath.FindStringSubmatch(key)[1]
			changed[key] = true
		}
	}
	for key := range settingsOfTheProject(t) {
		if slices.Contains(unknownToThePlugin, key) {
			continue
		}
		if !changed[key] {
			t.Errorf("setting %s: changes_test.go has no change of it on a live stack", key)
		}
	}
}

// previewChanges previews every change and compares what it would do with the golden file.
func (d *deployment) previewChanges(golden string, changes []change) {
	d.t.Helper()
	parts := map[string]string{} // by the names of changes
	if *only != "" {
		parts = d.partsOf(golden)
	}
	var text strings.Builder
	for _, c := range changes {
		if c.chosen() {
			back := d.change(c.settings)
			steps, refused := d.preview()
			back()
			parts[c.name] = d.told(c.name, c.may, steps, refused)
		}
		if part, ok := parts[c.name]; ok {
			fmt.Fprintf(&text, "# %s\n%s\n", c.name, part)
		}
	}
	d.compare(golden, text.String())
}

// partsOf are what a golden file says of each change.
func (d *deployment) partsOf(golden string) map[string]string {
	d.t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", golden))
	if err != nil {
		d.t.Fatal(err)
	}
	parts := map[string]string{}
	for _, part := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		name, lines, _ := strings.Cut(strings.TrimPrefix(part, "# "), "\n")
		parts[name] = lines + "\n"
	}
	return parts
}

// told says what a preview would do, a line a step, or why it is refused; what must never happen is an error.
func (d *deployment) told(what string, may map[string]string, steps []step, refused string) string {
	d.t.Helper()
	if refused != "" {
		lines := problems(refused)
		if len(lines) == 0 {
			d.t.Errorf("%s fails, and is not refused by the program:\n%s", what, refused)
			return "fails\n"
		}
		return strings.Join(lines, "\n") + "\n"
	}
	var lines []string
	for _, s := range steps {
		lines = append(lines, s.Op+" "+short(s.URN))
		if (s.Op == "replace" || s.Op == "delete") && holdsData(s.URN) && may[short(s.URN)] == "" {
			d.t.Errorf("%s would %s %s, which holds data (%v)", what, s.Op, short(s.URN), s.DiffReasons)
		}
	}
	if len(lines) == 0 {
		return "nothing\n"
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n") + "\n"
}

// problem is how the program tells a setting that it refuses: "  key = "value": what is wrong; what to do".
var problem = regexp.MustCompile(`(?m)^\s*(\S+ = ".*": .*; .*)$`)

// problems are the problems with settings in what the engine printed, each once. Identifiers of a run are left out.
func problems(text string) []string {
	var out []string
	for _, m := range problem.FindAllStringSubmatch(text, -1) {
		line := "refused: " + chosen.ReplaceAllString(m[1], "ID")
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

// holdsData tells whether with a resource data or what opens it would be lost.
func holdsData(urn string) bool {
	for _, kind := range []string{
		":BucketV2::", ":Key::", ":Namespace::", ":Cluster::", ":CatalogDatabase::", ":LogGroup::", ":Queue::",
	} {
		if strings.Contains(urn, kind) {
			return true
		}
	}
	return false
}

func (d *deployment) compare(golden, got string) {
	d.t.Helper()
	file := filepath.Join("testdata", golden)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			d.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		d.t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		d.t.Errorf("%s does not say what happens; read the difference, then write it anew with -update (-want +got):\n%s", file, diff)
	}
}

// renewed is the warehouse, which the setting renewal lets an update make anew.
var renewed = map[string]string{
	"Namespace::warehouse": "renewal is another one, and the stack is not protected", "Cluster::warehouse": "as Namespace::warehouse",
}
