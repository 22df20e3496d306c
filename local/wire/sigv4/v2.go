package sigv4

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Old reports a presigned URL of the older form, which boto3 still makes for S3 when it is told nothing else.
func Old(r *http.Request) bool {
	query := r.URL.Query()
	return query.Has("AWSAccessKeyId") && query.Has("Signature") && query.Has("Expires")
}

// VerifyOld checks a presigned URL of S3 in the older form, Signature Version 2 (S3 user guide, "Signing and authenticating REST
// requests"). bucket is the one in the host's name, empty where it is in the path.
func (v *Verifier) VerifyOld(r *http.Request, bucket string) (*Signed, error) {
	query := r.URL.Query()
	expires, err := strconv.ParseInt(query.Get("Expires"), 10, 64)
	if err != nil {
		return nil, &Error{Incomplete, "Invalid date (should be seconds since epoch): " + query.Get("Expires")}
	}
	if now := v.Now(); now.Unix() > expires {
		return nil, &Error{Expired, "Request has expired"}
	}
	id, token := query.Get("AWSAccessKeyId"), query.Get("x-amz-security-token")
	key, ok := v.Key(id)
	switch {
	case !ok:
		return nil, &Error{UnknownKey, "The AWS Access Key Id you provided does not exist in our records."}
	case subtle.ConstantTimeCompare([]byte(token), []byte(key.Token)) != 1:
		return nil, &Error{InvalidToken, "The provided token is malformed or otherwise invalid."}
	case key.Token != "" && !v.Now().Before(key.Expires):
		return nil, &Error{ExpiredSession, "The provided token has expired."}
	}
	m := hmac.New(sha1.New, []byte(key.Secret))
	m.Write([]byte(textOld(r, bucket)))
	if want := base64.StdEncoding.EncodeToString(m.Sum(nil)); subtle.ConstantTimeCompare([]byte(want), []byte(query.Get("Signature"))) != 1 {
		return nil, &Error{Mismatch, "The request signature we calculated does not match the signature you provided. Check your key and signing method."}
	}
	return &Signed{AccessKey: id, Service: "s3", Payload: unsigned, Presigned: true, date: time.Unix(expires, 0).UTC().Format(stamp)}, nil
}

// subresources are the parameters that Signature Version 2 covers.
var subresources = []string{
	"acl", "delete", "lifecycle", "location", "logging", "notification", "partNumber", "policy", "requestPayment", "response-cache-control",
	"response-content-disposition", "response-content-encoding", "response-content-language", "response-content-type", "response-expires",
	"restore", "tagging", "torrent", "uploadId", "uploads", "versionId", "versioning", "versions", "website", "cors", "x-amz-security-token",
}

// textOld is what is signed.
func textOld(r *http.Request, bucket string) string {
	query := r.URL.Query()
	var amz []string
	for name, values := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-amz-") {
			amz = append(amz, lower+":"+strings.Join(values, ",")+"\n")
		}
	}
	slices.Sort(amz)
	resource := r.URL.EscapedPath()
	if bucket != "" {
		resource = "/" + bucket + resource
	}
	var sub []string
	for name, values := range query {
		if slices.Contains(subresources, name) {
			if values[0] != "" {
				name += "=" + values[0]
			}
			sub = append(sub, name)
		}
	}
	if slices.Sort(sub); len(sub) > 0 {
		resource += "?" + strings.Join(sub, "&")
	}
	return strings.Join([]string{r.Method, r.Header.Get("Content-MD5"), r.Header.Get("Content-Type"), query.Get("Expires"), strings.Join(amz, "") + resource}, "\n")
}
