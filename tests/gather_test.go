package tests

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"airline/asl/sim"
	"airline/local"
	"airline/local/door"
)

// burst are files of flights of so many days.
func burst(days int) (files []rawFile) {
	for i := range days {
		files = append(files, day(time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly), "flights.csv", goodRow))
	}
	return files
}

// about are the executions that have one of these files in their batch.
func (w *world) about(files []rawFile) (list []*sim.Execution) {
	for _, f := range files {
		for _, x := range w.executions(f.key) {
			if !slices.Contains(list, x) {
				list = append(list, x)
			}
		}
	}
	return list
}

// A burst is a few executions, whatever reports it, and events that come twice are no more of them; the warehouse holds the same as after loads of one.
func TestABurstIsGathered(t *testing.T) {
	const files = 50
	alone := deploy(t, local.Options{})
	alone.ingest(smallAirports())
	alone.ingest(burst(files)...)
	if n := len(alone.about(burst(files))); n != files {
		t.Errorf("without gathering %d executions load %d files", n, files)
	}
	for _, trigger := range triggers {
		for _, twice := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s twice %v", trigger, twice), func(t *testing.T) {
				w := deploy(t, local.Options{Graph: gathering(t, trigger), DuplicateEvents: twice})
				w.ingest(smallAirports())
				if n := len(w.executions(smallAirports().key)); n != 1 && !twice {
					t.Errorf("%d executions load the airports", n)
				}
				all := burst(files)
				w.ingest(all...)
				// Five pollers, and CloudTrail's events come over two minutes: two windows of each, or three.
				list := w.about(all)
				if most := map[string]int{"s3": 5, "cloudtrail": 15}[trigger]; len(list) > most || len(list) == 0 {
					t.Errorf("%d executions load %d files, want at most %d", len(list), files, most)
				}
				for _, x := range list {
					if x.Status() != sim.Succeeded {
						t.Errorf("an execution is %s, %s: %s", x.Status(), x.Error(), x.Cause())
					}
				}
				if diff := diffMultisets(w.facts(), alone.facts()); diff != "" {
					t.Errorf("the facts differ from those of loads of one: %s", diff)
				}
			})
		}
	}
}

// A file that comes alone waits for the minute and a poll, no longer.
func TestALoneFileWaitsForTheWindow(t *testing.T) {
	w := deploy(t, local.Options{Graph: gathering(t, "s3")})
	w.ingest(smallAirports())
	file := burst(1)
	put := w.Now()
	w.ingest(file...)
	if waited := w.last(file[0].key).StartTime().Sub(put); waited < time.Minute || waited > 85*time.Second {
		t.Errorf("the execution starts %s after the upload", waited)
	}
}

// Of several versions of a key that are gathered the newest is loaded, and a deleted file is not; a file that is refused fails alone.
func TestGatheredChangesOfAKey(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: gathering(t, trigger)})
			w.ingest(smallAirports())
			all := burst(6)
			w.put(all...)
			corrected := day("2008-05-01", "flights.csv", goodRow, goodRow)
			w.put(corrected)
			w.remove(all[1].key, nil)
			bad := rawFile{all[2].key, []byte("Carrier\nAA\n")}
			w.put(bad)
			w.run()
			if n := w.count("SELECT COUNT(*) FROM airlines.daily_flights_fact"); n != 5 {
				t.Errorf("%d rows are loaded, want two of the corrected file and three others", n)
			}
			failed := w.last(bad.key)
			if failed.Status() != sim.Failed || failed.Error() != "missing columns" || len(w.failures(bad.key)) == 0 {
				t.Errorf("the bad file's execution is %s, %s; %d notifications name the file", failed.Status(), failed.Error(), len(w.failures(bad.key)))
			}
		})
	}
}

// ringing are the alarms that are on.
func (w *world) ringing() (names []string) {
	for _, a := range w.Logs().Alarms() {
		if a.State == "ALARM" {
			names = append(names, strings.TrimPrefix(a.Name, w.Name("")))
		}
	}
	return names
}

// refusesPipe refuses what a pipe asks of a service.
func refusesPipe(service, action string, times int) door.Fault {
	return door.Fault{Service: service, Action: action, Principal: "*gather-flights*", Times: times, Err: &smithy.GenericAPIError{
		Code: "AccessDeniedException", Message: "no", Fault: smithy.FaultClient,
	}}
}

// A machine that cannot be started gets the files again after some minutes; in the end they are undelivered, and alarms tell. Nothing is lost:
// the next reconcile loads them.
func TestFilesOfAMachineThatCannotBeStartedAreKept(t *testing.T) {
	w := deploy(t, local.Options{Graph: gathering(t, "s3")})
	w.ingest(smallAirports())
	w.Door.Inject(refusesPipe("sfn", "StartExecution", 1))
	once := burst(1)
	w.ingest(once...)
	w.succeeded(once[0].key)
	if got := w.SQS().Bodies(w.Name("undelivered")); len(got) != 0 {
		t.Errorf("after one refusal %q is undelivered", got)
	}

	w.Door.Inject(refusesPipe("sfn", "StartExecution", 1000))
	lost := burst(4)[1:]
	w.put(lost...)
	began, rang := w.Now(), map[string]time.Duration{}
	for range 60 {
		if err := w.RunFor(context.Background(), time.Minute); err != nil {
			t.Fatal(err)
		}
		for _, name := range w.ringing() {
			if rang[name] == 0 {
				rang[name] = w.Now().Sub(began)
			}
		}
	}
	bodies := w.SQS().Bodies(w.Name("undelivered"))
	if len(bodies) != len(lost) || len(w.about(lost)) != 0 {
		t.Fatalf("undelivered are %q, and %d executions load the files", bodies, len(w.about(lost)))
	}
	for _, body := range bodies {
		if !strings.Contains(body, `"files":[{"bucket":"`+w.output("rawBucket")+`","key":"daily-flights/date=2008-05-0`) {
			t.Errorf("an undelivered message is %s", body)
		}
	}
	if late, gone := rang["gather-flights-late"], rang["undelivered-events"]; late == 0 || gone == 0 || late > 25*time.Minute || gone > 50*time.Minute {
		t.Errorf("alarms rang after %v", rang)
	}
	if told := w.told("undelivered-events"); len(told) == 0 {
		t.Error("nobody was told of the undelivered files")
	}
	w.midnight()
	w.succeeded(lost[0].key, lost[2].key)
}

// A pipe that may no longer read its queue stops: the files wait in the queue, and an alarm tells.
func TestFilesOfAPipeThatStopsWait(t *testing.T) {
	w := deploy(t, local.Options{Graph: gathering(t, "s3")})
	w.ingest(smallAirports())
	w.Door.Inject(refusesPipe("sqs", "ReceiveMessage", 1000))
	files := burst(2)
	w.put(files...)
	err := w.Run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "airline-dev-gather-flights has stopped, and messages wait in its queue") {
		t.Errorf("the world says %v", err)
	}
	if got := w.SQS().Bodies(w.Name("gather-flights")); len(got) != 2 {
		t.Errorf("%d files wait", len(got))
	}
	if told := w.told("gather-flights-late"); len(told) == 0 {
		t.Error("nobody was told that files wait")
	}
}

// A key whose event is too long to be gathered is not lost either: it is kept as undelivered, and told.
func TestAKeyTooLongToBeGatheredIsKept(t *testing.T) {
	w := deploy(t, local.Options{Graph: gathering(t, "s3")})
	w.ingest(smallAirports())
	plain := day("2008-05-01", strings.Repeat("x", 900)+".csv", goodRow)
	long := day("2008-05-02", strings.Repeat("\x01", 900)+".csv", goodRow) // six bytes each in JSON
	w.ingest(plain, long)
	w.succeeded(plain.key)
	if bodies := w.SQS().Bodies(w.Name("undelivered")); len(bodies) != 1 || !strings.Contains(bodies[0], "date=2008-05-02") {
		t.Errorf("undelivered are %q", bodies)
	}
}
