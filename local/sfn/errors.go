package sfn

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/smithy-go"

	"airline/local/door"
)

// names are what Step Functions calls a service in the names of its errors, with AWS SDK integrations and with
// optimised ones, and the name for errors that the service's model does not have.
type names struct{ sdk, optimized, unmodelled string }

var services = map[string]names{
	"glue":           {"Glue", "Glue", "AWSGlueException"},
	"redshiftdata":   {"RedshiftData", "RedshiftData", "RedshiftDataException"},
	"s3":             {"S3", "S3", "AmazonS3Exception"},
	"sns":            {"Sns", "SNS", "AmazonSNSException"},
	"sqs":            {"Sqs", "SQS", "AmazonSQSException"},
	"sfn":            {"Sfn", "StepFunctions", "AWSStepFunctionsException"},
	"eventbridge":    {"EventBridge", "EventBridge", "AmazonEventBridgeException"},
	"cloudwatchlogs": {"CloudWatchLogs", "CloudWatchLogs", "CloudWatchLogsException"},
	"lambda":         {"Lambda", "Lambda", "AWSLambdaException"},
	"cloudwatch":     {"CloudWatch", "CloudWatch", "CloudWatchException"},
}

// TaskError gives a failed call the error name and cause that a state machine sees: "Glue.EntityNotFoundException",
// "RedshiftData.ValidationException". An error that the service's model does not have is the service's general
// one ("S3.S3Exception").
func TaskError(in door.Integration, err error, requestID string) (name, cause string) {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return "States.TaskFailed", err.Error()
	}
	n, ok := services[in.Service]
	if !ok {
		n = names{sdk: in.Service, optimized: in.Service, unmodelled: in.Service + "Exception"}
	}
	status := 400
	switch {
	case api.ErrorFault() == smithy.FaultServer:
		status = 500
	case in.Service == "s3" && api.ErrorCode() == "AccessDenied" || in.Service == "sns" && api.ErrorCode() == "AuthorizationError":
		status = 403
	}
	shape, modelled := shapeOf(in.Service, api)
	if in.Optimized {
		if !modelled {
			shape = n.unmodelled
		}
		return n.optimized + "." + shape, fmt.Sprintf("%s (Service: %s; Status Code: %d; Error Code: %s; Request ID: %s; Proxy: null)",
			api.ErrorMessage(), strings.TrimSuffix(n.unmodelled, "Exception"), status, api.ErrorCode(), requestID)
	}
	if !modelled {
		shape = n.sdk + "Exception"
	}
	return n.sdk + "." + shape, fmt.Sprintf("%s (Service: %s, Status Code: %d, Request ID: %s)", api.ErrorMessage(), n.sdk, status, requestID)
}

// shapeOf is the class that the SDK behind Step Functions throws for an error: the shape of the service's model,
// always ending in Exception; false when the model has no shape for it.
func shapeOf(service string, api smithy.APIError) (string, bool) {
	t := reflect.TypeOf(api)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	shape := t.Name()
	if shape == "GenericAPIError" || shape == "AccessDenied" && t.PkgPath() == doorPackage {
		code := api.ErrorCode()
		shape = generic[service+":"+code]
		switch {
		case shape != "":
		case strings.HasSuffix(code, "Exception") && !slices.Contains(common, code):
			shape = code // as a scenario's fault has it
		default:
			return "", false
		}
	}
	if !strings.HasSuffix(shape, "Exception") {
		shape += "Exception"
	}
	if rest, ok := strings.CutPrefix(shape, "KMS"); ok {
		shape = "Kms" + rest
	}
	return shape, true
}

var doorPackage = reflect.TypeFor[door.AccessDenied]().PkgPath()

// common are errors of all AWS services, which most services' models do not have.
var common = []string{
	"AccessDeniedException", "ExpiredTokenException", "IncompleteSignatureException", "InvalidSignatureException", "NotAuthorizedException",
	"RequestExpiredException", "ThrottlingException", "UnrecognizedClientException",
}

// generic are shapes of errors that the local services raise without the SDK's own type.
var generic = map[string]string{
	"glue:AccessDeniedException":           "AccessDeniedException",
	"s3:AccessDenied":                      "AccessDeniedException",
	"cloudwatchlogs:AccessDeniedException": "AccessDeniedException",
	"eventbridge:AccessDeniedException":    "AccessDeniedException",
	"sns:AuthorizationError":               "AuthorizationErrorException",
	"sfn:ValidationException":              "ValidationException",
	"glue:ThrottlingException":             "ThrottlingException",
}
