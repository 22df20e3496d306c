package ast

import "strings"

// function checks the ARN of a Lambda function: arn:aws:lambda:region:account:function:name or ...:name:alias ("Qualifier"
// of Invoke, Lambda API reference). Angle brackets are let pass: people write <name> where they hide one.
func (v *validator) function(arn string, pos Position, at string) {
	if HasPlaceholder(arn) {
		return
	}
	const fix = "write arn:aws:lambda:region:account:function:name, with :alias or :version behind it where you need one"
	parts := strings.Split(arn, ":")
	switch {
	case len(parts) < 7 || len(parts) > 8 || parts[5] != "function" || parts[6] == "":
		v.error(pos, at, fix, "%q is no ARN of a Lambda function", arn)
	case strings.ContainsAny(parts[6], " /*?"):
		v.error(pos, at, fix, "%q is no name of a Lambda function", parts[6])
	case len(parts) == 8 && parts[7] == "":
		v.error(pos, at, fix, "the ARN %q ends in a colon without an alias or version", arn)
	case len(parts) == 8 && strings.Trim(parts[7], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-$.<>") != "":
		v.error(pos, at, fix, "%q is no alias or version of a Lambda function", parts[7])
	}
}
