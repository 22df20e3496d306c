package local_test

import (
	"slices"
	"strings"
	"testing"

	policies "airline/iam"
	"airline/local"
	"airline/local/iam"
)

// The COPY role is taken by the kind of warehouse that the stack has: a trust for the other kind's users, or without one of the
// services, loads nothing.
func TestCopyRoleIsForItsKindOfWarehouse(t *testing.T) {
	const workgroup = "dbuser:serverless-123456789012-*/IAMR:"
	for name, c := range map[string]struct {
		stack string
		edit  func(*policies.Statement)
	}{
		"users of a cluster":           {"dev", func(s *policies.Statement) { replaceUsers(s, workgroup, "dbuser:airline-dev/IAMR:") }},
		"users of Redshift Serverless": {"prod", func(s *policies.Statement) { replaceUsers(s, "dbuser:airline-prod/IAMR:", workgroup) }},
		"users of another account":     {"dev", func(s *policies.Statement) { replaceUsers(s, "serverless-123456789012-", "serverless-444455556666-") }},
		"without redshift":             {"dev", func(s *policies.Statement) { s.Principal.Services = []string{"redshift-serverless.amazonaws.com"} }},
		"without redshift-serverless":  {"dev", func(s *policies.Statement) { s.Principal.Services = []string{"redshift.amazonaws.com"} }},
	} {
		t.Run(name, func(t *testing.T) {
			_, wrong := ingest(t.Context(), local.Options{Graph: record(t, c.stack, "s3"), EditPolicy: func(d iam.Document, p *policies.Policy) *policies.Policy {
				if d.Kind == policies.Trust && strings.HasSuffix(d.Owner, "-copy") {
					c.edit(&p.Statements[0])
				}
				return p
			}})
			if text := strings.Join(wrong, "\n"); !strings.Contains(text, "Not authorized to get credentials of role") {
				t.Errorf("got %q, want a load that fails because the role is not given", text)
			}
		})
	}
}

func replaceUsers(s *policies.Statement, old, new string) {
	for i, c := range s.Conditions {
		values := slices.Clone(c.Values)
		for k := range values {
			values[k] = strings.ReplaceAll(values[k], old, new)
		}
		s.Conditions[i].Values = values
	}
}

// Glue names the log groups of a job after its security configuration and role. Those that a load writes are the stack's own,
// with retention and key.
func TestJobWritesTheStacksLogGroups(t *testing.T) {
	g := record(t, "dev", "s3")
	w, wrong := ingest(t.Context(), local.Options{Graph: g})
	if wrong != nil {
		t.Fatal(strings.Join(wrong, "\n"))
	}
	defer w.Close()
	var deployed []string
	for _, r := range g.OfType("aws:cloudwatch/logGroup:LogGroup") {
		deployed = append(deployed, r.String("name"))
	}
	written := 0
	for _, name := range w.Logs().Groups() {
		if strings.HasPrefix(name, "/aws-glue/jobs") {
			written++
			if !slices.Contains(deployed, name) {
				t.Errorf("the job writes to %s, want one of %v", name, deployed)
			}
		}
	}
	if written == 0 {
		t.Error("the job has no log group")
	}
}
