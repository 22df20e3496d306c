package awsapi_test

import (
	"testing"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/internal/conformance"
)

// BenchmarkValidate validates the published machines without and with the index, parsing included.
func BenchmarkValidate(b *testing.B) {
	files := conformance.Files(b, "workflows/*.json")
	for _, with := range []string{"alone", "with the index"} {
		b.Run(with, func(b *testing.B) {
			for b.Loop() {
				for _, text := range files {
					d, err := ast.Parse(text)
					if err != nil {
						b.Fatal(err)
					}
					d.Validate()
					if with != "alone" {
						awsapi.Check(d, awsapi.Options{})
					}
				}
			}
		})
	}
}
