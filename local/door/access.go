package door

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/smithy-go"
)

// Request is one permission asked for: an IAM action on a resource, with the condition keys that the
// service supplies. Keys that hold for every request (aws:SecureTransport, aws:PrincipalArn, aws:SourceArn
// of services ...) are added by the authorizer.
type Request struct {
	Action   string              // "s3:GetObject"
	Resource string              // its ARN; "*" for an action without a resource type
	Keys     map[string][]string // "kms:ViaService": {"s3.eu-central-1.amazonaws.com"}
}

// Authorizer decides whether a principal may do what a request says. A refusal is an error whose text is
// what AWS would say ("User: ... is not authorized to perform: ... on resource: ... because ...").
type Authorizer interface {
	Authorize(p Principal, r Request) error
}

// Authorize checks a permission that only becomes clear inside a model, such as kms:Decrypt for an object
// under a customer-managed key. The error is the one that the service reports to its caller.
func (d *Door) Authorize(ctx context.Context, service string, needs ...Request) error {
	s, ok := sessionOf(ctx)
	if !ok {
		return fmt.Errorf("door: %s is called by nobody: wrap the context with door.As", service)
	}
	for _, need := range needs {
		if err := d.authorize(ctx, s.principal, service, need); err != nil {
			return err
		}
	}
	return nil
}

func (d *Door) authorize(_ context.Context, p Principal, service string, r Request) error {
	if err := d.authorizer.Authorize(p, r); err != nil {
		denied := &AccessDenied{
			GenericAPIError: smithy.GenericAPIError{Code: deniedCode(service), Message: err.Error(), Fault: smithy.FaultClient},
			Time:            d.Now(), Principal: p, Request: r, err: err,
		}
		d.refused = append(d.refused, denied)
		return denied
	}
	return nil
}

// Refused lists every request that was refused so far, whatever became of the error.
func (d *Door) Refused() []*AccessDenied { return d.refused }

// AccessDenied is a refused request. As an error of the SDK its code is the service's own
// ("AccessDeniedException", "AccessDenied", "AuthorizationError").
type AccessDenied struct {
	smithy.GenericAPIError
	Time      time.Time
	Principal Principal
	Request   Request
	err       error
}

// Error gives the service's code and AWS's words, which name principal, action and resource.
func (e *AccessDenied) Error() string { return e.Code + ": " + e.Message }

// Unwrap gives the authorizer's own error.
func (e *AccessDenied) Unwrap() error { return e.err }

func deniedCode(service string) string {
	switch service {
	case "s3", "sqs", "sts", "iam":
		return "AccessDenied"
	case "sns":
		return "AuthorizationError"
	default:
		return "AccessDeniedException"
	}
}
