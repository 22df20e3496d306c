package glue

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// CrawlerActivity is how a crawler stands.
type CrawlerActivity struct {
	Name   string
	State  string // READY, RUNNING or STOPPING
	Crawls int    // started so far
}

// JobActivity is how a job stands.
type JobActivity struct {
	Name          string
	Runs, Running int
}

// Activity tells how crawlers and jobs stand, by name, past the API.
func (s *Service) Activity() (crawlers []CrawlerActivity, jobs []JobActivity) {
	for _, c := range s.crawlers {
		crawlers = append(crawlers, CrawlerActivity{c.name, string(c.state), c.runs})
	}
	for _, j := range s.jobs {
		a := JobActivity{Name: j.name, Runs: len(j.runs)}
		for _, r := range j.runs {
			if r.ended.IsZero() && r.state != types.JobRunStateStopped {
				a.Running++
			}
		}
		jobs = append(jobs, a)
	}
	slices.SortFunc(crawlers, func(a, b CrawlerActivity) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(jobs, func(a, b JobActivity) int { return strings.Compare(a.Name, b.Name) })
	return crawlers, jobs
}
