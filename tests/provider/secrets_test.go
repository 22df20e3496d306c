package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// marker is what no output may show.
const marker = "hunter2"

// secretSettings are the settings that may hold a secret, with such values.
func secretSettings() map[string]string {
	return map[string]string{
		"webhooks[0]": "https://user:" + marker + "@example.com/hook?token=" + marker,
		"emails[0]":   marker + "@example.com",
		"queues[0]":   "arn:aws:sqs:" + region + ":" + accountID + ":" + marker,
	}
}

// A secret in any setting is in no preview and no log: where it may stand it stays secret, and where AWS would show it, in
// names, tags and definitions, it is refused without being told.
func TestSecretsOfAPreview(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, "dev", nil)
	for key, value := range secretSettings() {
		d.secret(key, value)
	}
	for _, form := range []string{"--diff", "--json"} {
		out, err := d.try("preview", form, "--client", d.host)
		if err != nil {
			t.Errorf("pulumi preview %s: %v\n%s", form, err, out)
		}
		d.noMarker("preview "+form, out)
	}
	d = newDeployment(t, "dev", nil)
	for key, declared := range settingsOfTheProject(t) {
		switch declared.Type {
		case "string":
			d.secret(key, marker+" is wrong!")
		case "array":
			d.secret(key+"[0]", marker+" is wrong!")
		} // of other types the engine itself refuses a text, and stops there
	}
	out, err := d.try("preview", "--diff", "--client", d.host)
	if err == nil {
		t.Errorf("settings that are all wrong are accepted:\n%s", out)
	}
	d.noMarker("a preview of settings that are all wrong", out)
}

// secretsStay expects that a deployed stack's secrets are in no export and no file of the backend.
func (d *deployment) secretsStay() {
	d.t.Helper()
	d.noMarker("the export", d.pulumi("stack", "export"))
	err := filepath.WalkDir(filepath.Join(d.dir, "backend"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		d.noMarker("the backend's "+entry.Name(), string(text))
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *deployment) noMarker(where, text string) {
	d.t.Helper()
	if at := strings.Index(text, marker); at >= 0 {
		d.t.Errorf("%s shows a secret: ...%s...", where, text[max(0, at-200):min(len(text), at+100)])
	}
}
