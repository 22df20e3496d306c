package operate_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"airline/asl/awsapi"
	policies "airline/iam"
	"airline/infra"
	"airline/operate"
)

// commands do what each command does, as much of it as its policy is for. Each may be called again and again: s brings what it
// needs into the world before it.
var commands = map[string]struct {
	before func(s *stage)
	run    func(ctx context.Context, o *operate.Session) error
}{
	"status": {run: func(ctx context.Context, o *operate.Session) error {
		st, err := o.Status(ctx)
		if err == nil && (st.Files == nil || st.Files.Counts[operate.Failed] == 0 || st.Usage == nil) {
			return fmt.Errorf("it tells nothing of files or usage: %+v", st)
		}
		return err
	}},
	"files": {run: func(ctx context.Context, o *operate.Session) error {
		for _, err := range o.Files(ctx, operate.Selection{}) {
			if err != nil {
				return err
			}
		}
		return nil
	}},
}

// policyOf is the policy of a command for the dev stack.
func (s *stage) policyOf(command string) infra.Policy {
	s.Helper()
	c, names, err := operate.Describe(operate.Options{Dir: "..", Stack: "dev"})
	if err != nil {
		s.Fatal(err)
	}
	if names, err = names.In(s.graph.Account, s.graph.Region); err != nil {
		s.Fatal(err)
	}
	p, ok := names.OperatorPolicy(c, command)
	if !ok {
		s.Fatalf("%s has no policy", command)
	}
	return p
}

// TestPolicies runs each command with exactly its policy, and then without each of the policy's actions: it says then which
// statement lacks.
func TestPolicies(t *testing.T) {
	for _, command := range infra.OperatorCommands() {
		t.Run(command, func(t *testing.T) {
			test, ok := commands[command]
			if !ok {
				t.Fatalf("nothing tests the policy of %s", command)
			}
			s := serve(t, nil).history()
			run := func(p infra.Policy) error {
				if test.before != nil {
					test.before(s)
				}
				s.role(command, p)
				o, err := s.open(command)
				if err == nil {
					err = test.run(t.Context(), o)
				}
				return err
			}
			whole := s.policyOf(command)
			if err := run(whole); err != nil {
				t.Fatalf("with exactly its policy: %v\n%s", err, whole.Text())
			}
			for i, statement := range whole.Statements {
				for _, action := range statement.Actions {
					t.Run(statement.Sid+"/"+action, func(t *testing.T) {
						err := run(without(whole, i, action))
						if err == nil {
							t.Fatal("it is not needed")
						}
						var failure *operate.Failure
						if text := err.Error(); !errors.As(err, &failure) || !strings.Contains(text, "may not "+action) || !strings.Contains(text, "Add the statement "+statement.Sid) {
							t.Errorf("it says %s", text)
						}
					})
				}
			}
		})
	}
}

// without is a policy without an action of one of its statements.
func without(p infra.Policy, i int, action string) infra.Policy {
	less := infra.Policy{Statements: slices.Clone(p.Statements)}
	less.Statements[i].Actions = slices.DeleteFunc(slices.Clone(p.Statements[i].Actions), func(a string) bool { return a == action })
	if len(less.Statements[i].Actions) == 0 {
		less.Statements = slices.Delete(less.Statements, i, i+1)
	}
	return less
}

// Each right in the warehouse is needed, and what lacks is told as the administrator's statement.
func TestGrantsAreNamed(t *testing.T) {
	s := serve(t, nil).history()
	s.role("", s.policyOf("files"))
	o, err := s.open("files")
	if err != nil {
		t.Fatal(err)
	}
	err = commands["files"].run(t.Context(), o)
	if err == nil || !regexp.MustCompile(`GRANT SELECT ON airlines\.load_ledger TO "IAMR:person-1"`).MatchString(err.Error()) {
		t.Errorf("it says %v", err)
	}
}

// TestPoliciesAreSound holds the policies to what AWS knows of the actions: that they exist, and which resources they take.
func TestPoliciesAreSound(t *testing.T) {
	for _, settings := range []map[string]string{nil, {"warehouse": "provisioned"}} {
		c, names, err := operate.Describe(operate.Options{Dir: "..", Stack: "dev", Overrides: settings})
		if err != nil {
			t.Fatal(err)
		}
		if names, err = names.In("123456789012", names.Region); err != nil {
			t.Fatal(err)
		}
		for _, command := range infra.OperatorCommands() {
			p, _ := names.OperatorPolicy(c, command)
			if _, err := policies.Parse(policies.Managed, []byte(p.JSON())); err != nil {
				t.Errorf("%s: %v", command, err)
			}
			if !json.Valid([]byte(p.Text())) {
				t.Errorf("%s is no JSON: %s", command, p.Text())
			}
			sids := map[string]bool{}
			for _, s := range p.Statements {
				if sids[s.Sid] {
					t.Errorf("%s has two statements %s", command, s.Sid)
				}
				sids[s.Sid] = true
				for _, action := range s.Actions {
					prefix, name, _ := strings.Cut(action, ":")
					known, ok := awsapi.IAM(prefix)
					if !ok {
						t.Fatalf("%s: there is no prefix %s", command, prefix)
					}
					a, ok := known.Actions[name]
					if !ok {
						t.Errorf("%s: there is no action %s", command, action)
					}
					if len(a.Resources) == 0 && !slices.Equal(s.Resources, []string{"*"}) {
						t.Errorf("%s: %s takes no resource but *", command, action)
					}
				}
			}
		}
	}
}
