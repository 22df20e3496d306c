package s3

import (
	"cmp"
	"context"
	"errors"
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
		Needs: s.deleteNeeds(in.Bucket, in.Key, in.VersionId, in.IfMatch),
		Takes: []string{"Bucket", "Key", "VersionId", "IfMatch"},
		Do: func(ctx context.Context, in *s3.DeleteObjectInput) (*s3.DeleteObjectOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			d, err := s.delete(b, aws.ToString(in.Key), in.VersionId, in.IfMatch)
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

// deleteNeeds are the permissions to delete an object, on the condition that its tag is this one; nil is none.
func (s *Service) deleteNeeds(bucket, key, id, match *string) []door.Request {
	need := door.Request{Action: "s3:DeleteObject", Resource: s.objectARN(bucket, key), Keys: map[string][]string{}}
	if id != nil {
		need.Action, need.Keys["s3:VersionId"] = "s3:DeleteObjectVersion", []string{*id}
	}
	if match == nil {
		return []door.Request{need}
	}
	need.Keys["s3:if-match"] = []string{*match}
	if *match == "*" {
		return []door.Request{need}
	}
	return append([]door.Request{need}, s.readNeeds(bucket, key, id)...) // S3 User Guide, "How to perform conditional deletes"
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

func (s *Service) delete(b *bucket, key string, id, match *string) (deleted, error) {
	if match != nil {
		v := b.current(key)
		switch {
		case id != nil:
			return deleted{}, notImplemented("a conditional delete of a version: conditions are of the current one")
		case v == nil:
			return deleted{}, &types.NoSuchKey{Message: aws.String("The specified key does not exist.")}
		case v.marker || *match != "*" && !sameTag(*match, v.etag):
			return deleted{}, failedCondition()
		}
	}
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
				d, err := deleted{}, error(nil)
				for _, need := range s.deleteNeeds(in.Bucket, o.Key, o.VersionId, o.ETag) {
					err = cmp.Or(err, s.door.Authorize(ctx, "s3", need))
				}
				if o.LastModifiedTime != nil || o.Size != nil {
					err = cmp.Or(err, notImplemented("deletions on the condition of a time or a size, which are of directory buckets"))
				}
				if err == nil {
					d, err = s.delete(b, aws.ToString(o.Key), o.VersionId, o.ETag)
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
