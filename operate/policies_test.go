package operate_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl/awsapi"
	"airline/etl"
	policies "airline/iam"
	"airline/infra"
	"airline/local/wire"
	"airline/operate"
)

// commands do what each command does, as much of it as its policy is for. Each may be called again and again: s brings what it
// needs into the world before it.
var commands = map[string]struct {
	pace   wire.Time
	before func(s *stage)
	run    func(ctx context.Context, o *operate.Session) error
}{
	"status": {run: func(ctx context.Context, o *operate.Session) error {
		st, err := o.Status(ctx)
		if err == nil && (st.Files == nil || st.Files.Counts[operate.Failed] == 0 || st.Usage == nil || st.Usage.Crawls == 0) {
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
	"file": {run: func(ctx context.Context, o *operate.Session) error {
		story, err := o.Story(ctx, badKey)
		if err == nil && (len(story.Loads) != 1 || len(story.Loads[0].Job.ErrorLog) == 0) {
			return fmt.Errorf("it tells nothing of the load: %+v", story.Loads)
		}
		if err != nil {
			return err
		}
		if story, err = o.Story(ctx, halfBadKey); err == nil && story.Loads[0].Manifest == nil {
			return errors.New("it tells no manifest")
		}
		return err
	}},
	"doctor": {run: func(ctx context.Context, o *operate.Session) error {
		d, err := o.Doctor(ctx, time.Millisecond)
		if err != nil {
			return err
		}
		for _, r := range d.Rights {
			if r.For == "airline doctor" && len(r.Lacking) > 0 || r.For == "airline retire" && len(r.Lacking) == 0 {
				return fmt.Errorf("for %s it lacks %v", r.For, r.Lacking)
			}
		}
		return nil
	}},
	"watch": {
		pace:   wire.Real,
		before: (*stage).hold,
		run: func(ctx context.Context, o *operate.Session) error {
			heard := false
			_, err := o.Watch(ctx, heldKey, time.Millisecond, func(n operate.News) error {
				heard = true
				return errEnough
			})
			if errors.Is(err, errEnough) {
				err = nil
			}
			if err == nil && !heard {
				return errors.New("nothing was heard")
			}
			return err
		},
	},
	"rejects": {run: func(ctx context.Context, o *operate.Session) error {
		if _, err := o.Rejects(ctx, badKey); err != nil && !strings.Contains(err.Error(), "has left no rejects") {
			return err
		}
		r, err := o.Rejects(ctx, halfBadKey)
		if err != nil {
			return err
		}
		n, err := r.Fix(ctx, io.Discard)
		if err == nil && n != 1 {
			return fmt.Errorf("%d rows are marked", n)
		}
		return err
	}},
	"query": {run: func(ctx context.Context, o *operate.Session) error {
		for _, err := range o.Query(ctx, "SELECT COUNT(*) FROM airlines.daily_flights_fact") {
			return err
		}
		return nil
	}},
	"undelivered": {
		before: (*stage).undeliver,
		run: func(ctx context.Context, o *operate.Session) error {
			for _, err := range o.Undelivered(ctx) {
				return err
			}
			return errors.New("nothing was undelivered")
		},
	},
	"undelivered --redrive": {
		before: (*stage).undeliver,
		run: func(ctx context.Context, o *operate.Session) error {
			for u, err := range o.Undelivered(ctx) {
				if err == nil {
					_, err = o.Redrive(ctx, u)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	},
	"upload": {run: func(ctx context.Context, o *operate.Session) error {
		dir, err := os.MkdirTemp("", "upload-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		airports, err := o.CurrentAirports(ctx, dir)
		if err != nil {
			return err
		}
		u, err := o.Upload(ctx, airports[0], airportsKey, nil)
		if err != nil {
			return err
		}
		_, err = o.Await(ctx, airportsKey, u.Version, time.Millisecond, func(operate.Execution) {})
		return err
	}},
	"replay": {run: func(ctx context.Context, o *operate.Session) error {
		plan, err := o.PlanReplay(ctx, []string{dayKey, badKey}, true)
		if err == nil {
			_, err = o.Start(ctx, plan[0])
		}
		if err != nil {
			return err
		}
		plan[0].Restore = plan[0].Version.ID
		_, err = o.Start(ctx, plan[0])
		return err
	}},
	"reconcile": {run: func(ctx context.Context, o *operate.Session) error {
		plan, err := o.PlanReconcile(ctx, 7)
		if err == nil {
			_, err = o.Start(ctx, plan[0])
		}
		return err
	}},
	"backfill": {run: func(ctx context.Context, o *operate.Session) error {
		day := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
		plan, err := o.PlanBackfill(ctx, day, day, "", 1)
		if err != nil {
			return err
		}
		if plan.Files != 1 || plan.Batches != 1 {
			return fmt.Errorf("the plan is %+v", plan)
		}
		arn, err := o.StartBackfill(ctx, plan)
		if err != nil {
			return err
		}
		end, err := o.FollowBackfill(ctx, arn, time.Millisecond, func(operate.BackfillProgress) error { return nil })
		if err == nil && (end.Summary == nil || end.Summary.Failed != 1 || end.Status != "FAILED" || end.Batches == nil || end.Batches.Done != 1) {
			return fmt.Errorf("the end is %+v", end)
		}
		return err
	}},
	"retire": {
		pace: wire.Real,
		before: func(s *stage) {
			s.put(dayKey, flightsFile)
			s.hold() // what runs is looked at
		},
		run: func(ctx context.Context, o *operate.Session) error {
			r, err := o.PlanRetire(ctx, dayKey)
			if err == nil {
				_, err = o.Retire(ctx, r)
			}
			return err
		},
	},
	"migrate": {
		before: func(s *stage) { s.sql("ALTER TABLE airlines.daily_flights_fact DROP COLUMN arr_state") },
		run: func(ctx context.Context, o *operate.Session) error {
			m, err := o.PlanMigrate(ctx, etl.MigrateOptions{})
			if err != nil {
				return err
			}
			if !m.ToDo() {
				return errors.New("nothing is to be done")
			}
			return o.Migrate(ctx, m, func(string, etl.Step) {})
		},
	},
}

// errEnough ends what would go on.
var errEnough = errors.New("enough")

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
			s := serveIn(t, test.pace, nil).history()
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

// A right in the warehouse that lacks is told as the administrator's statement.
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
