package jsonata

import (
	"sync"
	"sync/atomic"
)

// cache keeps what evaluations of one expression have understood of picture strings, which nearly always are
// literals. Any number of goroutines may use it.
type cache struct {
	entries sync.Map // pictureKey to what it was parsed to
	count   atomic.Int32
}

type pictureKind uint8

const (
	datePicture pictureKind = iota
	integerPicture
	numberPicture
)

type pictureKey struct {
	kind pictureKind
	text string
}

// maxCached bounds the number of pictures kept for an expression that computes them.
const maxCached = 64

// cached returns parse(text), from the cache where it is there.
func cached[T any](c *cache, kind pictureKind, text string, parse func(string) T) T {
	key := pictureKey{kind, text}
	if v, ok := c.entries.Load(key); ok {
		return v.(T)
	}
	v := parse(text)
	if c.count.Load() < maxCached && len(text) < 1024 {
		c.count.Add(1)
		c.entries.Store(key, v)
	}
	return v
}
