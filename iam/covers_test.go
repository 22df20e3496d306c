package iam

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		wide, narrow string
		want         bool
	}{
		{"*", "a*", true}, {"a*", "a?", true}, {"a?", "a*", false}, {"a?", "ab", true}, {"a?", "a?", true}, {"a?*", "a*", false},
		{"a*", "a?*", true}, {"a*b*", "a?b", true}, {"a*b", "a*", false}, {"*a*", "*a", true}, {"**", "*", true}, {"*", "**", true},
		{"?*?", "??*", true}, {"??*", "?*", false}, {"a*c", "ab*bc", true}, {"a*c", "a*b?c", true}, {"a*bc", "a*c", false},
		{"", "*", false}, {"", "", true}, {"é?", "éà", true}, {"*?", "?*", true}, {"s3:Get*", "s3:GetObject", true},
	} {
		if got := Covers(c.wide, c.narrow); got != c.want {
			t.Errorf("%q covers %q: got %v", c.wide, c.narrow, got)
		}
	}
}

// TestCoversEverySample compares with all short texts: whatever fits the narrow pattern fits the wide one, and where it is said
// not to cover, some text shows it.
func TestCoversEverySample(t *testing.T) {
	samples := []string{""}
	for from := 0; from < len(samples); from++ { // all of up to seven of a, b and x, which no pattern names
		for _, c := range "abx" {
			if len(samples[from]) < 7 {
				samples = append(samples, samples[from]+string(c))
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	pattern := func() string {
		var b strings.Builder
		for range random.IntN(5) {
			b.WriteByte("ab*?*"[random.IntN(5)])
		}
		return b.String()
	}
	for range 3000 {
		wide, narrow := pattern(), pattern()
		want := true
		for _, s := range samples {
			if Like(narrow, s) && !Like(wide, s) {
				want = false
				break
			}
		}
		if got := Covers(wide, narrow); got != want {
			t.Fatalf("%q covers %q: got %v, texts of up to seven characters say %v", wide, narrow, got, want)
		}
	}
}

func TestCoversARN(t *testing.T) {
	for _, c := range []struct {
		wide, narrow string
		want         bool
	}{
		{"*", "arn:aws:s3:::a/*", true},
		{"arn:aws:s3:::a/*", "*", false},
		{"arn:aws:s3:::a*", "arn:aws:s3:::a/b:c", true},
		{"arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", false},
		{"arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:*:q?", true},
		{"arn:aws:sqs:eu-west-1:1*:q", "arn:aws:sqs:eu-west-1:*:q", false},
		{"arn:aws:s3:::a/?", "arn:aws:s3:::a/*", false},
		{"arn:aws:sqs:${AWS::Region}:*:q", "arn:aws:sqs:${AWS::Region}:111122223333:q", true},
		{"${Topic}", "${Topic}", true},
		{"arn:aws:s3:::a", "${Bucket}", false},
	} {
		if got := CoversARN(c.wide, c.narrow); got != c.want {
			t.Errorf("%s covers %s: got %v", c.wide, c.narrow, got)
		}
	}
}

func TestLikeARN(t *testing.T) {
	for _, c := range []struct {
		pattern, arn string
		want         bool
	}{
		{"*", "arn:aws:s3:::a", true},
		{"*", "*", true},
		{"arn:aws:s3:::*", "*", false},
		{"arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", false}, // no wildcard crosses a colon
		{"arn:aws:sqs:*:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", true},
		{"arn:aws:s3*", "arn:aws:s3:::a/b", true}, // but at the end
		{"arn:aws:ec2:*", "arn:aws:ec2:eu-west-1:111122223333:vpc/v", true},
		{"arn:aws:logs:*:*:log-group:a*", "arn:aws:logs:eu-west-1:111122223333:log-group:a:log-stream:b", true},
		{"arn:aws:s3:::raw/20??/*", "arn:aws:s3:::raw/2024/x:y", true},
		{"arn:aws:s3:::raw/é?", "arn:aws:s3:::raw/éà", true},
		{"arn:aws:s3:::raw/*?z", "arn:aws:s3:::raw/àz", true},
	} {
		if got := LikeARN(c.pattern, c.arn); got != c.want {
			t.Errorf("%s, %s: got %v", c.pattern, c.arn, got)
		}
	}
}
