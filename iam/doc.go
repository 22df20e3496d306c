// Package iam reads, writes, compares and evaluates IAM policies as AWS does. It needs the standard library alone.
//
//	policy, err := iam.Parse(iam.Identity, document)
//	d := iam.Evaluate(iam.Case{
//		Caller:   iam.Caller{Role: "arn:aws:iam::111122223333:role/loader", Account: "111122223333"},
//		Owner:    "111122223333",
//		Action:   "s3:GetObject",
//		Resource: "arn:aws:s3:::raw/flights.csv",
//		Identity: []iam.Named{{Name: "read", Policy: policy}},
//	})
//	if !d.Allowed { fmt.Println(d.Reason) }
//
// A document is parsed as of a [Kind], since what must stand in a statement depends on what the policy is attached to. Everything
// that AWS does not take is refused, all problems at once, each with its place; what the package does not know (an element, an
// operator, a global condition key) is a problem too, never a silent yes or no.
//
// [Evaluate] is a pure function of its arguments. [Covers] compares patterns: whether one matches all that the other matches.
//
// Source of the rules: AWS IAM User Guide, "Grammar of the IAM JSON policy language", "IAM JSON policy elements reference",
// "Policy evaluation logic" and "IAM policy validation check reference"; AWS KMS Developer Guide, "Key policies". Where
// implementations differ, docs/fidelity.md says who is right and why.
package iam
