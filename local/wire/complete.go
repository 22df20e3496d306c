package wire

import (
	"strings"

	"airline/asl/awsapi"
	"airline/local/wire/shape"
)

// complete puts the empty lists and maps into an answer that AWS always has there: those that its API model requires, and
// what an operation lists in pages. SQS leaves them out.
func complete(answer any, service, operation string) any {
	s, ok := awsapi.Find(service)
	if !ok || operation == "" {
		return answer
	}
	o := s.Operations[strings.ToLower(operation[:1])+operation[1:]]
	if o == nil || o.Output() == nil {
		return answer
	}
	fill(answer, o.Output())
	if object, ok := answer.(*shape.Object); ok && bool(o.Paginated) && service != "sqs" {
		for _, name := range o.Output().Members() {
			if member, _ := o.Output().Member(name); member.Kind == awsapi.List && !has(object, name) {
				object.Set(name, []any{})
			}
		}
	}
	return answer
}

func has(o *shape.Object, name string) bool {
	_, ok := o.Values[name]
	return ok
}

// fill puts in what the model requires.
func fill(v any, model *awsapi.Shape) {
	switch v := v.(type) {
	case []any:
		if model.Kind == awsapi.List {
			for _, item := range v {
				fill(item, model.Item())
			}
		}
	case *shape.Object:
		if model.Kind != awsapi.Structure {
			return
		}
		for _, name := range model.Required {
			switch member, _ := model.Member(name); {
			case has(v, name):
			case member.Kind == awsapi.List:
				v.Set(name, []any{})
			case member.Kind == awsapi.Map:
				v.Set(name, shape.NewObject())
			}
		}
		for name, value := range v.Values {
			if member, ok := model.Member(name); ok {
				fill(value, member)
			}
		}
	}
}
