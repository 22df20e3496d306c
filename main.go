// Command main is the Pulumi program of the pipeline; package infra says what it makes.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/infra"
)

func main() { pulumi.Run(infra.Program) }
