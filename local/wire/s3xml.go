package wire

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/wire/shape"
)

const s3Namespace = `xmlns="http://s3.amazonaws.com/doc/2006-03-01/"`

// roots are the root elements of S3's answers that have a body.
var roots = map[string]string{
	"ListBuckets": "ListAllMyBucketsResult", "ListObjectsV2": "ListBucketResult", "ListObjects": "ListBucketResult", "ListObjectVersions": "ListVersionsResult",
	"DeleteObjects": "DeleteResult", "CopyObject": "CopyObjectResult", "GetObjectAttributes": "GetObjectAttributesResponse", "CreateMultipartUpload": "InitiateMultipartUploadResult",
	"CompleteMultipartUpload": "CompleteMultipartUploadResult", "GetBucketVersioning": "VersioningConfiguration", "GetBucketLocation": "LocationConstraint",
	"ListParts": "ListPartsResult", "ListMultipartUploads": "ListMultipartUploadsResult", "UploadPartCopy": "CopyPartResult", "GetObjectTagging": "Tagging",
	"GetBucketEncryption": "ServerSideEncryptionConfiguration", "GetBucketNotificationConfiguration": "NotificationConfiguration",
	"GetBucketOwnershipControls": "OwnershipControls", "GetPublicAccessBlock": "PublicAccessBlockConfiguration", "GetBucketTagging": "Tagging",
	"GetBucketLifecycleConfiguration": "LifecycleConfiguration", "GetBucketLogging": "BucketLoggingStatus", "GetBucketPolicyStatus": "PolicyStatus",
	"GetBucketRequestPayment": "RequestPaymentConfiguration", "GetBucketAccelerateConfiguration": "AccelerateConfiguration",
	"GetBucketAcl": "AccessControlPolicy", "GetObjectAcl": "AccessControlPolicy",
}

// payloads are members of outputs that are the root themselves, by operation.
var payloads = map[string]string{
	"CopyObject": "CopyObjectResult", "UploadPartCopy": "CopyPartResult", "GetBucketEncryption": "ServerSideEncryptionConfiguration",
	"GetBucketOwnershipControls": "OwnershipControls", "GetPublicAccessBlock": "PublicAccessBlockConfiguration", "GetBucketPolicyStatus": "PolicyStatus",
}

// bodies are members of outputs that are elements, though others of their name are headers.
var bodies = map[string][]string{
	"CompleteMultipartUploadOutput": {"ETag", "Location", "ChecksumType", "ChecksumCRC32", "ChecksumCRC32C", "ChecksumCRC64NVME", "ChecksumMD5", "ChecksumSHA1", "ChecksumSHA256", "ChecksumSHA512"},
	"ListPartsOutput":               {"StorageClass", "ChecksumType"},
	"GetObjectAttributesOutput":     {"ETag", "StorageClass"},
}

// singular are the elements of lists whose members have another name in the SDK.
var singular = map[string]string{"Versions": "Version", "DeleteMarkers": "DeleteMarker", "Errors": "Error", "Parts": "Part", "Uploads": "Upload", "Rules": "Rule", "Objects": "Object",
	"QueueConfigurations": "QueueConfiguration", "TopicConfigurations": "TopicConfiguration", "LambdaFunctionConfigurations": "CloudFunctionConfiguration"}

// wrapped are lists whose elements stand in an element of the list's own.
var wrapped = map[string]string{"Buckets": "Bucket", "TagSet": "Tag", "Tags": "Tag", "Grants": "Grant"}

// renamed are members of other names in the XML.
var renamed = map[string]string{"Grants": "AccessControlList", "TotalPartsCount": "PartsCount"}

// urlEncoded are the members that encoding-type=url is about.
var urlEncoded = map[string]bool{
	"Key": true, "Prefix": true, "Delimiter": true, "StartAfter": true, "KeyMarker": true, "NextKeyMarker": true, "Marker": true, "NextMarker": true,
}

// writeBody writes the XML of an answer; nothing for an action without.
func writeBody(w *bytes.Buffer, operation string, out reflect.Value, encode bool) error {
	root, ok := roots[operation]
	if !ok && operation != "GetBucketPolicy" {
		return nil
	}
	w.WriteString(xml.Header)
	switch o := out.Addr().Interface().(type) {
	case *s3.GetBucketLocationOutput:
		fmt.Fprintf(w, "<%s %s>%s</%[1]s>", root, s3Namespace, escaped(string(o.LocationConstraint)))
		return nil
	case *s3.GetBucketPolicyOutput:
		w.Reset()
		w.WriteString(*o.Policy)
		return nil
	}
	if payload := payloads[operation]; payload != "" {
		out = out.FieldByName(payload).Elem()
	}
	fmt.Fprintf(w, "<%s %s>", root, s3Namespace)
	x := s3XML{w, encode}
	inBody := bodies[out.Type().Name()]
	top := strings.HasSuffix(out.Type().Name(), "Output")
	for i := range out.NumField() {
		name := out.Type().Field(i).Name
		_, header := headers[name]
		if header = header || headersOf[out.Type()][name] != ""; top && header && !slices.Contains(inBody, name) || name == "ResultMetadata" || !out.Type().Field(i).IsExported() {
			continue
		}
		if operation == "ListObjects" && slices.Contains([]string{"StartAfter", "ContinuationToken", "NextContinuationToken", "KeyCount"}, name) {
			continue
		}
		if err := x.member(name, out.Field(i)); err != nil {
			return err
		}
	}
	if list, ok := out.Addr().Interface().(*s3.ListObjectsV2Output); ok && operation == "ListObjects" {
		if err := x.markers(list); err != nil {
			return err
		}
	}
	if encode {
		w.WriteString("<EncodingType>url</EncodingType>")
	}
	fmt.Fprintf(w, "</%s>", root)
	return nil
}

// markers are the members of ListObjects that ListObjectsV2 has others for.
func (x s3XML) markers(list *s3.ListObjectsV2Output) error {
	if err := x.member("Marker", reflect.ValueOf(aws.String(aws.ToString(list.StartAfter)))); err != nil || !aws.ToBool(list.IsTruncated) {
		return err
	}
	last := ""
	for _, o := range list.Contents {
		last = max(last, aws.ToString(o.Key))
	}
	for _, p := range list.CommonPrefixes {
		// The next page begins behind all keys of the prefix.
		last = max(last, aws.ToString(p.Prefix)+"\U0010FFFF")
	}
	return x.member("NextMarker", reflect.ValueOf(&last))
}

type s3XML struct {
	w      *bytes.Buffer
	encode bool
}

func (x s3XML) member(name string, v reflect.Value) error {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if !v.IsValid() || shape.Absent(v) && v.Kind() != reflect.String || v.Kind() == reflect.String && v.Len() == 0 && v.Type() != reflect.TypeFor[string]() {
		return nil
	}
	own := name
	name = cmp.Or(renamed[name], name)
	if v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[[]byte]() {
		if element, ok := wrapped[own]; ok {
			x.w.WriteString("<" + name + ">")
			defer x.w.WriteString("</" + name + ">")
			name = element
		}
		if other, ok := singular[name]; ok {
			name = other
		}
		for i := range v.Len() {
			if err := x.member(name, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	}
	if v.Type() == reflect.TypeFor[types.Grantee]() {
		g := v.Interface().(types.Grantee)
		fmt.Fprintf(x.w, `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="%s"><ID>%s</ID></Grantee>`, g.Type, escaped(aws.ToString(g.ID)))
		return nil
	}
	x.tag("<", name)
	if v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]() {
		for _, f := range shape.Fields(v.Type()) {
			if err := x.member(f.Name, v.Field(f.Index)); err != nil {
				return err
			}
		}
	} else if x.encode && v.Kind() == reflect.String && urlEncoded[name] {
		x.percent(v.String())
	} else if err := shape.WriteText(x.w, v); err != nil {
		return err
	}
	x.tag("</", name)
	return nil
}

// tag writes the beginning or the end of an element.
func (x s3XML) tag(kind, name string) {
	x.w.WriteString(kind)
	x.w.WriteString(name)
	x.w.WriteByte('>')
}

// percent writes a key for encoding-type=url.
func (x s3XML) percent(s string) {
	const digits = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-_.~/", c) >= 0 {
			x.w.WriteByte(c)
			continue
		}
		x.w.WriteByte('%')
		x.w.WriteByte(digits[c>>4])
		x.w.WriteByte(digits[c&15])
	}
}

func malformedXML() error {
	return &apiFault{code: "MalformedXML", status: 400, message: "The XML you provided was not well-formed or did not validate against our published schema"}
}
