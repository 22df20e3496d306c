package provider

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"time"
)

// listens is what the emulator prints when it has its port.
var listens = regexp.MustCompile(`Running on (http://127\.0\.0\.1:\d+)`)

// emulate starts the AWS emulator and returns its address. The emulator takes a free port by itself, so no other program can
// have taken it in between.
func emulate(t *testing.T) string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "emulator.log"))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Getenv(pythonVariable), "emulator.py", "-H", "127.0.0.1", "-p", "0")
	c.Stdout, c.Stderr = file, file
	if err := c.Start(); err != nil {
		t.Fatalf("starting the emulator: %v", err)
	}
	ended := make(chan struct{})
	go func() {
		c.Wait() //nolint:errcheck // the log says it
		close(ended)
	}()
	t.Cleanup(func() {
		c.Process.Kill() //nolint:errcheck // it may have ended by itself
		<-ended
		file.Close()
	})
	said := func() string {
		text, err := os.ReadFile(file.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for deadline := time.After(3 * time.Minute); ; {
		select {
		case <-ended:
			t.Fatalf("the emulator has ended:\n%s", said())
		case <-deadline:
			t.Fatalf("the emulator does not answer:\n%s", said())
		case <-time.After(200 * time.Millisecond):
		}
		if m := listens.FindStringSubmatch(said()); m != nil {
			if answer, err := http.Get(m[1] + "/moto-api/"); err == nil {
				answer.Body.Close()
				return m[1]
			}
		}
	}
}
