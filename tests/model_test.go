package tests

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/asl/jsonvalue"
	"airline/etl"
	"airline/local"
)

var (
	seeds      = flag.Int("seeds", 100, "how many random histories of files the model test goes through")
	bursts     = flag.Int("bursts", 20, "how many seeds of every way in which two or three versions are written within a second")
	firstBurst = flag.Int("first-burst", 0, "the first of those seeds, to go on where a run was stopped")
)

// seedsAWorld is how many histories share a world: each has keys of its own, so they meet in nothing but in crawls,
// the warehouse and reconcile.
const seedsAWorld = 100

// history is what happens to a few keys of one day within an hour.
type history struct {
	w    *world
	r    *rand.Rand
	keys []string
	last int // delay in the newest file: every version has its own
	seed int
}

func newHistory(w *world, seed int) *history {
	h := &history{w: w, r: rand.New(rand.NewPCG(uint64(seed), 15)), seed: seed}
	day := time.Date(2008, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, seed%seedsAWorld).Format(time.DateOnly)
	for _, name := range []string{"a.csv", "b.csv", "B.CSV", "c.csv", "_temporary/0/a.csv"}[:2+h.r.IntN(4)] {
		h.keys = append(h.keys, "daily-flights/date="+day+"/"+name)
	}
	return h
}

// deed is something that happens at a moment of the world.
type deed struct {
	at time.Time
	do func()
}

// happen lets the deeds happen, each at its moment.
func (w *world) happen(deeds []deed) {
	w.t.Helper()
	slices.SortStableFunc(deeds, func(a, b deed) int { return a.at.Compare(b.at) })
	for _, d := range deeds {
		w.wait(max(0, d.at.Sub(w.Now())))
		d.do()
	}
}

// life is what happens: some of it in one second, some of it minutes apart.
func (h *history) life() (deeds []deed) {
	at := h.w.Now().Add(time.Duration(h.r.IntN(600)) * time.Second)
	for range 2 + h.r.IntN(7) {
		if h.r.IntN(2) == 0 {
			at = at.Add(time.Duration(h.r.IntN(300)) * time.Second)
		} else {
			at = at.Add(time.Duration(h.r.IntN(900)) * time.Millisecond)
		}
		deeds = append(deeds, deed{at, h.step})
	}
	return deeds
}

func (h *history) key() string { return h.keys[h.r.IntN(len(h.keys))] }

func (h *history) step() {
	key := h.key()
	switch h.r.IntN(8) {
	case 0, 1, 2:
		h.put(key)
	case 3:
		h.copy(key, h.key())
	case 4: // a move is a copy and a deletion
		if to := h.key(); to != key && h.copy(key, to) {
			h.remove(key, nil)
		}
	case 5:
		h.remove(key, nil)
	case 6: // the newest version, or delete marker, goes for good: the one before it is the newest again
		if list := h.versions(key); len(list) > 0 {
			h.remove(key, &list[0])
		}
	case 7: // an older version is brought back, or an event is replayed
		list := h.versions(key)
		if len(list) > 1 && h.r.IntN(2) == 0 {
			h.restore(key, list[1+h.r.IntN(len(list)-1)])
			return
		}
		h.w.start(fmt.Sprintf("arn:aws:states:%s:%s:stateMachine:%s", h.w.Graph.Region, h.w.Graph.Account, h.w.Name("ingest-flights")), fmt.Sprintf("replay-%d-%d", h.seed, h.w.Now().UnixNano()), jsonvalue.From(etl.Batch{Files: []etl.Event{{
			Bucket: h.w.output("rawBucket"), Key: key, Time: h.w.Now().UTC().Truncate(time.Second), EventID: "replay",
		}}}))
	}
}

func (h *history) put(key string) {
	var b strings.Builder
	b.WriteString("Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n")
	h.last++
	for range h.r.IntN(3) {
		fmt.Fprintf(&b, "AA,1,2,%d,%d\n", h.seed, h.last)
	}
	h.w.put(rawFile{key, []byte(b.String())})
}

// copy does nothing when there is no object to copy.
func (h *history) copy(from, to string) bool {
	if from == to || !slices.Contains(h.w.objects(from), from) {
		return false
	}
	h.restore(to, from)
	return true
}

// restore makes a copy, of a key or of a key's version, the newest version of a key.
func (h *history) restore(key, source string) {
	h.w.t.Helper()
	bucket := aws.String(h.w.output("rawBucket"))
	if !strings.HasPrefix(source, "daily-flights/") {
		source = key + "?versionId=" + source
	}
	_, err := h.w.S3().CopyObject(h.w.t.Context(), &s3.CopyObjectInput{
		Bucket: bucket, Key: &key, CopySource: aws.String(*bucket + "/" + source), MetadataDirective: "REPLACE",
	})
	if err != nil {
		h.w.t.Fatalf("copying %s to %s: %v", source, key, err)
	}
}

func (h *history) remove(key string, version *string) {
	h.w.t.Helper()
	_, err := h.w.S3().DeleteObject(h.w.t.Context(), &s3.DeleteObjectInput{Bucket: aws.String(h.w.output("rawBucket")), Key: &key, VersionId: version})
	if err != nil {
		h.w.t.Fatalf("deleting %s: %v", key, err)
	}
}

// versions are the ids of a key's versions and delete markers, the newest first, then objects before markers.
func (h *history) versions(key string) []string {
	h.w.t.Helper()
	out, err := h.w.S3().ListObjectVersions(h.w.t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(h.w.output("rawBucket")), Prefix: &key})
	if err != nil {
		h.w.t.Fatal(err)
	}
	var newest, older []string
	for _, v := range out.Versions {
		if *v.Key == key && *v.IsLatest {
			newest = append(newest, *v.VersionId)
		} else if *v.Key == key {
			older = append(older, *v.VersionId)
		}
	}
	for _, v := range out.DeleteMarkers {
		if *v.Key == key && *v.IsLatest {
			newest = append(newest, *v.VersionId)
		}
	}
	return append(newest, older...)
}

// allVersions are the ids of all versions that are in the bucket.
func (w *world) allVersions() map[string]bool {
	w.t.Helper()
	ids := map[string]bool{}
	in := &s3.ListObjectVersionsInput{Bucket: aws.String(w.output("rawBucket"))}
	for {
		out, err := w.S3().ListObjectVersions(w.t.Context(), in)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, v := range out.Versions {
			ids[*v.VersionId] = true
		}
		if !aws.ToBool(out.IsTruncated) {
			return ids
		}
		in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker
	}
}

// toldVersions are the versions that notifications of failed loads name, by execution.
func (w *world) toldVersions() map[string][]string {
	w.t.Helper()
	versions := map[string][]string{}
	for _, text := range w.told("NOT loaded") {
		var message struct {
			Execution string
			Files     []struct{ Version string }
		}
		if err := json.Unmarshal([]byte(text), &message); err != nil {
			w.t.Fatalf("%v: %s", err, text)
		}
		for _, f := range message.Files {
			versions[message.Execution] = append(versions[message.Execution], f.Version)
		}
	}
	return versions
}

// objects are the keys under a prefix that have an object now.
func (w *world) objects(prefix string) []string {
	w.t.Helper()
	var keys []string
	in := &s3.ListObjectsV2Input{Bucket: aws.String(w.output("rawBucket")), Prefix: &prefix}
	for {
		out, err := w.S3().ListObjectsV2(w.t.Context(), in)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, o := range out.Contents {
			keys = append(keys, *o.Key)
		}
		if in.ContinuationToken = out.NextContinuationToken; in.ContinuationToken == nil {
			return keys
		}
	}
}

// held is what the bucket's newest versions hold: the files' rows, each with its key.
func (w *world) held() []string {
	w.t.Helper()
	var rows []string
	for _, key := range w.objects("daily-flights/") {
		if strings.Contains(key, "/_") {
			continue
		}
		out, err := w.S3().GetObject(w.t.Context(), &s3.GetObjectInput{Bucket: aws.String(w.output("rawBucket")), Key: &key})
		if err != nil {
			w.t.Fatal(err)
		}
		body, err := io.ReadAll(out.Body)
		if out.Body.Close(); err != nil {
			w.t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(bytes.TrimSpace(body))), "\n")[1:] {
			f := strings.Split(line, ",")
			rows = append(rows, fmt.Sprint(key, " ", f[0], " ", f[3], " ", f[4]))
		}
	}
	slices.Sort(rows)
	return rows
}

// loaded is the same of the warehouse.
func (w *world) loaded() []string {
	w.t.Helper()
	var rows []string
	for _, r := range w.query("SELECT source_key, carrier, dep_delay, arr_delay FROM airlines.daily_flights_fact") {
		rows = append(rows, fmt.Sprint(r[0], " ", r[1], " ", r[2], " ", r[3]))
	}
	slices.Sort(rows)
	return rows
}

// Files are put, overwritten, copied, moved, deleted and restored at random, and the events of that are lost, doubled and
// late: after reconcile the warehouse holds what the bucket holds, no more and no less.
func TestTheWarehouseHoldsWhatTheBucketHolds(t *testing.T) {
	for first := 0; first < *seeds; first += seedsAWorld {
		trigger := triggers[first/seedsAWorld%2]
		t.Run(fmt.Sprintf("%s-%d", trigger, first), func(t *testing.T) {
			t.Parallel()
			graph := recorded(t, trigger)
			if first/seedsAWorld%8 > 3 {
				graph = gathering(t, trigger)
			}
			w := deploy(t, local.Options{Graph: graph, Seed: uint64(first), DuplicateEvents: first/seedsAWorld%4 > 1})
			w.put(rawFile{"airports/airports.csv", []byte(someAirports)})
			w.run()
			deeds := w.deafness(rand.New(rand.NewPCG(uint64(first), 4)))
			for seed := first; seed < min(first+seedsAWorld, *seeds); seed++ {
				deeds = append(deeds, newHistory(w, seed).life()...)
			}
			w.happen(deeds)
			w.run()
			w.midnight()
			w.run()
			w.follows()
		})
	}
}

// follows fails the test unless the warehouse holds what the bucket holds.
func (w *world) follows() {
	w.t.Helper()
	there := w.allVersions()
	told := w.toldVersions()
	for _, x := range w.SFN().Executions() {
		if x.Error() == "" {
			continue
		}
		// An execution may fail, and tells it, when versions that S3 named are deleted for good before the job reads them.
		versions := told[x.ARN()]
		if len(versions) == 0 || slices.ContainsFunc(versions, func(v string) bool { return there[v] }) {
			w.t.Errorf("%s %s: %s %s: %s; it told of the versions %q, of which some are there", x.StateMachineARN(), x.Input(), x.Status(), x.Error(), x.Cause(), versions)
		}
	}
	if diff := diffMultisets(w.loaded(), w.held()); diff != "" {
		w.t.Errorf("the warehouse differs from the bucket: %s", diff)
	}
	if n := w.count("SELECT COUNT(*) FROM (SELECT source_key FROM airlines.load_ledger WHERE status <> 'superseded' GROUP BY source_key HAVING COUNT(*) <> 1) t"); n != 0 {
		w.t.Errorf("%d keys have several current rows in the ledger", n)
	}
}

// Two and three versions of a key within a second, in every order in which their events and executions can overtake each
// other: the last one's rows are loaded without reconcile.
func TestTheLastVersionOfASecondWins(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			t.Parallel()
			for first := *firstBurst; first < *bursts; first += seedsAWorld {
				t.Run(fmt.Sprint(first), func(t *testing.T) { lastVersionsWin(t, trigger, first) }) // a test of its own, so that its world ends
			}
		})
	}
}

// lastVersionsWin tries the seeds from first on, in one world.
func lastVersionsWin(t *testing.T, trigger string, first int) {
	const second = time.Second / time.Millisecond
	w := deploy(t, local.Options{Graph: recorded(t, trigger), Seed: uint64(first)})
	w.ingest(rawFile{"airports/airports.csv", []byte(someAirports)})
	var deeds []deed
	for seed := first; seed < min(first+seedsAWorld, *bursts); seed++ {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		begin := w.Now().Truncate(time.Second).Add(time.Duration(1+r.IntN(60)) * time.Second)
		for versions := 2; versions <= 3; versions++ {
			key := fmt.Sprintf("daily-flights/date=2008-01-%02d/%d-%d.csv", 1+seed%28, seed, versions)
			for v := range versions {
				at := begin.Add(time.Duration(r.IntN(int(second))) * time.Millisecond)
				deeds = append(deeds, deed{at, func() {
					w.put(rawFile{key, fmt.Appendf(nil, "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,1,2,%d,%d\n", seed, v)})
				}})
			}
		}
	}
	w.happen(deeds)
	w.run()
	w.follows()
}

// deafness is when the rule does not hear of changes: a third of an hour, a minute or so at once.
func (w *world) deafness(r *rand.Rand) (deeds []deed) {
	name := aws.String(w.Name("ingest-flights"))
	for at := w.Now(); at.Sub(w.Now()) < time.Hour; {
		at = at.Add(time.Duration(r.IntN(240)) * time.Second)
		deeds = append(deeds, deed{at, func() {
			if _, err := w.Events().DisableRule(w.t.Context(), &eventbridge.DisableRuleInput{Name: name}); err != nil {
				w.t.Error(err)
			}
		}})
		at = at.Add(time.Duration(r.IntN(120)) * time.Second)
		deeds = append(deeds, deed{at, func() {
			if _, err := w.Events().EnableRule(w.t.Context(), &eventbridge.EnableRuleInput{Name: name}); err != nil {
				w.t.Error(err)
			}
		}})
	}
	return deeds
}
