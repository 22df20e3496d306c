package s3

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

// PutObject writes an object. In a versioned bucket what was there before stays as an older version.
func (s *Service) PutObject(ctx context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	data, err := contentOf(in.Body)
	if err != nil {
		return nil, err
	}
	var written *version
	out, err := door.Call(ctx, s.door, door.Op[s3.PutObjectInput, s3.PutObjectOutput]{
		Service: "s3", Action: "PutObject",
		Needs: []door.Request{{Action: "s3:PutObject", Resource: s.objectARN(in.Bucket, in.Key), Keys: putKeys(in)}},
		Takes: []string{"Bucket", "Key", "Body", "ContentLength", "ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition",
			"CacheControl", "Metadata", "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "IfMatch", "IfNoneMatch", "ACL", "SSEKMSEncryptionContext"},
		Latency: transfer(30*time.Millisecond, data.size),
		Usage:   []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			if in.ACL != "" && in.ACL != types.ObjectCannedACLBucketOwnerFullControl {
				return nil, apiError("AccessControlListNotSupported", "The bucket does not allow ACLs")
			}
			h, err := s.encryption(b, in.ServerSideEncryption, in.SSEKMSKeyId, in.BucketKeyEnabled)
			if err != nil {
				return nil, err
			}
			if h.context, err = encryptionContext(in.SSEKMSEncryptionContext); err != nil {
				return nil, err
			}
			h.contentType, h.contentEncoding, h.contentLanguage = aws.ToString(in.ContentType), aws.ToString(in.ContentEncoding), aws.ToString(in.ContentLanguage)
			h.contentDisposition, h.cacheControl, h.metadata = aws.ToString(in.ContentDisposition), aws.ToString(in.CacheControl), maps.Clone(in.Metadata)
			if err := b.writeCondition(in.Key, in.IfMatch, in.IfNoneMatch); err != nil {
				return nil, err
			}
			if written, err = s.write(ctx, b, in.Key, data, h, ""); err != nil {
				return nil, err
			}
			out := &s3.PutObjectOutput{ETag: &written.etag, VersionId: b.shown(written)}
			out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled = encryptionOf(written.header)
			return out, nil
		},
	}, in)
	a := Access{API: "PutObject", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), Sent: data.size, Err: err}
	if err != nil {
		data.discard()
	}
	s.tell(ctx, a.of(written))
	return out, err
}

// of completes an access with the version that it is about; nil leaves it as it is.
func (a Access) of(v *version) Access {
	if v == nil {
		return a
	}
	a.Size, a.ETag, a.KMSKey = v.size, v.etag, v.header.kmsKey
	if v.id != "null" {
		a.VersionID = v.id
	}
	return a
}

// write stores bytes as the newest version of a key. An empty tag is computed.
func (s *Service) write(ctx context.Context, b *bucket, key *string, data content, h header, tag string) (*version, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if err := s.useKey(ctx, b, *key, h, "kms:GenerateDataKey"); err != nil {
		return nil, err
	}
	v := &version{key: *key, id: s.newVersionID(b), modified: s.door.Now().Truncate(time.Second), header: h, etag: tag}
	if tag == "" {
		v.etag = etag(data, h, v.id)
	}
	if err := b.put(v, data); err != nil {
		return nil, err
	}
	return v, nil
}

func (b *bucket) writeCondition(key, match, noneMatch *string) error {
	v := b.current(aws.ToString(key))
	exists := v != nil && !v.marker
	switch {
	case noneMatch != nil && *noneMatch != "*":
		return notImplemented("a conditional write with If-None-Match other than *")
	case noneMatch != nil && exists:
		return apiError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	case match != nil && !exists:
		return &types.NoSuchKey{Message: aws.String("The specified key does not exist.")}
	case match != nil && !sameTag(*match, v.etag):
		return apiError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	}
	return nil
}

func sameTag(a, b string) bool { return strings.Trim(a, `"`) == strings.Trim(b, `"`) }

// encryptionContext reads the header of that name: base64 of a JSON object of strings.
func encryptionContext(header *string) (map[string]string, error) {
	if header == nil {
		return nil, nil
	}
	var context map[string]string
	data, err := base64.StdEncoding.DecodeString(*header)
	if err == nil {
		err = json.Unmarshal(data, &context)
	}
	if err != nil {
		return nil, apiError("InvalidArgument", "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map")
	}
	return context, nil
}

func putKeys(in *s3.PutObjectInput) map[string][]string {
	keys := encryptionKeys(in.ServerSideEncryption, in.SSEKMSKeyId)
	if in.ACL != "" {
		keys["s3:x-amz-acl"] = []string{string(in.ACL)}
	}
	return keys
}

func encryptionKeys(algorithm types.ServerSideEncryption, key *string) map[string][]string {
	keys := map[string][]string{}
	if algorithm != "" {
		keys["s3:x-amz-server-side-encryption"] = []string{string(algorithm)}
	}
	if key != nil {
		keys["s3:x-amz-server-side-encryption-aws-kms-key-id"] = []string{*key}
	}
	return keys
}

// readNeeds are the permissions to read an object or one version of it.
func (s *Service) readNeeds(bucket, key, id *string) []door.Request {
	if id != nil {
		return []door.Request{{Action: "s3:GetObjectVersion", Resource: s.objectARN(bucket, key), Keys: map[string][]string{"s3:VersionId": {*id}}}}
	}
	return []door.Request{{Action: "s3:GetObject", Resource: s.objectARN(bucket, key)}}
}

// locate finds what a read is about. Who may not list the bucket does not learn that an object is missing.
func (s *Service) locate(ctx context.Context, bucket, key, id *string) (*bucket, *version, error) {
	b, err := s.bucket(bucket)
	if err != nil {
		return nil, nil, err
	}
	v := b.current(aws.ToString(key))
	if id != nil {
		if v = b.find(aws.ToString(key), *id); v != nil && v.marker {
			return nil, nil, apiError("MethodNotAllowed", "The specified method is not allowed against this resource.")
		}
	}
	if v != nil && !v.marker {
		return b, v, nil
	}
	if err := s.door.Authorize(ctx, "s3", door.Request{Action: "s3:ListBucket", Resource: b.arn}); err != nil {
		return nil, nil, err
	}
	if id != nil {
		return nil, nil, apiError("NoSuchVersion", "The specified version does not exist.")
	}
	return nil, nil, &types.NoSuchKey{Message: aws.String("The specified key does not exist.")}
}

// GetObject reads an object. The body of one that is kept as a file is that file, open at its beginning, unless a range is asked for; it
// has the method Name, so that what reads files by their name (DuckDB) need not copy it. It must be closed.
func (s *Service) GetObject(ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	var read *version
	out, err := door.Call(ctx, s.door, door.Op[s3.GetObjectInput, s3.GetObjectOutput]{
		Service: "s3", Action: "GetObject",
		Needs:   s.readNeeds(in.Bucket, in.Key, in.VersionId),
		Takes:   []string{"Bucket", "Key", "VersionId", "Range", "IfMatch", "IfNoneMatch"},
		Latency: transfer(20*time.Millisecond, s.sizeOf(in.Bucket, in.Key, in.VersionId)),
		Usage:   []door.Usage{{Item: "s3.read", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.GetObjectInput) (*s3.GetObjectOutput, error) {
			b, v, err := s.locate(ctx, in.Bucket, in.Key, in.VersionId)
			if err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, b, v.key, v.header, "kms:Decrypt"); err != nil {
				return nil, err
			}
			if err := readCondition(v, in.IfMatch, in.IfNoneMatch); err != nil {
				return nil, err
			}
			out := &s3.GetObjectOutput{
				AcceptRanges: aws.String("bytes"), ContentLength: &v.size, ContentType: contentType(v.header), ContentEncoding: optional(v.header.contentEncoding),
				ContentLanguage: optional(v.header.contentLanguage), ContentDisposition: optional(v.header.contentDisposition),
				CacheControl: optional(v.header.cacheControl), ETag: &v.etag, LastModified: &v.modified,
				Metadata: maps.Clone(v.header.metadata), VersionId: b.shown(v),
			}
			out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled = encryptionOf(v.header)
			read = v
			return out, b.openBody(v, in.Range, out)
		},
	}, in)
	a := Access{API: "GetObject", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), ReadOnly: true, Err: err}
	s.tell(ctx, a.of(read))
	return out, err
}

func (s *Service) sizeOf(bucket, key, id *string) int64 {
	b, err := s.bucket(bucket)
	if err != nil {
		return 0
	}
	v := b.current(aws.ToString(key))
	if id != nil {
		v = b.find(aws.ToString(key), *id)
	}
	if v == nil {
		return 0
	}
	return v.size
}

func readCondition(v *version, match, noneMatch *string) error {
	if match != nil && *match != "*" && !sameTag(*match, v.etag) {
		return apiError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	}
	if noneMatch != nil && (*noneMatch == "*" || sameTag(*noneMatch, v.etag)) {
		return apiError("NotModified", "Not Modified")
	}
	return nil
}

// openBody opens the object's content as the answer's body, or the asked range of it.
func (s *store) openBody(v *version, asked *string, out *s3.GetObjectOutput) error {
	f, err := s.open(v)
	if err != nil {
		return err
	}
	if asked == nil {
		out.Body = f
		return nil
	}
	from, to, ok := parseRange(*asked, v.size)
	if !ok {
		f.Close()
		return apiError("InvalidRange", "The requested range is not satisfiable")
	}
	out.Body = struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, from, to-from), f}
	out.ContentLength = aws.Int64(to - from)
	out.ContentRange = aws.String("bytes " + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(to-1, 10) + "/" + strconv.FormatInt(v.size, 10))
	return nil
}

// parseRange reads "bytes=0-99", "bytes=100-" and "bytes=-100" as a half-open interval.
func parseRange(s string, size int64) (from, to int64, ok bool) {
	first, last, cut := strings.Cut(strings.TrimPrefix(s, "bytes="), "-")
	if !strings.HasPrefix(s, "bytes=") || !cut || size == 0 {
		return 0, 0, false
	}
	if first == "" {
		n, err := strconv.ParseInt(last, 10, 64)
		return max(0, size-n), size, err == nil && n > 0
	}
	from, err := strconv.ParseInt(first, 10, 64)
	if err != nil || from < 0 || from >= size {
		return 0, 0, false
	}
	if last == "" {
		return from, size, true
	}
	to, err = strconv.ParseInt(last, 10, 64)
	return from, min(to+1, size), err == nil && to >= from
}

func contentType(h header) *string {
	if h.contentType == "" {
		return aws.String("binary/octet-stream")
	}
	return &h.contentType
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// HeadObject describes an object without reading it.
func (s *Service) HeadObject(ctx context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	var read *version
	out, err := door.Call(ctx, s.door, door.Op[s3.HeadObjectInput, s3.HeadObjectOutput]{
		Service: "s3", Action: "HeadObject",
		Needs:   s.readNeeds(in.Bucket, in.Key, in.VersionId),
		Takes:   []string{"Bucket", "Key", "VersionId", "IfMatch", "IfNoneMatch"},
		Latency: 15 * time.Millisecond,
		Usage:   []door.Usage{{Item: "s3.read", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.HeadObjectInput) (*s3.HeadObjectOutput, error) {
			b, v, err := s.locate(ctx, in.Bucket, in.Key, in.VersionId)
			var missing *types.NoSuchKey
			if errors.As(err, &missing) {
				return nil, &types.NotFound{Message: aws.String("Not Found")}
			}
			if err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, b, v.key, v.header, "kms:Decrypt"); err != nil {
				return nil, err
			}
			if err := readCondition(v, in.IfMatch, in.IfNoneMatch); err != nil {
				return nil, err
			}
			out := &s3.HeadObjectOutput{
				AcceptRanges: aws.String("bytes"), ContentLength: &v.size, ContentType: contentType(v.header), ContentEncoding: optional(v.header.contentEncoding),
				ContentLanguage: optional(v.header.contentLanguage), ContentDisposition: optional(v.header.contentDisposition),
				CacheControl: optional(v.header.cacheControl), ETag: &v.etag, LastModified: &v.modified,
				Metadata: maps.Clone(v.header.metadata), VersionId: b.shown(v),
			}
			out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled = encryptionOf(v.header)
			read = v
			return out, nil
		},
	}, in)
	a := Access{API: "HeadObject", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), ReadOnly: true, Err: err}
	s.tell(ctx, a.of(read))
	return out, err
}
