package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"airline/local/sfn"
)

// longestPayload is what a function may answer ("Lambda quotas": 6 MB for synchronous calls).
const longestPayload = 6 << 20

// functions has tasks of AWS Lambda call the functions of an endpoint that has Lambda's Invoke, such as that of `sam local
// start-lambda`. A call takes wall time, during which the world goes on: the function may call the server.
func (s *Server) functions(endpoint string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100, IdleConnTimeout: time.Minute}}
	s.world.SFN().Functions(func(c sfn.FunctionCall, answer func(sfn.FunctionAnswer)) {
		ctx, cancel := context.WithCancel(c.Context)
		stop := context.AfterFunc(s.closed, cancel)
		c.Context = ctx
		s.calls.Add(1)
		go func() {
			defer s.calls.Done()
			defer cancel()
			defer stop()
			a := invoke(client, endpoint, c)
			if s.closed.Err() == nil {
				_ = s.engine.do(func() error { answer(a); return nil }) // the function does not fail
			}
		}()
	})
}

// invoke calls a function by Lambda's protocol ("Invoke", AWS Lambda API reference).
func invoke(client *http.Client, endpoint string, c sfn.FunctionCall) sfn.FunctionAnswer {
	at := strings.TrimSuffix(endpoint, "/") + "/2015-03-31/functions/" + url.PathEscape(c.Function) + "/invocations"
	if c.Qualifier != "" {
		at += "?Qualifier=" + url.QueryEscape(c.Qualifier)
	}
	request, err := http.NewRequestWithContext(c, http.MethodPost, at, bytes.NewReader(c.Payload))
	if err != nil {
		return sfn.FunctionAnswer{Err: err}
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Amz-Invocation-Type", c.Type)
	if c.ClientContext != "" {
		request.Header.Set("X-Amz-Client-Context", c.ClientContext)
	}
	response, err := client.Do(request)
	if err != nil {
		return sfn.FunctionAnswer{Err: err}
	}
	defer response.Body.Close()
	payload, err := io.ReadAll(io.LimitReader(response.Body, longestPayload+1))
	switch {
	case err != nil:
		return sfn.FunctionAnswer{Err: err}
	case len(payload) > longestPayload:
		return sfn.FunctionAnswer{Status: http.StatusRequestEntityTooLarge, Code: "ResponseTooLargeException", Err: fmt.Errorf("the function's answer is longer than %d bytes", longestPayload)}
	}
	a := sfn.FunctionAnswer{Payload: payload, Status: response.StatusCode, FunctionError: response.Header.Get("X-Amz-Function-Error"), ExecutedVersion: response.Header.Get("X-Amz-Executed-Version")}
	if a.ExecutedVersion == "" {
		a.ExecutedVersion = "$LATEST"
	}
	if response.StatusCode >= 300 {
		a.Code, a.Err = failure(response, payload)
	}
	return a
}

// failure is the error of the API in an answer: its name, and what it says.
func failure(response *http.Response, payload []byte) (code string, err error) {
	var v struct{ Type, Message string } // Message is "Message" or "message"
	_ = json.Unmarshal(payload, &v)      // the status says enough without
	code, _, _ = strings.Cut(response.Header.Get("X-Amzn-Errortype"), ":")
	if code == "" {
		switch response.StatusCode {
		case http.StatusNotFound:
			code = "ResourceNotFoundException"
		case http.StatusTooManyRequests:
			code = "TooManyRequestsException"
		default:
			code = "ServiceException"
		}
	}
	if v.Message == "" {
		v.Message = response.Status
	}
	return code, fmt.Errorf("%s", v.Message)
}
