package console

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"airline/local"
)

// Only pages of the console itself, and programs of the machine, get an answer.
func TestGuard(t *testing.T) {
	for _, c := range []struct {
		name, method, host, remote string
		headers                    map[string]string
		refused                    string
	}{
		{name: "typed in", host: "127.0.0.1:4566", headers: map[string]string{"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}},
		{name: "by name", host: "localhost:4566"},
		{name: "by IPv6", host: "[::1]:4566"},
		{name: "without a port", host: "127.0.0.1"},
		{name: "a name that leads here", host: "evil.example:4566", refused: "not as"},
		{name: "a name that begins like an address", host: "127.0.0.1.evil.example:4566", refused: "not as"},
		{name: "no host", host: "", refused: "not as"},
		{name: "from another machine", host: "127.0.0.1:4566", remote: "10.0.0.7:1234", refused: "answers this machine"},
		{name: "another origin", host: "127.0.0.1:4566", headers: map[string]string{"Origin": "http://evil.example"}, refused: "origin"},
		{name: "another port", host: "127.0.0.1:4566", headers: map[string]string{"Origin": "http://127.0.0.1:8000"}, refused: "origin"},
		{name: "another scheme", host: "127.0.0.1:4566", headers: map[string]string{"Origin": "https://127.0.0.1:4566"}, refused: "origin"},
		{name: "an opaque origin", host: "127.0.0.1:4566", headers: map[string]string{"Origin": "null"}, refused: "origin"},
		{name: "a link elsewhere", host: "127.0.0.1:4566", headers: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}},
		{name: "a frame elsewhere", host: "127.0.0.1:4566", headers: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, refused: "cross-site"},
		{name: "a picture elsewhere", host: "127.0.0.1:4566", headers: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, refused: "cross-site"},
		{name: "another port of the machine", host: "127.0.0.1:4566", headers: map[string]string{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, refused: "same-site"},
		{name: "a form elsewhere", method: http.MethodPost, host: "127.0.0.1:4566", headers: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, refused: "cross-site"},
		{name: "a form of an old browser", method: http.MethodPost, host: "127.0.0.1:4566", refused: "Origin"},
		{name: "a form of its own", method: http.MethodPost, host: "127.0.0.1:4566", headers: map[string]string{"Origin": "http://127.0.0.1:4566", "Sec-Fetch-Site": "same-origin"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			method := c.method
			if method == "" {
				method = http.MethodGet
			}
			r := httptest.NewRequest(method, Prefix, nil)
			r.Host, r.RemoteAddr = c.host, "127.0.0.1:5555"
			if c.remote != "" {
				r.RemoteAddr = c.remote
			}
			for name, value := range c.headers {
				r.Header.Set(name, value)
			}
			err := guard(r)
			if c.refused == "" && err != nil || c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)) {
				t.Errorf("guard says %v, want %q", err, c.refused)
			}
		})
	}
}

// unseen is a server whose world nobody may look at.
type unseen struct{ t *testing.T }

func (u unseen) Do(func(*local.World) error) error {
	u.t.Error("the world was looked at")
	return nil
}

func (u unseen) Operate(context.Context, string, string, any) (any, error) { return nil, u.Do(nil) }

func (unseen) Kept() bool { return false }

// A refused request learns nothing of the world, whatever it asks for, and no answer can be framed, sniffed or made to load more.
func TestRefused(t *testing.T) {
	c := New(&Index{}, unseen{t})
	for _, path := range []string{"", "files", "events", "static/style.css", "nothing", "rejects.csv?key=a"} {
		r := httptest.NewRequest(http.MethodGet, Prefix+path, nil)
		r.Host = "evil.example"
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: status %d", path, w.Code)
		}
		if policy := w.Header().Get("Content-Security-Policy"); policy != "default-src 'none'; base-uri 'none'; frame-ancestors 'none'" {
			t.Errorf("%s: policy %s", path, policy)
		}
	}
}

// Hosts of buckets are S3's, whatever the key.
func TestIsPage(t *testing.T) {
	for _, c := range []struct {
		host, path string
		want       bool
	}{
		{"127.0.0.1:4566", "/_airline/", true},
		{"127.0.0.1:4566", "/_airline", true},
		{"127.0.0.1:4566", "/_airlines/x", false},
		{"bucket.localhost:4566", "/_airline/x", false},
		{"bucket.s3.LOCALHOST", "/_airline/x", false},
		{"evil.example", "/_airline/", true}, // and is refused
	} {
		r := httptest.NewRequest(http.MethodGet, c.path, nil)
		r.Host = c.host
		if got := isPage(r); got != c.want {
			t.Errorf("%s%s: %v, want %v", c.host, c.path, got, c.want)
		}
	}
}
