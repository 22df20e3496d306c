package tests

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/infra"
	"airline/local"
	"airline/local/recorder"
)

// flightOf is a file of one flight, which its delay tells from others.
func flightOf(key string, delay int) rawFile {
	return rawFile{key, fmt.Appendf(nil, "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nLH,1,2,%d,\n", delay)}
}

const theDay = "daily-flights/date=2024-01-01/"

// rows are the delays in the warehouse, with the names of their files.
func (w *world) rows() string {
	w.t.Helper()
	var list []string
	for _, r := range w.query("SELECT source_key, dep_delay FROM airlines.daily_flights_fact") {
		list = append(list, fmt.Sprint(strings.TrimPrefix(r[0].(string), theDay), " ", r[1]))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

func (w *world) expect(when, want string) {
	w.t.Helper()
	if got := w.rows(); got != want {
		w.t.Errorf("%s the warehouse holds %q, want %q", when, got, want)
	}
}

func (w *world) copy(from, to string) {
	w.t.Helper()
	bucket := w.output("rawBucket")
	if _, err := w.S3().CopyObject(w.t.Context(), &s3.CopyObjectInput{Bucket: &bucket, Key: &to, CopySource: aws.String(bucket + "/" + from)}); err != nil {
		w.t.Fatal(err)
	}
}

// remove deletes an object, or one version of it for good, and gives the version of the delete marker.
func (w *world) remove(key string, version *string) string {
	w.t.Helper()
	out, err := w.S3().DeleteObject(w.t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(w.output("rawBucket")), Key: &key, VersionId: version})
	if err != nil {
		w.t.Fatal(err)
	}
	return aws.ToString(out.VersionId)
}

// told are the subjects of the notifications that contain a text.
func (w *world) told(text string) (messages []string) {
	for _, n := range w.SNS().Notifications() {
		if strings.Contains(n.Subject, text) {
			messages = append(messages, n.Message)
		}
	}
	return messages
}

func TestFilesThatMoveAndGo(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recorded(t, trigger)})
			w.ingest(rawFile{"airports/airports.csv", []byte(someAirports)})
			versions := w.ingest(flightOf(theDay+"a.csv", 1), flightOf(theDay+"b.csv", 2), flightOf(theDay+"c.csv", 3))
			w.expect("at first", "a.csv 1, b.csv 2, c.csv 3")

			w.copy(theDay+"a.csv", theDay+"moved.csv")
			w.remove(theDay+"a.csv", nil)
			w.run()
			w.expect("after a move", "b.csv 2, c.csv 3, moved.csv 1")
			if got := w.told("airline: flights retired, their file is gone"); len(got) != 1 || !strings.Contains(got[0], `"rows":1`) || !strings.Contains(got[0], theDay+"a.csv") {
				t.Errorf("told of the file that is gone: %s", got)
			}

			marker := w.remove(theDay+"b.csv", nil)
			w.run()
			w.expect("after a deletion", "c.csv 3, moved.csv 1")
			w.remove(theDay+"b.csv", &marker)
			w.run()
			w.expect("after the delete marker is removed", "b.csv 2, c.csv 3, moved.csv 1")

			corrected := w.ingest(flightOf(theDay+"c.csv", 4))
			w.expect("after a correction", "b.csv 2, c.csv 4, moved.csv 1")
			w.remove(theDay+"c.csv", &corrected[0])
			w.run()
			w.expect("after the correction is deleted for good", "b.csv 2, c.csv 3, moved.csv 1")
			w.remove(theDay+"c.csv", &versions[2])
			w.run()
			w.expect("after all its versions are", "b.csv 2, moved.csv 1")

			_, err := w.S3().DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: aws.String(w.output("rawBucket")), Delete: &types.Delete{
				Objects: []types.ObjectIdentifier{{Key: aws.String(theDay + "b.csv")}, {Key: aws.String(theDay + "moved.csv")}},
			}})
			if err != nil {
				t.Fatal(err)
			}
			w.run()
			w.expect("after both are deleted in one call", "")
			w.midnight()
			if got := w.told("without an event"); got != nil {
				t.Errorf("reconcile tells %s of what was heard", got)
			}
			if n := w.count("SELECT COUNT(*) FROM airlines.load_ledger WHERE status IN ('loaded', 'kept') AND source_key LIKE 'daily%'"); n != 0 {
				t.Errorf("%d files are in the ledger as if they were there", n)
			}
		})
	}
}

// What no event told of is found after midnight, and told with its key: a deletion, a restored version, both.
func TestReconcileFindsWhatIsGoneOrBack(t *testing.T) {
	w := deploy(t, local.Options{})
	w.ingest(rawFile{"airports/airports.csv", []byte(someAirports)})
	w.ingest(flightOf(theDay+"a.csv", 1), flightOf(theDay+"b.csv", 2), flightOf(theDay+"c.csv", 3))
	second := w.ingest(flightOf(theDay+"c.csv", 4))
	marker := w.remove(theDay+"b.csv", nil)
	w.run()
	w.wait(20 * 24 * time.Hour)
	w.expect("three weeks later", "a.csv 1, c.csv 4")
	w.deaf("ingest-flights", func() {
		w.remove(theDay+"a.csv", nil)
		w.remove(theDay+"b.csv", &marker)
		w.remove(theDay+"c.csv", &second[0])
		w.wait(3 * time.Minute)
	})
	w.wait(2 * time.Hour)
	w.expect("unheard", "a.csv 1, c.csv 4")
	w.midnight()
	w.expect("after midnight", "b.csv 2, c.csv 3")
	if got := w.told("files gone without an event"); len(got) != 1 || !strings.Contains(got[0], theDay+"a.csv") || strings.Contains(got[0], theDay+"b.csv") {
		t.Errorf("told of files that are gone: %s", got)
	}
	if got := w.told("files without an event"); len(got) != 1 || !strings.Contains(got[0], `"files":2`) {
		t.Errorf("told of files that are back: %s", got)
	}
	w.midnight()
	if got := len(w.told("without an event")); got != 2 {
		t.Errorf("%d notifications after another midnight, want no more than 2", got)
	}
}

func TestKeptFlights(t *testing.T) {
	graph, err := recorder.Record(context.Background(), recorder.Options{Dir: "..", Stack: "dev", Overrides: map[string]string{"onDelete": "keep"}}, infra.Program)
	if err != nil {
		t.Fatal(err)
	}
	w := deploy(t, local.Options{Graph: graph, DuplicateEvents: true})
	w.ingest(rawFile{"airports/airports.csv", []byte(someAirports)})
	w.ingest(flightOf(theDay+"a.csv", 1), flightOf(theDay+"b.csv", 2))
	w.remove(theDay+"a.csv", nil)
	w.run()
	w.deaf("ingest-flights", func() {
		w.remove(theDay+"b.csv", nil)
		w.run()
	})
	w.midnight()
	w.midnight()
	w.expect("though both files are gone", "a.csv 1, b.csv 2")
	if got := w.told("flights kept, their file is gone"); len(got) != 2 {
		t.Errorf("told %d times, want once of each file: %s", len(got), got)
	}
	w.ingest(flightOf(theDay+"a.csv", 5))
	w.expect("when one is there again", "a.csv 5, b.csv 2")
}

// A writer that writes, copies and deletes leaves each row once; what is hidden is no data, and nobody is told of it.
func TestHiddenNamesAreNoData(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recorded(t, trigger)})
			w.ingest(rawFile{"airports/airports.csv", []byte(someAirports)}, rawFile{"airports/._airports.csv", []byte("no CSV")})
			hidden := []string{"_temporary/0/t/part-0.csv", ".hive-staging_1/part-0.csv", ".flights.csv", "._flights.csv", "_flights.csv"}
			for i, name := range hidden {
				w.put(flightOf(theDay+name, 10+i))
			}
			w.put(flightOf("daily-flights/_temporary/date=2024-01-01/part-0.csv", 9))
			w.run()
			w.copy(theDay+hidden[0], theDay+"part-0.csv")
			w.remove(theDay+hidden[0], nil)
			w.run()
			w.midnight()
			w.expect("after a writer's work", "part-0.csv 10")
			if got := len(w.SNS().Notifications()); got != 2 {
				t.Errorf("%d notifications, want one of the airports and one of the flights: %v", got, w.SNS().Notifications())
			}
		})
	}
}

// Upper case loads; what nothing loads by its name is told once, after midnight, with what to do; so are two files that
// have the same flights.
func TestNamesThatNothingLoads(t *testing.T) {
	w := deploy(t, local.Options{})
	w.ingest(rawFile{"airports/airports.csv", []byte(someAirports)})
	strays := []string{"flights.csv.bz2", "flights.csv.zst", "flights.txt", "flights.zip", "part-00000"}
	for _, name := range strays {
		w.put(rawFile{theDay + name, []byte("whatever")})
	}
	w.ingest(flightOf(theDay+"FLIGHTS.CSV", 1), flightOf(theDay+"more.CSV.gz", 2), flightOf(theDay+"Copy.Csv", 1))
	w.expect("before midnight", "FLIGHTS.CSV 1, more.CSV.gz 2")
	for range 3 {
		w.midnight()
	}
	w.expect("after midnight", "Copy.Csv 1, FLIGHTS.CSV 1, more.CSV.gz 2")
	told := w.told("files that are not loaded")
	if len(told) != 1 || !strings.Contains(told[0], "rename") {
		t.Fatalf("told of names that nothing loads: %s", told)
	}
	for _, name := range strays {
		if !strings.Contains(told[0], theDay+name) {
			t.Errorf("told %s, want %s in it", told[0], name)
		}
	}
	same := w.told("files with the same flights")
	if len(same) != 1 || !strings.Contains(same[0], theDay+"Copy.Csv") || !strings.Contains(same[0], theDay+"FLIGHTS.CSV") || strings.Contains(same[0], "more") {
		t.Errorf("told of files with the same flights: %s", same)
	}
}
