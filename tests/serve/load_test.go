package serve_test

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// callers is how many call at the same time, each on a connection that it keeps, and during how long they are counted.
const (
	callers = 8
	during  = 4 * time.Second
)

// measured is how many requests were answered, in how much wall time, and for how much time of which side's processors.
type measured struct {
	requests       int64
	wall           time.Duration
	server, client time.Duration
}

// rates are requests a second: of the clock on the wall, and of the server's processors. The latter is what does not change with
// the other work of the machine.
func (m measured) rates() (wall, processor float64) {
	return float64(m.requests) / m.wall.Seconds(), float64(m.requests) / m.server.Seconds()
}

// clientPart is the client's part of the time that processors worked for both sides.
func (m measured) clientPart() float64 { return float64(m.client) / float64(m.client+m.server) }

// measure sends requests again and again until the time is over, after a while that is not counted. They are bytes that were signed
// before: a client that signs and decodes would take most of the two processors that it shares with the server.
func (p peer) measure(t *testing.T, requests [][]byte) measured {
	t.Helper()
	at, err := url.Parse(*p.config.BaseEndpoint)
	if err != nil {
		t.Fatal(err)
	}
	var next, answered atomic.Int64
	var all sync.WaitGroup
	stop := make(chan struct{})
	for range callers {
		all.Go(func() {
			c := &connection{address: at.Host}
			defer c.close()
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := c.call(requests[next.Add(1)%int64(len(requests))]); err != nil {
					t.Errorf("%s: %v", p.name, err)
					return
				}
				answered.Add(1)
			}
		})
	}
	look := func() measured {
		return measured{answered.Load(), time.Duration(time.Now().UnixNano()), p.processors(t), ownProcessors()}
	}
	time.Sleep(time.Second)
	before := look()
	time.Sleep(during)
	after := look()
	close(stop)
	all.Wait()
	return measured{after.requests - before.requests, after.wall - before.wall, after.server - before.server, after.client - before.client}
}

// signed is a request as bytes.
func (p peer) signed(t *testing.T, service, method, path string, header map[string]string, body []byte) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, *p.config.BaseEndpoint+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	if service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	key, err := p.config.Credentials.Retrieve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := v4.NewSigner().SignHTTP(t.Context(), key, r, hash, service, p.config.Region, time.Now()); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := r.Write(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// connection is a kept connection.
type connection struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
}

func (c *connection) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// call sends a request and reads its answer, which must be a success.
func (c *connection) call(request []byte) (err error) {
	if c.conn == nil {
		if c.conn, err = net.Dial("tcp", c.address); err != nil {
			return err
		}
		c.in = bufio.NewReader(c.conn)
	}
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	line, err := c.in.ReadString('\n')
	if err != nil {
		return err
	}
	var body io.Reader
	length, kept := int64(0), strings.HasPrefix(line, "HTTP/1.1 ")
	for {
		field, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if field = bytes.TrimRight(field, "\r\n"); len(field) == 0 {
			break
		}
		switch name, value, _ := bytes.Cut(field, []byte(":")); {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64); err != nil {
				return err
			}
		case bytes.EqualFold(name, []byte("Connection")):
			kept = !bytes.EqualFold(bytes.TrimSpace(value), []byte("close"))
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			body = httputil.NewChunkedReader(c.in)
		}
	}
	if body == nil {
		body = io.LimitReader(c.in, length)
	}
	if !strings.Contains(line, " 200 ") {
		text, _ := io.ReadAll(body)
		return fmt.Errorf("%s%s", line, text)
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return err
	}
	if !kept {
		c.close()
	}
	return nil
}

// processors is how long processors have worked for a server: its process and what that has begun.
func (p peer) processors(t *testing.T) time.Duration {
	t.Helper()
	folders, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatalf("the time of processors is read in /proc: %v", err)
	}
	parents, times := map[int]int{}, map[int]time.Duration{}
	for _, f := range folders {
		pid, err := strconv.Atoi(f.Name())
		if err != nil {
			continue
		}
		text, err := os.ReadFile("/proc/" + f.Name() + "/stat")
		if err != nil {
			continue // it has ended
		}
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // proc_pid_stat(5), from the third
		user, _ := strconv.Atoi(fields[11])
		system, _ := strconv.Atoi(fields[12])
		parents[pid], _ = strconv.Atoi(fields[1])
		times[pid] = time.Duration(user+system) * (time.Second / 100) // USER_HZ
	}
	var sum time.Duration
	for pid, spent := range times {
		for up := pid; up > 0; up = parents[up] {
			if up == p.pid {
				sum += spent
				break
			}
		}
	}
	return sum
}

// ownProcessors is how long processors have worked for the client, which is this process.
func ownProcessors() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // only of a wrong argument
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
