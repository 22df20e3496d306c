package s3

import (
	"context"
	"io"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

// CopyObject copies an object within S3. CopySource is bucket/key, URL-encoded, with ?versionId= if need be.
func (s *Service) CopyObject(ctx context.Context, in *s3.CopyObjectInput, _ ...func(*s3.Options)) (*s3.CopyObjectOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	from, key, id, sourceErr := copySource(aws.ToString(in.CopySource))
	needs := append(s.readNeeds(&from, &key, id), s.writeNeeds(in.Bucket, in.Key, in.Tagging, encryptionKeys(in.ServerSideEncryption, in.SSEKMSKeyId))...)
	if in.TaggingDirective != types.TaggingDirectiveReplace && s.tagged(from, key, id) {
		needs = append(needs, append(s.taggingNeed("Get", &from, &key, id), s.taggingNeed("Put", in.Bucket, in.Key, nil)...)...)
	}
	var written *version
	out, err := door.Call(ctx, s.door, door.Op[s3.CopyObjectInput, s3.CopyObjectOutput]{
		Service: "s3", Action: "CopyObject",
		Needs: needs,
		Takes: []string{"Bucket", "Key", "CopySource", "ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition", "CacheControl", "Expires",
			"Metadata", "MetadataDirective", "Tagging", "TaggingDirective", "ACL", "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "IfMatch", "IfNoneMatch",
			"CopySourceIfMatch", "CopySourceIfNoneMatch", "CopySourceIfModifiedSince", "CopySourceIfUnmodifiedSince", "ChecksumAlgorithm"},
		Latency: transfer(60*time.Millisecond, s.sizeOf(&from, &key, id)),
		Usage:   []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.CopyObjectInput) (*s3.CopyObjectOutput, error) {
			if sourceErr != nil {
				return nil, sourceErr
			}
			src, v, err := s.locate(ctx, &from, &key, id)
			if err != nil {
				return nil, err
			}
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			h, err := s.encryption(b, in.ServerSideEncryption, in.SSEKMSKeyId, in.BucketKeyEnabled)
			if err != nil {
				return nil, err
			}
			replace := in.MetadataDirective == types.MetadataDirectiveReplace
			if in.Tagging != nil && in.TaggingDirective != types.TaggingDirectiveReplace {
				return nil, apiError("InvalidRequest", "x-amz-tagging is only valid with the tagging directive REPLACE")
			}
			if !replace && in.TaggingDirective != types.TaggingDirectiveReplace && src == b && v.key == aws.ToString(in.Key) && id == nil && in.ServerSideEncryption == "" {
				return nil, apiError("InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
			}
			if err := s.useKey(ctx, src, v.key, v.header, "kms:Decrypt"); err != nil {
				return nil, err
			}
			if err := checkACL(in.ACL); err != nil {
				return nil, err
			}
			if err := (condition{in.CopySourceIfMatch, in.CopySourceIfNoneMatch, in.CopySourceIfModifiedSince, in.CopySourceIfUnmodifiedSince}).checkSource(v); err != nil {
				return nil, err
			}
			kept := v.header
			if replace {
				kept = header{}
				if err := kept.take(said{in.ContentType, in.ContentEncoding, in.ContentLanguage, in.ContentDisposition, in.CacheControl, in.Expires, in.Metadata, nil}); err != nil {
					return nil, err
				}
			}
			kept.tags = maps.Clone(v.header.tags)
			if in.TaggingDirective == types.TaggingDirectiveReplace {
				if kept.tags, err = tagsOf(in.Tagging); err != nil {
					return nil, err
				}
			}
			kept.kmsKey, kept.bucketKey, kept.context = h.kmsKey, h.bucketKey, nil
			if err := b.writeCondition(in.Key, in.IfMatch, in.IfNoneMatch); err != nil {
				return nil, err
			}
			data, err := s.copyOf(src, v)
			if err != nil {
				return nil, err
			}
			sum, err := copied(v, data, in.ChecksumAlgorithm)
			if err == nil {
				written, err = s.write(ctx, b, in.Key, data, kept, "", sum)
			}
			if err != nil {
				data.discard()
				return nil, err
			}
			out := &s3.CopyObjectOutput{
				CopyObjectResult:    &types.CopyObjectResult{ETag: &written.etag, LastModified: &written.modified},
				CopySourceVersionId: src.shown(v), VersionId: b.shown(written),
			}
			sum.tell(out.CopyObjectResult, sum.text())
			out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled = encryptionOf(written.header)
			return out, nil
		},
	}, in)
	a := Access{
		API: "CopyObject", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), Err: err,
		Parameters: map[string]string{"x-amz-copy-source": aws.ToString(in.CopySource)},
	}
	s.tell(ctx, a.of(written))
	return out, err
}

// copied is the checksum of a copy: of the algorithm that is asked for, or else of the source's, and always of the whole bytes.
func copied(v *version, data content, asked types.ChecksumAlgorithm) (checksum, error) {
	switch {
	case v.checksum.kind == types.ChecksumTypeFullObject && (asked == "" || asked == v.checksum.algorithm):
		return v.checksum, nil
	case asked == "" && v.checksum.sum != nil:
		return data.full(v.checksum.algorithm)
	case asked == "":
		return data.full(nvme)
	}
	return data.full(asked)
}

func copySource(source string) (bucket, key string, id *string, err error) {
	path, query, hasQuery := strings.Cut(source, "?")
	if hasQuery {
		name, value, _ := strings.Cut(query, "=")
		if name != "versionId" {
			return "", "", nil, apiError("InvalidArgument", "Copy Source must mention the source bucket and key: %s", source)
		}
		id = &value
	}
	path, err = url.PathUnescape(strings.TrimPrefix(path, "/"))
	bucket, key, ok := strings.Cut(path, "/")
	if err != nil || !ok || key == "" {
		return "", "", nil, apiError("InvalidArgument", "Copy Source must mention the source bucket and key: %s", source)
	}
	return bucket, key, id, nil
}

// tagged reports whether the source of a copy has tags, which need rights of their own.
func (s *Service) tagged(bucket, key string, id *string) bool {
	b := s.buckets[bucket]
	if b == nil {
		return false
	}
	v := b.current(key)
	if id != nil {
		v = b.find(key, *id)
	}
	return v != nil && len(v.header.tags) > 0
}

// largestCopy is how many bytes one copy may have (S3 API reference, CopyObject: "up to 5 GB").
const largestCopy = 5 << 30

func tooLargeToCopy() error {
	return apiError("InvalidRequest", "The specified copy source is larger than the maximum allowable size for a copy source: %d", int64(largestCopy))
}

// copyOf is the bytes of an object once more: a large one's as a file of their own.
func (s *Service) copyOf(b *bucket, v *version) (content, error) {
	switch {
	case v.size > largestCopy:
		return content{}, tooLargeToCopy()
	case v.size <= small:
		data, err := b.bytes(v)
		return inMemory(data), err
	}
	from, err := b.open(v)
	if err != nil {
		return content{}, err
	}
	defer from.Close()
	return s.cut(io.NewSectionReader(from, 0, v.size))
}
