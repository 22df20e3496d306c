package door

import (
	"maps"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// AWS's limits of tags ("Tag naming limits and requirements", Tagging AWS Resources User Guide); S3's objects have fewer.
const (
	maxTags     = 50
	maxTagKey   = 128 // characters
	maxTagValue = 256
)

// Tagged are a resource's tags after more are put; one with a key that is there replaces it. The tags that it has stay as they are. Each API
// has its own errors: bad is that of a key or value of the wrong length, many that of over 50 tags.
func Tagged[T any](has map[string]string, more []T, pair func(T) (key, value *string), bad, many error) (map[string]string, error) {
	all := make(map[string]string, len(has)+len(more))
	maps.Copy(all, has)
	for _, tag := range more {
		k, v := pair(tag)
		key, value := aws.ToString(k), aws.ToString(v)
		if n := utf8.RuneCountInString(key); n < 1 || n > maxTagKey || utf8.RuneCountInString(value) > maxTagValue {
			return nil, bad
		}
		all[key] = value
	}
	if len(all) > maxTags {
		return nil, many
	}
	return all, nil
}
