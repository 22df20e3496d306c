package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"airline/etl"
	"airline/operate"
)

// stackArgs are the flags that all commands against a deployed stack have.
type stackArgs struct {
	project, stack, region, profile, endpoint string
	settings                                  []string
	asJSON, utc                               bool
}

// add adds the flags.
func (a *stackArgs) add(flags *pflag.FlagSet) {
	a.addStack(flags)
	flags.StringVar(&a.stack, "stack", "dev", "the stack that is deployed")
	flags.BoolVar(&a.asJSON, "json", false, "print JSON")
	flags.BoolVar(&a.utc, "utc", false, "times in UTC; the default is this machine's zone")
}

// addStack adds those that say how the stack is reached.
func (a *stackArgs) addStack(flags *pflag.FlagSet) {
	addProject(flags, &a.project)
	addSettings(flags, &a.settings)
	flags.StringVar(&a.region, "region", "", "the region (default: the stack's)")
	flags.StringVar(&a.profile, "profile", "", "a profile of the AWS configuration files")
	flags.StringVar(&a.endpoint, "endpoint-url", "", "the address of AWS (default: AWS_ENDPOINT_URL, or AWS itself)")
}

// open reaches the stack for a command that has a policy of that name.
func (a *stackArgs) open(ctx context.Context, command string) (*operate.Session, error) {
	o, err := a.options()
	if err != nil {
		return nil, err
	}
	o.Command = command
	return operate.Open(ctx, o)
}

func (a *stackArgs) options() (o operate.Options, err error) {
	o = operate.Options{Stack: a.stack, Region: a.region, Profile: a.profile, Endpoint: a.endpoint}
	if o.Dir, err = projectDir(a.project); err != nil {
		return o, err
	}
	o.Overrides, err = overrides("config", a.settings)
	return o, err
}

// when is a time as people read it; "-" for none.
func (a *stackArgs) when(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	if a.utc {
		return t.UTC().Format("2006-01-02 15:04:05Z")
	}
	return t.Local().Format("2006-01-02 15:04:05")
}

// object prints a value as JSON on a line of its own.
func object(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// terminal is the terminal that a writer writes to; nil for anything else.
func terminal(w io.Writer) *os.File {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// table prints rows in columns that fit. It is flushed after some rows, so that a long one needs no memory: its columns may be of
// other widths then.
type table struct {
	w    *tabwriter.Writer
	rows int
}

const rowsAtATime = 1000

func newTable(w io.Writer, columns ...string) *table {
	t := &table{w: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	if len(columns) > 0 {
		t.row(columns...)
	}
	return t
}

// row prints cells; what people cannot see in them is escaped.
func (t *table) row(cells ...string) {
	for i, c := range cells {
		cells[i] = etl.Visible(c)
	}
	fmt.Fprintln(t.w, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	if t.rows++; t.rows%rowsAtATime == 0 {
		t.flush()
	}
}

// flush prints what is left. Its error is that of the writer behind it, which the command's last write gives, too.
func (t *table) flush() { _ = t.w.Flush() }

// day reads a flag with a day.
func day(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--%s %s: write a day as YYYY-MM-DD", flag, text)
	}
	return d, nil
}

// confirm asks whether to go on, unless --yes says so.
func confirm(cmd *cobra.Command, yes bool, question string) error {
	if yes {
		return nil
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s [y/N] ", question)
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(cmd.InOrStdin()).ReadString('\n') // the end of the input is no yes
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case line := <-answer:
		if line == "y" || line == "yes" {
			return nil
		}
		return errors.New("nothing was done: it was not confirmed (--yes confirms)")
	case <-cmd.Context().Done():
		return cmd.Context().Err()
	}
}
