// Command policy is the policy pack for the Pulumi engine: pulumi preview --policy-pack policy.
//
// The rules are in package rules; package pack shows them to the engine.
package main

import (
	"fmt"
	"net"
	"os"

	"airline/policy/pack"
)

func main() {
	// The engine gives its address first. A start without arguments is a wrapper's that keeps them back.
	if len(os.Args) > 1 {
		if _, _, err := net.SplitHostPort(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, "the policy pack is started by the engine: pulumi preview --policy-pack policy (without an engine: airline policy)")
			os.Exit(2)
		}
	}
	if err := pack.Serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
