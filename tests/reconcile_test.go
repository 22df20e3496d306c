package tests

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"airline/asl/sim"
	"airline/local"
)

const (
	someAirports = "airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n2,Paris,IF,Orly\n"
	someFlights  = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nLH,1,2,5,-3\nAF,2,1,,NA\n"
)

// deaf does something while the rule of a machine does not hear of it.
func (w *world) deaf(machine string, do func()) {
	w.t.Helper()
	name := aws.String(w.Name(machine))
	if _, err := w.Events().DisableRule(w.t.Context(), &eventbridge.DisableRuleInput{Name: name}); err != nil {
		w.t.Fatal(err)
	}
	do()
	if _, err := w.Events().EnableRule(w.t.Context(), &eventbridge.EnableRuleInput{Name: name}); err != nil {
		w.t.Fatal(err)
	}
}

// midnight lets the world go on until the next midnight is well past.
func (w *world) midnight() {
	w.t.Helper()
	next := w.Now().UTC().Truncate(24 * time.Hour).Add(24*time.Hour + 30*time.Minute)
	if err := w.RunFor(w.t.Context(), next.Sub(w.Now())); err != nil {
		w.t.Fatal(err)
	}
}

// started counts the executions of a machine, and fails the test for those that failed.
func (w *world) started(machine string) int {
	w.t.Helper()
	n := 0
	for _, x := range w.SFN().Executions() {
		if !strings.HasSuffix(x.StateMachineARN(), ":"+w.Name(machine)) {
			continue
		}
		n++
		if x.Status() != sim.Succeeded {
			w.t.Errorf("%s %s: %s %s %s", machine, x.Name(), x.Status(), x.Error(), x.Cause())
		}
	}
	return n
}

// A file whose event was lost is loaded after midnight, once; files that were loaded are left alone.
func TestReconcileLoadsWhatNoEventBroughtIn(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recorded(t, trigger)})
			w.put(rawFile{"airports/airports.csv", []byte(someAirports)})
			w.put(rawFile{"daily-flights/date=2024-01-01/heard.csv", []byte(someFlights)})
			w.run()
			w.deaf("ingest-flights", func() {
				w.put(rawFile{"daily-flights/date=2024-01-01/lost's \"file\".csv", []byte(someFlights)})
				w.put(rawFile{"daily-flights/date=2024-01-01/notes.txt", []byte("not a file of ours")})
				w.run()
			})
			if got := w.started("ingest-flights"); got != 1 {
				t.Fatalf("%d loads of flights before midnight, want 1", got)
			}
			w.midnight()
			if got := w.started("reconcile"); got != 2 {
				t.Errorf("%d executions of reconcile, want one for each dataset", got)
			}
			if got := w.started("ingest-flights"); got != 2 {
				t.Errorf("%d loads of flights after midnight, want the lost one besides", got)
			}
			if got := w.started("load-airports"); got != 1 {
				t.Errorf("%d loads of airports after midnight, want no other", got)
			}
			if got := fmt.Sprint(w.query("SELECT source_key, status FROM airlines.load_ledger WHERE source_key LIKE '%lost%'")); got != `[[daily-flights/date=2024-01-01/lost's "file".csv loaded]]` {
				t.Errorf("the ledger says %s of the lost file", got)
			}
			told := 0
			for _, n := range w.SNS().Notifications() {
				if n.Subject == "airline: files without an event" {
					told++
					if !strings.Contains(n.Message, `"files":1`) || !strings.Contains(n.Message, `"dataset":"flights"`) {
						t.Errorf("the notification is %s", n.Message)
					}
				}
			}
			if told != 1 {
				t.Errorf("%d notifications of lost events, want 1", told)
			}
			w.midnight()
			if got := w.started("ingest-flights"); got != 2 {
				t.Errorf("%d loads of flights after the second midnight, want no other", got)
			}
			if got := w.started("reconcile"); got != 4 {
				t.Errorf("%d executions of reconcile, want two more", got)
			}
		})
	}
}

// More objects than fit a page lie before and after two files that no event brought in, of which one is a correction.
func TestReconcileWalksThroughAllPages(t *testing.T) {
	const first, second = "daily-flights/date=2024-01-01/a.csv", "daily-flights/date=2024-01-01/z.csv"
	w := deploy(t, local.Options{})
	w.put(rawFile{"airports/airports.csv", []byte(someAirports)}, rawFile{first, []byte(someFlights)})
	w.run()
	w.deaf("ingest-flights", func() {
		for i := range 230 {
			w.put(rawFile{fmt.Sprintf("daily-flights/date=2024-01-01/note-%03d.txt", i), []byte("not a file of ours")})
		}
		w.put(rawFile{first, []byte(someFlights)}, rawFile{second, []byte(someFlights)})
		w.run()
	})
	w.midnight()
	got := fmt.Sprint(w.query("SELECT source_key, status FROM airlines.load_ledger WHERE source_key LIKE 'daily%' ORDER BY source_key, status"))
	if want := fmt.Sprintf("[[%s loaded] [%s superseded] [%s loaded]]", first, first, second); got != want {
		t.Errorf("the ledger has %s, want %s", got, want)
	}
}

// Flights that came before their airports were refused; once the airports are there, midnight brings them in. A file
// that stays faulty is given up after a week.
func TestReconcileTriesRefusedFilesForAWeek(t *testing.T) {
	w := deploy(t, local.Options{})
	w.wait(12 * time.Hour)
	w.put(rawFile{"daily-flights/date=2024-01-01/early.csv", []byte(someFlights)})
	w.put(rawFile{"daily-flights/date=2024-01-01/faulty.csv", []byte("Carrier,OriginAirportID\nLH,1\n")})
	w.run()
	w.put(rawFile{"airports/airports.csv", []byte(someAirports)})
	w.run()
	w.midnight()
	if got := fmt.Sprint(w.query("SELECT source_key FROM airlines.load_ledger WHERE source_key LIKE 'daily%'")); got != "[[daily-flights/date=2024-01-01/early.csv]]" {
		t.Errorf("the ledger has %s after midnight, want the early flights", got)
	}
	for range 10 {
		w.midnight()
	}
	faulty := 0
	for _, x := range w.SFN().Executions() {
		if x.Status() == sim.Failed && strings.Contains(fmt.Sprint(x.Input()), "faulty") {
			faulty++
		}
	}
	if faulty != 8 {
		t.Errorf("the faulty file was tried %d times, want once for its event and on 7 days", faulty)
	}
}

// Day by day a file comes, is loaded, and leaves its receipt: the warehouse, which would wake, is not asked at midnight but once a week, and yet a lost file and
// a deletion are found the next midnight.
func TestReconcileLetsTheWarehouseSleep(t *testing.T) {
	w := deploy(t, local.Options{})
	w.ingest(smallAirports())
	asked := func() int { return w.visits("QueryLedger") + w.visits("QueryDoubles") }
	// The first comparison is one of all, for each dataset; then the flights may be doubles of each other.
	w.uploadDay(0)
	w.midnight()
	before := asked()
	if before == 0 {
		t.Error("the warehouse was not asked at the first midnight")
	}
	var keys []string
	for n := range 3 { // of two days each: a week after the first comparison there is another one of all
		keys = append(keys, w.uploadDay(n+1))
		w.midnight()
		if got := asked(); got != before {
			t.Errorf("on day %d the warehouse was asked %d times, want none", n+1, got-before)
		}
	}
	w.deaf("ingest-flights", func() {
		w.put(day("2008-02-01", "lost.csv", "AA,10397,10721,1,2"))
		w.remove(keys[1], nil)
		w.run()
	})
	w.midnight()
	got := fmt.Sprint(w.query("SELECT source_key, status FROM airlines.load_ledger WHERE source_key LIKE '%lost%' OR status = 'retired' ORDER BY 1"))
	if want := fmt.Sprintf("[[%s retired] [daily-flights/date=2008-02-01/lost.csv loaded]]", keys[1]); got != want {
		t.Errorf("the ledger has %s, want %s", got, want)
	}
}
