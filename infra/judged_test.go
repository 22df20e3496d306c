package infra

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	policies "airline/policy/recorded"
	"airline/policy/rules"
)

// chosen are rules that a shape breaks by what it is told.
var chosen = map[string][]string{"given cluster": {"sfn-tracing"}} // trace is false

// No shape that these tests look at breaks a rule of the policy pack, neither in its first preview nor when all is known. The engine judges some
// of them: TestPolicyOfOurStack.
func TestNoShapeBreaksARule(t *testing.T) {
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(variants)), slices.Sorted(maps.Keys(adoptions))) {
		for _, preview := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s preview=%v", name, preview), func(t *testing.T) {
				report := rules.Judge(policies.Stack(record(t, name, preview), ".."), rules.DefaultSettings(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
				var broken []string
				for _, f := range report.Findings {
					if slices.Contains(chosen[name], f.Rule.ID) {
						broken = append(broken, f.Rule.ID)
						continue
					}
					// Of what others keep nobody can tell.
					if _, own := variants[name]; f.Verdict == rules.Violation || own && !preview {
						t.Errorf("%s: %s", f.Rule.ID, f)
					}
				}
				if got := slices.Compact(slices.Sorted(slices.Values(broken))); !slices.Equal(got, chosen[name]) {
					t.Errorf("broken by choice: %v, want %v", got, chosen[name])
				}
				if report.Judged < 100 {
					t.Errorf("%d resources were judged", report.Judged)
				}
			})
		}
	}
}
