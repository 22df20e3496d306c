package wire

import (
	"strings"
	"sync"

	"airline/asl/awsapi"
	"airline/asl/jsonvalue"
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
	if demanding(o.Output()) {
		fill(answer, o.Output())
	}
	if object, ok := answer.(*jsonvalue.Object); ok && bool(o.Paginated) && service != "sqs" {
		for _, name := range o.Output().Members() {
			if member, _ := o.Output().Member(name); member.Kind == awsapi.List && !has(object, name) {
				object.Set(name, []any{})
			}
		}
	}
	return answer
}

func has(o *jsonvalue.Object, name string) bool {
	_, ok := o.Get(name)
	return ok
}

var demands sync.Map // *awsapi.Shape to whether it is demanding

// demanding reports whether the model requires a list or map anywhere in a value. Of most there is none, and an answer may have a
// million values.
func demanding(model *awsapi.Shape) bool {
	if known, ok := demands.Load(model); ok {
		return known.(bool)
	}
	seen := map[*awsapi.Shape]bool{}
	var look func(*awsapi.Shape) bool
	look = func(model *awsapi.Shape) bool {
		if seen[model] {
			return false
		}
		seen[model] = true
		switch model.Kind {
		case awsapi.List:
			return look(model.Item())
		case awsapi.Structure:
			for _, name := range model.Required {
				if member, ok := model.Member(name); ok && (member.Kind == awsapi.List || member.Kind == awsapi.Map) {
					return true
				}
			}
			for _, name := range model.Members() {
				if member, _ := model.Member(name); look(member) {
					return true
				}
			}
		}
		return false
	}
	found := look(model)
	demands.Store(model, found)
	return found
}

// fill puts in what the model requires.
func fill(v any, model *awsapi.Shape) {
	switch v := v.(type) {
	case []any:
		if model.Kind == awsapi.List && demanding(model.Item()) {
			for _, item := range v {
				fill(item, model.Item())
			}
		}
	case *jsonvalue.Object:
		if model.Kind != awsapi.Structure {
			return
		}
		for _, name := range model.Required {
			switch member, _ := model.Member(name); {
			case has(v, name):
			case member.Kind == awsapi.List:
				v.Set(name, []any{})
			case member.Kind == awsapi.Map:
				v.Set(name, jsonvalue.NewObject(0))
			}
		}
		for name, value := range v.All() {
			if member, ok := model.Member(name); ok {
				fill(value, member)
			}
		}
	}
}
