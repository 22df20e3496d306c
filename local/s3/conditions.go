package s3

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// condition is what the headers If-Match, If-None-Match, If-Modified-Since and If-Unmodified-Since ask of an object.
type condition struct {
	match, noneMatch     *string
	modified, unmodified *time.Time
}

// check reports what of the condition does not hold. A tag weighs more than a date (S3 API reference, GetObject: "If both of the
// If-Match and If-Unmodified-Since headers are present ..." and the like).
func (c condition) check(v *version) error {
	switch {
	case c.match != nil:
		if *c.match != "*" && !sameTag(*c.match, v.etag) {
			return failedCondition()
		}
	case c.unmodified != nil && v.modified.After(*c.unmodified):
		return failedCondition()
	}
	switch {
	case c.noneMatch != nil:
		if *c.noneMatch == "*" || sameTag(*c.noneMatch, v.etag) {
			return apiError("NotModified", "Not Modified")
		}
	case c.modified != nil && !v.modified.After(*c.modified):
		return apiError("NotModified", "Not Modified")
	}
	return nil
}

// checkSource is check for the source of a copy, which has no answer "not modified".
func (c condition) checkSource(v *version) error {
	if c.check(v) != nil {
		return failedCondition()
	}
	return nil
}

func failedCondition() error {
	return apiError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
}

func (b *bucket) writeCondition(key, match, noneMatch *string) error {
	v := b.current(aws.ToString(key))
	exists := v != nil && !v.marker
	switch {
	case noneMatch != nil && *noneMatch != "*":
		return notImplemented("a conditional write with If-None-Match other than *")
	case noneMatch != nil && exists:
		return apiError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	case match != nil && !exists:
		return &types.NoSuchKey{Message: aws.String("The specified key does not exist.")}
	case match != nil && !sameTag(*match, v.etag):
		return apiError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	}
	return nil
}

func sameTag(a, b string) bool { return strings.Trim(a, `"`) == strings.Trim(b, `"`) }
