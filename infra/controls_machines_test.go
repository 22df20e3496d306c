package infra

import (
	"encoding/json"
	"strings"
	"testing"

	"airline/local/recorder"
)

// A file whose event was lost is looked for every day, in both datasets.
func TestFilesAreReconciledEveryDay(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		inputs := map[string]bool{}
		for _, rule := range g.OfType("aws:cloudwatch/eventRule:EventRule") {
			if rule.Name != reconcile {
				continue
			}
			expect(t, rule, "scheduleExpression", "cron(0 0 * * ? *)")
			expect(t, rule, "state", "ENABLED")
			for _, target := range g.OfType("aws:cloudwatch/eventTarget:EventTarget") {
				if target.String("rule") == rule.String("name") {
					expect(t, target, "arn", "arn:aws:states:"+g.Region+":"+g.Account+":stateMachine:airline-"+g.Stack+"-reconcile:live")
					inputs[target.String("input")] = true
				}
			}
		}
		for _, want := range []string{
			`{"dataset":"airports","prefix":"airports/","after":"airports/","changed":true}`,
			`{"dataset":"flights","prefix":"daily-flights/","after":"daily-flights/","changed":true}`,
		} {
			if !inputs[want] {
				t.Errorf("the daily rule starts with %v, want %s among them", inputs, want)
			}
		}
	})
}

// What starts a machine starts the version that was published last, through the alias.
func TestMachinesArePublishedAndEncrypted(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		aliases := map[string]*recorder.Resource{}
		for _, a := range g.OfType("aws:sfn/alias:Alias") {
			aliases[a.Name] = a
		}
		key := ""
		for _, k := range g.OfType("aws:kms/key:Key") {
			if k.Name == dataKey {
				key = k.String("arn")
			}
		}
		for _, m := range g.OfType("aws:sfn/stateMachine:StateMachine") {
			expect(t, m, "publish", true)
			expect(t, m, "encryptionConfiguration.type", "CUSTOMER_MANAGED_KMS_KEY")
			expect(t, m, "encryptionConfiguration.kmsKeyId", key)
			alias := aliases[m.Name]
			if alias == nil {
				t.Errorf("machine %s has no alias", m.Name)
				continue
			}
			expect(t, alias, "name", "live")
			expect(t, alias, "routingConfigurations[0].stateMachineVersionArn", m.String("stateMachineVersionArn"))
			expect(t, alias, "routingConfigurations[0].weight", 100.0)
		}
		for _, target := range g.OfType("aws:cloudwatch/eventTarget:EventTarget") {
			if arn := target.String("arn"); !strings.HasSuffix(arn, ":live") && arn != gatherQueue(g, target.Name) {
				t.Errorf("target %s starts %s, not a published version", target.Name, target.String("arn"))
			}
		}
	})
}

func TestMachinesAreLoggedAndTraced(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		machines := g.OfType("aws:sfn/stateMachine:StateMachine")
		if want := withMore(g).machineThings(); len(machines) != len(want) {
			t.Fatalf("%d machines, want %v", len(machines), want)
		}
		for _, m := range machines {
			group := "/aws/vendedlogs/states/airline-" + g.Stack + "-" + m.Name
			expect(t, m, "loggingConfiguration.level", "ALL")
			expect(t, m, "loggingConfiguration.includeExecutionData", true)
			expect(t, m, "loggingConfiguration.logDestination", "arn:aws:logs:"+g.Region+":"+g.Account+":log-group:"+group+":*")
			expect(t, m, "tracingConfiguration.enabled", true)
			if !json.Valid([]byte(m.String("definition"))) {
				t.Errorf("the definition of %s is no JSON", m.Name)
			}
		}
		for _, group := range g.OfType("aws:cloudwatch/logGroup:LogGroup") {
			if days, _ := group.Get("retentionInDays"); days == nil {
				t.Errorf("log group %s is kept for ever", group.String("name"))
			}
			if group.String("kmsKeyId") == "" {
				t.Errorf("log group %s is not encrypted", group.String("name"))
			}
		}
	})
}

// A receiver that leaves takes nobody else's subscription along: mail addresses would have to confirm again.
func TestSubscriptionsAreTheReceivers(t *testing.T) {
	subscribed := func(emails string) map[string]string {
		g, err := recorder.Record(t.Context(), recorder.Options{Dir: "..", Stack: "dev", Preview: true, Overrides: map[string]string{"emails": emails}}, Program)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]string{}
		for _, r := range g.OfType("aws:sns/topicSubscription:TopicSubscription") {
			names[r.String("endpoint")] = r.Name
		}
		return names
	}
	both, one := subscribed(`["a@example.com","b@example.com"]`), subscribed(`["b@example.com"]`)
	if len(both) != 2 || len(one) != 1 || both["b@example.com"] != one["b@example.com"] {
		t.Errorf("the subscriptions %v became %v", both, one)
	}
}
