package operate

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Version is one version of an object, or a delete marker.
type Version struct {
	ID      string    `json:"version"`
	Written time.Time `json:"written"`
	Size    int64     `json:"bytes"`
	Marker  bool      `json:"deleted,omitempty"`
	newest  bool
	key     string
}

// object is a key with its versions, the newest first.
type object struct {
	key      string
	versions []Version
}

func (o object) newest() Version { return o.versions[0] }

// objectsOf lists the keys of a bucket in ranges, in the order of their bytes. The ranges are in that order, too.
func (s *Session) objectsOf(ctx context.Context, bucket string, ranges []keyRange) iter.Seq2[object, error] {
	return func(yield func(object, error) bool) {
		var at object
		for v, err := range s.versions(ctx, bucket, ranges) {
			if err != nil {
				yield(object{}, s.there(err))
				return
			}
			if v.key != at.key && at.key != "" {
				if !yield(at, nil) {
					return
				}
				at = object{}
			}
			at.key = v.key
			at.versions = append(at.versions, v)
		}
		if at.key != "" {
			yield(at, nil)
		}
	}
}

// versions lists versions and delete markers by key, of each the newest first. A page of S3 has both in lists of their own.
func (s *Session) versions(ctx context.Context, bucket string, ranges []keyRange) iter.Seq2[Version, error] {
	return func(yield func(Version, error) bool) {
		for _, r := range ranges {
			// Keys are asked for in an encoding: XML has no way to write all characters that a key may have.
			in := &s3.ListObjectVersionsInput{Bucket: &bucket, Prefix: &r.prefix, KeyMarker: some(r.from), EncodingType: types.EncodingTypeUrl}
			for more := true; more; {
				page, err := s.objects.ListObjectVersions(ctx, in)
				if err == nil {
					err = decode(page)
				}
				if err != nil {
					yield(Version{}, err)
					return
				}
				more = aws.ToBool(page.IsTruncated)
				for _, v := range merged(page) {
					if r.exact && v.key != r.prefix { // another key that begins like it
						more = false
						break
					}
					if !yield(v, nil) {
						return
					}
				}
				in.KeyMarker, in.VersionIdMarker = page.NextKeyMarker, page.NextVersionIdMarker
			}
		}
	}
}

// decode takes the keys of a page out of their encoding, that of forms ("+" is a blank).
func decode(page *s3.ListObjectVersionsOutput) error {
	keys := []*string{page.NextKeyMarker}
	for i := range page.Versions {
		keys = append(keys, page.Versions[i].Key)
	}
	for i := range page.DeleteMarkers {
		keys = append(keys, page.DeleteMarkers[i].Key)
	}
	for _, key := range keys {
		if key == nil {
			continue
		}
		plain, err := url.QueryUnescape(*key)
		if err != nil {
			return fmt.Errorf("a key in S3's list: %w", err)
		}
		*key = plain
	}
	return nil
}

// merged are a page's versions and delete markers in S3's order: by key, the newest first.
func merged(page *s3.ListObjectVersionsOutput) []Version {
	list := make([]Version, 0, len(page.Versions)+len(page.DeleteMarkers))
	for _, v := range page.Versions {
		list = append(list, Version{aws.ToString(v.VersionId), aws.ToTime(v.LastModified), aws.ToInt64(v.Size), false, aws.ToBool(v.IsLatest), aws.ToString(v.Key)})
	}
	for _, m := range page.DeleteMarkers {
		list = append(list, Version{aws.ToString(m.VersionId), aws.ToTime(m.LastModified), 0, true, aws.ToBool(m.IsLatest), aws.ToString(m.Key)})
	}
	slices.SortStableFunc(list, func(a, b Version) int {
		switch {
		case a.key != b.key && a.key < b.key:
			return -1
		case a.key != b.key:
			return 1
		case a.newest != b.newest && a.newest:
			return -1
		case a.newest != b.newest:
			return 1
		}
		return b.Written.Compare(a.Written)
	})
	return list
}
