package serve_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

// TestMade sets up, in an empty world, what a machine sends to, by boto3 and the aws command line; kills the server, and goes on with the
// next one.
func TestMade(t *testing.T) { beforeAndAgain(t, "made.py") }

// TestChecksums has boto3 and the aws command line put objects with checksums and read them, from the next server too.
func TestChecksums(t *testing.T) { beforeAndAgain(t, "checksums.py") }

// TestFIFO has boto3 and the aws command line use FIFO queues and topics.
func TestFIFO(t *testing.T) { beforeAndAgain(t, "fifo.py") }

// beforeAndAgain runs a script in an empty world, and once more with the server that goes on when the first is killed.
func beforeAndAgain(t *testing.T, script string) {
	t.Helper()
	clients(t)
	dir := filepath.Join(t.TempDir(), "kept")
	var s *server
	for _, phase := range []string{"make", "again"} {
		s = start(t, "--no-stack", "--workdir", dir)
		var told told
		if err := json.Unmarshal([]byte(s.first), &told); err != nil {
			t.Fatalf("the first line is %s: %v", s.first, err)
		}
		operator := told.Profiles["operator"]
		python(t, nil, []string{
			"SERVE=" + s.first, "AWS_ENDPOINT_URL=" + told.Endpoint, "AWS_DEFAULT_REGION=" + told.Region,
			"AWS_ACCESS_KEY_ID=" + operator.ID, "AWS_SECRET_ACCESS_KEY=" + operator.Secret,
		}, script, phase)
		if phase == "make" {
			if err := s.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			for range s.events { // to its end
			}
			_ = s.cmd.Wait() // it was killed
		}
	}
	var closed struct {
		Problems []string
	}
	last := s.stop(t)
	if err := json.Unmarshal([]byte(last), &closed); err != nil || len(closed.Problems) > 0 {
		t.Errorf("the last line is %s (%v)", last, err)
	}
}
