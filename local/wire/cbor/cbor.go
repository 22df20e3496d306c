// Package cbor reads and writes the trees of package shape in CBOR (RFC 8949), as RPC v2 CBOR has them: times are tag 1, blobs
// byte strings. The encoding itself is smithy-go's.
package cbor

import (
	"math"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"

	"airline/asl/jsonvalue"
	"airline/local/wire/shape"
)

// Parse reads a map. No bytes are a map without members.
func Parse(data []byte) (tree any, err error) {
	if len(data) == 0 {
		return jsonvalue.NewObject(0), nil
	}
	if err := check(data); err != nil {
		return nil, err
	}
	v, err := cbor.Decode(data)
	if err != nil {
		return nil, &shape.Error{Reason: "is not CBOR: " + err.Error()}
	}
	if tree, err = parse(v); err != nil {
		return nil, err
	}
	if _, ok := tree.(*jsonvalue.Object); !ok {
		return nil, &shape.Error{Reason: "must be a CBOR map"}
	}
	return tree, nil
}

func parse(v cbor.Value) (any, error) {
	switch v := v.(type) {
	case cbor.Map:
		o := jsonvalue.NewObject(0)
		for name, member := range v {
			value, err := parse(member)
			if err != nil {
				return nil, err
			}
			o.Set(name, value)
		}
		return o, nil
	case cbor.List:
		list := make([]any, len(v))
		for i, e := range v {
			var err error
			if list[i], err = parse(e); err != nil {
				return nil, err
			}
		}
		return list, nil
	case cbor.String:
		return string(v), nil
	case cbor.Slice:
		return []byte(v), nil
	case cbor.Bool:
		return bool(v), nil
	case cbor.Uint:
		if v > math.MaxInt64 {
			return nil, &shape.Error{Reason: "has an integer of more than 63 bits"}
		}
		return int64(v), nil
	case cbor.NegInt:
		if v > math.MaxInt64 {
			return nil, &shape.Error{Reason: "has an integer of more than 63 bits"}
		}
		return -int64(v), nil
	case cbor.Float32:
		return float64(v), nil
	case cbor.Float64:
		return float64(v), nil
	case *cbor.Nil, *cbor.Undefined:
		return nil, nil
	case *cbor.Tag:
		if v.ID != 1 {
			return nil, &shape.Error{Reason: "has a CBOR tag other than 1, a time"}
		}
		seconds, err := parse(v.Value)
		if err != nil {
			return nil, err
		}
		switch seconds.(type) {
		case int64, float64:
			return seconds, nil
		}
		return nil, &shape.Error{Reason: "has a CBOR time that is no number"}
	}
	return nil, &shape.Error{Reason: "has a CBOR value that RPC v2 does not use"}
}

// Encode writes a tree.
func Encode(tree any) []byte { return cbor.Encode(value(tree)) }

func value(v any) cbor.Value {
	switch v := v.(type) {
	case *jsonvalue.Object:
		m := cbor.Map{}
		for name, member := range v.All() {
			m[name] = value(member)
		}
		return m
	case []any:
		list := make(cbor.List, len(v))
		for i, e := range v {
			list[i] = value(e)
		}
		return list
	case string:
		return cbor.String(v)
	case []byte:
		return cbor.Slice(v)
	case bool:
		return cbor.Bool(v)
	case int64:
		if v < 0 {
			return cbor.NegInt(uint64(-v))
		}
		return cbor.Uint(uint64(v))
	case float64:
		return cbor.Float64(v)
	case time.Time:
		return &cbor.Tag{ID: 1, Value: cbor.Float64(float64(v.UnixMilli()) / 1000)}
	}
	return &cbor.Nil{}
}
