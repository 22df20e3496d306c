package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/etl"
	"airline/local"
	"airline/local/door"
	"airline/workflow"
)

// NotStarted is the status of a file that no execution was started for.
const NotStarted = "NOT_STARTED"

// ReasonRefused is the reason of the good rows of a file that was not loaded
// because of its bad ones.
const ReasonRefused = "file refused"

// File is what became of one uploaded object. RowsRead = RowsLoaded +
// RowsRejected, whatever happened to it.
type File struct {
	Key     string `json:"key"`
	Version string `json:"version"`
	// Status is that of the execution, SUCCEEDED or FAILED, or NOT_STARTED.
	Status       string           `json:"status"`
	RowsRead     int64            `json:"rows_read"`
	RowsLoaded   int64            `json:"rows_loaded"`
	RowsRejected int64            `json:"rows_rejected"`
	Reasons      map[string]int64 `json:"reasons"`
	Error        string           `json:"error,omitempty"`
	Cause        string           `json:"cause,omitempty"`
	Execution    string           `json:"execution,omitempty"`
	LoadID       string           `json:"load_id,omitempty"`
	// Rejects are the files of the load's rejected rows, JSON Lines {"line","reason","record"}: paths in the work folder
	// when it is kept, else s3:// addresses that go with the world.
	Rejects []string `json:"rejects,omitempty"`
	// Elsewhere is what other stacks of the project would do with the file, where it would differ.
	Elsewhere []Elsewhere `json:"elsewhere,omitempty"`
	Deleted   bool        `json:"deleted,omitempty"` // by hand, in this run
	// Elapsed is the virtual time from the event to the end of the execution.
	Elapsed time.Duration `json:"-"`

	manifest *etl.Manifest // of the last execution that left one
	counted  time.Time     // when it did, virtual
}

// Ended tells whether the file's way is over.
func (f *File) Ended() bool { return f.Status != NotStarted && f.Status != "RUNNING" }

func (f *File) count(m etl.Manifest) {
	f.RowsRead, f.RowsLoaded, f.RowsRejected = m.RowsRead, m.RowsLoaded, m.RowsRejected
	f.manifest, f.LoadID = &m, m.LoadID
	f.Reasons = maps.Clone(m.Reasons)
	if f.Reasons == nil {
		f.Reasons = map[string]int64{}
	}
}

// Notification is a message of the pipeline's topic.
type Notification struct {
	Time    time.Time `json:"time"` // virtual
	Subject string    `json:"subject"`
	// Message is the text as it was published; JSON where the publisher is one of
	// the machines.
	Message json.RawMessage `json:"message"`

	plain string // the message when it is no JSON
}

// Route is a pair of cities with the mean delay of its flights.
type Route struct {
	From      string  `json:"from"`
	To        string  `json:"to"`
	Flights   int64   `json:"flights"`
	MeanDelay float64 `json:"mean_arr_delay"` // minutes
}

// Summary is what a demo has to tell. It marshals to the JSON that
// `airline demo --json` prints.
type Summary struct {
	Files         []File         `json:"files"`         // of flights
	AirportFiles  []File         `json:"airport_files"` // of airports
	More          []Loaded       `json:"more,omitempty"`
	Facts         int64          `json:"facts"`    // rows in daily_flights_fact
	Airports      int64          `json:"airports"` // rows in airports_dim
	Notifications []Notification `json:"notifications"`
	MostDelayed   []Route        `json:"most_delayed"`
	// Refused are the requests that the deployed policies refused, wherever the
	// refusal then showed: "AccessDenied: User: ... is not authorized to perform:
	// ... on resource: ...".
	Refused []string `json:"refused"`
	// Ignored are the names in the data folder that are no data.
	Ignored []string    `json:"ignored"`
	Bill    []door.Line `json:"bill"` // list prices of what was used
	// VirtualTime is from the first upload to the end of the last execution.
	VirtualTime time.Duration `json:"virtual_time_ns"`
	RealTime    time.Duration `json:"real_time_ns"`
}

// Loaded is what came of a dataset that not every stack loads.
type Loaded struct {
	Dataset etl.Dataset `json:"dataset"`
	Files   []File      `json:"files"`
	Table   string      `json:"table"`
	Rows    int64       `json:"rows"` // in the table
}

// All are all files, by dataset, flights last.
func (s *Summary) All() [][]File {
	all := [][]File{s.AirportFiles}
	for _, l := range s.More {
		all = append(all, l.Files)
	}
	return append(all, s.Files)
}

// Failed lists the files that were not loaded.
func (s *Summary) Failed() []File {
	var list []File
	for _, files := range s.All() {
		for _, f := range files {
			if f.Status != "SUCCEEDED" && f.Status != StatusDeleted {
				list = append(list, f)
			}
		}
	}
	return list
}

const mostDelayed = `
SELECT dep_city || ', ' || dep_state, arr_city || ', ' || arr_state, COUNT(*), ROUND(AVG(CAST(arr_delay AS DOUBLE PRECISION)), 1)
FROM airlines.daily_flights_fact
WHERE arr_delay IS NOT NULL
GROUP BY 1, 2
HAVING COUNT(*) >= 10
ORDER BY 4 DESC, 1, 2
LIMIT 5`

func (r *run) summary(ctx context.Context) (*Summary, error) {
	if err := r.readManifests(ctx); err != nil {
		return nil, err
	}
	s := &Summary{Files: []File{}, AirportFiles: []File{}, Notifications: []Notification{}, MostDelayed: []Route{}, Refused: refused(r.world), Ignored: []string{}}
	for _, d := range r.world.More() {
		s.More = append(s.More, Loaded{Dataset: d, Table: d.Table().String(), Files: []File{}})
	}
	for _, f := range r.files {
		if f.Status != "SUCCEEDED" && f.RowsLoaded > 0 {
			// The job has made rows of the file, and none of them was loaded.
			f.Reasons[ReasonRefused] += f.RowsLoaded
			f.RowsRejected += f.RowsLoaded
			f.RowsLoaded = 0
		}
		of := etl.DatasetOf(f.Key)
		i := slices.IndexFunc(s.More, func(l Loaded) bool { return l.Dataset == of })
		switch {
		case i >= 0:
			s.More[i].Files = append(s.More[i].Files, *f)
		case of == etl.Airports:
			s.AirportFiles = append(s.AirportFiles, *f)
		default:
			s.Files = append(s.Files, *f)
		}
	}
	for _, n := range r.world.SNS().Notifications() {
		message := json.RawMessage(n.Message)
		plain := ""
		if !json.Valid(message) {
			plain = n.Message
			message, _ = json.Marshal(n.Message)
		}
		s.Notifications = append(s.Notifications, Notification{n.Time, n.Subject, message, plain})
	}
	tables := map[string]*int64{etl.FlightsFact().String(): &s.Facts, etl.AirportsDim().String(): &s.Airports}
	for i := range s.More {
		tables[s.More[i].Table] = &s.More[i].Rows
	}
	for table, count := range tables {
		rows, err := r.query(ctx, "SELECT COUNT(*) FROM "+table)
		if err != nil {
			return nil, err
		}
		*count = rows[0][0].(int64)
	}
	rows, err := r.query(ctx, mostDelayed)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		s.MostDelayed = append(s.MostDelayed, Route{row[0].(string), row[1].(string), row[2].(int64), row[3].(float64)})
	}
	s.Bill = r.world.Door.Bill().Lines()
	return s, nil
}

// refused are the different refusals of a world, in order.
func refused(w *local.World) []string {
	list := []string{}
	for _, denied := range w.Refused() {
		if text := "AccessDenied: " + denied.Message; !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

func (r *run) query(ctx context.Context, query string) ([][]any, error) {
	result, err := r.world.RedshiftData().Query(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("asking the warehouse: %w", err)
	}
	return result.Rows, nil
}

// readManifests counts by what the job has written, for every file: the
// notifications do not tell the rows of all of them.
func (r *run) readManifests(ctx context.Context) error {
	bucket, err := r.output("stagingBucket")
	if err != nil {
		return err
	}
	raw, err := r.output("rawBucket")
	if err != nil {
		return err
	}
	loads := map[string]*File{} // by the manifests that this run's executions may have left
	for execution, files := range r.byARN {
		for _, f := range files {
			loads[workflow.LoadFolder(workflow.LoadID(*raw, f.Key, f.Version), execution)+etl.ManifestFile] = f
		}
	}
	list := &s3.ListObjectsV2Input{Bucket: bucket, Prefix: aws.String(etl.LoadsPrefix)}
	for {
		page, err := r.world.S3().ListObjectsV2(ctx, list)
		if err != nil {
			return fmt.Errorf("listing the loads: %w", err)
		}
		for _, o := range page.Contents {
			f := loads[aws.ToString(o.Key)]
			if f == nil || o.LastModified.Before(f.counted) {
				continue
			}
			m, err := r.manifest(ctx, bucket, o.Key)
			if err != nil {
				return err
			}
			f.count(m)
			f.counted, f.Rejects = *o.LastModified, nil
			for _, name := range m.RejectFiles {
				f.Rejects = append(f.Rejects, "s3://"+*bucket+"/"+strings.TrimSuffix(aws.ToString(o.Key), etl.ManifestFile)+name)
			}
		}
		if page.NextContinuationToken == nil {
			return r.tellApart(ctx, bucket)
		}
		list.ContinuationToken = page.NextContinuationToken
	}
}

// tellApart gives the files of an execution of which some were loaded their own ends: the others were refused or could not be read.
func (r *run) tellApart(ctx context.Context, bucket *string) error {
	for execution, partly := range r.partly {
		if !partly {
			continue
		}
		sum := sha256.Sum256([]byte(execution))
		text, err := r.staged(ctx, bucket, aws.String(etl.BatchFilesKey(hex.EncodeToString(sum[:]), "")))
		if err != nil {
			return err
		}
		for lines := json.NewDecoder(bytes.NewReader(text)); lines.More(); {
			var o etl.Outcome
			if err := lines.Decode(&o); err != nil {
				return fmt.Errorf("reading what became of the files of %s: %w", execution, err)
			}
			if f := r.byObject[object{o.Key, o.Version}]; f != nil && f.Execution == execution {
				if f.Error, f.Cause = o.Error, o.Cause; o.Error == "" {
					f.Status = "SUCCEEDED"
				}
			}
		}
	}
	return nil
}

func (r *run) manifest(ctx context.Context, bucket, key *string) (m etl.Manifest, err error) {
	text, err := r.staged(ctx, bucket, key)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		return m, fmt.Errorf("reading %s: %w", *key, err)
	}
	return m, nil
}

// staged is an object of the staging bucket.
func (r *run) staged(ctx context.Context, bucket, key *string) ([]byte, error) {
	out, err := r.world.S3().GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key})
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", *key, err)
	}
	defer out.Body.Close()
	return io.ReadAll(out.Body)
}
