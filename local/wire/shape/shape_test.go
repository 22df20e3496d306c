package shape_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	rdtypes "github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"airline/local/wire/shape"
)

func TestJSON(t *testing.T) {
	for _, tc := range []struct {
		name   string
		text   string
		naming shape.Naming
		want   any
	}{
		{"lower names", `{"stateMachineArn": "a", "input": "{\"<\":1}", "name": null}`, shape.Lower, &sfn.StartExecutionInput{StateMachineArn: aws.String("a"), Input: aws.String(`{"<":1}`)}},
		{"blobs and maps", `{"QueueUrl": "q", "MessageBody": "b", "MessageAttributes": {"k": {"DataType": "Binary", "BinaryValue": "AAH/"}}}`, shape.Pascal, nil},
		{"times", `{"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1.5, "Timestamp": 1704067200.25}]}`, shape.Pascal, &cloudwatch.PutMetricDataInput{
			Namespace: aws.String("n"), MetricData: []cwtypes.MetricDatum{{MetricName: aws.String("m"), Value: aws.Float64(1.5), Timestamp: aws.Time(time.Date(2024, 1, 1, 0, 0, 0, 250e6, time.UTC))}},
		}},
		{"names of both kinds", `{"Sql": "s", "Parameters": [{"name": "n", "value": "v"}]}`, shape.LowerIn("SqlParameter"), &redshiftdata.ExecuteStatementInput{
			Sql: aws.String("s"), Parameters: []rdtypes.SqlParameter{{Name: aws.String("n"), Value: aws.String("v")}},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tree, err := shape.ParseJSON([]byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			if tc.want == nil {
				tc.want = &sqs.SendMessageInput{}
				if err := shape.Decode(tree, reflect.ValueOf(tc.want).Elem(), tc.naming); err != nil {
					t.Fatal(err)
				}
				if got := tc.want.(*sqs.SendMessageInput).MessageAttributes["k"].BinaryValue; !cmp.Equal(got, []byte{0, 1, 255}) {
					t.Errorf("got %v", got)
				}
				return
			}
			got := reflect.New(reflect.TypeOf(tc.want).Elem())
			if err := shape.Decode(tree, got.Elem(), tc.naming); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.Interface(), cmpopts.IgnoreUnexported(reflect.ValueOf(tc.want).Elem().Interface(), cwtypes.MetricDatum{}, rdtypes.SqlParameter{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	out := &redshiftdata.GetStatementResultOutput{TotalNumRows: 1, ColumnMetadata: []rdtypes.ColumnMetadata{{Name: aws.String("n"), TypeName: aws.String("int8")}},
		Records: [][]rdtypes.Field{{&rdtypes.FieldMemberLongValue{Value: 7}, &rdtypes.FieldMemberIsNull{Value: true}, &rdtypes.FieldMemberStringValue{Value: "<ü>\u2028"}}}}
	got := string(shape.AppendJSON(nil, shape.Encode(reflect.ValueOf(out), shape.LowerIn("ColumnMetadata", "Field"))))
	for _, want := range []string{`"Records":[[{"longValue":7},{"isNull":true},{"stringValue":"<ü>`, `"name":"n"`, `"typeName":"int8"`, `"TotalNumRows":1`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s lacks %s", got, want)
		}
	}
	var b strings.Builder
	if err := shape.WriteXML(&b, reflect.ValueOf(&sns.GetTopicAttributesOutput{Attributes: map[string]string{"B": "<&>", "A": ""}}), nil); err != nil {
		t.Fatal(err)
	}
	if want := "<Attributes><entry><key>A</key><value></value></entry><entry><key>B</key><value>&lt;&amp;&gt;</value></entry></Attributes>"; b.String() != want {
		t.Errorf("got %s, want %s", b.String(), want)
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                           "must be a JSON object",
		`{"name": "a"} {}`:             "something after",
		`{"name": `:                    "is not JSON",
		`{"name": 1}`:                  "member name must be a string",
		`{"nmae": "a"}`:                "member nmae is not in the API",
		`{"name": {"a": 1}}`:           "member name must be a string",
		strings.Repeat(`{"a":`, 10000): "nests deeper",
	} {
		tree, err := shape.ParseJSON([]byte(text))
		if err == nil {
			err = shape.Decode(tree, reflect.ValueOf(&sfn.StartExecutionInput{}).Elem(), shape.Lower)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: got %v, want %q", text, err, want)
		}
	}
}

func TestQuery(t *testing.T) {
	form, err := url.ParseQuery("Action=Publish&Version=2010-03-31&TopicArn=t&Message=a%26b&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=v")
	if err != nil {
		t.Fatal(err)
	}
	var in sns.PublishInput
	if err := shape.DecodeQuery(form, reflect.ValueOf(&in).Elem()); err != nil {
		t.Fatal(err)
	}
	if aws.ToString(in.Message) != "a&b" || aws.ToString(in.MessageAttributes["k"].StringValue) != "v" {
		t.Errorf("got %+v", in)
	}
	form, _ = url.ParseQuery("Namespace=n&MetricData.member.1.MetricName=m&MetricData.member.1.Value=2&MetricData.member.1.Dimensions.member.1.Name=d&MetricData.member.1.Timestamp=2024-01-01T00:00:00Z")
	var put cloudwatch.PutMetricDataInput
	if err := shape.DecodeQuery(form, reflect.ValueOf(&put).Elem()); err != nil {
		t.Fatal(err)
	}
	if d := put.MetricData[0]; aws.ToFloat64(d.Value) != 2 || aws.ToString(d.Dimensions[0].Name) != "d" || d.Timestamp.Year() != 2024 {
		t.Errorf("got %+v", put)
	}
	for text, want := range map[string]string{
		"TopicArn=a&TopicArn=b":                  "given 2 times",
		"TopicAnr=a":                             "TopicAnr is not in the API",
		"MessageAttributes.entry.1.Value.x=1":    "has no key",
		"TopicArn.member.1=a":                    "must be a single value",
		"Message=a&MessageAttributes.entry.2=b":  "MessageAttributes.entry.2 is not in the API",
		"Message=a&MessageStructure.entry.1.key": "must be a single value",
	} {
		form, _ := url.ParseQuery(text)
		if err := shape.DecodeQuery(form, reflect.ValueOf(&sns.PublishInput{}).Elem()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`{"QueueUrl": "q", "MessageAttributes": {"k": {"DataType": "Binary", "BinaryValue": "AAH/"}}, "DelaySeconds": 1e3}`))
	f.Add([]byte(`{"Entries": [{"Time": "2024-01-01T00:00:00Z"}, null, {"Time": -1e308}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := shape.ParseJSON(data)
		if err != nil {
			return
		}
		text := shape.AppendJSON(nil, tree)
		if again, err := shape.ParseJSON(text); err != nil || !cmp.Equal(string(shape.AppendJSON(nil, again)), string(text)) {
			t.Errorf("%s is written as %s, which is read as something else: %v", data, text, err)
		}
		for _, in := range []any{&sqs.SendMessageInput{}, &cloudwatch.PutMetricDataInput{}, &redshiftdata.ExecuteStatementInput{}} {
			// An error is a fine answer; a panic is not.
			_ = shape.Decode(tree, reflect.ValueOf(in).Elem(), shape.Pascal)
		}
	})
}

func FuzzQuery(f *testing.F) {
	f.Add("TopicArn=t&MessageAttributes.entry.1.Name=k&MessageAttributes.entry.1.Value.BinaryValue=AA==")
	f.Add("MetricData.member.1.Values.member.2=1&MetricData.member.1.Values.member.1=NaN")
	f.Fuzz(func(t *testing.T, text string) {
		form, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		for _, in := range []any{&sns.PublishInput{}, &cloudwatch.PutMetricDataInput{}} {
			// An error is a fine answer; a panic is not.
			_ = shape.DecodeQuery(form, reflect.ValueOf(in).Elem())
		}
	})
}
