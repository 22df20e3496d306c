package cbor_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"airline/asl/jsonvalue"
	"airline/local/wire/cbor"
	"airline/local/wire/shape"
)

func TestRoundTrip(t *testing.T) {
	o := jsonvalue.NewObject(0)
	o.Set("list", []any{int64(-3), int64(7), 1.5, "ü", true, []byte{0, 255}})
	back, err := cbor.Parse(cbor.Encode(o))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(o, back) {
		t.Errorf("got %#v", back)
	}
	o = jsonvalue.NewObject(0)
	o.Set("time", time.UnixMilli(1704067200250))
	back, err = cbor.Parse(cbor.Encode(o))
	at, _ := back.(*jsonvalue.Object).Get("time")
	if err != nil || at != 1704067200.25 {
		t.Errorf("got %v, %v", back, err)
	}
}

func TestRefused(t *testing.T) {
	for name, data := range map[string]string{
		"no map": "\x83\x01\x02\x03", "cut off": "\xa1\x61a", "a length that cannot be": "\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
		"a text that is too long": "\xa1\x61a\x7b\x7f\xff\xff\xff\xff\xff\xff\xff", "two items": "\xa0\xa0", "never ends": "\xbf",
	} {
		_, err := cbor.Parse([]byte(data))
		var refused *shape.Error
		if !errors.As(err, &refused) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("\xa1\x61a\x83\x01\x20\xf9\x3c\x00"))
	f.Add([]byte("\xbf\x61a\xc1\xfb\x41\xd9\x65\x00\x80\x10\x00\x00\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := cbor.Parse(data)
		if err != nil {
			return
		}
		if _, err := cbor.Parse(cbor.Encode(tree)); err != nil {
			t.Errorf("what was read from %x cannot be read again: %v", data, err)
		}
	})
}
