package asl

import "airline/asl/ast"

// GrantKey allows the actions on a KMS key; nothing without a key.
func GrantKey(keyARN string, actions ...string) []ast.Grant {
	if keyARN == "" {
		return nil
	}
	return []ast.Grant{{Actions: actions, Resources: []string{keyARN}}}
}
