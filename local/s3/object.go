package s3

import (
	"context"
	"errors"
	"maps"
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
		Needs: s.writeNeeds(in.Bucket, in.Key, in.Tagging, putKeys(in)),
		Takes: append([]string{"Bucket", "Key", "Body", "ContentLength", "ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition",
			"CacheControl", "Metadata", "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "IfMatch", "IfNoneMatch", "ACL", "SSEKMSEncryptionContext",
			"Expires", "Tagging", "ChecksumAlgorithm"}, checksumMembers...),
		Latency: transfer(30*time.Millisecond, data.size),
		Usage:   []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.PutObjectInput) (*s3.PutObjectOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			if err := checkACL(in.ACL); err != nil {
				return nil, err
			}
			h, err := s.encryption(b, in.ServerSideEncryption, in.SSEKMSKeyId, in.BucketKeyEnabled)
			if err != nil {
				return nil, err
			}
			if h.context, err = encryptionContext(in.SSEKMSEncryptionContext); err != nil {
				return nil, err
			}
			if err := h.take(said{in.ContentType, in.ContentEncoding, in.ContentLanguage, in.ContentDisposition, in.CacheControl, in.Expires, in.Metadata, in.Tagging}); err != nil {
				return nil, err
			}
			if err := b.writeCondition(in.Key, in.IfMatch, in.IfNoneMatch); err != nil {
				return nil, err
			}
			sum, err := data.check(in, in.ChecksumAlgorithm)
			if err == nil && sum.algorithm == "" {
				sum, err = data.full(nvme)
			}
			if err != nil {
				return nil, err
			}
			if written, err = s.write(ctx, b, in.Key, data, h, "", sum); err != nil {
				return nil, err
			}
			out := &s3.PutObjectOutput{ETag: &written.etag, VersionId: b.shown(written)}
			sum.tell(out, sum.text())
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
func (s *Service) write(ctx context.Context, b *bucket, key *string, data content, h header, tag string, sum checksum) (*version, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	if err := s.useKey(ctx, b, *key, h, "kms:GenerateDataKey"); err != nil {
		return nil, err
	}
	v := &version{key: *key, id: s.newVersionID(b), modified: s.door.Now().Truncate(time.Second), header: h, etag: tag, parts: data.parts, checksum: sum}
	if tag == "" {
		v.etag = etag(data, h, v.id)
	}
	if err := b.put(v, data); err != nil {
		return nil, err
	}
	return v, nil
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
		Takes:   []string{"Bucket", "Key", "VersionId", "Range", "PartNumber", "IfMatch", "IfNoneMatch", "IfModifiedSince", "IfUnmodifiedSince", "ChecksumMode"},
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
			if err := (condition{in.IfMatch, in.IfNoneMatch, in.IfModifiedSince, in.IfUnmodifiedSince}).check(v); err != nil {
				return nil, err
			}
			piece, err := v.piece(in.Range, in.PartNumber)
			if err != nil {
				return nil, err
			}
			out := &s3.GetObjectOutput{
				AcceptRanges: aws.String("bytes"), ContentLength: aws.Int64(piece.to - piece.from), ContentRange: piece.shown, ContentType: contentType(v.header), ContentEncoding: optional(v.header.contentEncoding),
				ContentLanguage: optional(v.header.contentLanguage), ContentDisposition: optional(v.header.contentDisposition),
				CacheControl: optional(v.header.cacheControl), ETag: &v.etag, LastModified: &v.modified, ExpiresString: optional(v.header.expires),
				Metadata: maps.Clone(v.header.metadata), VersionId: b.shown(v), PartsCount: v.partsCount(in.PartNumber),
			}
			if n := int32(len(v.header.tags)); n > 0 {
				out.TagCount = &n
			}
			out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled = encryptionOf(v.header)
			if err := b.tellPiece(out, in.ChecksumMode, v, piece, in.PartNumber); err != nil {
				return nil, err
			}
			read = v
			out.Body, err = b.openPiece(v, piece)
			return out, err
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

// HeadObject describes an object without reading it.
func (s *Service) HeadObject(ctx context.Context, in *s3.HeadObjectInput, _ ...func(*s3.Options)) (*s3.HeadObjectOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	var read *version
	out, err := door.Call(ctx, s.door, door.Op[s3.HeadObjectInput, s3.HeadObjectOutput]{
		Service: "s3", Action: "HeadObject",
		Needs:   s.readNeeds(in.Bucket, in.Key, in.VersionId),
		Takes:   []string{"Bucket", "Key", "VersionId", "Range", "PartNumber", "IfMatch", "IfNoneMatch", "IfModifiedSince", "IfUnmodifiedSince", "ChecksumMode"},
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
			if err := (condition{in.IfMatch, in.IfNoneMatch, in.IfModifiedSince, in.IfUnmodifiedSince}).check(v); err != nil {
				return nil, err
			}
			piece, err := v.piece(in.Range, in.PartNumber)
			if err != nil {
				return nil, err
			}
			out := &s3.HeadObjectOutput{
				AcceptRanges: aws.String("bytes"), ContentLength: aws.Int64(piece.to - piece.from), ContentRange: piece.shown, ContentType: contentType(v.header), ContentEncoding: optional(v.header.contentEncoding),
				ContentLanguage: optional(v.header.contentLanguage), ContentDisposition: optional(v.header.contentDisposition),
				CacheControl: optional(v.header.cacheControl), ETag: &v.etag, LastModified: &v.modified, ExpiresString: optional(v.header.expires),
				Metadata: maps.Clone(v.header.metadata), VersionId: b.shown(v), PartsCount: v.partsCount(in.PartNumber),
			}
			if n := int32(len(v.header.tags)); n > 0 {
				out.TagCount = &n
			}
			out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled = encryptionOf(v.header)
			read = v
			return out, b.tellPiece(out, in.ChecksumMode, v, piece, in.PartNumber)
		},
	}, in)
	a := Access{API: "HeadObject", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), ReadOnly: true, Err: err}
	s.tell(ctx, a.of(read))
	return out, err
}
