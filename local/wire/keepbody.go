package wire

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/s3"
)

// body is the body of an input as the journal keeps it: a file of its own, or bytes in the record.
type body struct {
	small []byte
	name  string
	size  int64
	md5   []byte // the state of its hash
	nvme  []byte // its checksum CRC64NVME
}

// bodyField is where an input has its body; nil for inputs without one.
func bodyField(in reflect.Value) *reflect.Value {
	f := in.Elem().FieldByName("Body")
	if !f.IsValid() || f.Kind() != reflect.Interface || f.IsNil() {
		return nil
	}
	return &f
}

// body keeps the body of an input, and puts what can be read in its place. It comes before the world is held: a large body takes
// its time until it lasts.
func (k *keep) body(in reflect.Value) (*body, error) {
	if k == nil {
		return nil, nil
	}
	field := bodyField(in)
	if field == nil {
		return nil, nil
	}
	given := field.Interface().(io.Reader)
	if whole, ok := given.(*s3.Bytes); ok && len(whole.Data) <= inMemory {
		return &body{small: whole.Data}, nil
	}
	file, ok := given.(*s3.File)
	if !ok {
		small, err := io.ReadAll(io.LimitReader(given, inMemory+1))
		if err != nil {
			return nil, err
		}
		if len(small) <= inMemory {
			field.Set(reflect.ValueOf(bytes.NewReader(small)))
			return &body{small: small}, nil
		}
		if file, err = spooled(k.spool, io.MultiReader(bytes.NewReader(small), given)); err != nil {
			return nil, err
		}
		field.Set(reflect.ValueOf(file))
	}
	name, err := k.journal.Keep(file.Path)
	if err != nil {
		return nil, err
	}
	state, err := file.MD5.(md5State).MarshalBinary()
	return &body{name: name, size: file.Size, md5: state, nvme: file.NVME}, err
}

// spooled makes a file of a body.
func spooled(dir string, from io.Reader) (_ *s3.File, err error) {
	f, err := os.CreateTemp(dir, "body-")
	if err != nil {
		return nil, err
	}
	sum, nvme := md5.New(), s3.NewChecksum(types.ChecksumAlgorithmCrc64nvme)
	size, err := io.Copy(io.MultiWriter(f, sum, nvme), from)
	return &s3.File{Path: f.Name(), Size: size, MD5: sum, NVME: nvme.Sum(nil)}, or(err, f.Close())
}

// bodyOf is the body of a record, to be read once more; nil without one.
func (k *keep) bodyOf(r *record, small []byte) (io.Reader, error) {
	if r.Body == "" {
		return bytes.NewReader(small), nil
	}
	path := k.journal.Body(r.Body)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() != r.Size {
		return nil, fmt.Errorf("%s has %d bytes, and had %d", path, info.Size(), r.Size)
	}
	sum := md5.New()
	if err := sum.(md5State).UnmarshalBinary(r.MD5); err != nil {
		return nil, err
	}
	spool := filepath.Join(k.spool, "again-"+r.Body)
	return &s3.File{Path: spool, Size: r.Size, MD5: sum, NVME: r.NVME}, os.Link(path, spool)
}
