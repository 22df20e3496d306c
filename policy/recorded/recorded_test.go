package recorded_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"airline/infra"
	"airline/local/recorder"
	"airline/policy/recorded"
	"airline/policy/rules"
)

var today = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// variants are our stacks, with both triggers and both kinds of warehouse.
var variants = map[string]recorder.Options{
	"dev":                   {Stack: "dev"},
	"dev cloudtrail":        {Stack: "dev", Overrides: map[string]string{"trigger": "cloudtrail"}},
	"dev encrypted catalog": {Stack: "dev", Overrides: map[string]string{"encryptCatalog": "true"}},
	"dev with a deployer":   {Stack: "dev", Overrides: map[string]string{"deployerOrganization": "example"}},
	"dev governed":          {Stack: "dev", Overrides: map[string]string{"lakeFormation": "location"}},
	"dev with receivers": {Stack: "dev", Overrides: map[string]string{
		"queues": `["arn:aws:sqs:eu-west-1:123456789012:told"]`, "webhooks": `["https://example.com/hook"]`,
	}},
	"dev gathering":   {Stack: "dev", Overrides: map[string]string{"batchSeconds": "60"}},
	"dev carriers":    {Stack: "dev", Overrides: map[string]string{"moreDatasets": `["carriers"]`}},
	"prod":            {Stack: "prod"},
	"prod serverless": {Stack: "prod", Overrides: map[string]string{"warehouse": "serverless", "trigger": "cloudtrail"}},
	"given subnets": {Stack: "dev", Overrides: map[string]string{
		"network": "existing", "vpcId": "vpc-0123456789abcdef0",
		"subnetIds": `["subnet-0123456789abcdef0","subnet-0123456789abcdef1","subnet-0123456789abcdef2"]`,
	}},
}

var graphs sync.Map

// registered is a stack as the program registers it. Each call gives resources of its own.
func registered(t testing.TB, variant string, preview bool) *rules.Stack {
	t.Helper()
	key := fmt.Sprint(variant, preview)
	g, ok := graphs.Load(key)
	if !ok {
		o := variants[variant]
		o.Dir, o.Preview = "../..", preview
		made, err := recorder.Record(t.Context(), o, infra.Program)
		if err != nil {
			t.Fatal(err)
		}
		g = made
		graphs.Store(key, g)
	}
	return recorded.Stack(g.(*recorder.Graph), "../..")
}

// Our stacks break no rule, and need no exemption.
func TestOurStacksPass(t *testing.T) {
	for name := range variants {
		for _, preview := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s preview=%v", name, preview), func(t *testing.T) {
				report := rules.Judge(registered(t, name, preview), rules.DefaultSettings(), today)
				for _, f := range report.Findings {
					if f.Verdict == rules.Violation {
						t.Errorf("%s: %s", f.Rule.ID, f)
					} else if !preview {
						t.Errorf("%s: everything is known, and yet: %s", f.Rule.ID, f)
					} else {
						t.Logf("%s: %s", f.Rule.ID, f)
					}
				}
			})
		}
	}
}

// A stack that uses what others keep is refused for none of it.
func TestGivenThingsAreNotRefused(t *testing.T) {
	const account = "arn:aws:%s:eu-west-1:123456789012:%s"
	secret := fmt.Sprintf(account, "secretsmanager", "secret:shared-AbCdEf")
	for name, overrides := range map[string]map[string]string{
		"a topic":             {"topicArn": fmt.Sprintf(account, "sns", "airline-alerts")},
		"a topic and its key": {"topicArn": fmt.Sprintf(account, "sns", "alerts"), "messagesKeyArn": fmt.Sprintf(account, "kms", "key/messages")},
		"a workgroup":         {"workgroup": "shared", "adminSecretArn": secret},
		"a cluster":           {"warehouse": "provisioned", "cluster": "shared", "adminSecretArn": secret},
		"buckets and a key":   {"rawBucket": "lake", "logBucket": "logs", "dataKeyArn": fmt.Sprintf(account, "kms", "key/data")},
		"a Glue database":     {"glueDatabase": "lake"},
	} {
		for _, preview := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s preview=%v", name, preview), func(t *testing.T) {
				noViolation(t, recorder.Options{Stack: "dev", Overrides: overrides, Preview: preview})
			})
		}
	}
}

// The stack is judged alike in every partition.
func TestEveryPartitionPasses(t *testing.T) {
	for _, region := range []string{"cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1"} {
		t.Run(region, func(t *testing.T) {
			noViolation(t, recorder.Options{Stack: "dev", Overrides: map[string]string{"aws:region": region, "trigger": "cloudtrail"}})
		})
	}
}

func noViolation(t *testing.T, o recorder.Options) {
	t.Helper()
	o.Dir = "../.."
	g, err := recorder.Record(t.Context(), o, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range rules.Judge(recorded.Stack(g, "../.."), rules.DefaultSettings(), today).Findings {
		if f.Verdict == rules.Violation {
			t.Errorf("%s: %s", f.Rule.ID, f)
		}
	}
}

// Where review shows a finding beside the code, the place is a line of this project.
func TestFindingsPointIntoTheProgram(t *testing.T) {
	s := registered(t, "dev", false)
	i := slices.IndexFunc(s.Resources, func(r *rules.Resource) bool { return r.Type == "aws:sfn/stateMachine:StateMachine" })
	if got := s.Resources[i].File; got != "infra/machines.go" {
		t.Errorf("a state machine is registered in %q, want infra/machines.go", got)
	}
}
