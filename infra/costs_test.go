package infra

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"airline/local/recorder"
)

// docs/costs.md counts what each stack has, and multiplies and adds rightly.
func TestCostsAreThoseOfTheStacks(t *testing.T) {
	text, err := os.ReadFile("../docs/costs.md")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]func(*recorder.Graph) int{
		"KMS keys":   func(g *recorder.Graph) int { return len(g.OfType("aws:kms/key:Key")) },
		"alarms":     func(g *recorder.Graph) int { return len(g.OfType("aws:cloudwatch/metricAlarm:MetricAlarm")) },
		"dashboards": func(g *recorder.Graph) int { return len(g.OfType("aws:cloudwatch/dashboard:Dashboard")) },
		"the administrator's secret": func(g *recorder.Graph) int {
			return len(g.OfType("aws:redshift/cluster:Cluster", "aws:redshiftserverless/namespace:Namespace"))
		},
		"nodes ra3.xlplus": func(g *recorder.Graph) int {
			nodes := 0.0
			for _, r := range g.OfType("aws:redshift/cluster:Cluster") {
				if r.String("nodeType") == "ra3.xlplus" {
					n, _ := r.Get("numberOfNodes")
					nodes, _ = n.(float64)
				}
			}
			return int(nodes)
		},
	}
	sums, seen := [2]float64{}, 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if of := count[cells[0]]; of != nil {
			seen++
			price, err := strconv.ParseFloat(cells[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			for i, stack := range []string{"dev", "prod"} {
				n := of(record(t, stack, false))
				sums[i] += float64(n) * price
				if want := fmt.Sprintf("%.2f", float64(n)*price); cells[2+i] != strconv.Itoa(n) || cells[4+i] != want {
					t.Errorf("%s of %s: %s for %s, the stack has %d for %s", cells[0], stack, cells[2+i], cells[4+i], n, want)
				}
			}
		}
		if cells[0] == "together" {
			for i := range sums {
				if want := fmt.Sprintf("%.2f", sums[i]); cells[4+i] != want {
					t.Errorf("together: %s, want %s", cells[4+i], want)
				}
			}
			seen++
		}
	}
	if seen != len(count)+1 {
		t.Errorf("%d lines were compared, want %d", seen, len(count)+1)
	}
}
