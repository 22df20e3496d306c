package glue

import (
	"math"
	"strings"
	"testing"
	"time"

	"airline/local/recorder"
)

// A scheduled crawler crawls by itself, at its times and no others, is billed for it, and does not begin a crawl where one is under way.
func TestScheduledCrawls(t *testing.T) {
	w := newWorld(t)
	w.crawler(map[string]any{"schedule": "cron(30 3 ? * MON *)"})
	w.upload("daily-flights/date=2008-05-01/a.csv", "carrier,depdelay\nAA,5\n")
	if s := w.crawlerState().Schedule; s == nil || *s.ScheduleExpression != "cron(30 3 ? * MON *)" || s.State != "SCHEDULED" {
		t.Errorf("the schedule is %+v", s)
	}
	run := func(until time.Time) {
		t.Helper()
		if err := w.clock.RunUntil(w.ctx, until); err != nil {
			t.Fatal(err)
		}
	}
	monday := time.Date(2008, 5, 5, 3, 30, 0, 0, time.UTC)
	run(monday.Add(-time.Second))
	if state := w.crawlerState(); state.LastCrawl != nil || state.State != "READY" || w.Scheduled() != 1 {
		t.Fatalf("before its time the crawler is %s after %+v, with %d timers", state.State, state.LastCrawl, w.Scheduled())
	}
	run(monday.Add(time.Hour))
	if got := w.crawlerState().LastCrawl; got == nil || !got.StartTime.Equal(monday) || got.Status != "SUCCEEDED" {
		t.Errorf("the crawl of monday was %+v", got)
	}
	if got := w.summary(); got != "daily_flights(carrier string, depdelay bigint) 1\n" {
		t.Errorf("after the crawl the catalog has %s", got)
	}
	run(monday.AddDate(0, 0, 7).Add(-10 * time.Second))
	w.Service.startCrawl(w.crawlers["flights"]) // by somebody else
	run(monday.AddDate(0, 0, 7).Add(time.Hour))
	if runs := w.crawlers["flights"].runs; runs != 2 {
		t.Errorf("%d crawls, want 2: the second monday's was under way already", runs)
	}
	// Ten minutes at least of two DPUs each.
	if billed := w.door.Bill()["glue.crawler"]; math.Abs(billed-2*2*10.0/60) > 1e-9 {
		t.Errorf("%v DPU-hours were billed, want %v", billed, 2*2*10.0/60)
	}
}

func TestCrawlerScheduleIsRefused(t *testing.T) {
	for _, text := range []string{"rate(1 day)", "cron(0 3 * * *)", "daily"} {
		w := newWorld(t)
		err := w.Types()["aws:glue/crawler:Crawler"](&recorder.Resource{Name: "c", Inputs: map[string]any{
			"name": "c", "role": role, "databaseName": "airline_dev", "schedule": text, "s3Targets": []any{map[string]any{"path": "s3://raw/daily-flights/"}},
		}})
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
