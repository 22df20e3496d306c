package redshift

import (
	"encoding/binary"
	"math/bits"
)

// The constants of FarmHash's Fingerprint64 (github.com/google/farmhash, farmhashna).
const (
	farm0 = 0xc3a5c85c97cb3127
	farm1 = 0xb492b66fbe98f273
	farm2 = 0x9ae16a3b2f90404f
)

func fetch64(s []byte) uint64 { return binary.LittleEndian.Uint64(s) }
func fetch32(s []byte) uint64 { return uint64(binary.LittleEndian.Uint32(s)) }

func rotate(v uint64, n int) uint64 { return bits.RotateLeft64(v, -n) }
func shiftMix(v uint64) uint64      { return v ^ v>>47 }

func hash16(u, v, mul uint64) uint64 {
	a := (u ^ v) * mul
	a ^= a >> 47
	b := (v ^ a) * mul
	b ^= b >> 47
	return b * mul
}

// farmFingerprint64 is FarmHash's Fingerprint64, the same on every machine and in every release.
func farmFingerprint64(s []byte) uint64 {
	n := len(s)
	switch {
	case n <= 16:
		return farm0to16(s)
	case n <= 32:
		mul := farm2 + uint64(n)*2
		a, b := fetch64(s)*farm1, fetch64(s[8:])
		c, d := fetch64(s[n-8:])*mul, fetch64(s[n-16:])*farm2
		return hash16(rotate(a+b, 43)+rotate(c, 30)+d, a+rotate(b+farm2, 18)+c, mul)
	case n <= 64:
		return farm33to64(s)
	}
	return farmLong(s)
}

func farm0to16(s []byte) uint64 {
	n := uint64(len(s))
	switch {
	case n >= 8:
		mul := farm2 + n*2
		a, b := fetch64(s)+farm2, fetch64(s[n-8:])
		c := rotate(b, 37)*mul + a
		d := (rotate(a, 25) + b) * mul
		return hash16(c, d, mul)
	case n >= 4:
		return hash16(n+fetch32(s)<<3, fetch32(s[n-4:]), farm2+n*2)
	case n > 0:
		y := uint64(s[0]) + uint64(s[n>>1])<<8
		z := n + uint64(s[n-1])<<2
		return shiftMix(y*farm2^z*farm0) * farm2
	}
	return farm2
}

func farm33to64(s []byte) uint64 {
	n := len(s)
	mul := farm2 + uint64(n)*2
	a, b := fetch64(s)*farm2, fetch64(s[8:])
	c, d := fetch64(s[n-8:])*mul, fetch64(s[n-16:])*farm2
	y := rotate(a+b, 43) + rotate(c, 30) + d
	z := hash16(y, a+rotate(b+farm2, 18)+c, mul)
	e, f := fetch64(s[16:])*mul, fetch64(s[24:])
	g, h := (y+fetch64(s[n-32:]))*mul, (z+fetch64(s[n-24:]))*mul
	return hash16(rotate(e+f, 43)+rotate(g, 30)+h, e+rotate(f+a, 18)+g, mul)
}

type pair [2]uint64

func weakHash32(s []byte, a, b uint64) pair {
	w, x, y, z := fetch64(s), fetch64(s[8:]), fetch64(s[16:]), fetch64(s[24:])
	a += w
	b = rotate(b+a+z, 21)
	c := a
	a += x + y
	b += rotate(a, 44)
	return pair{a + z, b + c}
}

func farmLong(s []byte) uint64 {
	const seed = 81
	n := len(s)
	var x, y uint64 = seed, 0
	y = x*farm1 + 113
	z := shiftMix(y*farm2+113) * farm2
	var v, w pair
	x = x*farm2 + fetch64(s)
	end, last := (n-1)/64*64, n-64
	for i := 0; i < end; i += 64 {
		p := s[i:]
		x = rotate(x+y+v[0]+fetch64(p[8:]), 37) * farm1
		y = rotate(y+v[1]+fetch64(p[48:]), 42) * farm1
		x ^= w[1]
		y += v[0] + fetch64(p[40:])
		z = rotate(z+w[0], 33) * farm1
		v = weakHash32(p, v[1]*farm1, x+w[0])
		w = weakHash32(p[32:], z+w[1], y+fetch64(p[16:]))
		z, x = x, z
	}
	mul := farm1 + (z&0xff)<<1
	p := s[last:]
	w[0] += uint64((n - 1) & 63)
	v[0] += w[0]
	w[0] += v[0]
	x = rotate(x+y+v[0]+fetch64(p[8:]), 37) * mul
	y = rotate(y+v[1]+fetch64(p[48:]), 42) * mul
	x ^= w[1] * 9
	y += v[0]*9 + fetch64(p[40:])
	z = rotate(z+w[0], 33) * mul
	v = weakHash32(p, v[1]*mul, x+w[0])
	w = weakHash32(p[32:], z+w[1], y+fetch64(p[16:]))
	z, x = x, z
	return hash16(hash16(v[0], w[0], mul)+shiftMix(y)*farm0+z, hash16(v[1], w[1], mul)+x, mul)
}
