package infra

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"airline/etl"
	"airline/local/recorder"
)

// variant is a stack with settings changed.
type variant struct {
	stack     string
	overrides map[string]string
}

// variants are what the tests look at: both stacks, both triggers, both kinds of warehouse and of network.
var variants = map[string]variant{
	"dev":                   {stack: "dev"},
	"dev cloudtrail":        {stack: "dev", overrides: map[string]string{"trigger": "cloudtrail"}},
	"dev encrypted catalog": {stack: "dev", overrides: map[string]string{"encryptCatalog": "true"}},
	"dev auto":              {stack: "dev", overrides: map[string]string{"engine": "auto", "smallDPU": "1", "smallBatchMB": "5"}},
	"dev governed":          {stack: "dev", overrides: map[string]string{"lakeFormation": "location"}},
	"dev gathering":         {stack: "dev", overrides: map[string]string{"batchSeconds": "60", "trigger": "cloudtrail"}},
	"dev carriers":          {stack: "dev", overrides: map[string]string{"moreDatasets": `["carriers"]`, "batchSeconds": "60"}},
	"prod":                  {stack: "prod"},
	"deployer":              {stack: "prod", overrides: map[string]string{"deployerOrganization": "example"}},
	"prod serverless":       {stack: "prod", overrides: map[string]string{"warehouse": "serverless", "trigger": "cloudtrail"}},
	"given subnets": {stack: "dev", overrides: map[string]string{
		"network": "existing", "vpcId": "vpc-0123456789abcdef0",
		"subnetIds": `["subnet-0123456789abcdef0","subnet-0123456789abcdef1","subnet-0123456789abcdef2"]`,
	}},
}

// recorded keeps the graphs: they are read by many tests and changed by none.
var recorded sync.Map

func record(t *testing.T, name string, preview bool) *recorder.Graph {
	t.Helper()
	key := fmt.Sprint(name, preview)
	if g, ok := recorded.Load(key); ok {
		return g.(*recorder.Graph)
	}
	v, ok := variants[name]
	if !ok {
		v = adoptions[name]
	}
	g, err := recorder.Record(context.Background(), recorder.Options{
		Dir: "..", Stack: v.stack, Overrides: v.overrides, Preview: preview,
	}, Program)
	if err != nil {
		t.Fatal(err)
	}
	recorded.Store(key, g)
	return g
}

// moreOf are the datasets that a recorded stack has asked for, and withMore the names with them.
func moreOf(g *recorder.Graph) (more []etl.Dataset) {
	for _, d := range etl.OnRequest() {
		if strings.Contains(g.Config["airline:moreDatasets"], `"`+string(d)+`"`) {
			more = append(more, d)
		}
	}
	return more
}

func withMore(g *recorder.Graph) Names {
	n := testNames
	n.More = moreOf(g)
	return n
}

// mustBeKnown are the properties that reviewers and policies read: whatever a state machine or a permission says, what
// starts what, and all physical names.
var mustBeKnown = []string{
	"definition", "policy", "assumeRolePolicy", "eventPattern", "inputTransformer", "sql", "configuration",
	"scheduleExpression", "input", "inputTemplate", "redrivePolicy", "name", "bucket", "workgroupName", "namespaceName", "clusterIdentifier", "defaultArguments", "command", "s3Targets",
	"advancedEventSelectors", "dashboardBody",
}

func TestPreviewKnowsWhatReviewersRead(t *testing.T) {
	for name := range variants {
		t.Run(name, func(t *testing.T) {
			g := record(t, name, true)
			definitions, policies := 0, 0
			for _, r := range g.Resources {
				for _, place := range r.UnknownInputs() {
					property, _, _ := strings.Cut(place, ".")
					property, _, _ = strings.Cut(property, "[")
					// A part of a resource names the resource by its id, which is unknown until that exists.
					part := property == "bucket" && r.Type != "aws:s3/bucketV2:BucketV2"
					of := property == "name" && strings.HasPrefix(place, "name.")
					if slices.Contains(mustBeKnown, property) && !part && !of {
						t.Errorf("%s %s (%s): %s is not known at preview", r.ShortType(), r.Name, r.Source, place)
					}
				}
				if r.Type == "aws:sfn/stateMachine:StateMachine" && r.String("definition") != "" {
					definitions++
				}
				if strings.HasSuffix(r.Type, "Policy") && r.String("policy") != "" {
					policies++
				}
			}
			if want := len(withMore(g).machineThings()); definitions != want || policies < 10 {
				t.Errorf("%d definitions and %d policies were seen, want %d and at least 10", definitions, policies, want)
			}
		})
	}
}

func TestPreviewAndUpdateRegisterTheSame(t *testing.T) {
	for name := range variants {
		before, after := record(t, name, true), record(t, name, false)
		for _, r := range after.Resources {
			p := before.ByURN(r.URN)
			if p == nil {
				t.Errorf("%s: %s %s comes up only in the update", name, r.ShortType(), r.Name)
				continue
			}
			for _, property := range []string{"definition", "policy", "assumeRolePolicy", "eventPattern"} {
				if got, want := p.String(property), r.String(property); got != want {
					t.Errorf("%s: %s of %s %s differs between preview and update", name, property, r.ShortType(), r.Name)
				}
			}
		}
	}
}

func TestOneProviderForEverything(t *testing.T) {
	for name := range variants {
		g := record(t, name, false)
		provider := g.OfType("pulumi:providers:aws")
		if len(provider) != 1 {
			t.Fatalf("%s: %d providers, want 1", name, len(provider))
		}
		for _, r := range g.Resources {
			if !r.Component && !strings.HasPrefix(r.Type, "pulumi:") && r.Provider != provider[0].URN {
				t.Errorf("%s: %s %s (%s) has provider %q", name, r.ShortType(), r.Name, r.Source, r.Provider)
			}
		}
	}
}

// untagged are the types without tags in AWS, or whose tags we leave to what they are part of.
var untagged = []string{
	"BucketOwnershipControls", "BucketPublicAccessBlock", "BucketServerSideEncryptionConfigurationV2", "BucketVersioningV2",
	"BucketLifecycleConfigurationV2", "BucketLoggingV2", "BucketNotification", "BucketPolicy", "Alias", "RolePolicy",
	"TopicPolicy", "TopicSubscription", "QueuePolicy", "EventTarget", "Classifier", "SecurityConfiguration", "DataCatalogEncryptionSettings", "UsageLimit",
	"Statement", "Logging", "Dashboard", "RouteTableAssociation", "aws", "Stash", "Permissions",
}

func TestTagsEverywhere(t *testing.T) {
	for name := range variants {
		g := record(t, name, false)
		for _, r := range g.Resources {
			if r.Component || r.External || slices.Contains(untagged, r.ShortType()) {
				continue
			}
			if got, want := r.String("tags.stack"), "airline-"+g.Stack; got != want || r.String("tags.owner") == "" || r.String("tags.project") == "" {
				t.Errorf("%s: %s %s (%s) has the tags %v", name, r.ShortType(), r.Name, r.Source, r.Inputs["tags"])
			}
		}
	}
}

func TestProductionKeepsItsData(t *testing.T) {
	holdsData := []string{
		"aws:s3/bucketV2:BucketV2", "aws:kms/key:Key", "aws:redshift/cluster:Cluster", "aws:redshiftserverless/namespace:Namespace",
	}
	for name, v := range variants {
		for _, r := range record(t, name, false).OfType(holdsData...) {
			if name == "dev encrypted catalog" {
				continue // TestCatalogIsEncryptedWhenAsked
			}
			if want := v.stack == "prod"; r.Protect != want || r.RetainOnDelete != want {
				t.Errorf("%s: %s %s has protect %t and retain %t, want both %t",
					name, r.ShortType(), r.Name, r.Protect, r.RetainOnDelete, want)
			}
		}
	}
}

func TestOutputsHoldNoSecret(t *testing.T) {
	for name := range variants {
		g := record(t, name, false)
		if len(g.Outputs) == 0 {
			t.Errorf("%s: the stack has no outputs", name)
		}
		for key, value := range g.Outputs {
			texts, list := value.([]any)
			if !list {
				texts = []any{value}
			}
			for _, value := range texts {
				text, ok := value.(string)
				leads := key == "adminSecretArn" && strings.HasPrefix(text, "arn:") // to the secret, for who may read it
				if !ok || text == "" || strings.Contains(text, "secret") && !leads {
					t.Errorf("%s: output %s = %v", name, key, value)
				}
			}
		}
	}
}

func TestTheRecorderRefusesBadConfiguration(t *testing.T) {
	_, err := recorder.Record(context.Background(), recorder.Options{
		Dir: "..", Stack: "dev", Overrides: map[string]string{"trigger": "sqs", "workers": "1"},
	}, Program)
	for _, want := range []string{"2 problem(s)", "trigger", "workers"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want it to contain %q", err, want)
		}
	}
}
