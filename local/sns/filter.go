package sns

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"airline/asl/jsonvalue"
	"airline/local/events"
)

// filter is a subscription's filter policy. SNS decides with the engine of EventBridge's patterns, event-ruler (its repository names both).
type filter struct {
	text    string
	pattern *events.Pattern // nil takes all
	byBody  bool            // FilterPolicyScope is MessageBody
}

// SNS's limits of a filter policy (SNS Developer Guide, "Filter policy constraints").
const (
	maxFilterKeys         = 5
	maxFilterCombinations = 150
)

// parseFilter reads a filter policy.
func parseFilter(text string, byBody bool) (filter, error) {
	f := filter{text: text, byBody: byBody}
	if text == "" {
		return f, nil
	}
	v, err := jsonvalue.Decode([]byte(text))
	if err != nil {
		return f, fmt.Errorf("failed to parse JSON. %w", err)
	}
	policy, ok := v.(*jsonvalue.Object)
	if !ok {
		return f, errors.New("Filter policy must be a JSON object")
	}
	if policy.Len() == 0 {
		return f, nil
	}
	keys, combinations := 0, 1
	if err := count(policy, 1, &keys, &combinations, byBody); err != nil {
		return f, err
	}
	switch {
	case keys > maxFilterKeys:
		return f, fmt.Errorf("Filter policy can not have more than %d keys", maxFilterKeys)
	case combinations > maxFilterCombinations:
		return f, errors.New("Filter policy is too complex")
	}
	f.pattern, err = events.ParsePattern(text)
	return f, err
}

// count counts the keys with values, and the combinations: the product of how many values each has, times how deep it is nested.
func count(o *jsonvalue.Object, depth int, keys, combinations *int, nested bool) error {
	for name, v := range o.All() {
		switch v := v.(type) {
		case *jsonvalue.Object:
			if !nested {
				return errors.New("Filter policy scope MessageAttributes does not support nested filter policy")
			}
			if err := count(v, depth+1, keys, combinations, nested); err != nil {
				return err
			}
		case []any:
			if name != "$or" {
				*keys++
				*combinations *= max(1, len(v)*depth)
				continue
			}
			for _, e := range v {
				if alternative, ok := e.(*jsonvalue.Object); ok {
					if err := count(alternative, depth, keys, combinations, nested); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// takes tells whether a message is for the subscription.
func (f filter) takes(n Notification, text string) bool {
	if f.pattern == nil {
		return true
	}
	if f.byBody {
		v, err := jsonvalue.Decode([]byte(text))
		body, ok := v.(*jsonvalue.Object)
		return err == nil && ok && f.pattern.Match(body)
	}
	return f.pattern.Match(attributesOf(n.Attributes))
}

// attributesOf are a message's attributes as an object: strings, numbers, and the elements of an array; bytes are left out.
func attributesOf(attributes map[string]types.MessageAttributeValue) *jsonvalue.Object {
	o := jsonvalue.NewObject(len(attributes))
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		text := aws.ToString(a.StringValue)
		switch kind := aws.ToString(a.DataType); {
		case kind == "String.Array" || strings.HasPrefix(kind, "Number"):
			if v, err := jsonvalue.Decode([]byte(text)); err == nil {
				o.Set(name, v)
			}
		case strings.HasPrefix(kind, "String"):
			o.Set(name, text)
		}
	}
	return o
}
