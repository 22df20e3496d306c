package sfn

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
)

// activity is a queue of tasks for workers outside.
type activity struct {
	name, arn string
	created   time.Time
	tasks     []*sim.Task // that no worker has taken
	tags      map[string]string
}

// CreateActivity makes an activity; one of the same name is no error and is given back.
func (s *Service) CreateActivity(ctx context.Context, in *sfn.CreateActivityInput, _ ...func(*sfn.Options)) (*sfn.CreateActivityOutput, error) {
	in = door.Given(in)
	arn := s.arn("activity:" + aws.ToString(in.Name))
	return door.Call(ctx, s.door, door.Op[sfn.CreateActivityInput, sfn.CreateActivityOutput]{
		Service: "sfn", Action: "CreateActivity", Takes: []string{"Name", "Tags"}, Needs: withTags(in.Tags, arn, door.Request{Action: "states:CreateActivity", Resource: arn}),
		Do: func(_ context.Context, in *sfn.CreateActivityInput) (*sfn.CreateActivityOutput, error) {
			if err := checkName(aws.ToString(in.Name)); err != nil {
				return nil, err
			}
			a, ok := s.activities[arn]
			if !ok {
				tags, err := tagged(arn, nil, in.Tags)
				if err != nil {
					return nil, err
				}
				a = &activity{name: *in.Name, arn: arn, created: s.door.Now(), tags: tags}
				s.activities[arn] = a
			}
			return &sfn.CreateActivityOutput{ActivityArn: &a.arn, CreationDate: aws.Time(a.created)}, nil
		},
	}, in)
}

func (s *Service) activity(arn *string) (*activity, error) {
	a, ok := s.activities[aws.ToString(arn)]
	if !ok {
		return nil, &types.ActivityDoesNotExist{Message: aws.String("Activity Does Not Exist: '" + aws.ToString(arn) + "'")}
	}
	return a, nil
}

// DescribeActivity tells an activity's name and date.
func (s *Service) DescribeActivity(ctx context.Context, in *sfn.DescribeActivityInput, _ ...func(*sfn.Options)) (*sfn.DescribeActivityOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DescribeActivityInput, sfn.DescribeActivityOutput]{
		Service: "sfn", Action: "DescribeActivity",
		Needs: []door.Request{{Action: "states:DescribeActivity", Resource: aws.ToString(in.ActivityArn)}},
		Do: func(_ context.Context, in *sfn.DescribeActivityInput) (*sfn.DescribeActivityOutput, error) {
			a, err := s.activity(in.ActivityArn)
			if err != nil {
				return nil, err
			}
			return &sfn.DescribeActivityOutput{ActivityArn: &a.arn, Name: &a.name, CreationDate: aws.Time(a.created)}, nil
		},
	}, in)
}

// ListActivities lists the activities by name.
func (s *Service) ListActivities(ctx context.Context, in *sfn.ListActivitiesInput, _ ...func(*sfn.Options)) (*sfn.ListActivitiesOutput, error) {
	return door.Call(ctx, s.door, door.Op[sfn.ListActivitiesInput, sfn.ListActivitiesOutput]{
		Service: "sfn", Action: "ListActivities",
		Needs: []door.Request{{Action: "states:ListActivities", Resource: "*"}},
		Do: func(_ context.Context, in *sfn.ListActivitiesInput) (*sfn.ListActivitiesOutput, error) {
			list := []types.ActivityListItem{}
			for _, a := range s.activities {
				list = append(list, types.ActivityListItem{ActivityArn: &a.arn, Name: &a.name, CreationDate: aws.Time(a.created)})
			}
			slices.SortFunc(list, func(a, b types.ActivityListItem) int { return strings.Compare(*a.Name, *b.Name) })
			page, next, err := paginate(list, in.MaxResults, in.NextToken)
			return &sfn.ListActivitiesOutput{Activities: page, NextToken: next}, err
		},
	}, door.Given(in))
}

// DeleteActivity deletes an activity; one that is not there is no error.
func (s *Service) DeleteActivity(ctx context.Context, in *sfn.DeleteActivityInput, _ ...func(*sfn.Options)) (*sfn.DeleteActivityOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DeleteActivityInput, sfn.DeleteActivityOutput]{
		Service: "sfn", Action: "DeleteActivity",
		Needs: []door.Request{{Action: "states:DeleteActivity", Resource: aws.ToString(in.ActivityArn)}},
		Do: func(_ context.Context, in *sfn.DeleteActivityInput) (*sfn.DeleteActivityOutput, error) {
			delete(s.activities, aws.ToString(in.ActivityArn))
			return &sfn.DeleteActivityOutput{}, nil
		},
	}, in)
}

// poll is how long GetActivityTask waits for a task (API reference: 60 seconds).
const poll = time.Minute

// GetActivityTask gives a worker the task that has waited longest, or an empty answer when there is none: at once, unless the
// context lets the call wait ([WithWait]).
func (s *Service) GetActivityTask(ctx context.Context, in *sfn.GetActivityTaskInput, _ ...func(*sfn.Options)) (*sfn.GetActivityTaskOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.GetActivityTaskInput, sfn.GetActivityTaskOutput]{
		Service: "sfn", Action: "GetActivityTask",
		Needs: []door.Request{{Action: "states:GetActivityTask", Resource: aws.ToString(in.ActivityArn)}},
		Do: func(ctx context.Context, in *sfn.GetActivityTaskInput) (*sfn.GetActivityTaskOutput, error) {
			if _, err := s.activity(in.ActivityArn); err != nil {
				return nil, err
			}
			var task *sim.Task
			ready := func() bool {
				task = s.next(*in.ActivityArn)
				return task != nil
			}
			if !ready() {
				if wait := waitOf(ctx); wait != nil {
					wait(ready, poll)
				}
			}
			if task == nil {
				return &sfn.GetActivityTaskOutput{}, nil
			}
			task.Started(aws.ToString(in.WorkerName))
			return &sfn.GetActivityTaskOutput{TaskToken: &task.Token, Input: aws.String(jsonvalue.String(task.Parameters))}, nil
		},
	}, in)
}

// next takes the oldest task that still waits.
func (s *Service) next(arn string) *sim.Task {
	a, ok := s.activities[arn]
	if !ok {
		return nil
	}
	for len(a.tasks) > 0 {
		t := a.tasks[0]
		if a.tasks = a.tasks[1:]; !t.Done() {
			return t
		}
	}
	return nil
}

// queue gives a task to an activity's workers.
func (s *Service) queue(t *sim.Task) bool {
	part := strings.SplitN(t.Resource, ":", 6)
	if len(part) != 6 || part[2] != "states" || !strings.HasPrefix(part[5], "activity:") {
		return false
	}
	a, ok := s.activities[t.Resource]
	if !ok {
		t.Fail("States.Runtime", "Activity Does Not Exist: '"+t.Resource+"'")
		return true
	}
	a.tasks = append(a.tasks, t)
	s.tokens[t.Token] = t
	t.OnStop(func() { delete(s.tokens, t.Token) })
	return true
}

type waitKey struct{}

// Wait lets the world go on until something is so, at most for a time of the wall's clock.
type Wait func(until func() bool, atMost time.Duration)

// WithWait lets calls with the context wait for the world: GetActivityTask for a task, StartSyncExecution for its end.
func WithWait(ctx context.Context, w Wait) context.Context {
	return context.WithValue(ctx, waitKey{}, w)
}

func waitOf(ctx context.Context) Wait {
	w, _ := ctx.Value(waitKey{}).(Wait)
	return w
}
