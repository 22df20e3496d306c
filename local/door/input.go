package door

import "strconv"

// Given is an input, or an empty one for none: the SDK's clients take nil where every member is optional.
func Given[T any](in *T) *T {
	if in == nil {
		return new(T)
	}
	return in
}

// PageSize is how many items a page has: as many as are asked for, but most at the most, and otherwise without a wish.
func PageSize(asked *int32, otherwise, most int) int {
	if asked == nil || *asked <= 0 {
		return otherwise
	}
	return min(int(*asked), most)
}

// Page cuts a page of at most size out of a list that a call answers in pages. The token is the index at which the next page begins; next
// is nil on the last page. A token that no page has given is not ok: each API has its own error for it.
func Page[T any](list []T, token *string, size int) (page []T, next *string, ok bool) {
	from := 0
	if token != nil {
		var err error
		if from, err = strconv.Atoi(*token); err != nil || from < 0 || from > len(list) {
			return nil, nil, false
		}
	}
	if len(list)-from <= size {
		return list[from:], nil, true
	}
	token = new(string)
	*token = strconv.Itoa(from + size)
	return list[from : from+size], token, true
}
