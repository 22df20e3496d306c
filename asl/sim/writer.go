package sim

import (
	"fmt"
	"strings"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// A writer is a compiled ResultWriter.
type writer struct {
	parameters     *template // nil: the results stay in the state's output
	transformation string    // NONE, COMPACT, FLATTEN
	lines          bool      // JSONL rather than JSON
}

func (c *compiler) writer(s *state, d *ast.ResultWriter) *writer {
	w := &writer{transformation: "NONE"}
	at := s.location + "/ResultWriter"
	switch {
	case d.Arguments.IsSet() && s.jsonata:
		w.parameters = c.template(d.Arguments.Value(), true, at, "Arguments")
	case d.Parameters.IsSet():
		w.parameters = c.template(d.Parameters.Value(), s.jsonata, at, "Parameters")
	}
	if config := d.WriterConfig; config != nil {
		if text, ok := config.Transformation.Text(); ok {
			w.transformation = text
		}
		if text, ok := config.OutputType.Text(); ok {
			w.lines = text == "JSONL"
		}
	}
	return w
}

func writerFault(cause string) *fault {
	return &fault{name: states.ResultWriterFailed, hasName: true, cause: cause, hasCause: true}
}

// write stores the results of a map run, by outcome, and makes the state's result.
func (w *writer) write(r *mapRun) (any, *fault) {
	if w.parameters == nil {
		succeeded := []any{}
		for _, child := range r.children {
			if child != nil && child.status == Succeeded {
				succeeded = append(succeeded, w.entries(child)...)
			}
		}
		return succeeded, nil
	}
	th := r.thread
	value, f := w.parameters.eval(th, th.effective)
	if f != nil {
		return nil, f
	}
	parameters, _ := value.(*jsonvalue.Object)
	text := func(name string) string {
		value, _ := parameters.Get(name)
		s, _ := value.(string)
		return s
	}
	store, bucket := th.exec.options.Objects, text("Bucket")
	if store == nil {
		return nil, noObjects("ResultWriter")
	}
	folder := r.id + "/"
	if prefix := strings.TrimSuffix(text("Prefix"), "/"); prefix != "" {
		folder = prefix + "/" + folder
	}
	files := jsonvalue.NewObject(3)
	for _, name := range []string{"FAILED", "PENDING", "SUCCEEDED"} {
		listed := []any{}
		if body := r.results.group(name == "FAILED", w.lines); name != "PENDING" && body.size > 0 {
			key := folder + name + "_0.json"
			if w.lines {
				key += "l"
			}
			if err := body.put(store, bucket, key); err != nil {
				return nil, writerFault(err.Error())
			}
			file := jsonvalue.NewObject(2)
			file.Set("Key", key)
			file.Set("Size", float64(body.size))
			listed = append(listed, file)
		}
		files.Set(name, listed)
	}
	manifest := jsonvalue.NewObject(3)
	manifest.Set("DestinationBucket", bucket)
	manifest.Set("MapRunArn", r.arn())
	manifest.Set("ResultFiles", files)
	key := folder + "manifest.json"
	if err := store.PutObject(bucket, key, jsonvalue.Append(nil, manifest)); err != nil {
		return nil, writerFault(err.Error())
	}
	details := jsonvalue.NewObject(2)
	details.Set("Bucket", bucket)
	details.Set("Key", key)
	result := jsonvalue.NewObject(2)
	result.Set("MapRunArn", r.arn())
	result.Set("ResultWriterDetails", details)
	return result, nil
}

// entries is what a successful child contributes.
func (w *writer) entries(child *Execution) []any {
	switch w.transformation {
	case "COMPACT":
		return []any{child.output}
	case "FLATTEN":
		if list, ok := child.output.([]any); ok {
			return list
		}
		return []any{child.output}
	}
	return []any{describe(child)}
}

// entry is what a child that has ended contributes to its result file, encoded.
func (w *writer) entry(child *Execution) []byte {
	if child.status != Succeeded {
		return jsonvalue.Append(nil, describe(child))
	}
	separator := byte(',')
	if w.lines {
		separator = '\n'
	}
	var text []byte
	for i, entry := range w.entries(child) {
		if i > 0 {
			text = append(text, separator)
		}
		text = jsonvalue.Append(text, entry)
	}
	return text
}

// describe is an execution as DescribeExecution gives it and as AWS writes it
// into result files: input and output are texts.
func describe(x *Execution) *jsonvalue.Object {
	o := jsonvalue.NewObject(12)
	included := jsonvalue.NewObject(1)
	included.Set("Included", true)
	if x.failure != nil {
		if x.failure.hasCause {
			o.Set("Cause", x.failure.cause)
		}
		if x.failure.hasName {
			o.Set("Error", x.failure.name)
		}
	}
	o.Set("ExecutionArn", x.ARN())
	o.Set("Input", jsonvalue.String(x.input))
	o.Set("InputDetails", included)
	o.Set("Name", x.Name())
	if x.status == Succeeded {
		o.Set("Output", jsonvalue.String(x.output))
		o.Set("OutputDetails", included)
	}
	o.Set("RedriveCount", jsonvalue.Box(0))
	status, reason := "REDRIVABLE", ""
	if x.status == Succeeded {
		status, reason = "NOT_REDRIVABLE", fmt.Sprintf("Execution is %s and cannot be redriven", x.status)
	}
	o.Set("RedriveStatus", status)
	if reason != "" {
		o.Set("RedriveStatusReason", reason)
	}
	o.Set("StartDate", x.StartTime().UTC().Format(time.RFC3339Nano))
	o.Set("StateMachineArn", x.StateMachineARN())
	o.Set("Status", string(x.status))
	if stopped := x.StopTime(); !stopped.IsZero() {
		o.Set("StopDate", stopped.UTC().Format(time.RFC3339Nano))
	}
	return o
}
