package events

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/smithy-go"

	"airline/asl/jsonvalue"
	"airline/local/door"
)

// PutEvents puts custom events on the bus; each is accepted or refused by itself.
func (s *Service) PutEvents(ctx context.Context, in *eventbridge.PutEventsInput, _ ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.PutEventsInput, eventbridge.PutEventsOutput]{
		Service: "eventbridge", Action: "PutEvents",
		Needs: []door.Request{{Action: "events:PutEvents", Resource: s.arn("event-bus/default")}},
		Takes: []string{"Entries"},
		Usage: []door.Usage{{Item: "events.custom-event", Quantity: float64(len(in.Entries))}},
		Do: func(_ context.Context, in *eventbridge.PutEventsInput) (*eventbridge.PutEventsOutput, error) {
			if n := len(in.Entries); n < 1 || n > 10 {
				return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: fmt.Sprintf("%d entries, must be 1 to 10", n), Fault: smithy.FaultClient}
			}
			out := &eventbridge.PutEventsOutput{}
			for _, entry := range in.Entries {
				event, err := s.custom(entry)
				if err != nil {
					out.FailedEntryCount++
					out.Entries = append(out.Entries, types.PutEventsResultEntry{ErrorCode: aws.String("InvalidArgument"), ErrorMessage: aws.String(err.Error())})
					continue
				}
				s.accept(event)
				id, _ := event.Get("id")
				out.Entries = append(out.Entries, types.PutEventsResultEntry{EventId: aws.String(fmt.Sprint(id))})
			}
			return out, nil
		},
	}, in)
}

// custom makes the event of an entry of PutEvents.
func (s *Service) custom(e types.PutEventsRequestEntry) (*jsonvalue.Object, error) {
	for name, value := range map[string]*string{"Source": e.Source, "DetailType": e.DetailType, "Detail": e.Detail} {
		if aws.ToString(value) == "" {
			return nil, fmt.Errorf("parameter %s is not valid. Reason: %s is a required argument", name, name)
		}
	}
	if s.defaultBus(e.EventBusName) != nil {
		return nil, fmt.Errorf("the event bus %q is not modelled by the local world", *e.EventBusName)
	}
	v, err := jsonvalue.Decode([]byte(*e.Detail))
	detail, ok := v.(*jsonvalue.Object)
	if err != nil || !ok {
		return nil, fmt.Errorf("detail is malformed")
	}
	at := s.door.Now()
	if e.Time != nil {
		at = *e.Time
	}
	resources := make([]any, len(e.Resources))
	for i, r := range e.Resources {
		resources[i] = r
	}
	return s.envelope(*e.Source, *e.DetailType, at, resources, detail), nil
}

// EnableRule lets a rule match events again.
func (s *Service) EnableRule(ctx context.Context, in *eventbridge.EnableRuleInput, _ ...func(*eventbridge.Options)) (*eventbridge.EnableRuleOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.EnableRuleInput, eventbridge.EnableRuleOutput]{
		Service: "eventbridge", Action: "EnableRule",
		Needs: []door.Request{{Action: "events:EnableRule", Resource: s.arn("rule/" + aws.ToString(in.Name))}},
		Takes: []string{"Name", "EventBusName"},
		Do: func(_ context.Context, in *eventbridge.EnableRuleInput) (*eventbridge.EnableRuleOutput, error) {
			return &eventbridge.EnableRuleOutput{}, s.setEnabled(in.Name, in.EventBusName, true)
		},
	}, in)
}

// DisableRule keeps a rule from matching events.
func (s *Service) DisableRule(ctx context.Context, in *eventbridge.DisableRuleInput, _ ...func(*eventbridge.Options)) (*eventbridge.DisableRuleOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[eventbridge.DisableRuleInput, eventbridge.DisableRuleOutput]{
		Service: "eventbridge", Action: "DisableRule",
		Needs: []door.Request{{Action: "events:DisableRule", Resource: s.arn("rule/" + aws.ToString(in.Name))}},
		Takes: []string{"Name", "EventBusName"},
		Do: func(_ context.Context, in *eventbridge.DisableRuleInput) (*eventbridge.DisableRuleOutput, error) {
			return &eventbridge.DisableRuleOutput{}, s.setEnabled(in.Name, in.EventBusName, false)
		},
	}, in)
}

func (s *Service) setEnabled(name, bus *string, enabled bool) error {
	r, err := s.named(name, bus)
	if err == nil {
		r.enabled = enabled
	}
	return err
}

// TestEventPattern matches a pattern with an event, as the rules of the bus would.
func (s *Service) TestEventPattern(ctx context.Context, in *eventbridge.TestEventPatternInput, _ ...func(*eventbridge.Options)) (*eventbridge.TestEventPatternOutput, error) {
	return door.Call(ctx, s.door, door.Op[eventbridge.TestEventPatternInput, eventbridge.TestEventPatternOutput]{
		Service: "eventbridge", Action: "TestEventPattern",
		Needs: []door.Request{{Action: "events:TestEventPattern", Resource: "*"}},
		Do: func(_ context.Context, in *eventbridge.TestEventPatternInput) (*eventbridge.TestEventPatternOutput, error) {
			p, err := ParsePattern(aws.ToString(in.EventPattern))
			if err != nil {
				return nil, &types.InvalidEventPatternException{Message: aws.String(err.Error())}
			}
			event, err := testEvent(aws.ToString(in.Event))
			if err != nil {
				return nil, &smithy.GenericAPIError{Code: "ValidationException", Message: "Parameter Event is not valid. Reason: " + err.Error(), Fault: smithy.FaultClient}
			}
			return &eventbridge.TestEventPatternOutput{Result: p.Match(event)}, nil
		},
	}, in)
}

// testEvent reads the event that TestEventPattern takes: it must have the fields that the API reference lists.
func testEvent(source string) (any, error) {
	v, err := jsonvalue.Decode([]byte(source))
	if err != nil {
		return nil, err
	}
	o, ok := v.(*jsonvalue.Object)
	if !ok {
		return nil, fmt.Errorf("it is not an object")
	}
	var missing []string
	for _, name := range []string{"id", "account", "source", "time", "region", "resources", "detail-type"} {
		if _, ok := o.Get(name); !ok {
			missing = append(missing, name)
		}
	}
	if missing != nil {
		return nil, fmt.Errorf("it lacks %s", strings.Join(missing, ", "))
	}
	return o, nil
}

func (s *Service) arn(resource string) string {
	return fmt.Sprintf("arn:%s:events:%s:%s:%s", s.place.Partition, s.place.Region, s.place.Account, resource)
}
