package grants

import (
	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// Policy is the IAM policy document that allows what the grants say.
func Policy(grants []ast.Grant) *jsonvalue.Object {
	statements := make([]any, 0, len(grants))
	for _, g := range grants {
		s := jsonvalue.NewObject(4)
		s.Set("Effect", "Allow")
		s.Set("Action", list(g.Actions))
		s.Set("Resource", list(g.Resources))
		if len(g.Conditions) > 0 {
			conditions := jsonvalue.NewObject(len(g.Conditions))
			for _, c := range g.Conditions {
				keys, _ := conditions.Get(c.Operator)
				o, ok := keys.(*jsonvalue.Object)
				if !ok {
					o = jsonvalue.NewObject(1)
					conditions.Set(c.Operator, o)
				}
				o.Set(c.Key, list(c.Values))
			}
			s.Set("Condition", conditions)
		}
		statements = append(statements, s)
	}
	policy := jsonvalue.NewObject(2)
	policy.Set("Version", "2012-10-17")
	policy.Set("Statement", statements)
	return policy
}

// list is one text, or a list of several, as policies are written.
func list(texts []string) any {
	if len(texts) == 1 {
		return texts[0]
	}
	values := make([]any, len(texts))
	for i, t := range texts {
		values[i] = t
	}
	return values
}
