// Package http has a typed task for calls of any HTTP API through an
// EventBridge connection, which holds the secrets.
//
//	charge := http.Invoke[Charge](http.Request{
//		Endpoint: asl.Text("https://api.example.com/charges"), Method: asl.Text("POST"),
//		Connection: asl.Text(connectionARN), Body: asl.Object{"amount": amount},
//	}, "Charge")
package http

import "airline/asl"

// Request is a call of an HTTP API. It takes at most 60 seconds.
type Request struct {
	Endpoint        asl.Value[string] `json:"ApiEndpoint" asl:"required"` // required
	Method          asl.Value[string] `asl:"required"`                    // required
	Connection      asl.Value[string] `json:"-"`                          // required: ARN of the EventBridge connection
	Headers         map[string]asl.Value[string]
	QueryParameters map[string]asl.Value[string]
	Body            any `json:"RequestBody"`
	Transform       *Transform
}

// Transform encodes the body as a form instead of JSON.
type Transform struct {
	RequestBodyEncoding asl.Value[string] // "NONE" or "URL_ENCODED"
}

// Errors of a request. An answer with a status of 400 and above fails with
// States.Http.StatusCode.<status>: catch it by that name.
const (
	StatusTooManyRequests    asl.Err[Request] = "States.Http.StatusCode.429"
	StatusInternalError      asl.Err[Request] = "States.Http.StatusCode.500"
	StatusServiceUnavailable asl.Err[Request] = "States.Http.StatusCode.503"
	Socket                   asl.Err[Request] = "States.Http.Socket"
)

// Response is the answer.
type Response[Body any] struct {
	ResponseBody Body
	Headers      map[string][]string
	StatusCode   int
	StatusText   string
}

// Invoke makes the call and reads the answer's body as a Body.
func Invoke[Body any](p Request, name string) asl.Task[Request, Response[Body]] {
	return asl.NewTask[Request, Response[Body]](name, "arn:aws:states:::http:invoke", struct {
		Request
		Authentication authentication
	}{p, authentication{p.Connection}})
}

type authentication struct {
	ConnectionARN asl.Value[string] `json:"ConnectionArn"`
}
