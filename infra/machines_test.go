package infra

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/asl/ast"
	"airline/asl/grants"
	"airline/etl"
	"airline/local/recorder"
)

func TestMachinePolicy(t *testing.T) {
	n, log := testNames, LogConfig{Level: "ALL", Trace: true}
	got := n.machinePolicy(etl.Flights.Machine(), []ast.Grant{
		{Actions: []string{"glue:GetCrawler"}, Resources: []string{n.ARN("glue", "crawler/airline-dev-flights")}},
		{Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []string{n.keyARN(messagesKey)}},
		{Actions: []string{"kms:Decrypt"}, Resources: []string{n.keyARN(dataKey), n.keyARN(messagesKey)}},
		{Actions: []string{"redshift-data:BatchExecuteStatement"}, Resources: []string{n.workgroupsARN()}},
		{
			Actions: []string{"kms:Decrypt"}, Resources: []string{n.keyARN(messagesKey)},
			Conditions: []ast.GrantCondition{{Operator: "StringEquals", Key: "kms:ViaService", Values: []string{"s3"}}},
		},
	}, log)
	key := func(aliases ...string) Conditions {
		return Conditions{"ForAnyValue:StringEquals": {"kms:ResourceAliases": aliases}}
	}
	want := []Statement{
		{Sid: "GlueGetCrawler", Actions: []string{"glue:GetCrawler"}, Resources: []string{n.ARN("glue", "crawler/airline-dev-flights")}, Conditions: Conditions{}},
		{
			Sid: "KmsDecryptAnd1More", Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []string{n.KeysARN()},
			Conditions: key("alias/airline-dev-messages"),
		},
		{Sid: "KmsDecrypt", Actions: []string{"kms:Decrypt"}, Resources: []string{n.KeysARN()}, Conditions: key("alias/airline-dev-data", "alias/airline-dev-messages")},
		{
			Sid: "RedshiftDataBatchExecuteStatement", Actions: []string{"redshift-data:BatchExecuteStatement"},
			Resources:  []string{n.workgroupsARN()},
			Conditions: Conditions{"StringEquals": {"aws:ResourceTag/stack": {"airline-dev"}}},
		},
		{
			Sid: "KmsDecrypt2", Actions: []string{"kms:Decrypt"}, Resources: []string{n.KeysARN()},
			Conditions: key("alias/airline-dev-messages").with(Conditions{"StringEquals": {"kms:ViaService": {"s3"}}}),
		},
	}
	if diff := cmp.Diff(slices.Concat(want, n.machineKey(etl.Flights.Machine(), log), machineBasics(log)), got.Statements); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}

func TestDefinitionsAreSoundAndNameWhatExists(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		stack := "airline-" + g.Stack
		live := func(machine string) string {
			return "arn:aws:states:" + g.Region + ":" + g.Account + ":stateMachine:" + stack + "-" + machine + ":live"
		}
		topic, role := g.OfType("aws:sns/topic:Topic")[0].String("arn"), "arn:aws:iam::"+g.Account+":role/"+stack+"-copy"
		names := map[string][]string{
			etl.Flights.Machine():  {stack + "-flights", testBucket(g, "staging"), role},
			etl.Airports.Machine(): {stack + "-airports", testBucket(g, "staging"), role},
			reconcile:              {testBucket(g, "raw"), live(etl.Flights.Machine()), live(etl.Airports.Machine()), live(reconcile)},
			backfill:               {testBucket(g, "raw"), testBucket(g, "staging"), live(etl.Flights.Machine()), live(etl.Airports.Machine())},
		}
		for _, d := range moreOf(g) {
			names[d.Machine()] = []string{stack + "-" + string(d), testBucket(g, "staging"), role}
			names[reconcile], names[backfill] = append(names[reconcile], live(d.Machine())), append(names[backfill], live(d.Machine()))
		}
		for _, m := range g.OfType("aws:sfn/stateMachine:StateMachine") {
			text := m.String("definition")
			d, err := ast.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if problems := d.Validate(); problems.HasErrors() {
				t.Errorf("%s: %v", m.Name, problems)
			}
			if !d.TimeoutSeconds.IsSet() {
				t.Errorf("%s may run for ever", m.Name)
			}
			if len(names[m.Name]) == 0 {
				t.Errorf("nobody has said what %s must name", m.Name)
			}
			for _, name := range append(names[m.Name], stack, topic) {
				if !strings.Contains(text, name) {
					t.Errorf("%s does not name %s", m.Name, name)
				}
			}
		}
	})
}

// Whatever the definitions do, the roles may do: nothing more, nothing less.
func TestMachinePoliciesAreTheGrants(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		for _, m := range g.OfType("aws:sfn/stateMachine:StateMachine") {
			d, err := ast.Parse([]byte(m.String("definition")))
			if err != nil {
				t.Fatal(err)
			}
			grants, err := grants.Of(d, grants.Scope{Partition: g.Partition, Region: g.Region, Account: g.Account})
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]bool{}
			for _, grant := range grants {
				for _, a := range grant.Actions {
					want[a] = true
				}
			}
			for _, s := range machineBasics(LogConfig{Level: "ALL", Trace: true}) {
				for _, a := range s.Actions {
					want[a] = true
				}
			}
			for _, r := range g.OfType("aws:iam/rolePolicy:RolePolicy") {
				if r.Name != m.Name {
					continue
				}
				for _, s := range parsePolicy(t, r.String("policy")).Statement {
					for _, a := range s.Action {
						// The definition does not tell which keys encrypt what it uses.
						if !want[a] && !strings.HasPrefix(a, "kms:") {
							t.Errorf("%s: the role may %s, which the machine does not", m.Name, a)
						}
						delete(want, a)
					}
				}
			}
			for a := range want {
				t.Errorf("%s: the machine does %s, which its role may not", m.Name, a)
			}
		}
	})
}
