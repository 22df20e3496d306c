package provider

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// emulate starts the AWS emulator and returns its address. Another program may take the port that was free a moment before:
// then the emulator ends at once, and another port is tried.
func emulate(t *testing.T) string {
	t.Helper()
	var said string
	for range 5 {
		endpoint, text := startEmulator(t)
		if endpoint != "" {
			return endpoint
		}
		said = text
	}
	t.Fatalf("the emulator does not answer:\n%s", said)
	return ""
}

// startEmulator starts the emulator on a free port. The address is empty when it ended or did not answer: then its log says
// why.
func startEmulator(t *testing.T) (endpoint, log string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()

	file, err := os.Create(filepath.Join(t.TempDir(), "emulator.log"))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Getenv(pythonVariable), "emulator.py", "-H", "127.0.0.1", "-p", fmt.Sprint(port))
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
	endpoint = fmt.Sprintf("http://127.0.0.1:%d", port)
	for deadline := time.After(2 * time.Minute); ; {
		select {
		case <-ended:
			text, _ := os.ReadFile(file.Name())
			return "", string(text)
		case <-deadline:
			text, _ := os.ReadFile(file.Name())
			return "", string(text)
		case <-time.After(200 * time.Millisecond):
		}
		// Another program's server may answer on a port that the emulator could not have.
		if answer, err := http.Get(endpoint + "/moto-api/"); err == nil {
			answer.Body.Close()
			select {
			case <-ended:
			default:
				return endpoint, ""
			}
		}
	}
}
