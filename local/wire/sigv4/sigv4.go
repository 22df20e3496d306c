// Package sigv4 verifies requests that are signed with AWS Signature Version 4: in the Authorization header, in a presigned
// URL, and chunk by chunk in a streamed body.
//
//	v := sigv4.Verifier{Key: keys.Find, Now: time.Now}
//	signed, err := v.Verify(r, nil) // *Error says which of AWS's refusals it is
//	body := signed.Body(r.Body) // decodes aws-chunked, checks chunk signatures and the payload's hash
package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	algorithm = "AWS4-HMAC-SHA256"
	amz       = "x-amz-" // begins the headers that must be signed
	stamp     = "20060102T150405Z"
	// MaxSkew is how far a request's date may be from the server's (Signature Version 4, "Request expiration").
	MaxSkew = 15 * time.Minute
	// maxExpiry is how long a presigned URL may be valid: seven days.
	maxExpiry = 7 * 24 * time.Hour
)

// A Reason is one of AWS's refusals of a signature.
type Reason int

// The refusals.
const (
	Missing        Reason = iota + 1 // no signature at all
	Incomplete                       // a part of it is missing or malformed
	UnknownKey                       // nobody has this access key
	Mismatch                         // the signature is another
	Skewed                           // the request's date is too far from now
	Expired                          // the presigned URL has expired
	ExpiredSession                   // the session of the token has ended
	InvalidToken                     // the token is not the access key's
)

// Error is a refused request.
type Error struct {
	Reason  Reason
	Message string
}

func (e *Error) Error() string { return e.Message }

// Key is what the server knows of an access key.
type Key struct {
	Secret  string
	Token   string    // of a session; empty for a user's key
	Expires time.Time // of a session
}

// Verifier checks signatures.
type Verifier struct {
	Key func(id string) (Key, bool)
	Now func() time.Time // wall time, not the world's

	mu      sync.Mutex
	derived map[string][]byte // signing keys, by secret and scope: one is for a day
}

// maxDerived is how many signing keys are known at the same time.
const maxDerived = 1024

// signingKey derives the key of a scope (Signature Version 4, "Derive a signing key").
func (v *Verifier) signingKey(secret string, scope []string) []byte {
	name := secret + "\n" + strings.Join(scope, "\n")
	v.mu.Lock()
	defer v.mu.Unlock()
	key, ok := v.derived[name]
	if !ok {
		key = []byte("AWS4" + secret)
		for _, part := range scope {
			key = sign(key, part)
		}
		if v.derived == nil || len(v.derived) == maxDerived {
			v.derived = map[string][]byte{}
		}
		v.derived[name] = key
	}
	return key
}

// Signed is what a valid signature says.
type Signed struct {
	AccessKey, Region, Service string
	// Payload is the value of x-amz-content-sha256: a hash, UNSIGNED-PAYLOAD or one of the streaming forms; empty without.
	Payload   string
	Presigned bool

	key       []byte
	date      string
	scope     string
	signature string
}

// claim is a signature as the request makes it.
type claim struct {
	credential, headers, signature, date string
	expires                              time.Duration
	presigned                            bool
}

// Verify checks the signature of a request. Its body is not read from it: S3's says its hash in a header, others' is given. The
// host that was signed is r.Host.
func (v *Verifier) Verify(r *http.Request, body []byte) (*Signed, error) {
	c, err := claimOf(r)
	if err != nil {
		return nil, err
	}
	part := strings.Split(c.credential, "/")
	if len(part) < 5 || part[len(part)-1] != "aws4_request" {
		return nil, &Error{Incomplete, "the credential must have the form <access key>/<date>/<region>/<service>/aws4_request"}
	}
	id, scope := strings.Join(part[:len(part)-4], "/"), part[len(part)-4:]
	moment, err := time.Parse(stamp, c.date)
	if err != nil || c.date[:8] != scope[0] {
		return nil, &Error{Incomplete, "the date of the request must have the form YYYYMMDD'T'HHMMSS'Z' and be that of the credential"}
	}
	now := v.Now()
	switch {
	case c.presigned && now.After(moment.Add(c.expires)):
		return nil, &Error{Expired, "Request has expired"}
	case moment.After(now.Add(MaxSkew)), !c.presigned && moment.Before(now.Add(-MaxSkew)):
		return nil, &Error{Skewed, "Signature not valid now: the request says " + c.date + ", the server's time is " + now.UTC().Format(stamp)}
	}
	key, ok := v.Key(id)
	if !ok {
		return nil, &Error{UnknownKey, "The security token included in the request is invalid."}
	}
	token := r.Header.Get("X-Amz-Security-Token")
	if c.presigned {
		token = r.URL.Query().Get("X-Amz-Security-Token")
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(token), []byte(key.Token)) != 1:
		return nil, &Error{InvalidToken, "The security token included in the request is invalid."}
	case key.Token != "" && !now.Before(key.Expires):
		return nil, &Error{ExpiredSession, "The security token included in the request is expired"}
	}
	signed := strings.Split(c.headers, ";")
	if !slices.Contains(signed, "host") {
		return nil, &Error{Incomplete, "'host' must be a 'SignedHeader' in the AWS Authorization"}
	}
	for name := range r.Header {
		if len(name) < len(amz) || !strings.EqualFold(name[:len(amz)], amz) {
			continue
		}
		lower := strings.ToLower(name)
		if !slices.Contains(signed, lower) && !(c.presigned && lower == "x-amz-content-sha256") {
			return nil, &Error{Mismatch, "There were headers present in the request which were not signed: " + lower}
		}
	}
	s := &Signed{
		AccessKey: id, Region: scope[1], Service: scope[2], Payload: r.Header.Get("X-Amz-Content-Sha256"), Presigned: c.presigned,
		date: c.date, scope: strings.Join(scope, "/"), signature: c.signature,
	}
	s.key = v.signingKey(key.Secret, scope)
	if c.presigned && s.Payload == "" {
		s.Payload = "UNSIGNED-PAYLOAD"
	}
	want := s.of(algorithm, digest(canonical(r, s, signed, body)))
	if subtle.ConstantTimeCompare([]byte(want), []byte(c.signature)) != 1 {
		return nil, &Error{Mismatch, "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}
	}
	return s, nil
}

// claimOf finds the signature of a request.
func claimOf(r *http.Request) (*claim, error) {
	var query url.Values
	if r.URL.RawQuery != "" {
		query = r.URL.Query()
	}
	if query.Has("X-Amz-Signature") || query.Has("X-Amz-Algorithm") {
		c := &claim{
			credential: query.Get("X-Amz-Credential"), headers: query.Get("X-Amz-SignedHeaders"), signature: query.Get("X-Amz-Signature"),
			date: query.Get("X-Amz-Date"), presigned: true,
		}
		seconds, err := time.ParseDuration(query.Get("X-Amz-Expires") + "s")
		if query.Get("X-Amz-Algorithm") != algorithm || c.credential == "" || c.headers == "" || c.signature == "" || c.date == "" || err != nil ||
			seconds < time.Second || seconds > maxExpiry {
			return nil, &Error{Incomplete, "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters; the last is from 1 to 604800 seconds."}
		}
		c.expires = seconds
		return c, nil
	}
	header := r.Header.Get("Authorization")
	if header == "" {
		return nil, &Error{Missing, "Request is missing Authentication Token"}
	}
	rest, ok := strings.CutPrefix(header, algorithm)
	if !ok {
		return nil, &Error{Incomplete, "Authorization header requires the algorithm " + algorithm}
	}
	c := &claim{date: r.Header.Get("X-Amz-Date")}
	if c.date == "" {
		if moment, err := http.ParseTime(r.Header.Get("Date")); err == nil {
			c.date = moment.UTC().Format(stamp)
		}
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			c.credential = value
		case "SignedHeaders":
			c.headers = value
		case "Signature":
			c.signature = value
		}
	}
	if c.credential == "" || c.headers == "" || c.signature == "" || c.date == "" {
		return nil, &Error{Incomplete, "Authorization header requires 'Credential', 'Signature' and 'SignedHeaders' parameters, and the request a 'X-Amz-Date' or a 'Date' header."}
	}
	return c, nil
}

// canonical is the canonical request (Signature Version 4, "Create a canonical request").
func canonical(r *http.Request, s *Signed, signed []string, body []byte) string {
	var b strings.Builder
	b.WriteString(r.Method + "\n")
	path := escape(r.URL.Path, true)
	if path == "" {
		path = "/"
	}
	if s.Service != "s3" { // all but S3 encode the path twice
		path = escape(path, true)
	}
	b.WriteString(path + "\n" + canonicalQuery(r.URL.RawQuery) + "\n")
	for _, name := range signed {
		var value string
		switch values := r.Header.Values(name); len(values) {
		case 0:
		case 1:
			value = values[0]
		default:
			value = strings.Join(values, ",")
		}
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			if value == "" && r.ContentLength >= 0 {
				value = itoa(r.ContentLength)
			}
		}
		b.WriteString(name)
		b.WriteByte(':')
		b.WriteString(single(value))
		b.WriteByte('\n')
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n")
	payload := s.Payload
	if s.Service != "s3" && (payload == "" || s.Presigned) {
		payload = digest(string(body))
	}
	b.WriteString(payload)
	return b.String()
}

// single is a value with single spaces, and none around it.
func single(value string) string {
	for _, c := range []byte(value) {
		if c <= ' ' || c >= 0x80 {
			return strings.Join(strings.Fields(value), " ")
		}
	}
	return value
}

func canonicalQuery(raw string) string {
	type pair struct{ name, value string }
	var pairs []pair
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, value = unescape(name), unescape(value)
		if name != "X-Amz-Signature" {
			pairs = append(pairs, pair{escape(name, false), escape(value, false)})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return strings.Compare(a.value, b.value)
	})
	text := make([]string, len(pairs))
	for i, p := range pairs {
		text[i] = p.name + "=" + p.value
	}
	return strings.Join(text, "&")
}

func unescape(s string) string {
	if t, err := url.QueryUnescape(s); err == nil {
		return t
	}
	return s
}

// escape encodes all but unreserved characters, and slashes of a path.
func escape(s string, path bool) string {
	const digits = "0123456789ABCDEF"
	plain := func(c byte) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~' || c == '/' && path
	}
	first := 0
	for first < len(s) && plain(s[first]) {
		first++
	}
	if first == len(s) {
		return s
	}
	b := append(make([]byte, 0, len(s)+16), s[:first]...)
	for _, c := range []byte(s[first:]) {
		if plain(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', digits[c>>4], digits[c&15])
		}
	}
	return string(b)
}

// of signs the hash of something with the request's key.
func (s *Signed) of(kind string, hashed ...string) string {
	text := kind + "\n" + s.date + "\n" + s.scope
	for _, h := range hashed {
		text += "\n" + h
	}
	return hex.EncodeToString(sign(s.key, text))
}

func sign(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
