package wire

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"time"

	"airline/asl/jsonvalue"
	"airline/local/wire/shape"
)

// jsonRPC is AWS JSON 1.0 and 1.1: the action in X-Amz-Target, a JSON object each way. Of restJson1, services that have the action in the
// path and all else in the body differ by no more.
type jsonRPC struct {
	target, contentType string
	service             *service
	name, operation     string
}

func (p *jsonRPC) find(scope string) error {
	prefix, action := cutTarget(p.target)
	p.name, p.operation = scope, action
	for _, s := range services {
		if s.target == prefix {
			p.service, p.name = s, s.sdk
			return nil
		}
	}
	return &apiFault{code: "NotImplemented", status: http.StatusNotImplemented, message: "the local world does not model the service of " + strconv.Quote(p.target)}
}

func (p *jsonRPC) action() (string, string) { return p.name, p.operation }

func (p *jsonRPC) serve(ctx context.Context, c *call) error {
	in, err := c.server.input(p.name, p.operation)
	if err != nil {
		return err
	}
	tree, err := shape.ParseJSON(c.body)
	if err != nil {
		return err
	}
	if err := shape.Decode(tree, in.Elem(), p.service.naming); err != nil {
		return err
	}
	var answer []byte
	if err := c.server.call(ctx, c.who, p.name, p.operation, in, func(out reflect.Value) error {
		tree := shape.Encode(out, p.service.naming)
		if len(p.service.dated) > 0 {
			date(tree, p.service.dated)
		}
		answer = shape.AppendJSON(nil, complete(tree, p.name, p.operation))
		return nil
	}); err != nil {
		return err
	}
	p.write(c.w, 200, answer, c.id)
	return nil
}

// date writes the times of some members as texts.
func date(tree any, members []string) {
	switch v := tree.(type) {
	case []any:
		for _, item := range v {
			date(item, members)
		}
	case *jsonvalue.Object:
		for i := range v.Len() {
			name, value := v.At(i)
			if at, ok := value.(time.Time); ok && slices.Contains(members, name) {
				v.Set(name, at.UTC().Format(time.RFC3339Nano))
				continue
			}
			date(value, members)
		}
	}
}

func (p *jsonRPC) write(w http.ResponseWriter, status int, body []byte, id string) {
	kind := p.contentType
	if kind == "" {
		kind = "application/x-amz-json-1.1"
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h["X-Amzn-Requestid"] = []string{id}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) // a caller that has gone misses its answer
}

func (p *jsonRPC) fail(w http.ResponseWriter, f fault, id string) {
	if p.service != nil && p.service.isCompat {
		w.Header().Set("x-amzn-query-error", p.service.queryCode(f))
	}
	naming := shape.Pascal
	if p.service != nil {
		naming = p.service.naming
	}
	o := errorTree(f, naming)
	if p.service != nil && p.service.paths {
		w.Header().Set("X-Amzn-Errortype", f.code)
		o.Set("Message", f.message)
	}
	o.Set("__type", f.code)
	o.Set("message", f.message)
	p.write(w, f.status, shape.AppendJSON(nil, o), id)
}

// errorTree are the members of an error beside code and message.
func errorTree(f fault, naming shape.Naming) *jsonvalue.Object {
	o := jsonvalue.NewObject(0)
	if !f.detail.IsValid() {
		return o
	}
	for _, field := range shape.Fields(f.detail.Type()) {
		switch field.Name {
		case "Message", "Code", "Fault", "GenericAPIError", "Time", "Principal", "Request":
			continue
		}
		if value := f.detail.Field(field.Index); !shape.Absent(value) {
			o.Set(naming(f.detail.Type(), field), shape.Encode(value, naming))
		}
	}
	return o
}

// queryCode is the code that an error had in the service's Query protocol, with whose fault it is.
func (s *service) queryCode(f fault) string {
	code := f.code
	if other, ok := s.compatible[code]; ok {
		code = other
	}
	if f.status >= 500 {
		return code + ";Receiver"
	}
	return code + ";Sender"
}
