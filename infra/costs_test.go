package infra

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"airline/local/cost"
)

// docs/costs.md counts what each stack has, and multiplies and adds rightly.
func TestCostsAreThoseOfTheStacks(t *testing.T) {
	text, err := os.ReadFile("../docs/costs.md")
	if err != nil {
		t.Fatal(err)
	}
	var stacks [2]map[string]cost.Line
	kinds := map[string]bool{}
	for i, stack := range []string{"dev", "prod"} {
		stacks[i] = map[string]cost.Line{}
		for _, line := range cost.Fixed(record(t, stack, false)) {
			stacks[i][line.What], kinds[line.What] = line, true
		}
	}
	sums, seen := [2]float64{}, 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if kinds[cells[0]] {
			seen++
			price, err := strconv.ParseFloat(cells[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			for i, stack := range []string{"dev", "prod"} {
				line := stacks[i][cells[0]]
				sums[i] += line.USD
				if want := fmt.Sprintf("%.2f", line.USD); cells[2+i] != strconv.Itoa(line.Count) || cells[4+i] != want || line.Count > 0 && line.Each != price {
					t.Errorf("%s of %s: %s for %s at %s, the stack has %d for %s at %.2f", cells[0], stack, cells[2+i], cells[4+i], cells[1], line.Count, want, line.Each)
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
	if seen != len(kinds)+1 {
		t.Errorf("%d lines were compared, want %d", seen, len(kinds)+1)
	}
}
