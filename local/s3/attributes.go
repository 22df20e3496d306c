package s3

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

// GetObjectAttributes tells of an object what is asked for, its checksum and its parts among it. The parts themselves are told where they
// have checksums of their own, and else how many they are.
func (s *Service) GetObjectAttributes(ctx context.Context, in *s3.GetObjectAttributesInput, _ ...func(*s3.Options)) (*s3.GetObjectAttributesOutput, error) {
	ctx = s.door.Session(ctx)
	in = door.Given(in)
	needs := s.readNeeds(in.Bucket, in.Key, in.VersionId)
	needs = append(needs, door.Request{Action: needs[0].Action + "Attributes", Resource: needs[0].Resource, Keys: needs[0].Keys})
	var read *version
	out, err := door.Call(ctx, s.door, door.Op[s3.GetObjectAttributesInput, s3.GetObjectAttributesOutput]{
		Service: "s3", Action: "GetObjectAttributes", Needs: needs, Takes: []string{"Bucket", "Key", "VersionId", "ObjectAttributes", "MaxParts", "PartNumberMarker"},
		Usage: []door.Usage{{Item: "s3.read", Quantity: 1}},
		Do: func(ctx context.Context, in *s3.GetObjectAttributesInput) (*s3.GetObjectAttributesOutput, error) {
			if err := checkAttributes(in.ObjectAttributes); err != nil {
				return nil, err
			}
			b, v, err := s.locate(ctx, in.Bucket, in.Key, in.VersionId)
			if err != nil {
				return nil, err
			}
			if err := s.useKey(ctx, b, v.key, v.header, "kms:Decrypt"); err != nil {
				return nil, err
			}
			read = v
			out := &s3.GetObjectAttributesOutput{LastModified: &v.modified, VersionId: b.shown(v)}
			for _, name := range in.ObjectAttributes {
				switch name {
				case types.ObjectAttributesEtag:
					out.ETag = aws.String(strings.Trim(v.etag, `"`))
				case types.ObjectAttributesStorageClass:
					out.StorageClass = types.StorageClassStandard
				case types.ObjectAttributesObjectSize:
					out.ObjectSize = &v.size
				case types.ObjectAttributesChecksum:
					c, err := b.checksumOf(v)
					if err != nil {
						return nil, err
					}
					out.Checksum = &types.Checksum{}
					c.tell(out.Checksum, c.text())
				case types.ObjectAttributesObjectParts:
					if out.ObjectParts, err = v.attributesOfParts(in); err != nil {
						return nil, err
					}
				}
			}
			return out, nil
		},
	}, in)
	a := Access{API: "GetObjectAttributes", Bucket: aws.ToString(in.Bucket), Key: aws.ToString(in.Key), ReadOnly: true, Err: err}
	s.tell(ctx, a.of(read))
	return out, err
}

func checkAttributes(names []types.ObjectAttributes) error {
	if len(names) == 0 {
		return apiError("InvalidRequest", "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty")
	}
	for _, name := range names {
		if !slices.Contains(name.Values(), name) {
			return apiError("InvalidArgument", "Invalid attribute name specified.")
		}
	}
	return nil
}

// attributesOfParts are the parts of an object, a page of them; nil for one that was uploaded at once.
func (v *version) attributesOfParts(in *s3.GetObjectAttributesInput) (*types.GetObjectAttributesParts, error) {
	if len(v.parts) == 0 {
		return nil, nil
	}
	out := &types.GetObjectAttributesParts{TotalPartsCount: aws.Int32(int32(len(v.parts)))}
	if len(v.checksum.parts) == 0 {
		return out, nil
	}
	after, err := strconv.Atoi(aws.ToString(in.PartNumberMarker))
	if in.PartNumberMarker != nil && (err != nil || after < 0) {
		return nil, apiError("InvalidArgument", "part-number-marker must be an integer")
	}
	most := pageSize(in.MaxParts)
	out.MaxParts, out.PartNumberMarker, out.NextPartNumberMarker = aws.Int32(int32(most)), aws.String(strconv.Itoa(after)), aws.String("0")
	for i := after; i < min(len(v.parts), after+most); i++ {
		part := types.ObjectPart{PartNumber: aws.Int32(int32(i + 1)), Size: &v.parts[i]}
		c := checksum{algorithm: v.checksum.algorithm, sum: v.checksum.parts[i]}
		c.tell(&part, c.text())
		out.Parts = append(out.Parts, part)
		out.NextPartNumberMarker = aws.String(strconv.Itoa(i + 1))
	}
	out.IsTruncated = aws.Bool(after+most < len(v.parts))
	return out, nil
}
