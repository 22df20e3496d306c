package wire

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/wire/shape"
)

// headers are the members of S3's inputs and outputs that are headers (S3's Smithy model, httpHeader).
var headers = map[string]string{
	"ACL": "x-amz-acl", "AcceptRanges": "Accept-Ranges", "BucketArn": "x-amz-bucket-arn", "BucketKeyEnabled": "x-amz-server-side-encryption-bucket-key-enabled",
	"BucketRegion": "x-amz-bucket-region", "CacheControl": "Cache-Control", "ContentDisposition": "Content-Disposition", "ContentEncoding": "Content-Encoding",
	"ContentLanguage": "Content-Language", "ContentLength": "Content-Length", "ContentRange": "Content-Range", "ContentType": "Content-Type",
	"CopySource": "x-amz-copy-source", "CopySourceIfMatch": "x-amz-copy-source-if-match", "CopySourceIfModifiedSince": "x-amz-copy-source-if-modified-since",
	"CopySourceIfNoneMatch": "x-amz-copy-source-if-none-match", "CopySourceIfUnmodifiedSince": "x-amz-copy-source-if-unmodified-since",
	"CopySourceRange": "x-amz-copy-source-range", "CopySourceVersionId": "x-amz-copy-source-version-id", "DeleteMarker": "x-amz-delete-marker", "ETag": "ETag", "Expires": "Expires",
	"GrantFullControl": "x-amz-grant-full-control", "GrantRead": "x-amz-grant-read", "GrantReadACP": "x-amz-grant-read-acp", "GrantWriteACP": "x-amz-grant-write-acp",
	"IfMatch": "If-Match", "IfMatchLastModifiedTime": "x-amz-if-match-last-modified-time", "IfMatchSize": "x-amz-if-match-size", "IfModifiedSince": "If-Modified-Since",
	"IfNoneMatch": "If-None-Match", "IfUnmodifiedSince": "If-Unmodified-Since", "LastModified": "Last-Modified", "MFA": "x-amz-mfa",
	"MetadataDirective": "x-amz-metadata-directive", "ObjectLockLegalHoldStatus": "x-amz-object-lock-legal-hold", "ObjectLockMode": "x-amz-object-lock-mode",
	"ObjectLockRetainUntilDate": "x-amz-object-lock-retain-until-date", "Range": "Range", "SSECustomerAlgorithm": "x-amz-server-side-encryption-customer-algorithm",
	"SSECustomerKey": "x-amz-server-side-encryption-customer-key", "SSECustomerKeyMD5": "x-amz-server-side-encryption-customer-key-MD5",
	"SSEKMSEncryptionContext": "x-amz-server-side-encryption-context", "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
	"ServerSideEncryption": "x-amz-server-side-encryption", "StorageClass": "x-amz-storage-class", "Tagging": "x-amz-tagging", "TaggingDirective": "x-amz-tagging-directive",
	"VersionId": "x-amz-version-id", "WebsiteRedirectLocation": "x-amz-website-redirect-location", "WriteOffsetBytes": "x-amz-write-offset-bytes",
	"PartsCount": "x-amz-mp-parts-count", "TagCount": "x-amz-tagging-count", "ExpiresString": "Expires", "Location": "Location", "ObjectOwnership": "x-amz-object-ownership",
	"ObjectLockEnabledForBucket": "x-amz-bucket-object-lock-enabled", "ChecksumMode": "x-amz-checksum-mode", "ChecksumType": "x-amz-checksum-type",
	"ChecksumCRC32": "x-amz-checksum-crc32", "ChecksumCRC32C": "x-amz-checksum-crc32c", "ChecksumCRC64NVME": "x-amz-checksum-crc64nvme", "ChecksumMD5": "x-amz-checksum-md5",
	"ChecksumSHA1": "x-amz-checksum-sha1", "ChecksumSHA256": "x-amz-checksum-sha256", "ChecksumSHA512": "x-amz-checksum-sha512", "MpuObjectSize": "x-amz-mp-object-size",
	"ObjectAttributes": "x-amz-object-attributes",
}

// headersOf are those that have other places elsewhere.
var headersOf = map[reflect.Type]map[string]string{
	reflect.TypeFor[s3.CreateMultipartUploadInput]():  {"ChecksumAlgorithm": "x-amz-checksum-algorithm"},
	reflect.TypeFor[s3.CreateMultipartUploadOutput](): {"ChecksumAlgorithm": "x-amz-checksum-algorithm"},
	reflect.TypeFor[s3.CopyObjectInput]():             {"ChecksumAlgorithm": "x-amz-checksum-algorithm"},
	reflect.TypeFor[s3.GetObjectAttributesInput]():    {"MaxParts": "x-amz-max-parts", "PartNumberMarker": "x-amz-part-number-marker"},
}

// parameters are the members of S3's inputs that are in the query (httpQuery).
var parameters = map[string]string{
	"ContinuationToken": "continuation-token", "Delimiter": "delimiter", "FetchOwner": "fetch-owner", "KeyMarker": "key-marker", "MaxKeys": "max-keys",
	"PartNumber": "partNumber", "Prefix": "prefix", "StartAfter": "start-after", "UploadId": "uploadId", "VersionId": "versionId", "VersionIdMarker": "version-id-marker",
	"BucketRegion": "bucket-region", "MaxBuckets": "max-buckets", "MaxParts": "max-parts", "PartNumberMarker": "part-number-marker", "MaxUploads": "max-uploads", "UploadIdMarker": "upload-id-marker",
}

// handled are headers that this package deals with: signatures, checksums, and what has no effect on one account's buckets.
var handled = []string{
	"x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-amz-decoded-content-length", "x-amz-trailer", "x-amz-sdk-checksum-algorithm",
	"x-amz-checksum-algorithm", "x-amz-user-agent", "x-amz-request-payer", "x-amz-expected-bucket-owner",
	"x-amz-source-expected-bucket-owner", "x-amz-optional-object-attributes",
	"x-amz-api-version", // C++'s clients (pyarrow) name the version of the API, of which S3 has one
	"x-amz-te",          // Java's clients offer to take an MD5 behind the body; an answer that does not say that it has one has none
}

// handledParameters are parameters of the query that choose the action, sign it or say how the answer is written.
var handledParameters = []string{
	"list-type", "versions", "delete", "uploads", "attributes", "tagging", "location", "versioning", "encoding-type",
	"accelerate", "acl", "cors", "encryption", "lifecycle", "logging", "notification", "object-lock", "ownershipControls", "policy", "policyStatus",
	"publicAccessBlock", "replication", "requestPayment", "website", "x-id", "marker",
	"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders",
	"X-Amz-Content-Sha256", "X-Amz-User-Agent", "AWSAccessKeyId", "Signature", "Expires", "x-amz-security-token",
}

// place is where a member of an S3 input or output stands.
type place struct {
	index             int
	name              string
	parameter, header string // empty without
	key               string // of the header, in canonical form
}

var placesOf sync.Map // type to its []place

// places are the members of a type that a request or an answer may have outside its body.
func places(t reflect.Type) []place {
	if known, ok := placesOf.Load(t); ok {
		return known.([]place)
	}
	var list []place
	for i := range t.NumField() {
		p := place{index: i, name: t.Field(i).Name}
		if p.parameter, p.header = parameters[p.name], headers[p.name]; headersOf[t][p.name] != "" {
			p.parameter, p.header = "", headersOf[t][p.name]
		}
		p.key = http.CanonicalHeaderKey(p.header)
		if p.parameter != "" || p.header != "" || p.name == "Bucket" || p.name == "Key" || p.name == "Metadata" {
			list = append(list, p)
		}
	}
	placesOf.Store(t, list)
	return list
}

// bind fills an S3 input from a request, but for its body. What the input has no member for is refused.
func bind(r *http.Request, t *s3Target, in reflect.Value, account string) error {
	seen := map[string]bool{}
	query := r.URL.Query()
	for _, p := range places(in.Type()) {
		name, header, field := p.name, p.header, in.Field(p.index)
		switch name {
		case "Bucket":
			field.Set(reflect.ValueOf(&t.bucket))
		case "Key":
			field.Set(reflect.ValueOf(&t.key))
		case "Metadata":
			field.Set(reflect.ValueOf(metadata(r.Header)))
		}
		if p.parameter != "" && query.Has(p.parameter) {
			seen[p.parameter] = true
			if value := query.Get(p.parameter); value != "" || name != "VersionIdMarker" && name != "UploadIdMarker" && name != "ContinuationToken" && name != "Delimiter" {
				if err := set(field, p.parameter, value); err != nil {
					return err
				}
			}
			continue
		}
		values := r.Header[p.key]
		if header == "" || name == "ContentLength" || name == "VersionId" || len(values) == 0 || values[0] == "" {
			continue
		}
		seen[strings.ToLower(header)] = true
		value := values[0]
		switch {
		case name == "ContentEncoding":
			if value = withoutChunks(value); value == "" {
				continue
			}
		case name == "StorageClass" && value == "STANDARD", name == "FetchOwner" && value == "false":
			continue // what is so anyway
		case name == "CopySource":
			value = strings.TrimPrefix(value, "/")
		case name == "ObjectAttributes":
			field.Set(reflect.ValueOf(attributes(values)))
			continue
		}
		if err := set(field, header, value); err != nil {
			return err
		}
	}
	for name := range r.Header {
		if !begins(name, "x-amz-") {
			continue
		}
		lower := strings.ToLower(name)
		known := seen[lower] || slices.Contains(handled, lower) || strings.HasPrefix(lower, "x-amz-meta-") || algorithmOf(lower) != ""
		if !known {
			return &shape.Error{Path: lower, Reason: "is a header that is not modelled here", Unknown: true}
		}
	}
	for name := range query {
		if !seen[name] && !slices.Contains(handledParameters, name) && responseOverrides[name] == "" {
			return &shape.Error{Path: name, Reason: "is a parameter that is not modelled here", Unknown: true}
		}
	}
	if owner := r.Header.Get("x-amz-expected-bucket-owner"); owner != "" && owner != account {
		return &apiFault{code: "AccessDenied", message: "Access Denied", status: http.StatusForbidden}
	}
	return nil
}

func set(field reflect.Value, name, value string) error {
	if field.Type() == reflect.TypeFor[*time.Time]() {
		moment, err := http.ParseTime(value)
		if err != nil {
			return &shape.Error{Path: name, Reason: "must be a date"}
		}
		field.Set(reflect.ValueOf(&moment))
		return nil
	}
	if err := shape.Decode(shape.Text(value), field, shape.Pascal); err != nil {
		return &shape.Error{Path: name, Reason: fmt.Sprintf("has the value %q: %v", value, err)}
	}
	return nil
}

// attributes are the names in the header x-amz-object-attributes.
func attributes(values []string) (names []types.ObjectAttributes) {
	for name := range strings.SplitSeq(strings.Join(values, ","), ",") {
		names = append(names, types.ObjectAttributes(strings.TrimSpace(name)))
	}
	return names
}

// begins reports whether the name of a header begins so, in whatever case.
func begins(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

func metadata(h http.Header) map[string]string {
	var m map[string]string
	for name, values := range h {
		if !begins(name, "x-amz-meta-") {
			continue
		}
		if m == nil {
			m = map[string]string{}
		}
		m[strings.ToLower(name[len("x-amz-meta-"):])] = strings.Join(values, ",")
	}
	return m
}

// withoutChunks is a Content-Encoding without the one of the transfer.
func withoutChunks(value string) string {
	var kept []string
	for coding := range strings.SplitSeq(value, ",") {
		if coding = strings.TrimSpace(coding); coding != "" && coding != "aws-chunked" {
			kept = append(kept, coding)
		}
	}
	return strings.Join(kept, ",")
}

// setHeaders writes the members of an output that are headers.
func setHeaders(h http.Header, out reflect.Value) {
	inBody := bodies[out.Type().Name()]
	for _, p := range places(out.Type()) {
		name, v := p.name, out.Field(p.index)
		if name == "Metadata" && !v.IsNil() {
			for key, value := range v.Interface().(map[string]string) {
				h["x-amz-meta-"+key] = []string{value} // clients show the name as it comes, in lower case
			}
		}
		if p.header == "" || shape.Absent(v) || slices.Contains(inBody, name) {
			continue
		}
		switch value := shape.Encode(v, shape.Pascal).(type) {
		case time.Time:
			h[p.key] = []string{value.UTC().Format(http.TimeFormat)}
		case string:
			h[p.key] = []string{value}
		default:
			h[p.key] = []string{fmt.Sprint(value)}
		}
	}
}
