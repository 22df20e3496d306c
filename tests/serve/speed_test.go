package serve_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
)

// peer is a server whose speed is measured.
type peer struct {
	name   string
	config aws.Config
	bucket string // to put objects into; "" without
	pid    int
}

// peers is a virtual environment with moto's server and MiniStack.
func peers(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("AIRLINE_PEERS")
	if folder == "" {
		t.Skip("compared by make bench-serve (Python 3)")
	}
	return folder
}

func motoServer(folder string) func(port string) *exec.Cmd {
	return func(port string) *exec.Cmd {
		return exec.Command(filepath.Join(folder, "bin", "moto_server"), "-H", "127.0.0.1", "-p", port)
	}
}

func miniStack(folder string) func(port string) *exec.Cmd {
	return func(port string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(folder, "bin", "ministack"))
		cmd.Env = append(os.Environ(), "GATEWAY_PORT="+port, "PERSIST_STATE=0")
		return cmd
	}
}

// servePlain answers every request with nothing, having read it: the least that a server in Go does.
func servePlain(port string) error {
	return http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Length", "0")
	}))
}

func plainServer(port string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "AIRLINE_PLAIN="+port)
	return cmd
}

// TestSpeed measures airline serve beside moto's server and MiniStack, with the same client.
func TestSpeed(t *testing.T) {
	folder := peers(t)
	var table strings.Builder
	fmt.Fprintf(&table, "| requests a second, and of the server's processor time | StartExecution | | PutObject 1 KB | |\n|---|---|---|---|---|\n")
	show := func(p peer, of func(peer) (executions, objects measured)) {
		executions, objects := of(p)
		a, b := executions.rates()
		c, d := objects.rates()
		fmt.Fprintf(&table, "| %s | %s | %s | %s | %s |\n", p.name, rate(a), rate(b), rate(c), rate(d))
		t.Logf("%s: the client's part of the processors is %.2f and %.2f", p.name, executions.clientPart(), objects.clientPart())
	}
	both := func(p peer) (measured, measured) { return p.starts(t), p.puts(t) }
	plain := theirs(t, "net/http that only reads", plainServer)
	puts := plain.puts(t)
	show(plain, func(peer) (measured, measured) { return puts, puts })

	machines := ours(t, "airline serve --no-stack", "--no-stack")
	objects := ours(t, "airline serve")
	show(peer{name: "airline serve"}, func(peer) (measured, measured) { return machines.starts(t), objects.puts(t) })
	keptMachines := ours(t, "", "--no-stack", "--workdir", filepath.Join(t.TempDir(), "a"))
	keptObjects := ours(t, "", "--workdir", filepath.Join(t.TempDir(), "b"))
	show(peer{name: "airline serve --workdir"}, func(peer) (measured, measured) { return keptMachines.starts(t), keptObjects.puts(t) })
	show(theirs(t, "moto server", motoServer(folder)), both)
	show(theirs(t, "MiniStack", miniStack(folder)), both)
	t.Logf("\n%s", &table)
	t.Logf("\n%s", objects.large(t))
}

func rate(n float64) string { return strconv.FormatFloat(n, 'f', 0, 64) }

// config is how the SDK is told to use a server.
func config(endpoint, region, id, secret string) aws.Config {
	return aws.Config{Region: region, BaseEndpoint: &endpoint, RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
		HTTPClient: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
}

// ours is airline serve.
func ours(t *testing.T, name string, args ...string) peer {
	t.Helper()
	s := start(t, args...)
	var told told
	if err := json.Unmarshal([]byte(s.first), &told); err != nil {
		t.Fatal(err)
	}
	key := told.Profiles["operator"]
	p := peer{name: name, config: config(told.Endpoint, told.Region, key.ID, key.Secret), bucket: told.RawBucket, pid: s.cmd.Process.Pid}
	go func() {
		for range s.events {
		}
	}()
	t.Cleanup(func() { s.cmd.Process.Kill() })
	return p
}

// theirs is a server of others.
func theirs(t *testing.T, name string, command func(port string) *exec.Cmd) peer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	l.Close()
	cmd := command(port)
	cmd.Dir = t.TempDir()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	p := peer{name: name, config: config("http://"+address, "us-east-1", "test", "test"), bucket: "bench", pid: cmd.Process.Pid}
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		if _, err = p.s3().CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &p.bucket}); err == nil {
			return p
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("%s does not answer: %v", name, err)
		}
	}
}

func (p peer) s3() *s3.Client {
	return s3.NewFromConfig(p.config, func(o *s3.Options) { o.UsePathStyle = true })
}

// starts starts executions of a machine of three states.
func (p peer) starts(t *testing.T) measured {
	t.Helper()
	made, err := sfn.NewFromConfig(p.config).CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{Name: aws.String("three"), RoleArn: aws.String("arn:aws:iam::123456789012:role/any"),
		Definition: aws.String(`{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Succeed"}}}`)})
	if err != nil {
		t.Fatalf("%s: %v", p.name, err)
	}
	body := fmt.Appendf(nil, `{"stateMachineArn": %q, "input": "{\"a\": 1}"}`, *made.StateMachineArn) // each gets a name of its own
	return p.measure(t, [][]byte{p.signed(t, "states", http.MethodPost, "/", map[string]string{
		"X-Amz-Target": "AWSStepFunctions.StartExecution", "Content-Type": "application/x-amz-json-1.0",
	}, body)})
}

// puts writes objects of a kilobyte under a thousand keys, with the checksum that today's clients send.
func (p peer) puts(t *testing.T) measured {
	t.Helper()
	body := bytes.Repeat([]byte("k"), 1024)
	sum := base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
	var requests [][]byte
	for n := range 1000 {
		requests = append(requests, p.signed(t, "s3", http.MethodPut, fmt.Sprintf("/%s/bench/%d?x-id=PutObject", p.bucket, n), map[string]string{
			"Content-Type": "application/octet-stream", "X-Amz-Checksum-Crc32": sum, "X-Amz-Sdk-Checksum-Algorithm": "CRC32",
		}, body))
	}
	return p.measure(t, requests)
}

// large compares a gigabyte up and down with what net/http writes to and reads from a file.
func (p peer) large(t *testing.T) string {
	t.Helper()
	const size = 1 << 30
	dir := t.TempDir()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			http.ServeFile(w, r, filepath.Join(dir, "file"))
			return
		}
		f, err := os.Create(filepath.Join(dir, "file"))
		if err == nil {
			_, err = io.Copy(f, r.Body)
			f.Close()
		}
		if err != nil {
			http.Error(w, err.Error(), 500)
		}
	}))
	defer plain.Close()
	url := *p.config.BaseEndpoint + "/" + p.bucket + "/bench/large"
	sign := func(r *http.Request) {
		key, err := p.config.Credentials.Retrieve(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
		if err := v4.NewSigner().SignHTTP(t.Context(), key, r, "UNSIGNED-PAYLOAD", "s3", p.config.Region, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	do := func(method, url string, sign func(*http.Request)) float64 {
		var body io.Reader
		if method == http.MethodPut {
			body = io.LimitReader(zeros{}, size)
		}
		r, err := http.NewRequestWithContext(t.Context(), method, url, body)
		if err != nil {
			t.Fatal(err)
		}
		if method == http.MethodPut {
			r.ContentLength = size
		}
		sign(r)
		begun := time.Now()
		out, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, out.Body)
		out.Body.Close()
		if err != nil || out.StatusCode != 200 || method == http.MethodGet && n != size {
			t.Fatalf("%s %s: %s, %d bytes, %v", method, url, out.Status, n, err)
		}
		return size / time.Since(begun).Seconds() / (1 << 20)
	}
	unsigned := func(*http.Request) {}
	return fmt.Sprintf("| %-24s | %8s | %8s |\n|---|---|---|\n| %-24s | %8s | %8s |\n| %-24s | %8s | %8s |\n", "MiB a second, 1 GiB", "PUT", "GET",
		"airline serve", rate(do(http.MethodPut, url, sign)), rate(do(http.MethodGet, url, sign)),
		"net/http and a file", rate(do(http.MethodPut, plain.URL, unsigned)), rate(do(http.MethodGet, plain.URL, unsigned)))
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }
