package infra

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
)

// fixed are the settings that a live stack does not change: with another value what holds data would be made anew and empty.
func (c *Config) fixed() map[string]string {
	return map[string]string{
		"homeRegion": c.HomeRegion,
		"rawBucket":  c.Given.RawBucket, "logBucket": c.Given.LogBucket, "glueDatabase": c.Given.GlueDatabase,
		"dataKeyArn": c.Given.DataKeyARN, "messagesKeyArn": c.Given.MessagesKeyARN,
		"workgroup": c.Given.Workgroup, "cluster": c.Given.Cluster,
	}
}

// renewable are the settings that a live stack changes only when its warehouse is made anew and empty.
func (c *Config) renewable() map[string]string {
	network := map[bool]string{true: "create", false: "existing"}[c.Network.Create]
	all := map[string]string{"warehouse": string(c.Warehouse.Kind), "database": c.Warehouse.Database, "network": network}
	if c.Network.Create {
		all["vpcCidr"] = c.Network.CIDR
	} else {
		all["vpcId"] = c.Network.VpcID
	}
	return all
}

// fixedWrong says of each of both what would become of a live stack.
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

// The remedies of the two kinds of settings.
const (
	deployAnother = "deploy another stack with it and load its raw bucket (docs/deploy.md, \"What a live stack does not change\")"
	renewFirst    = "with renewal set to a text it did not have before, such as today's date, the warehouse is made anew and empty " +
		"(protect must be false since an earlier update); or deploy another stack (docs/deploy.md, \"What a live stack does not change\")"
)

// renew is the option of the warehouse's resources: with another text in the setting renewal they are made anew. A protected
// stack has none, and the engine takes the first one of a resource for no change, so a change of both settings in one update
// is none of renewal.
func (c *Config) renew() pulumi.ResourceOption {
	if c.Protect {
		return pulumi.Composite()
	}
	return pulumi.ReplacementTrigger(pulumi.String("renewal " + c.Warehouse.Renewal))
}

// keepFixed remembers the settings that the stack was made with, and its warehouse since the last renewal, and refuses others
// before anything is changed.
func keepFixed(ctx *pulumi.Context, c *Config) error {
	fixed, err := remember(ctx, "fixed", c.fixed())
	if err != nil {
		return err
	}
	renewable, err := remember(ctx, "renewable", c.renewable(), c.renew())
	if err != nil {
		return err
	}
	problems := append(changed(fixed, c.fixed(), deployAnother), changed(renewable, c.renewable(), renewFirst)...)
	if len(problems) == 0 {
		return nil
	}
	slices.SortFunc(problems, func(a, b Problem) int { return cmp.Compare(a.Key, b.Key) })
	return &ConfigError{Stack: ctx.Stack(), Problems: problems}
}

// remember is what the state remembers under a name, which is what it was given first. Nil when that is not known yet.
func remember(ctx *pulumi.Context, name string, now map[string]string, opts ...pulumi.ResourceOption) (map[string]any, error) {
	kept, err := pulumi.NewStash(ctx, name, &pulumi.StashArgs{Input: pulumi.ToStringMap(now)}, opts...)
	if err != nil {
		return nil, err
	}
	first, err := internals.UnsafeAwaitOutput(ctx.Context(), kept.Output)
	if err != nil {
		return nil, fmt.Errorf("reading what the stack was made with: %w", err)
	}
	made, _ := first.Value.(map[string]any)
	if !first.Known {
		return nil, nil
	}
	return made, nil
}

// changed compares what a stack was made with and what it is told now.
func changed(made map[string]any, now map[string]string, fix string) []Problem {
	var problems []Problem
	for key, value := range now {
		if before, known := made[key]; known && before != value {
			problems = append(problems, Problem{
				Key: key, Value: value, What: fmt.Sprintf("the stack was made with %q; %s", before, fixedWrong[key]), Fix: fix,
			})
		}
	}
	return problems
}
