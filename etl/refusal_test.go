package etl

import (
	"strings"
	"testing"
)

// A file most of whose faults are airports that nobody knows is as it should be: the refusal says what is missing, and where it goes.
func TestTooManyRejectsSaysWhatIsMissing(t *testing.T) {
	for name, test := range map[string]struct {
		reasons map[string]int64
		want    string
	}{
		"airports are missing":           {map[string]int64{"unknown origin airport": 3, "unknown destination airport": 2, "invalid DepDelay": 4}, "most name airports that no file of airports has: {\"invalid DepDelay\":4"},
		"as many have another fault":     {map[string]int64{"unknown origin airport": 4, "invalid DepDelay": 4}, "fix the file and upload it again"},
		"the filter's rows do not count": {map[string]int64{"unknown origin airport": 3, ReasonFiltered: 4}, "upload airports/airports.csv, or a newer one"},
		"none is an airport":             {map[string]int64{"invalid Carrier": 7}, "fix the file and upload it again"},
	} {
		m := Manifest{Dataset: string(Flights), Source: Source{Key: "daily-flights/date=2008-05-01/f.csv"}, RowsRead: 10, Reasons: test.reasons}
		for _, n := range test.reasons {
			m.RowsRejected += n
		}
		refused := TooManyRejects(m, 0.05)
		if refused == nil || refused.Code != RefusedRejects || !strings.Contains(refused.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, refused, test.want)
		}
	}
	if refused := TooManyRejects(Manifest{Dataset: string(Airports), RowsRead: 1, RowsRejected: 1, Reasons: map[string]int64{"invalid airport_id": 1}}, 0); refused == nil || !strings.Contains(refused.Fix, "fix the file") {
		t.Errorf("of airports: %v", refused)
	}
}
