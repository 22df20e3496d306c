package wire

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"airline/local/wire/cbor"
	"airline/local/wire/shape"
)

// cborRPC is RPC v2 CBOR: POST /service/<name>/operation/<action>, a CBOR map each way.
type cborRPC struct {
	path            string
	service         *service
	name, operation string
}

func (p *cborRPC) find() error {
	part := strings.Split(p.path, "/")
	if n := len(part); n >= 5 && part[n-4] == "service" && part[n-2] == "operation" {
		p.name, p.operation = part[n-3], part[n-1]
		for _, s := range services {
			if s.cbor != "" && s.cbor == p.name {
				p.service, p.name = s, s.sdk
				return nil
			}
		}
	}
	return &apiFault{code: "NotImplemented", status: http.StatusNotImplemented, message: "the local world does not model " + p.path + " in RPC v2 CBOR"}
}

func (p *cborRPC) action() (string, string) { return p.name, p.operation }

func (p *cborRPC) serve(ctx context.Context, c *call) error {
	in, err := c.server.input(p.name, p.operation)
	if err != nil {
		return err
	}
	tree, err := cbor.Parse(c.body)
	if err != nil {
		return err
	}
	if err := shape.Decode(tree, in.Elem(), p.service.naming); err != nil {
		return err
	}
	var answer []byte
	if err := c.server.call(ctx, c.who, p.name, p.operation, in, func(out reflect.Value) error {
		answer = cbor.Encode(shape.Encode(out, p.service.naming))
		return nil
	}); err != nil {
		return err
	}
	p.write(c.w, 200, answer, c.id)
	return nil
}

func (p *cborRPC) write(w http.ResponseWriter, status int, body []byte, id string) {
	h := w.Header()
	h.Set("Content-Type", "application/cbor")
	h.Set("Smithy-Protocol", "rpc-v2-cbor")
	h.Set("x-amzn-RequestId", id)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) // a caller that has gone misses its answer
}

func (p *cborRPC) fail(w http.ResponseWriter, f fault, id string) {
	if p.service != nil && p.service.isCompat {
		w.Header().Set("x-amzn-query-error", p.service.queryCode(f))
	}
	naming := shape.Pascal
	if p.service != nil {
		naming = p.service.naming
	}
	o := errorTree(f, naming)
	o.Set("__type", f.code)
	o.Set("message", f.message)
	p.write(w, f.status, cbor.Encode(o), id)
}
