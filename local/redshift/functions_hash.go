package redshift

import "strconv"

func hashFunctions() []function {
	sha1 := func(c *callContext) value { return of(textType, fn("rs_sha1", c.bytes(0))) }
	return []function{
		{name: "md5", signature: "(text)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(textType, fn("rs_md5", c.bytes(0)))
		}},
		{name: "sha", signature: "(text)", min: 1, max: 1, bind: sha1, column: "sha1"},
		{name: "sha1", signature: "(text)", min: 1, max: 1, bind: sha1},
		{name: "func_sha1", signature: "(text)", min: 1, max: 1, bind: sha1},
		{name: "sha2", signature: "(text, bits)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(textType, fn("rs_sha2", c.bytes(0), c.integer(1)))
		}},
		{name: "crc32", signature: "(text)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(textType, fn("rs_crc32", c.bytes(0)))
		}},
		{name: "farmfingerprint64", signature: "(text | varbyte)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(int8Type, fn("rs_farmfingerprint64", c.bytes(0)))
		}},
		{name: "fnv_hash", signature: "(x [, seed])", min: 1, max: 2, bind: bindFNV},
	}
}

// bytes is argument i as bytes; texts are UTF-8.
func (c *callContext) bytes(i int) string {
	if v := c.args[i]; v.typ.Kind == Varbyte {
		return v.sql
	}
	return fn("encode", c.text(i))
}

// bindFNV hashes a value's bytes, numbers in the width of their type, from the low end.
func bindFNV(c *callContext) value {
	seed := "-3750763034362895579" // FNV-1a's basis, 14695981039346656037
	if c.has(1) {
		seed = c.integer(1)
	}
	v := c.args[0]
	var data string
	switch k := v.typ.Kind; {
	case isTextual(v), k == Varbyte:
		data = c.bytes(0)
	case k.isInteger():
		data = fn("rs_int_bytes_low", castTo(v.sql, "BIGINT"), strconv.Itoa(width(k)))
	case k == Bool:
		data = fn("rs_int_bytes_low", castTo(v.sql, "BIGINT"), "1")
	default:
		panic(notModelled(c.place(0), "FNV_HASH of type "+v.typ.String()))
	}
	return of(int8Type, fn("rs_fnv_hash", data, castTo(seed, "BIGINT")))
}
