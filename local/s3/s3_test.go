package s3_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"airline/asl/sim"
	policies "airline/iam"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/recorder"
	"airline/local/s3"
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// world is S3 with one versioned bucket "raw" under a customer-managed key and a plain bucket "plain".
type world struct {
	*s3.Service
	dir       string
	directory *iam.Directory
	clock     *clock
}

const keyARN = "arn:aws:kms:eu-west-1:111122223333:key/k1"

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), clock: &clock{time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)}}
	w.directory = iam.NewDirectory("eu-west-1", w.clock.Now)
	d := door.New(w.clock, w.directory, 1)
	keys := kms.New(d, w.directory, "eu-west-1")
	w.Service = s3.New(d, keys, w.directory, s3.Place{Account: "111122223333", Region: "eu-west-1", Partition: "aws"}, w.dir)
	add := func(typ string, props, out map[string]any) {
		t.Helper()
		r := &recorder.Resource{Type: typ, Name: "test", Inputs: props, Outputs: out}
		for _, table := range []map[string]func(*recorder.Resource) error{w.Types(nil), keys.Types(nil)} {
			if take, ok := table[typ]; ok {
				if err := take(r); err != nil {
					t.Fatal(err)
				}
				return
			}
		}
		t.Fatalf("%s is not modelled", typ)
	}
	add("aws:kms/key:Key", map[string]any{}, map[string]any{"keyId": "k1", "arn": keyARN})
	for _, name := range []string{"raw", "plain"} {
		add("aws:s3/bucketV2:BucketV2", map[string]any{"bucket": name}, map[string]any{"bucket": name, "arn": "arn:aws:s3:::" + name})
	}
	add("aws:s3/bucketVersioningV2:BucketVersioningV2", map[string]any{"bucket": "raw", "versioningConfiguration": map[string]any{"status": "Enabled"}}, nil)
	add("aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2", map[string]any{
		"bucket": "raw", "rules": []any{map[string]any{"applyServerSideEncryptionByDefault": map[string]any{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": keyARN}}},
	}, nil)
	w.role(t, "operator", `{"Effect": "Allow", "Action": "*", "Resource": "*"}`)
	d.Operator(door.Principal{ARN: "arn:aws:iam::111122223333:role/operator", Role: "arn:aws:iam::111122223333:role/operator", Account: "111122223333"}, func(time.Duration) {})
	return w
}

func (w *world) role(t testing.TB, name, statement string) door.Principal {
	t.Helper()
	p, err := policies.Parse(policies.Identity, []byte(`{"Version": "2012-10-17", "Statement": `+statement+`}`))
	if err != nil {
		t.Fatal(err)
	}
	arn := "arn:aws:iam::111122223333:role/" + name
	w.directory.AddRole(arn, name, nil)
	if err := w.directory.AddIdentityPolicy(arn, policies.Named{Name: name, Policy: p}); err != nil {
		t.Fatal(err)
	}
	return door.Principal{ARN: "arn:aws:sts::111122223333:assumed-role/" + name + "/s", Role: arn, Account: "111122223333"}
}

func (w *world) put(t testing.TB, bucket, key, text string) string {
	t.Helper()
	out, err := w.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(text)})
	if err != nil {
		t.Fatalf("putting %q: %v", key, err)
	}
	return aws.ToString(out.VersionId)
}

func (w *world) get(t testing.TB, bucket, key, version string) string {
	t.Helper()
	in := &sdk.GetObjectInput{Bucket: &bucket, Key: &key}
	if version != "" {
		in.VersionId = &version
	}
	out, err := w.GetObject(t.Context(), in)
	if err != nil {
		t.Fatalf("getting %q: %v", key, err)
	}
	defer out.Body.Close()
	data, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

func TestHostileKeys(t *testing.T) {
	w := newWorld(t)
	keys := []string{
		"a", "a/b", "a/b/c", "A", "a/", "/a", "//", "a//b", ".", "..", "../../etc/passwd", "a/../b", "./a", "...", ".versions/a", "a/.versions/null",
		"with space", " lead", "trail ", "dot.", "plus+plus", "per%cent", "%2E%2E", "%", "%61", "q\"uote'", "semi;--", "line\nbreak\r\t", "nul\x00", "naïve/日本語.csv",
		"emoji 🛫", "back\\slash", "C:\\x", "con", "nul", "a:b", "a|b", "<b>", "star*", "q?", "$.x", "{% x %}", "~", "-", "=x", strings.Repeat("x", 1024), strings.Repeat("é", 512),
		strings.Repeat("d/", 500) + "x", "date=2024-05-01/flights.csv",
	}
	for i, key := range keys {
		w.put(t, "raw", key, fmt.Sprint("first ", i))
		w.put(t, "raw", key, fmt.Sprint("second ", i))
	}
	for i, key := range keys {
		if got, want := w.get(t, "raw", key, ""), fmt.Sprint("second ", i); got != want {
			t.Errorf("%q: got %q, want %q", key, got, want)
		}
	}
	out, err := w.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("raw")})
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, o := range out.Contents {
		listed = append(listed, *o.Key)
	}
	sort.Strings(keys)
	if !slices.Equal(listed, keys) {
		t.Errorf("listed %q, want %q", listed, keys)
	}
	versions, err := w.ListObjectVersions(t.Context(), &sdk.ListObjectVersionsInput{Bucket: aws.String("raw")})
	if err != nil || len(versions.Versions) != 2*len(keys) {
		t.Errorf("%d versions, want %d (%v)", len(versions.Versions), 2*len(keys), err)
	}
	if err := filepath.WalkDir(filepath.Dir(w.dir), func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && !strings.HasPrefix(path, filepath.Join(w.dir, "raw")+"/") {
			t.Errorf("%s is outside of the bucket", path)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(w.dir, "raw", "date=2024-05-01", "flights.csv")); err != nil {
		t.Errorf("a harmless key is not kept under its name: %v", err)
	}
	for _, key := range []string{"", strings.Repeat("x", 1025)} {
		if _, err := w.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("raw"), Key: &key}); err == nil {
			t.Errorf("the key of %d bytes was accepted", len(key))
		}
	}
}

// TestAgainstModel does random things to a bucket and to a plain model of one, and compares: with small objects as files, and in a spill.
func TestAgainstModel(t *testing.T) {
	for _, name := range []string{"raw", "plain", "raw, in a spill", "plain, in a spill"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			bucket, _, spills := strings.Cut(name, ", ")
			if spills {
				spill := sim.NewSpill(t.TempDir(), 1<<10)
				t.Cleanup(func() { spill.Close() })
				w.UseSpill(spill)
			}
			type version struct{ id, text string }
			model := map[string][]version{} // oldest first; text "" is a delete marker
			r := rand.New(rand.NewPCG(1, 2))
			keys := []string{"a", "a/b", "A", "..", "c c"}
			for step := range 200 {
				key := keys[r.IntN(len(keys))]
				list := model[key]
				switch r.IntN(4) {
				case 0, 1:
					text := fmt.Sprint("text ", step)
					if step%5 == 0 {
						text += strings.Repeat(".", 64<<10) // which makes it a file in any case
					}
					id := w.put(t, bucket, key, text)
					if bucket == "plain" {
						list = nil
					}
					model[key] = append(list, version{id, text})
				case 2:
					out, err := w.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: &bucket, Key: &key})
					if err != nil {
						t.Fatal(err)
					}
					if bucket == "plain" {
						delete(model, key)
					} else {
						model[key] = append(list, version{aws.ToString(out.VersionId), ""})
					}
				case 3:
					if len(list) == 0 || bucket == "plain" {
						continue
					}
					i := r.IntN(len(list))
					if _, err := w.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: &bucket, Key: &key, VersionId: &list[i].id}); err != nil {
						t.Fatal(err)
					}
					model[key] = slices.Delete(slices.Clone(list), i, i+1)
				}
				for _, key := range keys {
					list := model[key]
					for _, v := range list {
						if v.text != "" && v.id != "" {
							if got := w.get(t, bucket, key, v.id); got != v.text {
								t.Fatalf("step %d: %q version %s is %q, want %q", step, key, v.id, got, v.text)
							}
						}
					}
					if len(list) > 0 && list[len(list)-1].text != "" {
						if got := w.get(t, bucket, key, ""); got != list[len(list)-1].text {
							t.Fatalf("step %d: %q is %q, want %q", step, key, got, list[len(list)-1].text)
						}
					} else if _, err := w.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: &bucket, Key: &key}); code(err) != "NoSuchKey" {
						t.Fatalf("step %d: %q: %v, want NoSuchKey", step, key, err)
					}
				}
			}
		})
	}
}

func TestListPages(t *testing.T) {
	w := newWorld(t)
	for _, key := range []string{"a", "b/1", "b/2", "b/3", "c/1", "d"} {
		w.put(t, "raw", key, "x")
	}
	var got []string
	var token *string
	for {
		out, err := w.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("raw"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(1), ContinuationToken: token})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out.Contents {
			got = append(got, *o.Key)
		}
		for _, p := range out.CommonPrefixes {
			got = append(got, *p.Prefix)
		}
		if !aws.ToBool(out.IsTruncated) {
			break
		}
		token = out.NextContinuationToken
	}
	if want := []string{"a", "b/", "c/", "d"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	out, err := w.ListObjectsV2(t.Context(), &sdk.ListObjectsV2Input{Bucket: aws.String("raw"), Prefix: aws.String("b/"), StartAfter: aws.String("b/1")})
	if err != nil || len(out.Contents) != 2 || aws.ToInt32(out.KeyCount) != 2 {
		t.Errorf("got %+v, %v", out, err)
	}
}

func TestPermissions(t *testing.T) {
	w := newWorld(t)
	w.put(t, "raw", "in/a", "secret")
	const read = `{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::raw/in/*"}`
	const list = `{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::raw"}`
	const key = `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::raw/in/a"}}}`
	for name, tc := range map[string]struct {
		statements, key string
		want            string
	}{
		"all it takes":              {"[" + read + "," + key + "]", "in/a", ""},
		"no key":                    {"[" + read + "]", "in/a", "AccessDenied: User: arn:aws:sts::111122223333:assumed-role/no key/s is not authorized to perform: kms:Decrypt on resource: " + keyARN},
		"other prefix":              {"[" + read + "," + key + "]", "out/a", "s3:GetObject on resource: arn:aws:s3:::raw/out/a because no identity-based policy allows"},
		"missing, and may not list": {"[" + read + "," + key + "]", "in/b", "s3:ListBucket on resource: arn:aws:s3:::raw"},
		"missing, and may list":     {"[" + read + "," + list + "," + key + "]", "in/b", "NoSuchKey"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := door.As(t.Context(), w.role(t, name, tc.statements))
			out, err := w.GetObject(ctx, &sdk.GetObjectInput{Bucket: aws.String("raw"), Key: &tc.key})
			if err == nil {
				out.Body.Close()
			}
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestAccesses(t *testing.T) {
	w := newWorld(t)
	var seen []string
	w.Observe(func(a s3.Access) {
		seen = append(seen, fmt.Sprintf("%s %s %d %s %v", a.API, a.Key, a.Size, a.Deletion, a.Err != nil))
	})
	w.put(t, "raw", "a b+c%", "12345")
	if _, err := w.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String("raw"), Key: aws.String("copy"), CopySource: aws.String("raw/a%20b+c%25")}); err != nil {
		t.Fatal(err)
	}
	part := bytes.Repeat([]byte("x"), 5<<20)
	up, err := w.CreateMultipartUpload(t.Context(), &sdk.CreateMultipartUploadInput{Bucket: aws.String("raw"), Key: aws.String("big")})
	if err != nil {
		t.Fatal(err)
	}
	done := &types.CompletedMultipartUpload{}
	for i, data := range [][]byte{part, []byte("end")} {
		out, err := w.UploadPart(t.Context(), &sdk.UploadPartInput{Bucket: up.Bucket, Key: up.Key, UploadId: up.UploadId, PartNumber: aws.Int32(int32(i + 1)), Body: bytes.NewReader(data)})
		if err != nil {
			t.Fatal(err)
		}
		done.Parts = append(done.Parts, types.CompletedPart{PartNumber: aws.Int32(int32(i + 1)), ETag: out.ETag})
	}
	if _, err := w.CompleteMultipartUpload(t.Context(), &sdk.CompleteMultipartUploadInput{Bucket: up.Bucket, Key: up.Key, UploadId: up.UploadId, MultipartUpload: done}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.PutObject(door.As(t.Context(), w.role(t, "poor", `{"Effect": "Deny", "Action": "*", "Resource": "*"}`)), &sdk.PutObjectInput{Bucket: aws.String("raw"), Key: aws.String("no")}); code(err) != "AccessDenied" {
		t.Errorf("got %v", err)
	}
	if _, err := w.DeleteObject(t.Context(), &sdk.DeleteObjectInput{Bucket: aws.String("raw"), Key: aws.String("copy")}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"PutObject a b+c% 5  false", "CopyObject copy 5  false", "CreateMultipartUpload big 0  false", "UploadPart big 0  false", "UploadPart big 0  false",
		"CompleteMultipartUpload big 5242883  false", "PutObject no 0  true", "DeleteObject copy 0 Delete Marker Created false",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("got  %q\nwant %q", seen, want)
	}
}

func TestRangesAndConditions(t *testing.T) {
	w := newWorld(t)
	w.put(t, "plain", "a", "0123456789")
	for asked, want := range map[string]string{"bytes=0-3": "0123", "bytes=7-": "789", "bytes=-2": "89", "bytes=5-99": "56789", "bytes=10-": "InvalidRange", "bytes=x": "InvalidRange"} {
		out, err := w.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String("plain"), Key: aws.String("a"), Range: &asked})
		got := ""
		if err != nil {
			got = code(err)
		} else {
			data, _ := io.ReadAll(out.Body)
			out.Body.Close()
			got = string(data)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", asked, got, want)
		}
	}
	_, err := w.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("plain"), Key: aws.String("a"), IfNoneMatch: aws.String("*")})
	if code(err) != "PreconditionFailed" {
		t.Errorf("got %v", err)
	}
	_, err = w.PutObject(t.Context(), &sdk.PutObjectInput{Bucket: aws.String("plain"), Key: aws.String("a"), StorageClass: types.StorageClassGlacier})
	if code(err) != "NotImplemented" {
		t.Errorf("got %v", err)
	}
}

// What is kept in a spill is read like a file, and cannot be saved.
func TestSpilledObjects(t *testing.T) {
	w := newWorld(t)
	spill := sim.NewSpill(t.TempDir(), 0)
	t.Cleanup(func() { spill.Close() })
	w.put(t, "plain", "before", "a file")
	w.UseSpill(spill)
	w.put(t, "plain", "k", "0123456789")
	out, err := w.GetObject(t.Context(), &sdk.GetObjectInput{Bucket: aws.String("plain"), Key: aws.String("k"), Range: aws.String("bytes=2-4")})
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(out.Body); err != nil || string(text) != "234" {
		t.Errorf("the range is %q, %v", text, err)
	}
	if _, err := w.CopyObject(t.Context(), &sdk.CopyObjectInput{Bucket: aws.String("plain"), Key: aws.String("copy"), CopySource: aws.String("plain/k")}); err != nil {
		t.Error(err)
	}
	for key, want := range map[string]string{"before": "a file", "copy": "0123456789"} {
		if got := w.get(t, "plain", key, ""); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if entries, err := os.ReadDir(w.Dir("plain")); err != nil || len(entries) != 1 {
		t.Errorf("the bucket's folder has %v, %v", entries, err)
	}
	if _, err := w.State(); err == nil {
		t.Error("objects that are in no file can be saved")
	}
}
