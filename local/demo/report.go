package demo

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"airline/etl"
)

// Report writes the summary for people.
func (s *Summary) Report(w io.Writer) error {
	var b strings.Builder
	var read, loaded, rejected int64
	reasons := map[string]int64{}
	failed := 0
	deleted := 0
	for _, f := range s.Files {
		if f.Deleted {
			deleted++
		}
		read, loaded, rejected = read+f.RowsRead, loaded+f.RowsLoaded, rejected+f.RowsRejected
		for reason, n := range f.Reasons {
			reasons[reason] += n
		}
		if f.Status != "SUCCEEDED" && f.Status != StatusDeleted {
			failed++
		}
	}
	fmt.Fprintf(&b, "\n%s of flights", count(int64(len(s.Files)-deleted), "file"))
	if deleted > 0 {
		fmt.Fprintf(&b, " and %d deleted", deleted)
	}
	if failed > 0 {
		fmt.Fprintf(&b, ", %d of them NOT loaded", failed)
	}
	fmt.Fprintf(&b, "\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(t, "  rows read\t%s\t\n  loaded\t%s\t\n  rejected\t%s\t\n", grouped(read), grouped(loaded), grouped(rejected))
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(t, "%s\t%s\t\n", reason, grouped(reasons[reason]))
	}
	t.Flush()
	for _, l := range s.More {
		var read, loaded, rejected int64
		for _, f := range l.Files {
			read, loaded, rejected = read+f.RowsRead, loaded+f.RowsLoaded, rejected+f.RowsRejected
		}
		fmt.Fprintf(&b, "%s of %s: %s read, %s loaded, %s rejected\n", count(int64(len(l.Files)), "file"), l.Dataset, count(read, "row"), grouped(loaded), grouped(rejected))
	}
	fmt.Fprintf(&b, "warehouse: %s in airlines.daily_flights_fact, %s in airlines.airports_dim", count(s.Facts, "row"), count(s.Airports, "row"))
	for _, l := range s.More {
		fmt.Fprintf(&b, ", %s in %s", count(l.Rows, "row"), l.Table)
	}
	b.WriteString("\n")
	for _, f := range s.Failed() {
		fmt.Fprintf(&b, "  %s %s\n    %s: %s\n", f.Status, etl.Visible(f.Key), f.Error, etl.Visible(f.Cause))
	}
	s.reportRejects(&b)
	s.reportElsewhere(&b)
	if len(s.Ignored) > 0 {
		fmt.Fprintf(&b, "not taken for data: %s\n", etl.Visible(strings.Join(s.Ignored, ", ")))
	}
	s.reportNotifications(&b)
	for _, text := range s.Refused {
		fmt.Fprintf(&b, "  %s\n", etl.Visible(text))
	}
	if len(s.MostDelayed) > 0 {
		fmt.Fprintf(&b, "\nmost delayed routes (10 flights or more)\n")
		t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, r := range s.MostDelayed {
			fmt.Fprintf(t, "  %s\t-> %s\t%d flights\t%+.1f minutes\n", r.From, r.To, r.Flights, r.MeanDelay)
		}
		t.Flush()
	}
	var usd float64
	for _, line := range s.Bill {
		usd += line.USD
	}
	fmt.Fprintf(&b, "\n%s of virtual time in %s; at list prices the run would have cost $%.2f\n",
		s.VirtualTime.Round(time.Second), s.RealTime.Round(10*time.Millisecond), usd)
	_, err := io.WriteString(w, b.String())
	return err
}

func count(n int64, noun string) string { return grouped(n) + " " + plural(noun, int(n)) }

// grouped prints a number with commas between thousands.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
