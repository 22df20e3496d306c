package s3

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

// upload is a multipart upload under way.
type upload struct {
	key    string
	header header
	parts  map[int32]content
	begun  time.Time
	// algorithm and kind are those of the object's checksum; without them it gets the default one.
	algorithm types.ChecksumAlgorithm
	kind      types.ChecksumType
}

// smallestPart is the least size of a part that is not the last (S3 quota).
const smallestPart = 5 << 20

// upload finds an upload in parts that is neither complete nor aborted.
func (s *Service) upload(name, key, id *string) (*bucket, *upload, error) {
	b, err := s.bucket(name)
	if err != nil {
		return nil, nil, err
	}
	u, ok := b.uploads[aws.ToString(id)]
	if !ok || u.key != aws.ToString(key) {
		return nil, nil, &types.NoSuchUpload{Message: aws.String("The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")}
	}
	return b, u, nil
}

// part is where a part of an upload is to go.
func (s *Service) part(name, key, id *string, number *int32) (*bucket, *upload, error) {
	b, u, err := s.upload(name, key, id)
	if err != nil {
		return nil, nil, err
	}
	if n := aws.ToInt32(number); n < 1 || n > 10_000 {
		return nil, nil, apiError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
	}
	return b, u, nil
}

// CreateMultipartUpload begins an upload in parts.
func (s *Service) CreateMultipartUpload(ctx context.Context, in *s3.CreateMultipartUploadInput, _ ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	out, err := door.Call(ctx, s.door, door.Op[s3.CreateMultipartUploadInput, s3.CreateMultipartUploadOutput]{
		Service: "s3", Action: "CreateMultipartUpload",
		Needs: s.writeNeeds(in.Bucket, in.Key, in.Tagging, encryptionKeys(in.ServerSideEncryption, in.SSEKMSKeyId)),
		Takes: []string{"Bucket", "Key", "ContentType", "ContentEncoding", "ContentLanguage", "ContentDisposition", "CacheControl", "Expires", "Metadata", "Tagging", "ACL",
			"ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "SSEKMSEncryptionContext", "ChecksumAlgorithm", "ChecksumType"},
		Usage: []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.CreateMultipartUploadInput) (*s3.CreateMultipartUploadOutput, error) {
			b, err := s.bucket(in.Bucket)
			if err != nil {
				return nil, err
			}
			if err := checkKey(in.Key); err != nil {
				return nil, err
			}
			h, err := s.encryption(b, in.ServerSideEncryption, in.SSEKMSKeyId, in.BucketKeyEnabled)
			if err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, b, *in.Key, h, "kms:GenerateDataKey"); err != nil {
				return nil, err
			}
			if h.context, err = encryptionContext(in.SSEKMSEncryptionContext); err != nil {
				return nil, err
			}
			if err := h.take(said{in.ContentType, in.ContentEncoding, in.ContentLanguage, in.ContentDisposition, in.CacheControl, in.Expires, in.Metadata, in.Tagging}); err != nil {
				return nil, err
			}
			if err := checkACL(in.ACL); err != nil {
				return nil, err
			}
			u := &upload{key: *in.Key, header: h, parts: map[int32]content{}, begun: s.door.Now()}
			if err := u.begin(in); err != nil {
				return nil, err
			}
			id := s.door.UUID()
			b.uploads[id] = u
			return &s3.CreateMultipartUploadOutput{Bucket: in.Bucket, Key: in.Key, UploadId: &id, ChecksumAlgorithm: u.algorithm, ChecksumType: u.kind}, nil
		},
	}, in)
	s.tell(ctx, Access{API: "CreateMultipartUpload", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), Err: err})
	return out, err
}

// UploadPart adds one part, numbered from 1 to 10,000.
func (s *Service) UploadPart(ctx context.Context, in *s3.UploadPartInput, _ ...func(*s3.Options)) (*s3.UploadPartOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	data, err := contentOf(in.Body)
	if err != nil {
		return nil, err
	}
	out, err := door.Call(ctx, s.door, door.Op[s3.UploadPartInput, s3.UploadPartOutput]{
		Service: "s3", Action: "UploadPart",
		Needs:   []door.Request{{Action: "s3:PutObject", Resource: s.objectARN(in.Bucket, in.Key)}},
		Takes:   append([]string{"Bucket", "Key", "Body", "ContentLength", "PartNumber", "UploadId", "ChecksumAlgorithm"}, checksumMembers...),
		Latency: transfer(30*time.Millisecond, data.size),
		Usage:   []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.UploadPartInput) (*s3.UploadPartOutput, error) {
			b, u, err := s.part(in.Bucket, in.Key, in.UploadId, in.PartNumber)
			if err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, b, u.key, u.header, "kms:GenerateDataKey", "kms:Decrypt"); err != nil {
				return nil, err
			}
			if data.checksum, err = u.take(data, in); err != nil {
				return nil, err
			}
			u.parts[*in.PartNumber].discard() // a part that is sent again replaces the earlier one
			u.parts[*in.PartNumber] = data
			out := &s3.UploadPartOutput{ETag: aws.String(data.tag())}
			data.checksum.tell(out, data.checksum.text())
			return out, nil
		},
	}, in)
	if err != nil {
		data.discard()
	}
	s.tell(ctx, Access{API: "UploadPart", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), Sent: data.size, Err: err})
	return out, err
}

// CompleteMultipartUpload makes the object of the parts listed.
func (s *Service) CompleteMultipartUpload(ctx context.Context, in *s3.CompleteMultipartUploadInput, _ ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	var written *version
	out, err := door.Call(ctx, s.door, door.Op[s3.CompleteMultipartUploadInput, s3.CompleteMultipartUploadOutput]{
		Service: "s3", Action: "CompleteMultipartUpload",
		Needs:   []door.Request{{Action: "s3:PutObject", Resource: s.objectARN(in.Bucket, in.Key)}},
		Takes:   append([]string{"Bucket", "Key", "UploadId", "MultipartUpload", "IfMatch", "IfNoneMatch", "MpuObjectSize", "ChecksumType"}, checksumMembers...),
		Latency: 120 * time.Millisecond,
		Usage:   []door.Usage{{Item: "s3.write", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.CompleteMultipartUploadInput) (*s3.CompleteMultipartUploadOutput, error) {
			b, u, err := s.upload(in.Bucket, in.Key, in.UploadId)
			if err != nil {
				return nil, err
			}
			if err := u.sameKind(in.ChecksumType); err != nil {
				return nil, err
			}
			tag, err := u.check(in.MultipartUpload)
			if err != nil {
				return nil, err
			}
			if err := b.writeCondition(in.Key, in.IfMatch, in.IfNoneMatch); err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, b, u.key, u.header, "kms:Decrypt"); err != nil {
				return nil, err
			}
			data, err := u.assemble(in.MultipartUpload)
			if err != nil {
				return nil, err
			}
			sum, err := u.whole(in, data)
			if err == nil {
				written, err = s.write(ctx, b, in.Key, data, u.header, tag, sum)
			}
			if err != nil {
				data.discard()
				return nil, err
			}
			u.discard()
			delete(b.uploads, *in.UploadId)
			out := &s3.CompleteMultipartUploadOutput{Bucket: in.Bucket, Key: in.Key, ETag: &written.etag, VersionId: b.shown(written)}
			out.ServerSideEncryption, out.SSEKMSKeyId, out.BucketKeyEnabled = encryptionOf(written.header)
			if written.header.kmsKey == "" { // of an object under KMS only reads tell it (recorded by LocalStack's tests)
				sum.tell(out, sum.shown())
			}
			return out, nil
		},
	}, in)
	a := Access{
		API: "CompleteMultipartUpload", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), Err: err,
		Parameters: map[string]string{"uploadId": aws.ToString(in.UploadId)},
	}
	s.tell(ctx, a.of(written))
	return out, err
}

// check refuses a list of parts that cannot become an object, and gives the object's tag.
func (u *upload) check(list *types.CompletedMultipartUpload) (string, error) {
	if list == nil || len(list.Parts) == 0 {
		return "", apiError("MalformedXML", "You must specify at least one part")
	}
	tags := md5.New()
	last := int32(0)
	for i, p := range list.Parts {
		n := aws.ToInt32(p.PartNumber)
		part, ok := u.parts[n]
		switch {
		case n <= last:
			return "", apiError("InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
		case !ok || !sameTag(part.tag(), aws.ToString(p.ETag)):
			return "", noPart()
		case i < len(list.Parts)-1 && part.size < smallestPart:
			return "", apiError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
		}
		if err := u.checkPart(p, part); err != nil {
			return "", err
		}
		last = n
		tags.Write(part.sum.Sum(nil))
	}
	return fmt.Sprintf(`"%s-%d"`, hex.EncodeToString(tags.Sum(nil)), len(list.Parts)), nil
}

// assemble puts the listed parts together: in memory where all of them are, else in a file beside the first that is one.
func (u *upload) assemble(list *types.CompletedMultipartUpload) (content, error) {
	whole := content{sum: md5.New()}
	var parts []content
	for _, p := range list.Parts {
		part := u.parts[*p.PartNumber]
		parts = append(parts, part)
		whole.size += part.size
		whole.parts = append(whole.parts, part.size)
		if whole.file == "" && part.file != "" {
			whole.file = part.file + ".whole"
		}
	}
	if whole.file == "" {
		var data bytes.Buffer
		for _, part := range parts {
			data.Write(part.data)
		}
		whole.data = data.Bytes()
		return whole, nil
	}
	f, err := os.Create(whole.file)
	if err != nil {
		return content{}, err
	}
	for _, part := range parts {
		if err := part.copyTo(f); err != nil {
			f.Close()
			whole.discard()
			return content{}, err
		}
	}
	return whole, f.Close()
}

func (u *upload) discard() {
	for _, part := range u.parts {
		part.discard()
	}
}

// AbortMultipartUpload gives an upload up.
func (s *Service) AbortMultipartUpload(ctx context.Context, in *s3.AbortMultipartUploadInput, _ ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	out, err := door.Call(ctx, s.door, door.Op[s3.AbortMultipartUploadInput, s3.AbortMultipartUploadOutput]{
		Service: "s3", Action: "AbortMultipartUpload",
		Needs: []door.Request{{Action: "s3:AbortMultipartUpload", Resource: s.objectARN(in.Bucket, in.Key)}},
		Takes: []string{"Bucket", "Key", "UploadId"},
		Do: func(_ context.Context, in *s3.AbortMultipartUploadInput) (*s3.AbortMultipartUploadOutput, error) {
			b, u, err := s.upload(in.Bucket, in.Key, in.UploadId)
			if err != nil {
				return nil, err
			}
			u.discard()
			delete(b.uploads, *in.UploadId)
			return &s3.AbortMultipartUploadOutput{}, nil
		},
	}, in)
	s.tell(ctx, Access{API: "AbortMultipartUpload", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), Err: err})
	return out, err
}
