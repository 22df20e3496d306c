package sigv4_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"airline/local/wire/sigv4"
)

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

func verifier(at time.Time) *sigv4.Verifier {
	keys := map[string]sigv4.Key{
		"AKIDEXAMPLE": {Secret: secret},
		"ASIASESSION": {Secret: secret, Token: "token", Expires: now.Add(time.Hour)},
	}
	return &sigv4.Verifier{Now: func() time.Time { return at }, Key: func(id string) (sigv4.Key, bool) { k, ok := keys[id]; return k, ok }}
}

// signed is a request as the SDK signs it and a server receives it.
func signed(t *testing.T, method, url, service, body string, c aws.Credentials, change func(*http.Request)) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(r)
	}
	sum := sha256.Sum256([]byte(body))
	if service == "s3" { // whose requests must say it
		r.Header.Set("X-Amz-Content-Sha256", hex.EncodeToString(sum[:]))
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	if err := signer.SignHTTP(t.Context(), c, r, hex.EncodeToString(sum[:]), service, "eu-west-1", now); err != nil {
		t.Fatal(err)
	}
	return received(r, body)
}

func received(r *http.Request, body string) *http.Request {
	got := httptest.NewRequest(r.Method, r.URL.String(), strings.NewReader(body))
	got.Header, got.Host = r.Header.Clone(), r.URL.Host
	return got
}

var alice = aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: secret}

func TestVerifiesWhatTheSDKSigns(t *testing.T) {
	for _, tc := range []struct{ method, url, service string }{
		{"POST", "http://127.0.0.1:4566/", "states"},
		{"POST", "http://127.0.0.1:4566/?a=b&a=a&c=%20%2F&empty", "sts"},
		{"POST", "http://127.0.0.1:4566/service/x/operation/y", "monitoring"},
		{"POST", "http://127.0.0.1:4566/123456789012/a%20queue", "sqs"},
		{"GET", "http://127.0.0.1:4566/bucket/a%20key%2B%25%C3%BC/%28x%29%27%21%2A%3D%26", "s3"},
		{"GET", "http://bucket.s3.localhost:4566/k?versionId=a%2Bb&x-id=GetObject", "s3"},
	} {
		t.Run(tc.service+" "+tc.url, func(t *testing.T) {
			change := func(r *http.Request) {
				r.Header.Set("X-Amz-Meta-A", "  two   words ")
				r.Header.Set("Content-Type", "a/b")
			}
			r := signed(t, tc.method, tc.url, tc.service, "body", alice, change)
			s, err := verifier(now.Add(14*time.Minute)).Verify(r, []byte("body"))
			if err != nil {
				t.Fatal(err)
			}
			if s.AccessKey != "AKIDEXAMPLE" || s.Service != tc.service || s.Region != "eu-west-1" {
				t.Errorf("got %+v", s)
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	session := aws.Credentials{AccessKeyID: "ASIASESSION", SecretAccessKey: secret, SessionToken: "token"}
	for name, tc := range map[string]struct {
		credentials aws.Credentials
		at          time.Time
		change      func(*http.Request)
		want        sigv4.Reason
	}{
		"another secret":           {aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "x"}, now, nil, sigv4.Mismatch},
		"an unknown key":           {aws.Credentials{AccessKeyID: "AKIDNOBODY", SecretAccessKey: secret}, now, nil, sigv4.UnknownKey},
		"another method":           {alice, now, func(r *http.Request) { r.Method = "PUT" }, sigv4.Mismatch},
		"another path":             {alice, now, func(r *http.Request) { r.URL.Path = "/x" }, sigv4.Mismatch},
		"another query":            {alice, now, func(r *http.Request) { r.URL.RawQuery = "a=1" }, sigv4.Mismatch},
		"another host":             {alice, now, func(r *http.Request) { r.Host = "elsewhere" }, sigv4.Mismatch},
		"another target":           {alice, now, func(r *http.Request) { r.Header.Set("X-Amz-Target", "AWSGlue.X") }, sigv4.Mismatch},
		"a header added":           {alice, now, func(r *http.Request) { r.Header.Set("X-Amz-Copy-Source", "b/k") }, sigv4.Mismatch},
		"no signature":             {alice, now, func(r *http.Request) { r.Header.Del("Authorization") }, sigv4.Missing},
		"half a signature":         {alice, now, func(r *http.Request) { r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a/b") }, sigv4.Incomplete},
		"a scheme of others":       {alice, now, func(r *http.Request) { r.Header.Set("Authorization", "Basic YTpi") }, sigv4.Incomplete},
		"a date of yesterday":      {alice, now.Add(24 * time.Hour), nil, sigv4.Skewed},
		"a date of tomorrow":       {alice, now.Add(-24 * time.Hour), nil, sigv4.Skewed},
		"an ended session":         {session, now.Add(time.Hour), func(r *http.Request) {}, sigv4.Skewed},
		"a session without token":  {session, now, func(r *http.Request) { r.Header.Del("X-Amz-Security-Token") }, sigv4.InvalidToken},
		"a token of somebody else": {session, now, func(r *http.Request) { r.Header.Set("X-Amz-Security-Token", "x") }, sigv4.InvalidToken},
	} {
		t.Run(name, func(t *testing.T) {
			r := signed(t, "POST", "http://127.0.0.1/", "states", "{}", tc.credentials, func(r *http.Request) { r.Header.Set("X-Amz-Target", "AWSStepFunctions.ListStateMachines") })
			if tc.change != nil {
				tc.change(r)
			}
			_, err := verifier(tc.at).Verify(r, []byte("{}"))
			var refused *sigv4.Error
			if !errors.As(err, &refused) || refused.Reason != tc.want {
				t.Errorf("got %v (%+v), want reason %d", err, refused, tc.want)
			}
		})
	}
	t.Run("another body", func(t *testing.T) {
		r := signed(t, "POST", "http://127.0.0.1/", "states", "{}", alice, nil)
		if _, err := verifier(now).Verify(r, []byte("{ }")); err == nil {
			t.Error("a changed body was taken")
		}
	})
}

func TestPresigned(t *testing.T) {
	url := func(expires string) *http.Request {
		r, err := http.NewRequest("GET", "http://127.0.0.1/bucket/key%20x?X-Amz-Expires="+expires, nil)
		if err != nil {
			t.Fatal(err)
		}
		signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true })
		text, _, err := signer.PresignHTTP(t.Context(), alice, r, "UNSIGNED-PAYLOAD", "s3", "eu-west-1", now)
		if err != nil {
			t.Fatal(err)
		}
		got := httptest.NewRequest("GET", text, nil)
		return got
	}
	for _, tc := range []struct {
		expires string
		after   time.Duration
		want    sigv4.Reason
	}{{"60", 59 * time.Second, 0}, {"3600", 50 * time.Minute, 0}, {"60", 61 * time.Second, sigv4.Expired}, {"604801", 0, sigv4.Incomplete}, {"0", 0, sigv4.Incomplete}, {"x", 0, sigv4.Incomplete}} {
		s, err := verifier(now.Add(tc.after)).Verify(url(tc.expires), nil)
		var refused *sigv4.Error
		if errors.As(err, &refused); tc.want == 0 && err != nil || tc.want != 0 && (refused == nil || refused.Reason != tc.want) {
			t.Errorf("%s seconds, after %s: got %v, want reason %d", tc.expires, tc.after, err, tc.want)
		}
		if err == nil && !s.Presigned {
			t.Errorf("got %+v", s)
		}
	}
}

// The example of the S3 API reference, "Signature calculations: transferring payload in multiple chunks".
const chunkedAuthorization = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"

func documented(t *testing.T) (*sigv4.Signed, string) {
	t.Helper()
	r := httptest.NewRequest("PUT", "http://s3.amazonaws.com/examplebucket/chunkObject.txt", nil)
	r.Header = http.Header{
		"Authorization": {chunkedAuthorization}, "X-Amz-Date": {"20130524T000000Z"}, "X-Amz-Storage-Class": {"REDUCED_REDUNDANCY"},
		"X-Amz-Content-Sha256": {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}, "Content-Encoding": {"aws-chunked"}, "X-Amz-Decoded-Content-Length": {"66560"},
	}
	r.ContentLength = 66824
	v := &sigv4.Verifier{
		Now: func() time.Time { return time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC) },
		Key: func(id string) (sigv4.Key, bool) {
			return sigv4.Key{Secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}, id == "AKIAIOSFODNN7EXAMPLE"
		},
	}
	s, err := v.Verify(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	body := "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + strings.Repeat("a", 65536) + "\r\n" +
		"400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + strings.Repeat("a", 1024) + "\r\n" +
		"0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"
	return s, body
}

func TestSignedChunks(t *testing.T) {
	s, body := documented(t)
	read := func(text string) (int, error) {
		b, err := s.Body(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(b)
		return len(data), err
	}
	if n, err := read(body); n != 66560 || err != nil {
		t.Errorf("got %d bytes, %v", n, err)
	}
	for name, text := range map[string]string{
		"a byte changed":        strings.Replace(body, "aaaa\r\n400", "aaab\r\n400", 1),
		"a chunk left out":      body[strings.Index(body, "400;"):],
		"a signature cut":       strings.Replace(body, "8648\r\n", "\r\n", 1),
		"no last chunk":         body[:strings.LastIndex(body, "0;chunk")],
		"cut in a chunk":        body[:1000],
		"a size that is no hex": "x" + body,
		"a negative size":       "-" + body,
		"something after it":    body + "x",
		"nothing":               "",
	} {
		if _, err := read(text); err == nil {
			t.Errorf("%s: it was taken", name)
		}
	}
}

func TestUnsignedTrailer(t *testing.T) {
	for text, want := range map[string]string{
		"3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n":  "NSRBwg==",
		"3\r\nabc\r\n0\r\nx-amz-checksum-crc32: NSRBwg==\r\n\r\n": "NSRBwg==",
		"3\r\nabc\r\n0\r\n\r\n":                                   "",
	} {
		s := &sigv4.Signed{Payload: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}
		b, err := s.Body(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(b)
		if string(data) != "abc" || err != nil || b.Trailer.Get("x-amz-checksum-crc32") != want {
			t.Errorf("%q: got %q, %v, %v", text, data, b.Trailer, err)
		}
	}
}

func FuzzChunked(f *testing.F) {
	f.Add([]byte("3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n"), true)
	f.Add([]byte("3;chunk-signature=00\r\nabc\r\n0;chunk-signature=00\r\n\r\n"), false)
	f.Add([]byte("ffffffffffffffff\r\n"), true)
	f.Fuzz(func(t *testing.T, data []byte, trailer bool) {
		s := &sigv4.Signed{Payload: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}
		if trailer {
			s.Payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
		}
		b, err := s.Body(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, b)
		if n > int64(len(data)) {
			t.Errorf("%d bytes were read out of %d", n, len(data))
		}
		if err == nil && !trailer {
			t.Error("chunks were taken that nobody signed")
		}
	})
}
