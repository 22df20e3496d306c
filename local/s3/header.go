package s3

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/door"
)

// header is what is kept with an object and given back as it came.
type header struct {
	contentType, contentEncoding, contentLanguage string
	contentDisposition, cacheControl, expires     string
	metadata                                      map[string]string
	kmsKey                                        string // ARN of the key, empty for SSE-S3
	bucketKey                                     bool
	context                                       map[string]string // further encryption context
	tags                                          map[string]string
}

// said is what a request says of the object that it writes.
type said struct {
	contentType, contentEncoding, contentLanguage, contentDisposition, cacheControl *string
	expires                                                                         *time.Time
	metadata                                                                        map[string]string
	tagging                                                                         *string
}

// take keeps what a request says.
func (h *header) take(r said) (err error) {
	h.contentType, h.contentEncoding, h.contentLanguage = aws.ToString(r.contentType), aws.ToString(r.contentEncoding), aws.ToString(r.contentLanguage)
	h.contentDisposition, h.cacheControl, h.metadata = aws.ToString(r.contentDisposition), aws.ToString(r.cacheControl), maps.Clone(r.metadata)
	if r.expires != nil {
		h.expires = r.expires.UTC().Format(http.TimeFormat)
	}
	h.tags, err = tagsOf(r.tagging)
	return err
}

// tagsOf reads the header x-amz-tagging: at most ten tags as the parameters of a query.
func tagsOf(tagging *string) (map[string]string, error) {
	if tagging == nil {
		return nil, nil
	}
	query, err := url.ParseQuery(*tagging)
	tags := map[string]string{}
	for key, values := range query {
		if len(values) > 1 || key == "" {
			err = apiError("InvalidArgument", "")
		}
		tags[key] = values[0]
	}
	if err != nil {
		return nil, apiError("InvalidArgument", "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.")
	}
	return tags, checkTags(tags, 10)
}

// writeNeeds are the permissions to write an object with tags.
func (s *Service) writeNeeds(bucket, key, tagging *string, keys map[string][]string) []door.Request {
	needs := []door.Request{{Action: "s3:PutObject", Resource: s.objectARN(bucket, key), Keys: keys}}
	if tagging != nil {
		needs = append(needs, s.taggingNeed("Put", bucket, key, nil)...)
	}
	return needs
}

// checkACL refuses lists that a bucket with ACLs disabled refuses.
func checkACL(acl types.ObjectCannedACL) error {
	if acl != "" && acl != types.ObjectCannedACLBucketOwnerFullControl {
		return apiError("AccessControlListNotSupported", "The bucket does not allow ACLs")
	}
	return nil
}

func contentType(h header) *string {
	if h.contentType == "" {
		return aws.String("binary/octet-stream")
	}
	return &h.contentType
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// encryptionContext reads the header of that name: base64 of a JSON object of strings.
func encryptionContext(header *string) (map[string]string, error) {
	if header == nil {
		return nil, nil
	}
	var context map[string]string
	data, err := base64.StdEncoding.DecodeString(*header)
	if err == nil {
		err = json.Unmarshal(data, &context)
	}
	if err != nil {
		return nil, apiError("InvalidArgument", "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map")
	}
	return context, nil
}
