package cost_test

import (
	"context"
	"encoding/xml"
	"io"
	"math"
	"strings"
	"sync"
	"testing"

	"airline/infra"
	"airline/local/cost"
	"airline/local/recorder"
)

var dev = sync.OnceValues(func() (*recorder.Graph, error) {
	return recorder.Record(context.Background(), recorder.Options{Dir: "../..", Stack: "dev"}, infra.Program)
})

func estimate(t *testing.T, files, rows, days int) *cost.Estimate {
	t.Helper()
	g, err := dev()
	if err != nil {
		t.Fatal(err)
	}
	e, err := cost.Run(t.Context(), cost.Options{Graph: g, FilesPerDay: files, Rows: rows, Days: days, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (find finder) usd(e *cost.Estimate) float64 {
	for _, s := range e.Services {
		if s.Name == string(find) {
			return s.USD
		}
	}
	return 0
}

type finder string

// A stack that loads carriers has them when the estimate begins. It pays for what they add, their crawler's schedule and alarms, and not for
// files that do not come.
func TestEstimateWithMoreDatasets(t *testing.T) {
	g, err := recorder.Record(t.Context(), recorder.Options{Dir: "../..", Stack: "dev", Overrides: map[string]string{"moreDatasets": `["carriers"]`}}, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	with, err := cost.Run(t.Context(), cost.Options{Graph: g, FilesPerDay: 1, Rows: 1000, Days: 2, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	without := estimate(t, 1, 1000, 2)
	if a, b := finder("Glue").usd(without), finder("Glue").usd(with); a <= 0 || b <= a || b > 2*a {
		t.Errorf("Glue costs %v without carriers and %v with them", a, b)
	}
	if with.PerFileUSD > 2*without.PerFileUSD {
		t.Errorf("a file costs %v without carriers and %v with them", without.PerFileUSD, with.PerFileUSD)
	}
	if with.FixedUSD <= without.FixedUSD { // of alarms
		t.Errorf("what costs while nothing happens is %v with carriers, %v without", with.FixedUSD, without.FixedUSD)
	}
}

// Every file is paid for, more rows take longer and cost more, and the month adds up.
func TestEstimate(t *testing.T) {
	one, two, large := estimate(t, 1, 1000, 2), estimate(t, 2, 1000, 2), estimate(t, 1, 50_000_000, 2)
	for _, e := range []*cost.Estimate{one, two, large} {
		sum := e.FixedUSD
		for _, s := range e.Services {
			sum += s.USD
		}
		if math.Abs(sum-e.MonthUSD) > 1e-9 || e.FixedUSD <= 0 || e.PerFileUSD <= 0 {
			t.Errorf("the month %v is not the sum of its parts, %v", e.MonthUSD, sum)
		}
	}
	// Of Step Functions, most is the daily look for lost files.
	for service, least := range map[string]float64{"Step Functions": 1.3, "S3": 1.3} {
		if a, b := finder(service).usd(one), finder(service).usd(two); a <= 0 || b < least*a {
			t.Errorf("%s costs %v with one file a day, %v with two", service, a, b)
		}
	}
	// Crawls are the schedule's: as many, however many files there are.
	for item, times := range map[string]float64{"glue.job": 2, "glue.crawler": 1} {
		if a, b := quantity(one, item), quantity(two, item); a <= 0 || math.Abs(b/a-times) > 0.1 {
			t.Errorf("%v of %s with one file a day, %v with two", a, item, b)
		}
	}
	if one.Latency.P50 <= 30 || large.Latency.P50 < one.Latency.P50+900 { // 50,000 rows a second
		t.Errorf("%v s for 1,000 rows, %v s for 50,000,000", one.Latency.P50, large.Latency.P50)
	}
	if finder("Glue").usd(large) <= finder("Glue").usd(one) {
		t.Error("a large file costs no more than a small one")
	}
	for _, p := range two.Peaks {
		if p.Most < 1 || p.Most > p.Quota {
			t.Errorf("%s: %d of %d", p.What, p.Most, p.Quota)
		}
	}
}

func quantity(e *cost.Estimate, item string) float64 {
	for _, s := range e.Services {
		for _, line := range s.Items {
			if line.Item == item {
				return line.Quantity
			}
		}
	}
	return 0
}

// A file that is crawled for by itself costs a crawl more, and takes one longer.
func TestCrawlsArePaidFor(t *testing.T) {
	daily := estimate(t, 1, 1000, 2)
	g, err := recorder.Record(t.Context(), recorder.Options{Dir: "../..", Stack: "dev", Overrides: map[string]string{"crawl": "each"}}, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	each, err := cost.Run(t.Context(), cost.Options{Graph: g, FilesPerDay: 1, Rows: 1000, Days: 2, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	// Two files, and of the schedule nothing; two crawls of the schedule, and of the files nothing. A crawl is ten minutes of two DPUs, a month 365 days' twelfth.
	const crawls = 2 * 2 * 10.0 / 60 * 730 / 48
	if got := quantity(each, "glue.crawler"); math.Abs(got-crawls) > 1e-9 {
		t.Errorf("with each file crawled for, %v DPU-hours of crawls a month, want %v", got, crawls)
	}
	if each.Latency.P50 < daily.Latency.P50+30 {
		t.Errorf("half of the files take %v s with a crawl each, %v s without", each.Latency.P50, daily.Latency.P50)
	}
}

// With both engines, files of few rows are the small machine's, and files of many are Spark's.
func TestTheEngineFitsTheRows(t *testing.T) {
	g, err := recorder.Record(t.Context(), recorder.Options{Dir: "../..", Stack: "dev", Overrides: map[string]string{"engine": "auto", "smallBatchMB": "10"}}, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	for rows, small := range map[int]bool{20_000: true, 1_000_000: false} {
		e, err := cost.Run(t.Context(), cost.Options{Graph: g, FilesPerDay: 1, Rows: rows, Days: 1, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if shell, spark := quantity(e, "glue.python-shell"), quantity(e, "glue.job"); (shell > 0) != small || (spark > 0) == small {
			t.Errorf("files of %d rows take %v DPU-hours of the small machine and %v of Spark", rows, shell, spark)
		}
	}
}

func TestRefused(t *testing.T) {
	g, err := dev()
	if err != nil {
		t.Fatal(err)
	}
	_, err = cost.Run(t.Context(), cost.Options{Graph: g, FilesPerDay: 0, Rows: -1, Days: 1000})
	for _, want := range []string{"files a day 0", "rows -1", "days 1000"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// The picture is XML, with a bar for each estimate; names in it are text.
func TestDraw(t *testing.T) {
	list := []*cost.Estimate{
		{Stack: "a<b", Services: []cost.Service{{Name: "glue", USD: 5}}, FixedUSD: 7, MonthUSD: 12},
		{Settings: "trigger: s3", Services: []cost.Service{{Name: "glue", USD: 3}}, FixedUSD: 7, MonthUSD: 10},
	}
	picture := string(cost.Draw(list))
	d := xml.NewDecoder(strings.NewReader(picture))
	bars := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, picture)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "title" {
			bars++
		}
	}
	if bars != 4 || !strings.Contains(picture, "a&lt;b") || !strings.Contains(picture, "trigger: s3") {
		t.Errorf("%d pieces in %s", bars, picture)
	}
}
