package gocode

import (
	"reflect"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

func (w *stateWriter) mapState() string {
	st := w.st
	process := st.Processor()
	start := w.generator.scope(process, w.scope.lang)
	base := ""
	if w.distributed() {
		base = arguments("asl.DistributedMap", []string{w.name(), w.distributedSpec(), start})
	} else {
		base = arguments("asl.Map", []string{w.name(), w.items(), start})
		if c := process.ProcessorConfig; c != nil && *c == (ast.ProcessorConfig{Mode: "INLINE"}) {
			w.call("Inline")
		}
	}
	w.processor(process)
	if st.Comment != "" {
		w.call("Comment", quote(st.Comment))
	}
	w.does("Comment")
	if w.lang == ast.JSONata {
		w.call("JSONata")
	}
	w.payload("ItemSelector", st.ItemSelector, "ItemSelector")
	if value, ok := w.value(st.MaxConcurrency, st.MaxConcurrencyPath, "int", w.lang); ok {
		w.call("MaxConcurrency", value)
		w.does("MaxConcurrency", "MaxConcurrencyPath")
	}
	if w.lang == ast.JSONPath {
		w.reference("InputPath", st.InputPath, "InputPath")
		w.payload("ResultSelector", st.ResultSelector, "ResultSelector")
	}
	w.dataOut()
	w.failures()
	return base
}

// processor changes what the builder does not set in the processor.
func (w *stateWriter) processor(d *ast.Definition) {
	built := ast.ProcessorConfig{}
	if w.distributed() {
		built = ast.ProcessorConfig{Mode: "DISTRIBUTED", ExecutionType: "STANDARD"}
		if d.ProcessorConfig != nil && d.ProcessorConfig.ExecutionType == "EXPRESS" {
			built.ExecutionType = "EXPRESS"
		}
	} else if len(w.calls) > 0 && w.calls[0] == "Inline()" {
		built.Mode = "INLINE"
	}
	same := d.ProcessorConfig == nil && built == ast.ProcessorConfig{} ||
		d.ProcessorConfig != nil && d.ProcessorConfig.Mode == built.Mode && d.ProcessorConfig.ExecutionType == built.ExecutionType && built.Mode != ""
	if d.ProcessorConfig == nil && !same {
		w.change("s.ItemProcessor.ProcessorConfig = nil")
	}
	w.changes = append(w.changes, w.generator.changes("s.ItemProcessor", d, definitionChanges{processor: same || d.ProcessorConfig == nil})...)
	if w.st.ItemProcessor == nil {
		w.change("s.Iterator, s.ItemProcessor = s.ItemProcessor, nil")
	}
}

// distributed tells whether the Map needs the builder of distributed ones.
func (w *stateWriter) distributed() bool {
	st := w.st
	return st.Distributed() || st.ItemReader != nil || st.ItemBatcher != nil || st.ResultWriter != nil
}

// items is the operand of the Map's list, "nil" without.
func (w *stateWriter) items() string {
	if text, ok := w.st.ItemsPath.Text(); ok && w.lang == ast.JSONPath {
		w.does("ItemsPath")
		return w.path(text, operand)
	}
	if w.st.Items.IsSet() && w.lang == ast.JSONata {
		if value, ok := w.typedLiteral(w.st.Items.Value(), "any", w.lang); ok {
			w.does("Items")
			return value
		}
	}
	return "nil"
}

func (w *stateWriter) distributedSpec() string {
	st := w.st
	var spec []string
	if items := w.items(); items != "nil" {
		spec = append(spec, "Items: "+items)
	}
	if reader, ok := w.reader(st.ItemReader); ok {
		spec = append(spec, "ItemReader: "+reader)
		w.does("ItemReader")
	}
	if c := st.Processor().ProcessorConfig; c != nil && c.ExecutionType == "EXPRESS" {
		spec = append(spec, "Express: true")
	}
	if batch, ok := w.batch(st.ItemBatcher); ok {
		spec = append(spec, "ItemBatcher: "+batch)
		w.does("ItemBatcher")
	}
	if sink, ok := w.sink(st.ResultWriter); ok {
		spec = append(spec, "ResultWriter: "+sink)
		w.does("ResultWriter")
	}
	if value, ok := w.value(st.ToleratedFailurePercentage, st.ToleratedFailurePercentagePath, "float64", w.lang); ok {
		spec = append(spec, "ToleratedFailurePercentage: "+value)
		w.does("ToleratedFailurePercentage", "ToleratedFailurePercentagePath")
	}
	if value, ok := w.value(st.ToleratedFailureCount, st.ToleratedFailureCountPath, "int", w.lang); ok {
		spec = append(spec, "ToleratedFailureCount: "+value)
		w.does("ToleratedFailureCount", "ToleratedFailureCountPath")
	}
	if st.Label != "" {
		spec = append(spec, "Label: "+quote(st.Label))
		w.does("Label")
	}
	return composite("asl.DistributedSpec", spec)
}

// payloadOf is the parameters of a reader or writer, whichever field the language
// has for them.
func (w *stateWriter) payloadOf(parameters, arguments ast.Field) (string, bool) {
	if w.lang == ast.JSONata {
		parameters, arguments = arguments, parameters
	}
	if arguments.IsSet() || !parameters.IsSet() || parameters.IsNull() {
		return "", false
	}
	if _, ok := parameters.Value().(*jsonvalue.Object); !ok && w.lang == ast.JSONPath {
		return "", false
	}
	return w.document(parameters.Value(), w.lang), true
}

// reader is an ItemReader as asl.ItemReader[any], if that spells it.
func (w *stateWriter) reader(r *ast.ItemReader) (string, bool) {
	if r == nil {
		return "", false
	}
	parameters, ok := w.payloadOf(r.Parameters, r.Arguments)
	if !ok {
		return "", false
	}
	spec := []string{"Resource: " + quote(r.Resource), "Parameters: " + parameters}
	c := r.ReaderConfig
	if c == nil {
		return composite("asl.ItemReader[any]", spec), true
	}
	text := func(name string, f ast.Field) bool {
		s, ok := f.Text()
		if f.IsSet() && (!ok || s == "") {
			return false
		}
		if s != "" {
			spec = append(spec, name+": "+quote(s))
		}
		return true
	}
	if !text("InputType", c.InputType) || !text("Transformation", c.Transformation) || !text("ManifestType", c.ManifestType) ||
		!text("CSVDelimiter", c.CSVDelimiter) || !text("ItemsPointer", c.ItemsPointer) {
		return "", false
	}
	inputType, _ := c.InputType.Text()
	location, _ := c.CSVHeaderLocation.Text()
	switch {
	case inputType != "CSV" && (c.CSVHeaderLocation.IsSet() || c.CSVHeaders.IsSet()):
		return "", false
	case inputType == "CSV" && location == "GIVEN":
		headers, ok := texts(c.CSVHeaders)
		if !ok {
			return "", false
		}
		spec = append(spec, "CSVHeaders: "+w.model(reflect.ValueOf(headers)))
	case inputType == "CSV" && (location != "FIRST_ROW" || c.CSVHeaders.IsSet()):
		return "", false
	}
	if c.MaxItems.IsSet() || c.MaxItemsPath.IsSet() {
		value, ok := w.value(c.MaxItems, c.MaxItemsPath, "int", w.lang)
		if !ok {
			return "", false
		}
		spec = append(spec, "MaxItems: "+value)
	}
	return composite("asl.ItemReader[any]", spec), len(spec) > 2
}

// texts are the items of a list of texts.
func texts(f ast.Field) ([]string, bool) {
	list, ok := f.Value().([]any)
	out := make([]string, len(list))
	for i, v := range list {
		s, isText := v.(string)
		ok = ok && isText
		out[i] = s
	}
	return out, ok
}

// batch is an ItemBatcher as asl.ItemBatcher, if that spells it.
func (w *stateWriter) batch(b *ast.ItemBatcher) (string, bool) {
	if b == nil {
		return "", false
	}
	var spec []string
	for _, f := range []struct {
		name        string
		plain, path ast.Field
	}{{"MaxItemsPerBatch", b.MaxItemsPerBatch, b.MaxItemsPerBatchPath}, {"MaxInputBytesPerBatch", b.MaxInputBytesPerBatch, b.MaxInputBytesPerBatchPath}} {
		if !f.plain.IsSet() && !f.path.IsSet() {
			continue
		}
		value, ok := w.value(f.plain, f.path, "int", w.lang)
		if !ok {
			return "", false
		}
		spec = append(spec, f.name+": "+value)
	}
	if b.BatchInput.IsSet() {
		input, ok := w.payloadOf(b.BatchInput, ast.Field{})
		if w.lang == ast.JSONata {
			input, ok = w.document(b.BatchInput.Value(), w.lang), !b.BatchInput.IsNull()
		}
		if !ok {
			return "", false
		}
		spec = append(spec, "BatchInput: "+input)
	}
	return "&" + composite("asl.ItemBatcher", spec), true
}

// sink is a ResultWriter as asl.ResultWriter, if that spells it.
func (w *stateWriter) sink(r *ast.ResultWriter) (string, bool) {
	if r == nil {
		return "", false
	}
	spec := []string{"Resource: " + quote(r.Resource)}
	if r.Parameters.IsSet() || r.Arguments.IsSet() {
		parameters, ok := w.payloadOf(r.Parameters, r.Arguments)
		if !ok {
			return "", false
		}
		spec = append(spec, "Parameters: "+parameters)
	}
	if c := r.WriterConfig; c != nil {
		n := len(spec)
		for _, f := range []struct {
			name  string
			field ast.Field
		}{{"OutputType", c.OutputType}, {"Transformation", c.Transformation}} {
			s, ok := f.field.Text()
			if f.field.IsSet() && (!ok || s == "") {
				return "", false
			}
			if s != "" {
				spec = append(spec, f.name+": "+quote(s))
			}
		}
		if len(spec) == n {
			return "", false
		}
	}
	return "&" + composite("asl.ResultWriter", spec), true
}
