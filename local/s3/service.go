// Package s3 is Amazon S3 in the local world: buckets with versions, default encryption and policies, kept as
// plain files under a directory, and the traces that a call leaves in CloudTrail and EventBridge.
//
// [Service] has the methods of the SDK's client that the pipeline and its operators use.
package s3

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
	"airline/local/iam"
	"airline/local/kms"
)

// Service holds the buckets. Its methods go through the door.
type Service struct {
	door       *door.Door
	keys       *kms.Keys
	directory  *iam.Directory
	dir        string
	region     string
	account    string
	partition  string
	buckets    map[string]*bucket
	onlyWrites bool                               // see OnlyWrites
	size       func(key string, size int64) int64 // see Model
	observers  []func(Access)
	sequence   uint64
	kept       map[string][]VersionKept // by bucket, of an earlier world
	spill      Spill                    // see UseSpill
}

type bucket struct {
	*store
	name          string
	arn           string
	versioned     bool
	suspended     bool
	kmsKey        string // default encryption, empty for SSE-S3
	bucketKey     bool
	toEventBridge bool
	uploads       map[string]*upload
	created       time.Time
	configuration
}

// Place says where a service of the local world is.
type Place struct {
	Account, Region, Partition string
}

// New makes S3 without buckets. Objects are kept under dir, one directory a bucket.
func New(d *door.Door, keys *kms.Keys, directory *iam.Directory, place Place, dir string) *Service {
	return &Service{door: d, keys: keys, directory: directory, dir: dir, region: place.Region, account: place.Account, partition: place.Partition, buckets: map[string]*bucket{}}
}

// Access is one call on an object, as CloudTrail's data events and S3's own notifications tell it.
type Access struct {
	Time       time.Time
	Principal  door.Principal
	API        string // "PutObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject", "GetObject" ...
	Bucket     string
	Key        string
	VersionID  string // of the object written, read or deleted; empty in an unversioned bucket
	Size       int64
	Sent       int64 // bytes in the call itself; none for a copy or the completion of an upload
	ETag       string
	ReadOnly   bool
	Deletion   string // "Permanently Deleted" or MarkerCreated for deletions
	Marker     bool   // a delete marker was made or removed
	Sequencer  string // orders the events of one key
	RequestID  string
	Parameters map[string]string // further request parameters, for CloudTrail
	KMSKey     string
	Notifies   bool  // the bucket sends its events to EventBridge
	Err        error // of a failed call
}

// Observe calls f after every call on an object, failed ones included.
func (s *Service) Observe(f func(Access)) { s.observers = append(s.observers, f) }

// OnlyWrites has the observers told of writes alone, so that a read leaves nothing behind, no id that is taken either.
func (s *Service) OnlyWrites() { s.onlyWrites = true }

func (s *Service) tell(ctx context.Context, a Access) {
	if a.ReadOnly && s.onlyWrites {
		return
	}
	a.Time = s.door.Now()
	a.Principal, _ = door.Caller(ctx)
	a.RequestID = requestID(s.door)
	if a.Sequencer == "" {
		s.sequence++
		a.Sequencer = fmt.Sprintf("%016X%04X", a.Time.UnixMicro(), s.sequence&0xffff)
	}
	if b := s.buckets[a.Bucket]; b != nil {
		a.Notifies = b.toEventBridge
	}
	for _, f := range s.observers {
		f(a)
	}
}

// requestID is S3's form of one: 16 characters.
func requestID(d *door.Door) string {
	return strings.ToUpper(strings.ReplaceAll(d.UUID(), "-", "")[:16])
}

func (s *Service) bucket(name *string) (*bucket, error) {
	b, ok := s.buckets[aws.ToString(name)]
	if !ok {
		return nil, &types.NoSuchBucket{Message: aws.String("The specified bucket does not exist: " + aws.ToString(name))}
	}
	return b, nil
}

// Buckets lists the names of the buckets, sorted.
func (s *Service) Buckets() []string {
	var names []string
	for name := range s.buckets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Dir is the directory that holds a bucket's objects.
func (s *Service) Dir(bucket string) string { return filepath.Join(s.dir, bucket) }

func (s *Service) objectARN(bucket, key *string) string {
	return fmt.Sprintf("%s/%s", s.bucketARN(bucket), aws.ToString(key))
}

func (s *Service) bucketARN(bucket *string) string {
	if b, ok := s.buckets[aws.ToString(bucket)]; ok {
		return b.arn
	}
	return "arn:" + s.partition + ":s3:::" + aws.ToString(bucket)
}

// newVersionID is an opaque id as S3 makes them, or "null" in a bucket without versions.
func (s *Service) newVersionID(b *bucket) string {
	if !b.versioned || b.suspended {
		return "null"
	}
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_."
	id := make([]byte, 32)
	for i := range id {
		id[i] = letters[s.door.Rand().IntN(len(letters))]
	}
	id[0], id[31] = 'v', 'Q' // never a leading or trailing dot
	return string(id)
}

// shown is a version's id as answers give it: unversioned buckets have none.
func (b *bucket) shown(v *version) *string {
	if !b.versioned {
		return nil
	}
	return &v.id
}

// encryption is what an object is stored under, by the request's headers or the bucket's default.
func (s *Service) encryption(b *bucket, algorithm types.ServerSideEncryption, key *string, bucketKey *bool) (header, error) {
	h := header{kmsKey: b.kmsKey, bucketKey: b.bucketKey}
	switch algorithm {
	case "":
	case types.ServerSideEncryptionAes256:
		h = header{}
	case types.ServerSideEncryptionAwsKms:
		if key != nil {
			arn, err := s.keys.ARN(*key)
			if err != nil {
				return h, err
			}
			h.kmsKey = arn
		}
		if h.kmsKey == "" {
			return h, notImplemented("encryption under the key aws/s3 (name a key of the stack)")
		}
	default:
		return h, notImplemented("the encryption " + string(algorithm))
	}
	if bucketKey != nil {
		h.bucketKey = *bucketKey
	}
	return h, nil
}

// useKey asks for the caller's permission to encrypt or decrypt an object under a customer-managed key.
func (s *Service) useKey(ctx context.Context, b *bucket, key string, h header, actions ...string) error {
	if h.kmsKey == "" {
		return nil
	}
	bound := b.arn + "/" + key
	if h.bucketKey {
		bound = b.arn
	}
	context := map[string]string{"aws:s3:arn": bound}
	maps.Copy(context, h.context)
	return s.keys.Use(ctx, "s3", h.kmsKey, context, actions...)
}

func etag(c content, h header, id string) string {
	if h.kmsKey != "" { // the tag of an object under KMS is not its MD5
		c.sum.Write([]byte(h.kmsKey + id))
	}
	return c.tag()
}

func encryptionOf(h header) (types.ServerSideEncryption, *string, *bool) {
	if h.kmsKey == "" {
		return types.ServerSideEncryptionAes256, nil, nil
	}
	var bucketKey *bool
	if h.bucketKey {
		bucketKey = aws.Bool(true)
	}
	return types.ServerSideEncryptionAwsKms, &h.kmsKey, bucketKey
}

// checkKey refuses keys that S3 does not take: empty, over 1024 bytes.
func checkKey(key *string) error {
	switch k := aws.ToString(key); {
	case k == "":
		return apiError("InvalidArgument", "The object key is empty")
	case len(k) > 1024:
		return apiError("KeyTooLongError", "Your key is too long")
	}
	return nil
}

func readAll(body io.Reader) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, fmt.Errorf("reading the body: %w", err)
	}
	return data, nil
}

// transfer is the latency of a request that moves n bytes, at 80 MiB a second. It counts whole blocks: the
// same rows make a Parquet file that is some bytes longer in one run than in another, and that shall not show
// in the times of a world.
func transfer(base time.Duration, n int64) time.Duration {
	const block, perSecond = 64 << 10, 80 << 20
	return base + time.Duration((n+block-1)/block)*(block*time.Second/perSecond)
}

func apiError(code, format string, args ...any) error {
	return &smithy.GenericAPIError{Code: code, Message: fmt.Sprintf(format, args...), Fault: smithy.FaultClient}
}

func notImplemented(what string) error {
	return apiError("NotImplemented", "the local world does not model %s", what)
}
