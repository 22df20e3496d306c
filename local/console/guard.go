package console

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// guard refuses requests that a page of somebody else has made: by a name of its own for this machine (DNS rebinding), or from
// another origin. What remains is a browser that shows these pages, and programs of the machine.
func guard(r *http.Request) error {
	if !loopback(r.Host) {
		return fmt.Errorf("the console is reached as 127.0.0.1 or localhost, not as %q", r.Host)
	}
	if addr, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		if ip := net.ParseIP(addr); ip == nil || !ip.IsLoopback() {
			return fmt.Errorf("the console answers this machine, not %s", addr)
		}
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "http" || u.Host != r.Host {
			return fmt.Errorf("a request from the origin %q is refused", origin)
		}
	}
	// Fetch metadata: browsers send it to loopback addresses, and no script can forge it. A link to a page may be followed.
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "same-origin", "none":
	default:
		opens := r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
		if !opens {
			return fmt.Errorf("a %s request is refused", site)
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Header.Get("Origin") == "" && r.Header.Get("Sec-Fetch-Site") == "" {
		return fmt.Errorf("a %s request must say its Origin", r.Method)
	}
	return nil
}

// loopback tells whether a Host header is a name of this machine. A bucket's name before it (bucket.localhost) is S3's.
func loopback(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}

// Beside answers the requests for pages, and leaves all others to another handler.
func (c *Console) Beside(other http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isPage(r) {
			c.ServeHTTP(w, r)
			return
		}
		other.ServeHTTP(w, r)
	})
}

// isPage tells whether a request is for the console: by its path, unless its host names a bucket.
func isPage(r *http.Request) bool {
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	bucket := strings.HasSuffix(strings.ToLower(name), ".localhost")
	return !bucket && (strings.HasPrefix(r.URL.Path, Prefix) || r.URL.Path == strings.TrimSuffix(Prefix, "/"))
}

// secure sets what every answer says of itself: scripts and styles come from here alone, no other page may frame or read it.
func secure(h http.Header, host string) {
	policy := "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
	if loopback(host) && !strings.ContainsAny(host, " ;,'\"") {
		own := "http://" + host + Prefix
		policy += "; script-src " + own + "static/; style-src " + own + "static/; img-src " + own + "static/; connect-src " + own + "; form-action " + own
	}
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}
