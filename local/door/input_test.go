package door

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestPage(t *testing.T) {
	list := []int{1, 2, 3, 4, 5}
	for _, c := range []struct {
		token *string
		size  int
		want  []int
		next  *string
		ok    bool
	}{
		{nil, 5, list, nil, true},
		{nil, 2, []int{1, 2}, aws.String("2"), true},
		{aws.String("2"), 2, []int{3, 4}, aws.String("4"), true},
		{aws.String("4"), 2, []int{5}, nil, true},
		{aws.String("5"), 2, nil, nil, true},
		{aws.String("6"), 2, nil, nil, false},
		{aws.String("-1"), 2, nil, nil, false},
		{aws.String(""), 2, nil, nil, false},
	} {
		page, next, ok := Page(list, c.token, c.size)
		if !slices.Equal(page, c.want) || aws.ToString(next) != aws.ToString(c.next) || (next == nil) != (c.next == nil) || ok != c.ok {
			t.Errorf("token %q, size %d: got %v, %q, %v", aws.ToString(c.token), c.size, page, aws.ToString(next), ok)
		}
	}
}
