package s3

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
)

// DeleteObject deletes one version for good, or hides the object behind a delete marker.
func (s *Service) DeleteObject(ctx context.Context, in *s3.DeleteObjectInput, _ ...func(*s3.Options)) (*s3.DeleteObjectOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	a := Access{API: "DeleteObject", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key)}
	out, err := door.Call(ctx, s.door, door.Op[s3.DeleteObjectInput, s3.DeleteObjectOutput]{
		Service: "s3", Action: "DeleteObject",
		Needs: []door.Request{s.deleteNeed(in.Bucket, in.Key, in.VersionId)},
		Takes: []string{"Bucket", "Key", "VersionId"},
		Do: func(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			d, err := s.delete(b, aws.ToString(in.Key), in.VersionId)
			if err != nil {
				return nil, err
			}
			a.Deletion, a.VersionID, a.Marker = d.deletion, aws.ToString(d.id), d.marker
			out := &s3.DeleteObjectOutput{VersionId: d.id}
			if d.marker {
				out.DeleteMarker = aws.Bool(true)
			}
			return out, nil
		},
	}, in)
	a.Err = err
	s.tell(ctx, a)
	return out, err
}

func (s *Service) deleteNeed(bucket, key, id *string) door.Request {
	if id != nil {
		return door.Request{Action: "s3:DeleteObjectVersion", Resource: s.objectARN(bucket, key), Keys: map[string][]string{"s3:VersionId": {*id}}}
	}
	return door.Request{Action: "s3:DeleteObject", Resource: s.objectARN(bucket, key)}
}

// Kinds of deletions, as events name them.
const (
	MarkerCreated      = "Delete Marker Created"
	permanentlyDeleted = "Permanently Deleted"
)

type deleted struct {
	id       *string
	marker   bool   // what was made or removed is a delete marker
	deletion string // empty when there was nothing to delete
}

func (s *Service) delete(b *bucket, key string, id *string) (deleted, error) {
	if id != nil {
		v := b.find(key, *id)
		if v == nil {
			return deleted{id: id}, nil
		}
		return deleted{id: id, marker: v.marker, deletion: permanentlyDeleted}, b.remove(key, *id)
	}
	if !b.versioned {
		if b.current(key) == nil {
			return deleted{}, nil
		}
		return deleted{deletion: permanentlyDeleted}, b.remove(key, "null")
	}
	v := &version{key: key, id: s.newVersionID(b), modified: s.door.Now().Truncate(time.Second), marker: true}
	return deleted{id: &v.id, marker: true, deletion: MarkerCreated}, b.put(v, content{})
}

// DeleteObjects deletes up to 1000 objects; each is authorised by itself, and reported by itself as S3's event and as
// CloudTrail's record of a DeleteObject. The record of the call itself, which names no object, is left out.
func (s *Service) DeleteObjects(ctx context.Context, in *s3.DeleteObjectsInput, _ ...func(*s3.Options)) (*s3.DeleteObjectsOutput, error) {
	ctx = s.door.Session(ctx)
	return door.Call(ctx, s.door, door.Op[s3.DeleteObjectsInput, s3.DeleteObjectsOutput]{
		Service: "s3", Action: "DeleteObjects",
		Takes: []string{"Bucket", "Delete"},
		Do: func(ctx context.Context, in *s3.DeleteObjectsInput) (*s3.DeleteObjectsOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			if in.Delete == nil || len(in.Delete.Objects) == 0 || len(in.Delete.Objects) > 1000 {
				return nil, apiError("MalformedXML", "The list of objects to delete must have 1 to 1000 entries")
			}
			out := &s3.DeleteObjectsOutput{}
			for _, o := range in.Delete.Objects {
				a := Access{API: "DeleteObject", Bucket: b.name, Key: aws.ToString(o.Key)}
				d, err := deleted{}, s.door.Authorize(ctx, "s3", s.deleteNeed(in.Bucket, o.Key, o.VersionId))
				if err == nil {
					d, err = s.delete(b, aws.ToString(o.Key), o.VersionId)
				}
				var api smithy.APIError
				switch {
				case errors.As(err, &api):
					out.Errors = append(out.Errors, types.Error{Key: o.Key, VersionId: o.VersionId, Code: aws.String(api.ErrorCode()), Message: aws.String(api.ErrorMessage())})
				case err != nil:
					return nil, err
				case !aws.ToBool(in.Delete.Quiet):
					done := types.DeletedObject{Key: o.Key, VersionId: o.VersionId}
					if d.marker {
						done.DeleteMarker, done.DeleteMarkerVersionId = aws.Bool(true), d.id
					}
					out.Deleted = append(out.Deleted, done)
				}
				a.Deletion, a.VersionID, a.Marker, a.Err = d.deletion, aws.ToString(d.id), d.marker, err
				s.tell(ctx, a)
			}
			return out, nil
		},
	}, in)
}

// CopyObject copies an object within S3. CopySource is bucket/key, URL-encoded, with ?versionId= if need be.
func (s *Service) CopyObject(ctx context.Context, in *s3.CopyObjectInput, _ ...func(*s3.Options)) (*s3.CopyObjectOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	from, key, id, sourceErr := copySource(aws.ToString(in.CopySource))
	needs := s.readNeeds(&from, &key, id)
	needs = append(needs, door.Request{Action: "s3:PutObject", Resource: s.objectARN(in.Bucket, in.Key), Keys: encryptionKeys(in.ServerSideEncryption, in.SSEKMSKeyId)})
	var written *version
	out, err := door.Call(ctx, s.door, door.Op[s3.CopyObjectInput, s3.CopyObjectOutput]{
		Service: "s3", Action: "CopyObject",
		Needs: needs,
		Takes: []string{"Bucket", "Key", "CopySource", "ContentType", "ContentEncoding", "Metadata", "MetadataDirective",
			"ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "IfMatch", "IfNoneMatch"},
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
			if !replace && src == b && v.key == aws.ToString(in.Key) && id == nil && in.ServerSideEncryption == "" {
				return nil, apiError("InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.")
			}
			if err := s.useKey(ctx, src, v.key, v.header, "kms:Decrypt"); err != nil {
				return nil, err
			}
			kept := v.header
			if replace {
				kept = header{contentType: aws.ToString(in.ContentType), contentEncoding: aws.ToString(in.ContentEncoding), metadata: in.Metadata}
			}
			kept.kmsKey, kept.bucketKey = h.kmsKey, h.bucketKey
			if err := b.writeCondition(in.Key, in.IfMatch, in.IfNoneMatch); err != nil {
				return nil, err
			}
			data, err := src.bytes(v)
			if err != nil {
				return nil, err
			}
			if written, err = s.write(ctx, b, in.Key, inMemory(data), kept, ""); err != nil {
				return nil, err
			}
			out := &s3.CopyObjectOutput{
				CopyObjectResult:    &types.CopyObjectResult{ETag: &written.etag, LastModified: &written.modified},
				CopySourceVersionId: src.shown(v), VersionId: b.shown(written),
			}
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
