package sfn

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	redshifttypes "github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"

	"airline/asl/jsonvalue"
	"airline/local/door"
)

func TestTaskError(t *testing.T) {
	denied := func(code string) error {
		return &door.AccessDenied{GenericAPIError: smithy.GenericAPIError{Code: code, Message: "User: x is not authorized"}}
	}
	sdk := func(service string) door.Integration { return door.Integration{Service: service} }
	optimized := func(service string) door.Integration { return door.Integration{Service: service, Optimized: true} }
	for _, tc := range []struct {
		in          door.Integration
		err         error
		name, cause string
	}{
		{sdk("glue"), &gluetypes.EntityNotFoundException{Message: aws.String("no such crawler")}, "Glue.EntityNotFoundException", "no such crawler (Service: Glue, Status Code: 400, Request ID: id)"},
		{sdk("glue"), &gluetypes.CrawlerRunningException{}, "Glue.CrawlerRunningException", ""},
		{optimized("glue"), &gluetypes.ConcurrentRunsExceededException{Message: aws.String("too many")}, "Glue.ConcurrentRunsExceededException", "too many (Service: AWSGlue; Status Code: 400; Error Code: ConcurrentRunsExceededException; Request ID: id; Proxy: null)"},
		{sdk("glue"), denied("AccessDeniedException"), "Glue.AccessDeniedException", "User: x is not authorized"},
		{optimized("glue"), &smithy.GenericAPIError{Code: "ConcurrentRunsExceededException"}, "Glue.ConcurrentRunsExceededException", ""},
		{sdk("redshiftdata"), &redshifttypes.ValidationException{}, "RedshiftData.ValidationException", ""},
		{sdk("redshiftdata"), denied("AccessDeniedException"), "RedshiftData.RedshiftDataException", "User: x is not authorized"},
		{sdk("s3"), &s3types.NoSuchKey{}, "S3.NoSuchKeyException", ""},
		{sdk("s3"), &smithy.GenericAPIError{Code: "SlowDown", Fault: smithy.FaultServer}, "S3.S3Exception", "Status Code: 500"},
		{optimized("sns"), &snstypes.InvalidParameterException{}, "SNS.InvalidParameterException", ""},
		{sdk("sns"), &snstypes.KMSAccessDeniedException{}, "Sns.KmsAccessDeniedException", ""},
		{optimized("sns"), denied("AuthorizationError"), "SNS.AuthorizationErrorException", "Status Code: 403; Error Code: AuthorizationError"},
		{optimized("sfn"), &sfntypes.ExecutionAlreadyExists{}, "StepFunctions.ExecutionAlreadyExistsException", ""},
		{sdk("sfn"), &sfntypes.ExecutionAlreadyExists{}, "Sfn.ExecutionAlreadyExistsException", ""},
		{sdk("glue"), errors.New("disk full"), "States.TaskFailed", "disk full"},
	} {
		name, cause := TaskError(tc.in, tc.err, "id")
		if name != tc.name || !strings.Contains(cause, tc.cause) {
			t.Errorf("%v of %+v: got %s %q, want %s %q", tc.err, tc.in, name, cause, tc.name, tc.cause)
		}
	}
}

func TestTextMembers(t *testing.T) {
	v, err := jsonvalue.Decode([]byte(`{"TopicArn": "t", "Message": {"a": [1]}, "Entries": [{"Detail": {"b": true}, "Source": "s"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := jsonvalue.String(textMembers(v)), `{"TopicArn":"t","Message":"{\"a\":[1]}","Entries":[{"Detail":"{\"b\":true}","Source":"s"}]}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestNames(t *testing.T) {
	for name, ok := range map[string]bool{
		"a": true, "0ec3a885-0040_x.y": true, "": false, strings.Repeat("x", 80): true, strings.Repeat("x", 81): false,
		"a b": false, "a/b": false, "a:b": false, "a*": false, "a\"": false, "ä": true, "a\n": false,
	} {
		if got := checkName(name) == nil; got != ok {
			t.Errorf("%q: got %v, want %v", name, got, ok)
		}
	}
}
