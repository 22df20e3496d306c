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
	now := fmt.Sprintf(identityForm, n.ID(), n.Region, n.Account)
	kept, err := pulumi.NewStash(ctx, "identity", &pulumi.StashArgs{Input: pulumi.String(now)})
	if err != nil {
		return err
	}
	first, err := internals.UnsafeAwaitOutput(ctx.Context(), kept.Output)
	if err != nil {
		return fmt.Errorf("reading what the stack was made as: %w", err)
	}
	made, ok := first.Value.(string)
	if !first.Known || !ok || made == now {
		return nil
	}
	return n.refuseIdentity(ctx.Stack(), made)
}

// identityForm is how the state says under which name, in which region and for which account a stack was made.
const identityForm = "%s in %s of account %s"

// refuseIdentity says in what a stack differs from what it was made as, and the way to go on.
func (n Names) refuseIdentity(stack, made string) error {
	var name, place, account string
	if _, err := fmt.Sscanf(made, identityForm, &name, &place, &account); err != nil {
		return fmt.Errorf("reading what the stack was made as, %q: %w", made, err)
	}
	const lost = "the stack was made as %s; every resource would be replaced, and data lost"
	const move = "deploy another stack there and load it from the raw bucket (docs/deploy.md, \"Names\")"
	refused := &ConfigError{Stack: stack}
	for _, is := range []struct{ key, value, now, before, remedy string }{
		{"namedAfter", n.NamedAfter, n.ID(), name, "after `pulumi stack rename`: pulumi config set namedAfter OLDNAME"},
		{"aws:region", n.Region, n.Region, place, move},
		{"account", n.Account, n.Account, account, "use credentials of that account, or " + move},
	} {
		if is.now != is.before {
			refused.Problems = append(refused.Problems, Problem{is.key, is.value, fmt.Sprintf(lost, made), is.remedy})
		}
	}
	return refused
}
