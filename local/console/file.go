package console

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/report"
	"airline/asl/trace"
)

// fileView is a file's page: its story.
type fileView struct {
	*File
	Steps    []step
	Reasons  []reason
	Own      float64      // dollars of its executions and its job runs
	Sample   *rejectsView // the first rejected rows, in a report; nil without
	Versions []*File
}

// step is one thing that has happened to a file.
type step struct {
	At      time.Time
	Took    time.Duration
	Title   string
	Text    string
	Payload string
	Link    string
	Failed  bool
	USD     float64
}

// reason counts rejected rows.
type reason struct {
	Reason string
	Rows   int64
}

func filePage(_ context.Context, x *Index, q query) (*page, error) {
	f := x.find(q.Get("key"), q.Get("version"))
	if f == nil {
		return nil, notFound("no file %s of version %s has come to the raw bucket", q.Get("key"), q.Get("version"))
	}
	v, err := x.story(f)
	if err != nil {
		return nil, err
	}
	return &page{Name: "file", Title: f.Key, Data: v, Live: true}, nil
}

// find is the file with that key and version; without a version the newest.
func (x *Index) find(key, version string) *File {
	if f := x.byObject[object{key, version}]; f != nil || version != "" {
		return f
	}
	if versions := x.byKey[key]; len(versions) > 0 {
		return versions[len(versions)-1]
	}
	return nil
}

// story tells what has happened to a file, in order.
func (x *Index) story(f *File) (*fileView, error) {
	shown := *f
	v := &fileView{File: &shown}
	if f.Manifest != nil {
		v.Reasons = reasons(f.Manifest.Reasons)
	}
	var versions []*File
	for _, other := range x.byKey[f.Key] {
		if other.Version != f.Version {
			versions = append(versions, other)
		}
	}
	v.Versions = copies(versions)
	arrived := step{At: f.Arrived, Title: "Object written", Text: fmt.Sprintf("%s, version %s", bytesText(f.Size), cmp.Or(f.Version, "none"))}
	if f.Deleted {
		arrived.Title, arrived.Text = "Object deleted", "version "+cmp.Or(f.Version, "none")
	}
	v.Steps = append(v.Steps, arrived)
	if f.Rule != "" {
		s := step{At: f.Delivered, Title: "Event handed on", Text: "rule " + f.Rule, Failed: f.Refused != ""}
		if s.Failed {
			s.Title, s.Text = "Event refused", s.Text+": "+f.Refused
		}
		v.Steps = append(v.Steps, s)
	}
	v.Steps = append(v.Steps, x.executionSteps(f)...)
	v.Steps = append(v.Steps, x.notificationSteps(f)...)
	slices.SortStableFunc(v.Steps, func(a, b step) int { return a.At.Compare(b.At) })
	for _, s := range v.Steps {
		v.Own += s.USD
	}
	return v, nil
}

// reasons are those of rejected rows, the most frequent first.
func reasons(counts map[string]int64) []reason {
	var list []reason
	for name, n := range counts {
		list = append(list, reason{name, n})
	}
	slices.SortFunc(list, func(a, b reason) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Reason, b.Reason)) })
	return list
}

// executionSteps tell what the file's latest execution did.
func (x *Index) executionSteps(f *File) []step {
	execution := x.world.SFN().Execution(f.Execution)
	if execution == nil {
		return nil
	}
	t := trace.Read(execution.History())
	transition, hour := x.prices()
	list := []step{{At: execution.StartTime(), Title: "Execution started", Text: machineOf(execution), Link: f.Execution}}
	for _, visit := range t.Visits {
		if s, ok := stepOf(&visit, execution.Clock().Now()); ok {
			if s.Title == jobRun {
				s.USD = hour * f.JobHours
			}
			list = append(list, s)
		}
	}
	if !execution.StopTime().IsZero() {
		status := strings.ToLower(strings.ReplaceAll(string(execution.Status()), "_", " "))
		end := step{At: execution.StopTime(), Took: execution.Elapsed(), Title: "Execution " + status, Link: f.Execution, Failed: f.Error != "",
			Text: fmt.Sprintf("%d state transitions", f.Transitions), USD: transition * float64(f.Transitions)}
		if f.Error != "" {
			end.Text += "; " + f.Error + ": " + f.Cause
		}
		list = append(list, end)
	}
	if m := f.Manifest; m != nil {
		at := execution.StopTime()
		for i := range list {
			if list[i].Title == jobRun {
				at = list[i].At.Add(list[i].Took)
			}
		}
		s := step{At: at, Title: "Rows checked", Text: fmt.Sprintf("%s read, %s good, %s rejected", report.Count(m.RowsRead), report.Count(m.RowsLoaded), report.Count(m.RowsRejected))}
		list = append(list, s)
	}
	return list
}

// jobRun is the title of the step of a run of the job.
const jobRun = "Job run"

// stepOf is a visit that tells something of the file: a call of a service that works for it.
func stepOf(v *trace.Visit, now time.Time) (step, bool) {
	if v.Type != "Task" || len(v.Attempts) == 0 {
		return step{}, false
	}
	last := v.Attempts[len(v.Attempts)-1]
	parameters, _ := last.Parameters.(*jsonvalue.Object)
	s := step{At: v.Entered, Took: v.End(now).Sub(v.Entered), Failed: v.Error != "", Text: v.State}
	has := func(name string) bool { _, ok := parameters.Get(name); return ok }
	switch {
	case has("JobName"):
		s.Title = jobRun
		if output, _ := last.Output.(*jsonvalue.Object); output != nil {
			if id, ok := output.Get("Id"); ok {
				s.Text = fmt.Sprintf("%s, run %v", v.State, id)
			}
		}
	case has("Sqls") || has("Sql"):
		s.Title = "Statements sent"
		s.Payload = statements(parameters)
	case has("Name") && strings.Contains(v.State, "StartCrawler"):
		s.Title = "Crawler started"
	default:
		if v.Error == "" {
			return step{}, false
		}
		s.Title = v.State
		s.Text = ""
	}
	if n := len(v.Attempts); n > 1 {
		s.Text += fmt.Sprintf(", %d attempts", n)
	}
	if v.Error != "" {
		if s.Text != "" {
			s.Text += ": "
		}
		s.Text += v.Error + ": " + v.Cause
	}
	return s, true
}

// statements are the SQL texts of a call of the Data API.
func statements(parameters *jsonvalue.Object) string {
	one, _ := parameters.Get("Sql")
	if text, ok := one.(string); ok {
		return text
	}
	many, _ := parameters.Get("Sqls")
	list, _ := many.([]any)
	var b strings.Builder
	for _, s := range list {
		fmt.Fprintf(&b, "%v;\n\n", s)
	}
	return strings.TrimSpace(b.String())
}

// notificationSteps are the messages about the file's execution.
func (x *Index) notificationSteps(f *File) []step {
	var list []step
	for _, n := range x.told[f.Execution] {
		list = append(list, step{At: n.Time, Title: "Notification", Text: n.Subject, Payload: indented(n.Message), Failed: n.Dropped != ""})
	}
	return list
}

// indented is JSON for people; other text stays as it is.
func indented(text string) string {
	v, err := jsonvalue.Decode([]byte(text))
	if err != nil {
		return text
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, jsonvalue.Append(nil, v), "", "  "); err != nil {
		return text
	}
	return pretty.String()
}
