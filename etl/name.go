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

// endings are names' ends of files that are often put where data belongs, in lower case, with what loads them. The first that fits counts.
var endings = []struct {
	of     *regexp.Regexp
	remedy string
}{
	{regexp.MustCompile(`\.(zip|7z|rar|tar|tgz|tbz2?|txz|tar\.[a-z0-9]+|bz2|xz|zst|lz4|lzo|lzma|lz|sz|snappy|br|deflate|zlib|z)$`), "unpack it and upload the CSV, plain as .csv or as gzip as .csv.gz"},
	{regexp.MustCompile(`\.(gpg|pgp|asc|age|enc|aes)$`), "decrypt it and upload the CSV"},
	{regexp.MustCompile(`\.(xlsx?|xlsm|xlsb|ods|numbers|pdf|docx?|rtf)$`), "save it as CSV in UTF-8 and upload that"},
	{regexp.MustCompile(`\.(parquet|orc|avro|arrow|feather|jsonl?|ndjson|xml|html?|ya?ml|sql|sqlite|db|dbf|mdb|accdb|sas7bdat|sav|dta|rds|rdata|pkl|pickle|npy|npz|h5|hdf5|nc)(\.gz)?$`), "write it as CSV in UTF-8 and upload that"},
	{regexp.MustCompile(`\.(tsv|tab|psv|ssv)(\.gz)?$`), "save it with commas and upload that as .csv"},
	{regexp.MustCompile(`\.(tmp|temp|part|partial|filepart|crdownload|download|swp|_copying_)$|~$`), "it looks unfinished: if it is a whole CSV, rename it to end in .csv"},
	{regexp.MustCompile(`\.gz(ip)?$`), "if it is a CSV, rename it to end in .csv.gz"},
	{regexp.MustCompile(``), "if it is a CSV, rename it to end in .csv"},
}

// Remedy is how to have an object loaded that [IsFile] is false of.
func Remedy(key string) string {
	if IsHidden(key) {
		return messages["hidden"].Fix
	}
	for _, e := range endings {
		if e.of.MatchString(strings.ToLower(key)) {
			return e.remedy
		}
	}
	return ""
}

// CheckVisible refuses a hidden key. The error is a *RefusedError.
func CheckVisible(key string) error {
	if !IsHidden(key) {
		return nil
	}
	return Refuse("hidden", key, 0)
}
