// Command airline runs the airline data pipeline on this machine and works
// with Step Functions definitions.
//
//	airline demo                    deploy the stack locally and ingest files
//	airline serve                   answer AWS's protocols for the stack
//	airline query "select ..."      ask a warehouse
//	airline status                  tell whether a deployed stack is healthy
//	airline warehouse               let Redshift's clients connect to it
//	airline files, file KEY         list its files with what became of them
//	airline check, upload FILE...   judge files, and upload them
//	airline watch, replay, reconcile, backfill, rejects, undelivered, retire
//	                                follow loads, and fix what went wrong
//	airline doctor                  tell what keeps you from deploying or operating a stack
//	airline policy                  judge the stack by the policy pack's rules
//	airline diff                    tell what the program changes, by states and statements
//	airline adopt FILE              take back what a destroyed stack has kept
//	airline conformance FILE...     compare with recorded answers of AWS
//	airline asl ...                 evaluate, run, check and draw definitions
//
// Each command stands in a file of its own; a command parses flags and calls
// the package that does the work.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr) }()
	code := wait(ctx, ended, grace(os.Args[1:]), os.Stderr)
	stop()
	os.Exit(code)
}

// grace is how long a command has to end in order after it was interrupted: a second, and longer for a server, which
// finishes the requests that it has.
func grace(args []string) time.Duration {
	if len(args) > 0 && (args[0] == "serve" || args[0] == "warehouse") {
		return 10 * time.Second
	}
	return time.Second
}

// interrupted is the exit code of a command that did not end in order, as shells have it.
const interrupted = 130

// wait gives the exit code of a command, which ends by itself or is given up after an interrupt: no computation keeps
// anybody waiting.
func wait(ctx context.Context, ended <-chan int, grace time.Duration, stderr io.Writer) int {
	select {
	case code := <-ended:
		return code
	case <-ctx.Done():
	}
	select {
	case code := <-ended:
		return code
	case <-time.After(grace):
		fmt.Fprintln(stderr, "airline: interrupted")
		return interrupted
	}
}

// run executes one command line and returns the exit code: 0 for success,
// 1 when the command did its work and the answer is bad news (a case that
// fails, a definition that is invalid), 2 when it could not do its work.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRootCmd()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var bad badNews
	switch {
	case err == nil:
		return 0
	case errors.As(err, &bad):
		if bad.message != "" {
			fmt.Fprintln(stderr, "airline:", bad.message)
		}
		return 1
	default:
		fmt.Fprintln(stderr, "airline:", err)
		return 2
	}
}

// badNews is the error of a command that has done its work and printed its
// findings, which are not good: the exit code is 1 and not 2.
type badNews struct{ message string }

func (b badNews) Error() string { return b.message }

func newRootCmd() *cobra.Command {
	root := &cobra.Command{
		Use:           "airline",
		Short:         "The airline data pipeline on this machine",
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version,
	}
	root.SetFlagErrorFunc(flagError)
	root.SetVersionTemplate("airline {{.Version}}\n")
	root.AddCommand(newDemoCmd(), newCostCmd(), newServeCmd(), newQueryCmd(), newWarehouseCmd(), newPolicyCmd(), newDiffCmd(), newAdoptCmd(), newASLCmd(), newConformanceCmd(),
		newStatusCmd(), newFilesCmd(), newFileCmd(), newWatchCmd(), newCheckCmd(), newUploadCmd(), newReplayCmd(), newReconcileCmd(), newBackfillCmd(),
		newRejectsCmd(), newUndeliveredCmd(), newRetireCmd(), newMigrateCmd(), newDoctorCmd())
	return root
}
