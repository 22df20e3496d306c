package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"
)

// jobStage plays the job and the bucket that it shares with the machine.
type jobStage struct {
	t       *testing.T
	size    int64                    // of each file
	tooMuch func(keys []string) bool // which runs die
	refused func(key string) bool    // which files are refused
	store   map[string]string        // the staging bucket
	runs    []string                 // the first and the last key of each run, and its workers
	loaded  map[string]int           // how often the rows of a key were written by a run that ended well
}

// mocks are those of the load machine's states that have to do with the job.
func (s *jobStage) mocks() map[string]simtest.Mocked {
	s.store, s.loaded, s.runs = map[string]string{}, map[string]int{}, nil
	on := simtest.OnState
	staging := "s3://" + example().StagingBucket + "/"
	return map[string]simtest.Mocked{
		"AskNewest": on("AskNewest").Call(func(task *sim.Task) {
			answer := holds("Versions", text(task, "Prefix"), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			answer["Versions"].([]any)[0].(object)["Size"] = s.size
			task.Succeed(jsonvalue.From(answer))
		}),
		"WriteObjects": on("WriteObjects").Call(func(task *sim.Task) {
			body, _ := task.Parameters.(*jsonvalue.Object).Get("Body")
			s.store[staging+text(task, "Key")] = jsonvalue.String(body)
			task.Succeed(jsonvalue.From(object{}))
		}),
		"ReadResult": on("ReadResult").Call(func(task *sim.Task) {
			task.Succeed(jsonvalue.From(object{"Body": s.store[staging+text(task, "Key")]}))
		}),
		"RunJob": on("RunJob").Call(func(task *sim.Task) {
			arguments, _ := task.Parameters.(*jsonvalue.Object).Get("Arguments")
			list, _ := arguments.(*jsonvalue.Object).Get("--objects")
			workers, _ := task.Parameters.(*jsonvalue.Object).Get("NumberOfWorkers")
			var objects []etl.Object
			if err := json.Unmarshal([]byte(s.store[list.(string)]), &objects); err != nil {
				s.t.Fatalf("the list %s: %v", list, err)
			}
			var keys []string
			var outcomes []etl.Outcome
			for _, o := range objects {
				keys = append(keys, o.Key)
				outcome := good(o.Key)
				if s.refused != nil && s.refused(o.Key) {
					outcome = bad(o.Key)
				}
				outcome.LoadID = o.LoadID
				outcomes = append(outcomes, outcome)
			}
			number := func(key string) string { return strings.TrimSuffix(key[strings.LastIndexByte(key, '/')+1:], ".csv") }
			s.runs = append(s.runs, fmt.Sprintf("%s-%s:%v", number(keys[0]), number(keys[len(keys)-1]), workers))
			if s.tooMuch != nil && s.tooMuch(keys) {
				task.Fail("States.TaskFailed", `{"JobName":"j","JobRunState":"FAILED","ErrorMessage":"Job aborted: java.lang.OutOfMemoryError: Java heap space"}`)
				return
			}
			for _, key := range keys {
				s.loaded[key]++
			}
			summary, err := json.Marshal(etl.Summarize(outcomes))
			if err != nil {
				s.t.Fatal(err)
			}
			place := list.(string)
			s.store[place[:strings.LastIndexByte(place, '/')+1]+etl.PartOfList(place, etl.BatchSummary)] = string(summary)
			task.Succeed(jsonvalue.From(object{"JobRunState": "SUCCEEDED"}))
		}),
	}
}

// partStories run a load machine on batches that are too big for one run; play runs it with mocks besides its usual ones.
func partStories(t *testing.T, play func(*testing.T, any, map[string]simtest.Mocked) *simtest.Run) {
	batchOf := func(n int) (b etl.Batch) {
		for _, key := range many(n, "") {
			b.Files = append(b.Files, etl.Event{Bucket: example().RawBucket, Key: key, Version: "v1", Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		}
		return b
	}
	const gib = 1 << 30
	has := func(keys []string, key int) bool { return slices.Contains(keys, many(key+1, "")[key]) }
	for _, story := range []struct {
		name         string
		files        int
		stage        jobStage
		runs         []string // first-last:workers
		err          string
		loaded, lost int
	}{
		{"small", 2, jobStage{size: 10}, []string{"0000-0001:2"}, "", 2, 0},
		{"a worker more for 2 GiB", 3, jobStage{size: gib}, []string{"0000-0002:3"}, "", 3, 0},
		{"no more workers than are allowed", 1, jobStage{size: 100 * gib}, []string{"0000-0000:10"}, "", 1, 0},
		{"cut by bytes", 5, jobStage{size: 8 * gib}, []string{"0000-0001:10", "0002-0003:10", "0004-0004:6"}, "", 5, 0},
		{"cut by bytes, one refused", 5, jobStage{size: 8 * gib, refused: func(key string) bool { return strings.HasSuffix(key, "0001.csv") }},
			[]string{"0000-0001:10", "0002-0003:10", "0004-0004:6"}, "no header", 4, 1},
		{"halves are small enough", 5, jobStage{size: 10, tooMuch: func(keys []string) bool { return len(keys) > 3 }}, []string{"0000-0004:2", "0000-0002:2", "0003-0004:2"}, "", 5, 0},
		{"one file is too big", 4, jobStage{size: 10, tooMuch: func(keys []string) bool { return has(keys, 2) }},
			[]string{"0000-0003:2", "0000-0001:2", "0002-0003:2", "0002-0002:2", "0003-0003:2"}, jobDied, 3, 1},
		{"the last file is too big", 2, jobStage{size: 10, tooMuch: func(keys []string) bool { return has(keys, 1) }}, []string{"0000-0001:2", "0000-0000:2", "0001-0001:2"}, jobDied, 1, 1},
		{"all files are too big", 2, jobStage{size: 10, tooMuch: func([]string) bool { return true }}, []string{"0000-0001:2", "0000-0000:2", "0001-0001:2"}, NotLoaded, 0, 2},
		{"the only file is too big", 1, jobStage{size: 10, tooMuch: func([]string) bool { return true }}, []string{"0000-0000:2"}, "States.TaskFailed", 0, 1},
	} {
		t.Run("parts/"+story.name, func(t *testing.T) {
			s := &story.stage
			s.t = t
			run := play(t, batchOf(story.files), s.mocks())
			if story.err == "" {
				run.Succeeded().Visited("Load", 1).Visited("NotifySuccess", 1)
			} else {
				run.Failed(story.err).Visited("NotifyFailure", 1)
				told := jsonvalue.String(run.CallsOf("NotifyFailure")[0].Parameters)
				for _, want := range []string{fmt.Sprintf(`"loaded":%d`, story.loaded), fmt.Sprintf(`"failed":%d`, story.lost)} {
					if !strings.Contains(told, want) {
						t.Errorf("told is %s, want %s in it", told, want)
					}
				}
			}
			if !slices.Equal(s.runs, story.runs) {
				t.Errorf("the runs are %q, want %q", s.runs, story.runs)
			}
			for key, n := range s.loaded {
				if n != 1 {
					t.Errorf("%s was read by %d runs that ended well", key, n)
				}
			}
			if story.loaded > 0 {
				if got := jsonvalue.String(run.CallsOf("Load")[0].Parameters); !strings.Contains(got, fmt.Sprintf(`{"Name":"files","Value":"%d"}`, story.loaded)) {
					t.Errorf("the load is told %s, want that of %d files", got, story.loaded)
				}
			}
		})
	}
	t.Run("parts/runs die on and on", func(t *testing.T) {
		s := &jobStage{t: t, size: 10, tooMuch: func([]string) bool { return true }}
		play(t, batchOf(100), s.mocks()).Failed("States.TaskFailed").Visited("NotifyFailure", 1)
		if len(s.runs) != maxDied+1 {
			t.Errorf("%d runs were begun, want %d at most", len(s.runs), maxDied+1)
		}
	})
}
