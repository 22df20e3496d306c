package events

import (
	"testing"

	"airline/asl/jsonvalue"
)

// BenchmarkMatch matches an S3 event with the pattern of an upload rule, and one that looks into arrays.
func BenchmarkMatch(b *testing.B) {
	event := decode(b, sample).(*jsonvalue.Object)
	for name, pattern := range map[string]string{
		"upload": `{"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"bucket": {"name": ["raw"]}, "object": {"key": [{"wildcard": "daily-flights/*.csv"}]}}}`,
		"arrays": `{"detail": {"items": {"a": [2], "b": ["y"]}, "errorCode": [{"exists": false}]}}`,
	} {
		b.Run(name, func(b *testing.B) {
			p, err := ParsePattern(pattern)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if !p.Match(event) {
					b.Fatal("no match")
				}
			}
		})
	}
}
