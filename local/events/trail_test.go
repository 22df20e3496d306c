package events

import (
	"context"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
	"airline/local/recorder"
	"airline/local/s3"
)

type allowAll struct{}

func (allowAll) Authorize(door.Principal, door.Request) error { return nil }

// bin keeps what CloudTrail writes.
type bin struct{ keys []string }

func (b *bin) PutObject(_ context.Context, in *sdk.PutObjectInput, _ ...func(*sdk.Options)) (*sdk.PutObjectOutput, error) {
	if _, err := io.ReadAll(in.Body); err != nil {
		return nil, err
	}
	b.keys = append(b.keys, *in.Key)
	return &sdk.PutObjectOutput{}, nil
}

func selectorField(name, operator string, values ...any) map[string]any {
	return map[string]any{"field": name, operator: values}
}

// TestTrail shows which calls reach which rule, for both kinds of selectors.
func TestTrail(t *testing.T) {
	alice := door.Principal{ARN: "arn:aws:iam::1:user/alice", Role: "arn:aws:iam::1:user/alice", Account: "1"}
	accesses := []s3.Access{
		{API: "PutObject", Bucket: "raw", Key: "in/a b+c%ü.csv", VersionID: "v1", Size: 3, Sent: 3, ETag: `"e"`, Principal: alice},
		{API: "CopyObject", Bucket: "raw", Key: "in/copy.csv", Size: 3, Principal: alice},
		{API: "PutObject", Bucket: "raw", Key: "in/denied.csv", Principal: alice, Err: &smithy.GenericAPIError{Code: "AccessDenied", Message: "no"}},
		{API: "GetObject", Bucket: "raw", Key: "in/read.csv", ReadOnly: true, Principal: alice},
		{API: "PutObject", Bucket: "raw", Key: "out/other.csv", Principal: alice},
		{API: "PutObject", Bucket: "staging", Key: "in/x.csv", Principal: alice},
		{API: "UploadPart", Bucket: "raw", Key: "in/part.csv", Principal: alice},
	}
	advanced := map[string]any{"advancedEventSelectors": []any{map[string]any{"fieldSelectors": []any{
		selectorField("eventCategory", "equals", "Data"), selectorField("resources.type", "equals", "AWS::S3::Object"), selectorField("readOnly", "equals", "false"),
		selectorField("resources.ARN", "startsWiths", "arn:aws:s3:::raw/in/"), selectorField("eventName", "notEquals", "UploadPart"),
	}}}}
	basic := map[string]any{"eventSelectors": []any{map[string]any{"readWriteType": "All", "dataResources": []any{
		map[string]any{"type": "AWS::S3::Object", "values": []any{"arn:aws:s3:::raw/in/"}},
	}}}}
	for name, tc := range map[string]struct {
		selectors map[string]any
		pattern   string
		want      []string
	}{
		"advanced":             {advanced, `{"source": ["aws.s3"]}`, []string{"in/a b+c%ü.csv", "in/copy.csv", "in/denied.csv"}},
		"advanced, successful": {advanced, `{"detail": {"errorCode": [{"exists": false}], "eventName": ["PutObject"]}}`, []string{"in/a b+c%ü.csv"}},
		"basic":                {basic, `{"source": ["aws.s3"]}`, []string{"in/a b+c%ü.csv", "in/copy.csv", "in/denied.csv", "in/part.csv"}}, // reads are logged but make no event
	} {
		t.Run(name, func(t *testing.T) {
			clock := sim.NewClock(time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC))
			d := door.New(clock, allowAll{}, 1)
			s := New(d, clock, s3.Place{Account: "1", Region: "eu-west-1", Partition: "aws"}, nil, nil, nil, Options{})
			inputs := map[string]any{"s3BucketName": "logs"}
			for k, v := range tc.selectors {
				inputs[k] = v
			}
			if err := s.addTrail(&recorder.Resource{Inputs: inputs, Outputs: map[string]any{"name": "t", "arn": "arn:aws:cloudtrail:eu-west-1:1:trail/t"}}); err != nil {
				t.Fatal(err)
			}
			if got := s.LogsReads(); got != (name == "basic") {
				t.Errorf("it logs reads: %t", got)
			}
			logs := &bin{}
			if err := s.StartLogging(logs); err != nil {
				t.Fatal(err)
			}
			p, err := ParsePattern(tc.pattern)
			if err != nil {
				t.Fatal(err)
			}
			template, err := ParseTransformer(map[string]string{"key": "$.detail.requestParameters.key"}, `{"key": <key>}`)
			if err != nil {
				t.Fatal(err)
			}
			s.rules = []*rule{{name: "r", pattern: p, enabled: true, targets: []*target{{arn: "arn:aws:lambda:eu-west-1:1:function:f", transformer: template}}}}
			var got []string
			s.Observe(func(d Delivery) {
				v, err := jsonvalue.Decode([]byte(d.Input))
				if err != nil {
					t.Fatal(err)
				}
				key, _ := v.(*jsonvalue.Object).Get("key")
				got = append(got, fmt.Sprint(key))
			})
			for _, a := range accesses {
				a.Time = clock.Now()
				s.S3(a)
			}
			if err := clock.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			slices.Sort(got)
			if !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
			if len(logs.keys) != 1 {
				t.Errorf("log files %q, want one", logs.keys)
			}
		})
	}
}

func TestNotifications(t *testing.T) {
	clock := sim.NewClock(time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC))
	s := New(door.New(clock, allowAll{}, 1), clock, s3.Place{Account: "1", Region: "eu-west-1", Partition: "aws"}, nil, nil, nil, Options{})
	a := s3.Access{API: "PutObject", Bucket: "raw", Key: "k", VersionID: "v", Size: 3, ETag: `"e"`, Sequencer: "1", RequestID: "R", Notifies: true, Time: clock.Now(), Principal: door.Principal{Account: "1"}}
	e := s.notification(a)
	e.Delete("id")
	const want = `{"version":"0","detail-type":"Object Created","source":"aws.s3","account":"1","time":"2024-05-01T00:00:00Z","region":"eu-west-1","resources":["arn:aws:s3:::raw"],` +
		`"detail":{"version":"0","bucket":{"name":"raw"},"object":{"key":"k","size":3,"etag":"e","version-id":"v","sequencer":"1"},"request-id":"R","requester":"1","source-ip-address":"127.0.0.1","reason":"PutObject"}}`
	if got := jsonvalue.String(e); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	a.Err = fmt.Errorf("refused")
	if s.notification(a) != nil {
		t.Error("a failed call made an event")
	}
	a.Err, a.Notifies = nil, false
	if s.notification(a) != nil {
		t.Error("a bucket without notifications made an event")
	}
	a.Notifies, a.API, a.Deletion = true, "DeleteObject", "Delete Marker Created"
	e = s.notification(a)
	detail, _ := e.Get("detail")
	if reason, _ := detail.(*jsonvalue.Object).Get("reason"); reason != "DeleteObject" {
		t.Errorf("reason %v", reason)
	}
}
