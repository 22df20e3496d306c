package workflow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/grants"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"
)

// backfillStage plays the services of a backfill: both buckets, the ledger and the load machines.
type backfillStage struct {
	store  sim.MemoryStore
	ledger map[string]time.Time // when the loaded version of a key was written
	loads  [][]string           // the keys of each list that a machine was started with
}

// listedAt is when all objects of a MemoryStore were written: it keeps no times, so the clock's is the listing's.
var listedAt = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newBackfillStage(keys ...string) *backfillStage {
	s := &backfillStage{sim.MemoryStore{example().RawBucket: {}, example().StagingBucket: {}}, map[string]time.Time{}, nil}
	for _, key := range keys {
		s.store[example().RawBucket][key] = []byte("data")
	}
	return s
}

// text is a parameter of a task.
func text(task *sim.Task, name string) string {
	value, _ := task.Parameters.(*jsonvalue.Object).Get(name)
	s, _ := value.(string)
	return s
}

// mocks play what happens when all is well.
func (s *backfillStage) mocks() map[string]simtest.Mocked {
	on := simtest.OnState
	staging := example().StagingBucket
	list := func(task *sim.Task) {
		limit, _ := task.Parameters.(*jsonvalue.Object).Get("MaxKeys")
		most, _ := jsonvalue.Float(limit)
		found, _ := s.store.ListObjects(staging, text(task, "Prefix"))
		contents := []any{}
		for _, o := range found[:min(len(found), int(most))] {
			contents = append(contents, object{"Key": o.Key, "Size": o.Size})
		}
		task.Succeed(jsonvalue.From(object{"KeyCount": len(contents), "Contents": contents, "IsTruncated": len(found) > len(contents)}))
	}
	put := func(task *sim.Task) {
		body, _ := task.Parameters.(*jsonvalue.Object).Get("Body")
		s.store[staging][text(task, "Key")] = []byte(jsonvalue.String(body))
		task.Succeed(jsonvalue.From(object{}))
	}
	load := func(task *sim.Task) { s.load(task) }
	told := object{"MessageId": "m"}
	return map[string]simtest.Mocked{
		"QueryHeld": on("QueryHeld").Call(func(task *sim.Task) {
			parameters, _ := task.Parameters.(*jsonvalue.Object).Get("Parameters")
			task.Succeed(jsonvalue.From(object{"Id": jsonvalue.String(parameters)})) // the answer's reader gets it back
		}),
		"DescribeHeld":    on("DescribeHeld").Return(object{"Status": "FINISHED"}),
		"ReadHeld":        on("ReadHeld").Call(func(task *sim.Task) { task.Succeed(jsonvalue.From(s.answer(text(task, "Id")))) }),
		"ListMissing":     on("ListMissing").Call(list),
		"LookForFailures": on("LookForFailures").Call(list),
		"ListFailures":    on("ListFailures").Call(list),
		"WriteList":       on("WriteList").Call(put),
		"WriteFailure":    on("WriteFailure").Call(put),
		"ReadFailure": on("ReadFailure").Call(func(task *sim.Task) {
			task.Succeed(jsonvalue.From(object{"Body": string(s.store[staging][text(task, "Key")])}))
		}),
		"LoadFlights":      on("LoadFlights").Call(load),
		"LoadAirports":     on("LoadAirports").Call(load),
		"NotifyBackfilled": on("NotifyBackfilled").Return(told),
		"NotifyFailure":    on("NotifyFailure").Return(told),
	}
}

// answer is what the ledger says to a query, as many rows as one has.
func (s *backfillStage) answer(parameters string) object {
	var list []struct{ Name, Value string }
	if err := json.Unmarshal([]byte(parameters), &list); err != nil {
		panic(err) // the test's own text
	}
	of := map[string]string{}
	for _, p := range list {
		of[p.Name] = p.Value
	}
	var rows [][]string
	for _, key := range slices.Sorted(maps.Keys(s.ledger)) {
		if key >= of["first"] && key >= of["from"] && key <= of["last"] && len(rows) < ledgerRows {
			rows = append(rows, []string{key, s.ledger[key].Format("2006-01-02 15:04:05")})
		}
	}
	return answer(rows...)
}

// load plays a load machine: of the files of its list those with "bad" in their keys are refused; with "crash" the batch fails as a whole, with "flaky"
// the first time, with "stop" it is stopped.
func (s *backfillStage) load(task *sim.Task) {
	input, _ := task.Parameters.(*jsonvalue.Object).Get("Input")
	var in etl.Listed
	var files []etl.ListedFile
	err := json.Unmarshal([]byte(jsonvalue.String(input)), &in)
	err = cmp.Or(err, json.Unmarshal(s.store[example().StagingBucket][etl.ListKey(in.List)], &files))
	if err != nil || !in.Quiet {
		task.Fail("States.Runtime", fmt.Sprintf("%s: %v", jsonvalue.String(input), err))
		return
	}
	var keys []string
	for _, f := range files {
		keys = append(keys, f.Key)
	}
	s.loads = append(s.loads, keys)
	refused := 0
	for _, key := range keys {
		if strings.Contains(key, "bad") {
			refused++
		}
	}
	has := func(part string) bool { return strings.Contains(strings.Join(keys, " "), part) }
	tries := 0
	for _, before := range s.loads {
		if slices.Equal(before, keys) {
			tries++
		}
	}
	end := func(status, err, cause string) {
		task.Fail("States.TaskFailed", jsonvalue.String(jsonvalue.From(object{"ExecutionArn": "arn:x", "Status": status, "Error": err, "Cause": cause})))
	}
	summary := func(s Summary) string { return jsonvalue.String(jsonvalue.From(s)) }
	switch {
	case has("crash"), has("flaky") && tries == 1:
		end("FAILED", "States.TaskFailed", summary(Summary{Failed: len(keys), State: "RunJob", Error: "States.TaskFailed", Cause: "no memory"}))
	case has("stop"):
		task.Fail("States.TaskFailed", `{"ExecutionArn":"arn:x","Status":"ABORTED"}`)
	case refused > 0:
		end("FAILED", NotLoaded, summary(Summary{Loaded: len(keys) - refused, Failed: refused, State: Outcome, Error: NotLoaded, Cause: "bad: no header"}))
	default:
		task.Succeed(jsonvalue.From(object{"ExecutionArn": "arn:x", "Output": Summary{Loaded: len(keys)}}))
	}
}

// dayKey is the key of a file of a day of January.
func dayKey(n int, name string) string {
	return fmt.Sprintf("daily-flights/date=2025-01-%02d/%s.csv", n, name)
}

// TestBackfillStories runs backfill through everything that can happen to it: together the stories reach every state, rule, retrier and catcher, and
// make every call that the policy allows.
func TestBackfillStories(t *testing.T) {
	d := machines(t)["backfill"]
	on := simtest.OnState
	flights := etl.Backfilling{Dataset: etl.Flights, Prefix: etl.Flights.Prefix(), Workers: 2}
	of := func(change func(*etl.Backfilling)) etl.Backfilling { b := flights; change(&b); return b }
	denied := func(state string) simtest.Mocked { return on(state).Fail("AccessDenied", "no") }
	answered := func(status string) simtest.Mocked { return on("DescribeHeld").Return(object{"Status": status}) }
	days := func(n int, name string) (keys []string) {
		for i := range n {
			keys = append(keys, dayKey(i+1, name))
		}
		return keys
	}
	apart := func(n int, name string) (keys []string) { // batches of one: the names fill a batch each
		for i := range n {
			keys = append(keys, "daily-flights/date=2025-01-01/"+fmt.Sprintf("%03d-%s", i, name)+strings.Repeat("x", 900)+".csv")
		}
		return keys
	}
	type want struct {
		err     string
		summary Summary // of it counts only
	}
	stories := []struct {
		name   string
		input  any
		keys   []string
		loaded []string
		want   want
		mocks  map[string]simtest.Mocked
	}{
		{"nothing is there", flights, nil, nil, want{}, nil},
		{"no files", flights, []string{"daily-flights/notes.txt", "daily-flights/date=2025-01-01/_hidden.csv"}, nil, want{}, nil},
		{"all is loaded", flights, days(5, "a"), days(5, "a"), want{}, nil},
		{"some are loaded", flights, days(5, "a"), days(2, "a"), want{summary: Summary{Loaded: 3}}, nil},
		{"some days", of(func(b *etl.Backfilling) { b.From, b.To = "2025-01-03", "2025-01-04" }), append(days(5, "a"), "daily-flights/month=2025-01/a.csv", "daily-flights/x.csv"), nil,
			want{summary: Summary{Loaded: 3}}, nil},
		{"a prefix", of(func(b *etl.Backfilling) { b.Prefix += "date=2025-01-05/" }), days(5, "a"), nil, want{summary: Summary{Loaded: 1}}, nil},
		{"airports", of(func(b *etl.Backfilling) { b.Dataset, b.Prefix = etl.Airports, etl.Airports.Prefix() }), []string{"airports/a.csv"}, nil, want{summary: Summary{Loaded: 1}}, nil},
		{"several pages, and rows of files that are gone", flights, many(250, ""), append(many(250, "gone"), many(250, "moved")...), want{summary: Summary{Loaded: 250}}, nil},
		{"some are refused", flights, append(days(5, "a"), days(2, "bad")...), nil, want{NotLoaded, Summary{Loaded: 5, Failed: 2}}, nil},
		{"a batch fails once", flights, append(days(5, "a"), dayKey(9, "flaky")), nil, want{summary: Summary{Loaded: 6}}, nil},
		{"a batch fails as a whole", flights, append(days(5, "a"), dayKey(9, "crash")), nil, want{NotLoaded, Summary{Failed: 6}}, nil},
		{"a machine is stopped", flights, []string{dayKey(9, "stop")}, nil, want{NotLoaded, Summary{Failed: 1}}, nil},
		{"all batches fail as a whole", of(func(b *etl.Backfilling) { b.Workers = 1 }), apart(600, "crash"), nil, want{GivenUp, Summary{Failed: 300, Left: 300}}, nil},
		{"the machine cannot be started", flights, days(1, "a"), nil, want{NotLoaded, Summary{Failed: 1}}, map[string]simtest.Mocked{"LoadFlights": denied("LoadFlights")}},
		{"everything is busy at first", flights, append(days(2, "a"), dayKey(3, "bad")), nil, want{NotLoaded, Summary{Loaded: 2, Failed: 1}}, nil},
		{"the ledger has much to do", flights, days(1, "a"), nil, want{summary: Summary{Loaded: 1}}, map[string]simtest.Mocked{
			"QueryHeld": newBackfillStage().mocks()["QueryHeld"].(*simtest.Mock[any, any]).
				Attempt(0).Fail("RedshiftData.ActiveStatementsExceededException", "busy").Attempt(1).Fail("RedshiftData.InternalServerException", "oops").Attempt(2).Fail("RedshiftData.RedshiftDataException", "Rate exceeded"),
			"DescribeHeld": on("DescribeHeld").Return(object{"Status": "FINISHED"}).
				Attempt(0).Fail("RedshiftData.RedshiftDataException", "Rate exceeded"),
			"NotifyBackfilled": busyAtFirst(on("NotifyBackfilled").Return(object{"MessageId": "m"}), "SNS.InternalErrorException"),
		}},
		{"airports cannot be loaded at once", of(func(b *etl.Backfilling) { b.Dataset, b.Prefix = etl.Airports, etl.Airports.Prefix() }), []string{"airports/a.csv"}, nil, want{NotLoaded, Summary{Failed: 1}},
			map[string]simtest.Mocked{"LoadAirports": busyAtFirst(denied("LoadAirports"), "StepFunctions.ThrottlingException")}},
		{"no input", object{}, nil, nil, want{err: "UnknownDataset"}, nil},
		{"another prefix", of(func(b *etl.Backfilling) { b.Prefix = "airports/" }), nil, nil, want{err: "OtherPrefix"}, nil},
		{"no days", of(func(b *etl.Backfilling) { b.From = "2025-01-01" }), nil, nil, want{err: "NoDays"}, nil},
		{"no workers", of(func(b *etl.Backfilling) { b.Workers = MaxWorkers + 1 }), nil, nil, want{err: "NoWorkers"}, nil},
		{"the ledger cannot be asked", flights, days(1, "a"), nil, want{err: "States.ExceedToleratedFailureThreshold"}, map[string]simtest.Mocked{"QueryHeld": denied("QueryHeld")}},
		{"the ledger cannot be followed", flights, days(1, "a"), nil, want{err: "States.ExceedToleratedFailureThreshold"}, map[string]simtest.Mocked{"DescribeHeld": denied("DescribeHeld")}},
		{"the ledger cannot be read", flights, days(1, "a"), nil, want{err: "States.ExceedToleratedFailureThreshold"}, map[string]simtest.Mocked{"ReadHeld": denied("ReadHeld")}},
		{"the ledger does not answer", flights, days(1, "a"), nil, want{err: "States.ExceedToleratedFailureThreshold"}, map[string]simtest.Mocked{"DescribeHeld": answered("FAILED")}},
		{"the ledger never answers", flights, days(1, "a"), nil, want{err: "States.ExceedToleratedFailureThreshold"}, map[string]simtest.Mocked{"DescribeHeld": answered("STARTED")}},
		{"a list cannot be written", flights, days(1, "a"), nil, want{err: "States.ExceedToleratedFailureThreshold"}, map[string]simtest.Mocked{"WriteList": denied("WriteList")}},
		{"what is missing cannot be listed", flights, days(1, "a"), nil, want{err: "AccessDenied"}, map[string]simtest.Mocked{"ListMissing": denied("ListMissing")}},
		{"failures cannot be listed", flights, days(1, "bad"), nil, want{"AccessDenied", Summary{Failed: 1}}, map[string]simtest.Mocked{"ListFailures": denied("ListFailures")}},
		{"failures cannot be read", flights, days(1, "bad"), nil, want{"AccessDenied", Summary{Failed: 1}}, map[string]simtest.Mocked{"ReadFailure": denied("ReadFailure")}},
		{"nobody can be told of success", flights, days(1, "a"), nil, want{"AccessDenied", Summary{Loaded: 1}}, map[string]simtest.Mocked{"NotifyBackfilled": denied("NotifyBackfilled")}},
		{"nobody can be told of failure", flights, days(1, "bad"), nil, want{NotLoaded, Summary{Failed: 1}}, map[string]simtest.Mocked{"NotifyFailure": denied("NotifyFailure")}},
	}
	var coverage sim.Coverage
	var runs []*simtest.Run
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			s := newBackfillStage(story.keys...)
			for _, key := range story.loaded {
				s.ledger[key] = listedAt
			}
			mocks := s.mocks()
			maps.Copy(mocks, story.mocks)
			if strings.Contains(story.name, "busy") {
				for state, err := range map[string]string{
					"QueryHeld": "RedshiftData.ActiveStatementsExceededException", "ReadHeld": "RedshiftData.InternalServerException", "DescribeHeld": "RedshiftData.InternalServerException",
					"ListMissing": "S3.S3Exception", "LookForFailures": "S3.S3Exception", "ListFailures": "S3.S3Exception", "WriteList": "S3.S3Exception", "WriteFailure": "S3.S3Exception",
					"ReadFailure": "S3.S3Exception", "LoadFlights": "StepFunctions.ThrottlingException", "NotifyFailure": "SNS.InternalErrorException",
				} {
					mocks[state] = busyAtFirst(mocks[state], err)
				}
			}
			run := simtest.Test{Definition: d, Input: story.input, Mocks: slices.Collect(maps.Values(mocks)), Coverage: &coverage, Start: listedAt, Options: sim.Options{Objects: s.store}}.Run(t)
			runs = append(runs, run)
			if story.want.err != "" {
				run.Failed(story.want.err).Visited("NotifyFailure", 1)
			} else {
				run.Succeeded().Visited("NotifyBackfilled", 1)
			}
			got := run.Execution.Cause()
			if story.want.err == "" {
				got = jsonvalue.String(run.Execution.Output())
			}
			if sum := summaryOf(t, got); sum.Loaded != story.want.summary.Loaded || sum.Failed != story.want.summary.Failed || sum.Left != story.want.summary.Left {
				t.Errorf("it says %s, want %+v", got, story.want.summary)
			}
			loaded := map[string]int{}
			for _, keys := range s.loads {
				for _, key := range keys {
					loaded[key]++
				}
			}
			for key, n := range loaded {
				if n > 1 && !strings.Contains(story.name, "fail") && !strings.Contains(story.name, "stop") {
					t.Errorf("%s is handed to a machine %d times", key, n)
				}
			}
		})
	}
	for _, place := range coverage.Missing() {
		t.Errorf("no story reaches %s", place)
	}
	scope := grants.Scope{Partition: "aws", Region: "eu-west-1", Account: "123456789012", StateMachine: "backfill"}
	policy, err := grants.Of(d, scope)
	if err != nil {
		t.Fatal(err)
	}
	// What the Maps themselves do is no task: the local world holds their roles to it.
	for i, g := range policy {
		policy[i].Resources = slices.DeleteFunc(slices.Clone(g.Resources), func(r string) bool {
			return strings.HasSuffix(r, ":backfill") || strings.Contains(r, ":backfill/") || strings.HasSuffix(r, "/missing/*") || r == "arn:aws:s3:::"+example().RawBucket
		})
	}
	simtest.PolicyProof{Policy: policy, Scope: scope, Beyond: []string{"kms:*"}}.Check(t, runs...)
}

// bigStore is a store whose raw objects are listed with other sizes than they have.
type bigStore struct {
	sim.MemoryStore
	size func(key string) int64
}

func (s bigStore) ListObjects(bucket, prefix string) ([]sim.ObjectInfo, error) {
	list, err := s.MemoryStore.ListObjects(bucket, prefix)
	if bucket == example().RawBucket {
		for i, o := range list {
			list[i].Size = s.size(o.Key)
		}
	}
	return list, err
}

// What a plan takes for the batches of a backfill are those that the machine makes, by the number of files and by their bytes.
func TestBackfillCutsAsPlanned(t *testing.T) {
	keys := many(BatchFiles+50, "")
	sizes := map[string]int64{}
	var files []etl.ListedFile
	for i, key := range keys {
		sizes[key] = int64(i%5+1) * (BatchBytes / 800) // one and a half times BatchBytes in so many files
		files = append(files, etl.ListedFile{Key: key, Size: sizes[key], Time: listedAt})
	}
	s := newBackfillStage(keys...)
	simtest.Test{
		Definition: machines(t)["backfill"], Input: etl.Backfilling{Dataset: etl.Flights, Prefix: etl.Flights.Prefix(), Workers: 1}, Mocks: slices.Collect(maps.Values(s.mocks())),
		Start: listedAt, Options: sim.Options{Objects: bigStore{s.store, func(key string) int64 { return sizes[key] }}},
	}.Run(t).Succeeded()
	var loads, planned []int
	for _, load := range s.loads {
		loads = append(loads, len(load))
	}
	for _, batch := range Batches(files) {
		planned = append(planned, len(batch))
	}
	if !slices.Equal(loads, planned) || len(planned) != 3 {
		t.Errorf("the machine loads batches of %v files, planned are %v, want 3", loads, planned)
	}
}

// many are so many keys of flights, in order, with a word in their names.
func many(n int, word string) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf("daily-flights/date=2025-02-01/%04d%s.csv", i, word))
	}
	return list
}

// busyAtFirst lets the first attempt of each call fail.
func busyAtFirst(m simtest.Mocked, err string) simtest.Mocked {
	return m.(*simtest.Mock[any, any]).Attempt(0).Fail(asl.Err[any](err), "try again")
}
