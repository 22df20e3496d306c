package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

// maxText is the longest text, in characters, that AWS hashes, encodes or decodes.
const maxText = 10_000

func format(_ *Env, args []any) (any, error) {
	template, ok := args[0].(string)
	if !ok {
		return nil, errors.New("the first argument of States.Format must be a string")
	}
	parts, problem := cut(template)
	if problem != "" {
		return nil, errors.New(problem)
	}
	if len(parts) != len(args) {
		return nil, fmt.Errorf("the number of arguments (%d) does not match the occurrences of {} (%d) in the template",
			len(args)-1, len(parts)-1)
	}
	return fill(parts, args[1:])
}

// maxResult is the longest text, in bytes, that a function makes: far beyond what
// fits into a state, so that a definition cannot exhaust memory.
const maxResult = 1 << 24

// bounded refuses a value whose JSON text would be longer than maxResult.
func bounded(value any) error {
	if measure(value, 0) > maxResult {
		return fmt.Errorf("the result is longer than %d bytes", maxResult)
	}
	return nil
}

// measure adds the rough length of a value's text to n, and stops beyond maxResult.
func measure(value any, n int) int {
	switch v := value.(type) {
	case string:
		return n + len(v) + 2
	case []any:
		for _, item := range v {
			if n = measure(item, n+1); n > maxResult {
				break
			}
		}
	case *jsonvalue.Object:
		for key, member := range v.All() {
			if n = measure(member, n+len(key)+4); n > maxResult {
				break
			}
		}
	}
	return n + 8
}

// spell writes a value as Format does: texts as they are, objects and arrays as
// Java prints its maps and lists.
func spell(b *strings.Builder, value any) {
	switch v := value.(type) {
	case string:
		b.WriteString(v)
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			spell(b, item)
		}
		b.WriteByte(']')
	case *jsonvalue.Object:
		b.WriteByte('{')
		first := true
		for key, member := range v.All() {
			if !first {
				b.WriteString(", ")
			}
			first = false
			b.WriteString(key)
			b.WriteByte('=')
			spell(b, member)
		}
		b.WriteByte('}')
	default:
		b.WriteString(jsonvalue.String(v))
	}
}

func text(args []any, i int, what string) (string, error) {
	s, ok := args[i].(string)
	if !ok {
		return "", fmt.Errorf("%s must be a string", what)
	}
	if len(s) > maxText && utf8.RuneCountInString(s) > maxText {
		return "", fmt.Errorf("%s is longer than %d characters", what, maxText)
	}
	return s, nil
}

func base64Encode(_ *Env, args []any) (any, error) {
	s, err := text(args, 0, "the data to encode")
	if err != nil {
		return nil, err
	}
	return base64.StdEncoding.EncodeToString([]byte(s)), nil
}

func base64Decode(_ *Env, args []any) (any, error) {
	s, err := text(args, 0, "the data to decode")
	if err != nil {
		return nil, err
	}
	data, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		if data, err = base64.RawStdEncoding.DecodeString(s); err != nil {
			return nil, errors.New("the data is not in valid Base64 scheme")
		}
	}
	return strings.ToValidUTF8(string(data), "\uFFFD"), nil
}

func hash(_ *Env, args []any) (any, error) {
	data, ok := args[0].(string)
	if !ok {
		if err := bounded(args[0]); err != nil {
			return nil, err
		}
		data = jsonvalue.String(args[0])
	}
	if utf8.RuneCountInString(data) > maxText {
		return nil, fmt.Errorf("the data to hash is longer than %d characters", maxText)
	}
	algorithm, err := text(args, 1, "the hash algorithm")
	if err != nil {
		return nil, err
	}
	var sum []byte
	switch algorithm {
	case "MD5":
		s := md5.Sum([]byte(data))
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum([]byte(data))
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256([]byte(data))
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384([]byte(data))
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512([]byte(data))
		sum = s[:]
	default:
		return nil, fmt.Errorf("unknown hash algorithm '%s'; use MD5, SHA-1, SHA-256, SHA-384 or SHA-512", algorithm)
	}
	return hex.EncodeToString(sum), nil
}

// stringSplit cuts at every character of the second argument and drops empty
// parts, as Java's StringTokenizer does.
func stringSplit(_ *Env, args []any) (any, error) {
	s, ok := args[0].(string)
	if !ok {
		return nil, errors.New("the text to split must be a string")
	}
	delimiters, ok := args[1].(string)
	if !ok {
		return nil, errors.New("the splitter must be a string")
	}
	parts := []any{}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(delimiters, r) }) {
		parts = append(parts, part)
	}
	return parts, nil
}

func stringToJSON(_ *Env, args []any) (any, error) {
	s, ok := args[0].(string)
	if !ok {
		return nil, errors.New("the argument of States.StringToJson must be a string")
	}
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	value, err := jsonvalue.Decode([]byte(s))
	if err != nil {
		return nil, fmt.Errorf("the string is not valid JSON: %w", err)
	}
	if n, ok := jsonvalue.Float(value); ok && n == 0 {
		return jsonvalue.Box(0), nil
	}
	return value, nil
}

func jsonToString(_ *Env, args []any) (any, error) {
	if err := bounded(args[0]); err != nil {
		return nil, err
	}
	return jsonvalue.String(args[0]), nil
}

func jsonMerge(_ *Env, args []any) (any, error) {
	first, ok1 := args[0].(*jsonvalue.Object)
	second, ok2 := args[1].(*jsonvalue.Object)
	if !ok1 || !ok2 {
		return nil, errors.New("the values to merge must be JSON objects")
	}
	if args[2] != false {
		return nil, errors.New("the third argument must be false: only the shallow merging mode is supported")
	}
	merged := first.Clone()
	for key, value := range second.All() {
		merged.Set(key, value)
	}
	return merged, nil
}
