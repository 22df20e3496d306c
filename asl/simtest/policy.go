package simtest

import (
	"fmt"
	"slices"

	"airline/asl/ast"
	"airline/asl/grants"
	"airline/iam"
)

// A PolicyProof compares a machine's IAM policy with what tests have called: it
// must allow every call, on the very resources that the call named, and nothing
// that no call has needed.
//
//	simtest.PolicyProof{Policy: grants, Scope: scope}.Check(t, happyPath, failingJob, rejected)
type PolicyProof struct {
	Policy []ast.Grant
	Scope  grants.Scope // as the policy was derived
	// Beyond lists what the policy may allow although no task says so, such as
	// "kms:Decrypt" for an encrypted topic, or "logs:*".
	Beyond []string
}

// Check reports every permission that is missing and every one that is unused.
func (p PolicyProof) Check(tb TB, runs ...*Run) {
	tb.Helper()
	used := map[string]bool{}
	reported := map[string]bool{}
	for _, r := range runs {
		for _, call := range r.Calls {
			needs, err := p.needs(call)
			if err != nil {
				tb.Errorf("state %q: %v", call.State, err)
				continue
			}
			for _, need := range needs {
				p.cover(need, used, func(action, resource string) {
					what := fmt.Sprintf("too small: state %q calls %s, which needs %s on %s", call.State, call.Resource, action, resource)
					if !reported[what] {
						reported[what] = true
						tb.Errorf("%s", what)
					}
				})
			}
		}
	}
	for _, grant := range p.Policy {
		for _, action := range grant.Actions {
			if slices.ContainsFunc(p.Beyond, func(pattern string) bool { return iam.CoversAction(pattern, action) }) {
				continue
			}
			for _, resource := range grant.Resources {
				if !used[action+" "+resource] {
					tb.Errorf("too large: the policy allows %s on %s, which no call of the tests has needed", action, resource)
				}
			}
		}
	}
}

// needs derives the permissions of one call with the parameters it was made with.
func (p PolicyProof) needs(call Call) ([]ast.Grant, error) {
	state := &ast.State{Name: call.State, Type: ast.TypeTask, Resource: call.Resource, End: true}
	if call.Parameters != nil {
		state.Parameters = ast.NewField(call.Parameters)
	}
	d := &ast.Definition{StartAt: call.State, States: []*ast.State{state}}
	return grants.Of(d, p.Scope)
}

// cover marks what of the policy allows a needed grant, and tells what nothing
// allows.
func (p PolicyProof) cover(need ast.Grant, used map[string]bool, missing func(action, resource string)) {
	for _, action := range need.Actions {
		for _, resource := range need.Resources {
			allowed := false
			for _, grant := range p.Policy {
				for _, a := range grant.Actions {
					for _, r := range grant.Resources {
						if iam.CoversAction(a, action) && iam.CoversARN(r, resource) {
							used[a+" "+r], allowed = true, true
						}
					}
				}
			}
			if !allowed {
				missing(action, resource)
			}
		}
	}
}
