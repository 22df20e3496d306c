package wire

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"hash"
	"io"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

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
	nvme      hash.Hash               // CRC64NVME
	checksum  string                  // as it was found
	algorithm types.ChecksumAlgorithm // of the checksum; "" for none
	taken     bool                    // the file is an object now
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

func (u *upload) reader() io.Reader {
	if u.file != "" {
		return &s3.File{Path: u.file, Size: u.size, MD5: u.md5, NVME: u.nvme.Sum(nil)}
	}
	return &s3.Bytes{Reader: bytes.NewReader(u.data), Data: u.data, MD5: u.md5, NVME: u.nvme.Sum(nil)}
}

// algorithmOf is the algorithm of a checksum by its header; "" for other headers.
func algorithmOf(header string) types.ChecksumAlgorithm {
	name, ok := strings.CutPrefix(header, "x-amz-checksum-")
	if a := types.ChecksumAlgorithm(strings.ToUpper(name)); ok && slices.Contains(s3.Checksums, a) {
		return a
	}
	return ""
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
		u.say(reflect.ValueOf(in))
		return u, nil
	case *sdks3.UploadPartInput:
		in.Body = u.reader()
		u.say(reflect.ValueOf(in))
		return u, nil
	case *sdks3.PutBucketPolicyInput:
		in.Policy = aws.String(string(u.data))
	case *sdks3.CreateBucketInput:
		if len(u.data) == 0 { // a bucket as in the region where S3 began
			root = ""
		}
	}
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

// say puts the checksum of a body into its input: one that comes behind the body is not there yet.
func (u *upload) say(in reflect.Value) {
	if u.algorithm != "" {
		in.Elem().FieldByName("Checksum" + string(u.algorithm)).Set(reflect.ValueOf(&u.checksum))
	}
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
	u := &upload{md5: md5.New(), nvme: s3.NewChecksum(types.ChecksumAlgorithmCrc64nvme)}
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
	into := []io.Writer{u.md5, u.nvme}
	said, trailer, err := checksumOf(c.r)
	if err != nil {
		return u, err
	}
	var sum hash.Hash
	if said != "" {
		u.algorithm = algorithmOf(said)
		sum = s3.NewChecksum(u.algorithm)
		into = append(into, sum)
	} else if limit == maxObject && c.r.Header.Get("x-amz-sdk-checksum-algorithm") != "" {
		return u, &apiFault{code: "InvalidRequest", status: 400, message: "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."}
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
	if sum == nil {
		return u, nil
	}
	text := c.r.Header.Get(said)
	if trailer {
		text = payload.Trailer.Get(said)
	}
	right, err := s3.ReadChecksum(u.algorithm, text)
	if err == nil && !bytes.Equal(right, sum.Sum(nil)) {
		err = s3.WrongChecksum(u.algorithm)
	}
	u.checksum = text
	return u, err
}

// checksumOf is the header or trailer in which a request has the checksum of its body; "" for none.
func checksumOf(r *http.Request) (header string, trailer bool, err error) {
	if completes(r) { // it is of the object
		return "", false, nil
	}
	for name := range r.Header {
		if begins(name, "x-amz-checksum-") && algorithmOf(strings.ToLower(name)) != "" {
			if header != "" {
				err = severalChecksums()
			}
			header = strings.ToLower(name)
		}
	}
	switch behind := strings.ToLower(strings.TrimSpace(r.Header.Get("x-amz-trailer"))); {
	case behind == "":
	case algorithmOf(behind) == "":
		err = &shape.Error{Path: behind, Reason: "is a trailing header that is not modelled here", Unknown: true}
	case header != "" && header != behind:
		err = severalChecksums()
	default:
		header, trailer = behind, true
	}
	return header, trailer, err
}

func severalChecksums() error {
	return &apiFault{code: "InvalidRequest", status: 400, message: "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."}
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
