package infra

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// settingsOf gives a configuration that is in order, with changes.
func settingsOf(changes map[string]string) func(string) (string, bool) {
	values := map[string]string{
		"trigger": "s3", "batchSeconds": "0", "warehouse": "serverless", "database": "airline",
		"baseCapacity": "8", "maxCapacity": "16", "dailyComputeHours": "24", "nodeType": "ra3.large", "nodes": "1",
		"network": "create", "vpcCidr": "10.40.0.0/20", "vpcId": "", "subnetIds": "[]",
		"engine": "spark", "smallBatchMB": "64", "smallDPU": "1/16", "workerType": "G.1X", "workers": "2", "maxWorkers": "10", "flexWorkers": "true", "jobTimeoutMinutes": "60", "maxConcurrentRuns": "20",
		"maxRejectRatio": "0.05", "alarmRejectRatio": "0.02", "encryptCatalog": "false", "finalSnapshot": "true", "renewal": "", "lakeFormation": "none", "crawl": "daily", "crawlSchedule": "monthly", "moreDatasets": "[]", "minDepDelay": "", "maxEarlyMinutes": "1440", "maxLateMinutes": "10080", "firstFlightDay": "1970-01-01", "lastFlightDay": "2049-12-31", "loadRoundTrips": "false", "reconcileDays": "7", "onDelete": "retire", "freshnessHours": "26",
		"logRetentionDays": "30", "stagingDays": "14", "noncurrentDays": "30", "protect": "true",
		"biSources": "[]", "maintenanceWindow": "sun:04:00-sun:05:00", "logLevel": "ALL", "trace": "true", "tags": "{}", "namedAfter": "",
		"homeRegion": "eu-west-1", "permissionsBoundary": "", "rolePath": "/", "producers": "[]", "rawBucket": "", "rawKeyArn": "",
		"logBucket": "", "dataKeyArn": "", "messagesKeyArn": "", "glueDatabase": "", "topicArn": "", "workgroup": "", "cluster": "",
		"adminSecretArn": "",
		"emails":         "[]", "queues": "[]", "webhooks": "[]", "owner": "data-platform", "deployerOrganization": "",
	}
	for k, v := range changes {
		if v == "absent" {
			delete(values, k)
		} else {
			values[k] = v
		}
	}
	return func(key string) (string, bool) {
		v, ok := values[key]
		return v, ok
	}
}

func TestReadConfig(t *testing.T) {
	c, err := ReadConfig("dev", settingsOf(map[string]string{
		"trigger": "cloudtrail", "minDepDelay": "60", "emails": `["a@example.com"]`, "maxRejectRatio": "0.5",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if c.Trigger != TriggerCloudTrail || c.Load.MinDepDelay == nil || *c.Load.MinDepDelay != 60 || c.Load.MaxRejectRatio != 0.5 {
		t.Errorf("configuration = %+v", c)
	}
	if diff := cmp.Diff([]string{"a@example.com"}, c.Receivers.Emails); diff != "" {
		t.Errorf("emails (-want +got):\n%s", diff)
	}
}

func TestConfigProblems(t *testing.T) {
	tests := map[string]struct {
		changes map[string]string
		key     string // of the problem
		remedy  string // contained in it
	}{
		"unknown trigger":             {map[string]string{"trigger": "sqs"}, "trigger", "s3 or cloudtrail"},
		"unknown warehouse":           {map[string]string{"warehouse": "snowflake"}, "warehouse", "serverless or provisioned"},
		"database with a hyphen":      {map[string]string{"database": "air-line"}, "database", "underscores"},
		"capacity not a multiple":     {map[string]string{"baseCapacity": "12"}, "baseCapacity", "multiple of 8"},
		"capacity beyond 512":         {map[string]string{"baseCapacity": "520", "maxCapacity": "1024"}, "baseCapacity", "multiple of 32"},
		"capacity of 6":               {map[string]string{"maxCapacity": "6", "baseCapacity": "4"}, "maxCapacity", "use 4"},
		"capacity upside down":        {map[string]string{"baseCapacity": "32"}, "maxCapacity", "at least baseCapacity"},
		"old node type":               {map[string]string{"nodeType": "dc2.large"}, "nodeType", "ra3.large"},
		"public address range":        {map[string]string{"vpcCidr": "8.8.0.0/20"}, "vpcCidr", "10.40.0.0/20"},
		"range with host bits":        {map[string]string{"vpcCidr": "10.40.0.1/20"}, "vpcCidr", "10.40.0.0/20"},
		"range too small":             {map[string]string{"vpcCidr": "10.40.0.0/28"}, "vpcCidr", "/16 to /22"},
		"existing without a vpc":      {map[string]string{"network": "existing", "subnetIds": `["subnet-0123456789abcdef0","subnet-0123456789abcdef1","subnet-0123456789abcdef2"]`}, "vpcId", "vpc-"},
		"too few subnets":             {map[string]string{"network": "existing", "vpcId": "vpc-0123456789abcdef0", "subnetIds": `["subnet-0123456789abcdef0","subnet-0123456789abcdef0"]`}, "subnetIds", "three different"},
		"subnet with a name":          {map[string]string{"network": "existing", "vpcId": "vpc-0123456789abcdef0", "subnetIds": `["mine","subnet-0123456789abcdef0","subnet-0123456789abcdef1"]`}, "subnetIds[0]", "id of a subnet"},
		"ratio in percent":            {map[string]string{"maxRejectRatio": "5"}, "maxRejectRatio", "0 to 1"},
		"ratio that is no number":     {map[string]string{"maxRejectRatio": "NaN"}, "maxRejectRatio", "0 to 1"},
		"alarm beyond the limit":      {map[string]string{"alarmRejectRatio": "0.1"}, "alarmRejectRatio", "at most 0.05"},
		"retention not offered":       {map[string]string{"logRetentionDays": "10"}, "logRetentionDays", "7 14"},
		"no workers":                  {map[string]string{"workers": "1"}, "workers", "2 to 299"},
		"too many workers":            {map[string]string{"maxWorkers": "300"}, "maxWorkers", "2 to 299"},
		"flex on large workers":       {map[string]string{"workerType": "G.8X"}, "flexWorkers", "workerType"},
		"mail address with a name":    {map[string]string{"emails": `["Ann <ann@example.com>"]`}, "emails[0]", "team@example.com"},
		"a reserved word":             {map[string]string{"database": "user"}, "database", "user_db"},
		"a database of Redshift's":    {map[string]string{"database": "template1"}, "database", "another name"},
		"roles of services":           {map[string]string{"rolePath": "/aws-service-role/redshift.amazonaws.com/"}, "rolePath", "/airline/"},
		"a path that is too long":     {map[string]string{"rolePath": "/" + strings.Repeat("a", 511) + "/"}, "rolePath", "shorter"},
		"a boundary that is a role":   {map[string]string{"permissionsBoundary": "arn:aws:iam::123456789012:role/x"}, "permissionsBoundary", "arn:aws:iam::123456789012:policy/boundary"},
		"a producer without account":  {map[string]string{"producers": `["arn:aws:iam::12345678901:role/x"]`}, "producers[0]", "account id of 12 digits"},
		"queue by URL":                {map[string]string{"queues": `["https://sqs.eu-west-1.amazonaws.com/1/q"]`}, "queues[0]", "ARN"},
		"webhook without TLS":         {map[string]string{"webhooks": `["http://example.com"]`}, "webhooks[0]", "https://"},
		"a list that is text":         {map[string]string{"emails": "a@example.com"}, "emails", "YAML list"},
		"protect that is neither":     {map[string]string{"protect": "maybe"}, "protect", "true or false"},
		"a missing value":             {map[string]string{"owner": "absent"}, "owner", "stack file"},
		"delay that is not a number":  {map[string]string{"minDepDelay": "late"}, "minDepDelay", "-1440 to 14400"},
		"a day that is none":          {map[string]string{"firstFlightDay": "1970-02-30"}, "firstFlightDay", "YYYY-MM-DD"},
		"days upside down":            {map[string]string{"lastFlightDay": "1969-12-31"}, "lastFlightDay", "1970-01-01 or a later day"},
		"a delay below zero":          {map[string]string{"maxEarlyMinutes": "-1"}, "maxEarlyMinutes", "0 to 525600"},
		"a receiver twice":            {map[string]string{"emails": `["a@example.com","a@example.com"]`}, "emails[1]", "remove it"},
		"a cluster of one large node": {map[string]string{"warehouse": "provisioned", "nodeType": "ra3.4xlarge"}, "nodes", "2 to 64"},
		"a cluster of too many nodes": {map[string]string{"warehouse": "provisioned", "nodes": "17"}, "nodes", "1 to 16"},
		"neither kept nor retired":    {map[string]string{"onDelete": "purge"}, "onDelete", "retire or keep"},
		"a VPC of no use":             {map[string]string{"vpcId": "vpc-0123456789abcdef0"}, "vpcId", "network to existing"},
		"subnets of no use":           {map[string]string{"subnetIds": `["subnet-0123456789abcdef0"]`}, "subnetIds", "network to existing"},
		"the stack's tag, but a case": {map[string]string{"tags": `{"Owner":"data"}`}, `tags["Owner"]`, "another key"},
		"one tag in two cases":        {map[string]string{"tags": `{"Team":"a","team":"b"}`}, `tags["team"]`, "another key"},
		"freshness beyond seven days": {map[string]string{"freshnessHours": "169"}, "freshnessHours", "1 to 168"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ReadConfig("dev", settingsOf(test.changes))
			var problems *ConfigError
			if !errors.As(err, &problems) {
				t.Fatalf("error = %v, want a *ConfigError", err)
			}
			for _, p := range problems.Problems {
				if p.Key == test.key && strings.Contains(p.Fix, test.remedy) {
					return
				}
			}
			t.Errorf("problems = %v, want one of %s with a remedy containing %q", problems, test.key, test.remedy)
		})
	}
}

// A hyphen has letters of its own in names, and nothing else may have them.
func TestNamesOfStacks(t *testing.T) {
	for name, good := range map[string]bool{
		"dev": true, "pr123": true, "pr-123": true, "pr-airline-123": true, "abcdefghijklmnopq": true,
		"dev-": false, "-dev": false, "dev--2": false, "Dev": false, "2dev": false, "dev_2": false, "dev.2": false, "": false, "devxq2": false,
	} {
		if _, err := ReadConfig(name, settingsOf(nil)); (err == nil) != good {
			t.Errorf("stack %q: error = %v", name, err)
		}
	}
}

// Whoever lets no rejected row through has no share left from which to warn.
func TestNoRejectedRowMayBeLetThrough(t *testing.T) {
	if _, err := ReadConfig("dev", settingsOf(map[string]string{"maxRejectRatio": "0"})); err != nil {
		t.Error(err)
	}
}

// A value that is wrong by itself is told once, and not again by what depends on it.
func TestConfigProblemsDoNotCascade(t *testing.T) {
	for _, changes := range []map[string]string{
		{"maxRejectRatio": "abc"}, {"baseCapacity": "1025"}, {"network": "none"}, {"logRetentionDays": "9999"}, {"workerType": "G.9X", "flexWorkers": "true"},
	} {
		_, err := ReadConfig("dev", settingsOf(changes))
		var problems *ConfigError
		if !errors.As(err, &problems) || len(problems.Problems) != 1 {
			t.Errorf("%v: error = %v, want one problem", changes, err)
		}
	}
}

func TestConfigProblemsComeTogether(t *testing.T) {
	_, err := ReadConfig("Development_1", settingsOf(map[string]string{"trigger": "sqs", "workers": "many", "protect": "maybe"}))
	for _, key := range []string{"stack", "trigger", "workers", "protect"} {
		if err == nil || !strings.Contains(err.Error(), "  "+key+" = ") {
			t.Errorf("error = %v, want it to name %s", err, key)
		}
	}
}

// Who has a webhook's address may use it: a refusal names its host, whatever is wrong with it and in whichever setting it stands.
func TestRefusalsHideAddresses(t *testing.T) {
	const address = "http://user:hunter2@hooks.example.com/T0/hunter2?token=hunter2"
	for _, changes := range []map[string]string{
		{"webhooks": `["` + address + `"]`},
		{"webhooks": `["` + address + `","https` + address[4:] + `","https` + address[4:] + `"]`},
		{"webhooks": address},
		{"webhooks": `["hooks.example.com/services/hunter2"]`},
		{"webhooks": `["hunter2"]`},
		{"queues": `["` + address + `"]`},
		{"emails": address},
		{"webhook": `["hunter2"]`},
		{"hook": address},
	} {
		_, err := ReadConfig("dev", settingsOf(changes), slices.Collect(maps.Keys(changes))...)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v: error = %v", changes, err)
			continue
		}
		if strings.Contains(fmt.Sprint(changes), "hooks.example.com") && !strings.Contains(err.Error(), "hooks.example.com") {
			t.Errorf("%v: the host is not named: %v", changes, err)
		}
	}
	_, problems := readProvider(settingsOf(map[string]string{
		"region": "eu-west-1", "secretkey": "hunter2", "assumeRoleWithWebIdentity": `{"roleArn": "https://example.com", "webIdentityToken": "hunter2", "x": 1}`,
	}), nil, []string{"secretkey"})
	if len(problems) != 2 || strings.Contains(fmt.Sprint(problems), "hunter2") {
		t.Errorf("problems of the provider: %v", problems)
	}
}

// A key that nothing reads would be a setting without effect.
func TestUnknownKeysAreRefusedWithTheNearestName(t *testing.T) {
	changes := map[string]string{"triger": "cloudtrail", "Workers": "3", "snowflakeAccount": "x"}
	_, err := ReadConfig("dev", settingsOf(changes), "trigger", "triger", "Workers", "snowflakeAccount")
	for _, want := range []string{
		`triger = "cloudtrail": there is no such setting; did you mean trigger?`,
		`Workers = "3": there is no such setting; did you mean workers?`,
		`snowflakeAccount = "x": there is no such setting; remove it`,
		"3 problem(s)",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want it to contain %s", err, want)
		}
	}
}

// What the engine hands over is what is checked.
func TestGivenKeysAreTheProjectsOwn(t *testing.T) {
	t.Setenv("PULUMI_CONFIG", `{"airline:trigger": "s3", "airline:triger": "s3", "aws:region": "eu-west-1"}`)
	if diff := cmp.Diff([]string{"triger", "trigger"}, givenKeys("airline")); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

// Pulumi.yaml is the documentation of the settings: it declares those that are read and no others, each with a type, a
// description that tells its range, and a default that is in order.
func TestSchemaIsWhatIsRead(t *testing.T) {
	text, err := os.ReadFile("../Pulumi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var project struct {
		Config map[string]struct {
			Type, Description string
			Default           any
		}
	}
	if err := yaml.Unmarshal(text, &project); err != nil {
		t.Fatal(err)
	}
	defaults := map[string]string{}
	for key, d := range project.Config {
		if strings.Contains(key, ":") {
			continue // of a provider
		}
		if text, err := json.Marshal(d.Default); err == nil && d.Type == "object" {
			d.Default = string(text)
		}
		if d.Type == "" || d.Description == "" || d.Default == nil {
			t.Errorf("%s lacks a type, a description or a default: %+v", key, d)
		}
		defaults[key] = fmt.Sprint(d.Default)
	}
	r := &reader{get: func(key string) (string, bool) { v, ok := defaults[key]; return v, ok }}
	c, err := r.read("dev")
	if err != nil {
		t.Fatalf("the defaults: %v", err)
	}
	if c.Protect != true || c.Network.Create != true {
		t.Errorf("the defaults are not the safe choices: %+v", c)
	}
	for key := range defaults {
		if !slices.Contains(r.asked, key) {
			t.Errorf("Pulumi.yaml declares %s, which nothing reads", key)
		}
	}
	for _, key := range r.asked {
		if _, ok := defaults[key]; !ok {
			t.Errorf("%s is read, and Pulumi.yaml does not declare it", key)
		}
	}
	for key, bounds := range r.bounds {
		if !strings.Contains(project.Config[key].Description, bounds) {
			t.Errorf("Pulumi.yaml does not say of %s that it is %s: %s", key, bounds, project.Config[key].Description)
		}
	}
}
