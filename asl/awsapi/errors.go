package awsapi

import (
	"fmt"
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

// handlers checks the errors that retriers and catchers name.
func (c *checker) handlers(s *ast.State, service *Service, operation *Operation, at string) {
	for i, r := range s.Retry {
		c.errors(r.ErrorEquals, service, operation, fmt.Sprintf("%s/Retry/%d/ErrorEquals", at, i))
	}
	for i, r := range s.Catch {
		c.errors(r.ErrorEquals, service, operation, fmt.Sprintf("%s/Catch/%d/ErrorEquals", at, i))
	}
}

// errors warns of errors that the called operation does not raise.
func (c *checker) errors(names []string, s *Service, o *Operation, at string) {
	for i, name := range names {
		prefix, bare, ok := strings.Cut(name, ".")
		if !ok || ast.HasPlaceholder(name) {
			continue
		}
		summary, fix := c.foreignError(prefix, s, o)
		if summary == "" && s.raises(prefix) {
			summary, fix = c.unknownError(prefix, bare, s, o)
		}
		if summary != "" {
			c.report(ast.SeverityWarning, ast.Pointer(at, strconv.Itoa(i)), fix, "%s", fmt.Sprintf(summary, name))
		}
	}
}

// foreignError is what is wrong with an error whose prefix is not that of the called service. A function's code names its
// errors as it likes.
func (c *checker) foreignError(prefix string, s *Service, o *Operation) (summary, fix string) {
	if s.raises(prefix) {
		if !c.optimised && prefix != s.Class {
			return "no error is called %q", "the names of " + o.Name + "'s errors begin with " + s.Class + "."
		}
		return "", ""
	}
	integration, _, _ := strings.Cut(c.integration, ":")
	_, isService := slices.BinarySearch(Services(), strings.ToLower(prefix))
	if !isService || s.ID == "Lambda" || c.optimised && strings.EqualFold(prefix, strings.ReplaceAll(integration, "-", "")) {
		return "", ""
	}
	fix = "name an error of the service that the task calls"
	if s.Class != "" {
		fix += ", which begins with " + s.Class + "."
	}
	return o.Name + " does not raise %q, an error of another service", fix
}

// unknownError is what is wrong with an error of the called service that the operation does not raise.
func (c *checker) unknownError(prefix, bare string, s *Service, o *Operation) (summary, fix string) {
	if _, own := forms[c.integration]; own && c.optimised { // an answer's status, such as EKS.409
		return "", ""
	}
	known := raised(s, o)
	if !c.optimised { // the names of the SDK for Java's classes, which all end so
		known = slices.DeleteFunc(known, func(k string) bool { return !strings.HasSuffix(k, "Exception") })
	}
	same := func(k string) bool { return k == bare || c.optimised && strings.EqualFold(k, bare) }
	if slices.ContainsFunc(known, same) || slices.Contains(commonErrors, bare) || slices.Contains(commonErrors, strings.TrimSuffix(bare, "Exception")) ||
		slices.Contains(commonServiceErrors[s.ID], bare) {
		return "", ""
	}
	fix = "catch States.TaskFailed, which a job or an execution that fails raises, or an error of the API"
	near := ast.Nearest(bare, append(known, commonErrors...))
	if slices.Contains(known, bare+"Exception") {
		near = bare + "Exception"
	}
	if near != "" {
		fix = "did you mean \"" + prefix + "." + near + "\"?"
	}
	return o.Name + " does not raise %q", fix
}

// raises tells whether the service's errors begin with the prefix.
func (s *Service) raises(prefix string) bool {
	return strings.EqualFold(prefix, s.Class) || strings.EqualFold(prefix, strings.ReplaceAll(s.ID, " ", "")) || s.ID == "SFN" && prefix == "StepFunctions"
}

// commonServiceErrors are those that a service raises beside its model's: of Lambda, those of the invocation ("Lambda service
// exceptions", Step Functions guide); of Step Functions the one that has no name of its own.
var commonServiceErrors = map[string][]string{
	"Lambda": {"ServiceException", "AWSLambdaException", "SdkClientException", "Unknown"},
	"SFN":    {"AWSStepFunctionsException"},
	"S3":     {"S3Exception", "AmazonS3Exception", "NoSuchKeyException", "NoSuchBucketException"},
}
