package operate

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// StateRun is one pass of an execution through a state.
type StateRun struct {
	State   string     `json:"state"`
	Entered time.Time  `json:"entered"`
	Left    *time.Time `json:"left,omitempty"`
	// Error is what went wrong in it, whether it was caught or not.
	Error string `json:"error,omitempty"`
}

// Course is what an execution did, as its history tells it.
type Course struct {
	States []StateRun `json:"states"`
	// JobRun, Statements and Messages are the ids of what its tasks have started and sent.
	JobRun     string   `json:"jobRun,omitempty"`
	Statements []string `json:"statements,omitempty"`
	Messages   []string `json:"messages,omitempty"`
	last       int64    // id of the last event
}

// course reads an execution's history.
func (s *Session) course(ctx context.Context, arn string) (*Course, error) {
	c := &Course{}
	return c, s.followUp(ctx, arn, c, nil)
}

// followUp adds to a course what has come since, and calls each with every event of that.
func (s *Session) followUp(ctx context.Context, arn string, c *Course, each func(types.HistoryEvent)) error {
	pages := sfn.NewGetExecutionHistoryPaginator(s.machines, &sfn.GetExecutionHistoryInput{ExecutionArn: &arn, MaxResults: 1000})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s.Explain(err)
		}
		for _, e := range page.Events {
			if e.Id <= c.last {
				continue
			}
			c.last = e.Id
			c.add(e)
			if each != nil {
				each(e)
			}
		}
	}
	return nil
}

// add takes an event in.
func (c *Course) add(e types.HistoryEvent) {
	switch {
	case e.StateEnteredEventDetails != nil:
		c.States = append(c.States, StateRun{State: aws.ToString(e.StateEnteredEventDetails.Name), Entered: aws.ToTime(e.Timestamp)})
	case e.StateExitedEventDetails != nil:
		for i := len(c.States) - 1; i >= 0; i-- {
			if run := &c.States[i]; run.State == aws.ToString(e.StateExitedEventDetails.Name) && run.Left == nil {
				run.Left = e.Timestamp
				break
			}
		}
	case e.TaskSubmittedEventDetails != nil:
		if d := e.TaskSubmittedEventDetails; aws.ToString(d.ResourceType) == "glue" {
			c.JobRun = member(d.Output, "JobRunId")
		}
	case e.TaskSucceededEventDetails != nil:
		d := e.TaskSucceededEventDetails
		switch resource := aws.ToString(d.Resource); {
		case strings.EqualFold(resource, "batchExecuteStatement"), strings.EqualFold(resource, "executeStatement"):
			c.Statements = append(c.Statements, member(d.Output, "Id"))
		case aws.ToString(d.ResourceType) == "sns":
			c.Messages = append(c.Messages, member(d.Output, "MessageId"))
		}
	}
	if text := failureOf(e); text != "" && len(c.States) > 0 {
		c.States[len(c.States)-1].Error = text
	}
}

// failureOf is what went wrong, as one event tells it; "" of others.
func failureOf(e types.HistoryEvent) string {
	told := func(err, cause *string) string {
		return strings.TrimSuffix(aws.ToString(err)+": "+aws.ToString(cause), ": ")
	}
	switch {
	case e.TaskFailedEventDetails != nil:
		return told(e.TaskFailedEventDetails.Error, e.TaskFailedEventDetails.Cause)
	case e.TaskTimedOutEventDetails != nil:
		return told(e.TaskTimedOutEventDetails.Error, e.TaskTimedOutEventDetails.Cause)
	case e.ExecutionFailedEventDetails != nil:
		return told(e.ExecutionFailedEventDetails.Error, e.ExecutionFailedEventDetails.Cause)
	case e.ExecutionTimedOutEventDetails != nil:
		return told(e.ExecutionTimedOutEventDetails.Error, e.ExecutionTimedOutEventDetails.Cause)
	case e.ExecutionAbortedEventDetails != nil:
		return told(aws.String("aborted"), e.ExecutionAbortedEventDetails.Cause)
	}
	return ""
}

// member is a text in a JSON object; "" when it is not there.
func member(text *string, name string) string {
	var o map[string]json.RawMessage
	var value string
	if json.Unmarshal([]byte(aws.ToString(text)), &o) != nil || json.Unmarshal(o[name], &value) != nil {
		return ""
	}
	return value
}
