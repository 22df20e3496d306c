package operate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

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
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Status is how a stack is.
type Status struct {
	Stack   string    `json:"stack"`
	Region  string    `json:"region"`
	Account string    `json:"account"`
	Time    time.Time `json:"time"`
	// Parts are what the stack consists of.
	Parts []Part `json:"parts"`
	// Files are the flights of the last days, the airports, and what failed of late or is being loaded; nil when the warehouse or the bucket did not answer.
	Files   *Summary    `json:"files"`
	Days    int         `json:"days"`
	Running []Execution `json:"running"`
	Usage   *Usage      `json:"usage"`
	// Cost is what AWS charges; it is not known: nothing that the command may call tells it.
	Cost string `json:"cost"`
}

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

// Usage is what the last days' loads have used.
type Usage struct {
	Days     int     `json:"days"`
	JobRuns  int     `json:"jobRuns"`
	DPUHours float64 `json:"dpuHours"`
}

// NeedsSomebody says that something is not well.
func (st *Status) NeedsSomebody() bool {
	if slices.ContainsFunc(st.Parts, func(p Part) bool { return p.Health != Well }) {
		return true
	}
	return st.Files != nil && len(st.Files.Worst) > 0
}

// statusDays are the days of files that a status is about.
const statusDays = 7

// Status looks at everything. A part that is not there is told as such; when nothing is there, the error says so.
func (s *Session) Status(ctx context.Context) (*Status, error) {
	st := &Status{Stack: s.Stack, Region: s.Names.Region, Account: s.Names.Account, Time: s.now(), Days: statusDays, Cost: "not known"}
	checks := s.checks()
	var failed []string
	parts := make([]Part, len(checks))
	var do []func(context.Context) error
	for i, c := range checks {
		do = append(do, func(ctx context.Context) (err error) {
			parts[i], err = s.look(ctx, c)
			return err
		})
	}
	do = append(do, func(ctx context.Context) (err error) {
		st.Usage, err = s.usage(ctx)
		return err
	}, func(ctx context.Context) error { return s.runningNow(ctx, st) }, func(ctx context.Context) (err error) {
		failed, err = s.failedKeys(ctx)
		return err
	})
	errs := each(ctx, do...)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	st.Parts = parts
	if err := s.anything(parts); err != nil {
		return nil, err
	}
	warehouse := Part{Kind: "warehouse", Name: s.Parts.Workgroup + s.Parts.Cluster, Health: Well, Detail: "answers"}
	sum, err := s.Summarise(ctx, Selection{Since: st.Time.AddDate(0, 0, -statusDays).UTC(), Airports: true, Keys: failed})
	switch {
	case err == nil:
		st.Files = &sum
	case isDenied(err):
		errs = append(errs, err)
	default:
		warehouse.unwell("does not answer: "+err.Error(), "look at the workgroup or cluster in the console; its usage limit may be reached, or it is being changed")
		var failure *Failure
		if errors.As(err, &failure) && failure.Fix != "" {
			warehouse.unwell("does not answer: "+failure.What, failure.Fix)
		}
	}
	st.Parts = append(st.Parts, warehouse)
	if len(errs) > 0 {
		return nil, s.explainAll(errs)
	}
	return st, nil
}

// anything refuses a stack of which nothing is there that files pass.
func (s *Session) anything(parts []Part) error {
	if slices.ContainsFunc(parts, func(p Part) bool { return (p.Kind == "bucket" || p.Kind == "machine") && p.Health != Absent }) {
		return nil
	}
	return s.notDeployed(errors.New("nothing is there"))
}

// check is how one part is looked at.
type check struct {
	kind, name string
	look       func(context.Context, *Part) error
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

// checks are how each part is looked at.
func (s *Session) checks() []check {
	list := []check{
		{"bucket", s.Parts.Raw, s.bucket},
		{"bucket", s.Parts.Staging, s.bucket},
	}
	for _, m := range s.Parts.Machines {
		list = append(list, check{"rule", m.Name, s.rule}, check{"machine", m.Name, s.machine(m.Live)})
	}
	for _, c := range s.Parts.Crawlers {
		list = append(list, check{"crawler", c.Name, s.crawler})
	}
	list = append(list, check{"job", s.Parts.Job, s.job}, check{"topic", s.Parts.Topic[strings.LastIndexByte(s.Parts.Topic, ':')+1:], s.topic},
		check{"queue", s.Parts.Undelivered.Name, s.queue})
	for i := range s.Parts.Alarms {
		list = append(list, check{"alarm", s.Parts.Alarms[i], nil})
	}
	known := &alarmStates{session: s}
	for i := range list {
		if list[i].kind == "alarm" {
			list[i].look = known.look
		}
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
			arn := aws.ToString(r.StateMachineVersionArn)
			p.Detail += fmt.Sprintf("version %s ", arn[strings.LastIndexByte(arn, ':')+1:])
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

func (s *Session) queue(ctx context.Context, p *Part) error {
	q, err := s.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl:       &s.Parts.Undelivered.URL,
		AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameApproximateNumberOfMessages, sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible},
	})
	if err != nil {
		return err
	}
	waiting, looked := q.Attributes["ApproximateNumberOfMessages"], q.Attributes["ApproximateNumberOfMessagesNotVisible"]
	if waiting != "0" || looked != "0" {
		p.unwell(fmt.Sprintf("%s events or notifications wait, and %s are being looked at", waiting, looked), "airline undelivered")
		return nil
	}
	p.Detail = "empty"
	return nil
}

// runningNow lists the executions that run.
func (s *Session) runningNow(ctx context.Context, st *Status) error {
	running, err := s.executions(ctx, sfntypes.ExecutionStatusRunning, time.Time{})
	var absent *Failure
	if errors.As(err, &absent) && isAbsent(absent.Err) {
		return nil // told as a part
	}
	st.Running = running
	return err
}

// failedFiles is how many files that failed of late a status looks at.
const failedFiles = 50

// failedKeys are the files of which a load has failed of late.
func (s *Session) failedKeys(ctx context.Context) ([]string, error) {
	recent, err := s.recent(ctx)
	var absent *Failure
	if errors.As(err, &absent) && isAbsent(absent.Err) {
		return nil, nil // told as a part
	}
	var keys []string
	for _, key := range sortedKeys(recent) {
		if datasetOf(key) != "" && len(keys) < failedFiles {
			keys = append(keys, key)
		}
	}
	return keys, err
}

// usage adds up the job's runs of the last days.
func (s *Session) usage(ctx context.Context) (*Usage, error) {
	u := &Usage{Days: statusDays}
	since := s.now().AddDate(0, 0, -statusDays)
	pages := glue.NewGetJobRunsPaginator(s.glue, &glue.GetJobRunsInput{JobName: &s.Parts.Job})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if isAbsent(err) {
			return nil, nil // told as a part
		}
		if err != nil {
			return nil, err
		}
		for _, r := range page.JobRuns { // the newest first
			if aws.ToTime(r.StartedOn).Before(since) {
				return u, nil
			}
			u.JobRuns++
			if seconds := aws.ToFloat64(r.DPUSeconds); seconds > 0 { // of runs with flexible or scaled capacity
				u.DPUHours += seconds / 3600
			} else {
				u.DPUHours += aws.ToFloat64(r.MaxCapacity) * float64(r.ExecutionTime) / 3600
			}
		}
	}
	return u, nil
}

// alarmStates asks for the stack's alarms once.
type alarmStates struct {
	session *Session
	once    sync.Once
	known   map[string]cwtypes.MetricAlarm
	err     error
}

func (a *alarmStates) look(ctx context.Context, p *Part) error {
	a.once.Do(func() { a.known, a.err = a.session.alarmsByName(ctx) })
	known, err := a.known, a.err
	if err != nil {
		return err
	}
	alarm, ok := known[p.Name]
	switch {
	case !ok:
		return &cwtypes.ResourceNotFoundException{}
	case alarm.StateValue == cwtypes.StateValueAlarm:
		p.unwell(aws.ToString(alarm.AlarmDescription), fixOfAlarm(p.Name))
	case alarm.StateValue == cwtypes.StateValueInsufficientData && strings.HasSuffix(p.Name, "-stale"):
		p.Detail = "no flights have come yet, or for long"
	default:
		p.Detail = strings.ToLower(strings.ReplaceAll(string(alarm.StateValue), "_", " "))
	}
	return nil
}

// fixOfAlarm is what to do about an alarm.
func fixOfAlarm(name string) string {
	switch {
	case strings.HasSuffix(name, "-undelivered-events") || strings.HasSuffix(name, "-not-kept") || strings.HasSuffix(name, "-notifications-failed"):
		return "airline undelivered; airline reconcile finds files whose events were lost"
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
