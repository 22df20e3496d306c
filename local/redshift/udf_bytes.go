package redshift

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"unicode/utf8"
)

// castagnoli is the polynomial with which the guide's example of CRC32 comes out.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func hashUDFs() []*udf {
	return []*udf{
		plain1("rs_md5", func(b []byte) string { s := md5.Sum(b); return hex.EncodeToString(s[:]) }),
		plain1("rs_sha1", func(b []byte) string { s := sha1.Sum(b); return hex.EncodeToString(s[:]) }),
		udf2("rs_sha2", sha2),
		plain1("rs_crc32", func(b []byte) string { return fmt.Sprintf("%08x", crc32.Checksum(b, castagnoli)) }),
		plain2("rs_fnv_hash", fnv1a),
		plain1("rs_farmfingerprint64", func(b []byte) int64 { return int64(farmFingerprint64(b)) }),
	}
}

// sha2 takes 0 for 256, and answers NULL for a number of bits that there is not ("SHA2 function").
func sha2(b []byte, bits int64) (maybe[string], error) {
	switch bits {
	case 0, 256:
		s := sha256.Sum256(b)
		return some(hex.EncodeToString(s[:])), nil
	case 224:
		s := sha256.Sum224(b)
		return some(hex.EncodeToString(s[:])), nil
	case 384:
		s := sha512.Sum384(b)
		return some(hex.EncodeToString(s[:])), nil
	case 512:
		s := sha512.Sum512(b)
		return some(hex.EncodeToString(s[:])), nil
	}
	return some(""), nil
}

// fnv1a is the 64-bit FNV-1a hash, begun with a basis or with another hash.
func fnv1a(b []byte, basis int64) int64 {
	h := uint64(basis)
	for _, c := range b {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return int64(h)
}

func bytesUDFs() []*udf {
	combine := func(name string, f func(a, b byte) byte) *udf {
		return udf2(name, func(a, b []byte) (maybe[[]byte], error) {
			if len(a) != len(b) {
				return none[[]byte](), fmt.Errorf("VARBYTE values of %d and %d bytes cannot be combined", len(a), len(b))
			}
			out := make([]byte, len(a))
			for i := range a {
				out[i] = f(a[i], b[i])
			}
			return some(out), nil
		})
	}
	return []*udf{
		combine("rs_bytes_and", func(a, b byte) byte { return a & b }),
		combine("rs_bytes_or", func(a, b byte) byte { return a | b }),
		combine("rs_bytes_xor", func(a, b byte) byte { return a ^ b }),
		plain1("rs_bytes_not", func(b []byte) []byte {
			out := make([]byte, len(b))
			for i, c := range b {
				out[i] = ^c
			}
			return out
		}),
		plain1("rs_bytes_reverse", func(b []byte) []byte {
			out := slices.Clone(b)
			slices.Reverse(out)
			return out
		}),
		udf3("rs_bytes_substring", func(b []byte, from, length int64) (maybe[[]byte], error) {
			if length < 0 {
				return none[[]byte](), fmt.Errorf("negative substring length not allowed")
			}
			return some(slices.Clone(slice(b, from, length))), nil
		}),
		plain2("rs_bytes_left", func(b []byte, n int64) []byte { return slices.Clone(slice(b, 1, max(n, 0))) }),
		plain2("rs_bytes_right", func(b []byte, n int64) []byte {
			return slices.Clone(b[max(int64(len(b))-max(n, 0), 0):])
		}),
		plain2("rs_cut_bytes", func(b []byte, n int64) []byte { return slices.Clone(slice(b, 1, n)) }),
		plain2("rs_int_bytes", intBytes),
		plain2("rs_int_bytes_low", intBytesLow),
		udf1("rs_bytes_int", func(b []byte) (maybe[int64], error) {
			n := int64(0)
			if len(b) > 8 {
				return none[int64](), fmt.Errorf("a VARBYTE of %d bytes is out of range for type bigint", len(b))
			}
			for _, c := range b {
				n = n<<8 | int64(c)
			}
			return some(n), nil
		}),
		udf1("rs_bytes_text", func(b []byte) (maybe[string], error) {
			if !utf8.Valid(b) {
				return none[string](), fmt.Errorf("the VARBYTE is not a valid UTF-8 string")
			}
			return some(string(b)), nil
		}),
		udf2("rs_to_varbyte", toVarbyte),
		udf2("rs_from_varbyte", fromVarbyte),
		udf2("rs_getbit", func(b []byte, i int64) (maybe[int32], error) {
			if i < 0 || i >= int64(8*len(b)) {
				return none[int32](), fmt.Errorf("bit index %d is out of range: there are %d bits", i, 8*len(b))
			}
			return some(int32(b[int64(len(b))-1-i/8] >> (i % 8) & 1)), nil
		}),
	}
}

// toVarbyte reads a text in one of the formats hex, binary and utf8; a digit that hex lacks is a 0 before it.
func toVarbyte(s, format string) (maybe[[]byte], error) {
	switch strings.ToLower(format) {
	case "hex":
		if len(s)%2 == 1 {
			s = "0" + s
		}
		b, err := hex.DecodeString(s)
		if err != nil {
			return none[[]byte](), fmt.Errorf("the input %q is not a valid hexadecimal string", s)
		}
		return some(b), nil
	case "binary":
		if n := len(s) % 8; n > 0 {
			s = strings.Repeat("0", 8-n) + s
		}
		b := make([]byte, 0, len(s)/8)
		for i := 0; i < len(s); i++ {
			if s[i] != '0' && s[i] != '1' {
				return none[[]byte](), fmt.Errorf("the input %q is not a valid binary string", s)
			}
			if i%8 == 0 {
				b = append(b, 0)
			}
			b[len(b)-1] = b[len(b)-1]<<1 | (s[i] - '0')
		}
		return some(b), nil
	case "utf8", "utf-8":
		return some([]byte(s)), nil
	}
	return none[[]byte](), fmt.Errorf("format %q is none of hex, binary, utf8 and utf-8", format)
}

func fromVarbyte(b []byte, format string) (maybe[string], error) {
	switch strings.ToLower(format) {
	case "hex":
		return some(hex.EncodeToString(b)), nil
	case "binary":
		var out strings.Builder
		for _, c := range b {
			fmt.Fprintf(&out, "%08b", c)
		}
		return some(out.String()), nil
	case "utf8", "utf-8":
		if !utf8.Valid(b) {
			return none[string](), fmt.Errorf("the VARBYTE is not a valid UTF-8 string")
		}
		return some(string(b)), nil
	}
	return none[string](), fmt.Errorf("format %q is none of hex, binary, utf8 and utf-8", format)
}
