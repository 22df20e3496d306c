package s3

import (
	"context"
	"encoding/base64"
	"iter"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

func listKeys(prefix, delimiter *string, limit *int32) map[string][]string {
	keys := map[string][]string{"s3:prefix": {aws.ToString(prefix)}}
	if delimiter != nil {
		keys["s3:delimiter"] = []string{*delimiter}
	}
	if limit != nil {
		keys["s3:max-keys"] = []string{strconv.Itoa(int(*limit))}
	}
	return keys
}

// ListObjectsV2 lists the current objects in the order of their keys' bytes, at most 1000 a page.
func (s *Service) ListObjectsV2(ctx context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.ListObjectsV2Input, s3.ListObjectsV2Output]{
		Service: "s3", Action: "ListObjectsV2",
		Needs: []door.Request{{Action: "s3:ListBucket", Resource: s.bucketARN(in.Bucket), Keys: listKeys(in.Prefix, in.Delimiter, in.MaxKeys)}},
		Takes: []string{"Bucket", "Prefix", "Delimiter", "MaxKeys", "StartAfter", "ContinuationToken"},
		Usage: []door.Usage{{Item: "s3.write", Quantity: 1}}, // LIST is priced as PUT
		Do: func(_ context.Context, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			after, inGroup, err := startOf(in)
			if err != nil {
				return nil, err
			}
			limit := pageSize(in.MaxKeys)
			prefix, delimiter := aws.ToString(in.Prefix), aws.ToString(in.Delimiter)
			out := &s3.ListObjectsV2Output{
				Name: in.Bucket, Prefix: in.Prefix, Delimiter: in.Delimiter, MaxKeys: aws.Int32(int32(limit)),
				StartAfter: in.StartAfter, ContinuationToken: in.ContinuationToken, IsTruncated: aws.Bool(false),
			}
			count, group, last := 0, "", ""
			if inGroup {
				group = after
			}
			for key := range b.keysFrom(prefix, after) {
				v := b.current(key)
				if v.marker || group != "" && strings.HasPrefix(key, group) {
					continue
				}
				if count == limit {
					out.IsTruncated = aws.Bool(true)
					out.NextContinuationToken = aws.String(token(last, group != ""))
					break
				}
				count++
				last = key
				if group = groupOf(key, prefix, delimiter); group != "" {
					last = group
					out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: aws.String(group)})
					continue
				}
				algorithm, kind := v.checksum.listed()
				out.Contents = append(out.Contents, types.Object{
					Key: aws.String(key), Size: aws.Int64(s.listed(v)), ETag: aws.String(v.etag), LastModified: aws.Time(v.modified),
					StorageClass: types.ObjectStorageClassStandard, ChecksumAlgorithm: algorithm, ChecksumType: kind,
				})
			}
			out.KeyCount = aws.Int32(int32(count))
			return out, nil
		},
	}, in)
}

// keysFrom are the keys with a prefix that come after a key. They are looked at as far as the reader goes: a page costs what it has.
func (b *bucket) keysFrom(prefix, after string) iter.Seq[string] {
	from := sort.SearchStrings(b.keys, prefix)
	if after != "" {
		from = max(from, sort.Search(len(b.keys), func(i int) bool { return b.keys[i] > after }))
	}
	return func(yield func(string) bool) {
		for _, key := range b.keys[from:] {
			if !strings.HasPrefix(key, prefix) || !yield(key) {
				return
			}
		}
	}
}

func pageSize(asked *int32) int {
	if asked == nil || *asked > 1000 {
		return 1000
	}
	return max(0, int(*asked))
}

// A continuation token is where the page ended: behind a key, or behind all keys of a common prefix.
func token(last string, group bool) string {
	kind := "k"
	if group {
		kind = "g"
	}
	return base64.URLEncoding.EncodeToString([]byte(kind + last))
}

func startOf(in *s3.ListObjectsV2Input) (after string, group bool, err error) {
	if in.ContinuationToken == nil {
		return aws.ToString(in.StartAfter), false, nil
	}
	data, err := base64.URLEncoding.DecodeString(*in.ContinuationToken)
	if err != nil || len(data) == 0 {
		return "", false, apiError("InvalidArgument", "The continuation token provided is incorrect")
	}
	return string(data[1:]), data[0] == 'g', nil
}

// ListObjectVersions lists all versions and delete markers, newest first for every key.
func (s *Service) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput, _ ...func(*s3.Options)) (*s3.ListObjectVersionsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.ListObjectVersionsInput, s3.ListObjectVersionsOutput]{
		Service: "s3", Action: "ListObjectVersions",
		Needs: []door.Request{{Action: "s3:ListBucketVersions", Resource: s.bucketARN(in.Bucket), Keys: listKeys(in.Prefix, in.Delimiter, in.MaxKeys)}},
		Takes: []string{"Bucket", "Prefix", "Delimiter", "MaxKeys", "KeyMarker", "VersionIdMarker"},
		Usage: []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(_ context.Context, in *s3.ListObjectVersionsInput) (*s3.ListObjectVersionsOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			limit := pageSize(in.MaxKeys)
			out := &s3.ListObjectVersionsOutput{
				Name: in.Bucket, Prefix: in.Prefix, Delimiter: in.Delimiter, MaxKeys: aws.Int32(int32(limit)), KeyMarker: in.KeyMarker,
				VersionIdMarker: in.VersionIdMarker, IsTruncated: aws.Bool(false),
			}
			prefix, after := aws.ToString(in.Prefix), aws.ToString(in.KeyMarker)
			group := groupOf(after, prefix, aws.ToString(in.Delimiter)) // a page that ended with a common prefix goes on behind its keys
			if group != after {
				group = ""
			}
			count := 0
			for v := range b.versionsFrom(prefix, after, aws.ToString(in.VersionIdMarker)) {
				if group != "" && strings.HasPrefix(v.key, group) {
					continue
				}
				if count == limit {
					out.IsTruncated = aws.Bool(true)
					break
				}
				count++
				if group = groupOf(v.key, prefix, aws.ToString(in.Delimiter)); group != "" {
					out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: aws.String(group)})
					out.NextKeyMarker, out.NextVersionIdMarker = aws.String(group), nil
					continue
				}
				out.NextKeyMarker, out.NextVersionIdMarker = &v.key, &v.id
				latest := aws.Bool(b.current(v.key) == v)
				if v.marker {
					out.DeleteMarkers = append(out.DeleteMarkers, types.DeleteMarkerEntry{Key: &v.key, VersionId: &v.id, IsLatest: latest, LastModified: &v.modified})
					continue
				}
				algorithm, kind := v.checksum.listed()
				out.Versions = append(out.Versions, types.ObjectVersion{
					Key: &v.key, VersionId: &v.id, IsLatest: latest, LastModified: &v.modified, Size: aws.Int64(s.listed(v)), ETag: &v.etag,
					StorageClass: types.ObjectVersionStorageClassStandard, ChecksumAlgorithm: algorithm, ChecksumType: kind,
				})
			}
			if !*out.IsTruncated {
				out.NextKeyMarker, out.NextVersionIdMarker = nil, nil
			}
			return out, nil
		},
	}, in)
}

// groupOf is the common prefix under which a list with a delimiter has a key; empty for a key that stands for itself.
func groupOf(key, prefix, delimiter string) string {
	if delimiter == "" || !strings.HasPrefix(key, prefix) {
		return ""
	}
	i := strings.Index(key[len(prefix):], delimiter)
	if i < 0 {
		return ""
	}
	return key[:len(prefix)+i+len(delimiter)]
}

// versionsFrom are the versions of keys with a prefix that come after a version of a key, or after all of a key's.
func (b *bucket) versionsFrom(prefix, key, id string) iter.Seq[*version] {
	var rest []*version // of the key itself
	if key != "" && id != "" && strings.HasPrefix(key, prefix) {
		all := b.byKey[key]
		if i := slices.IndexFunc(all, func(v *version) bool { return v.id == id }); i >= 0 {
			rest = all[i+1:]
		}
	}
	return func(yield func(*version) bool) {
		for _, v := range rest {
			if !yield(v) {
				return
			}
		}
		for k := range b.keysFrom(prefix, key) {
			for _, v := range b.byKey[k] {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// Model lists objects with sizes that a function makes of their keys and their own sizes.
func (s *Service) Model(size func(key string, size int64) int64) { s.size = size }

// listed is the size with which lists have the version.
func (s *Service) listed(v *version) int64 {
	if s.size == nil {
		return v.size
	}
	return s.size(v.key, v.size)
}
