package etl_test

import (
	"flag"
	"os"
	"testing"

	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is generated: sql/contract.json")

// The contract that the Glue job reads is the one that is declared here.
func TestContractFileIsGenerated(t *testing.T) {
	want, err := etl.ContractJSON()
	if err != nil {
		t.Fatal(err)
	}
	const file = "sql/" + etl.ContractFile
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what the contract says; run go test ./etl -update (-want +got):\n%s", file, diff)
	}
}
