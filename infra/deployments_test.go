package infra

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"gopkg.in/yaml.v3"
)

// The settings of Pulumi Deployments are read as Pulumi's CLI reads them; a key it does not know is an error.
func TestDeploymentSettings(t *testing.T) {
	for _, stack := range []string{"dev", "prod"} {
		t.Run(stack, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "Pulumi."+stack+".deploy.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			var file struct {
				Settings apitype.DeploymentSettings `yaml:"settings"`
			}
			d := yaml.NewDecoder(bytes.NewReader(text))
			d.KnownFields(true)
			if err := d.Decode(&file); err != nil {
				t.Fatal(err)
			}
			s := file.Settings
			// A preview that Pulumi starts by itself would take the role that may write.
			if s.GitHub == nil || s.GitHub.PreviewPullRequests || !s.GitHub.DeployCommits {
				t.Errorf("pull requests are previewed with the deployer's role, or merges not deployed: %+v", s.GitHub)
			}
			for _, path := range s.GitHub.Paths {
				found, err := filepath.Glob(filepath.Join("..", strings.TrimSuffix(path, "/**")))
				if err != nil || len(found) == 0 {
					t.Errorf("the path filter %s matches nothing (%v)", path, err)
				}
			}
			for _, dir := range sources(t) {
				if !slices.Contains(s.GitHub.Paths, dir+"/**") {
					t.Errorf("a change below %s starts nothing, and the program or the policy pack is made of it", dir)
				}
			}
			// The variable stands for an option of the command line; the pack must be there, and be built first.
			pack := s.Operation.EnvironmentVariables["PULUMI_OPTION_POLICY_PACK"].Value
			text, err = os.ReadFile(filepath.Join("..", pack, "PulumiPolicy.yaml"))
			if err != nil || pack == "" {
				t.Fatalf("the policy pack is %q: %v", pack, err)
			}
			var packFile struct {
				Runtime struct{ Options struct{ Binary string } }
			}
			if err := yaml.Unmarshal(text, &packFile); err != nil {
				t.Fatal(err)
			}
			build := "go build -C " + pack + " -o " + packFile.Runtime.Options.Binary + " ."
			if !slices.Contains(s.Operation.PreRunCommands, build) {
				t.Errorf("the pack is not built by %q: %v", build, s.Operation.PreRunCommands)
			}
			aws := s.Operation.OIDC.AWS
			if !strings.HasSuffix(aws.RoleARN, ":role/airline-"+stack+"-deployer") || time.Duration(aws.Duration) > time.Hour {
				t.Errorf("credentials: %+v", aws)
			}
		})
	}
}

// sources are the folders at the top that the program and the policy pack are compiled from.
func sources(t *testing.T) []string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "..", "../policy")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("%v: %v", list, err)
	}
	var dirs []string
	for _, path := range strings.Fields(string(out)) {
		if inside, ok := strings.CutPrefix(path, "airline/"); ok {
			dir, _, _ := strings.Cut(inside, "/")
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	if !slices.Contains(dirs, "infra") || !slices.Contains(dirs, "policy") {
		t.Fatalf("%v: the program and the pack are not among %v", list, dirs)
	}
	return dirs
}
