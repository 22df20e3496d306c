package console

import (
	"context"
	"net/url"
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
	// Parent is the execution of the distributed Map that this one has items of; empty without.
	Parent string
	// Runs are the execution's distributed Maps: those of the chosen state, or all.
	Runs []mapRunView
}

// mapRunView is a distributed Map, with a page of its child executions.
type mapRunView struct {
	ARN, Status string
	Counts      sim.MapRunCounts // of executions
	Rows        []childRow
	List        report.List
}

// childRow is a child execution in a list.
type childRow struct {
	executionRow
	Items int
}

// childrenShown is how many child executions a page has.
const childrenShown = 50

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
	v := x.execution(e, o)
	v.Runs = x.mapRuns(e, v.View, q)
	return &page{Name: "execution-page", Title: e.Name(), Data: v, Live: e.Status() == sim.Running}, nil
}

// mapRuns are the distributed Maps of an execution. Of the one that the query names a page is shown, of the others the first.
func (x *Index) mapRuns(e *sim.Execution, v *report.View, q query) (list []mapRunView) {
	chosen := map[string]bool{}
	for _, s := range v.States {
		for _, visit := range s.Visits {
			chosen[visit.MapRun] = true
		}
	}
	for _, m := range x.world.SFN().MapRuns(e) {
		if q.Get("state") != "" && !chosen[m.ARN()] {
			continue
		}
		own := q
		if q.Get("run") != m.ARN() {
			own = query{Values: url.Values{"arn": {e.ARN()}, "state": q.Values["state"], "run": {m.ARN()}}}
		}
		children, pages := cut(x.world.SFN().Children(m), childrenShown, own, "children")
		view := mapRunView{ARN: m.ARN(), Status: string(m.Status()), Counts: m.Executions(), List: pages}
		for _, c := range children {
			view.Rows = append(view.Rows, childRow{rowOf(c), m.ItemsOf(c)})
		}
		list = append(list, view)
	}
	return list
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
	if run := e.Run(); run != nil {
		v.Parent = run.Execution().ARN()
	}
	return v
}
