// Package spelling finds what a misspelt name was meant to be.
package spelling

import (
	"strings"

	"github.com/agext/levenshtein"
)

// Nearest is the known name that the name begins, or else the one that needs the fewest changes, whatever the case; "" when
// it needs too many to be meant.
func Nearest(name string, known []string) string {
	lower := strings.ToLower(name)
	best, fewest := "", len(name)/3+2
	for _, k := range known {
		if len(name) > 3 && strings.HasPrefix(strings.ToLower(k), lower) {
			return k
		}
		if d := levenshtein.Distance(lower, strings.ToLower(k), nil); d < fewest {
			best, fewest = k, d
		}
	}
	return best
}
