package s3

import (
	"io"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// piece is the bytes of an object that a read asks for, from the first to before the last.
type piece struct {
	from, to int64
	shown    *string // Content-Range; nil for the whole object
}

// piece finds the bytes of a range, or of a part of those that the object was uploaded in: a single upload is its own part 1.
func (v *version) piece(asked *string, part *int32) (piece, error) {
	p := piece{to: v.size}
	switch {
	case asked != nil && part != nil:
		return p, apiError("InvalidRequest", "Cannot specify both Range header and partNumber query parameter")
	case part != nil && (*part < 1 || *part > 10_000):
		return p, apiError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
	case part != nil && int(*part) > max(1, len(v.parts)):
		return p, apiError("InvalidPartNumber", "The requested partnumber is not satisfiable")
	case part != nil && len(v.parts) > 0:
		for _, size := range v.parts[:*part-1] {
			p.from += size
		}
		p.to = p.from + v.parts[*part-1]
	case asked != nil && !strings.HasPrefix(*asked, "bytes="): // another unit is ignored (RFC 9110, 14.2)
		return p, nil
	case asked != nil:
		var ok bool
		if p.from, p.to, ok = parseRange(*asked, v.size); !ok {
			return p, apiError("InvalidRange", "The requested range is not satisfiable")
		}
	}
	if (asked != nil || part != nil) && v.size > 0 {
		p.shown = aws.String("bytes " + strconv.FormatInt(p.from, 10) + "-" + strconv.FormatInt(p.to-1, 10) + "/" + strconv.FormatInt(v.size, 10))
	}
	return p, nil
}

// partsCount is how many parts an object was uploaded in, which only a read of one of them is told.
func (v *version) partsCount(asked *int32) *int32 {
	if asked == nil || len(v.parts) == 0 {
		return nil
	}
	return aws.Int32(int32(len(v.parts)))
}

// openPiece opens a piece of an object.
func (s *store) openPiece(v *version, p piece) (io.ReadCloser, error) {
	f, err := s.open(v)
	if err != nil || p.shown == nil {
		return f, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, p.from, p.to-p.from), f}, nil
}

// parseRange reads "bytes=0-99", "bytes=100-" and "bytes=-100" as a half-open interval.
func parseRange(s string, size int64) (from, to int64, ok bool) {
	first, last, cut := strings.Cut(strings.TrimPrefix(s, "bytes="), "-")
	if !strings.HasPrefix(s, "bytes=") || !cut || size == 0 {
		return 0, 0, false
	}
	if first == "" {
		n, err := strconv.ParseInt(last, 10, 64)
		return max(0, size-n), size, err == nil && n > 0
	}
	from, err := strconv.ParseInt(first, 10, 64)
	if err != nil || from < 0 || from >= size {
		return 0, 0, false
	}
	if last == "" {
		return from, size, true
	}
	to, err = strconv.ParseInt(last, 10, 64)
	return from, min(to+1, size), err == nil && to >= from
}
