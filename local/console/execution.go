package console

import (
	"context"
	"slices"
	"strconv"
	"time"

	"airline/asl/report"
	"airline/asl/sim"
)

const (
	executionsShown = 50
	eventsShown     = 200
)

// executionRow is an execution in a list.
type executionRow struct {
	ARN, Name, Machine, Status string
	Started, Ended             time.Time
	Took                       time.Duration
	Error                      string
	Events                     int
	Files                      []string
}

type executionsView struct {
	Rows     []executionRow
	List     report.List
	Query    query
	Machines []string
	Statuses []string
}

func executionsPage(_ context.Context, x *Index, q query) (*page, error) {
	v := executionsView{Query: q, Statuses: []string{"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}}
	machine, status := q.Get("machine"), q.Get("status")
	var matching []*sim.Execution
	for _, e := range slices.Backward(x.world.SFN().Executions()) {
		name := machineOf(e)
		if !slices.Contains(v.Machines, name) {
			v.Machines = append(v.Machines, name)
		}
		if (machine == "" || name == machine) && (status == "" || string(e.Status()) == status) {
			matching = append(matching, e)
		}
	}
	slices.Sort(v.Machines)
	shown, list := cut(matching, executionsShown, q, "from")
	v.List = list
	for _, e := range shown {
		v.Rows = append(v.Rows, rowOf(e))
	}
	return &page{Name: "executions", Title: "Executions", Data: v, Live: true}, nil
}

// rowOf is an execution as lists show it, with the keys that it is about.
func rowOf(e *sim.Execution) executionRow {
	r := executionRow{
		ARN: e.ARN(), Name: e.Name(), Machine: machineOf(e), Status: string(e.Status()), Started: e.StartTime(), Ended: e.StopTime(),
		Took: e.Elapsed(), Error: e.Error(), Events: e.Events(),
	}
	for _, o := range objectsIn(e.Input(), nil) {
		if len(r.Files) == 3 {
			r.Files = append(r.Files, "…")
			break
		}
		r.Files = append(r.Files, o.key)
	}
	return r
}

// machineOf is the name of the execution's state machine.
func machineOf(e *sim.Execution) string { return last(e.StateMachineARN(), ':') }

// executionView is an execution's page.
type executionView struct {
	ARN   string
	View  *report.View
	Files []*File
}

func executionPage(_ context.Context, x *Index, q query) (*page, error) {
	e := x.world.SFN().Execution(q.Get("arn"))
	if e == nil {
		return nil, notFound("there is no execution %s", q.Get("arn"))
	}
	o := report.Options{
		ID: "x", State: q.Get("state"), Failed: true, Visits: q.number("visits"), Items: q.number("items"), Events: q.number("events"), MaxEvents: eventsShown,
		Link: func(state string) string { return q.with("state", state, "visits", "", "items", "") + "#x-state" },
		Turn: func(list string, from int) string {
			anchor := "#x-state"
			if list == "events" {
				anchor = "#x-history"
			}
			return q.with(list, strconv.Itoa(from)) + anchor
		},
	}
	return &page{Name: "execution-page", Title: e.Name(), Data: x.execution(e, o), Live: e.Status() == sim.Running}, nil
}

// execution reads an execution for its page.
func (x *Index) execution(e *sim.Execution, o report.Options) executionView {
	v := executionView{ARN: e.ARN(), View: o.View(report.Execution{
		Name: e.Name(), Machine: machineOf(e), Definition: e.Machine().Definition(), History: e.History(), Now: e.Clock().Now(),
	})}
	var files []*File
	for _, o := range objectsIn(e.Input(), nil) {
		if f := x.byObject[o]; f != nil && len(files) < filesShown {
			files = append(files, f)
		}
	}
	v.Files = copies(files)
	return v
}
