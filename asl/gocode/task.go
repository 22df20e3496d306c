package gocode

import (
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

func (w *stateWriter) task() string {
	st := w.st
	parameters := st.Parameters
	if w.lang == ast.JSONata {
		parameters = st.Arguments
	}
	base, ok := w.typedTask(parameters)
	if !ok {
		base = w.genericTask(parameters)
	}
	if w.lang == ast.JSONata {
		w.does("Arguments")
	} else {
		w.does("Parameters")
	}
	w.does("Resource")
	if parameters.IsNull() {
		if w.lang == ast.JSONata {
			w.change("s.Arguments = ast.NewField(nil)")
		} else {
			w.change("s.Parameters = ast.NewField(nil)")
		}
	}
	w.comment()
	w.limit("Timeout", st.TimeoutSeconds, st.TimeoutSecondsPath)
	w.limit("Heartbeat", st.HeartbeatSeconds, st.HeartbeatSecondsPath)
	w.role()
	if w.lang == ast.JSONPath {
		w.reference("InputPath", st.InputPath, "InputPath")
		w.payload("ResultSelector", st.ResultSelector, "ResultSelector")
	}
	w.dataOut()
	w.failures()
	return base
}

func (w *stateWriter) genericTask(parameters ast.Field) string {
	resource := quote(w.st.Resource)
	if service, action, ok := sdkOperation(w.st.Resource); ok {
		resource = "asl.SDK(" + quote(service) + ", " + quote(action) + ")"
	}
	document := "nil"
	if parameters.IsSet() {
		document = w.document(parameters.Value(), w.lang)
	}
	return "asl.NewTask[any, any](" + w.name() + ", " + resource + ", " + document + ")"
}

// sdkOperation splits the ARN of an AWS SDK integration.
func sdkOperation(arn string) (service, action string, ok bool) {
	rest, ok := strings.CutPrefix(arn, "arn:aws:states:::aws-sdk:")
	if !ok {
		return "", "", false
	}
	service, action, ok = strings.Cut(rest, ":")
	return service, action, ok
}

// limit writes a time limit.
func (w *stateWriter) limit(method string, f, path ast.Field) {
	fields := []string{method + "Seconds", method + "SecondsPath"}
	if text, ok := w.duration(f); ok && !path.IsSet() {
		w.call(method, text)
		w.does(fields...)
		return
	}
	if value, ok := w.value(f, path, "int", w.lang); ok && (w.lang == ast.JSONata || path.IsSet() && !strings.HasPrefix(value, "asl.As")) {
		w.call(method+"From", value)
		w.does(fields...)
	}
}

// role writes Credentials that are a role.
func (w *stateWriter) role() {
	o, ok := w.st.Credentials.Value().(*jsonvalue.Object)
	if !ok || o.Len() != 1 {
		return
	}
	name, v := o.At(0)
	base, text, isDynamic := dynamic(name, v, w.lang)
	if base != "RoleArn" {
		return
	}
	value := ""
	if isDynamic {
		value = w.expression(text, "string")
	} else if value, ok = w.typedLiteral(v, "string", w.lang); !ok {
		return
	}
	w.call("AssumeRole", value)
	w.does("Credentials")
}
