package catalog

import "strings"

// splitARN splits at the colons that are not in a ${Placeholder::Name}.
func SplitARN(arn string, n int) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(arn) && len(parts) < n-1; i++ {
		switch {
		case strings.HasPrefix(arn[i:], "${"):
			depth++
		case arn[i] == '}' && depth > 0:
			depth--
		case arn[i] == ':' && depth == 0:
			parts = append(parts, arn[start:i])
			start = i + 1
		}
	}
	return append(parts, arn[start:])
}
