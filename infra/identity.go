package infra

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
)

// keepIdentity remembers under which name, where and for which account the stack was made, and refuses to go on elsewhere:
// all names come from it, so everything would be replaced, and what holds data would be lost or left behind. Pulumi's
// stash keeps in the state what it was given first.
func keepIdentity(ctx *pulumi.Context, n Names) error {
	now := fmt.Sprintf("%s in %s of account %s", n.ID(), n.Region, n.Account)
	kept, err := pulumi.NewStash(ctx, "identity", &pulumi.StashArgs{Input: pulumi.String(now)})
	if err != nil {
		return err
	}
	first, err := internals.UnsafeAwaitOutput(ctx.Context(), kept.Output)
	if err != nil {
		return fmt.Errorf("reading what the stack was made as: %w", err)
	}
	if !first.Known || first.Value == now {
		return nil
	}
	return fmt.Errorf("the stack was made as %v; as %s every resource would be replaced, and data lost.\n"+
		"After `pulumi stack rename`: pulumi config set namedAfter OLDNAME. To move: deploy another stack and load it from the raw bucket "+
		"(docs/deploy.md, \"Names\")", first.Value, now)
}
