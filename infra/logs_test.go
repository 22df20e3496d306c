package infra

import (
	"slices"
	"strings"
	"testing"

	"airline/local/recorder"
)

// Everything that writes a log finds a group with retention and key, made before it may write.
func TestLogGroupsOfServices(t *testing.T) {
	eachVariant(t, func(t *testing.T, g *recorder.Graph) {
		id := "airline-" + g.Stack
		groups := map[string]*recorder.Resource{}
		for _, group := range g.OfType("aws:cloudwatch/logGroup:LogGroup") {
			groups[group.String("name")] = group
			if days, ok := group.Get("retentionInDays"); !ok || days.(float64) < 1 || !strings.HasPrefix(group.String("kmsKeyId"), "arn:aws:kms:") {
				t.Errorf("log group %s is kept %v days, with key %q", group.Name, days, group.String("kmsKeyId"))
			}
		}
		want := map[string]string{} // log group -> type of what must come after it
		for _, role := range g.OfType("aws:iam/role:Role") {
			name := strings.TrimPrefix(role.String("path"), "/") + role.String("name")
			switch role.Name {
			case crawlerThing:
				want["/aws-glue/crawlers-role/"+name+"-"+id+"-glue"] = "aws:iam/rolePolicy:RolePolicy"
			case jobThing:
				want["/aws-glue/jobs/"+id+"-load/"+id+"-glue-role/"+name+"/output"] = "aws:iam/rolePolicy:RolePolicy"
				want["/aws-glue/jobs/"+id+"-load/"+id+"-glue-role/"+name+"/error"] = "aws:iam/rolePolicy:RolePolicy"
			}
		}
		for _, export := range []string{"connectionlog", "useractivitylog", "userlog"} {
			if len(g.OfType("aws:redshift/cluster:Cluster")) > 0 {
				want["/aws/redshift/cluster/"+id+"/"+export] = "aws:redshift/logging:Logging"
			}
		}
		for name, after := range want {
			group := groups[name]
			if group == nil {
				t.Errorf("there is no log group %s", name)
				continue
			}
			if !slices.ContainsFunc(g.OfType(after), func(r *recorder.Resource) bool { return slices.Contains(r.Dependencies, group.URN) }) {
				t.Errorf("log group %s goes while something may make it again", name)
			}
		}
	})
}
