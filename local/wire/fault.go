package wire

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/aws/smithy-go"

	"airline/local/wire/shape"
	"airline/local/wire/sigv4"
)

// fault is an error as protocols write it.
type fault struct {
	code, message string
	status        int
	detail        reflect.Value // the SDK's error, whose further members are written; zero without
}

// apiFault is an error of the server itself.
type apiFault struct {
	code, message string
	status        int
}

func (e *apiFault) Error() string { return e.code + ": " + e.message }

// notModelled is the answer to an action that no service model has.
func notModelled(service, action string) error {
	return &apiFault{code: "NotImplemented", status: http.StatusNotImplemented, message: fmt.Sprintf("the local world does not model the action %s of %s", action, service)}
}

// codeOf is the code of an error of a service or of the server.
func codeOf(err error) string {
	var own *apiFault
	if errors.As(err, &own) {
		return own.code
	}
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// faultOf gives an error the code, message and status of the protocol.
func faultOf(err error, p protocol) fault {
	var own *apiFault
	var api smithy.APIError
	var body *shape.Error
	var signature *sigv4.Error
	switch {
	case errors.As(err, &own):
		return fault{code: own.code, message: own.message, status: own.status}
	case errors.As(err, &signature):
		return signatureFault(signature, p)
	case errors.As(err, &body) && body.Unknown:
		return fault{code: "NotImplemented", message: "the local world does not model this request: " + body.Error(), status: http.StatusNotImplemented}
	case errors.As(err, &body):
		return fault{code: "SerializationException", message: body.Error(), status: 400}
	case errors.As(err, &api):
		f := fault{code: api.ErrorCode(), message: api.ErrorMessage(), status: 400}
		if v := reflect.ValueOf(api); v.Kind() == reflect.Pointer && !v.IsNil() && v.Elem().Kind() == reflect.Struct {
			f.detail = v.Elem()
		}
		switch {
		case f.code == "NotImplemented":
			f.status = http.StatusNotImplemented
		case api.ErrorFault() == smithy.FaultServer:
			f.status = 500
		}
		if _, rest := p.(*restS3); rest {
			f.status = statusOfS3(f.code, f.status)
		} else if _, query := p.(*queryRPC); query {
			switch f.code {
			case "AuthorizationError", "AccessDenied":
				f.status = http.StatusForbidden
			case "NotFound", "ResourceNotFound", "NoSuchEntity", "ClusterNotFound":
				f.status = http.StatusNotFound
			}
		}
		return f
	case errors.Is(err, context.Canceled):
		return fault{code: "RequestTimeout", message: "the caller has gone", status: 400}
	}
	return fault{code: "InternalFailure", message: err.Error(), status: 500}
}

// signatureFault names the refusal of a signature as the protocol's services do.
func signatureFault(e *sigv4.Error, p protocol) fault {
	type names struct {
		json, query, s3 string
		status          int // of Query and S3; AWS JSON answers 400
	}
	n := map[sigv4.Reason]names{
		sigv4.Missing:        {"MissingAuthenticationTokenException", "MissingAuthenticationToken", "AccessDenied", 403},
		sigv4.Incomplete:     {"IncompleteSignatureException", "IncompleteSignature", "AuthorizationHeaderMalformed", 400},
		sigv4.UnknownKey:     {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", 403},
		sigv4.Mismatch:       {"InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch", 403},
		sigv4.Skewed:         {"InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed", 403},
		sigv4.Expired:        {"InvalidSignatureException", "SignatureDoesNotMatch", "AccessDenied", 403},
		sigv4.ExpiredSession: {"ExpiredTokenException", "ExpiredToken", "ExpiredToken", 400},
		sigv4.InvalidToken:   {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidToken", 400},
	}[e.Reason]
	switch p.(type) {
	case *restS3:
		message := e.Message
		switch e.Reason {
		case sigv4.Missing:
			message = "Access Denied"
		case sigv4.UnknownKey:
			message = "The AWS Access Key Id you provided does not exist in our records."
		case sigv4.Skewed:
			message = "The difference between the request time and the current time is too large."
		case sigv4.ExpiredSession:
			message = "The provided token has expired."
		}
		return fault{code: n.s3, message: message, status: n.status}
	case *queryRPC:
		return fault{code: n.query, message: e.Message, status: 403}
	}
	return fault{code: n.json, message: e.Message, status: 400}
}

// escaped is text in XML.
func escaped(s string) string {
	var b writer
	// Writing to memory cannot fail.
	_ = xml.EscapeText(&b, []byte(s))
	return string(b)
}

type writer []byte

func (w *writer) Write(p []byte) (int, error) {
	*w = append(*w, p...)
	return len(p), nil
}
