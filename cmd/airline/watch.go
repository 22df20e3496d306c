package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"airline/operate"
)

func newWatchCmd() *cobra.Command {
	a := &stackArgs{}
	var every time.Duration
	cmd := &cobra.Command{
		Use:   "watch [KEY]",
		Short: "Follow the loads that run in a deployed stack, state by state",
		Long: `Prints each state that a running load enters, until it is interrupted. With the
key of a file it follows the loads of this file and ends with them: exit code 0
when the last has succeeded, 1 when it has failed.`,
		Args: atMostOneArg,
		RunE: func(cmd *cobra.Command, args []string) error {
			if every <= 0 {
				return fmt.Errorf("--every %v: give a time such as 2s", every)
			}
			s, err := a.open(cmd.Context(), "watch")
			if err != nil {
				return err
			}
			key := strings.Join(args, "")
			ok, err := s.Watch(cmd.Context(), key, every, func(n operate.News) error { return a.writeNews(cmd, n) })
			switch {
			case errors.Is(err, context.Canceled) && key == "":
				return nil // interrupted: that is how it ends
			case err != nil:
				return err
			case !ok:
				return badNews{fmt.Sprintf("%s was not loaded: airline file %q tells why", key, key)}
			}
			return nil
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().DurationVar(&every, "every", 2*time.Second, "how often AWS is asked")
	return cmd
}

func (a *stackArgs) writeNews(cmd *cobra.Command, n operate.News) error {
	if a.asJSON {
		return object(cmd.OutOrStdout(), n)
	}
	t := newTable(cmd.OutOrStdout())
	t.row(a.when(n.Time), strings.Join(n.Keys, ", "), n.What, n.Error)
	t.flush()
	return nil
}
