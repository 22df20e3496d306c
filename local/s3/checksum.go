package s3

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/minio/crc64nvme"
)

// checksum is what S3 keeps to check the bytes of an object or a part by (S3 User Guide, "Checking object integrity").
type checksum struct {
	algorithm types.ChecksumAlgorithm
	sum       []byte // nil: not computed yet
	kind      types.ChecksumType
	// parts are the checksums of an object's parts where kind is COMPOSITE: sum is that of these one behind the other.
	parts [][]byte
}

// nvme is the algorithm of objects whose uploader names none.
const nvme = types.ChecksumAlgorithmCrc64nvme

// Checksums are the algorithms that are computed; those of XXHash are not. The SDK's members are called "Checksum" and then so.
var Checksums = []types.ChecksumAlgorithm{
	types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc32c, nvme, types.ChecksumAlgorithmSha1, types.ChecksumAlgorithmSha256,
	types.ChecksumAlgorithmSha512, types.ChecksumAlgorithmMd5,
}

// checksumMembers are the members of inputs in which a checksum is given.
var checksumMembers = func() (names []string) {
	for _, a := range Checksums {
		names = append(names, "Checksum"+string(a))
	}
	return names
}()

// NewChecksum begins a checksum; nil is for an algorithm that is not modelled.
func NewChecksum(a types.ChecksumAlgorithm) hash.Hash {
	switch a {
	case types.ChecksumAlgorithmCrc32:
		return crc32.NewIEEE()
	case types.ChecksumAlgorithmCrc32c:
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	case nvme:
		return crc64nvme.New()
	case types.ChecksumAlgorithmSha1:
		return sha1.New()
	case types.ChecksumAlgorithmSha256:
		return sha256.New()
	case types.ChecksumAlgorithmSha512:
		return sha512.New()
	case types.ChecksumAlgorithmMd5:
		return md5.New()
	}
	return nil
}

// polynomials are those of the algorithms whose checksums of parts give that of the whole, reflected, with their bits.
var polynomials = map[types.ChecksumAlgorithm]struct {
	polynomial uint64
	bits       int
}{
	types.ChecksumAlgorithmCrc32: {crc32.IEEE, 32}, types.ChecksumAlgorithmCrc32c: {crc32.Castagnoli, 32}, nvme: {0x9a6c9329ac4bc9b5, 64},
}

// joined is the checksum of bytes and of size others behind them, by those of both (as zlib's crc32_combine): the first is moved on
// by as many zero bytes, which is to multiply it by x to the power of 8 times size.
func joined(a types.ChecksumAlgorithm, first, second []byte, size int64) []byte {
	p := polynomials[a]
	top := uint64(1) << (p.bits - 1)
	times := func(a, b uint64) (product uint64) {
		for bit := top; a != 0; bit >>= 1 {
			if a&bit != 0 {
				product, a = product^b, a&^bit
			}
			if b&1 != 0 {
				b = b>>1 ^ p.polynomial
			} else {
				b >>= 1
			}
		}
		return product
	}
	power := top >> 8 // x to the power of 8; top is 1
	moved := number(first)
	for ; size > 0; size >>= 1 {
		if size&1 != 0 {
			moved = times(power, moved)
		}
		power = times(power, power)
	}
	return binary.BigEndian.AppendUint64(nil, moved^number(second))[8-p.bits/8:]
}

// number is a checksum of at most eight bytes as a number.
func number(sum []byte) (n uint64) {
	for _, b := range sum {
		n = n<<8 | uint64(b)
	}
	return n
}

// text is a checksum as headers and XML have it.
func (c checksum) text() string { return base64.StdEncoding.EncodeToString(c.sum) }

// shown is the text with the number of parts, as answers give the checksum of a whole object.
func (c checksum) shown() string {
	if c.kind == types.ChecksumTypeComposite {
		return c.text() + "-" + strconv.Itoa(len(c.parts))
	}
	return c.text()
}

// places are the indexes of a type's members for checksums, by the order of the algorithms; the last is ChecksumType's. -1 is none.
func places(t reflect.Type) []int {
	if known, ok := placesOf.Load(t); ok {
		return known.([]int)
	}
	list := []int{}
	for _, name := range append(checksumMembers[:len(checksumMembers):len(checksumMembers)], "ChecksumType") {
		at := -1
		if f, ok := t.FieldByName(name); ok {
			at = f.Index[0]
		}
		list = append(list, at)
	}
	placesOf.Store(t, list)
	return list
}

var placesOf sync.Map // type to its places

// given are the checksums in the members of a value of the SDK's, as texts by algorithm.
func given(v any) map[types.ChecksumAlgorithm]string {
	at := reflect.ValueOf(v).Elem()
	list := places(at.Type())
	var all map[types.ChecksumAlgorithm]string
	for i, a := range Checksums {
		if p := list[i]; p >= 0 && !at.Field(p).IsNil() {
			if all == nil {
				all = map[types.ChecksumAlgorithm]string{}
			}
			all[a] = at.Field(p).Elem().String()
		}
	}
	return all
}

// tell puts a checksum into the members of a value of the SDK's; none where there is none.
func (c checksum) tell(v any, text string) {
	if c.sum == nil {
		return
	}
	at := reflect.ValueOf(v).Elem()
	list := places(at.Type())
	for i, a := range Checksums {
		if a == c.algorithm && list[i] >= 0 {
			at.Field(list[i]).Set(reflect.ValueOf(&text))
		}
	}
	if p := list[len(Checksums)]; p >= 0 && c.kind != "" {
		at.Field(p).Set(reflect.ValueOf(c.kind))
	}
}

// ReadChecksum reads a checksum of an algorithm, as the header of it says it.
func ReadChecksum(a types.ChecksumAlgorithm, text string) ([]byte, error) {
	sum, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(sum) != NewChecksum(a).Size() {
		return nil, apiError("InvalidRequest", "Value for x-amz-checksum-%s header is invalid.", strings.ToLower(string(a)))
	}
	return sum, nil
}

// check takes the checksum that a request gives of a body, which must be right. asked is an algorithm that the request names without a
// checksum. Without either it is a checksum with no algorithm.
func (c content) check(in any, asked types.ChecksumAlgorithm) (checksum, error) {
	said := given(in)
	if len(said) > 1 {
		return checksum{}, apiError("InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
	}
	for a, text := range said {
		sum, err := ReadChecksum(a, text)
		if err != nil {
			return checksum{}, err
		}
		if !c.checked {
			if found, _ := c.of(a); string(found) != string(sum) {
				return checksum{}, WrongChecksum(a)
			}
		}
		return checksum{algorithm: a, sum: sum, kind: types.ChecksumTypeFullObject}, nil
	}
	if asked == "" {
		return checksum{}, nil
	}
	return c.full(asked)
}

// WrongChecksum refuses a body with another checksum than was given.
func WrongChecksum(a types.ChecksumAlgorithm) error {
	return apiError("BadDigest", "The %s you specified did not match the calculated checksum.", a)
}

// full is the checksum of the whole bytes by an algorithm.
func (c content) full(a types.ChecksumAlgorithm) (checksum, error) {
	if NewChecksum(a) == nil {
		return checksum{}, notImplemented("the checksum algorithm " + string(a))
	}
	sum, err := c.of(a)
	return checksum{algorithm: a, sum: sum, kind: types.ChecksumTypeFullObject}, err
}

// of computes a checksum of the bytes, unless it is known.
func (c content) of(a types.ChecksumAlgorithm) ([]byte, error) {
	switch {
	case a == c.checksum.algorithm && c.checksum.kind == types.ChecksumTypeFullObject:
		return c.checksum.sum, nil
	case a == nvme && c.nvme != nil:
		return c.nvme, nil
	case c.file == "":
		h := NewChecksum(a)
		h.Write(c.data)
		return h.Sum(nil), nil
	}
	f, err := os.Open(c.file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return sumOf(a, f)
}

func sumOf(a types.ChecksumAlgorithm, r io.Reader) ([]byte, error) {
	h := NewChecksum(a)
	_, err := io.Copy(h, r)
	return h.Sum(nil), err
}

// checksumOf is the checksum of a version. That of one that comes from a world which kept none is computed when it is asked for.
func (s *store) checksumOf(v *version) (checksum, error) {
	if v.checksum.sum != nil {
		return v.checksum, nil
	}
	f, err := s.open(v)
	if err != nil {
		return checksum{}, err
	}
	defer f.Close()
	v.checksum = checksum{algorithm: nvme, kind: types.ChecksumTypeFullObject}
	v.checksum.sum, err = sumOf(nvme, f)
	return v.checksum, err
}

// tellPiece tells the checksum of what a read gives: the object's where that is all of it, and that of a part where the parts have one
// (recorded by LocalStack's tests; S3 gives none for other ranges).
func (s *store) tellPiece(out any, mode types.ChecksumMode, v *version, p piece, part *int32) error {
	if !strings.EqualFold(string(mode), string(types.ChecksumModeEnabled)) {
		return nil
	}
	c, err := s.checksumOf(v)
	switch n := int(aws.ToInt32(part)); {
	case err != nil:
		return err
	case n > 0 && n <= len(c.parts):
		checksum{algorithm: c.algorithm, sum: c.parts[n-1], kind: c.kind}.tell(out, base64.StdEncoding.EncodeToString(c.parts[n-1]))
	case p.to-p.from == v.size:
		c.tell(out, c.shown())
	}
	return nil
}

// listed are the algorithm and type of a version's checksum, as lists have them.
func (c checksum) listed() ([]types.ChecksumAlgorithm, types.ChecksumType) {
	if c.sum == nil { // it will be that when it is asked for
		return []types.ChecksumAlgorithm{nvme}, types.ChecksumTypeFullObject
	}
	return []types.ChecksumAlgorithm{c.algorithm}, c.kind
}
