package infra

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/local/recorder"
)

var testNames = Names{Project: "airline", Stack: "dev", Partition: "aws", Region: "eu-west-1", Account: "123456789012"}

func TestPolicyJSON(t *testing.T) {
	p := Policy{Statements: []Statement{
		denyInsecureTransport("s3:*", "arn:aws:s3:::b"),
		testNames.useKey("UseKey", dataKey, "kms:Decrypt", "kms:GenerateDataKey"),
	}}
	want := `{"Version":"2012-10-17","Statement":[` +
		`{"Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny","Principal":{"AWS":"*"},` +
		`"Resource":"arn:aws:s3:::b","Sid":"DenyInsecureTransport"},` +
		`{"Action":["kms:Decrypt","kms:GenerateDataKey"],"Condition":{"ForAnyValue:StringEquals":{"kms:ResourceAliases":"alias/airline-dev-data"}},` +
		`"Effect":"Allow","Resource":"arn:aws:kms:eu-west-1:123456789012:key/*","Sid":"UseKey"}]}`
	if diff := cmp.Diff(want, p.JSON()); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

func TestConditionsMerge(t *testing.T) {
	a := Conditions{"StringEquals": {"aws:SourceAccount": {"1"}}}
	got := a.with(Conditions{"StringEquals": {"s3:x-amz-acl": {"x"}}, "Bool": {"aws:SecureTransport": {"true"}}})
	want := Conditions{
		"StringEquals": {"aws:SourceAccount": {"1"}, "s3:x-amz-acl": {"x"}},
		"Bool":         {"aws:SecureTransport": {"true"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("merged (-want +got):\n%s", diff)
	}
	if len(a["StringEquals"]) != 1 {
		t.Errorf("the receiver was changed: %v", a)
	}
}

// document is a policy as read back from its JSON.
type document struct{ Statement []statement }

type statement struct {
	Sid, Effect      string
	Principal        map[string]texts
	Action, Resource texts
	Condition        map[string]map[string]texts
}

// texts is a list that AWS writes as its only element when there is one.
type texts []string

func (l *texts) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*l = texts{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(l))
}

func parsePolicy(t *testing.T, text string) document {
	t.Helper()
	var d document
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		t.Fatalf("policy %s: %v", text, err)
	}
	return d
}

func TestRolesNameTheirResources(t *testing.T) {
	for variant := range variants {
		t.Run(variant, func(t *testing.T) {
			for _, r := range record(t, variant, false).OfType("aws:iam/rolePolicy:RolePolicy") {
				d := parsePolicy(t, r.String("policy"))
				seen := map[string]bool{}
				for _, s := range d.Statement {
					if s.Sid == "" || seen[s.Sid] {
						t.Errorf("%s: statement %q has no name of its own", r.Name, s.Sid)
					}
					seen[s.Sid] = true
					if s.Effect != "Allow" && r.Name != deployerThing || len(s.Action) == 0 || len(s.Resource) == 0 {
						t.Errorf("%s: statement %s is not a complete permission: %+v", r.Name, s.Sid, s)
					}
					for _, a := range s.Action {
						of := r.Name == deployerThing || r.Name == previewerThing
						if strings.Contains(a, "*") && (!of || slices.Contains(s.Resource, "*")) {
							t.Errorf("%s: statement %s allows the open action %s", r.Name, s.Sid, a)
						}
						if service, name, _ := strings.Cut(a, ":"); r.Name == previewerThing && actionTable[a] == "" && strings.Contains(name, "*") {
							a = service + ":" + name[strings.Index(name, "*"):] // what of the deployer's pattern reads
						}
						types, known := actionTable[a]
						switch everything := slices.Contains(s.Resource, "*"); {
						case !known:
							t.Errorf("%s: statement %s allows %s, which is not in the table of actions", r.Name, s.Sid, a)
						case everything && types != "":
							t.Errorf("%s: statement %s allows %s on everything, but the action has resources of type %s", r.Name, s.Sid, a, types)
						case !everything && types == "":
							t.Errorf("%s: statement %s narrows %s, which knows no type of resource: it would allow nothing", r.Name, s.Sid, a)
						}
					}
					for _, res := range s.Resource {
						// An id that AWS chooses stands as *; then a condition must say which one is meant.
						open := strings.HasSuffix(res, ":key/*") || strings.HasSuffix(res, ":workgroup/*")
						if open && len(s.Condition) == 0 {
							t.Errorf("%s: statement %s allows any %s", r.Name, s.Sid, res)
						}
					}
				}
			}
		})
	}
}

// checkCopyTrust compares with what AWS documents for each kind of Redshift: which services take the role, and that they send
// the ARN of the database user as external id.
func checkCopyTrust(t *testing.T, g *recorder.Graph, s statement) {
	t.Helper()
	services, warehouse := []string{"redshift.amazonaws.com"}, "airline-"+g.Stack
	if len(g.OfType("aws:redshiftserverless/workgroup:Workgroup")) > 0 {
		services, warehouse = []string{"redshift-serverless.amazonaws.com", "redshift.amazonaws.com"}, "serverless-"+g.Account+"-*"
	}
	users := "arn:aws:redshift:eu-west-1:" + g.Account + ":dbuser:" + warehouse + "/IAMR:airline-" + g.Stack
	var want []string
	for _, d := range withMore(g).Datasets() {
		want = append(want, users+"-"+d.Machine())
	}
	if got := s.Condition["StringLike"]["sts:ExternalId"]; !slices.Equal(got, want) {
		t.Errorf("the COPY role trusts the database users %v, want %v", got, want)
	}
	if !slices.Equal(s.Principal["Service"], services) {
		t.Errorf("the COPY role trusts %v, want %v", s.Principal["Service"], services)
	}
}

func TestTrustIsConditioned(t *testing.T) {
	for variant := range variants {
		t.Run(variant, func(t *testing.T) {
			g := record(t, variant, false)
			for _, r := range g.OfType("aws:iam/role:Role") {
				if r.Name == deployerThing || r.Name == previewerThing {
					continue // a service does not take it: TestDeployerIsOptionalAndTakenByItsOwnStackOnly, TestPreviewerOnlyReads
				}
				for _, s := range parsePolicy(t, r.String("assumeRolePolicy")).Statement {
					if slices.Contains(s.Principal["Service"], "redshift.amazonaws.com") {
						checkCopyTrust(t, g, s)
						continue
					}
					if got := s.Condition["StringEquals"]["aws:SourceAccount"]; !slices.Equal(got, []string{g.Account}) {
						t.Errorf("role %s: trusts accounts %v, want only %s", r.Name, got, g.Account)
					}
					for _, arn := range s.Condition["ArnLike"]["aws:SourceArn"] {
						if !strings.Contains(arn, ":"+g.Account+":") {
							t.Errorf("role %s: trusts the source %s", r.Name, arn)
						}
					}
					if len(s.Condition["ArnLike"]["aws:SourceArn"]) == 0 {
						t.Errorf("role %s: trusts a service whatever it acts for", r.Name)
					}
				}
			}
		})
	}
}

func TestResourcePoliciesAdmitOnlyServicesOfThisAccount(t *testing.T) {
	policies := map[string]string{
		"aws:s3/bucketPolicy:BucketPolicy": "policy",
		"aws:sqs/queuePolicy:QueuePolicy":  "policy",
		"aws:sns/topicPolicy:TopicPolicy":  "policy",
		"aws:kms/key:Key":                  "policy",
	}
	for variant := range variants {
		t.Run(variant, func(t *testing.T) {
			g := record(t, variant, false)
			for _, r := range g.Resources {
				property, ok := policies[r.Type]
				if !ok {
					continue
				}
				for _, s := range parsePolicy(t, r.String(property)).Statement {
					if s.Effect == "Deny" || s.Sid == "AccountAdministers" {
						continue
					}
					if s.Principal["Service"] == nil {
						t.Errorf("%s %s: statement %s admits %v", r.ShortType(), r.Name, s.Sid, s.Principal)
					}
					text, _ := json.Marshal(s.Condition)
					if !strings.Contains(string(text), g.Account) {
						t.Errorf("%s %s: statement %s has no condition on the account: %s", r.ShortType(), r.Name, s.Sid, text)
					}
				}
			}
		})
	}
}
