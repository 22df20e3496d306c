package wire

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"airline/local/door"
	"airline/local/wire/shape"
	"airline/local/wire/sigv4"
)

const (
	// maxBody bounds requests of all protocols but S3's: the largest inputs of the services here are 1 MiB.
	maxBody = 8 << 20
	// stall is how long a client may send nothing in the middle of a body.
	stall = 30 * time.Second
)

// protocol reads requests and writes answers of one of AWS's protocols.
type protocol interface {
	// action is the service and the API's name of what a request asks for.
	action() (service, action string)
	// serve answers. Nothing has been written when it returns an error.
	serve(ctx context.Context, c *call) error
	// fail writes an error.
	fail(w http.ResponseWriter, f fault, id string)
}

// call is one request whose signature is valid.
type call struct {
	server *Server
	w      http.ResponseWriter
	r      *http.Request
	who    door.Principal
	signed *sigv4.Signed
	id     string // request id
	body   []byte // of protocols other than S3's
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := requestID()
	w.Header().Set("Server", "airline")
	r.Body = &patient{ReadCloser: r.Body, control: http.NewResponseController(w)}
	p, body, err := s.protocolOf(r)
	defer func() {
		failure := recover()
		if failure == nil {
			return
		}
		if failure == http.ErrAbortHandler {
			panic(failure)
		}
		service, action := p.action()
		s.mu.Lock()
		s.panics = append(s.panics, fmt.Sprintf("%s:%s failed: %v\n%s", service, action, failure, debug.Stack()))
		s.mu.Unlock()
		p.fail(w, fault{code: "InternalFailure", message: fmt.Sprintf("The local world failed in %s:%s: %v", service, action, failure), status: 500}, id)
	}()
	if err == nil {
		err = s.answer(p, &call{server: s, w: w, r: r, id: id, body: body})
	}
	service, action := p.action()
	s.count(service, action, err)
	if err != nil {
		p.fail(w, faultOf(err, p), id)
	}
}

// answer verifies who calls, and serves.
func (s *Server) answer(p protocol, c *call) error {
	signed, err := s.verify(p, c)
	if err != nil {
		return err
	}
	name, action := p.action()
	if svc := byScope(signed.Service); svc == nil || svc.sdk != name {
		return &sigv4.Error{Reason: sigv4.Mismatch, Message: fmt.Sprintf("Credential should be scoped to correct service: the request is for %s and signed for %s.", name, signed.Service)}
	}
	if name != "s3" {
		payload, err := signed.Body(bytes.NewReader(c.body))
		if err != nil {
			return err
		}
		if c.body, err = io.ReadAll(payload); err != nil {
			return &sigv4.Error{Reason: sigv4.Mismatch, Message: err.Error()}
		}
	}
	if c.body, err = unpacked(c.r, c.body); err != nil {
		return err
	}
	if action == "" {
		return &apiFault{code: "UnknownOperationException", message: "the request does not say which action it wants", status: 404}
	}
	if err := s.elsewhere(signed, name, action); err != nil {
		return err
	}
	c.who, c.signed = s.keys.principal(signed.AccessKey), signed
	return p.serve(c.r.Context(), c)
}

// verify checks the signature of a request.
func (s *Server) verify(p protocol, c *call) (*sigv4.Signed, error) {
	if rest, ok := p.(*restS3); ok && sigv4.Old(c.r) {
		bucket := rest.find().bucket
		if !rest.inHost {
			bucket = ""
		}
		return s.verifier.VerifyOld(c.r, bucket)
	}
	return s.verifier.Verify(c.r, c.body)
}

// protocolOf tells which protocol a request speaks. The error, which that protocol is able to write, is of a body that cannot
// be read or of a service that is not there.
func (s *Server) protocolOf(r *http.Request) (protocol, []byte, error) {
	scope := scopeOf(r)
	target := r.Header.Get("X-Amz-Target")
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Header.Get("Smithy-Protocol") == "rpc-v2-cbor":
		p := &cborRPC{path: r.URL.Path}
		body, err := readBody(r)
		return p, body, or(p.find(), err)
	case target != "":
		p := &jsonRPC{target: target, contentType: kind}
		body, err := readBody(r)
		return p, body, or(p.find(scope), err)
	case byScope(scope) != nil && byScope(scope).paths:
		p := &jsonRPC{contentType: "application/json", service: byScope(scope), name: byScope(scope).sdk, operation: strings.TrimPrefix(r.URL.Path, "/")}
		body, err := readBody(r)
		return p, body, err
	case kind == "application/x-www-form-urlencoded" && scope != "s3", scope != "" && scope != "s3" && r.URL.Query().Has("Action"):
		p := &queryRPC{form: r.URL.Query(), scope: scope}
		body, err := readBody(r)
		if err == nil && r.Method == http.MethodPost {
			var text []byte
			if text, err = unpacked(r, body); err == nil {
				if p.form, err = url.ParseQuery(string(text)); err != nil { // "Common Errors" of the Query APIs
					err = &apiFault{code: "MalformedQueryString", status: http.StatusNotFound, message: "The query string contains a syntax error: " + err.Error()}
				}
			}
		}
		return p, body, or(p.find(), err)
	case scope == "" || scope == "s3":
		return &restS3{server: s, r: r}, nil, nil
	}
	p := &queryRPC{scope: scope}
	return p, nil, &apiFault{code: "NotImplemented", status: http.StatusNotImplemented, message: fmt.Sprintf("the local world does not model %s %s of the service %q", r.Method, r.URL.Path, scope)}
}

// scopeOf is the service in the scope of a request's signature, as yet unverified.
func scopeOf(r *http.Request) string {
	credential := r.URL.Query().Get("X-Amz-Credential")
	if _, rest, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(rest, ",")
	}
	part := strings.Split(strings.TrimSpace(credential), "/")
	if len(part) < 5 {
		return ""
	}
	return part[len(part)-2]
}

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	var large *http.MaxBytesError
	switch {
	case len(body) > maxBody || errors.As(err, &large):
		return nil, &apiFault{code: "RequestEntityTooLarge", status: http.StatusRequestEntityTooLarge, message: fmt.Sprintf("the request has more than %d bytes", maxBody)}
	case err != nil:
		return nil, &apiFault{code: "IncompleteBody", status: 400, message: "the body could not be read: " + err.Error()}
	}
	return body, nil
}

// unpacked is a body without its compression, which clients may use for large inputs.
func unpacked(r *http.Request, body []byte) ([]byte, error) {
	if r.Header.Get("Content-Encoding") != "gzip" || len(body) == 0 {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, &shape.Error{Reason: "is not compressed with gzip, as its Content-Encoding says"}
	}
	text, err := io.ReadAll(io.LimitReader(z, maxBody+1))
	if err != nil || len(text) > maxBody {
		return nil, &shape.Error{Reason: fmt.Sprintf("cannot be decompressed to at most %d bytes", maxBody)}
	}
	return text, nil
}

// patient gives a client a while for each piece of a body.
type patient struct {
	io.ReadCloser
	control *http.ResponseController
}

func (p *patient) Read(b []byte) (int, error) {
	// A writer without deadlines, as tests have, has no slow client either.
	_ = p.control.SetReadDeadline(time.Now().Add(stall))
	n, err := p.ReadCloser.Read(b)
	if err != nil {
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
