package operate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	"airline/local"
	"airline/local/quotas"
	"airline/operate"
)

// around is what a doctor finds around a stack, by kind and name. The caller is whoever the environment has the keys of.
func (s *stage) around(stack string, settings map[string]string) (*operate.Diagnosis, map[string]operate.Part) {
	s.Helper()
	o, err := operate.Open(s.Context(), operate.Options{Dir: "..", Stack: stack, Overrides: settings, Endpoint: s.server.URL, Command: "doctor", Tries: 6})
	if err != nil {
		s.Fatal(err)
	}
	d, err := o.Doctor(s.Context(), time.Millisecond)
	if err != nil {
		s.Fatal(err)
	}
	found := map[string]operate.Part{}
	for _, p := range d.Around {
		found[p.Kind+" "+p.Name] = p
		if (p.Health == operate.Well) != (p.Fix == "") {
			s.Errorf("%s %s is %s, and to be done is %q", p.Kind, p.Name, p.Health, p.Fix)
		}
	}
	return d, found
}

// A stack that is not deployed is compared with what its account has for it; one that is there adds nothing.
func TestDoctorLooksAround(t *testing.T) {
	const (
		vpcs  = "quota vpc VPCs per Region"
		rules = "quota events Number of rules"
		runs  = "quota glue Max concurrent job runs per account"
		roles = "quota iam Roles per account"
		rpu   = "quota redshift-serverless Most RPU of a workgroup"
		nodes = "quota redshift Nodes"
		lake  = "lake formation airline_prod"
		role  = "service-linked role AWSServiceRoleForRedshift"
	)
	govern := func(w *local.World) error {
		_, err := w.Lake().PutDataLakeSettings(t.Context(), &lakeformation.PutDataLakeSettingsInput{DataLakeSettings: &types.DataLakeSettings{}})
		return err
	}
	for name, test := range map[string]struct {
		stack    string // prod, which is not deployed, when empty
		settings map[string]string
		quotas   []quotas.Quota
		before   func(*local.World) error
		want     map[string]string // detail, and what is to be done
	}{
		"room": {want: map[string]string{
			vpcs: "this stack adds 1, 2 in use, of 5", rules: "this stack adds 3, 3 in use, of 300",
			runs: "this stack takes up to 20, how much is in use is not known, of 2000", lake: "IAM alone decides", role: "is there",
		}},
		"deployed": {stack: "dev", want: map[string]string{vpcs: "this stack adds 0, 2 in use, of 5", rules: "this stack adds 0, 3 in use, of 300", roles: "this stack adds 0, "}},
		"given network": {settings: map[string]string{
			"network": "existing", "vpcId": "vpc-0123456789abcdef0", "subnetIds": `["subnet-0123456789abcdef0","subnet-0123456789abcdef1","subnet-0123456789abcdef2"]`,
		}, want: map[string]string{vpcs: ""}},
		"no VPC is left": {
			quotas: []quotas.Quota{{Service: "vpc", Code: "L-F678F1CE", Name: "VPCs per Region", Default: 5, Applied: 5, Used: 4, Reported: true}},
			want:   map[string]string{vpcs: "this stack adds 1, 5 in use, of 5; aws service-quotas request-service-quota-increase --region eu-west-1 --service-code vpc --quota-code L-F678F1CE --desired-value 6"},
		},
		"fewer runs than loads at once": {
			quotas: []quotas.Quota{{Service: "glue", Code: "L-5E4153CA", Name: "Max concurrent job runs per account", Default: 2000, Applied: 25, Used: 10, Reported: true}},
			want:   map[string]string{runs: "this stack takes up to 20, 10 in use, of 25; --desired-value 30"},
		},
		"RPU by their name": {
			stack: "dev", quotas: []quotas.Quota{{Service: "redshift-serverless", Code: "L-00000001", Name: "Most RPU of a workgroup", Default: 4, Applied: 4}},
			want: map[string]string{rpu: " of 4; --quota-code L-00000001"},
		},
		"nodes by their name": {
			quotas: []quotas.Quota{{Service: "redshift", Code: "L-00000002", Name: "Nodes", Default: 200, Applied: 200}},
			want:   map[string]string{nodes: "how much is in use is not known, of 200"},
		},
		"Lake Formation governs": {before: govern, want: map[string]string{lake: "governs new databases; pulumi config set airline:lakeFormation catalog"}},
		"and the stack knows":    {before: govern, settings: map[string]string{"lakeFormation": "catalog"}, want: map[string]string{lake: "the stack grants"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(o *local.Options) { o.Quotas = test.quotas })
			if test.before != nil {
				s.do(test.before)
			}
			s.as("operator")
			stack := test.stack
			if stack == "" {
				stack = "prod"
			}
			d, found := s.around(stack, test.settings)
			for part, want := range test.want {
				p, ok := found[part]
				if want == "" {
					if ok {
						t.Errorf("%s is told: %+v", part, p)
					}
					continue
				}
				detail, fix, unwell := strings.Cut(want, "; ")
				if !ok || !strings.Contains(p.Detail, detail) || !strings.Contains(p.Fix, fix) || unwell != (p.Health != operate.Well) {
					t.Errorf("%s: got %+v, want %s", part, p, want)
				}
			}
			for _, name := range []string{rpu, nodes} {
				service, _, _ := strings.Cut(strings.TrimPrefix(name, "quota "), " ")
				unknown := strings.Contains(strings.Join(d.NotLookedAt, "; "), "Service Quotas lists none of "+service+")")
				if _, ok := found[name]; ok && unknown {
					t.Errorf("%s is told, and not looked at: %v", name, d.NotLookedAt)
				}
			}
		})
	}
}

// Redshift's role is missed only where whoever deploys may not have it made.
func TestServiceLinkedRole(t *testing.T) {
	s := serve(t, func(o *local.Options) {
		less := *o.Graph
		less.Resources = nil
		for _, r := range o.Graph.Resources {
			if !strings.HasPrefix(r.Type, "aws:redshift") {
				less.Resources = append(less.Resources, r)
			}
		}
		o.Graph = &less
	})
	s.as("operator")
	const name = "service-linked role AWSServiceRoleForRedshift"
	if _, found := s.around("dev", nil); found[name].Health != operate.Well || !strings.Contains(found[name].Detail, "makes it") {
		t.Errorf("to who may have it made is said %+v", found[name])
	}
	s.person(s.policyOf("doctor"))
	if _, found := s.around("dev", nil); found[name].Health != operate.Unwell || !strings.Contains(found[name].Fix, "aws iam create-service-linked-role --aws-service-name redshift.amazonaws.com") {
		t.Errorf("to who may not is said %+v", found[name])
	}
}
