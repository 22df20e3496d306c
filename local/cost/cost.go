// Package cost estimates a stack's bill: it lets the local world live through days of files on its virtual clock, with the
// work of each file taken from a model instead of computed, and adds what the stack costs while nothing happens.
package cost

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/etl"
	"airline/etl/generate"
	"airline/local"
	"airline/local/door"
	"airline/local/recorder"
)

// Options say what is lived through.
type Options struct {
	Graph       *recorder.Graph
	FilesPerDay int // 1 to 1,000, evenly over the day from 06:00
	Rows        int // of each file
	Days        int // 1 to 366
	Seed        uint64
	// Day is told the number of each day when it is over; nil without.
	Day func(n int)
}

// Estimate is a month's bill, of 730 hours, in US dollars at list prices without free tiers.
type Estimate struct {
	Stack       string    `json:"stack"`
	Settings    string    `json:"settings,omitempty"` // what differs from the stack's
	FilesPerDay int       `json:"filesPerDay"`
	Rows        int       `json:"rows"`
	Days        int       `json:"days"` // simulated
	Services    []Service `json:"services"`
	Fixed       []Line    `json:"fixed"` // what costs while nothing happens
	UseUSD      float64   `json:"useUSD"`
	FixedUSD    float64   `json:"fixedUSD"`
	MonthUSD    float64   `json:"monthUSD"`
	PerFileUSD  float64   `json:"perFileUSD"` // without the fixed costs
	Latency     Latency   `json:"latencySeconds"`
	Peaks       []Peak    `json:"peaks"`
}

// Service is what the use of a service costs in a month.
type Service struct {
	Name  string      `json:"name"`
	USD   float64     `json:"usd"`
	Items []door.Line `json:"items"`
}

// Line is something that the stack has, and what it costs in a month.
type Line struct {
	What  string  `json:"what"`
	Count int     `json:"count"`
	Each  float64 `json:"each"`
	USD   float64 `json:"usd"`
}

// Latency is the time from a file's upload to the end of its execution.
type Latency struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Peak is the most of something at one moment, and how much of it there may be.
type Peak struct {
	What  string `json:"what"`
	Most  int    `json:"most"`
	Quota int    `json:"quota"`
	Of    string `json:"of"` // whose bound it is
}

// month is how long AWS takes a month for ("730 hours", AWS Pricing Calculator).
const month = 730 * time.Hour

// begin is when the estimate's first day begins.
var begin = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

// check reports everything that cannot be estimated.
func (o Options) check() error {
	var errs []error
	within := func(name string, n, from, to int) {
		if n < from || n > to {
			errs = append(errs, fmt.Errorf("%s %d: give %d to %d", name, n, from, to))
		}
	}
	within("files a day", o.FilesPerDay, 1, 1000)
	within("rows", o.Rows, 1, 1_000_000_000)
	within("days", o.Days, 1, 366)
	return errors.Join(errs...)
}

// Run lives through the days.
func Run(ctx context.Context, o Options) (*Estimate, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	w, err := local.Deploy(ctx, local.Options{Graph: o.Graph, Seed: o.Seed, Start: begin, RowsPerFile: int64(o.Rows)})
	if err != nil {
		return nil, err
	}
	e, err := live(ctx, w, o)
	return e, errors.Join(err, w.Close())
}

func live(ctx context.Context, w *local.World, o Options) (*Estimate, error) {
	var seen watch
	w.SFN().Observe(seen.event)
	bucket := w.Bucket("raw")
	put := func(key, body string) error {
		_, err := w.S3().PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
		return err
	}
	if err := begun(ctx, w, put); err != nil {
		return nil, err
	}
	before := maps.Clone(w.Door.Bill())
	files := 0
	for day := range o.Days {
		for i := range o.FilesPerDay {
			at := begin.AddDate(0, 0, day).Add(6*time.Hour + time.Duration(i)*18*time.Hour/time.Duration(o.FilesPerDay))
			if err := w.RunFor(ctx, at.Sub(w.Now())); err != nil {
				return nil, err
			}
			date := begin.AddDate(0, 0, day-1).Format(time.DateOnly)
			key := fmt.Sprintf("daily-flights/date=%s/flights-%d.csv", date, i)
			seen.uploaded(key, w.Now())
			if err := put(key, fmt.Sprintf("%sAA,10397,10721,%d,%d\n", header, i%300, day)); err != nil {
				return nil, err
			}
			files++
		}
		if err := w.RunFor(ctx, begin.AddDate(0, 0, day+1).Sub(w.Now())); err != nil {
			return nil, err
		}
		if o.Day != nil {
			o.Day(day + 1)
		}
	}
	if err := w.Run(ctx); err != nil { // what began on the last evening
		return nil, err
	}
	if err := seen.problem(files); err != nil {
		return nil, err
	}
	e := &Estimate{Stack: o.Graph.Stack, FilesPerDay: o.FilesPerDay, Rows: o.Rows, Days: o.Days, Latency: seen.latency(), Fixed: Fixed(o.Graph)}
	e.bill(before, w.Door.Bill(), float64(month)/float64(time.Duration(o.Days)*24*time.Hour), files)
	peaks, err := peaksOf(ctx, w, &seen)
	e.Peaks = peaks
	return e, err
}

// header is that of a file of flights.
var header = etl.Flights.Header() + "\n"

// begun lets a world have what is crawled once, the airports and the first flights, and a file of each other dataset that the stack loads.
func begun(ctx context.Context, w *local.World, put func(key, body string) error) error {
	files := [][2]string{
		{"airports/airports.csv", etl.Airports.Header() + "\n10397,Atlanta,GA,Hartsfield-Jackson\n10721,Boston,MA,Logan\n"},
		{"daily-flights/date=2023-12-30/flights.csv", header + "AA,10397,10721,1,1\n"},
	}
	for _, d := range w.More() {
		var text strings.Builder
		if err := generate.Declared(&text, d, 1, 10); err != nil {
			return err
		}
		declaration, _ := d.Declared()
		files = append(files, [2]string{d.Folder(begin.AddDate(0, 0, -2)) + declaration.File, text.String()})
	}
	for _, first := range files {
		if err := put(first[0], first[1]); err != nil {
			return err
		}
		if err := w.RunFor(ctx, time.Hour); err != nil {
			return err
		}
	}
	return nil
}

// bill is what was used since before, scaled to a month.
func (e *Estimate) bill(before, after door.Bill, scale float64, files int) {
	used := door.Bill{}
	for item, q := range after {
		if q -= before[item]; q > 0 {
			used[item] = q * scale
		}
	}
	services := map[string]*Service{}
	for _, line := range used.Lines() {
		prefix, _, _ := strings.Cut(line.Item, ".")
		name := cmp.Or(titles[prefix], prefix)
		s := services[name]
		if s == nil {
			s = &Service{Name: name}
			services[name] = s
		}
		s.USD += line.USD
		s.Items = append(s.Items, line)
		e.UseUSD += line.USD
	}
	for _, name := range slices.Sorted(maps.Keys(services)) {
		e.Services = append(e.Services, *services[name])
	}
	slices.SortStableFunc(e.Services, func(a, b Service) int { return cmp.Compare(b.USD, a.USD) })
	for _, line := range e.Fixed {
		e.FixedUSD += line.USD
	}
	e.MonthUSD, e.PerFileUSD = e.UseUSD+e.FixedUSD, e.UseUSD/(float64(files)*scale)
}

// titles are the names of services by the first part of the price list's items.
var titles = map[string]string{
	"cloudtrail": "CloudTrail", "events": "EventBridge", "glue": "Glue", "kms": "KMS", "logs": "CloudWatch Logs", "pipes": "EventBridge Pipes", "redshift-serverless": "Redshift Serverless",
	"s3": "S3", "sns": "SNS", "sqs": "SQS", "states": "Step Functions", "xray": "X-Ray", "cloudwatch": "CloudWatch",
}

// watch follows the executions.
type watch struct {
	at       map[string]time.Time // upload of a key
	took     []float64
	loaded   int
	running  int
	most     int
	failures []string
}

func (s *watch) uploaded(key string, at time.Time) {
	if s.at == nil {
		s.at = map[string]time.Time{}
	}
	s.at[key] = at
}

func (s *watch) event(x *sim.Execution, e sim.Event) {
	switch e.Type {
	case sim.ExecutionStarted:
		s.running++
		s.most = max(s.most, s.running)
	case sim.ExecutionSucceeded, sim.ExecutionFailed, sim.ExecutionAborted, sim.ExecutionTimedOut:
		s.running--
		if e.Type != sim.ExecutionSucceeded {
			s.failures = append(s.failures, fmt.Sprintf("%s: %s: %s", x.Name(), x.Error(), x.Cause()))
			return
		}
		for key, at := range s.at {
			if strings.HasPrefix(key, "daily-flights/") && mentions(x.Input(), key) {
				s.took = append(s.took, e.Time.Sub(at).Seconds())
				s.loaded++
				delete(s.at, key)
			}
		}
	}
}

// problem says that the files did not all load, which makes a bill of nothing.
func (s *watch) problem(files int) error {
	if s.loaded == files {
		return nil
	}
	text := fmt.Sprintf("%d of %d files were loaded", s.loaded, files)
	if len(s.failures) > 0 {
		text += "; the first failure: " + s.failures[0]
	}
	return errors.New(text)
}

func (s *watch) latency() Latency {
	sorted := slices.Sorted(slices.Values(s.took))
	share := func(p float64) float64 { return sorted[min(len(sorted)-1, int(p*float64(len(sorted))))] }
	return Latency{P50: share(0.5), P90: share(0.9), P99: share(0.99), Max: sorted[len(sorted)-1]}
}

// mentions tells whether a JSON value holds the text.
func mentions(v any, text string) bool {
	return strings.Contains(jsonvalue.String(v), text)
}
