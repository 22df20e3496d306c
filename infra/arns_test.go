package infra

import (
	"errors"
	"strings"
	"testing"

	"airline/local/recorder"
)

// What names something elsewhere is refused, all at once and with where the stack is.
func TestARNsAreOfThePlaceOfTheStack(t *testing.T) {
	refused := func(overrides map[string]string) string {
		t.Helper()
		_, err := recordWith(t, recorder.Options{Overrides: overrides})
		if err == nil {
			return ""
		}
		return err.Error()
	}
	elsewhere := map[string]string{
		"permissionsBoundary": "arn:aws-cn:iam::123456789012:policy/boundary",
		"producers":           `["210987654321","arn:aws-cn:iam::210987654321:role/upload"]`,
		"queues":              `["arn:aws:sqs:us-east-1:210987654321:told","arn:aws-cn:sqs:cn-north-1:123456789012:told"]`,
		"topicArn":            "arn:aws:sqs:eu-west-2:123456789012:alerts",
		"dataKeyArn":          "arn:aws:kms:eu-west-1:123456789012:alias/data",
		"messagesKeyArn":      "messages",
	}
	got := refused(elsewhere)
	for _, want := range []string{
		`permissionsBoundary = "arn:aws-cn:iam::123456789012:policy/boundary": it is of partition "aws-cn", and the stack is in eu-west-1 of aws; use an ARN such as arn:aws:iam::123456789012:policy/boundary`,
		`producers[1] = "arn:aws-cn:iam::210987654321:role/upload": it is of partition "aws-cn"`,
		`queues[1] = "arn:aws-cn:sqs:cn-north-1:123456789012:told": it is of partition "aws-cn"`,
		`topicArn = "arn:aws:sqs:eu-west-2:123456789012:alerts": it names something of "sqs", not of sns, and it is of region "eu-west-2", and the stack is in eu-west-1`,
		`dataKeyArn = "arn:aws:kms:eu-west-1:123456789012:alias/data": its end "alias/data" is not of the form key/`,
		`messagesKeyArn = "messages": it is no ARN; use an ARN such as arn:aws:kms:eu-west-1:`,
		"6 problem(s)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the refusal lacks %s:\n%s", want, got)
		}
	}
	// The same texts are right where they are of.
	if got := refused(map[string]string{"aws:region": "cn-north-1", "producers": elsewhere["producers"], "queues": `["arn:aws-cn:sqs:cn-north-1:123456789012:told"]`}); got != "" {
		t.Errorf("in China: %s", got)
	}
}

// A role's boundary is a policy of its own account or of AWS.
func TestBoundaryIsOfTheAccount(t *testing.T) {
	for boundary, good := range map[string]bool{
		"arn:aws:iam::123456789012:policy/boundary": true, "arn:aws:iam::aws:policy/PowerUserAccess": true, "arn:aws:iam::999999999999:policy/boundary": false,
	} {
		_, err := recordWith(t, recorder.Options{Overrides: map[string]string{"permissionsBoundary": boundary}})
		var refused *ConfigError
		if good != (err == nil) || !good && (!errors.As(err, &refused) || !strings.Contains(err.Error(), "the stack's is 123456789012")) {
			t.Errorf("%s: error = %v", boundary, err)
		}
	}
}
