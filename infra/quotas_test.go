package infra

import (
	"testing"

	"airline/local/recorder"
)

// The demands on quotas are what the registered resources take.
func TestDemands(t *testing.T) {
	for name, v := range variants {
		t.Run(name, func(t *testing.T) {
			g := record(t, name, false)
			c, names := readVariant(t, v)
			if got, want := names.RolesMade(c), len(g.OfType("aws:iam/role:Role")); got != want {
				t.Errorf("%d roles are made, want %d", got, want)
			}
			if n := len(g.OfType("aws:ec2/eip:Eip", "aws:ec2/natGateway:NatGateway")); n > 0 {
				t.Errorf("the stack has %d addresses or NAT gateways, and nothing says so", n)
			}
			demands := map[string]float64{}
			for _, d := range names.Demands(c) {
				demands[d.Service+" "+d.Name] = d.Amount
			}
			want := map[string]float64{
				"events Number of rules": float64(len(g.OfType("aws:cloudwatch/eventRule:EventRule"))),
			}
			if n := len(g.OfType("aws:ec2/vpc:Vpc")); n > 0 {
				want["vpc VPCs per Region"] = float64(n)
			}
			number := func(v any, _ bool) float64 { n, _ := v.(float64); return n }
			for _, job := range g.OfType("aws:glue/job:Job") {
				runs := number(job.Get("executionProperty.maxConcurrentRuns"))
				want["glue Max concurrent job runs per account"] += runs
				dpus := number(job.Get("maxCapacity"))
				if each := map[string]float64{"G.1X": 1, "G.2X": 2}[job.String("workerType")]; each > 0 { // a big batch's run has more workers than the job
					dpus = each * float64(c.Job.MaxWorkers)
				}
				want["glue Max task DPUs per account"] += runs * dpus
			}
			for _, cluster := range g.OfType("aws:redshift/cluster:Cluster") {
				want["redshift Nodes"] += number(cluster.Get("numberOfNodes"))
			}
			for _, group := range g.OfType("aws:redshiftserverless/workgroup:Workgroup") {
				want["redshift-serverless RPU"] += max(number(group.Get("baseCapacity")), number(group.Get("maxCapacity")))
			}
			for quota, amount := range want {
				if demands[quota] != amount {
					t.Errorf("of %s it takes %v, want %v", quota, demands[quota], amount)
				}
				delete(demands, quota)
			}
			if len(demands) > 0 {
				t.Errorf("nothing of the stack takes %v", demands)
			}
		})
	}
}

// readVariant is the configuration of a stack, as those read it who look at it from outside.
func readVariant(t *testing.T, v variant) (*Config, Names) {
	t.Helper()
	settings, err := recorder.ReadSettings("..", v.stack, v.overrides)
	if err != nil {
		t.Fatal(err)
	}
	c, n, err := ReadStack(settings.Project, v.stack, settings.Get)
	if err != nil {
		t.Fatal(err)
	}
	if n, err = n.In(recorder.DefaultAccount, n.Region); err != nil {
		t.Fatal(err)
	}
	return c, n
}
