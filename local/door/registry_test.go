package door_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	rstypes "github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"airline/asl/jsonvalue"
	"airline/local/door"
)

// service answers with what the test put in, and keeps what it got.
type service struct {
	got any
	err error
}

func (s *service) StartJobRun(_ context.Context, in *glue.StartJobRunInput, _ ...func(*glue.Options)) (*glue.StartJobRunOutput, error) {
	s.got = in
	return &glue.StartJobRunOutput{JobRunId: aws.String("jr_1")}, s.err
}

func (s *service) GetCrawler(context.Context, *glue.GetCrawlerInput, ...func(*glue.Options)) (*glue.GetCrawlerOutput, error) {
	return &glue.GetCrawlerOutput{Crawler: &gluetypes.Crawler{
		Name: aws.String("c"), State: gluetypes.CrawlerStateReady, CrawlElapsedTime: 3,
		LastUpdated: aws.Time(time.Date(2024, 1, 2, 3, 4, 5, 6_000_000, time.UTC)),
		LastCrawl:   &gluetypes.LastCrawlInfo{Status: gluetypes.LastCrawlStatusSucceeded, StartTime: aws.Time(time.Date(2024, 1, 2, 3, 0, 0, 0, time.UTC))},
		Targets:     &gluetypes.CrawlerTargets{S3Targets: []gluetypes.S3Target{{Path: aws.String("s3://raw/")}}},
	}}, nil
}

func (s *service) GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(`{"rows_read": 1}`)), ETag: aws.String(`"x"`), SSEKMSKeyId: aws.String("k"), ContentLength: aws.Int64(16)}, nil
}

func (s *service) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	body, err := io.ReadAll(in.Body)
	s.got = string(body)
	return &s3.PutObjectOutput{}, err
}

func (s *service) GetStatementResult(context.Context, *redshiftdata.GetStatementResultInput, ...func(*redshiftdata.Options)) (*redshiftdata.GetStatementResultOutput, error) {
	return &redshiftdata.GetStatementResultOutput{TotalNumRows: 1, Records: [][]rstypes.Field{{&rstypes.FieldMemberLongValue{Value: 7}, &rstypes.FieldMemberIsNull{Value: true}}}}, nil
}

// NotAnAPI must not be callable.
func (s *service) NotAnAPI(string) string { return "" }

func registry() (*door.Registry, *service) {
	r, s := &door.Registry{}, &service{}
	for _, name := range []string{"glue", "s3", "redshiftdata"} {
		r.Add(name, s)
	}
	return r, s
}

func object(t *testing.T, s string) any {
	t.Helper()
	v, err := jsonvalue.Decode([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestInvoke(t *testing.T) {
	for _, tc := range []struct{ resource, parameters, want string }{
		{"arn:aws:states:::glue:startJobRun.sync", `{"JobName": "j", "Arguments": {"--a": "b"}, "Timeout": 5, "WorkerType": "G.1X"}`, `{"JobRunId":"jr_1"}`},
		{"arn:aws:states:::aws-sdk:glue:getCrawler", `{"Name": "c"}`, `{"Crawler":{"CrawlElapsedTime":3,"LastCrawl":{"StartTime":"2024-01-02T03:00:00Z","Status":"SUCCEEDED"},"LastUpdated":"2024-01-02T03:04:05.006Z","Name":"c","State":"READY","Targets":{"S3Targets":[{"Path":"s3://raw/"}]},"Version":0}}`},
		{"arn:aws:states:::aws-sdk:s3:getObject", `{"Bucket": "b", "Key": "k"}`, `{"Body":"{\"rows_read\": 1}","ContentLength":16,"ETag":"\"x\"","SsekmsKeyId":"k"}`},
		{"arn:aws:states:::aws-sdk:redshiftdata:getStatementResult", `{"Id": "1"}`, `{"Records":[[{"LongValue":7},{"IsNull":true}]],"TotalNumRows":1}`},
		{"arn:aws:states:::aws-sdk:s3:putObject", `{"Bucket": "b", "Key": "k", "Body": {"a": 1}, "SsekmsKeyId": "x"}`, `{}`},
	} {
		t.Run(tc.resource, func(t *testing.T) {
			r, _ := registry()
			m, err := r.Find(tc.resource)
			if err != nil {
				t.Fatal(err)
			}
			out, err := m.Invoke(t.Context(), object(t, tc.parameters))
			if err != nil {
				t.Fatal(err)
			}
			if !jsonvalue.Equal(out, object(t, tc.want)) {
				t.Errorf("got  %s\nwant %s", jsonvalue.String(out), tc.want)
			}
		})
	}
}

func TestFindRefuses(t *testing.T) {
	r, _ := registry()
	for resource, want := range map[string]string{
		"arn:aws:states:::aws-sdk:glue:deleteEverything": `does not model the action DeleteEverything of "glue"`,
		"arn:aws:states:::aws-sdk:glue:notAnAPI":         `does not model the action NotAnAPI`,
		"arn:aws:states:::dynamodb:putItem":              `does not model the service "dynamodb" (it has glue, redshiftdata, s3)`,
		"arn:aws:states:::glue":                          "lacks a service or an action",
		"arn:aws:states:::glue:startJobRun.wait":         `unknown pattern "wait"`,
		"arn:aws:lambda:eu-west-1:1:function:f":          "is not a service integration",
	} {
		if _, err := r.Find(resource); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", resource, err, want)
		}
	}
}

func TestParametersRefused(t *testing.T) {
	r, _ := registry()
	m, err := r.Find("arn:aws:states:::glue:startJobRun")
	if err != nil {
		t.Fatal(err)
	}
	for parameters, want := range map[string]string{
		`{"JobNaem": "j"}`:                   "glue:StartJobRun: parameter JobNaem is not supported by the API, which has AllocatedCapacity, Arguments",
		`{"JobName": 3}`:                     "parameter JobName must be a string, is the number 3",
		`{"Timeout": "5"}`:                   `parameter Timeout must be a whole number, is the string "5"`,
		`{"Timeout": 1.5}`:                   "parameter Timeout must be a whole number",
		`{"Timeout": 1e12}`:                  "parameter Timeout must be a whole number",
		`{"WorkerType": "huge"}`:             "parameter WorkerType must be one of Standard, G.1X",
		`{"Arguments": {"--a": 1}}`:          "parameter Arguments.--a must be a string",
		`{"Arguments": ["x"]}`:               "parameter Arguments must be an object, is an array",
		`{"NotificationProperty": {"x": 1}}`: "parameter NotificationProperty.x is not supported",
		`["x"]`:                              "parameter (all) must be an object",
	} {
		_, err := m.Invoke(t.Context(), object(t, parameters))
		var refused *door.ParameterError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", parameters, err, want)
		}
	}
	for parameters, want := range map[string]string{
		`{"JobName.$": "$.job", "Arguments": {"--a.$": "$.x", "--b": "{% $y %}"}, "Timeout": "{% 1 + 1 %}"}`: "",
		`{"JobNaem.$": "$.job"}`: "parameter JobNaem is not supported",
		`{"Timeout": "5"}`:       "must be a whole number",
	} {
		if err := m.Check(object(t, parameters)); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("checking %s: got %v, want %q", parameters, err, want)
		}
	}
}

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

type allow map[string]bool

func (a allow) Authorize(p door.Principal, r door.Request) error {
	if a[r.Action] {
		return nil
	}
	return errors.New("User: " + p.String() + " is not authorized to perform: " + r.Action + " on resource: " + r.Resource)
}

func call(ctx context.Context, d *door.Door, in *glue.StartCrawlerInput) error {
	_, err := door.Call(ctx, d, door.Op[glue.StartCrawlerInput, glue.StartCrawlerOutput]{
		Service: "glue", Action: "StartCrawler",
		Needs:   []door.Request{{Action: "glue:StartCrawler", Resource: "arn:aws:glue:eu-west-1:1:crawler/c"}},
		Takes:   []string{"Name"},
		Latency: time.Second,
		Usage:   []door.Usage{{Item: "glue.catalog-request", Quantity: 1}},
		Do: func(context.Context, *glue.StartCrawlerInput) (*glue.StartCrawlerOutput, error) {
			return &glue.StartCrawlerOutput{}, nil
		},
	}, in)
	return err
}

func TestCall(t *testing.T) {
	c := &clock{time.Unix(0, 0)}
	alice := door.Principal{ARN: "arn:aws:sts::1:assumed-role/r/alice", Role: "arn:aws:iam::1:role/r", Account: "1"}
	boom := &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded"}

	t.Run("allowed, metered, timed, recorded", func(t *testing.T) {
		d := door.New(c, allow{"glue:StartCrawler": true}, 1)
		var records []door.Record
		d.Observe(func(r door.Record) { records = append(records, r) })
		ctx := door.As(t.Context(), alice)
		if err := call(ctx, d, &glue.StartCrawlerInput{Name: aws.String("c")}); err != nil {
			t.Fatal(err)
		}
		if got := door.Elapsed(ctx); got != time.Second {
			t.Errorf("elapsed %v, want 1s", got)
		}
		if lines := d.Bill().Lines(); len(lines) != 1 || lines[0].Item != "glue.catalog-request" || lines[0].USD != 1e-6 {
			t.Errorf("bill %+v", lines)
		}
		if len(records) != 1 || records[0].Principal != alice || records[0].Action != "StartCrawler" {
			t.Errorf("records %+v", records)
		}
	})
	t.Run("refused", func(t *testing.T) {
		d := door.New(c, allow{}, 1)
		err := call(door.As(t.Context(), alice), d, nil)
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != "AccessDeniedException" || !strings.Contains(err.Error(), "assumed-role/r/alice is not authorized to perform: glue:StartCrawler on resource: arn:aws:glue:eu-west-1:1:crawler/c") {
			t.Errorf("got %v", err)
		}
		if len(d.Bill()) != 0 {
			t.Errorf("a refused call costs %v", d.Bill())
		}
	})
	t.Run("called by nobody", func(t *testing.T) {
		d := door.New(c, allow{"glue:StartCrawler": true}, 1)
		if err := call(t.Context(), d, nil); err == nil || !strings.Contains(err.Error(), "called by nobody") {
			t.Errorf("got %v", err)
		}
		d.Operator(alice, nil)
		if err := call(t.Context(), d, nil); err != nil {
			t.Errorf("the operator: %v", err)
		}
		if err := d.Inside(func() error { return call(t.Context(), d, nil) }); err == nil {
			t.Error("the operator's rights reach into the world")
		}
	})
	t.Run("members that are not modelled", func(t *testing.T) {
		d := door.New(c, allow{"s3:PutObject": true}, 1)
		_, err := door.Call(door.As(t.Context(), alice), d, door.Op[s3.PutObjectInput, s3.PutObjectOutput]{
			Service: "s3", Action: "PutObject", Takes: []string{"Bucket"},
		}, &s3.PutObjectInput{Bucket: aws.String("b"), Tagging: aws.String("a=b")})
		if err == nil || !strings.Contains(err.Error(), "does not model the parameter Tagging of s3:PutObject") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("faults", func(t *testing.T) {
		d := door.New(c, allow{"glue:StartCrawler": true}, 1)
		d.Inject(door.Fault{Service: "glue", Action: "Start*", Principal: "*alice", Resource: "*crawler/*", Skip: 1, Times: 2, Err: boom, Delay: time.Minute})
		ctx := door.As(t.Context(), alice)
		for i, want := range []error{nil, boom, boom, nil} {
			if err := call(ctx, d, nil); !errors.Is(err, want) {
				t.Errorf("call %d: got %v, want %v", i, err, want)
			}
		}
		if got, want := door.Elapsed(ctx), 4*time.Second+2*time.Minute; got != want {
			t.Errorf("elapsed %v, want %v", got, want)
		}
	})
}

func TestUUIDIsTheSameForASeed(t *testing.T) {
	a, b := door.New(nil, nil, 7), door.New(nil, nil, 7)
	for range 3 {
		if x, y := a.UUID(), b.UUID(); x != y || len(x) != 36 || x[14] != '4' {
			t.Fatalf("%s and %s", x, y)
		}
	}
}
