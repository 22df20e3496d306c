package cost

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/glue"

	"airline/local"
	"airline/local/recorder"
)

// openExecutions is an account's quota by default (Service Quotas, "AWS Step Functions").
const openExecutions = 1_000_000

// peaksOf are the most executions and job runs at once.
func peaksOf(ctx context.Context, w *local.World, s *watch) ([]Peak, error) {
	peaks := []Peak{{"executions that run", s.most, openExecutions, "Step Functions, an account's open executions"}}
	for _, r := range w.Graph.OfType("aws:glue/job:Job") {
		name := r.String("name")
		var moments []moment
		pages := glue.NewGetJobRunsPaginator(w.Glue(), &glue.GetJobRunsInput{JobName: &name})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, run := range page.JobRuns {
				if run.StartedOn != nil && run.CompletedOn != nil {
					moments = append(moments, moment{*run.StartedOn, 1}, moment{*run.CompletedOn, -1})
				}
			}
		}
		peaks = append(peaks, Peak{"runs of " + name, atOnce(moments), concurrentRuns(r), "the job, maxConcurrentRuns"})
	}
	return peaks, nil
}

type moment struct {
	at   time.Time
	more int
}

// atOnce is the most that there was at one moment; what ends then has ended.
func atOnce(list []moment) int {
	slices.SortFunc(list, func(a, b moment) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return a.more - b.more
	})
	now, most := 0, 0
	for _, m := range list {
		now += m.more
		most = max(most, now)
	}
	return most
}

// concurrentRuns is how many runs of a job there may be at once; 1 unless it says so.
func concurrentRuns(job *recorder.Resource) int {
	property, _ := job.Get("executionProperty")
	m, _ := property.(map[string]any)
	n, _ := m["maxConcurrentRuns"].(float64)
	return max(1, int(n))
}
