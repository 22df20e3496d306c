package glue

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
)

// record notes a crawl that is over, with what it is charged for.
func (c *crawler) record(s *Service, dpuHours float64) {
	state := map[types.LastCrawlStatus]types.CrawlerHistoryState{
		types.LastCrawlStatusSucceeded: types.CrawlerHistoryStateCompleted, types.LastCrawlStatusFailed: types.CrawlerHistoryStateFailed,
		types.LastCrawlStatusCancelled: types.CrawlerHistoryStateStopped,
	}[c.last.Status]
	id := sha256.Sum256(fmt.Appendf(nil, "%s %d %s", c.arn, c.runs, c.started))
	c.crawls = append(c.crawls, types.CrawlerHistory{
		CrawlId: aws.String(fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])), State: state, StartTime: c.last.StartTime, EndTime: aws.Time(s.door.Now()), DPUHour: dpuHours,
		ErrorMessage: c.last.ErrorMessage, LogGroup: c.last.LogGroup, LogStream: c.last.LogStream, MessagePrefix: c.last.MessagePrefix,
	})
}

// ListCrawls lists the crawls of a crawler that are over, the newest first. Of filters it takes a bound of the time of the start.
func (s *Service) ListCrawls(ctx context.Context, in *glue.ListCrawlsInput, _ ...func(*glue.Options)) (*glue.ListCrawlsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.ListCrawlsInput, glue.ListCrawlsOutput]{
		Service: "glue", Action: "ListCrawls", Needs: s.crawlerNeeds("ListCrawls", in.CrawlerName),
		Do: func(_ context.Context, in *glue.ListCrawlsInput) (*glue.ListCrawlsOutput, error) {
			c, err := s.findCrawler(in.CrawlerName)
			if err != nil {
				return nil, err
			}
			since := int64(0)
			for _, f := range in.Filters {
				if since, err = strconv.ParseInt(aws.ToString(f.FieldValue), 10, 64); err != nil || f.FieldName != types.FieldNameStartTime || f.FilterOperator != types.FilterOperatorGe {
					return nil, invalidInput("the local world models the filter START_TIME GE <milliseconds> only")
				}
			}
			list := []types.CrawlerHistory{}
			for _, h := range slices.Backward(c.crawls) {
				if h.StartTime.UnixMilli() >= since {
					list = append(list, h)
				}
			}
			page, next, ok := door.Page(list, in.NextToken, door.PageSize(in.MaxResults, 20, 1000))
			if !ok {
				return nil, invalidInput("the token %s is not valid", *in.NextToken)
			}
			return &glue.ListCrawlsOutput{Crawls: page, NextToken: next}, nil
		},
	}, in)
}
