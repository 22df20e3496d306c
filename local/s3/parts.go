package s3

import (
	"cmp"
	"context"
	"crypto/md5"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/minio/crc64nvme"

	"airline/local/door"
)

// UploadPartCopy makes a part of an object, or of a range of its bytes.
func (s *Service) UploadPartCopy(ctx context.Context, in *s3.UploadPartCopyInput, _ ...func(*s3.Options)) (*s3.UploadPartCopyOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	from, key, id, sourceErr := copySource(aws.ToString(in.CopySource))
	needs := append(s.readNeeds(&from, &key, id), door.Request{Action: "s3:PutObject", Resource: s.objectARN(in.Bucket, in.Key)})
	out, err := door.Call(ctx, s.door, door.Op[s3.UploadPartCopyInput, s3.UploadPartCopyOutput]{
		Service: "s3", Action: "UploadPartCopy", Needs: needs,
		Takes: []string{"Bucket", "Key", "CopySource", "CopySourceRange", "PartNumber", "UploadId",
			"CopySourceIfMatch", "CopySourceIfNoneMatch", "CopySourceIfModifiedSince", "CopySourceIfUnmodifiedSince"},
		Latency: transfer(60*time.Millisecond, s.sizeOf(&from, &key, id)),
		Usage:   []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.UploadPartCopyInput) (*s3.UploadPartCopyOutput, error) {
			if sourceErr != nil {
				return nil, sourceErr
			}
			b, u, err := s.part(in.Bucket, in.Key, in.UploadId, in.PartNumber)
			if err != nil {
				return nil, err
			}
			src, v, err := s.locate(ctx, &from, &key, id)
			if err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, src, v.key, v.header, "kms:Decrypt"); err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, b, u.key, u.header, "kms:GenerateDataKey", "kms:Decrypt"); err != nil {
				return nil, err
			}
			if err := (condition{in.CopySourceIfMatch, in.CopySourceIfNoneMatch, in.CopySourceIfModifiedSince, in.CopySourceIfUnmodifiedSince}).checkSource(v); err != nil {
				return nil, err
			}
			first, end := int64(0), v.size
			if in.CopySourceRange != nil {
				var ok bool
				if first, end, ok = parseRange(*in.CopySourceRange, v.size); !ok || strings.HasPrefix(*in.CopySourceRange, "bytes=-") {
					return nil, apiError("InvalidArgument", "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy")
				}
			}
			if end-first > largestCopy {
				return nil, tooLargeToCopy()
			}
			from, err := src.open(v)
			if err != nil {
				return nil, err
			}
			defer from.Close()
			data, err := s.cut(io.NewSectionReader(from, first, end-first))
			if err != nil {
				return nil, err
			}
			if u.algorithm != "" {
				if data.checksum, err = data.full(u.algorithm); err != nil {
					data.discard()
					return nil, err
				}
			}
			u.parts[*in.PartNumber].discard()
			u.parts[*in.PartNumber] = data
			result := &types.CopyPartResult{ETag: aws.String(data.tag()), LastModified: aws.Time(s.door.Now())}
			u.partChecksum(data, result)
			return &s3.UploadPartCopyOutput{CopySourceVersionId: src.shown(v), CopyPartResult: result}, nil
		},
	}, in)
	s.tell(ctx, Access{API: "UploadPartCopy", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), Err: err})
	return out, err
}

// cut copies bytes into a file of their own.
func (s *Service) cut(from *io.SectionReader) (content, error) {
	dir, err := s.Spool()
	if err != nil {
		return content{}, err
	}
	to, err := os.CreateTemp(dir, "part-*")
	if err != nil {
		return content{}, err
	}
	sum, nvme := md5.New(), crc64nvme.New()
	_, err = io.Copy(io.MultiWriter(to, sum, nvme), from)
	if closed := to.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(to.Name())
		return content{}, err
	}
	return content{file: to.Name(), size: from.Size(), sum: sum, nvme: nvme.Sum(nil)}, nil
}

// ListParts lists the parts of an upload that is not complete.
func (s *Service) ListParts(ctx context.Context, in *s3.ListPartsInput, _ ...func(*s3.Options)) (*s3.ListPartsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.ListPartsInput, s3.ListPartsOutput]{
		Service: "s3", Action: "ListParts", Takes: []string{"Bucket", "Key", "UploadId", "MaxParts", "PartNumberMarker"},
		Needs: []door.Request{{Action: "s3:ListMultipartUploadParts", Resource: s.objectARN(in.Bucket, in.Key)}},
		Usage: []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(_ context.Context, in *s3.ListPartsInput) (*s3.ListPartsOutput, error) {
			_, u, err := s.upload(in.Bucket, in.Key, in.UploadId)
			if err != nil {
				return nil, err
			}
			most := int32(pageSize(in.MaxParts))
			after, err := strconv.Atoi(aws.ToString(in.PartNumberMarker))
			if in.PartNumberMarker != nil && err != nil {
				return nil, apiError("InvalidArgument", "part-number-marker must be an integer")
			}
			out := &s3.ListPartsOutput{Bucket: in.Bucket, Key: in.Key, UploadId: in.UploadId, MaxParts: &most, PartNumberMarker: in.PartNumberMarker, IsTruncated: aws.Bool(false),
				StorageClass: types.StorageClassStandard, Parts: []types.Part{}, ChecksumAlgorithm: u.algorithm, ChecksumType: u.kind}
			for _, n := range slices.Sorted(maps.Keys(u.parts)) {
				if int(n) <= after {
					continue
				}
				if len(out.Parts) == int(most) {
					out.IsTruncated = aws.Bool(true)
					break
				}
				part := types.Part{PartNumber: &n, Size: aws.Int64(u.parts[n].size), ETag: aws.String(u.parts[n].tag()), LastModified: aws.Time(u.begun)}
				u.partChecksum(u.parts[n], &part)
				out.Parts = append(out.Parts, part)
				out.NextPartNumberMarker = aws.String(strconv.Itoa(int(n)))
			}
			return out, nil
		},
	}, in)
}

// ListMultipartUploads lists the uploads of a bucket that are not complete, by key and then by the time at which they began.
func (s *Service) ListMultipartUploads(ctx context.Context, in *s3.ListMultipartUploadsInput, _ ...func(*s3.Options)) (*s3.ListMultipartUploadsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[s3.ListMultipartUploadsInput, s3.ListMultipartUploadsOutput]{
		Service: "s3", Action: "ListMultipartUploads", Takes: []string{"Bucket", "Prefix", "Delimiter", "MaxUploads", "KeyMarker", "UploadIdMarker"},
		Needs: []door.Request{{Action: "s3:ListBucketMultipartUploads", Resource: s.bucketARN(in.Bucket)}},
		Usage: []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(_ context.Context, in *s3.ListMultipartUploadsInput) (*s3.ListMultipartUploadsOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			limit := pageSize(in.MaxUploads)
			out := &s3.ListMultipartUploadsOutput{
				Bucket: in.Bucket, Prefix: in.Prefix, Delimiter: in.Delimiter, KeyMarker: in.KeyMarker, UploadIdMarker: in.UploadIdMarker,
				MaxUploads: aws.Int32(int32(limit)), IsTruncated: aws.Bool(false), Uploads: []types.MultipartUpload{},
			}
			prefix, delimiter, count, group := aws.ToString(in.Prefix), aws.ToString(in.Delimiter), 0, ""
			for _, id := range b.uploadsFrom(prefix, aws.ToString(in.KeyMarker), aws.ToString(in.UploadIdMarker)) {
				u := b.uploads[id]
				own := groupOf(u.key, prefix, delimiter)
				if own != "" && (own == group || own == aws.ToString(in.KeyMarker)) {
					continue
				}
				if count == limit {
					out.IsTruncated = aws.Bool(true)
					break
				}
				count++
				if group = own; group != "" {
					out.CommonPrefixes = append(out.CommonPrefixes, types.CommonPrefix{Prefix: aws.String(group)})
					out.NextKeyMarker, out.NextUploadIdMarker = aws.String(group), nil
					continue
				}
				out.NextKeyMarker, out.NextUploadIdMarker = &u.key, &id
				out.Uploads = append(out.Uploads, types.MultipartUpload{Key: &u.key, UploadId: &id, Initiated: aws.Time(u.begun), StorageClass: types.StorageClassStandard,
					ChecksumAlgorithm: u.algorithm, ChecksumType: u.kind})
			}
			if !*out.IsTruncated {
				out.NextKeyMarker, out.NextUploadIdMarker = nil, nil
			}
			return out, nil
		},
	}, in)
}

// uploadsFrom are the ids of the uploads of keys with a prefix, in their order, after an upload of a key, or after all of a key.
func (b *bucket) uploadsFrom(prefix, key, id string) []string {
	var list []string
	for at, u := range b.uploads {
		if strings.HasPrefix(u.key, prefix) && u.key >= key {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, func(x, y string) int {
		a, b := b.uploads[x], b.uploads[y]
		return cmp.Or(strings.Compare(a.key, b.key), a.begun.Compare(b.begun), strings.Compare(x, y))
	})
	if key == "" {
		return list
	}
	if i := slices.Index(list, id); i >= 0 && b.uploads[id].key == key {
		return list[i+1:]
	}
	return slices.DeleteFunc(list, func(at string) bool { return b.uploads[at].key == key })
}
