package wire

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"

	"airline/local/wire/shape"
)

// queryRPC is AWS Query: the action and its parameters in a form, XML back.
type queryRPC struct {
	form    url.Values
	scope   string
	service *service
}

func (p *queryRPC) find() error {
	p.service = byScope(p.scope)
	if p.service == nil {
		return &apiFault{code: "NotImplemented", status: http.StatusNotImplemented, message: fmt.Sprintf("the local world does not model the action %s of the service %q", p.form.Get("Action"), p.scope)}
	}
	if !p.service.queries {
		return &apiFault{code: "NotImplemented", status: http.StatusNotImplemented, message: fmt.Sprintf("the local world does not speak AWS Query for %s (action %s); today's clients speak AWS JSON", p.scope, p.form.Get("Action"))}
	}
	return nil
}

func (p *queryRPC) action() (string, string) {
	if p.service == nil {
		return p.scope, p.form.Get("Action")
	}
	return p.service.sdk, p.form.Get("Action")
}

func (p *queryRPC) serve(ctx context.Context, c *call) error {
	name, action := p.action()
	in, err := c.server.input(name, action)
	if err != nil {
		return err
	}
	if version := p.form.Get("Version"); version != p.service.version {
		return &apiFault{code: "NoSuchVersion", status: 400, message: fmt.Sprintf("the version of %s is %s, not %q", name, p.service.version, version)}
	}
	for parameter := range p.form { // of a presigned request
		if len(parameter) > 6 && parameter[:6] == "X-Amz-" {
			p.form.Del(parameter)
		}
	}
	if err := shape.DecodeQuery(p.form, in.Elem()); err != nil {
		return err
	}
	var answer bytes.Buffer
	if err := c.server.call(ctx, c.who, name, action, in, func(out reflect.Value) error {
		fmt.Fprintf(&answer, `<%sResponse xmlns="%s">`, action, p.service.xmlns)
		fmt.Fprintf(&answer, "<%sResult>", action)
		if err := shape.WriteXML(&answer, out, p.service.items); err != nil {
			return err
		}
		fmt.Fprintf(&answer, "</%sResult><ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%[1]sResponse>\n", action, c.id)
		return nil
	}); err != nil {
		return err
	}
	p.write(c.w, 200, answer.Bytes(), c.id)
	return nil
}

func (p *queryRPC) write(w http.ResponseWriter, status int, body []byte, id string) {
	h := w.Header()
	h.Set("Content-Type", "text/xml")
	h.Set("x-amzn-RequestId", id)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body) // a caller that has gone misses its answer
}

func (p *queryRPC) fail(w http.ResponseWriter, f fault, id string) {
	xmlns, fault := "", "Sender"
	if p.service != nil {
		xmlns = p.service.xmlns
	}
	if f.status >= 500 {
		fault = "Receiver"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<ErrorResponse xmlns="%s"><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>`+"\n",
		xmlns, fault, escaped(f.code), escaped(f.message), id)
	p.write(w, f.status, b.Bytes(), id)
}
