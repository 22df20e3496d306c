package console

import (
	"encoding/json"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/etl"
	"airline/local"
	"airline/local/door"
	"airline/local/events"
	"airline/local/s3"
	"airline/local/sns"
)

// maxFiles bounds what an index remembers of files: the oldest are forgotten, and counted.
const maxFiles = 100_000

// Index follows a world while it runs, and remembers what its pages need: of each file where it stands, of calls how many there
// were. It belongs to the world: whoever has the world has the index.
type Index struct {
	world        *local.World
	server       Server // nil in a report, which changes nothing
	raw, staging string

	files       []*File // as they came
	byObject    map[object]*File
	byExecution map[string][]*File
	byKey       map[string][]*File            // in the order of their arrival
	told        map[string][]sns.Notification // by the ARN of the execution that they name
	partly      map[string]bool               // executions under way that have loaded some of their files and not others
	forgotten   int
	counts      Counts
	calls       map[callKey]*Calls
	deeds       []Deed // the latest
	revision    atomic.Uint64
}

// object is one version of a key of the raw bucket.
type object struct{ key, version string }

// File is what became of an object of the raw bucket, or of its deletion.
type File struct {
	Key, Version string
	day          string // that the key says, found once: pages ask it of every file
	Size         int64
	Arrived      time.Time
	Deleted      bool
	// Rule is the rule that handed the file's event on, at Delivered; empty without.
	Rule      string
	Delivered time.Time
	Refused   string // why the event was not taken
	// Execution is the ARN of the latest about the file; Executions counts them.
	Execution  string
	Executions int
	// Status is that of the execution, or one of NotStarted, StatusDeleted.
	Status         string
	Error, Cause   string
	Started, Ended time.Time
	// Manifest is what the job has written about the load; ManifestKey where, in the staging bucket. Nil without.
	Manifest    *etl.Manifest
	ManifestKey string
	Transitions int     // of all its executions
	JobHours    float64 // DPU-hours of the job's runs
}

// The statuses of files without an execution.
const (
	NotStarted    = "NOT_STARTED"
	StatusDeleted = "DELETED"
)

// Loaded are the rows that the load has brought: none when it failed.
func (f *File) Loaded() int64 {
	if f.Manifest == nil || f.Status != string(sim.Succeeded) {
		return 0
	}
	return f.Manifest.RowsLoaded
}

// Day is the day that the key says the flights are of, or "".
func (f *File) Day() string { return f.day }

// dayOf is the day that a key says, or "".
func dayOf(key string) string {
	days, err := etl.DatasetOf(key).Days(key)
	if err != nil || days.First.IsZero() || !days.One() {
		return ""
	}
	return days.First.Format(time.DateOnly)
}

// Counts are what has happened so far.
type Counts struct {
	Delivered, Undelivered             int // events
	Running, Succeeded, Failed         int // executions
	RowsRead, RowsLoaded, RowsRejected int64
	Notifications                      int
}

type callKey struct{ principal, service, action string }

// Calls counts the calls of an action by a principal.
type Calls struct {
	Principal, Service, Action string
	Count, Refused, Failed     int
}

// Watch follows a world from now on. It must not have begun to run.
func Watch(w *local.World) *Index {
	x := &Index{world: w, byObject: map[object]*File{}, byExecution: map[string][]*File{}, byKey: map[string][]*File{}, told: map[string][]sns.Notification{}, partly: map[string]bool{}, calls: map[callKey]*Calls{}}
	x.raw, _ = w.Graph.Outputs["rawBucket"].(string)
	x.staging, _ = w.Graph.Outputs["stagingBucket"].(string)
	w.S3().Observe(x.access)
	w.Events().Observe(x.delivery)
	w.Events().ObserveFailures(func(events.Failure) { x.counts.Undelivered++; x.changed() })
	w.SFN().Observe(x.event)
	w.SNS().Observe(x.notified)
	w.Door.Observe(x.call)
	return x
}

func (x *Index) changed() { x.revision.Add(1) }

// access notices what comes to the raw bucket, and manifests in the staging bucket.
func (x *Index) access(a s3.Access) {
	if a.ReadOnly || a.Err != nil || a.Bucket == "" {
		return
	}
	switch a.Bucket {
	case x.raw:
		if strings.HasPrefix(a.API, "Upload") || a.API == "CreateMultipartUpload" || a.API == "AbortMultipartUpload" {
			return
		}
		f := x.file(object{a.Key, a.VersionID}, a.Time)
		f.Size = a.Size
		if f.Deleted = a.Deletion != ""; f.Deleted && f.Execution == "" {
			f.Status = StatusDeleted
		}
		x.changed()
	case x.staging:
		if strings.HasSuffix(a.Key, "/manifest.json") {
			x.manifest(a.Key)
		}
	}
}

// file finds what is known of an object, or begins to know it.
func (x *Index) file(o object, at time.Time) *File {
	if f := x.byObject[o]; f != nil {
		return f
	}
	f := &File{Key: o.key, Version: o.version, day: dayOf(o.key), Arrived: at, Status: NotStarted}
	x.byObject[o] = f
	x.files, x.byKey[o.key] = append(x.files, f), append(x.byKey[o.key], f)
	if len(x.files) > maxFiles {
		for _, old := range x.files[:maxFiles/10] {
			delete(x.byObject, object{old.Key, old.Version})
			delete(x.byExecution, old.Execution)
			delete(x.told, old.Execution)
			if x.byKey[old.Key] = x.byKey[old.Key][1:]; len(x.byKey[old.Key]) == 0 { // the oldest is the first
				delete(x.byKey, old.Key)
			}
		}
		x.files = append([]*File(nil), x.files[maxFiles/10:]...)
		x.forgotten += maxFiles / 10
	}
	return f
}

// copies are files as they stand now: a page is rendered while the world goes on.
func copies(files []*File) []*File {
	list := make([]*File, len(files))
	for i, f := range files {
		c := *f
		list[i] = &c
	}
	return list
}

// manifest reads what a job has written. One that cannot be read is none: the load then fails of it.
func (x *Index) manifest(key string) {
	file, err := x.world.S3().Open(x.staging, key, "")
	if err != nil {
		return
	}
	defer file.Close()
	var m etl.Manifest
	text, err := io.ReadAll(file)
	if err != nil || json.Unmarshal(text, &m) != nil || m.Source.Key == "" {
		return
	}
	f := x.file(object{m.Source.Key, m.Source.Version}, x.world.Now())
	f.Manifest, f.ManifestKey = &m, key
}

func (x *Index) delivery(d events.Delivery) {
	for _, o := range objectsOf(d.Input) {
		if f := x.byObject[o]; f != nil {
			f.Rule, f.Delivered, f.Refused = d.Rule, x.world.Now(), ""
			if d.Err != nil {
				f.Refused = d.Err.Error()
			}
		}
	}
	if d.Err == nil {
		x.counts.Delivered++
	}
	x.changed()
}

// event follows executions from their start to their end.
func (x *Index) event(e *sim.Execution, what sim.Event) {
	switch what.Type {
	case sim.ExecutionStarted:
		x.counts.Running++
		for _, o := range objectsIn(e.Input(), nil) {
			f := x.file(o, what.Time)
			f.Execution, f.Status, f.Error, f.Cause = e.ARN(), string(sim.Running), "", ""
			f.Started, f.Ended = what.Time, time.Time{}
			f.Executions++
			x.byExecution[e.ARN()] = append(x.byExecution[e.ARN()], f)
		}
	case sim.ExecutionSucceeded, sim.ExecutionFailed, sim.ExecutionAborted, sim.ExecutionTimedOut:
		x.ended(e, what.Time)
	case sim.TaskSucceeded, sim.TaskFailed:
		x.jobRun(e, what)
		return
	default:
		return
	}
	x.changed()
}

func (x *Index) ended(e *sim.Execution, at time.Time) {
	x.counts.Running--
	if e.Status() == sim.Succeeded {
		x.counts.Succeeded++
	} else {
		x.counts.Failed++
	}
	files := x.byExecution[e.ARN()]
	delete(x.byExecution, e.ARN())
	outcomes := x.outcomes(e.ARN())
	for _, f := range files {
		f.Transitions += e.Transitions() / len(files)
		if f.Execution != e.ARN() {
			continue
		}
		f.Status, f.Error, f.Cause, f.Ended = string(e.Status()), e.Error(), e.Cause(), at
		if o, ok := outcomes[object{f.Key, f.Version}]; ok { // a file of a batch that was loaded without some of its files
			if f.Error, f.Cause = o.Error, o.Cause; o.Error == "" {
				f.Status = string(sim.Succeeded)
			}
		}
		if m := f.Manifest; m != nil {
			x.counts.RowsRead += m.RowsRead
			x.counts.RowsLoaded += f.Loaded()
			x.counts.RowsRejected += m.RowsRead - f.Loaded()
		}
	}
}

// jobRun notes what a run of the job has used.
func (x *Index) jobRun(e *sim.Execution, what sim.Event) {
	files := x.byExecution[e.ARN()]
	if len(files) == 0 {
		return
	}
	details := what.Details()
	if resource, _ := details.Get("resource"); resource != "startJobRun.sync" {
		return
	}
	output, _ := details.Get("output")
	if cause, _ := details.Get("cause"); what.Type == sim.TaskFailed { // which has the run as text, unless it has not begun
		text, _ := cause.(string)
		output, _ = jsonvalue.Decode([]byte(text))
	}
	run, _ := output.(*jsonvalue.Object)
	if run == nil {
		return
	}
	hours := jobHours(run)
	for _, f := range files {
		f.JobHours += hours / float64(len(files))
	}
}

// jobHours are the DPU-hours that a job run is billed: a minute at least (Glue pricing).
func jobHours(run *jsonvalue.Object) float64 {
	number := func(name string) float64 {
		v, _ := run.Get(name)
		n, _ := v.(float64)
		return n
	}
	return number("MaxCapacity") * max(60, number("ExecutionTime")) / 3600
}

func (x *Index) call(r door.Record) {
	k := callKey{nameOf(r.Principal), r.Service, r.Action}
	c := x.calls[k]
	if c == nil {
		c = &Calls{Principal: k.principal, Service: r.Service, Action: r.Action}
		x.calls[k] = c
	}
	c.Count++
	if r.Err != nil {
		if _, refused := r.Err.(*door.AccessDenied); refused {
			c.Refused++
		} else {
			c.Failed++
		}
	}
}

// nameOf is the last part of the name of a principal's role, or the service that calls for itself.
func nameOf(p door.Principal) string {
	if p.Role == "" {
		return p.String()
	}
	return last(p.Role, '/')
}

// objectsOf are the objects that a target's input is about.
func objectsOf(input string) []object {
	v, err := jsonvalue.Decode([]byte(input))
	if err != nil {
		return nil
	}
	return objectsIn(v, nil)
}

// objectsIn finds objects with a key and a version anywhere in a value.
func objectsIn(v any, list []object) []object {
	switch v := v.(type) {
	case *jsonvalue.Object:
		key, _ := v.Get("key")
		version, hasVersion := v.Get("version")
		if name, ok := key.(string); ok && name != "" && hasVersion {
			id, _ := version.(string)
			return append(list, object{name, id})
		}
		for _, member := range v.All() {
			list = objectsIn(member, list)
		}
	case []any:
		for _, member := range v {
			list = objectsIn(member, list)
		}
	}
	return list
}
