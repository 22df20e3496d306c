// Package s3 has typed tasks for Amazon S3, and the readers and writers of
// distributed Map states.
package s3

import (
	"airline/asl"
	"airline/asl/ast"
)

// Errors that S3 answers in several operations are the untyped ones of the SDK:
// "S3.S3Exception" is what has no name of its own, as an access denied.
const ServiceError = "S3.S3Exception"

// GetObject reads an object of at most 256 KiB as text.
type GetObject struct {
	Bucket              asl.Value[string] `asl:"required"` // required
	Key                 asl.Value[string] `asl:"required"` // required
	VersionID           asl.Value[string] `json:"VersionId"`
	Range               asl.Value[string] // "bytes=0-99"
	IfMatch             asl.Value[string]
	ExpectedBucketOwner asl.Value[string]

	// KeyARN is the KMS key that encrypts the object, for the grants.
	KeyARN string `json:"-"`
}

// Errors of GetObject.
const (
	NoSuchKey          asl.Err[GetObject] = "S3.NoSuchKeyException"
	InvalidObjectState asl.Err[GetObject] = "S3.InvalidObjectStateException"
)

// GetObjectOutput is the object.
type GetObjectOutput struct {
	Body          string
	ContentLength int
	ContentType   string
	ETag          string
	LastModified  string // ISO 8601
	Metadata      map[string]string
	VersionID     string `json:"VersionId"`
}

// Task reads the object.
func (p GetObject) Task(name string) asl.Task[GetObject, GetObjectOutput] {
	return asl.NewTask[GetObject, GetObjectOutput](name, asl.SDK("s3", "getObject"), p).
		Grant(viaS3(p.KeyARN, "kms:Decrypt")...)
}

// HeadObject reads an object's metadata.
type HeadObject struct {
	Bucket    asl.Value[string] `asl:"required"` // required
	Key       asl.Value[string] `asl:"required"` // required
	VersionID asl.Value[string] `json:"VersionId"`

	KeyARN string `json:"-"`
}

// Errors of HeadObject.
const (
	HeadNoSuchKey asl.Err[HeadObject] = "S3.NoSuchKeyException"
)

// HeadObjectOutput is an object's metadata.
type HeadObjectOutput struct {
	ContentLength int
	ContentType   string
	ETag          string
	LastModified  string // ISO 8601
	Metadata      map[string]string
	VersionID     string `json:"VersionId"`
}

// Task reads the metadata.
func (p HeadObject) Task(name string) asl.Task[HeadObject, HeadObjectOutput] {
	return asl.NewTask[HeadObject, HeadObjectOutput](name, asl.SDK("s3", "headObject"), p).
		Grant(viaS3(p.KeyARN, "kms:Decrypt")...)
}

// PutObject writes an object.
type PutObject struct {
	Bucket               asl.Value[string] `asl:"required"` // required
	Key                  asl.Value[string] `asl:"required"` // required
	Body                 any               // a text, or a document, which is written as JSON
	ContentType          asl.Value[string]
	IfNoneMatch          asl.Value[string] // "*" writes only what does not exist
	StorageClass         asl.Value[string]
	ServerSideEncryption asl.Value[string]
	SSEKMSKeyID          asl.Value[string] `json:"SsekmsKeyId"`

	KeyARN string `json:"-"`
}

// Errors of PutObject.
const (
	PutNoSuchBucket asl.Err[PutObject] = "S3.NoSuchBucketException"
)

// PutObjectOutput is what was written.
type PutObjectOutput struct {
	ETag      string
	VersionID string `json:"VersionId"`
}

// Task writes the object.
func (p PutObject) Task(name string) asl.Task[PutObject, PutObjectOutput] {
	return asl.NewTask[PutObject, PutObjectOutput](name, asl.SDK("s3", "putObject"), p).
		Grant(viaS3(p.KeyARN, "kms:Decrypt", "kms:GenerateDataKey")...)
}

// ListObjects lists the objects under a prefix, at most 1,000 in one answer.
type ListObjects struct {
	Bucket            asl.Value[string] `asl:"required"` // required
	Prefix            asl.Value[string]
	Delimiter         asl.Value[string]
	MaxKeys           asl.Value[int]
	ContinuationToken asl.Value[string]
	StartAfter        asl.Value[string]
}

// Errors of ListObjects.
const (
	ListNoSuchBucket asl.Err[ListObjects] = "S3.NoSuchBucketException"
)

// ListObjectsOutput is one page of a listing.
type ListObjectsOutput struct {
	Contents              []Object
	IsTruncated           bool
	KeyCount              int
	NextContinuationToken string
}

// Object is an entry of a listing.
type Object struct {
	Key          string
	Size         int
	ETag         string
	LastModified string // ISO 8601
	StorageClass string
}

// Task lists once.
func (p ListObjects) Task(name string) asl.Task[ListObjects, ListObjectsOutput] {
	return asl.NewTask[ListObjects, ListObjectsOutput](name, asl.SDK("s3", "listObjectsV2"), p)
}

// ListObjectVersions lists the versions of the objects under a prefix, at most
// 1,000 in one answer; of each key the newest comes first.
type ListObjectVersions struct {
	Bucket          asl.Value[string] `asl:"required"` // required
	Prefix          asl.Value[string]
	Delimiter       asl.Value[string]
	MaxKeys         asl.Value[int]
	KeyMarker       asl.Value[string] // lists what comes after the key
	VersionIDMarker asl.Value[string] `json:"VersionIdMarker"` // with KeyMarker: what comes after the version
}

// Errors of ListObjectVersions.
const (
	ListVersionsNoSuchBucket asl.Err[ListObjectVersions] = "S3.NoSuchBucketException"
)

// ListObjectVersionsOutput is one page of a listing.
type ListObjectVersionsOutput struct {
	Versions            []ObjectVersion
	IsTruncated         bool
	NextKeyMarker       string
	NextVersionIDMarker string `json:"NextVersionIdMarker"`
}

// ObjectVersion is an entry of a listing of versions.
type ObjectVersion struct {
	Key          string
	VersionID    string `json:"VersionId"`
	IsLatest     bool
	Size         int
	ETag         string
	LastModified string // ISO 8601
	StorageClass string
}

// Task lists once.
func (p ListObjectVersions) Task(name string) asl.Task[ListObjectVersions, ListObjectVersionsOutput] {
	return asl.NewTask[ListObjectVersions, ListObjectVersionsOutput](name, asl.SDK("s3", "listObjectVersions"), p)
}

// viaS3 allows actions on the key that encrypts objects, to S3 alone, which takes them in the caller's name ("kms:ViaService", AWS KMS Developer
// Guide); nothing without a key.
func viaS3(keyARN string, actions ...string) []ast.Grant {
	if keyARN == "" {
		return nil
	}
	return []ast.Grant{{Actions: actions, Resources: []string{keyARN}, Conditions: []ast.GrantCondition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{"s3.*"}}}}}
}
