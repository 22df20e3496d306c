package wire_test

import (
	"bytes"
	"encoding/base64"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local"
	"airline/local/wire"
)

// sums is a client that sends no checksum by itself, and one bucket.
func sums(t *testing.T) (*served, *s3.Client, *string) {
	t.Helper()
	s, _ := noStack(t, wire.Options{})
	client := s3.NewFromConfig(s.as("operator"), func(o *s3.Options) {
		o.UsePathStyle, o.RequestChecksumCalculation, o.ResponseChecksumValidation = true, aws.RequestChecksumCalculationWhenRequired, aws.ResponseChecksumValidationWhenRequired
	})
	bucket := aws.String("sums")
	must[*s3.CreateBucketOutput](t)(client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: bucket}))
	must[*s3.PutBucketVersioningOutput](t)(client.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}))
	return s, client, bucket
}

// The checksum that an object was put with is given back by whatever tells of it. The values are AWS's (recorded by LocalStack's tests).
func TestChecksumsAreGivenBack(t *testing.T) {
	_, client, bucket := sums(t)
	ctx, key := t.Context(), aws.String("k")
	for _, c := range []struct {
		algorithm types.ChecksumAlgorithm // "": nothing is sent
		kept      types.ChecksumAlgorithm
		want      string
	}{
		{"", types.ChecksumAlgorithmCrc64nvme, "qUVrWYOrIAM="},
		{types.ChecksumAlgorithmCrc64nvme, types.ChecksumAlgorithmCrc64nvme, "qUVrWYOrIAM="},
		{types.ChecksumAlgorithmSha256, types.ChecksumAlgorithmSha256, "2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik="},
	} {
		put := must[*s3.PutObjectOutput](t)(client.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("test data.."), ChecksumAlgorithm: c.algorithm}))
		head := must[*s3.HeadObjectOutput](t)(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key, ChecksumMode: types.ChecksumModeEnabled}))
		silent := must[*s3.HeadObjectOutput](t)(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: key}))
		told := must[*s3.GetObjectAttributesOutput](t)(client.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{Bucket: bucket, Key: key, ObjectAttributes: types.ObjectAttributes("").Values()}))
		get := must[*s3.GetObjectOutput](t)(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, ChecksumMode: types.ChecksumModeEnabled}))
		part := must[*s3.GetObjectOutput](t)(client.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, ChecksumMode: types.ChecksumModeEnabled, Range: aws.String("bytes=0-3")}))
		get.Body.Close()
		part.Body.Close()
		values := func(nvme, sha *string) string { return aws.ToString(nvme) + aws.ToString(sha) }
		for what, got := range map[string]string{
			"PutObject": values(put.ChecksumCRC64NVME, put.ChecksumSHA256), "HeadObject": values(head.ChecksumCRC64NVME, head.ChecksumSHA256),
			"GetObject": values(get.ChecksumCRC64NVME, get.ChecksumSHA256), "GetObjectAttributes": values(told.Checksum.ChecksumCRC64NVME, told.Checksum.ChecksumSHA256),
		} {
			if got != c.want {
				t.Errorf("%q: %s gives %s, want %s", c.algorithm, what, got, c.want)
			}
		}
		if none := values(silent.ChecksumCRC64NVME, silent.ChecksumSHA256) + values(part.ChecksumCRC64NVME, part.ChecksumSHA256); none != "" || put.ChecksumType != types.ChecksumTypeFullObject || head.ChecksumType != put.ChecksumType {
			t.Errorf("%q: unasked or of a range it is %s; of the types %s and %s", c.algorithm, none, put.ChecksumType, head.ChecksumType)
		}
		if *told.ObjectSize != 11 || told.StorageClass != types.StorageClassStandard || told.ObjectParts != nil || *told.ETag != strings.Trim(*head.ETag, `"`) {
			t.Errorf("the attributes are %+v", told)
		}
		list := must[*s3.ListObjectsV2Output](t)(client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: key})).Contents[0]
		versions := must[*s3.ListObjectVersionsOutput](t)(client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket, Prefix: key})).Versions[0]
		if list.ChecksumAlgorithm[0] != c.kept || versions.ChecksumAlgorithm[0] != c.kept || list.ChecksumType != types.ChecksumTypeFullObject || versions.ChecksumType != list.ChecksumType {
			t.Errorf("%q: listed as %v and %v", c.algorithm, list.ChecksumAlgorithm, versions.ChecksumAlgorithm)
		}
		for algorithm, want := range map[types.ChecksumAlgorithm]string{"": c.want, types.ChecksumAlgorithmCrc32: crcText("test data..")} {
			made := must[*s3.CopyObjectOutput](t)(client.CopyObject(ctx, &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copy"), CopySource: aws.String(*bucket + "/k"), ChecksumAlgorithm: algorithm})).CopyObjectResult
			if got := values(made.ChecksumCRC64NVME, made.ChecksumSHA256) + aws.ToString(made.ChecksumCRC32); got != want {
				t.Errorf("%q: a copy with %q has %s, want %s", c.algorithm, algorithm, got, want)
			}
		}
	}
}

func crcText(s string) string {
	h := crc32.NewIEEE()
	io.WriteString(h, s)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// uploadOf makes an object of parts, and gives what completed it.
func uploadOf(t *testing.T, client *s3.Client, bucket *string, key string, in s3.CreateMultipartUploadInput, sent types.ChecksumAlgorithm, data ...[]byte) *s3.CompleteMultipartUploadOutput {
	t.Helper()
	in.Bucket, in.Key = bucket, &key
	begun := must[*s3.CreateMultipartUploadOutput](t)(client.CreateMultipartUpload(t.Context(), &in))
	var list []types.CompletedPart
	for i, d := range data {
		out := must[*s3.UploadPartOutput](t)(client.UploadPart(t.Context(), &s3.UploadPartInput{Bucket: bucket, Key: &key, UploadId: begun.UploadId, PartNumber: aws.Int32(int32(i + 1)), Body: bytes.NewReader(d), ChecksumAlgorithm: sent}))
		p := types.CompletedPart{PartNumber: aws.Int32(int32(i + 1)), ETag: out.ETag}
		if in.ChecksumAlgorithm != "" {
			p.ChecksumCRC32, p.ChecksumCRC32C, p.ChecksumCRC64NVME, p.ChecksumSHA256 = out.ChecksumCRC32, out.ChecksumCRC32C, out.ChecksumCRC64NVME, out.ChecksumSHA256
		}
		list = append(list, p)
	}
	parts := must[*s3.ListPartsOutput](t)(client.ListParts(t.Context(), &s3.ListPartsInput{Bucket: bucket, Key: &key, UploadId: begun.UploadId}))
	if parts.ChecksumAlgorithm != in.ChecksumAlgorithm || begun.ChecksumAlgorithm != in.ChecksumAlgorithm || parts.ChecksumType != begun.ChecksumType || aws.ToString(parts.Parts[0].ChecksumCRC32) != aws.ToString(list[0].ChecksumCRC32) {
		t.Errorf("%s: the parts are listed as %+v", key, parts)
	}
	return must[*s3.CompleteMultipartUploadOutput](t)(client.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{Bucket: bucket, Key: &key, UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: list}}))
}

// An object of parts has a checksum of its bytes, or one of its parts' checksums. The values are AWS's (recorded by LocalStack's tests):
// two parts of 5 MiB and a byte, and one of 10 bytes.
func TestChecksumsOfParts(t *testing.T) {
	_, client, bucket := sums(t)
	ctx := t.Context()
	data := [][]byte{bytes.Repeat([]byte("a"), 5<<20+1), bytes.Repeat([]byte("a"), 5<<20+1), bytes.Repeat([]byte("a"), 10)}
	crc32s, nvme := types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc64nvme

	composite := uploadOf(t, client, bucket, "composite", s3.CreateMultipartUploadInput{ChecksumAlgorithm: crc32s}, crc32s, data...)
	if aws.ToString(composite.ChecksumCRC32) != "5FRUiw==-3" || composite.ChecksumType != types.ChecksumTypeComposite {
		t.Errorf("got %+v", composite)
	}
	full := uploadOf(t, client, bucket, "full", s3.CreateMultipartUploadInput{ChecksumAlgorithm: nvme}, nvme, data...)
	if aws.ToString(full.ChecksumCRC64NVME) != "ZMNX55lZurA=" || full.ChecksumType != types.ChecksumTypeFullObject {
		t.Errorf("got %+v", full)
	}
	whole := uploadOf(t, client, bucket, "whole", s3.CreateMultipartUploadInput{ChecksumAlgorithm: crc32s, ChecksumType: types.ChecksumTypeFullObject}, "", data...)
	if aws.ToString(whole.ChecksumCRC32) != "qSEQSA==" {
		t.Errorf("got %+v", whole)
	}
	for _, sent := range []types.ChecksumAlgorithm{"", types.ChecksumAlgorithmSha256} {
		if made := uploadOf(t, client, bucket, "default", s3.CreateMultipartUploadInput{}, sent, data...); aws.ToString(made.ChecksumCRC64NVME) != "ZMNX55lZurA=" || made.ChecksumType != types.ChecksumTypeFullObject {
			t.Errorf("parts with %q: got %+v", sent, made)
		}
	}
	copied := must[*s3.CopyObjectOutput](t)(client.CopyObject(ctx, &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copy"), CopySource: aws.String(*bucket + "/composite")})).CopyObjectResult
	if aws.ToString(copied.ChecksumCRC32) != "qSEQSA==" || copied.ChecksumType != types.ChecksumTypeFullObject {
		t.Errorf("the copy has %+v", copied)
	}
	for key, want := range map[string]string{"composite": "TBHN8A== COMPOSITE", "full": " "} {
		part := must[*s3.HeadObjectOutput](t)(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: &key, PartNumber: aws.Int32(3), ChecksumMode: types.ChecksumModeEnabled}))
		if got := aws.ToString(part.ChecksumCRC32) + aws.ToString(part.ChecksumCRC64NVME) + " " + string(part.ChecksumType); got != want {
			t.Errorf("the last part of %s has %s, want %s", key, got, want)
		}
		told := must[*s3.GetObjectAttributesOutput](t)(client.GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{Bucket: bucket, Key: &key, MaxParts: aws.Int32(1), PartNumberMarker: aws.String("1"),
			ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesChecksum, types.ObjectAttributesObjectParts}}))
		switch p := told.ObjectParts; {
		case aws.ToInt32(p.TotalPartsCount) != 3 || told.ETag != nil || told.ObjectSize != nil:
			t.Errorf("%s has the attributes %+v", key, told)
		case key == "full":
			if len(p.Parts) != 0 || aws.ToString(told.Checksum.ChecksumCRC64NVME) != "ZMNX55lZurA=" {
				t.Errorf("%s has %+v", key, told.Checksum)
			}
		case len(p.Parts) != 1 || *p.Parts[0].PartNumber != 2 || aws.ToString(p.Parts[0].ChecksumCRC32) != "NRU+Sw==" || *p.Parts[0].Size != 5<<20+1 || !*p.IsTruncated || *p.NextPartNumberMarker != "2" || aws.ToString(told.Checksum.ChecksumCRC32) != "5FRUiw==":
			t.Errorf("%s has the parts %+v of %+v", key, p, told.Checksum)
		}
	}
}

// What is not right about checksums is refused as S3 refuses it (recorded by LocalStack's tests).
func TestChecksumsAreRefused(t *testing.T) {
	s, client, bucket := sums(t)
	ctx, key := t.Context(), aws.String("k")
	create := func(a types.ChecksumAlgorithm, kind types.ChecksumType) (*s3.CreateMultipartUploadOutput, error) {
		return client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: key, ChecksumAlgorithm: a, ChecksumType: kind})
	}
	abc := func(upload *string, in s3.UploadPartInput) (*s3.UploadPartOutput, error) {
		in.Bucket, in.Key, in.UploadId, in.PartNumber, in.Body = bucket, key, upload, aws.Int32(1), strings.NewReader("abc")
		return client.UploadPart(ctx, &in)
	}
	full := must[*s3.CreateMultipartUploadOutput](t)(create(types.ChecksumAlgorithmCrc32c, types.ChecksumTypeFullObject)).UploadId
	composite := must[*s3.CreateMultipartUploadOutput](t)(create(types.ChecksumAlgorithmCrc32, "")).UploadId
	plain := must[*s3.CreateMultipartUploadOutput](t)(create("", "")).UploadId
	tag := must[*s3.UploadPartOutput](t)(abc(full, s3.UploadPartInput{ChecksumAlgorithm: types.ChecksumAlgorithmCrc32c})).ETag
	must[*s3.UploadPartOutput](t)(abc(composite, s3.UploadPartInput{ChecksumAlgorithm: types.ChecksumAlgorithmCrc32}))
	must[*s3.UploadPartOutput](t)(abc(plain, s3.UploadPartInput{}))
	complete := func(upload *string, p types.CompletedPart, in s3.CompleteMultipartUploadInput) error {
		p.PartNumber, p.ETag = aws.Int32(1), tag
		in.Bucket, in.Key, in.UploadId, in.MultipartUpload = bucket, key, upload, &types.CompletedMultipartUpload{Parts: []types.CompletedPart{p}}
		return second(client.CompleteMultipartUpload(ctx, &in))
	}
	right := aws.String("Nks/tw==")
	for want, err := range map[string]error{
		"The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.":                                                              second(create("", types.ChecksumTypeComposite)),
		"The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.":                                                                      second(create(types.ChecksumAlgorithmCrc64nvme, types.ChecksumTypeComposite)),
		"The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.":                                                                         second(create(types.ChecksumAlgorithmSha1, types.ChecksumTypeFullObject)),
		"Checksum Type mismatch occurred, expected checksum Type: crc32c, actual checksum Type: crc32":                                                           second(abc(full, s3.UploadPartInput{ChecksumAlgorithm: types.ChecksumAlgorithmCrc32})),
		"Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: null":                                                             second(abc(composite, s3.UploadPartInput{})),
		"Value for x-amz-checksum-sha256 header is invalid.":                                                                                                     second(abc(plain, s3.UploadPartInput{ChecksumSHA256: aws.String("abc")})),
		"The upload was created using the FULL_OBJECT checksum mode. The complete request must use the same checksum mode.":                                      complete(full, types.CompletedPart{ChecksumCRC32C: right}, s3.CompleteMultipartUploadInput{ChecksumType: types.ChecksumTypeComposite}),
		"The upload was created using the null checksum mode. The complete request must use the same checksum mode.":                                             complete(plain, types.CompletedPart{}, s3.CompleteMultipartUploadInput{ChecksumType: types.ChecksumTypeComposite}),
		"The crc32c you specified did not match the calculated checksum.":                                                                                        complete(full, types.CompletedPart{ChecksumCRC32C: right}, s3.CompleteMultipartUploadInput{ChecksumCRC32C: right}),
		"One or more of the specified parts could not be found.":                                                                                                 complete(plain, types.CompletedPart{ChecksumCRC32C: right}, s3.CompleteMultipartUploadInput{}),
		"The sha256 you specified for part 1 did not match what we received.":                                                                                    complete(composite, types.CompletedPart{ChecksumSHA256: aws.String(strings.Repeat("A", 43) + "=")}, s3.CompleteMultipartUploadInput{}),
		"The upload was created using a crc32 checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.": complete(composite, types.CompletedPart{}, s3.CompleteMultipartUploadInput{}),
		"The provided 'x-amz-mp-object-size' header value 4 does not match what was computed: 3":                                                                 complete(plain, types.CompletedPart{}, s3.CompleteMultipartUploadInput{MpuObjectSize: aws.Int64(4)}),
		"The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty":                                                answerError(s.send(t, "s3", http.MethodGet, "/"+*bucket+"/k", "attributes", nil, "").Body.String()),
		"Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.":                                                                    answerError(s.send(t, "s3", http.MethodPut, "/"+*bucket+"/k", "", map[string]string{"X-Amz-Checksum-Crc32": "NSRBwg==", "X-Amz-Checksum-Crc32c": *right}, "abc").Body.String()),
		"x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.":                                     answerError(s.send(t, "s3", http.MethodPut, "/"+*bucket+"/k", "", map[string]string{"X-Amz-Sdk-Checksum-Algorithm": "CRC32"}, "abc").Body.String()),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := complete(full, types.CompletedPart{ChecksumCRC32C: right}, s3.CompleteMultipartUploadInput{ChecksumCRC32C: right, ChecksumType: types.ChecksumTypeFullObject}); err != nil {
		t.Error(err)
	}
}

// answerError is an answer in XML as an error.
type answerError string

func (e answerError) Error() string { return strings.ReplaceAll(string(e), "&#39;", "'") }

// The next process gives the same checksums, of bodies that are files too.
func TestChecksumsAreKept(t *testing.T) {
	dir := t.TempDir()
	s, _, err := keptIn(t, dir, local.Options{Graph: none})
	if err != nil {
		t.Fatal(err)
	}
	ctx, bucket := t.Context(), aws.String("kept-sums")
	must[*s3.CreateBucketOutput](t)(s.s3("operator").CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}))
	quiet := s3.NewFromConfig(s.as("operator"), func(o *s3.Options) {
		o.UsePathStyle, o.RequestChecksumCalculation = true, aws.RequestChecksumCalculationWhenRequired
	})
	for key, size := range map[string]int{"small": 10, "large": 1 << 20} {
		must[*s3.PutObjectOutput](t)(quiet.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: bytes.NewReader(make([]byte, size))}))
		must[*s3.PutObjectOutput](t)(quiet.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: aws.String(key + "-sha"), Body: bytes.NewReader(make([]byte, size)), ChecksumAlgorithm: types.ChecksumAlgorithmSha256}))
	}
	uploadOf(t, quiet, bucket, "parts", s3.CreateMultipartUploadInput{ChecksumAlgorithm: types.ChecksumAlgorithmCrc32}, types.ChecksumAlgorithmCrc32, make([]byte, 5<<20), make([]byte, 3))
	told := func(s *served) (all string) {
		for _, o := range must[*s3.ListObjectsV2Output](t)(s.s3("operator").ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket})).Contents {
			h := must[*s3.HeadObjectOutput](t)(s.s3("operator").HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: o.Key, ChecksumMode: types.ChecksumModeEnabled}))
			all += *o.Key + " " + aws.ToString(h.ChecksumCRC32) + aws.ToString(h.ChecksumCRC64NVME) + aws.ToString(h.ChecksumSHA256) + "\n"
		}
		return all
	}
	want := told(s)
	again, _, err := keptIn(t, asKilled(t, dir), local.Options{Graph: none})
	if err != nil {
		t.Fatal(err)
	}
	if got := told(again); got != want || strings.Count(want, "=") < 5 {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
