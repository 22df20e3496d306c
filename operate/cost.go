package operate

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
)

// Usage is what AWS reports of the use of the last days.
type Usage struct {
	Days int `json:"days"`
	// JobRuns are runs that have begun, DPUHours what they are charged for; FlexDPUHours those of them with the flexible execution class.
	JobRuns      int     `json:"jobRuns"`
	DPUHours     float64 `json:"dpuHours"`
	FlexDPUHours float64 `json:"flexDPUHours,omitempty"`
	Crawls       int     `json:"crawls"`
	CrawlHours   float64 `json:"crawlDPUHours"`
}

// Cost is what the use of the last days costs at list prices.
type Cost struct {
	Lines []CostLine `json:"lines"`
	// NotKnown is what is charged besides, each with the reason why it is not known or where it is.
	NotKnown []string `json:"notKnown"`
}

// CostLine is one kind of use. USD are US dollars: the price list of us-east-1 without free tiers.
type CostLine struct {
	What     string  `json:"what"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
	USD      float64 `json:"usd"`
}

// cost prices what was used.
func (s *Session) cost(u *Usage) Cost {
	c := Cost{Lines: []CostLine{}}
	if u != nil {
		for _, l := range []struct {
			what, item string
			quantity   float64
		}{{"Glue jobs", "glue.job", u.DPUHours}, {"Glue crawlers", "glue.crawler", u.CrawlHours}} {
			price, _ := door.ListPrice(l.item) // it is on the list
			c.Lines = append(c.Lines, CostLine{l.what, l.quantity, price.Unit, l.quantity * price.USD})
		}
		if u.FlexDPUHours > 0 {
			c.NotKnown = append(c.NotKnown, "how much less runs of the execution class FLEX cost: they are counted at the full price, as in the bills of airline demo and airline cost")
		}
	}
	if s.Parts.Cluster != "" {
		c.NotKnown = append(c.NotKnown, "the cluster's nodes, which cost by the hour whatever they do (docs/costs.md)")
	} else {
		c.NotKnown = append(c.NotKnown, "Redshift Serverless: AWS tells superusers only what it charges (SELECT SUM(charged_seconds)/3600.0 AS rpu_hours FROM sys_serverless_usage)")
	}
	return Cost{c.Lines, append(c.NotKnown, "state transitions, requests, storage and logs: no API tells them by the stack",
		"what costs while nothing is loaded: keys, alarms, the secret (docs/costs.md)")}
}

// usage adds up the runs of jobs and crawlers of the last days.
func (s *Session) usage(ctx context.Context) (*Usage, error) {
	u := &Usage{Days: statusDays}
	for _, job := range s.Parts.Jobs {
		if err := s.addRuns(ctx, job.Name, u); isAbsent(err) {
			return nil, nil // told as a part
		} else if err != nil {
			return nil, err
		}
	}
	for _, crawler := range s.Parts.Crawlers {
		if err := s.addCrawls(ctx, crawler.Name, u); isAbsent(err) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	return u, nil
}

// leastRun is the least that a run is charged for (AWS Glue pricing: by the second, with a minimum of a minute).
const leastRun = 60.0

func (s *Session) addRuns(ctx context.Context, job string, u *Usage) error {
	since := s.now().AddDate(0, 0, -u.Days)
	pages := glue.NewGetJobRunsPaginator(s.glue, &glue.GetJobRunsInput{JobName: &job})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, r := range page.JobRuns { // the newest first
			if aws.ToTime(r.StartedOn).Before(since) {
				return nil
			}
			u.JobRuns++
			hours := aws.ToFloat64(r.DPUSeconds) / 3600 // of runs with flexible or scaled capacity
			if hours == 0 && r.ExecutionTime > 0 {
				hours = aws.ToFloat64(r.MaxCapacity) * max(float64(r.ExecutionTime), leastRun) / 3600
			}
			u.DPUHours += hours
			if r.ExecutionClass == gluetypes.ExecutionClassFlex {
				u.FlexDPUHours += hours
			}
		}
	}
	return nil
}

func (s *Session) addCrawls(ctx context.Context, crawler string, u *Usage) error {
	in := &glue.ListCrawlsInput{CrawlerName: &crawler, MaxResults: aws.Int32(100), Filters: []gluetypes.CrawlsFilter{{
		FieldName: gluetypes.FieldNameStartTime, FilterOperator: gluetypes.FilterOperatorGe,
		FieldValue: aws.String(strconv.FormatInt(s.now().AddDate(0, 0, -u.Days).Truncate(time.Millisecond).UnixMilli(), 10)),
	}}}
	for {
		page, err := s.glue.ListCrawls(ctx, in)
		if err != nil {
			return err
		}
		for _, c := range page.Crawls {
			u.Crawls++
			u.CrawlHours += c.DPUHour
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return nil
		}
	}
}
