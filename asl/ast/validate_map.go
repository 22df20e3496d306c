package ast

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

func (v *validator) mapState(s *State, at string, lang QueryLanguage) {
	switch {
	case s.isOpen("ItemProcessor") || s.isOpen("Iterator"):
	case s.ItemProcessor == nil && s.Iterator == nil:
		v.error(s.Pos, at+"/ItemProcessor", "give it the states that process an item", "the Map has no ItemProcessor")
	case s.ItemProcessor != nil && s.Iterator != nil:
		v.error(s.Pos, at+"/Iterator", "keep ItemProcessor; Iterator is its former name", "the Map has both ItemProcessor and Iterator")
	}
	if s.Parameters.IsSet() && s.ItemSelector.IsSet() {
		v.error(s.Pos, at+"/Parameters", "keep ItemSelector; Parameters is its former name", "the Map has both Parameters and ItemSelector")
	}
	v.either(s.Pos, at, "Items", s.Items, "ItemsPath", s.ItemsPath)
	v.either(s.Pos, at, "MaxConcurrency", s.MaxConcurrency, "MaxConcurrencyPath", s.MaxConcurrencyPath)
	v.either(s.Pos, at, "ToleratedFailureCount", s.ToleratedFailureCount, "ToleratedFailureCountPath", s.ToleratedFailureCountPath)
	v.either(s.Pos, at, "ToleratedFailurePercentage", s.ToleratedFailurePercentage, "ToleratedFailurePercentagePath", s.ToleratedFailurePercentagePath)
	v.number(s.MaxConcurrency, s.Pos, at, "/MaxConcurrency", lang, 0, MaxSeconds, true)
	v.number(s.ToleratedFailureCount, s.Pos, at, "/ToleratedFailureCount", lang, 0, 1e9, true)
	v.number(s.ToleratedFailurePercentage, s.Pos, at, "/ToleratedFailurePercentage", lang, 0, 100, false)
	v.pathField(s.ItemsPath, s.Pos, at, "/ItemsPath")
	v.pathField(s.MaxConcurrencyPath, s.Pos, at, "/MaxConcurrencyPath")
	v.pathField(s.ToleratedFailureCountPath, s.Pos, at, "/ToleratedFailureCountPath")
	v.pathField(s.ToleratedFailurePercentagePath, s.Pos, at, "/ToleratedFailurePercentagePath")
	v.template(s.ItemSelector, s.Pos, at, "/ItemSelector", lang)
	v.notObject(s.ItemSelector, s.Pos, at, "/ItemSelector", lang)
	v.template(s.Items, s.Pos, at, "/Items", lang)
	if text, ok := s.Items.Text(); ok && !strings.HasPrefix(text, "{%") && !HasPlaceholder(text) {
		v.error(s.Pos, at+"/Items", "write a list or {% expression %}", "%q is no list", clip(text))
	}
	if p := s.Processor(); p != nil {
		v.processorConfig(p.ProcessorConfig, at)
	}
	v.distributed(s, at)
	v.reader(s, at, lang)
	v.batcher(s, at, lang)
	v.writer(s, at, lang)
}

// processorConfig is the configuration of a Map's processor, if it has one.
func processorConfig(s *State) *ProcessorConfig {
	if p := s.Processor(); p != nil {
		return p.ProcessorConfig
	}
	return nil
}

func (v *validator) processorConfig(c *ProcessorConfig, at string) {
	if c == nil {
		return
	}
	at += "/ItemProcessor/ProcessorConfig"
	v.oneOf(c.Mode, c.Pos, at+"/Mode", "INLINE", "DISTRIBUTED")
	v.oneOf(c.ExecutionType, c.Pos, at+"/ExecutionType", "STANDARD", "EXPRESS")
	if c.Mode == "DISTRIBUTED" && c.ExecutionType == "" {
		v.error(c.Pos, at+"/ExecutionType", `use "STANDARD" or "EXPRESS"`, "a distributed Map needs an ExecutionType")
	}
	if c.Mode != "DISTRIBUTED" && c.ExecutionType != "" && !HasPlaceholder(c.Mode) {
		v.warn(c.Pos, at+"/ExecutionType", "remove it, or set Mode to DISTRIBUTED", "only a distributed Map has an ExecutionType")
	}
}

func (v *validator) oneOf(text string, pos Position, at string, known ...string) {
	if text == "" || HasPlaceholder(text) || slices.Contains(known, text) {
		return
	}
	v.error(pos, at, "use one of "+strings.Join(known, ", "), "there is no %q", text)
}

// distributed warns of fields without effect in an inline Map.
func (v *validator) distributed(s *State, at string) {
	if n := utf8.RuneCountInString(s.Label); n > MaxLabel {
		v.error(s.Pos, at+"/Label", "shorten it", "the label has %d characters; the limit is %d", n, MaxLabel)
	}
	if i := strings.IndexAny(s.Label, " \t\n?*<>{}[]:;,\\|^~$#%&`\""); i >= 0 && !HasPlaceholder(s.Label) {
		v.error(s.Pos, at+"/Label", "use letters, digits, - and _", "the label %q holds the character %q", s.Label, s.Label[i])
	}
	if s.Distributed() || s.Processor() == nil {
		return
	}
	if c := s.Processor().ProcessorConfig; c != nil && HasPlaceholder(c.Mode) {
		return
	}
	for _, field := range []struct {
		name  string
		given bool
	}{
		{"ItemReader", s.ItemReader != nil}, {"ItemBatcher", s.ItemBatcher != nil}, {"ResultWriter", s.ResultWriter != nil}, {"Label", s.Label != ""},
		{"ToleratedFailureCount", s.ToleratedFailureCount.IsSet() || s.ToleratedFailureCountPath.IsSet()},
		{"ToleratedFailurePercentage", s.ToleratedFailurePercentage.IsSet() || s.ToleratedFailurePercentagePath.IsSet()},
	} {
		if field.given {
			v.warn(s.Pos, Pointer(at, field.name), "set ProcessorConfig.Mode to DISTRIBUTED", "%s is for distributed Maps, and this one is inline", field.name)
		}
	}
}

func (v *validator) reader(s *State, at string, lang QueryLanguage) {
	r := s.ItemReader
	if r == nil {
		return
	}
	at += "/ItemReader"
	v.sourceOf(r.Resource, r.Parameters, r.Arguments, r.Pos, at, lang, "getObject", "listObjectsV2")
	c := r.ReaderConfig
	if c == nil {
		return
	}
	at += "/ReaderConfig"
	v.oneOfField(c.InputType, c.Pos, at, "/InputType", lang, "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")
	v.oneOfField(c.Transformation, c.Pos, at, "/Transformation", lang, "NONE", "LOAD_AND_FLATTEN")
	v.oneOfField(c.ManifestType, c.Pos, at, "/ManifestType", lang, "ATHENA_DATA", "S3_INVENTORY")
	v.oneOfField(c.CSVDelimiter, c.Pos, at, "/CSVDelimiter", lang, "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")
	v.oneOfField(c.CSVHeaderLocation, c.Pos, at, "/CSVHeaderLocation", lang, "FIRST_ROW", "GIVEN")
	if mode, _ := c.Transformation.Text(); mode == "LOAD_AND_FLATTEN" && strings.HasSuffix(r.Resource, ":getObject") {
		v.warn(c.Pos, at+"/Transformation", "read with arn:aws:states:::s3:listObjectsV2, or remove it", "LOAD_AND_FLATTEN loads the objects of a listing, and the reader gets one object")
	}
	if kind, _ := c.ManifestType.Text(); kind == "S3_INVENTORY" && c.InputType.IsSet() {
		v.warn(c.Pos, at+"/InputType", "remove it", "Step Functions takes no InputType with the ManifestType S3_INVENTORY")
	}
	if kind, _ := c.InputType.Text(); kind == "CSV" && !c.CSVHeaderLocation.IsSet() {
		v.warn(c.Pos, at+"/CSVHeaderLocation", `use "FIRST_ROW" or "GIVEN"`, "a CSV reader needs to know where the column names are")
	}
	if where, _ := c.CSVHeaderLocation.Text(); where == "FIRST_ROW" && c.CSVHeaders.IsSet() {
		v.warn(c.Pos, at+"/CSVHeaders", "remove them, or set CSVHeaderLocation to GIVEN", "the column names are taken from the first row")
	} else if where == "GIVEN" && !c.CSVHeaders.IsSet() {
		v.error(c.Pos, at+"/CSVHeaders", "list the column names", "the column names are to be given, and are not")
	}
	v.eitherPart(c.Pos, at, "MaxItems", c.MaxItems, "MaxItemsPath", c.MaxItemsPath)
	v.number(c.MaxItems, c.Pos, at, "/MaxItems", lang, 0, MaxItems, true)
	v.pathField(c.MaxItemsPath, c.Pos, at, "/MaxItemsPath")
	v.onlyJSONPath(c.MaxItemsPath, c.Pos, at, "MaxItemsPath", lang)
}

func (v *validator) batcher(s *State, at string, lang QueryLanguage) {
	b := s.ItemBatcher
	if b == nil {
		return
	}
	at += "/ItemBatcher"
	v.eitherPart(b.Pos, at, "MaxItemsPerBatch", b.MaxItemsPerBatch, "MaxItemsPerBatchPath", b.MaxItemsPerBatchPath)
	v.eitherPart(b.Pos, at, "MaxInputBytesPerBatch", b.MaxInputBytesPerBatch, "MaxInputBytesPerBatchPath", b.MaxInputBytesPerBatchPath)
	v.number(b.MaxItemsPerBatch, b.Pos, at, "/MaxItemsPerBatch", lang, 1, MaxSeconds, true)
	v.number(b.MaxInputBytesPerBatch, b.Pos, at, "/MaxInputBytesPerBatch", lang, 1, MaxPayload, true)
	v.pathField(b.MaxItemsPerBatchPath, b.Pos, at, "/MaxItemsPerBatchPath")
	v.pathField(b.MaxInputBytesPerBatchPath, b.Pos, at, "/MaxInputBytesPerBatchPath")
	v.onlyJSONPath(b.MaxItemsPerBatchPath, b.Pos, at, "MaxItemsPerBatchPath", lang)
	v.onlyJSONPath(b.MaxInputBytesPerBatchPath, b.Pos, at, "MaxInputBytesPerBatchPath", lang)
	v.template(b.BatchInput, b.Pos, at, "/BatchInput", lang)
	if !b.MaxItemsPerBatch.IsSet() && !b.MaxItemsPerBatchPath.IsSet() && !b.MaxInputBytesPerBatch.IsSet() && !b.MaxInputBytesPerBatchPath.IsSet() {
		v.error(b.Pos, at, "give it MaxItemsPerBatch or MaxInputBytesPerBatch", "the batcher does not say how large a batch is")
	}
}

func (v *validator) writer(s *State, at string, lang QueryLanguage) {
	w := s.ResultWriter
	if w == nil {
		return
	}
	at += "/ResultWriter"
	if w.Resource != "" || w.WriterConfig == nil {
		v.sourceOf(w.Resource, w.Parameters, w.Arguments, w.Pos, at, lang, "putObject")
	}
	if c := w.WriterConfig; c != nil {
		v.oneOfField(c.OutputType, c.Pos, at, "/WriterConfig/OutputType", lang, "JSON", "JSONL")
		v.oneOfField(c.Transformation, c.Pos, at, "/WriterConfig/Transformation", lang, "NONE", "COMPACT", "FLATTEN")
	}
}

// sourceOf checks the resource and arguments of a reader or writer, which has
// the given actions of S3.
func (v *validator) sourceOf(resource string, parameters, arguments Field, pos Position, at string, lang QueryLanguage, actions ...string) {
	fix := "use arn:aws:states:::s3:" + strings.Join(actions, " or s3:")
	switch _, action, ok := strings.Cut(resource, ":states:::s3:"); {
	case resource == "":
		v.error(pos, at+"/Resource", fix, "the Resource is missing")
	case HasPlaceholder(resource):
	case !ok:
		v.error(pos, at+"/Resource", fix, "%q is not the resource of a reader or writer", resource)
	case !slices.Contains(actions, action):
		v.error(pos, at+"/Resource", fix, "%s is not possible here", action)
	}
	v.template(parameters, pos, at, "/Parameters", lang)
	v.template(arguments, pos, at, "/Arguments", lang)
	v.onlyJSONPath(parameters, pos, at, "Parameters", lang)
	if arguments.IsSet() && lang != JSONata {
		v.error(pos, at+"/Arguments", "use Parameters, or change the state's QueryLanguage", "Arguments is a field of JSONata, and the state is in JSONPath")
	}
}

func (v *validator) onlyJSONPath(f Field, pos Position, at, name string, lang QueryLanguage) {
	if f.IsSet() && lang == JSONata {
		v.error(pos, Pointer(at, name), "use "+cmp.Or(replacements[name], strings.TrimSuffix(name, "Path"))+", or change the state's QueryLanguage", "%s is a field of JSONPath, and the state is in JSONata", name)
	}
}

func (v *validator) eitherPart(pos Position, at, first string, a Field, second string, b Field) {
	if a.IsSet() && b.IsSet() {
		v.error(pos, Pointer(at, second), "remove one of them", "there is both %s and %s", first, second)
	}
}

func (v *validator) oneOfField(f Field, pos Position, at, name string, lang QueryLanguage, known ...string) {
	text, ok := f.Text()
	if !ok {
		return
	}
	at += name
	if _, dynamic := Expression(text); dynamic && lang == JSONata {
		v.template(f, pos, at, "", lang)
		return
	}
	v.oneOf(text, pos, at, known...)
}
