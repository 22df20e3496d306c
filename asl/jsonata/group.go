package jsonata

import (
	"airline/asl/jsonvalue"
)

// bucket is the items that share one key of a grouping.
type bucket struct {
	key    string
	pair   int // the key: value that made it
	data   gathered
	tuples []*tuple
}

// group evaluates {key: value, ...} over v: items with equal keys are gathered, and each group is the context
// of its value. An object constructor is the grouping of a single item.
func (r *run) group(all []Pair, offset int, v any, e *env) any {
	if s, ok := v.(*stream); ok {
		return r.groupTuples(all, offset, s, e)
	}
	items, ok := itemsOf(v)
	if !ok {
		return r.construct(all, offset, v, e)
	}
	switch len(items) {
	case 0:
		return r.construct(all, offset, Undefined, e)
	case 1:
		return r.construct(all, offset, items[0], e)
	}
	index := map[string]*bucket{}
	var buckets []*bucket
	for _, item := range items {
		for i, p := range all {
			key, ok := r.key(p.Key, offset, item, e)
			if !ok {
				continue
			}
			b := index[key]
			switch {
			case b == nil:
				r.grow(128)
				b = &bucket{key: key, pair: i}
				index[key] = b
				buckets = append(buckets, b)
			case b.pair != i:
				panic(&Error{Code: "D1009", Offset: offset, Value: key})
			}
			r.grow(valueSize)
			b.data.add(item)
		}
	}
	out := jsonvalue.NewObject(len(buckets))
	for _, b := range buckets {
		r.put(out, b.key, r.eval(all[b.pair].Value, b.data.value(), e))
	}
	r.made++
	return out
}

// construct is the grouping of one item: each key has just that item.
func (r *run) construct(all []Pair, offset int, item any, e *env) any {
	var buffer [8]string
	keys := buffer[:0]
	seen := map[string]bool(nil)
	if len(all) > len(buffer) {
		seen = make(map[string]bool, len(all))
	}
	for _, p := range all {
		key, ok := r.key(p.Key, offset, item, e)
		if !ok {
			key = noKey
		} else if seen != nil {
			if seen[key] {
				panic(&Error{Code: "D1009", Offset: offset, Value: key})
			}
			seen[key] = true
		} else {
			for _, k := range keys {
				if k == key {
					panic(&Error{Code: "D1009", Offset: offset, Value: key})
				}
			}
		}
		keys = append(keys, key)
	}
	out := jsonvalue.NewObject(len(all))
	r.grow(48)
	for i, p := range all {
		if keys[i] != noKey {
			r.put(out, keys[i], r.eval(p.Value, item, e))
		}
	}
	r.made++
	return out
}

// noKey marks a pair whose key is undefined; no string of a document is this one, as it is not UTF-8.
const noKey = "\xff"

func (r *run) put(o *jsonvalue.Object, key string, v any) {
	if IsUndefined(v) {
		return
	}
	r.contain(v)
	r.grow(48)
	o.Set(key, v)
}

// key evaluates a key, and reports false when there is none.
func (r *run) key(n Node, offset int, item any, e *env) (string, bool) {
	switch v := r.eval(n, item, e).(type) {
	case string:
		if v == "_jsonata_lambda" || v == "_jsonata_function" {
			panic(&Error{Code: "D1013", Offset: offset, Value: v})
		}
		return v, true
	case *undefined:
		return "", false
	default:
		panic(&Error{Code: "T1003", Offset: offset, Value: v})
	}
}

// groupTuples is group for items with variables: in each group, item and variables are arrays of all values.
func (r *run) groupTuples(all []Pair, offset int, s *stream, e *env) any {
	index := map[string]*bucket{}
	var buckets []*bucket
	for _, t := range s.tuples {
		inner := t.env(e)
		for i, p := range all {
			key, ok := r.key(p.Key, offset, t.item, inner)
			if !ok {
				continue
			}
			b := index[key]
			switch {
			case b == nil:
				r.grow(128)
				b = &bucket{key: key, pair: i}
				index[key] = b
				buckets = append(buckets, b)
			case b.pair != i:
				panic(&Error{Code: "D1009", Offset: offset, Value: key})
			}
			r.grow(valueSize)
			b.tuples = append(b.tuples, t)
		}
	}
	out := jsonvalue.NewObject(len(buckets))
	for _, b := range buckets {
		t := merged(b.tuples)
		r.put(out, b.key, r.eval(all[b.pair].Value, t.item, t.env(e)))
	}
	r.made++
	return out
}
