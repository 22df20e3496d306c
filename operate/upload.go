package operate

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/etl"
)

// largest is the largest object that one call takes (PutObject, API reference).
const largest = 5 << 30

// Uploaded is a file that was uploaded.
type Uploaded struct {
	File    string `json:"file"`
	Key     string `json:"key"`
	Version string `json:"version"`
	Bytes   int64  `json:"bytes"`
}

// Upload writes a file to the raw bucket; S3 verifies its checksum, which the SDK computes. progress is called with the bytes
// sent so far; nil tells nobody. An upload that is interrupted has written nothing.
func (s *Session) Upload(ctx context.Context, file, key string, progress func(sent, total int64)) (*Uploaded, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > largest {
		return nil, &Failure{fmt.Sprintf("%s has %d bytes, and one upload takes 5 GiB", file, info.Size()), "Compress it (.csv.gz), or part it.", nil}
	}
	out, err := s.objects.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.Parts.Raw, Key: &key, Body: &counted{f, 0, info.Size(), progress}, ContentLength: aws.Int64(info.Size()),
	})
	if err != nil {
		return nil, s.there(err)
	}
	return &Uploaded{File: file, Key: key, Version: aws.ToString(out.VersionId), Bytes: info.Size()}, nil
}

// counted tells how much of a file was read. The SDK reads it twice: first for the checksum.
type counted struct {
	file        io.ReadSeeker
	sent, total int64
	tell        func(sent, total int64)
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	c.sent += int64(n)
	if c.tell != nil {
		c.tell(c.sent, c.total)
	}
	return n, err
}

func (c *counted) Seek(offset int64, whence int) (int64, error) {
	at, err := c.file.Seek(offset, whence)
	c.sent = at
	return at, err
}

// CurrentAirports copies the airports files of the stack into a folder, for checks against them.
func (s *Session) CurrentAirports(ctx context.Context, dir string) ([]string, error) {
	var files []string
	for o, err := range s.objectsOf(ctx, s.Parts.Raw, []keyRange{{prefix: etl.Airports.Prefix()}}) {
		if err != nil {
			return nil, err
		}
		if o.newest().Marker || !etl.IsFile(o.key) {
			continue
		}
		// Of two files that name an airport the newer one counts, so the copies have the objects' times.
		path := filepath.Join(dir, fmt.Sprintf("%04d-%s", len(files), strings.ReplaceAll(strings.TrimPrefix(o.key, etl.Airports.Prefix()), "/", "-")))
		if err := s.download(ctx, o.key, path, o.newest().Written); err != nil {
			return nil, err
		}
		files = append(files, path)
	}
	return files, nil
}

func (s *Session) download(ctx context.Context, key, path string, written time.Time) error {
	o, err := s.objects.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.Parts.Raw, Key: &key})
	if err != nil {
		return s.Explain(err)
	}
	defer o.Body.Close()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, o.Body); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Chtimes(path, written, written)
}

// Patience is how long a load may take to begin before its event is taken for lost.
const Patience = 10 * time.Minute

// Await waits for the load of a version that was just written, and gives the execution when it has ended. tell is called when it
// is found.
func (s *Session) Await(ctx context.Context, key, version string, every time.Duration, tell func(Execution)) (*Execution, error) {
	written, err := s.writtenAt(ctx, key, version)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for begun := s.now(); ; {
		for _, status := range slices.Concat(ended, []types.ExecutionStatus{types.ExecutionStatusRunning, types.ExecutionStatusSucceeded}) {
			list, err := s.executions(ctx, status, written.Truncate(time.Second))
			if err != nil {
				return nil, err
			}
			for _, x := range list {
				if seen[x.ARN] {
					continue
				}
				if err := s.describe(ctx, &x); err != nil {
					return nil, err
				}
				seen[x.ARN] = true
				if slices.Contains(x.Keys, key) {
					tell(x)
					return s.end(ctx, x, every)
				}
			}
		}
		if s.now().Sub(begun) > Patience {
			return nil, &Failure{fmt.Sprintf("no load of %s has begun in %v: its event may be lost", key, Patience), fmt.Sprintf("airline replay %q", key), nil}
		}
		if err := sleep(ctx, every); err != nil {
			return nil, err
		}
	}
}

// writtenAt is when a version was written, by S3's clock.
func (s *Session) writtenAt(ctx context.Context, key, version string) (time.Time, error) {
	for o, err := range s.objectsOf(ctx, s.Parts.Raw, []keyRange{{prefix: key, exact: true}}) {
		if err != nil {
			return time.Time{}, err
		}
		for _, v := range o.versions {
			if v.ID == version {
				return v.Written, nil
			}
		}
	}
	return time.Time{}, &Failure{fmt.Sprintf("the version %s of %s is gone", version, key), "Somebody has deleted it since it was written.", nil}
}

// end waits for the end of an execution.
func (s *Session) end(ctx context.Context, x Execution, every time.Duration) (*Execution, error) {
	for x.Status == types.ExecutionStatusRunning {
		if err := sleep(ctx, every); err != nil {
			return nil, err
		}
		if err := s.describe(ctx, &x); err != nil {
			return nil, err
		}
	}
	return &x, nil
}
