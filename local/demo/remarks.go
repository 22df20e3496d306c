package demo

import (
	"fmt"
	"strings"

	"airline/etl"
)

// reportRejects names the rejected rows of each load.
func (s *Summary) reportRejects(b *strings.Builder) {
	first := true
	for _, files := range s.All() {
		for _, f := range files {
			if len(f.Rejects) == 0 {
				continue
			}
			if first {
				b.WriteString("rejected rows\n")
				first = false
			}
			fmt.Fprintf(b, "  %s of %s, load %s\n", count(f.RowsRejected-f.Reasons[ReasonRefused], "row"), etl.Visible(f.Key), f.LoadID)
			for _, path := range f.Rejects {
				fmt.Fprintf(b, "    %s\n", path)
			}
		}
	}
	if !first && strings.Contains(b.String(), "    s3://") {
		b.WriteString("  (--workdir DIR keeps them)\n")
	}
}

// reportElsewhere tells of files that another stack's limit would judge otherwise.
func (s *Summary) reportElsewhere(b *strings.Builder) {
	for _, files := range s.All() {
		for _, f := range files {
			for _, e := range f.Elsewhere {
				would := "would be refused"
				if e.Loaded {
					would = "would be loaded"
				}
				fmt.Fprintf(b, "%s %s by stack %s: %.1f%% of its rows have a fault, and the limit there is %.1f%%\n",
					etl.Visible(f.Key), would, e.Stack, 100*f.manifest.FaultRatio(), 100*e.MaxRejectRatio)
			}
		}
	}
}

// shownNotifications is how many notifications are shown in full.
const shownNotifications = 5

// reportNotifications shows what subscribers get: the newest of each subject, and how many of it came. Each subject is one kind of news.
func (s *Summary) reportNotifications(b *strings.Builder) {
	fmt.Fprintf(b, "%s", count(int64(len(s.Notifications)), "notification"))
	if len(s.Notifications) == 0 {
		b.WriteString("\n")
		return
	}
	b.WriteString(", as a mail brings them\n")
	var order []string
	times := map[string]int{}
	newest := map[string]Notification{}
	for _, n := range s.Notifications {
		if times[n.Subject]++; times[n.Subject] == 1 {
			order = append(order, n.Subject)
		}
		newest[n.Subject] = n
	}
	for i, subject := range order {
		if i == shownNotifications {
			fmt.Fprintf(b, "  and %d of other subjects: --json shows all\n", len(order)-i)
			break
		}
		n := newest[subject]
		fmt.Fprintf(b, "  Date: %s\n  Subject: %s\n", n.Time.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"), etl.Visible(subject))
		for line := range strings.Lines(n.text()) {
			fmt.Fprintf(b, "    %s\n", etl.Visible(strings.TrimRight(line, "\n")))
		}
		if more := times[subject] - 1; more > 0 {
			fmt.Fprintf(b, "    (and %d more of this subject)\n", more)
		}
	}
}

// text is the message as it was published.
func (n Notification) text() string {
	if n.plain != "" {
		return n.plain
	}
	return string(n.Message)
}
