package glue

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
	"airline/local/schedule"
)

// How long a crawl takes besides its calls: rough figures of small crawls.
const (
	crawlStartup  = 25 * time.Second // until it lists the first object
	crawlObject   = 30 * time.Millisecond
	crawlStopping = 20 * time.Second // writing the last log lines and statistics
	crawlMinimum  = 10 * time.Minute // billed
	crawlerDPUs   = 2
)

type crawler struct {
	name, arn, role     string
	database            string
	prefix, description string
	security            string
	configuration       string
	classifiers         []string
	custom              []types.CsvClassifier
	targets             []target
	recrawl             types.RecrawlBehavior
	update              types.UpdateBehavior
	remove              types.DeleteBehavior
	inherit, merge      bool
	combine             bool
	level               int
	schedule            *schedule.Schedule // nil without one
	cron                string             // as it was deployed
	created             time.Time

	state   types.CrawlerState
	started time.Time
	last    *types.LastCrawlInfo
	runs    int // crawls started; a callback of an earlier one has no effect
	history []time.Duration
	crawls  []types.CrawlerHistory // of this world, in order
	counts  struct{ created, updated, deleted int32 }

	seen  map[string]seenObject // by bucket and key: what is known of an object version
	known map[string]*knownTable
}

// target is an S3 path to crawl, and what is left out below it.
type target struct {
	path, bucket, prefix string
	exclusions           []string
	excluded             []*regexp.Regexp
}

func (s *Service) findCrawler(name *string) (*crawler, error) {
	c := s.crawlers[aws.ToString(name)]
	if c == nil {
		return nil, notFound("Crawler with name %s does not exist", aws.ToString(name))
	}
	return c, nil
}

func (s *Service) crawlerNeeds(action string, name *string) []door.Request {
	return []door.Request{{Action: "glue:" + action, Resource: s.arn("glue", "crawler/"+aws.ToString(name))}}
}

// StartCrawler starts a crawl. While one runs, or stops, it answers CrawlerRunningException.
func (s *Service) StartCrawler(ctx context.Context, in *glue.StartCrawlerInput, _ ...func(*glue.Options)) (*glue.StartCrawlerOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.StartCrawlerInput, glue.StartCrawlerOutput]{
		Service: "glue", Action: "StartCrawler", Needs: s.crawlerNeeds("StartCrawler", in.Name),
		Do: func(_ context.Context, in *glue.StartCrawlerInput) (*glue.StartCrawlerOutput, error) {
			c, err := s.findCrawler(in.Name)
			if err != nil {
				return nil, err
			}
			if c.state != types.CrawlerStateReady {
				return nil, &types.CrawlerRunningException{Message: aws.String("Crawler with name " + c.name + " has already started")}
			}
			s.startCrawl(c)
			return &glue.StartCrawlerOutput{}, nil
		},
	}, in)
}

// Scheduled is the number of timers that wait for a crawler's next time. They go on for ever: a world in which nothing else
// is left to do is at rest.
func (s *Service) Scheduled() int { return s.scheduled }

// arm sets the timer of a crawler's next time. A crawl that is under way then is the crawl.
func (s *Service) arm(c *crawler) {
	at := c.schedule.Next(s.door.Now())
	if at.IsZero() {
		return
	}
	s.scheduled++
	s.clock.At(at, func() {
		s.scheduled--
		if c.state == types.CrawlerStateReady {
			s.startCrawl(c)
		}
		s.arm(c)
	})
}

func (s *Service) startCrawl(c *crawler) {
	c.runs++
	run := c.runs
	c.state, c.started = types.CrawlerStateRunning, s.door.Now()
	c.counts.created, c.counts.updated, c.counts.deleted = 0, 0, 0
	s.clock.After(crawlStartup, func() {
		if c.runs != run || c.state != types.CrawlerStateRunning {
			return // stopped
		}
		took, err := s.crawl(context.Background(), c)
		s.clock.After(took, func() {
			if c.runs == run && c.state == types.CrawlerStateRunning {
				s.stopCrawl(c, run, err)
			}
		})
	})
}

// stopCrawl is the last phase: STOPPING for a while, then READY with the new LastCrawl.
func (s *Service) stopCrawl(c *crawler, run int, err error) {
	c.state = types.CrawlerStateStopping
	s.clock.After(crawlStopping, func() {
		status := types.LastCrawlStatusSucceeded
		if err != nil {
			status = types.LastCrawlStatusFailed
		}
		s.endCrawl(c, run, status, err)
	})
}

func (s *Service) endCrawl(c *crawler, run int, status types.LastCrawlStatus, err error) {
	if c.runs != run {
		return
	}
	group, stream := s.crawlerLog(c)
	c.last = &types.LastCrawlInfo{Status: status, StartTime: aws.Time(c.started), LogGroup: aws.String(group), LogStream: aws.String(stream), MessagePrefix: aws.String(c.messagePrefix())}
	if err != nil {
		c.last.ErrorMessage = aws.String(err.Error())
	}
	c.state = types.CrawlerStateReady
	took := s.door.Now().Sub(c.started)
	c.history = append(c.history, took)
	// The item is on the price list, so metering cannot fail.
	charged := crawlerDPUs * max(took, crawlMinimum).Hours()
	_ = s.door.Meter(door.Usage{Item: "glue.crawler", Quantity: charged})
	c.record(s, charged)
}

// StopCrawler cancels a crawl that runs.
func (s *Service) StopCrawler(ctx context.Context, in *glue.StopCrawlerInput, _ ...func(*glue.Options)) (*glue.StopCrawlerOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.StopCrawlerInput, glue.StopCrawlerOutput]{
		Service: "glue", Action: "StopCrawler", Needs: s.crawlerNeeds("StopCrawler", in.Name),
		Do: func(_ context.Context, in *glue.StopCrawlerInput) (*glue.StopCrawlerOutput, error) {
			c, err := s.findCrawler(in.Name)
			if err != nil {
				return nil, err
			}
			switch c.state {
			case types.CrawlerStateReady:
				return nil, &types.CrawlerNotRunningException{Message: aws.String("Crawler with name " + c.name + " isn't running")}
			case types.CrawlerStateStopping:
				return nil, &types.CrawlerStoppingException{Message: aws.String("Crawler with name " + c.name + " is already stopping")}
			}
			c.state = types.CrawlerStateStopping
			run := c.runs
			s.clock.After(crawlStopping, func() { s.endCrawl(c, run, types.LastCrawlStatusCancelled, nil) })
			return &glue.StopCrawlerOutput{}, nil
		},
	}, in)
}

// GetCrawler describes a crawler. LastCrawl is absent before the first crawl has ended, and while one runs
// it is the one before.
func (s *Service) GetCrawler(ctx context.Context, in *glue.GetCrawlerInput, _ ...func(*glue.Options)) (*glue.GetCrawlerOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetCrawlerInput, glue.GetCrawlerOutput]{
		Service: "glue", Action: "GetCrawler", Needs: s.crawlerNeeds("GetCrawler", in.Name),
		Do: func(_ context.Context, in *glue.GetCrawlerInput) (*glue.GetCrawlerOutput, error) {
			c, err := s.findCrawler(in.Name)
			if err != nil {
				return nil, err
			}
			return &glue.GetCrawlerOutput{Crawler: s.describe(c)}, nil
		},
	}, in)
}

func (s *Service) describe(c *crawler) *types.Crawler {
	d := &types.Crawler{
		Name: aws.String(c.name), Role: aws.String(c.role[strings.LastIndexByte(c.role, '/')+1:]), DatabaseName: aws.String(c.database), State: c.state,
		Targets: &types.CrawlerTargets{}, Classifiers: c.classifiers, CreationTime: aws.Time(c.created), LastUpdated: aws.Time(c.created),
		RecrawlPolicy:        &types.RecrawlPolicy{RecrawlBehavior: c.recrawl},
		SchemaChangePolicy:   &types.SchemaChangePolicy{UpdateBehavior: c.update, DeleteBehavior: c.remove},
		LineageConfiguration: &types.LineageConfiguration{CrawlerLineageSettings: types.CrawlerLineageSettingsDisable},
		Version:              1,
	}
	if c.last != nil {
		last := *c.last
		d.LastCrawl = &last
	}
	if c.state != types.CrawlerStateReady {
		d.CrawlElapsedTime = s.door.Now().Sub(c.started).Milliseconds()
	}
	for _, o := range []struct {
		value string
		to    **string
	}{{c.prefix, &d.TablePrefix}, {c.description, &d.Description}, {c.configuration, &d.Configuration}, {c.security, &d.CrawlerSecurityConfiguration}} {
		if o.value != "" {
			*o.to = aws.String(o.value)
		}
	}
	if c.cron != "" {
		d.Schedule = &types.Schedule{ScheduleExpression: aws.String(c.cron), State: types.ScheduleStateScheduled}
	}
	for _, t := range c.targets {
		d.Targets.S3Targets = append(d.Targets.S3Targets, types.S3Target{Path: aws.String(t.path), Exclusions: t.exclusions})
	}
	return d
}

// GetCrawlerMetrics tells how long crawls took and what they changed.
func (s *Service) GetCrawlerMetrics(ctx context.Context, in *glue.GetCrawlerMetricsInput, _ ...func(*glue.Options)) (*glue.GetCrawlerMetricsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetCrawlerMetricsInput, glue.GetCrawlerMetricsOutput]{
		Service: "glue", Action: "GetCrawlerMetrics", Takes: []string{"CrawlerNameList"}, Needs: []door.Request{{Action: "glue:GetCrawlerMetrics", Resource: "*"}},
		Do: func(_ context.Context, in *glue.GetCrawlerMetricsInput) (*glue.GetCrawlerMetricsOutput, error) {
			names := in.CrawlerNameList
			if len(names) == 0 {
				names = sortedKeys(s.crawlers)
			}
			out := &glue.GetCrawlerMetricsOutput{}
			for _, name := range names {
				c, ok := s.crawlers[name]
				if !ok {
					continue
				}
				m := types.CrawlerMetrics{
					CrawlerName: aws.String(name), StillEstimating: len(c.history) == 0,
					TablesCreated: c.counts.created, TablesUpdated: c.counts.updated, TablesDeleted: c.counts.deleted,
				}
				if n := len(c.history); n > 0 {
					m.LastRuntimeSeconds = c.history[n-1].Seconds()
					m.MedianRuntimeSeconds = median(c.history).Seconds()
					if c.state != types.CrawlerStateReady {
						m.TimeLeftSeconds = max(0, m.MedianRuntimeSeconds-s.door.Now().Sub(c.started).Seconds())
					}
				}
				out.CrawlerMetricsList = append(out.CrawlerMetricsList, m)
			}
			return out, nil
		},
	}, in)
}
