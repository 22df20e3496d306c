package jsonata

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"math"

	"airline/asl/jsonvalue"
)

// The functions that Step Functions adds to the language.
var stepFunctionsLibrary = map[string]*Function{
	"partition": define("partition", "<an:a<a>>", 2, fnPartition),
	"range":     define("range", "<nnn:a<n>>", 3, fnRange),
	"hash":      define("hash", "<ss:s>", 2, fnHash),
	"random":    define("random", "<n?:n>", 1, fnSeededRandom),
	"uuid":      define("uuid", "<:s>", 0, fnUUID),
	"parse":     define("parse", "<s:x>", 1, fnParse),
}

func refused(message string) *Error {
	return &Error{Code: "V0005", Offset: -1, Message: message, Value: message}
}

// fnPartition cuts an array into pieces of the given size. A size that is not whole is rounded towards zero.
func fnPartition(r *run, args []any) any {
	items, ok := itemsOf(argument(args, 0))
	size, also := number(argument(args, 1))
	if !ok || !also {
		return Undefined
	}
	size = math.Trunc(size)
	if size < 0 {
		panic(refused("the size of a partition must be positive"))
	}
	if size == 0 || math.IsNaN(size) {
		return Undefined
	}
	n := int(min(size, float64(max(len(items), 1))))
	r.grow(2 * valueSize * (len(items) + 1))
	out := []any{}
	for ; len(items) > n; items = items[n:] {
		out = append(out, items[:n:n])
	}
	if len(items) > 0 {
		out = append(out, items)
	}
	r.made++
	return out
}

// fnRange makes the numbers from the first to the last, both included, in steps. Numbers that are not whole are
// rounded towards zero. A range of one number is that number (recorded: $range(1, 9, 9) is 1).
func fnRange(r *run, args []any) any {
	var n [3]float64
	for i := range n {
		f, ok := number(argument(args, i))
		if !ok || math.IsNaN(f) {
			return Undefined
		}
		n[i] = math.Trunc(f)
	}
	first, last, step := n[0], n[1], n[2]
	if step == 0 {
		return Undefined
	}
	count := math.Floor((last-first)/step) + 1
	if !(count > 0) {
		return []any{}
	}
	if count > maxStepFunctionsRange {
		panic(fault("D2015", nil))
	}
	r.grow(int(count) * (valueSize + 8))
	r.spend(int(count) >> 3)
	out := make([]any, int(count))
	for i := range out {
		out[i] = jsonvalue.Box(first + float64(i)*step)
	}
	return &array{items: out, sequence: true}
}

func fnHash(r *run, args []any) any {
	text, ok := argument(args, 0).(string)
	algorithm, also := argument(args, 1).(string)
	if !ok || !also {
		return Undefined
	}
	data := []byte(text)
	r.spend(len(data) >> 4)
	switch algorithm {
	case "MD5":
		sum := md5.Sum(data)
		return hex.EncodeToString(sum[:])
	case "SHA-1":
		sum := sha1.Sum(data)
		return hex.EncodeToString(sum[:])
	case "SHA-256":
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:])
	case "SHA-384":
		sum := sha512.Sum384(data)
		return hex.EncodeToString(sum[:])
	case "SHA-512":
		sum := sha512.Sum512(data)
		return hex.EncodeToString(sum[:])
	}
	panic(refused("the hash algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512; got " + quoted(algorithm)))
}

// fnSeededRandom returns a random number; with a seed always the same, the first that java.util.Random gives.
func fnSeededRandom(r *run, args []any) any {
	seed, ok := number(argument(args, 0))
	if !ok {
		return r.random("random")
	}
	if math.IsNaN(seed) || math.Abs(seed) > math.MaxInt64 {
		panic(&Error{Code: "V0004", Offset: -1, Value: seed})
	}
	const multiplier, mask = 0x5DEECE66D, 1<<48 - 1
	state := (uint64(int64(seed)) ^ multiplier) & mask
	next := func(bits uint) uint64 {
		state = (state*multiplier + 0xB) & mask
		return state >> (48 - bits)
	}
	high := next(26)
	return float64(high<<27+next(27)) / (1 << 53)
}

// fnUUID makes a UUID of version 4.
func fnUUID(r *run, _ []any) any {
	var b [16]byte
	for i := range b {
		b[i] = byte(r.random("uuid") * 256)
	}
	b[6] = b[6]&0x0F | 0x40
	b[8] = b[8]&0x3F | 0x80
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// fnParse reads JSON.
func fnParse(r *run, args []any) any {
	text, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	r.grow(4 * len(text))
	r.spend(len(text) >> 3)
	v, err := jsonvalue.Decode([]byte(text))
	if err != nil {
		panic(refused("$parse: " + err.Error()))
	}
	return v
}
