package region

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The table is the SDK's: no region is missing, and none is of another partition or domain.
func TestPartitionsAreTheSDKs(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "endpoints", "awsrulesfn", "partitions.json"))
	if err != nil {
		t.Fatal(err)
	}
	var sdk struct {
		Partitions []struct {
			ID      string
			Outputs struct{ DNSSuffix string }
			Regions map[string]any
		}
	}
	if err := json.Unmarshal(text, &sdk); err != nil {
		t.Fatal(err)
	}
	if len(sdk.Partitions) != len(partitions) {
		t.Errorf("%d partitions, the SDK has %d", len(partitions), len(sdk.Partitions))
	}
	for _, want := range sdk.Partitions {
		known := 0
		for name := range want.Regions {
			if strings.HasSuffix(name, "-global") {
				if _, ok := PartitionOf(name); ok {
					t.Errorf("%s is no place to deploy to", name)
				}
				continue
			}
			p, ok := PartitionOf(name)
			if !ok || p.ID != want.ID || p.Domain != want.Outputs.DNSSuffix {
				t.Errorf("%s: %+v, %v; want %s with %s", name, p, ok, want.ID, want.Outputs.DNSSuffix)
			}
			known++
		}
		i := slices.IndexFunc(partitions, func(p Partition) bool { return p.ID == want.ID })
		if i >= 0 && len(partitions[i].regions) != known {
			t.Errorf("%s has %d regions, the SDK knows %d", want.ID, len(partitions[i].regions), known)
		}
	}
}

func TestMisspeltRegions(t *testing.T) {
	for name, want := range map[string]string{"eu-wset-1": "eu-west-1", "us-east1": "us-east-1", "eusc-de-east-2": "eusc-de-east-1", "mars": ""} {
		if _, ok := PartitionOf(name); ok {
			t.Errorf("%s is a region", name)
		}
		if got := Nearest(name); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
