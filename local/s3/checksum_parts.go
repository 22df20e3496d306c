package s3

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// begin takes the algorithm and type of the checksums of an upload in parts. Without them its object gets the default checksum, whatever
// its parts are sent with.
func (u *upload) begin(in *s3.CreateMultipartUploadInput) error {
	u.algorithm, u.kind = in.ChecksumAlgorithm, in.ChecksumType
	_, whole := polynomials[u.algorithm]
	switch {
	case u.algorithm == "" && u.kind != "":
		return apiError("InvalidRequest", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
	case u.algorithm == "":
		return nil
	case strings.HasPrefix(string(u.algorithm), "XXHASH"):
		return notImplemented("the checksum algorithm " + string(u.algorithm))
	case NewChecksum(u.algorithm) == nil:
		return apiError("InvalidRequest", "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
	case u.kind == "" && u.algorithm == nvme:
		u.kind = types.ChecksumTypeFullObject
	case u.kind == "":
		u.kind = types.ChecksumTypeComposite
	case u.kind == types.ChecksumTypeComposite && u.algorithm == nvme, u.kind == types.ChecksumTypeFullObject && !whole:
		return apiError("InvalidRequest", "The %s checksum type cannot be used with the %s checksum algorithm.", u.kind, strings.ToLower(string(u.algorithm)))
	}
	return nil
}

// take takes the checksum that comes with a part. Where the object's is one of its whole bytes, a part may come without.
func (u *upload) take(data content, in *s3.UploadPartInput) (checksum, error) {
	c, err := data.check(in, in.ChecksumAlgorithm)
	switch {
	case err != nil || u.algorithm == c.algorithm || u.algorithm == "":
		return c, err
	case c.algorithm == "" && u.kind == types.ChecksumTypeFullObject:
		return data.full(u.algorithm)
	case c.algorithm == "":
		c.algorithm = "null"
	}
	return c, apiError("InvalidRequest", "Checksum Type mismatch occurred, expected checksum Type: %s, actual checksum Type: %s", strings.ToLower(string(u.algorithm)), strings.ToLower(string(c.algorithm)))
}

// checkPart refuses a part of the list that completes an upload whose checksum is not that of the part.
func (u *upload) checkPart(p types.CompletedPart, part content) error {
	said := given(&p)
	text, ok := said[u.algorithm]
	switch {
	case ok && text != part.checksum.text(), u.algorithm == "" && len(said) > 0:
		return noPart()
	case ok || u.kind != types.ChecksumTypeComposite:
		return nil
	}
	for a := range said {
		return apiError("BadDigest", "The %s you specified for part %d did not match what we received.", strings.ToLower(string(a)), *p.PartNumber)
	}
	return apiError("InvalidRequest", "The upload was created using a %s checksum. The complete request must include the checksum for each part. It was missing for part %d in the request.",
		strings.ToLower(string(u.algorithm)), *p.PartNumber)
}

// whole is the checksum of the object that the parts make, with what the request says of it, which must be right.
func (u *upload) whole(in *s3.CompleteMultipartUploadInput, data content) (checksum, error) {
	if in.MpuObjectSize != nil && *in.MpuObjectSize != data.size {
		return checksum{}, apiError("InvalidRequest", "The provided 'x-amz-mp-object-size' header value %d does not match what was computed: %d", *in.MpuObjectSize, data.size)
	}
	c, err := u.combine(in.MultipartUpload.Parts, data)
	if err != nil || u.algorithm == "" {
		return c, err
	}
	for a, text := range given(in) {
		right := text == c.shown() || u.kind == types.ChecksumTypeComposite && text == c.text()
		// One of the whole bytes counts only with its type (recorded).
		if a != u.algorithm || !right || u.kind == types.ChecksumTypeFullObject && in.ChecksumType == "" {
			return c, apiError("BadDigest", "The %s you specified did not match the calculated checksum.", strings.ToLower(string(u.algorithm)))
		}
	}
	return c, nil
}

// combine makes the object's checksum of those of its parts.
func (u *upload) combine(list []types.CompletedPart, data content) (checksum, error) {
	c := checksum{algorithm: u.algorithm, kind: u.kind}
	if u.algorithm == "" {
		c.algorithm, c.kind = nvme, types.ChecksumTypeFullObject
	}
	h := NewChecksum(c.algorithm)
	for _, p := range list {
		part := u.parts[*p.PartNumber]
		sum := part.nvme
		if u.algorithm != "" {
			sum = part.checksum.sum
		}
		switch {
		case sum == nil: // the part comes from a world that kept none
			return data.full(c.algorithm)
		case c.kind == types.ChecksumTypeComposite:
			h.Write(sum)
			c.parts = append(c.parts, sum)
		case c.sum == nil:
			c.sum = sum
		default:
			c.sum = joined(c.algorithm, c.sum, sum, part.size)
		}
	}
	if c.kind == types.ChecksumTypeComposite {
		c.sum = h.Sum(nil)
	}
	return c, nil
}

// sameKind refuses to complete an upload with another type of checksum than it was begun with.
func (u *upload) sameKind(kind types.ChecksumType) error {
	if kind == "" || kind == u.kind {
		return nil
	}
	was := string(u.kind)
	if was == "" {
		was = "null"
	}
	return apiError("InvalidRequest", "The upload was created using the %s checksum mode. The complete request must use the same checksum mode.", was)
}

func noPart() error {
	return apiError("InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
}

// partChecksum is a part's checksum as lists and answers have it: none of an upload with the default one.
func (u *upload) partChecksum(c content, v any) {
	if u.algorithm != "" {
		checksum{algorithm: u.algorithm, sum: c.checksum.sum}.tell(v, c.checksum.text())
	}
}
