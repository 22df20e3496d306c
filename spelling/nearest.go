// Package spelling finds what a misspelt name was meant to be.
package spelling

import (
	"strings"

	"github.com/agext/levenshtein"
)

// Nearest is the known name that needs the fewest changes, whatever its case; "" when it needs too many to be meant.
func Nearest(name string, known []string) string {
	best, fewest := "", len(name)/3+2
	for _, k := range known {
		if d := levenshtein.Distance(strings.ToLower(name), strings.ToLower(k), nil); d < fewest {
			best, fewest = k, d
		}
	}
	return best
}
