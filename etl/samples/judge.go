package samples

import (
	"fmt"
	"slices"
	"strings"

	"airline/etl"
)

// Made is what an engine has made of a file.
type Made struct {
	Rows    []string // as File.Rows, in any order
	Rejects []Reject // in the order of their lines
	// Refused is the code of the refusal, and Message what was said; Rows and Rejects are then empty.
	Refused etl.RefusalCode
	Message string
}

// Judge tells how what an engine has made of the file differs from what must become of it, a line a difference; "" when it does not.
func (f File) Judge(made Made) string {
	var wrong []string
	differs := func(format string, values ...any) { wrong = append(wrong, fmt.Sprintf(format, values...)) }
	if made.Refused != f.Refused {
		differs("refused as %q, want %q: %s", made.Refused, f.Refused, made.Message)
	}
	if f.Refused != "" && made.Refused != "" {
		for _, text := range append(slices.Clone(f.Says), f.Key) {
			if !strings.Contains(made.Message, text) {
				differs("it does not say %q: %s", text, made.Message)
			}
		}
	}
	for _, row := range without(made.Rows, f.Rows) {
		differs("nobody expects the row %s", row)
	}
	for _, row := range without(f.Rows, made.Rows) {
		differs("the row %s is missing", row)
	}
	for _, r := range without(made.Rejects, f.Rejects) {
		differs("nobody expects the reject %.300q", fmt.Sprint(r))
	}
	for _, r := range without(f.Rejects, made.Rejects) {
		differs("the reject %.300q is missing", fmt.Sprint(r))
	}
	if !slices.IsSortedFunc(made.Rejects, func(a, b Reject) int { return int(a.Line - b.Line) }) {
		differs("the rejects are not in the order of their lines")
	}
	return strings.Join(wrong, "\n")
}

// without are the elements of a list that are left when each of another is taken out of it once.
func without[T comparable](list, other []T) (left []T) {
	times := map[T]int{}
	for _, x := range other {
		times[x]++
	}
	for _, x := range list {
		if times[x]--; times[x] < 0 {
			left = append(left, x)
		}
	}
	return left
}
