package infra

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
)

// fixed are the settings that a live stack does not change: with another value what holds data would be made anew and empty, or
// AWS would refuse half way (Redshift Management Guide: a database is not renamed, a warehouse does not change its VPC).
func (c *Config) fixed() map[string]string {
	network := map[bool]string{true: "create", false: "existing"}[c.Network.Create]
	all := map[string]string{
		"warehouse": string(c.Warehouse.Kind), "database": c.Warehouse.Database, "network": network, "homeRegion": c.HomeRegion,
		"rawBucket": c.Given.RawBucket, "logBucket": c.Given.LogBucket, "glueDatabase": c.Given.GlueDatabase,
		"dataKeyArn": c.Given.DataKeyARN, "messagesKeyArn": c.Given.MessagesKeyARN,
		"workgroup": c.Given.Workgroup, "cluster": c.Given.Cluster,
	}
	if c.Network.Create {
		all["vpcCidr"] = c.Network.CIDR
	} else {
		all["vpcId"] = c.Network.VpcID
	}
	return all
}

// fixedWrong says of each of them what would become of a live stack.
var fixedWrong = map[string]string{
	"warehouse": "Redshift would be made anew and empty",
	"database":  "Redshift cannot rename a database, and a new one is empty",
	"network":   "Redshift cannot move to another VPC",
	"vpcCidr":   "a VPC cannot change its range, and Redshift cannot move to another VPC",
	"vpcId":     "Redshift cannot move to another VPC",

	"homeRegion":     "buckets and roles would get other names, and the buckets be made anew and empty",
	"rawBucket":      "the files in the other bucket would be deleted or left behind",
	"logBucket":      "the logs in the other bucket would be deleted or left behind",
	"glueDatabase":   "the tables in the other database would be deleted or left behind",
	"dataKeyArn":     "what is encrypted with the other key could no longer be read",
	"messagesKeyArn": "what is encrypted with the other key could no longer be read",
	"workgroup":      "the content of the other warehouse would be deleted or left behind",
	"cluster":        "the content of the other warehouse would be deleted or left behind",
}

// keepFixed remembers the fixed settings that the stack was made with, and refuses others before anything is changed.
func keepFixed(ctx *pulumi.Context, c *Config) error {
	now := c.fixed()
	kept, err := pulumi.NewStash(ctx, "fixed", &pulumi.StashArgs{Input: pulumi.ToStringMap(now)})
	if err != nil {
		return err
	}
	first, err := internals.UnsafeAwaitOutput(ctx.Context(), kept.Output)
	if err != nil {
		return fmt.Errorf("reading what the stack was made with: %w", err)
	}
	made, ok := first.Value.(map[string]any)
	if !first.Known || !ok {
		return nil
	}
	return refuseFixed(ctx.Stack(), made, now)
}

// refuseFixed compares what a stack was made with and what it is told now.
func refuseFixed(stack string, made map[string]any, now map[string]string) error {
	var problems []Problem
	for key, value := range now {
		if before, known := made[key]; known && before != value {
			problems = append(problems, Problem{
				Key: key, Value: value, Wrong: fmt.Sprintf("the stack was made with %q; %s", before, fixedWrong[key]),
				Remedy: "deploy another stack with it and load its raw bucket (docs/deploy.md, \"What a live stack does not change\")",
			})
		}
	}
	if len(problems) == 0 {
		return nil
	}
	slices.SortFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Key, b.Key) })
	return &ConfigError{Stack: stack, Problems: problems}
}
