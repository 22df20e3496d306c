// Command main is the Pulumi program of the pipeline; package infra says what it makes.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/infra"
)

// readme is the page of a stack in Pulumi Cloud, which fills the outputs in.
//
//go:embed Pulumi.README.md
var readme string

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		ctx.Export("readme", pulumi.String(readme))
		return infra.Program(ctx)
	})
}
