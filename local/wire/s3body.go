package wire

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"math/bits"
	"net/http"
	"os"
	"reflect"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/local/s3"
	"airline/local/wire/shape"
	"airline/local/wire/sigv4"
)

// maxObject is the largest body of one request (S3: "Each part and each single upload is at most 5 GB").
const maxObject = 5 << 30

// inMemory is how large a body is kept in memory; a larger one goes to a file.
const inMemory = 256 << 10

// upload is the body of a request that was read whole and checked: its length, hash and checksums are those that it says.
type upload struct {
	data      []byte
	file      string
	size      int64
	md5       hash.Hash
	checksums map[string]string // as they were found, by header
	taken     bool              // the file is an object now
}

func (u *upload) discard() {
	if u != nil && u.file != "" && !u.taken {
		os.Remove(u.file) // the directory is removed with the server
	}
}

func (u *upload) kept() {
	if u != nil {
		u.taken = true
	}
}

// echo gives the checksums back, as S3 does.
func (u *upload) echo(h http.Header) {
	if u == nil {
		return
	}
	for name, value := range u.checksums {
		h.Set(name, value)
	}
}

func (u *upload) reader() io.Reader {
	if u.file != "" {
		return &s3.File{Path: u.file, Size: u.size, MD5: u.md5}
	}
	return bytes.NewReader(u.data)
}

// newChecksum is the algorithm of a flexible checksum by its header; nil for other headers.
func newChecksum(header string) hash.Hash {
	switch header {
	case "x-amz-checksum-crc32":
		return crc32.NewIEEE()
	case "x-amz-checksum-crc32c":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case "x-amz-checksum-crc64nvme":
		return crc64.New(crc64.MakeTable(bits.Reverse64(0xad93d23594c93659)))
	case "x-amz-checksum-sha1":
		return sha1.New()
	case "x-amz-checksum-sha256":
		return sha256.New()
	case "x-amz-checksum-sha512":
		return sha512.New()
	case "x-amz-checksum-md5":
		return md5.New()
	}
	return nil
}

// takeBody reads the body of an action that has one into its input.
func (p *restS3) takeBody(c *call, in reflect.Value) (*upload, error) {
	payload, err := c.signed.Body(c.r.Body)
	if err != nil {
		return nil, err
	}
	limit := int64(0)
	document, root := bodyOf(in.Interface())
	switch in.Interface().(type) {
	case *sdks3.PutObjectInput, *sdks3.UploadPartInput:
		limit = maxObject
	case *sdks3.PutBucketPolicyInput:
		limit = maxBody
	default:
		if root != "" {
			limit = maxBody
		}
	}
	u, err := p.receive(c, payload, limit)
	if err != nil {
		u.discard()
		return nil, err
	}
	switch in := in.Interface().(type) {
	case *sdks3.PutObjectInput:
		in.Body = u.reader()
		return u, nil
	case *sdks3.UploadPartInput:
		in.Body = u.reader()
		return u, nil
	case *sdks3.PutBucketPolicyInput:
		in.Policy = aws.String(string(u.data))
	case *sdks3.CreateBucketInput:
		if len(u.data) == 0 { // a bucket as in the region where S3 began
			root = ""
		}
	}
	u.checksums = nil
	if root == "" {
		return u, nil
	}
	if err := readXML(bytes.NewReader(u.data), root, reflect.ValueOf(document).Elem()); err != nil {
		return u, err
	}
	if list, ok := in.Interface().(*sdks3.DeleteObjectsInput); ok && (len(list.Delete.Objects) == 0 || len(list.Delete.Objects) > 1000) {
		return u, malformedXML()
	}
	return u, nil
}

// bodyOf is the member of an input that is its body, by its address, and the name of the body's root.
func bodyOf(in any) (any, string) {
	switch in := in.(type) {
	case *sdks3.CompleteMultipartUploadInput:
		return &in.MultipartUpload, "CompleteMultipartUpload"
	case *sdks3.DeleteObjectsInput:
		return &in.Delete, "Delete"
	case *sdks3.PutObjectTaggingInput:
		return &in.Tagging, "Tagging"
	case *sdks3.PutBucketTaggingInput:
		return &in.Tagging, "Tagging"
	case *sdks3.CreateBucketInput:
		return &in.CreateBucketConfiguration, "CreateBucketConfiguration"
	case *sdks3.PutBucketVersioningInput:
		return &in.VersioningConfiguration, "VersioningConfiguration"
	case *sdks3.PutBucketNotificationConfigurationInput:
		return &in.NotificationConfiguration, "NotificationConfiguration"
	case *sdks3.PutPublicAccessBlockInput:
		return &in.PublicAccessBlockConfiguration, "PublicAccessBlockConfiguration"
	}
	return nil, ""
}

// receive reads a body and checks all that the request says about it.
func (p *restS3) receive(c *call, payload *sigv4.Body, limit int64) (*upload, error) {
	u := &upload{md5: md5.New(), checksums: map[string]string{}}
	want := c.r.ContentLength
	if c.signed.Chunked() {
		var err error
		if want, err = strconv.ParseInt(c.r.Header.Get("x-amz-decoded-content-length"), 10, 64); err != nil || want < 0 {
			return u, &apiFault{code: "MissingContentLength", status: http.StatusLengthRequired, message: "You must provide the Content-Length HTTP header."}
		}
	}
	if want > limit {
		return u, &apiFault{code: "EntityTooLarge", status: 400, message: "Your proposed upload exceeds the maximum allowed size"}
	}
	if want < 0 && limit == maxObject {
		return u, &apiFault{code: "MissingContentLength", status: http.StatusLengthRequired, message: "You must provide the Content-Length HTTP header."}
	}
	sums := map[string]hash.Hash{}
	for name := range c.r.Header {
		if !begins(name, "x-amz-checksum-") {
			continue
		}
		if lower := strings.ToLower(name); newChecksum(lower) != nil {
			sums[lower] = newChecksum(lower)
		}
	}
	trailer := strings.ToLower(strings.TrimSpace(c.r.Header.Get("x-amz-trailer")))
	if trailer != "" {
		if sums[trailer] = newChecksum(trailer); sums[trailer] == nil {
			return u, &shape.Error{Path: trailer, Reason: "is a trailing header that is not modelled here", Unknown: true}
		}
	}
	into := []io.Writer{u.md5}
	for _, sum := range sums {
		into = append(into, sum)
	}
	if err := u.fill(io.TeeReader(io.LimitReader(payload, limit+1), io.MultiWriter(into...)), want, p.server.spool, limit == maxObject); err != nil {
		return u, bodyFault(err)
	}
	if want >= 0 && u.size != want || u.size > limit {
		return u, bodyFault(sigv4.ErrIncomplete)
	}
	if text := c.r.Header.Get("Content-MD5"); text != "" {
		sum, err := base64.StdEncoding.DecodeString(text)
		switch {
		case err != nil || len(sum) != md5.Size:
			return u, &apiFault{code: "InvalidDigest", status: 400, message: "The Content-MD5 you specified was invalid."}
		case !bytes.Equal(sum, u.md5.Sum(nil)):
			return u, &apiFault{code: "BadDigest", status: 400, message: "The Content-MD5 you specified did not match what we received."}
		}
	}
	for name, sum := range sums {
		said := c.r.Header.Get(name)
		if name == trailer {
			said = payload.Trailer.Get(name)
		}
		found := base64.StdEncoding.EncodeToString(sum.Sum(nil))
		if completes(c.r) { // of the whole object, not of this body
			continue
		}
		if said != found {
			return u, &apiFault{code: "BadDigest", status: 400, message: fmt.Sprintf("The %s you specified did not match the calculated checksum.", strings.ToUpper(strings.TrimPrefix(name, "x-amz-checksum-")))}
		}
		u.checksums[name] = found
	}
	return u, nil
}

// completes reports whether a request completes a multipart upload: its checksum headers are of the object.
func completes(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Query().Get("uploadId") != ""
}

// fill reads the body, into a file where it is large.
func (u *upload) fill(body io.Reader, want int64, dir string, mayBeFile bool) error {
	if want <= inMemory || !mayBeFile {
		var into bytes.Buffer
		if want > 0 {
			into.Grow(int(min(want, inMemory)) + bytes.MinRead)
		}
		_, err := into.ReadFrom(body)
		data := into.Bytes()
		u.data, u.size = data, int64(len(data))
		return err
	}
	f, err := os.CreateTemp(dir, "body-")
	if err != nil {
		return err
	}
	u.file = f.Name()
	u.size, err = io.CopyBuffer(struct{ io.Writer }{f}, body, make([]byte, 256<<10))
	return or(err, f.Close())
}

// bodyFault names what is wrong with a body.
func bodyFault(err error) error {
	switch {
	case errors.Is(err, sigv4.ErrHash):
		return &apiFault{code: "XAmzContentSHA256Mismatch", status: 400, message: "The provided 'x-amz-content-sha256' header does not match what was computed."}
	case errors.Is(err, sigv4.ErrChunk):
		return &apiFault{code: "SignatureDoesNotMatch", status: http.StatusForbidden, message: "The chunk signature we calculated does not match the signature you provided."}
	case errors.Is(err, sigv4.ErrMalformed):
		return &apiFault{code: "InvalidRequest", status: 400, message: "The body is not well-formed aws-chunked."}
	case errors.Is(err, sigv4.ErrIncomplete), errors.Is(err, io.ErrUnexpectedEOF):
		return &apiFault{code: "IncompleteBody", status: 400, message: "You did not provide the number of bytes specified by the Content-Length HTTP header"}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &apiFault{code: "RequestTimeout", status: 400, message: "Your socket connection to the server was not read from or written to within the timeout period."}
	}
	return err
}
