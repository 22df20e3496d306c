package grants

import (
	"slices"
	"strings"

	"airline/asl/ast"
	"airline/iam"
)

// narrowed puts the ARNs that are known in the place of the patterns that they
// fit.
func narrowed(grants []ast.Grant, arns []string) []ast.Grant {
	for i := range grants {
		var resources []string
		for _, pattern := range grants[i].Resources {
			before := len(resources)
			for _, arn := range arns {
				if pattern != "*" && iam.CoversARN(pattern, arn) {
					resources = append(resources, arn)
				}
			}
			if len(resources) == before {
				resources = append(resources, pattern)
			}
		}
		grants[i].Resources = resources
	}
	return grants
}

// merged puts grants together: actions on the same resources in one statement,
// nothing that another statement already covers, in a stable order.
func merged(grants []ast.Grant) []ast.Grant {
	byAction := map[string]map[string]bool{} // condition and action to resources
	conditions := map[string][]ast.GrantCondition{}
	for _, g := range grants {
		key := conditionKey(g.Conditions)
		conditions[key] = g.Conditions
		for _, a := range g.Actions {
			k := key + "\x00" + a
			if byAction[k] == nil {
				byAction[k] = map[string]bool{}
			}
			for _, r := range g.Resources {
				byAction[k][r] = true
			}
		}
	}
	byResources := map[string]*ast.Grant{}
	for k, set := range byAction {
		key, action, _ := strings.Cut(k, "\x00")
		resources := covering(set)
		id := key + "\x00" + strings.Join(resources, "\x00")
		g := byResources[id]
		if g == nil {
			g = &ast.Grant{Resources: resources, Conditions: conditions[key]}
			byResources[id] = g
		}
		g.Actions = append(g.Actions, action)
	}
	out := make([]ast.Grant, 0, len(byResources))
	for _, g := range byResources {
		slices.Sort(g.Actions)
		out = append(out, *g)
	}
	slices.SortFunc(out, func(a, b ast.Grant) int {
		if c := slices.Compare(a.Actions, b.Actions); c != 0 {
			return c
		}
		if c := slices.Compare(a.Resources, b.Resources); c != 0 {
			return c
		}
		return strings.Compare(conditionKey(a.Conditions), conditionKey(b.Conditions))
	})
	return out
}

// covering are the resources without those that another one covers, sorted.
func covering(set map[string]bool) []string {
	var list []string
	for r := range set {
		covered := false
		for other := range set {
			if other != r && iam.CoversARN(other, r) && !(iam.CoversARN(r, other) && other > r) {
				covered = true
				break
			}
		}
		if !covered {
			list = append(list, r)
		}
	}
	slices.Sort(list)
	return list
}

func conditionKey(conditions []ast.GrantCondition) string {
	var b strings.Builder
	for _, c := range conditions {
		b.WriteString(c.Operator + " " + c.Key + " " + strings.Join(c.Values, ",") + ";")
	}
	return b.String()
}
