package operate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"airline/infra"
)

// Failure is why a command could not do its work, with the way on.
type Failure struct {
	What, Fix string
	Err       error // what AWS said
}

func (f *Failure) Error() string {
	if f.Fix == "" {
		return f.What
	}
	return f.What + "\n" + f.Fix
}

// Unwrap gives what AWS said.
func (f *Failure) Unwrap() error { return f.Err }

// codeOf is the code of an error of AWS, or "".
func codeOf(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// absent are the codes by which services say that what was asked for is not there.
var absent = []string{
	"NoSuchBucket", "NotFound", "NoSuchKey", "NoSuchVersion", "NotFoundException", "ResourceNotFoundException", "ResourceNotFound", "EntityNotFoundException", "NoSuchEntity",
	"StateMachineDoesNotExist", "ExecutionDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist",
}

func isAbsent(err error) bool { return slices.Contains(absent, codeOf(err)) }

var denied = regexp.MustCompile(`is not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?`)

func isDenied(err error) bool {
	if err == nil {
		return false
	}
	code := codeOf(err)
	return strings.Contains(code, "AccessDenied") || code == "AuthorizationError" || denied.MatchString(err.Error())
}

// Explain says of an error what it means to who operates. An error that says so already stays as it is.
func (s *Session) Explain(err error) error {
	var done *Failure
	var list interface{ Unwrap() []error }
	switch code := codeOf(err); {
	case err == nil, errors.As(err, &done), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &list):
		return s.explainAll(list.Unwrap())
	case isDenied(err):
		return s.explainDenied(err)
	case slices.Contains([]string{"ExpiredToken", "ExpiredTokenException", "RequestExpired"}, code):
		return &Failure{"the session's token has expired", "Sign in again (aws sso login, or what gave you the keys) and repeat the command: what it has begun goes on in AWS without it.", err}
	case slices.Contains([]string{"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidToken", "AuthFailure"}, code):
		return &Failure{"AWS does not know the access key", "Look at AWS_ACCESS_KEY_ID, AWS_PROFILE and --profile; the key may be deleted or of another partition.", err}
	case slices.Contains([]string{"SignatureDoesNotMatch", "InvalidSignatureException", "RequestTimeTooSkewed"}, code):
		return &Failure{"AWS refuses the signature: " + err.Error(), "Look at AWS_SECRET_ACCESS_KEY, and at this machine's clock: it may be off by 15 minutes at most.", err}
	case strings.Contains(code, "Throttl") || code == "SlowDown" || code == "TooManyRequestsException":
		return &Failure{"AWS has throttled the calls for longer than this command waits: " + err.Error(), "Repeat it in a minute; others may call at the same time.", err}
	case strings.Contains(err.Error(), "get credentials") || strings.Contains(err.Error(), "get identity") || strings.Contains(err.Error(), "shared config profile"):
		return &Failure{"there are no AWS credentials: " + last(err), "Sign in (aws sso login), name a profile with --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.", err}
	}
	var unreachable net.Error
	if errors.As(err, &unreachable) {
		return &Failure{"AWS cannot be reached: " + last(err), "Look at --endpoint-url, AWS_ENDPOINT_URL and the network.", err}
	}
	return err
}

// last is the innermost error's text.
func last(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// explainAll explains each error, and says what is the same once.
func (s *Session) explainAll(errs []error) error {
	var told []string
	for _, err := range errs {
		if text := s.Explain(err).Error(); !slices.Contains(told, text) {
			told = append(told, text)
		}
	}
	return &Failure{What: strings.Join(told, "\n"), Err: errors.Join(errs...)}
}

// explainDenied names the statement that lacks.
func (s *Session) explainDenied(err error) error {
	m := denied.FindStringSubmatch(err.Error())
	if m == nil {
		return &Failure{"access is denied: " + err.Error(), "The policy of airline " + s.command + " is in docs/operate.md.", err}
	}
	what := fmt.Sprintf("%s may not %s", s.who(), m[1])
	if m[2] != "" {
		what += " on " + m[2]
	}
	for _, statement := range s.policy().Statements {
		if slices.Contains(statement.Actions, m[1]) && through(statement) == byS3(err) {
			return &Failure{what, fmt.Sprintf("Add the statement %s of airline %s to the policy (docs/operate.md has all of it):\n%s", statement.Sid, s.command, statement.JSON()), err}
		}
	}
	return &Failure{what, "No statement of airline " + s.command + " allows it; a policy that denies it may, or an organization's: " + err.Error(), err}
}

// through says that a statement lets S3 use a key.
func through(s infra.Statement) bool {
	return slices.ContainsFunc(s.Conditions["StringEquals"]["kms:ViaService"], func(service string) bool { return strings.HasPrefix(service, "s3.") })
}

// byS3 says that S3 was not allowed to use a key for the caller.
func byS3(err error) bool {
	var operation *smithy.OperationError
	return errors.As(err, &operation) && operation.ServiceID == s3.ServiceID && strings.Contains(err.Error(), "kms:")
}

func (s *Session) who() string {
	if s.Caller == "" {
		return "the caller"
	}
	return s.Caller
}

// notDeployed says that nothing of the stack is there.
func (s *Session) notDeployed(err error) error {
	return &Failure{
		fmt.Sprintf("the stack %s is not deployed in %s of account %s: nothing named %s-... is there", s.Stack, s.Names.Region, s.Names.Account, s.Names.ID()),
		"Deploy it (pulumi up --stack " + s.Stack + "), or look at --stack, --region and --profile.", err,
	}
}

// there turns the absence of what every stack has into the news that the stack is not deployed.
func (s *Session) there(err error) error {
	if isAbsent(err) {
		return s.notDeployed(err)
	}
	return s.Explain(err)
}
