package provider

import (
	"path/filepath"
	"slices"
	"strings"

	"airline/infra"
	"airline/local/recorder"
	"airline/review"
)

// reviewed compares the engine's own export with the program, as `airline diff --state` does: there is nothing to tell of what is
// deployed, and of a setting that changes what it changes.
func (d *deployment) reviewed() {
	d.t.Helper()
	before, err := review.ReadState(strings.NewReader(d.pulumi("stack", "export")), "the state")
	if err != nil {
		d.t.Fatal(err)
	}
	compare := func(changed map[string]string) (*review.Diff, string) {
		d.t.Helper()
		overrides := map[string]string{}
		for key, value := range d.secrets {
			overrides[key] = value
		}
		for key, value := range changed {
			overrides[key] = value
		}
		here, err := filepath.Abs(root)
		if err != nil {
			d.t.Fatal(err)
		}
		graph, err := recorder.Record(d.t.Context(), recorder.Options{
			Dir: d.dir, Stack: d.stack, Account: before.Account, Overrides: overrides,
		}, infra.Program)
		if err != nil {
			d.t.Fatal(err)
		}
		now, err := review.Recorded(graph, here, "the program")
		if err != nil {
			d.t.Fatal(err)
		}
		diff := review.Compare(before, now)
		var text strings.Builder
		if err := review.Text(&text, diff); err != nil {
			d.t.Fatal(err)
		}
		return diff, text.String()
	}
	told := func(diff *review.Diff) (all []string) {
		for _, r := range diff.Resources {
			all = append(all, short(r.URN))
		}
		slices.Sort(all)
		return all
	}
	diff, text := compare(nil)
	if got := told(diff); !slices.Equal(got, unmodelled) {
		d.t.Errorf("of a stack as it is deployed the comparison tells of %v, want %v:\n%s", got, unmodelled, text)
	}
	diff, text = compare(map[string]string{"freshnessHours": "48"})
	want := slices.Sorted(slices.Values(append([]string{"MetricAlarm::flights-stale"}, unmodelled...)))
	if got := told(diff); !slices.Equal(got, want) {
		d.t.Errorf("of one setting the comparison tells of %v, want %v:\n%s", got, want, text)
	}
}

// unmodelled are the differences between the local world and the engine that the comparison tells although nobody made them: awsx
// makes an internet gateway that the recorder does not know, and gives its lists of route tables and subnets in another order.
var unmodelled = []string{"InternetGateway::network", "VpcEndpoint::network", "Workgroup::warehouse"}
