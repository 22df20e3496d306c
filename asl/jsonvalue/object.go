package jsonvalue

import "iter"

// indexFrom is the number of keys from which an object keeps a hash index. Up to there comparing the keys one
// after the other is faster than hashing, and costs no memory.
const indexFrom = 16

// Object is a JSON object that keeps its keys in the order in which they were first set. The zero value is an
// empty object ready for use. Any number of goroutines may read one object; writing needs exclusive access.
type Object struct {
	members []member
	index   map[string]int // nil up to indexFrom keys
}

type member struct {
	key   string
	value any
}

// NewObject returns an empty object with room for capacity keys.
func NewObject(capacity int) *Object {
	o := &Object{}
	if capacity > 0 {
		o.members = make([]member, 0, capacity)
	}
	return o
}

// Len returns the number of keys. A nil object has none.
func (o *Object) Len() int {
	if o == nil {
		return 0
	}
	return len(o.members)
}

// At returns the i-th key, counted from 0 in insertion order, and its value. It panics, as a slice does, when i
// is out of range.
func (o *Object) At(i int) (string, any) {
	m := &o.members[i]
	return m.key, m.value
}

// Get returns the value of key, and whether the object has that key.
func (o *Object) Get(key string) (any, bool) {
	if i := o.find(key); i >= 0 {
		return o.members[i].value, true
	}
	return nil, false
}

// Set gives key a value. A key that exists keeps its place.
func (o *Object) Set(key string, value any) {
	if i := o.find(key); i >= 0 {
		o.members[i].value = value
		return
	}
	o.append(key, value)
}

// append adds a key that is known to be new.
func (o *Object) append(key string, value any) {
	o.members = append(o.members, member{key, value})
	switch {
	case o.index != nil:
		o.index[key] = len(o.members) - 1
	case len(o.members) > indexFrom:
		o.reindex()
	}
}

// Delete removes key; a key that does not exist is no error.
func (o *Object) Delete(key string) {
	i := o.find(key)
	if i < 0 {
		return
	}
	copy(o.members[i:], o.members[i+1:])
	o.members[len(o.members)-1] = member{}
	o.members = o.members[:len(o.members)-1]
	if o.index != nil {
		o.reindex()
	}
}

// All iterates over keys and values in order. The object must not be changed meanwhile.
func (o *Object) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		if o == nil {
			return
		}
		for i := range o.members {
			if !yield(o.members[i].key, o.members[i].value) {
				return
			}
		}
	}
}

// Clone returns a copy that shares the values: setting a key of the copy leaves the original alone, changing
// something inside a value does not.
func (o *Object) Clone() *Object {
	if o == nil {
		return NewObject(0)
	}
	c := &Object{members: make([]member, len(o.members), len(o.members)+1)}
	copy(c.members, o.members)
	if o.index != nil {
		c.reindex()
	}
	return c
}

func (o *Object) find(key string) int {
	if o == nil {
		return -1
	}
	if o.index != nil {
		if i, ok := o.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range o.members {
		if o.members[i].key == key {
			return i
		}
	}
	return -1
}

func (o *Object) reindex() {
	if len(o.members) <= indexFrom {
		o.index = nil
		return
	}
	o.index = make(map[string]int, cap(o.members))
	for i := range o.members {
		o.index[o.members[i].key] = i
	}
}
