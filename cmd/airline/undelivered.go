package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"airline/operate"
)

func newUndeliveredCmd() *cobra.Command {
	a := &stackArgs{}
	var redrive, yes bool
	cmd := &cobra.Command{
		Use:   "undelivered",
		Short: "Print what a deployed stack could not deliver, and send it again",
		Long: `Prints the messages in the queue of events, gathered files and notifications that
could not be delivered, and why. Looking hides them from others for a minute. With --redrive
it sends them again: an event or a file starts its machine, a notification is
published again. Fix first what the code says. The exit code is 1 when messages wait.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			command := "undelivered"
			if redrive {
				command += " --redrive"
			}
			s, err := a.open(cmd.Context(), command)
			if err != nil {
				return err
			}
			list, err := a.writeUndelivered(cmd, s)
			if err != nil {
				return err
			}
			if !redrive {
				if len(list) > 0 {
					return badNews{fmt.Sprintf("%d messages wait; once the reason is fixed: airline undelivered --redrive", len(list))}
				}
				return nil
			}
			if len(list) == 0 {
				return nil
			}
			if err := confirm(cmd, yes, fmt.Sprintf("send %d messages again?", len(list))); err != nil {
				return err
			}
			for _, u := range list {
				what, err := s.Redrive(cmd.Context(), u)
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.ErrOrStderr(), "sent again: %s: %s\n", u.ID, what)
			}
			return nil
		},
	}
	a.add(cmd.Flags())
	cmd.Flags().BoolVar(&redrive, "redrive", false, "send the messages again")
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

func (a *stackArgs) writeUndelivered(cmd *cobra.Command, s *operate.Session) ([]operate.Undelivered, error) {
	var list []operate.Undelivered
	t := newTable(cmd.OutOrStdout())
	for u, err := range s.Undelivered(cmd.Context()) {
		if err != nil {
			return nil, err
		}
		list = append(list, u)
		if a.asJSON {
			if err := object(cmd.OutOrStdout(), u); err != nil {
				return nil, err
			}
			continue
		}
		if len(list) == 1 {
			t.row("SENT", "WHAT", "ABOUT", "WHY")
		}
		what, about, why := "event of "+u.Rule, u.Key, u.Code+": "+u.Message
		switch {
		case u.Gathered != "":
			what, about, why = "file of "+u.Gathered, u.Key, "the pipe could not start the machine: aws pipes describe-pipe --name "+u.Gathered
		case u.Rule == "":
			what, about, why = "notification", u.Subject, "a receiver did not take it"
		}
		t.row(a.when(u.Sent), what, about, why)
	}
	t.flush()
	if len(list) == 0 && !a.asJSON {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), "nothing waits")
		return nil, err
	}
	return list, nil
}
