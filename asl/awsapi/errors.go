package awsapi

import (
	"slices"
	"strconv"
	"strings"

	"airline/asl/ast"
)

// commonErrors are those that any operation of any service may raise ("Common Errors" of each API reference, and the
// clients' own: "Handling errors in Step Functions workflows").
var commonErrors = []string{
	"AccessDenied", "AccessDeniedException", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InternalError", "InternalFailure",
	"InternalServerError", "InternalServerException", "InternalServiceException", "InvalidClientTokenId", "MalformedHttpRequestException",
	"NotAuthorized", "OptInRequired", "RequestAbortedException", "RequestEntityTooLargeException", "RequestExpired", "RequestLimitExceeded",
	"RequestTimeoutException", "ServiceUnavailable", "ServiceUnavailableException", "SlowDown", "Throttling", "ThrottlingException",
	"ThrottledException", "TooManyRequestsException", "ProvisionedThroughputExceededException", "UnknownOperationException",
	"UnrecognizedClientException", "ValidationError", "ValidationException",
	"SdkClientException", "SdkException", "AbortedException", "ApiCallTimeoutException", "ApiCallAttemptTimeoutException", "RetryableException",
	"Unknown", "ClientExecutionTimeoutException",
}

// raised are the names of the errors of an operation in Step Functions, without the service: those of the API, which end in
// Exception as classes of the SDK for Java do, and the service's own.
func raised(s *Service, o *Operation) []string {
	names := append([]string{s.Class + "Exception", "AWS" + s.Class + "Exception", "Amazon" + s.Class + "Exception"}, o.Errors...)
	for _, e := range o.Errors {
		if bare, ok := strings.CutSuffix(e, "Fault"); ok {
			names = append(names, bare+"Exception", e+"Exception")
		} else if bare, ok := strings.CutSuffix(e, "Error"); ok {
			names = append(names, bare+"Exception", e+"Exception")
		} else if !strings.HasSuffix(e, "Exception") {
			names = append(names, e+"Exception")
		}
	}
	return names
}

// ErrorName is an error as Step Functions names it, such as "Athena.TooManyRequestsException", of the API's name or of a type
// that an SDK has for it; "" when the operation does not raise it.
func (o *Operation) ErrorName(name string) string {
	if !slices.ContainsFunc(o.Errors, func(e string) bool { return strings.EqualFold(e, name) }) && !slices.Contains(commonErrors, name) {
		return ""
	}
	if bare, ok := strings.CutSuffix(name, "Fault"); ok {
		name = bare
	} else if bare, ok := strings.CutSuffix(name, "Error"); ok {
		name = bare
	}
	return o.service.Class + "." + strings.TrimSuffix(name, "Exception") + "Exception"
}

// errors warns of errors of the called service that the operation does not raise.
func (c *checker) errors(names []string, s *Service, o *Operation, at string) {
	for i, name := range names {
		prefix, bare, ok := strings.Cut(name, ".")
		if !ok || ast.HasPlaceholder(name) || !s.raises(prefix) {
			continue
		}
		known := raised(s, o)
		if slices.ContainsFunc(known, func(k string) bool { return strings.EqualFold(k, bare) }) || slices.Contains(commonErrors, bare) || slices.Contains(commonErrors, strings.TrimSuffix(bare, "Exception")) {
			continue
		}
		if slices.Contains(commonServiceErrors[s.ID], bare) {
			continue
		}
		fix := "catch States.TaskFailed, which a job or an execution that fails raises, or an error of the API"
		if near := ast.Nearest(bare, append(known, commonErrors...)); near != "" {
			fix = "did you mean \"" + prefix + "." + near + "\"?"
		}
		c.report(ast.SeverityWarning, ast.Pointer(at, strconv.Itoa(i)), fix, "%s does not raise %q", o.Name, name)
	}
}

// raises tells whether the service's errors begin with the prefix.
func (s *Service) raises(prefix string) bool {
	return strings.EqualFold(prefix, s.Class) || strings.EqualFold(prefix, strings.ReplaceAll(s.ID, " ", "")) || s.ID == "SFN" && prefix == "StepFunctions"
}

// commonServiceErrors are those that a service raises beside its model's: of Lambda, those of the invocation ("Lambda service
// exceptions", Step Functions guide).
var commonServiceErrors = map[string][]string{
	"Lambda": {"ServiceException", "AWSLambdaException", "SdkClientException", "Unknown"},
	"S3":     {"S3Exception", "AmazonS3Exception", "NoSuchKeyException", "NoSuchBucketException"},
}
