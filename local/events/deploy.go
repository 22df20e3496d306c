package events

import (
	"slices"
	"strings"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/recorder"
	"airline/local/resource"
	"airline/local/schedule"
)

type rule struct {
	name, arn string
	pattern   *Pattern           // nil when there is only a schedule
	schedule  *schedule.Schedule // nil when there is only a pattern
	enabled   bool
	targets   []*target
	tags      map[string]string
	timer     *sim.Timer // of the schedule's next time

	description, patternText, expression string // as deployed
}

type target struct {
	id, arn, role string
	transformer   *Transformer
	constant      string // input that is the same for every event
	path          path   // part of the event
	deadLetters   string // ARN of a queue
	maxRetries    int
	maxAge        time.Duration

	pathText, template string            // as deployed
	paths              map[string]string // of the transformer
}

// input is what the target gets for an event.
func (t *target) input(event *jsonvalue.Object, p Predefined) (string, error) {
	switch {
	case t.transformer != nil:
		return t.transformer.Apply(event, p)
	case t.constant != "":
		return t.constant, nil
	case t.path != nil:
		v, _ := t.path.find(event)
		return jsonvalue.String(v), nil
	default:
		return jsonvalue.String(event), nil
	}
}

// Types gives the functions that take rules, targets and trails of a deployed stack in.
func (s *Service) Types() map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{
		"aws:cloudwatch/eventRule:EventRule":     s.addRule,
		"aws:cloudwatch/eventTarget:EventTarget": s.addTarget,
		"aws:cloudtrail/trail:Trail":             s.addTrail,
	}
}

func (s *Service) addRule(r *recorder.Resource) error {
	var in struct {
		Name        string            `prop:"name,output"`
		ARN         string            `prop:"arn,output"`
		Given       any               `prop:"name,ignore"`
		Pattern     string            `prop:"eventPattern"`
		Schedule    string            `prop:"scheduleExpression"`
		Bus         string            `prop:"eventBusName"`
		State       string            `prop:"state"`
		Enabled     *bool             `prop:"isEnabled"`
		Description string            `prop:"description"`
		Force       any               `prop:"forceDestroy,ignore"`
		Tags        map[string]string `prop:"tags"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if in.Bus != "" && in.Bus != "default" {
		return resource.Problem(r, "the event bus %q is not modelled by the local world, only the default bus", in.Bus)
	}
	made := &rule{name: in.Name, arn: in.ARN, enabled: true, description: in.Description, patternText: in.Pattern, expression: in.Schedule, tags: in.Tags}
	switch in.State {
	case "", "ENABLED":
	case "DISABLED":
		made.enabled = false
	default:
		return resource.Problem(r, "the state %q is not modelled by the local world", in.State)
	}
	if in.Enabled != nil {
		made.enabled = *in.Enabled
	}
	var err error
	if in.Pattern != "" || in.Schedule == "" {
		if made.pattern, err = ParsePattern(in.Pattern); err != nil {
			return resource.Problem(r, "%v", err)
		}
	}
	if in.Schedule != "" {
		if made.schedule, err = schedule.Parse(in.Schedule); err != nil {
			return resource.Problem(r, "%v", err)
		}
	}
	s.add(made)
	return nil
}

func (s *Service) addTarget(r *recorder.Resource) error {
	var in struct {
		Rule        string `prop:"rule"`
		ID          string `prop:"targetId,output"`
		Given       any    `prop:"targetId,ignore"`
		ARN         string `prop:"arn"`
		Role        string `prop:"roleArn"`
		Bus         any    `prop:"eventBusName,ignore"`
		Constant    string `prop:"input"`
		Path        string `prop:"inputPath"`
		Transformer *struct {
			Paths    map[string]string `prop:"inputPaths"`
			Template string            `prop:"inputTemplate"`
		} `prop:"inputTransformer"`
		DeadLetters struct {
			ARN string `prop:"arn"`
		} `prop:"deadLetterConfig"`
		Retry struct {
			Age      *int `prop:"maximumEventAgeInSeconds"`
			Attempts *int `prop:"maximumRetryAttempts"`
		} `prop:"retryPolicy"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	i := slices.IndexFunc(s.rules, func(e *rule) bool { return e.name == in.Rule })
	if i < 0 {
		return resource.Problem(r, "is for the rule %q, which is not deployed", in.Rule)
	}
	part := strings.SplitN(in.ARN, ":", 6)
	if len(part) != 6 {
		return resource.Problem(r, "%q is not an ARN", in.ARN)
	}
	switch part[2] {
	case "states":
		if in.Role == "" {
			return resource.Problem(r, "a Step Functions target needs a roleArn")
		}
	case "sqs", "sns":
	default:
		return resource.Problem(r, "targets of the service %q are not modelled by the local world", part[2])
	}
	t := &target{id: in.ID, arn: in.ARN, role: in.Role, deadLetters: in.DeadLetters.ARN, maxRetries: maxRetries, maxAge: maxAge}
	if in.Retry.Attempts != nil {
		t.maxRetries = *in.Retry.Attempts
	}
	if in.Retry.Age != nil {
		t.maxAge = time.Duration(*in.Retry.Age) * time.Second
	}
	var paths map[string]string
	var template string
	if x := in.Transformer; x != nil {
		paths, template = x.Paths, x.Template
	}
	if err := t.read(in.Constant, in.Path, paths, template, in.Transformer != nil); err != nil {
		return resource.Problem(r, "%v", err)
	}
	s.rules[i].targets = append(s.rules[i].targets, t)
	return nil
}
