package operate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	ebtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Part is one thing of the stack.
type Part struct {
	Kind   string `json:"kind"`
	Name   string `json:"name"`
	Health Health `json:"health"`
	Detail string `json:"detail,omitempty"`
	// Fix is what to do, of what is not well.
	Fix string `json:"fix,omitempty"`
}

// Health says how a part is.
type Health string

// How parts are.
const (
	Well   Health = "well"
	Unwell Health = "unwell"
	Absent Health = "absent"
)

// deployed tells whether anything of the stack is there that files pass.
func deployed(parts []Part) bool {
	return slices.ContainsFunc(parts, func(p Part) bool { return (p.Kind == "bucket" || p.Kind == "machine") && p.Health != Absent })
}

// errNothing is why a stack counts as not deployed whose parts were all looked at.
var errNothing = errors.New("nothing is there")

// check is how one part is looked at.
type check struct {
	kind, name string
	look       func(context.Context, *Part) error
}

// lookAtParts gives the functions that look at the parts, and the parts that they fill in.
func (s *Session) lookAtParts(ctx context.Context) (parts []Part, do []func(context.Context) error) {
	checks := s.checks(ctx)
	parts = make([]Part, len(checks))
	for i, c := range checks {
		do = append(do, func(ctx context.Context) (err error) {
			parts[i], err = s.look(ctx, c)
			return err
		})
	}
	return parts, do
}

// look looks at a part. The error is of what kept it from being looked at.
func (s *Session) look(ctx context.Context, c check) (Part, error) {
	p := Part{Kind: c.kind, Name: c.name, Health: Well}
	err := c.look(ctx, &p)
	if isAbsent(err) {
		return Part{Kind: c.kind, Name: c.name, Health: Absent, Detail: "is not there", Fix: "pulumi up --stack " + s.Stack + "; if it says that nothing changes: pulumi refresh first"}, nil
	}
	return p, err
}

// unwell says what is wrong with a part, and what to do.
func (p *Part) unwell(detail, fix string) { p.Health, p.Detail, p.Fix = Unwell, detail, fix }

// checks are how each part is looked at. The alarms are asked for once, in the context.
func (s *Session) checks(ctx context.Context) []check {
	list := []check{{"bucket", s.Parts.Raw, s.bucket}, {"bucket", s.Parts.Staging, s.bucket}}
	for _, m := range s.Parts.Machines {
		if m.Ruled {
			list = append(list, check{"rule", m.Name, s.rule})
		}
		list = append(list, check{"machine", m.Name, s.machine(m.Live)})
	}
	for _, c := range s.Parts.Crawlers {
		list = append(list, check{"crawler", c.Name, s.crawler})
	}
	for _, job := range s.Parts.Jobs {
		list = append(list, check{"job", job.Name, s.job})
	}
	list = append(list, check{"topic", after(s.Parts.Topic, ":"), s.topic}, check{"queue", s.Parts.Undelivered.Name, s.queue})
	for _, q := range s.Parts.Gathered {
		list = append(list, check{"queue", q.Name, s.gathered(q.URL)})
	}
	known := sync.OnceValues(func() (map[string]cwtypes.MetricAlarm, error) { return s.alarmsByName(ctx) })
	for _, name := range s.Parts.Alarms {
		list = append(list, check{"alarm", name, alarm(known)})
	}
	return list
}

func (s *Session) bucket(ctx context.Context, p *Part) error {
	v, err := s.objects.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &p.Name})
	if err != nil {
		return err
	}
	if p.Name == s.Parts.Raw && v.Status != s3types.BucketVersioningStatusEnabled {
		p.unwell("keeps no versions", "enable them: loads are told apart by the version")
	}
	return nil
}

func (s *Session) rule(ctx context.Context, p *Part) error {
	r, err := s.rules.DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: &p.Name})
	if err != nil {
		return err
	}
	if p.Detail = strings.ToLower(string(r.State)); r.State == ebtypes.RuleStateDisabled {
		p.unwell("disabled: nothing starts "+p.Name, "aws events enable-rule --name "+p.Name+", then airline reconcile")
	}
	return nil
}

func (s *Session) machine(live string) func(context.Context, *Part) error {
	return func(ctx context.Context, p *Part) error {
		a, err := s.machines.DescribeStateMachineAlias(ctx, &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: &live})
		if err != nil {
			return err
		}
		for _, r := range a.RoutingConfiguration {
			p.Detail += fmt.Sprintf("version %s ", after(aws.ToString(r.StateMachineVersionArn), ":"))
		}
		p.Detail = strings.TrimSpace(p.Detail)
		return nil
	}
}

func (s *Session) crawler(ctx context.Context, p *Part) error {
	c, err := s.glue.GetCrawler(ctx, &glue.GetCrawlerInput{Name: &p.Name})
	if err != nil {
		return err
	}
	p.Detail = strings.ToLower(string(c.Crawler.State))
	last := c.Crawler.LastCrawl
	switch {
	case last == nil:
		p.Detail += ", never ran"
	case last.Status != gluetypes.LastCrawlStatusSucceeded:
		p.unwell(fmt.Sprintf("the last crawl %s: %s", strings.ToLower(string(last.Status)), aws.ToString(last.ErrorMessage)),
			"fix what it says (a role, a key, Lake Formation), then airline replay --failed")
	default:
		p.Detail += ", last crawl succeeded"
	}
	return nil
}

func (s *Session) job(ctx context.Context, p *Part) error {
	j, err := s.glue.GetJob(ctx, &glue.GetJobInput{JobName: &p.Name})
	if err != nil {
		return err
	}
	if command := j.Job.Command; command != nil && aws.ToString(command.Name) == "pythonshell" {
		p.Detail = fmt.Sprintf("Python %s, %v DPU", aws.ToString(command.PythonVersion), aws.ToFloat64(j.Job.MaxCapacity))
		return nil
	}
	p.Detail = fmt.Sprintf("Glue %s, %d x %s", aws.ToString(j.Job.GlueVersion), aws.ToInt32(j.Job.NumberOfWorkers), j.Job.WorkerType)
	return nil
}

func (s *Session) topic(ctx context.Context, p *Part) error {
	pages := sns.NewListSubscriptionsByTopicPaginator(s.topics, &sns.ListSubscriptionsByTopicInput{TopicArn: &s.Parts.Topic})
	confirmed, pending := 0, 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, sub := range page.Subscriptions {
			if aws.ToString(sub.SubscriptionArn) == "PendingConfirmation" {
				pending++
			} else {
				confirmed++
			}
		}
	}
	p.Detail = fmt.Sprintf("%d confirmed subscriptions", confirmed)
	switch {
	case pending > 0:
		p.unwell(fmt.Sprintf("%d of %d subscriptions are not confirmed", pending, pending+confirmed), "follow the link in the mail that the receivers got; it is valid for three days, then pulumi up makes it again")
	case confirmed == 0:
		p.Detail = "nobody subscribes"
	}
	return nil
}

// messages counts those of a queue: those that wait, and those that somebody has received.
func (s *Session) messages(ctx context.Context, url string) (waiting, received string, err error) {
	q, err := s.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl:       &url,
		AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameApproximateNumberOfMessages, sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible},
	})
	if err != nil {
		return "", "", err
	}
	return q.Attributes["ApproximateNumberOfMessages"], q.Attributes["ApproximateNumberOfMessagesNotVisible"], nil
}

// gathered looks at a queue in which files wait for others. An alarm tells when they wait too long.
func (s *Session) gathered(url string) func(context.Context, *Part) error {
	return func(ctx context.Context, p *Part) error {
		waiting, received, err := s.messages(ctx, url)
		if err == nil {
			p.Detail = fmt.Sprintf("%s changes of files wait, %s are being gathered", waiting, received)
		}
		return err
	}
}

func (s *Session) queue(ctx context.Context, p *Part) error {
	waiting, looked, err := s.messages(ctx, s.Parts.Undelivered.URL)
	if err != nil {
		return err
	}
	if waiting != "0" || looked != "0" {
		p.unwell(fmt.Sprintf("%s events or notifications wait, and %s are being looked at", waiting, looked), "airline undelivered")
		return nil
	}
	p.Detail = "empty"
	return nil
}

// alarm looks at an alarm among those that are known.
func alarm(known func() (map[string]cwtypes.MetricAlarm, error)) func(context.Context, *Part) error {
	return func(_ context.Context, p *Part) error {
		alarms, err := known()
		if err != nil {
			return err
		}
		a, ok := alarms[p.Name]
		switch {
		case !ok:
			return &cwtypes.ResourceNotFoundException{}
		case a.StateValue == cwtypes.StateValueAlarm:
			p.unwell(aws.ToString(a.AlarmDescription), fixOfAlarm(p.Name))
		case a.StateValue == cwtypes.StateValueInsufficientData && strings.HasSuffix(p.Name, "-stale"):
			p.Detail = "no flights have come yet, or for long"
		default:
			p.Detail = strings.ToLower(strings.ReplaceAll(string(a.StateValue), "_", " "))
		}
		return nil
	}
}

// fixOfAlarm is what to do about an alarm.
func fixOfAlarm(name string) string {
	switch {
	case strings.HasSuffix(name, "-undelivered-events") || strings.HasSuffix(name, "-not-kept") || strings.HasSuffix(name, "-notifications-failed"):
		return "airline undelivered; airline reconcile finds files whose events were lost"
	case strings.HasSuffix(name, "-late"):
		pipe := strings.TrimSuffix(name, "-late")
		return fmt.Sprintf("aws pipes describe-pipe --name %[1]s says why; once that is fixed: aws pipes start-pipe --name %[1]s", pipe)
	case strings.HasSuffix(name, "-stale"):
		return "ask who delivers the files; airline files --state missing"
	case strings.HasSuffix(name, "-rejected"):
		return "airline files, then airline rejects KEY"
	}
	return "airline files --state failed"
}

func (s *Session) alarmsByName(ctx context.Context) (map[string]cwtypes.MetricAlarm, error) {
	known := map[string]cwtypes.MetricAlarm{}
	pages := cloudwatch.NewDescribeAlarmsPaginator(s.alarms, &cloudwatch.DescribeAlarmsInput{AlarmNamePrefix: aws.String(s.Names.Name(""))})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, a := range page.MetricAlarms {
			known[aws.ToString(a.AlarmName)] = a
		}
	}
	return known, nil
}
