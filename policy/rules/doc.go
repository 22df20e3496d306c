// Package rules judges Pulumi stacks of event-driven data pipelines on AWS before they are deployed.
//
// A [Rule] is a value: what it asks, why, how to fix what it refuses, the controls it stands for, and two examples that
// its test runs. A [Stack] is what a program registers, from a preview of the real engine or from package recorder.
// [Judge] evaluates all rules on a stack:
//
//	stack := rules.NewStack(resources)
//	report := rules.Judge(stack, settings, time.Now())
//	for _, f := range report.Findings {
//		fmt.Println(f.Rule, f.Resource, f.Message)
//	}
//
// Nothing passes for want of knowledge. A property is known, absent, or not known before AWS has made something; a rule
// that meets an unknown one says that it cannot tell yet ([Undecided]), which is neither a violation nor a pass. Values
// that Pulumi keeps secret are judged and never shown.
//
// No rule knows a name of this project. Resources are recognised by their types, and connected by names, ARNs and the
// dependencies that Pulumi records.
package rules
