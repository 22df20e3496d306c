package grants

import (
	"slices"
	"testing"
)

// TestCovering holds the roles to what they need: a resource is left out only where another one means all of it.
func TestCovering(t *testing.T) {
	for _, c := range []struct{ resources, want []string }{
		{[]string{"arn:aws:s3:::a?", "arn:aws:s3:::a*"}, []string{"arn:aws:s3:::a*"}},
		{[]string{"arn:aws:s3:::a?b", "arn:aws:s3:::a*b"}, []string{"arn:aws:s3:::a*b"}},
		{[]string{"arn:aws:s3:::?", "arn:aws:s3:::*"}, []string{"arn:aws:s3:::*"}},
		{[]string{"arn:aws:s3:::b", "arn:aws:s3:::b/*"}, []string{"arn:aws:s3:::b", "arn:aws:s3:::b/*"}},
		{[]string{"arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:eu-west-1:*:q"}, []string{"arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:eu-west-1:*:q"}},
		{[]string{"*", "arn:aws:s3:::b"}, []string{"*"}},
		{[]string{"${Topic}", "arn:aws:sns:*:*:t"}, []string{"${Topic}", "arn:aws:sns:*:*:t"}},
		{[]string{"arn:aws:s3:::a**", "arn:aws:s3:::a*"}, []string{"arn:aws:s3:::a*"}},
	} {
		set := map[string]bool{}
		for _, r := range c.resources {
			set[r] = true
		}
		got := covering(set)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v, want %v", c.resources, got, c.want)
		}
	}
}
