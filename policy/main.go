// Command policy is the policy pack for the Pulumi engine: pulumi preview --policy-pack policy.
//
// The rules are in package rules; package pack shows them to the engine.
package main

import (
	"fmt"
	"os"

	"airline/policy/pack"
)

func main() {
	if err := pack.Serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
