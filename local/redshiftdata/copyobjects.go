package redshiftdata

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

// fetch reads the objects of a user's COPY as its role, and says how long S3 took.
func (s *Service) fetch(ctx context.Context, c *copyStatement, user string) ([]object, time.Duration, error) {
	as, err := s.role(ctx, c.role, user)
	if err != nil {
		return nil, 0, err
	}
	if c.paths.key != "" {
		text, err := s.read(as, c.paths.bucket, c.paths.key)
		if err == nil {
			err = c.paths.readPaths(text)
		}
		if err != nil {
			return nil, door.Elapsed(as), err
		}
	}
	objects, err := s.named(as, c)
	if err != nil {
		return nil, door.Elapsed(as), err
	}
	var staged []object
	for _, o := range objects {
		got, err := s.objects.GetObject(as, &s3.GetObjectInput{Bucket: &o.bucket, Key: &o.key})
		var missing *s3types.NoSuchKey
		if o.optional && errors.As(err, &missing) {
			continue
		}
		if err != nil {
			return nil, door.Elapsed(as), s3Error(err, "Reading "+o.uri())
		}
		o.file, err = s.warehouse.stage(len(staged), func(path string) error { return writeFile(path, got.Body) })
		if err != nil {
			return nil, door.Elapsed(as), err
		}
		staged = append(staged, o)
	}
	return staged, door.Elapsed(as), nil
}

// named are the objects that a COPY names, by the beginning of their keys or in a manifest.
func (s *Service) named(as context.Context, c *copyStatement) (objects []object, err error) {
	if c.manifest {
		return s.manifested(as, c)
	}
	keys, err := s.list(as, c.bucket, c.prefix)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		objects = append(objects, object{bucket: c.bucket, key: key})
	}
	if len(objects) == 0 {
		return nil, fmt.Errorf("ERROR: The specified S3 prefix '%s' does not exist", c.prefix)
	}
	return objects, nil
}

// manifested are the objects of a manifest ("Using a manifest to specify data files", Database Developer Guide). One that is not mandatory may
// be missing; of Parquet the size has to stand there.
func (s *Service) manifested(as context.Context, c *copyStatement) ([]object, error) {
	text, err := s.read(as, c.bucket, c.prefix)
	if err != nil {
		return nil, err
	}
	bad := func(format string, args ...any) error {
		return fmt.Errorf("ERROR: Invalid manifest s3://%s/%s: %s", c.bucket, c.prefix, fmt.Sprintf(format, args...))
	}
	var manifest struct {
		Entries []struct {
			URL       string `json:"url"`
			Mandatory bool   `json:"mandatory"`
			Meta      struct {
				Length *int64 `json:"content_length"`
			} `json:"meta"`
		} `json:"entries"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, bad("%v", err)
	}
	if len(manifest.Entries) == 0 {
		return nil, bad("it has no entries")
	}
	var objects []object
	for i, e := range manifest.Entries {
		rest, ok := strings.CutPrefix(e.URL, "s3://")
		bucket, key, _ := strings.Cut(rest, "/")
		switch {
		case !ok || bucket == "" || key == "":
			return nil, bad("entry %d: %q is no s3://bucket/key", i+1, e.URL)
		case c.format == "parquet" && e.Meta.Length == nil:
			return nil, bad("entry %d: of PARQUET an entry has meta with content_length", i+1)
		}
		objects = append(objects, object{bucket: bucket, key: key, optional: !e.Mandatory})
	}
	return objects, nil
}

// read is the body of an object.
func (s *Service) read(as context.Context, bucket, key string) ([]byte, error) {
	got, err := s.objects.GetObject(as, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, s3Error(err, "Reading s3://"+bucket+"/"+key)
	}
	defer got.Body.Close()
	return io.ReadAll(got.Body)
}
