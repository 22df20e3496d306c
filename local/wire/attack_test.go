package wire_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

var attacks = flag.Int("attacks", 10_000, "how many broken requests of each protocol TestTenThousandBrokenRequests sends")

// sound is a request that is understood, from which broken ones are made.
type sound struct {
	service, method, path, query string
	headers                      map[string]string
	body                         string
}

func target(service, action, version, body string) sound {
	return sound{service: service, method: http.MethodPost, path: "/", headers: map[string]string{"X-Amz-Target": action, "Content-Type": "application/x-amz-json-" + version}, body: body}
}

func form(service, body string) sound {
	return sound{service: service, method: http.MethodPost, path: "/", headers: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, body: body}
}

// protocols are sound requests of each protocol; {raw} stands for the bucket, {account} for the account.
var protocols = map[string][]sound{
	"JSON": {
		target("states", "AWSStepFunctions.CreateStateMachine", "1.0", `{"name":"m","roleArn":"arn:aws:iam::{account}:role/r","definition":"{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"}`),
		target("states", "AWSStepFunctions.TestState", "1.0", `{"definition":"{\"Type\":\"Pass\",\"End\":true}","input":"{}","inspectionLevel":"TRACE"}`),
		target("sqs", "AmazonSQS.SendMessage", "1.0", `{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/{account}/airline-dev-undelivered","MessageBody":"b","MessageAttributes":{"k":{"DataType":"Binary","BinaryValue":"AAH/"}}}`),
		target("events", "AWSEvents.PutEvents", "1.1", `{"Entries":[{"Source":"a.b","DetailType":"c","Detail":"{\"d\":[1,2.5e3,null]}","Time":1704067200.5}]}`),
		target("glue", "AWSGlue.CreateTable", "1.1", `{"DatabaseName":"airline_dev","TableInput":{"Name":"t","StorageDescriptor":{"Columns":[{"Name":"a","Type":"bigint"}]},"PartitionKeys":[]}}`),
		target("redshift-data", "RedshiftData.ExecuteStatement", "1.1", `{"WorkgroupName":"airline-dev","Database":"airline","Sql":"select :a","Parameters":[{"name":"a","value":"1"}]}`),
		target("logs", "Logs_20140328.FilterLogEvents", "1.1", `{"logGroupName":"/aws-glue/jobs/output","filterPattern":"","limit":5}`),
		target("monitoring", "GraniteServiceVersion20100801.GetMetricData", "1.0", `{"MetricDataQueries":[{"Id":"m","MetricStat":{"Metric":{"Namespace":"AWS/States","MetricName":"ExecutionsStarted"},"Period":60,"Stat":"Sum"}}],"StartTime":1704067200,"EndTime":1704070800}`),
	},
	"Query": {
		form("sns", "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A{account}%3Aairline-dev-notifications&Message=m&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v"),
		form("monitoring", "Action=PutMetricData&Version=2010-08-01&Namespace=n&MetricData.member.1.MetricName=m&MetricData.member.1.Value=1.5&MetricData.member.1.Timestamp=2024-01-01T00%3A00%3A00Z&MetricData.member.1.Dimensions.member.1.Name=d&MetricData.member.1.Dimensions.member.1.Value=e"),
		form("sts", "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A{account}%3Arole%2Fr&RoleSessionName=s&DurationSeconds=900"),
		form("iam", "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn%3Aaws%3Aiam%3A%3A{account}%3Auser%2Foperator&ActionNames.member.1=s3%3AGetObject"),
	},
	"CBOR": {
		{service: "monitoring", method: http.MethodPost, path: "/service/GraniteServiceVersion20100801/operation/PutMetricData", headers: map[string]string{"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"},
			body: "\xa2\x69Namespace\x61n\x6aMetricData\x81\xa3\x6aMetricName\x61m\x65Value\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00\x69Timestamp\xc1\x1a\x65\x92\x00\x80"},
		{service: "monitoring", method: http.MethodPost, path: "/service/GraniteServiceVersion20100801/operation/ListMetrics", headers: map[string]string{"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"},
			body: "\xbf\x69Namespace\x61n\xff"},
	},
	"S3": {
		{service: "s3", method: http.MethodPut, path: "/{raw}/a/b.csv", headers: map[string]string{"X-Amz-Meta-A": "b", "Content-Type": "text/csv", "If-None-Match": "*", "X-Amz-Tagging": "a=b&c=d"}, body: "a body"},
		{service: "s3", method: http.MethodGet, path: "/{raw}/a/b.csv", headers: map[string]string{"Range": "bytes=1-3", "If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"}},
		{service: "s3", method: http.MethodGet, path: "/{raw}", query: "list-type=2&prefix=a%2F&delimiter=%2F&max-keys=5&encoding-type=url"},
		{service: "s3", method: http.MethodGet, path: "/{raw}", query: "versions&key-marker=a&version-id-marker=b"},
		{service: "s3", method: http.MethodPost, path: "/{raw}", query: "delete", body: `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a</Key><VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>`},
		{service: "s3", method: http.MethodPut, path: "/{raw}/a/b.csv", query: "tagging", body: `<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>`},
		{service: "s3", method: http.MethodPost, path: "/{raw}/a/b.csv", query: "uploadId=u", body: `<CompleteMultipartUpload><Part><ETag>"e"</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>`},
		{service: "s3", method: http.MethodPut, path: "/{raw}/a/c.csv", headers: map[string]string{"X-Amz-Content-Sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "X-Amz-Decoded-Content-Length": "3", "X-Amz-Trailer": "x-amz-checksum-crc32", "Content-Encoding": "aws-chunked"},
			body: "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n"},
	},
}

// pieces are what breaks readers.
var pieces = []string{"", "\x00", "\xff\xfe", "{", "}", "[", "]", "\"", "\\u0000", "\\ud800", "-1", "1e400", "99999999999999999999", "null", "true", "<", ">", "&", "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "%", "%zz", "../", "..%2f",
	"\r\n", "=", ".member.", ".entry.99999999.", "\x9f", "\xbf", "\xff", "\x5b\xff\xff\xff\xff\xff\xff\xff\xff", "\xdb\xff\xff\xff\xff\xff\xff\xff\xff", "ffffffffffffffff\r\n", "$.a", "{% 1/0 %}"}

// broken changes a text in a few places.
func broken(r *rand.Rand, text string) string {
	b := []byte(text)
	for range 1 + r.IntN(4) {
		at, to := 0, 0
		if len(b) > 0 {
			at = r.IntN(len(b) + 1)
			to = min(len(b), at+r.IntN(8))
		}
		switch piece := pieces[r.IntN(len(pieces))]; r.IntN(6) {
		case 0: // cut off
			b = b[:at]
		case 1: // a bit
			if at < len(b) {
				b[at] ^= 1 << r.IntN(8)
			}
		case 2: // doubled
			b = append(b[:at:at], append(bytes.Repeat(b[at:to:to], 1+r.IntN(50)), b[to:]...)...)
		case 3: // nested
			b = append(b[:at:at], append(bytes.Repeat([]byte(piece), 1+r.IntN(2000)), b[at:]...)...)
		default: // another
			b = append(b[:at:at], append([]byte(piece), b[to:]...)...)
		}
	}
	return string(b)
}

// Requests that are signed and broken are refused or understood: none makes the server fail, and it answers the next one.
func TestTenThousandBrokenRequests(t *testing.T) {
	for name, list := range protocols {
		t.Run(name, func(t *testing.T) {
			s := devStack(t)
			r := rand.New(rand.NewPCG(1, uint64(len(name))))
			statuses := map[int]int{}
			for n := range *attacks {
				x := list[r.IntN(len(list))]
				fill := strings.NewReplacer("{raw}", s.world.Bucket("raw"), "{account}", s.world.Graph.Account).Replace
				body, path, query, headers := fill(x.body), fill(x.path), x.query, map[string]string{}
				for header, value := range x.headers {
					headers[header] = value
				}
				switch { // one in eight is sound
				case n%8 == 0:
				case r.IntN(4) > 0 && body != "":
					body = broken(r, body)
				case r.IntN(2) == 0 && query != "":
					query = broken(r, query)
				case x.service == "s3" && r.IntN(2) == 0:
					path += broken(r, "/../b c%2F")
				default:
					for header, value := range headers {
						if header != "Content-Type" && r.IntN(2) == 0 {
							headers[header] = strings.Map(visible, broken(r, value))
						}
					}
				}
				answer := s.send(t, x.service, x.method, path, query, headers, body)
				statuses[answer.Code]++
				if answer.Code == 500 || answer.Code < 200 || answer.Code > 599 {
					t.Fatalf("%s %s?%s %v\n%q\nis answered %d %s", x.method, path, query, headers, body, answer.Code, answer.Body)
				}
			}
			if sum := s.Summary(); len(sum.Problems) > 0 {
				t.Errorf("problems: %s", strings.Join(sum.Problems[:min(3, len(sum.Problems))], "\n"))
			}
			if statuses[200] == 0 || statuses[400] == 0 {
				t.Errorf("statuses are %v: sound requests are answered, and broken ones refused", statuses)
			}
		})
	}
}

// visible leaves out what a header cannot have: it would not reach the server.
func visible(c rune) rune {
	if c < ' ' || c > '~' {
		return -1
	}
	return c
}

// send signs a request as the operator and gives the answer.
func (s *served) send(t *testing.T, service, method, path, query string, headers map[string]string, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "http://127.0.0.1/", strings.NewReader(body))
	r.URL = &url.URL{Scheme: "http", Host: "127.0.0.1", Path: path, RawQuery: query}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	sum := sha256.Sum256([]byte(body))
	hash := hex.EncodeToString(sum[:])
	if given := r.Header.Get("X-Amz-Content-Sha256"); given != "" {
		hash = given
	} else if service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	p := s.profiles["operator"]
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	if err := signer.SignHTTP(t.Context(), aws.Credentials{AccessKeyID: p.ID, SecretAccessKey: p.Secret}, r, hash, service, s.world.Graph.Region, time.Now()); err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.ServeHTTP(w, r)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatalf("%s %s?%s %q hangs", method, path, query, body)
	}
	return w
}
