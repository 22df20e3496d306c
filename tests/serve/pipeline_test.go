package serve_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"airline/tests/binary"
)

// data is where the real days lie.
const data = "../../../shared/data"

// server is a running airline serve --json.
type server struct {
	first  string
	events chan string
	cmd    *exec.Cmd
}

// folder is for what all tests share.
var folder string

func TestMain(m *testing.M) {
	if port := os.Getenv("AIRLINE_PLAIN"); port != "" {
		panic(servePlain(port))
	}
	var err error
	if folder, err = os.MkdirTemp("", "airline-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// built is the program, made once for all tests.
var built = sync.OnceValues(func() (string, error) {
	file := filepath.Join(folder, "airline")
	return file, binary.Build(file)
})

// command is airline serve with arguments.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return exec.Command(program, append([]string{"serve", "--json", "--port", "0", "--warehouse-port", "0", "--project", "../.."}, args...)...)
}

func start(t *testing.T, args ...string) *server {
	t.Helper()
	cmd := command(t, args...)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &server{events: make(chan string, 10_000), cmd: cmd}
	go func() {
		defer close(s.events)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			s.events <- lines.Text()
		}
	}()
	t.Cleanup(func() { cmd.Process.Kill() }) // it has ended, unless the test failed
	var ok bool
	if s.first, ok = <-s.events; !ok {
		t.Fatalf("it has printed nothing but %s", problems.String())
	}
	return s
}

// stop ends the server by SIGTERM, and gives the last line that it prints.
func (s *server) stop(t *testing.T) (last string) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(time.Minute, func() { s.cmd.Process.Kill() })
	defer kill.Stop()
	for line := range s.events {
		last = line
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
	return last
}

func TestPipelineByItsUsersClients(t *testing.T) {
	clients(t)
	if _, err := os.Stat(filepath.Join(filepath.FromSlash(data), "airports.csv")); errors.Is(err, os.ErrNotExist) {
		t.Skipf("LEFT OUT: the pipeline with real days, which are not at %s", data)
	}
	s := start(t)
	var told struct {
		Endpoint string
		Region   string
		Profiles map[string]struct {
			ID     string `json:"aws_access_key_id"`
			Secret string `json:"aws_secret_access_key"`
		}
	}
	if err := json.Unmarshal([]byte(s.first), &told); err != nil {
		t.Fatalf("the first line is %s: %v", s.first, err)
	}
	operator := told.Profiles["operator"]
	python(t, nil, []string{
		"SERVE=" + s.first, "AWS_ENDPOINT_URL=" + told.Endpoint, "AWS_DEFAULT_REGION=" + told.Region,
		"AWS_ACCESS_KEY_ID=" + operator.ID, "AWS_SECRET_ACCESS_KEY=" + operator.Secret,
	}, "pipeline.py", filepath.FromSlash(data))
	var closed struct {
		Event          string
		Requests       int
		NotImplemented map[string]int
		Problems       []string
	}
	last := s.stop(t)
	if err := json.Unmarshal([]byte(last), &closed); err != nil || closed.Event != "Closed" || closed.Requests < 50 || len(closed.Problems) > 0 || closed.NotImplemented["s3:GetBucketInventoryConfiguration"] != 1 {
		t.Errorf("the last line is %s (%v)", last, err)
	}
}
