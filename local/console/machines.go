package console

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/draw"
	"airline/asl/grants"
	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
	"airline/asl/report"
	"airline/asl/sim"
	"airline/local"
	"airline/local/sfn"
)

// What a test run may take.
const (
	benchBytes = 2 << 20 // of the form
	benchTime  = 5 * time.Second
	benchSteps = 20_000_000
)

// machinesView is the workbench.
type machinesView struct {
	Names                    []string
	Name                     string // of the stack's machine that it began with
	Definition, Input, Mocks string
	Graph                    template.HTML
	TooLarge                 bool
	Problems                 ast.Diagnostics
	Policy                   string
	Unknown                  []string // what no permission is known for
	Run                      *report.View
	Failure                  string // why there is no run
}

// machinesPage shows a definition of the world.
func machinesPage(_ context.Context, x *Index, q query) (*page, error) {
	v := &machinesView{Input: "{}"}
	machines := x.world.SFN().Machines()
	for _, m := range machines {
		v.Names = append(v.Names, m.Name)
	}
	name := q.Get("name")
	i := slices.IndexFunc(machines, func(m sfn.Machine) bool { return m.Name == name })
	if name != "" && i < 0 {
		return nil, notFound("there is no state machine %s", name)
	}
	if i < 0 && len(machines) > 0 {
		i = 0
	}
	if i >= 0 {
		v.Name, v.Definition = machines[i].Name, indented(machines[i].Definition)
		v.Input = `{"files": [{
  "bucket": ` + jsonvalue.String(x.raw) + `, "key": "daily-flights/date=2008-05-01/flights.csv", "version": "v1",
  "time": "2024-01-01T00:00:00Z", "eventId": "1"
}]}`
	}
	d := v.look(scopeOf(x.world, v.Name))
	v.Mocks = skeleton(d)
	return &page{Name: "machines", Title: "State machines", Data: v}, nil
}

func scopeOf(w *local.World, machine string) grants.Scope {
	return grants.Scope{Partition: w.Graph.Partition, Region: w.Graph.Region, Account: w.Graph.Account, StateMachine: machine}
}

// look draws and judges the definition, as far as it can be read.
func (v *machinesView) look(scope grants.Scope) *ast.Definition {
	if strings.TrimSpace(v.Definition) == "" {
		return nil
	}
	d, err := ast.ParseString(v.Definition)
	if err != nil && !errors.As(err, &v.Problems) {
		v.Problems = ast.Diagnostics{{Severity: ast.SeverityError, What: err.Error()}}
	}
	if d == nil {
		return nil
	}
	v.Problems = append(v.Problems, d.Validate()...)
	v.Problems = append(v.Problems, awsapi.Check(d, awsapi.Options{})...)
	if v.TooLarge = draw.Transitions(d) > draw.MaxTransitions; !v.TooLarge {
		v.Graph = template.HTML(draw.SVG(d, draw.Options{Part: "definition", FoldFailures: true}))
	}
	allowed, err := grants.Of(d, scope)
	if err != nil {
		v.Unknown = strings.Split(err.Error(), "\n")
	}
	v.Policy = indented(jsonvalue.String(grants.Policy(allowed)))
	return d
}

// skeleton are mocks with one answer for each task.
func skeleton(d *ast.Definition) string {
	if d == nil {
		return "{}"
	}
	o := jsonvalue.NewObject(0)
	var add func(*ast.Definition)
	add = func(d *ast.Definition) {
		for _, s := range d.States {
			if s.Type == ast.TypeTask {
				answer := jsonvalue.NewObject(1)
				answer.Set("return", jsonvalue.NewObject(0))
				o.Set(s.Name, []any{answer})
			}
			for _, b := range s.Branches {
				add(b)
			}
			if p := s.Processor(); p != nil {
				add(p)
			}
		}
	}
	add(d)
	return indented(jsonvalue.String(o))
}

// bench answers the form of the workbench: another definition, and a run of it. It does not touch the world.
func (c *Console) bench(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, benchBytes)
	if err := c.checkForm(r); err != nil {
		c.fail(w, r, err)
		return
	}
	v := &machinesView{Definition: r.PostForm.Get("definition"), Input: r.PostForm.Get("input"), Mocks: r.PostForm.Get("mocks")}
	var scope grants.Scope
	if err := c.do(func(world *local.World) error {
		for _, m := range world.SFN().Machines() {
			v.Names = append(v.Names, m.Name)
		}
		scope = scopeOf(world, "")
		return nil
	}); err != nil {
		c.fail(w, r, err)
		return
	}
	d := v.look(scope)
	if r.PostForm.Get("what") == "run" && d != nil {
		if err := v.run(r.Context(), d); err != nil {
			v.Failure = err.Error()
		}
	}
	c.write(w, r, http.StatusOK, &page{Name: "machines", Title: "State machines", Data: v})
}

// run executes the definition with the mocks.
func (v *machinesView) run(ctx context.Context, d *ast.Definition) error {
	if v.Problems.HasErrors() {
		return errors.New("the definition has errors, and is not run")
	}
	machine, err := sim.Compile(d)
	if err != nil {
		return err
	}
	mocks := sim.Mocks{}
	if strings.TrimSpace(v.Mocks) != "" {
		if mocks, err = sim.ParseMocks([]byte(v.Mocks), "", ""); err != nil {
			return fmt.Errorf("mocks: %w", err)
		}
		if err := mocks.Check(machine); err != nil {
			return fmt.Errorf("mocks: %w", err)
		}
	}
	input, err := jsonvalue.Decode([]byte(v.Input))
	if err != nil {
		return fmt.Errorf("input: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, benchTime)
	defer cancel()
	clock := sim.NewClock(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
	x := machine.Start(clock, input, sim.Options{
		Name: "test", Tasks: mocks.Player(), History: true, Limits: jsonata.Limits{Depth: 100, Steps: benchSteps, Size: 64 << 20},
	})
	if err := clock.Run(ctx); err != nil {
		return fmt.Errorf("the run was given up after %s", benchTime)
	}
	v.Run = report.Options{ID: "x", States: true, MaxEvents: eventsShown}.View(report.Execution{Name: "test run", Definition: d, History: x.History(), Now: clock.Now()})
	return nil
}

// checkForm reads a form, and refuses one that is not the console's own.
func (c *Console) checkForm(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return fmt.Errorf("the form has more than %d bytes", large.Limit)
		}
		return fmt.Errorf("the form cannot be read: %w", err)
	}
	return c.checkToken(r.PostForm.Get("token"))
}

func (c *Console) checkToken(token string) error {
	if subtle.ConstantTimeCompare([]byte(token), []byte(c.token)) != 1 {
		return errToken
	}
	return nil
}

var errToken = errors.New("the form is not from this console, or from before it was started again: load the page again")
