package provider

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"airline/infra"
)

// Variables that `make test-provider` sets: the folders of the binaries, the Python that has the emulator, and whether the
// command line fetches its plugins itself.
const (
	fetchVariable  = "AIRLINE_PROVIDER_FETCH"
	binVariable    = "AIRLINE_PROVIDER_BIN"
	pythonVariable = "AIRLINE_PROVIDER_PYTHON"
)

// root is the project's folder.
const root = "../.."

// deployment is a stack in a backend of its own, deployed to an emulator, which is its own unless it has neighbours.
type deployment struct {
	t        *testing.T
	dir      string
	stack    string
	endpoint string
	host     string
	// secrets are the lists that the stack's file holds encrypted, in clear, as JSON.
	secrets map[string]string
}

// newDeployment initializes the stack with settings changed; it is not deployed yet.
func newDeployment(t *testing.T, stack string, settings map[string]string) *deployment {
	t.Helper()
	if os.Getenv(binVariable) == "" || os.Getenv(pythonVariable) == "" {
		t.Skip("left out: make test-provider runs this with the Pulumi engine and an emulator of AWS")
	}
	return deploymentIn(t, emulate(t), stack, stack, settings)
}

// deploymentIn is a stack in the account of an emulator, with the settings of a stack's file and others.
func deploymentIn(t *testing.T, endpoint, stack, file string, settings map[string]string) *deployment {
	t.Helper()
	d := &deployment{t: t, dir: t.TempDir(), stack: stack, endpoint: endpoint, host: serve(t, infra.Program)}
	for from, to := range map[string]string{"Pulumi.yaml": "Pulumi.yaml", "Pulumi." + file + ".yaml": "Pulumi." + stack + ".yaml"} {
		text, err := os.ReadFile(filepath.Join(root, from))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d.dir, to), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, sub := range []string{"backend", "home"} {
		if err := os.Mkdir(filepath.Join(d.dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	d.pulumi("stack", "init", stack)
	// The emulator now and then answers a request with an error that a second attempt does not meet.
	d.set("aws:maxRetries", "5")
	for key, value := range settings {
		d.set(key, value)
	}
	return d
}

// pulumi runs the command line and returns what it printed; an error ends the test with it.
func (d *deployment) pulumi(args ...string) string {
	d.t.Helper()
	out, err := d.try(args...)
	if err != nil {
		d.t.Fatalf("pulumi %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (d *deployment) try(args ...string) (string, error) {
	first, _, _ := strings.Cut(os.Getenv(binVariable), string(os.PathListSeparator))
	c := exec.Command(filepath.Join(first, "pulumi"), append(args, "--non-interactive")...)
	c.Dir = d.dir
	c.Env = append(os.Environ(),
		"PATH="+os.Getenv(binVariable)+string(os.PathListSeparator)+os.Getenv("PATH"),
		"PULUMI_BACKEND_URL=file://"+filepath.Join(d.dir, "backend"),
		"PULUMI_CONFIG_PASSPHRASE=",
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"AWS_ENDPOINT_URL="+d.endpoint,
		"AWS_ACCESS_KEY_ID=test", "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true",
	)
	if os.Getenv(fetchVariable) == "" {
		c.Env = append(c.Env, "PULUMI_HOME="+filepath.Join(d.dir, "home"), "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true")
	}
	var out, problems bytes.Buffer
	c.Stdout, c.Stderr = &out, &problems
	start := time.Now()
	err := c.Run()
	if took := time.Since(start); took > 2*time.Second {
		used := c.ProcessState.UserTime() + c.ProcessState.SystemTime() // of the engine and its plugins
		d.t.Logf("pulumi %s: %.1f s, of the processor %.1f s", args[0], took.Seconds(), used.Seconds())
	}
	if err != nil {
		return out.String() + problems.String(), err
	}
	return out.String(), nil
}

// up deploys.
func (d *deployment) up() string {
	d.t.Helper()
	out, err := d.tryUp()
	if err != nil {
		d.t.Fatalf("pulumi up: %v\n%s", err, out)
	}
	return out
}

func (d *deployment) tryUp() (string, error) {
	return d.try("up", "--yes", "--skip-preview", "--client", d.host)
}

// step is what a preview would do to one resource.
type step struct {
	Op          string   `json:"op"`
	URN         string   `json:"urn"`
	DiffReasons []string `json:"diffReasons"`
}

// changes previews and returns the steps that change something.
func (d *deployment) changes() []step {
	d.t.Helper()
	changed, refused := d.preview()
	if refused != "" {
		d.t.Fatalf("the preview fails:\n%s", refused)
	}
	return changed
}

// preview returns the steps that would change something, or with what the engine ends when it refuses.
func (d *deployment) preview() (changed []step, refused string) {
	d.t.Helper()
	var preview struct {
		Steps       []step `json:"steps"`
		Diagnostics []struct{ Message, Severity string }
	}
	out, err := d.try("preview", "--json", "--client", d.host)
	if parsed := json.NewDecoder(strings.NewReader(out)).Decode(&preview); parsed != nil {
		if err != nil {
			return nil, out
		}
		d.t.Fatalf("reading the preview: %v\n%s", parsed, out)
	}
	for _, s := range preview.Steps {
		// A step of a replacement stands for all three. Providers and what is only looked up hold nothing.
		if s.Op != "same" && s.Op != "read" && s.Op != "create-replacement" && s.Op != "delete-replaced" && !strings.Contains(s.URN, "pulumi:providers:") {
			changed = append(changed, s)
		}
	}
	if err != nil {
		for _, problem := range preview.Diagnostics {
			if problem.Severity == "error" {
				refused += problem.Message + "\n"
			}
		}
		refused += out
	}
	return changed, refused
}

// resource is a resource in the stack's state.
type resource struct {
	URN            string         `json:"urn"`
	Type           string         `json:"type"`
	ID             string         `json:"id"`
	Parent         string         `json:"parent"`
	Custom         bool           `json:"custom"`
	Protect        bool           `json:"protect"`
	RetainOnDelete bool           `json:"retainOnDelete"`
	Dependencies   []string       `json:"dependencies"`
	Inputs         map[string]any `json:"inputs"`
	Outputs        map[string]any `json:"outputs"`
}

// state is what the stack has deployed.
func (d *deployment) state(args ...string) []resource {
	d.t.Helper()
	var state struct {
		Deployment struct {
			Resources []resource `json:"resources"`
		} `json:"deployment"`
	}
	if err := json.Unmarshal([]byte(d.pulumi(append([]string{"stack", "export"}, args...)...)), &state); err != nil {
		d.t.Fatal(err)
	}
	return state.Deployment.Resources
}
