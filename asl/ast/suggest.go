package ast

import (
	"fmt"
	"strings"

	"airline/asl/intrinsic"
)

// suggest is a fix for an unknown name: the nearest known one when it is near.
func suggest(name string, known []string) string {
	if best := Nearest(name, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	return "remove it or correct its spelling"
}

// suggestFunction is a fix for the name of an intrinsic function that there is not.
func suggestFunction(name string) string {
	if best := Nearest(name, intrinsic.Names()); best != "" {
		return "did you mean " + best + "?"
	}
	return "there are " + strings.Join(intrinsic.Names(), ", ")
}

// Nearest is the known name that is near enough to be meant, whatever the case; "" for none.
func Nearest(name string, known []string) string {
	best, fewest := "", len(name)/3+2
	for _, k := range known {
		if strings.EqualFold(k, strings.ReplaceAll(name, " ", "")) {
			return k
		}
		if d := distance(name, k, fewest); d < fewest {
			best, fewest = k, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two names in bytes, or limit when it
// is not below.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 200 {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next := min(row[j+1]+1, row[j]+1, diagonal+cost)
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return min(row[len(b)], limit)
}
