package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// restS3 is S3's REST-XML: bucket and key in host and path, members in headers, query and XML.
type restS3 struct {
	server *Server
	r      *http.Request
	target *s3Target
	inHost bool // the bucket is in the host's name
}

// s3Target is what a request is about.
type s3Target struct {
	bucket, key string
	operation   string
}

func (p *restS3) find() *s3Target {
	if p.target == nil {
		t := &s3Target{}
		t.bucket, t.key, p.inHost = p.server.place(p.r)
		t.operation = operationOf(p.r, t)
		p.target = t
	}
	return p.target
}

func (p *restS3) action() (string, string) { return "s3", p.find().operation }

// place finds bucket and key: the bucket is before the host's own name, or the path's first part.
func (s *Server) place(r *http.Request) (bucket, key string, inHost bool) {
	host, _, _ := strings.Cut(r.Host, ":")
	path := strings.TrimPrefix(r.URL.Path, "/")
	for _, own := range []string{".s3.localhost.localstack.cloud", ".s3." + s.world.Graph.Region + ".amazonaws.com", ".s3.amazonaws.com", ".s3.localhost", ".localhost"} {
		if name, ok := strings.CutSuffix(host, own); ok && name != "" && name != "s3" {
			return name, path, true
		}
	}
	bucket, key, _ = strings.Cut(path, "/")
	return bucket, key, false
}

// bucketParts are what a query may name, with the part of the action's name that it stands for.
var bucketParts = map[string]string{
	"accelerate": "BucketAccelerateConfiguration", "acl": "BucketAcl", "analytics": "BucketAnalyticsConfiguration", "cors": "BucketCors", "encryption": "BucketEncryption",
	"intelligent-tiering": "BucketIntelligentTieringConfiguration", "inventory": "BucketInventoryConfiguration", "lifecycle": "BucketLifecycleConfiguration",
	"location": "BucketLocation", "logging": "BucketLogging", "metrics": "BucketMetricsConfiguration", "notification": "BucketNotificationConfiguration",
	"object-lock": "ObjectLockConfiguration", "ownershipControls": "BucketOwnershipControls", "policy": "BucketPolicy", "policyStatus": "BucketPolicyStatus",
	"publicAccessBlock": "PublicAccessBlock", "replication": "BucketReplication", "requestPayment": "BucketRequestPayment", "tagging": "BucketTagging",
	"versioning": "BucketVersioning", "website": "BucketWebsite",
}

var objectParts = map[string]string{
	"acl": "ObjectAcl", "attributes": "ObjectAttributes", "legal-hold": "ObjectLegalHold", "retention": "ObjectRetention", "tagging": "ObjectTagging", "torrent": "ObjectTorrent",
}

// operationOf names the action that a request asks for, whether or not it is modelled.
func operationOf(r *http.Request, t *s3Target) string {
	query := r.URL.Query()
	verb := map[string]string{http.MethodGet: "Get", http.MethodPut: "Put", http.MethodDelete: "Delete", http.MethodHead: "Head", http.MethodPost: "Post"}[r.Method]
	if verb == "" {
		return r.Method
	}
	if t.bucket == "" {
		if r.Method == http.MethodGet {
			return "ListBuckets"
		}
		return verb + "Service"
	}
	parts, what := bucketParts, "Bucket"
	if t.key != "" {
		parts, what = objectParts, "Object"
	}
	for name, part := range parts {
		if query.Has(name) {
			return verb + part
		}
	}
	if t.key == "" {
		switch {
		case r.Method == http.MethodGet && query.Has("versions"):
			return "ListObjectVersions"
		case r.Method == http.MethodGet && query.Has("uploads"):
			return "ListMultipartUploads"
		case r.Method == http.MethodGet && query.Get("list-type") == "2":
			return "ListObjectsV2"
		case r.Method == http.MethodGet:
			return "ListObjects"
		case r.Method == http.MethodPost && query.Has("delete"):
			return "DeleteObjects"
		case r.Method == http.MethodPut:
			return "CreateBucket"
		}
		return verb + what
	}
	copies := r.Header.Get("X-Amz-Copy-Source") != ""
	switch {
	case r.Method == http.MethodPut && query.Has("uploadId") && copies:
		return "UploadPartCopy"
	case r.Method == http.MethodPut && query.Has("uploadId"):
		return "UploadPart"
	case r.Method == http.MethodPut && copies:
		return "CopyObject"
	case r.Method == http.MethodGet && query.Has("uploadId"):
		return "ListParts"
	case r.Method == http.MethodDelete && query.Has("uploadId"):
		return "AbortMultipartUpload"
	case r.Method == http.MethodPost && query.Has("uploads"):
		return "CreateMultipartUpload"
	case r.Method == http.MethodPost && query.Has("uploadId"):
		return "CompleteMultipartUpload"
	case r.Method == http.MethodPost && query.Has("restore"):
		return "RestoreObject"
	case r.Method == http.MethodPost && query.Has("select"):
		return "SelectObjectContent"
	}
	return verb + what
}

func (p *restS3) serve(ctx context.Context, c *call) error {
	t := p.find()
	c.w.Header()["X-Amz-Request-Id"] = []string{s3RequestID(c.id)}
	operation := t.operation
	if operation == "ListObjects" { // the older form of the same list
		operation = "ListObjectsV2"
	}
	in, err := c.server.input("s3", operation)
	if err != nil {
		return err
	}
	if err := bind(c.r, t, in.Elem(), c.server.world.Graph.Account); err != nil {
		return err
	}
	body, err := p.takeBody(c, in)
	if err != nil {
		return err
	}
	defer body.discard()
	if t.operation == "ListObjects" {
		in.Interface().(*s3.ListObjectsV2Input).StartAfter = optional(c.r.URL.Query().Get("marker"))
	}
	var answer bytes.Buffer
	var content io.ReadCloser
	if err := c.server.call(ctx, c.who, "s3", operation, in, func(out reflect.Value) error {
		if get, ok := out.Interface().(*s3.GetObjectOutput); ok {
			content = get.Body
		}
		setHeaders(c.w.Header(), out.Elem())
		return writeBody(&answer, t.operation, out.Elem(), c.r.URL.Query().Get("encoding-type") == "url")
	}); err != nil {
		return err
	}
	body.kept()
	return p.write(c, t, &answer, content)
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return aws.String(s)
}

func (p *restS3) write(c *call, t *s3Target, answer *bytes.Buffer, content io.ReadCloser) error {
	h := c.w.Header()
	status := http.StatusOK
	switch {
	case content != nil:
		defer content.Close()
		if h.Get("Content-Range") != "" {
			status = http.StatusPartialContent
		}
		for name, header := range responseOverrides {
			if value := c.r.URL.Query().Get(name); value != "" {
				h.Set(header, value)
			}
		}
		c.w.WriteHeader(status)
		io.Copy(c.w, content) // a caller that has gone misses the rest
		return nil
	case strings.HasPrefix(t.operation, "Delete") && t.operation != "DeleteObjects", t.operation == "AbortMultipartUpload", t.operation == "PutBucketPolicy":
		status = http.StatusNoContent
	case c.r.Method == http.MethodHead:
		if h.Get("Content-Range") != "" {
			status = http.StatusPartialContent
		}
	case answer.Len() > 0:
		h.Set("Content-Type", "application/xml")
		h.Set("Content-Length", strconv.Itoa(answer.Len()))
	default:
		h.Set("Content-Length", "0")
	}
	c.w.WriteHeader(status)
	c.w.Write(answer.Bytes()) // a caller that has gone misses its answer
	return nil
}

// responseOverrides are the parameters by which a signed GetObject chooses headers of its answer.
var responseOverrides = map[string]string{
	"response-content-type": "Content-Type", "response-content-language": "Content-Language", "response-expires": "Expires",
	"response-cache-control": "Cache-Control", "response-content-disposition": "Content-Disposition", "response-content-encoding": "Content-Encoding",
}

func (p *restS3) fail(w http.ResponseWriter, f fault, id string) {
	h := w.Header()
	for name := range h { // of an answer that was begun
		if name != "Server" && name != "Date" {
			h.Del(name)
		}
	}
	if f.code == "SerializationException" {
		f.code = "InvalidArgument"
	}
	h.Set("x-amz-request-id", s3RequestID(id))
	if p.r.Method == http.MethodHead || f.status == http.StatusNotModified {
		w.WriteHeader(f.status)
		return
	}
	text := fmt.Sprintf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message><Resource>%s</Resource><RequestId>%s</RequestId></Error>",
		escaped(f.code), escaped(f.message), escaped(p.r.URL.Path), s3RequestID(id))
	h.Set("Content-Type", "application/xml")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	if f.status == http.StatusBadRequest {
		h.Set("Connection", "close") // what is left of the body is not read
	}
	w.WriteHeader(f.status)
	io.WriteString(w, text) // a caller that has gone misses its answer
}

// s3RequestID is S3's form of an id.
func s3RequestID(id string) string {
	return strings.ToUpper(strings.ReplaceAll(id, "-", ""))[:16]
}

// statusOfS3 is the HTTP status of S3's error codes (S3 API reference, "Error responses").
func statusOfS3(code string, otherwise int) int {
	switch {
	case code == "AccessDenied":
		return http.StatusForbidden
	case strings.HasPrefix(code, "NoSuch"), strings.HasSuffix(code, "NotFoundError"), code == "NotFound":
		return http.StatusNotFound
	case code == "MethodNotAllowed":
		return http.StatusMethodNotAllowed
	case code == "BucketAlreadyOwnedByYou", code == "BucketNotEmpty":
		return http.StatusConflict
	case code == "PreconditionFailed":
		return http.StatusPreconditionFailed
	case code == "NotModified":
		return http.StatusNotModified
	case code == "InvalidRange", code == "InvalidPartNumber":
		return http.StatusRequestedRangeNotSatisfiable
	}
	return otherwise
}
