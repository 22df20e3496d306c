package cbor

import (
	"encoding/binary"

	"airline/local/wire/shape"
)

// maxDepth bounds how deep a request may nest.
const maxDepth = 128

// check walks over one CBOR item before it is decoded: it must be all of the data, not nest too deep, and not announce more
// members than there are bytes, for which memory would be taken.
func check(data []byte) error {
	rest, err := item(data, 0)
	if err == nil && len(rest) > 0 {
		err = &shape.Error{Reason: "has something after its CBOR map"}
	}
	return err
}

func broken() error {
	return &shape.Error{Reason: "is not CBOR: it ends too early or has lengths that cannot be"}
}

func item(data []byte, depth int) ([]byte, error) {
	if depth > maxDepth {
		return nil, &shape.Error{Reason: "nests too deep"}
	}
	if len(data) == 0 {
		return nil, broken()
	}
	major, minor := data[0]>>5, data[0]&31
	data = data[1:]
	n := uint64(minor)
	switch {
	case minor < 24:
	case minor <= 27:
		size := 1 << (minor - 24)
		if len(data) < size {
			return nil, broken()
		}
		var b [8]byte
		copy(b[8-size:], data[:size])
		n, data = binary.BigEndian.Uint64(b[:]), data[size:]
	case minor == 31 && major >= 2 && major <= 5:
		for len(data) > 0 && data[0] != 0xff {
			var err error
			if data, err = item(data, depth+1); err != nil {
				return nil, err
			}
			if major == 5 {
				if data, err = item(data, depth+1); err != nil {
					return nil, err
				}
			}
		}
		if len(data) == 0 {
			return nil, broken()
		}
		return data[1:], nil
	default:
		return nil, broken()
	}
	switch major {
	case 2, 3:
		if n > uint64(len(data)) {
			return nil, broken()
		}
		return data[n:], nil
	case 4, 5, 6:
		if n > uint64(len(data)) && major != 6 {
			return nil, broken()
		}
		count := n
		if major == 5 {
			count = 2 * n
		}
		if major == 6 {
			count = 1
		}
		for range count {
			var err error
			if data, err = item(data, depth+1); err != nil {
				return nil, err
			}
		}
	}
	return data, nil
}
