package rules

import (
	"slices"
	"strings"
)

// Level is what a violation of a rule does. The zero level is invalid on purpose.
type Level string

// The levels, by Pulumi's names.
const (
	Mandatory Level = "mandatory" // stops the deployment
	Advisory  Level = "advisory"  // is told
	Disabled  Level = "disabled"  // the rule is not asked
)

// Rule is one thing that is asked of a stack.
type Rule struct {
	// ID is how people, configuration and the engine name the rule: "s3-tls-only".
	ID string
	// Title is what the rule asks, as one sentence.
	Title string
	// Why tells what goes wrong otherwise.
	Why string
	// Fix tells what to change.
	Fix string
	// Level is what a violation does unless configured otherwise.
	Level Level
	// Controls are the controls of the AWS Foundational Security Best Practices ("S3.5") and the checks of Checkov
	// ("CKV_AWS_379") that the rule stands for; none for rules of this project.
	Controls []string
	// Types are the resource types that the rule reads.
	Types []string
	// Good and Bad are stacks in YAML that the rule accepts and refuses.
	Good, Bad string

	// resource judges a resource of one of Types by its own inputs. The engine asks it before it creates the resource.
	resource func(*judge, *Resource)
	// stack judges resources together. Exactly one of resource and stack is set.
	stack func(*judge)
}

// Alone tells that the rule judges each resource by itself, before it is created, and not the stack as a whole.
func (r *Rule) Alone() bool { return r.resource != nil }

// All are the rules, by service and then in the order of their pages. The list is the caller's.
func All() []*Rule {
	return slices.Concat(
		s3Rules(), kmsRules(), clusterRules(), statementRules(), serverlessRules(), glueRules(), machineRules(), stepFunctionsRules(),
		trailRules(), messagingRules(), eventRules(), pipeRules(), watchRules(), iamRules(), secretRules(), networkRules(), stackRules(), keepingRules(),
	)
}

// Chapter is the heading that the rule stands under: the part of the id before the first hyphen.
func (r *Rule) Chapter() string {
	head, _, _ := strings.Cut(r.ID, "-")
	return head
}

// Lookup is the rule with the id, or nil.
func Lookup(id string) *Rule {
	for _, r := range All() {
		if r.ID == id {
			return r
		}
	}
	return nil
}
