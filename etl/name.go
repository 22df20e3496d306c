package etl

import (
	"regexp"
	"strings"
)

// FileSuffixes are the endings, in lower case, of the names of files that are loaded. Case does not matter.
func FileSuffixes() []string { return []string{".csv", ".csv.gz"} }

// Hidden is a regular expression of the keys that are no data, whatever their name ends in: with a
// segment that begins with "_" or ".". So writers name what is not finished (_temporary, .hive-staging),
// what accompanies data (_SUCCESS) and what file systems hide (._flights.csv). The segments "." and ".." are
// no names.
const Hidden = `(^|/)(_|\.([^./]|\.[^/]))`

// File is a regular expression of the keys that are files by their name; what is hidden is none all the same.
func File() string {
	quoted := make([]string, len(FileSuffixes()))
	for i, s := range FileSuffixes() {
		quoted[i] = regexp.QuoteMeta(s)
	}
	return "(" + strings.Join(quoted, "|") + ")$"
}

var hidden, file = regexp.MustCompile(Hidden), regexp.MustCompile("(?i)" + File())

// IsHidden tells whether a key, or a path below a prefix, is no data: see [Hidden].
func IsHidden(key string) bool { return hidden.MatchString(key) }

// IsFile tells whether the key of an object below a dataset's prefix is that of a file to load.
func IsFile(key string) bool { return file.MatchString(key) && !IsHidden(key) }

// CheckVisible refuses a hidden key. The error is a *RefusedError.
func CheckVisible(key string) error {
	if !IsHidden(key) {
		return nil
	}
	return &RefusedError{Key: key, Code: RefusedHidden, What: `the key has a name that begins with "_" or ".", so it is no data`, Mend: "upload it under another name"}
}
