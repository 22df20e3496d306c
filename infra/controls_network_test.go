package infra

import (
	"strings"
	"testing"

	"airline/local/recorder"
)

// Redshift has a way to S3 alone, and there to the staging bucket alone, for this account's roles.
func TestNetworkLeadsToTheStagingBucketOnly(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		egress := g.OfType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
		if len(egress) != 1 {
			t.Fatalf("%d ways out of the warehouse, want 1", len(egress))
		}
		expect(t, egress[0], "fromPort", 443.0)
		expect(t, egress[0], "toPort", 443.0)
		if egress[0].String("prefixListId") == "" || egress[0].String("cidrIpv4") != "" {
			t.Errorf("the way out leads to %v, want the addresses of S3", egress[0].Inputs)
		}
		if g.Config["airline:network"] == "existing" {
			return
		}
		vpc := g.OfType("awsx:ec2:Vpc")[0]
		expect(t, vpc, "natGateways.strategy", "None")
		for _, log := range g.OfType("aws:ec2/flowLog:FlowLog") {
			expect(t, log, "trafficType", "ALL")
		}
		endpoint := g.OfType("aws:ec2/vpcEndpoint:VpcEndpoint")[0]
		for _, s := range parsePolicy(t, endpoint.String("policy")).Statement {
			if got := s.Condition["StringEquals"]["aws:PrincipalAccount"]; len(got) != 1 || got[0] != g.Account {
				t.Errorf("the endpoint lets accounts %v through", got)
			}
			for _, res := range s.Resource {
				if !strings.HasPrefix(res, "arn:aws:s3:::"+testBucket(g, "staging")) {
					t.Errorf("the endpoint lets requests to %s through", res)
				}
			}
		}
	})
}

// A cluster takes no connection without TLS, and leaves a snapshot where data is protected; a workgroup stops at its limit.
func TestWarehouseKeepsItsLimits(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		for _, p := range g.OfType("aws:redshift/parameterGroup:ParameterGroup") {
			parameters, _ := p.Get("parameters")
			if !strings.Contains(encode(parameters), `{"name":"require_ssl","value":"true"}`) {
				t.Errorf("the cluster does not require TLS: %v", parameters)
			}
		}
		for _, c := range g.OfType("aws:redshift/cluster:Cluster") {
			expect(t, c, "skipFinalSnapshot", g.Config["airline:protect"] == "false")
		}
		for _, l := range g.OfType("aws:redshiftserverless/usageLimit:UsageLimit") {
			expect(t, l, "breachAction", "deactivate")
		}
	})
}

// The metric of a failed run has these dimensions, and an alarm on others would never go off.
func TestJobAlarmWatchesWhatGlueMeasures(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		for _, a := range g.OfType("aws:cloudwatch/metricAlarm:MetricAlarm") {
			if a.Name != "job-failed" {
				continue
			}
			dimensions, _ := a.Get("dimensions")
			want := `{"JobName":"airline-` + g.Stack + `-load","JobRunId":"ALL","ObservabilityGroup":"error","Type":"count"}`
			if got := encode(dimensions); got != want {
				t.Errorf("the alarm watches %s, want %s", got, want)
			}
		}
	})
}

// The key of messages is used for this stack's rules and alarms, not for others of the account.
func TestMessagesKeyServesThisStackOnly(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		for _, k := range g.OfType("aws:kms/key:Key") {
			if k.Name != messagesKey {
				continue
			}
			for _, s := range parsePolicy(t, k.String("policy")).Statement {
				for _, arn := range s.Condition["ArnLike"]["aws:SourceArn"] {
					if !strings.Contains(arn, "airline-"+g.Stack+"-") {
						t.Errorf("statement %s serves %s", s.Sid, arn)
					}
				}
			}
		}
	})
}
