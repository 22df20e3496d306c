package sigv4

import (
	"bufio"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// The forms of a streamed payload, which are aws-chunked.
const (
	streamSigned          = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
	streamSignedTrailer   = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
	streamUnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	unsigned              = "UNSIGNED-PAYLOAD"
)

// Errors of a body that is not what its request says.
var (
	ErrHash       = errors.New("the provided 'x-amz-content-sha256' header does not match what was computed")
	ErrChunk      = errors.New("a chunk's signature does not match the chunk")
	ErrMalformed  = errors.New("the body is not in the form of aws-chunked")
	ErrIncomplete = errors.New("you did not provide the number of bytes specified by the Content-Length HTTP header")
)

// Body is a request's payload. Reading it to its end checks it: an error other than io.EOF means that the payload must not be
// used. Trailer is complete then.
type Body struct {
	io.Reader
	Trailer http.Header
}

// Chunked reports whether the payload is aws-chunked.
func (s *Signed) Chunked() bool { return strings.HasPrefix(s.Payload, "STREAMING-") }

// Body is the payload within a request's body.
func (s *Signed) Body(body io.Reader) (*Body, error) {
	b := &Body{Trailer: http.Header{}}
	switch s.Payload {
	case "", unsigned:
		b.Reader = body
	case streamUnsignedTrailer, streamSigned, streamSignedTrailer:
		b.Reader = &chunked{
			in: bufio.NewReaderSize(body, 64<<10), signed: s, body: b, previous: s.signature,
			chunkSigned: s.Payload != streamUnsignedTrailer, trailer: s.Payload != streamSigned, sum: sha256.New(),
		}
	default:
		want, err := hex.DecodeString(s.Payload)
		if err != nil || len(want) != sha256.Size {
			return nil, &Error{Incomplete, "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-UNSIGNED-PAYLOAD-TRAILER or a valid sha256 value."}
		}
		b.Reader = &hashed{in: body, want: want, sum: sha256.New()}
	}
	return b, nil
}

// hashed checks a body's hash at its end.
type hashed struct {
	in   io.Reader
	want []byte
	sum  hash.Hash
}

func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.in.Read(p)
	h.sum.Write(p[:n])
	if err == io.EOF && subtle.ConstantTimeCompare(h.sum.Sum(nil), h.want) != 1 {
		return n, ErrHash
	}
	return n, err
}

// chunked reads aws-chunked: "<size in hex>[;chunk-signature=...]\r\n<bytes>\r\n", an empty chunk, and trailers.
type chunked struct {
	in                   *bufio.Reader
	signed               *Signed
	body                 *Body
	previous             string // signature
	chunkSigned, trailer bool
	left                 int64 // of the present chunk
	signature            string
	sum                  hash.Hash
	started, done        bool
}

// maxLine bounds a chunk's header and a trailer; maxTrailers how many there are.
const (
	maxLine     = 4096
	maxTrailers = 32
)

func (c *chunked) Read(p []byte) (int, error) {
	for c.left == 0 {
		if c.done {
			return 0, io.EOF
		}
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.in.Read(p)
	c.left -= int64(n)
	if c.chunkSigned {
		c.sum.Write(p[:n])
	}
	if err == io.EOF {
		err = ErrIncomplete
	}
	return n, err
}

// next ends a chunk and reads the header of the following one.
func (c *chunked) next() error {
	if c.started {
		if line, err := c.line(); err != nil || line != "" {
			return or(err, ErrMalformed)
		}
		if err := c.check(); err != nil {
			return err
		}
	}
	c.started = true
	line, err := c.line()
	if err != nil {
		return err
	}
	size, extension, _ := strings.Cut(line, ";")
	if c.left, err = strconv.ParseInt(size, 16, 64); err != nil || c.left < 0 {
		return ErrMalformed
	}
	c.signature = strings.TrimPrefix(extension, "chunk-signature=")
	if c.left > 0 {
		return nil
	}
	if err := c.check(); err != nil {
		return err
	}
	c.done = true
	return c.trailers()
}

// check compares a signed chunk with its signature, which covers the one before.
func (c *chunked) check() error {
	if !c.chunkSigned {
		return nil
	}
	want := c.signed.of(algorithm+"-PAYLOAD", c.previous, emptyHash, hex.EncodeToString(c.sum.Sum(nil)))
	if subtle.ConstantTimeCompare([]byte(want), []byte(c.signature)) != 1 {
		return ErrChunk
	}
	c.previous = want
	c.sum.Reset()
	return nil
}

func (c *chunked) trailers() error {
	var canonical strings.Builder
	for n := 0; ; n++ {
		line, err := c.line()
		if err == io.ErrUnexpectedEOF && n == 0 && !c.trailer { // some clients end without the last line
			return nil
		}
		if err != nil {
			return err
		}
		if line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || n >= maxTrailers || !c.trailer {
			return ErrMalformed
		}
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if name == "x-amz-trailer-signature" {
			if !c.chunkSigned {
				return ErrMalformed
			}
			want := c.signed.of(algorithm+"-TRAILER", c.previous, digest(canonical.String()))
			if subtle.ConstantTimeCompare([]byte(want), []byte(value)) != 1 {
				return ErrChunk
			}
			c.chunkSigned = false // checked
			continue
		}
		canonical.WriteString(name + ":" + value + "\n")
		c.body.Trailer.Add(name, value)
	}
	if c.chunkSigned && c.trailer {
		return fmt.Errorf("%w: there is no x-amz-trailer-signature", ErrMalformed)
	}
	if _, err := c.in.ReadByte(); err != io.EOF {
		return or(err, ErrMalformed)
	}
	return nil
}

// line reads up to a line's end, which is \r\n.
func (c *chunked) line() (string, error) {
	var b []byte
	for {
		x, err := c.in.ReadByte()
		if err == io.EOF {
			return "", io.ErrUnexpectedEOF
		}
		if err != nil {
			return "", err
		}
		if x == '\n' {
			if len(b) == 0 || b[len(b)-1] != '\r' {
				return "", ErrMalformed
			}
			return string(b[:len(b)-1]), nil
		}
		if b = append(b, x); len(b) > maxLine {
			return "", ErrMalformed
		}
	}
}

var emptyHash = digest("")

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
