package asl

import (
	"airline/asl/ast"
	"airline/asl/states"
)

// MapState runs a part of the machine for each item of a list; not yet wired.
// Its result is the list of the items' outputs.
type MapState struct {
	c       core
	process Wired
	config  *ast.ProcessorConfig
}

// Map makes an inline Map state: the items are in the data, at most 40 are
// processed at the same time, and their events count as the machine's. items is
// a reference in JSONPath (a list or an expression in JSONata); nil takes the
// state's input for the list.
func Map(name string, items Operand, process Wired) MapState {
	m := MapState{c: newCore(name, ast.TypeMap), process: process}
	return m.items(items)
}

// DistributedSpec holds the fields of a distributed Map.
type DistributedSpec struct {
	// Items are in the data, or Reader reads them from S3; not both.
	Items      Operand
	ItemReader *ItemReader
	// Express runs the items as express executions (at most five minutes each);
	// by default they are standard ones.
	Express bool
	// Batch groups items; the processor's input is then {"Items": [...]}.
	ItemBatcher *ItemBatcher
	// Writer writes the results to S3 instead of handing them on.
	ResultWriter *ResultWriter
	// Tolerated failures; by default none.
	ToleratedFailurePercentage Value[float64] // 0 to 100
	ToleratedFailureCount      Value[int]
	Label                      string // in the child executions' ARNs; at most 40 characters
}

// ItemSource is where a distributed Map reads its items: package s3 makes them.
type ItemReader struct {
	Resource   string // "arn:aws:states:::s3:getObject" or "...:s3:listObjectsV2"
	Parameters any
	InputType  string // "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"
	// CSV: the columns' names, or none when the first row holds them.
	CSVHeaders   []string
	CSVDelimiter string // "COMMA" (default), "PIPE", "SEMICOLON", "SPACE", "TAB"
	ItemsPointer string // JSON: pointer to the list in the file
	// Transformation is "NONE" (default), or "LOAD_AND_FLATTEN": the items are
	// those in the listed objects, not the objects.
	Transformation string
	// ManifestType is "ATHENA_DATA" or "S3_INVENTORY" when the object is a manifest.
	ManifestType string
	MaxItems     Value[int] // at most 100,000,000
}

// Batch groups the items of a distributed Map.
type ItemBatcher struct {
	MaxItemsPerBatch      Value[int]
	MaxInputBytesPerBatch Value[int] // at most 262,144
	BatchInput            any        // a document that each batch gets as "BatchInput"
}

// ResultSink is where a distributed Map writes its results.
type ResultWriter struct {
	Resource       string // "arn:aws:states:::s3:putObject"
	Parameters     any    // {"Bucket", "Prefix"}
	OutputType     string // "JSON" or "JSONL"
	Transformation string // "NONE", "COMPACT" or "FLATTEN"
}

// DistributedMap makes a Map state that runs each item, or batch, as an
// execution of its own, up to 10,000 at the same time.
func DistributedMap(name string, spec DistributedSpec, process Wired) MapState {
	m := MapState{c: newCore(name, ast.TypeMap), process: process}
	m.config = &ast.ProcessorConfig{Mode: "DISTRIBUTED", ExecutionType: "STANDARD"}
	if spec.Express {
		m.config.ExecutionType = "EXPRESS"
	}
	m.c.state.Label = spec.Label
	m = m.items(spec.Items)
	m.c = m.c.with(func(r renderer, s *ast.State) {
		if spec.ItemReader != nil {
			s.ItemReader = spec.ItemReader.reader(r.at("/ItemReader", placeInput))
		}
		if spec.ItemBatcher != nil {
			s.ItemBatcher = spec.ItemBatcher.batcher(r.at("/ItemBatcher", placeInput))
		}
		if spec.ResultWriter != nil {
			s.ResultWriter = spec.ResultWriter.writer(r.at("/ResultWriter", placeInput))
		}
		if spec.ToleratedFailurePercentage != nil {
			r.at("/ToleratedFailurePercentage", placeInput).field(spec.ToleratedFailurePercentage, &s.ToleratedFailurePercentage, &s.ToleratedFailurePercentagePath)
		}
		if spec.ToleratedFailureCount != nil {
			r.at("/ToleratedFailureCount", placeInput).field(spec.ToleratedFailureCount, &s.ToleratedFailureCount, &s.ToleratedFailureCountPath)
		}
	})
	return m
}

func (m MapState) items(items Operand) MapState {
	if items != nil {
		m.c = m.c.with(func(r renderer, s *ast.State) {
			r = r.at("/Items", placeInput)
			r.field(items, &s.Items, &s.ItemsPath)
		})
	}
	return m
}

func (i *ItemReader) reader(r renderer) *ast.ItemReader {
	reader := &ast.ItemReader{Resource: i.Resource}
	text, _ := r.value(i.Parameters)
	if r.lang == ast.JSONata {
		reader.Arguments = ast.NewField(text)
	} else {
		reader.Parameters = ast.NewField(text)
	}
	c := &ast.ReaderConfig{}
	optional(&c.InputType, i.InputType)
	optional(&c.Transformation, i.Transformation)
	optional(&c.ManifestType, i.ManifestType)
	optional(&c.CSVDelimiter, i.CSVDelimiter)
	optional(&c.ItemsPointer, i.ItemsPointer)
	if i.InputType == "CSV" {
		c.CSVHeaderLocation = ast.NewField("FIRST_ROW")
		if i.CSVHeaders != nil {
			c.CSVHeaderLocation = ast.NewField("GIVEN")
			c.CSVHeaders = ast.NewField(r.template(i.CSVHeaders))
		}
	}
	if i.MaxItems != nil {
		r.field(i.MaxItems, &c.MaxItems, &c.MaxItemsPath)
	}
	if *c != (ast.ReaderConfig{}) {
		reader.ReaderConfig = c
	}
	return reader
}

func (b *ItemBatcher) batcher(r renderer) *ast.ItemBatcher {
	batcher := &ast.ItemBatcher{}
	if b.MaxItemsPerBatch != nil {
		r.field(b.MaxItemsPerBatch, &batcher.MaxItemsPerBatch, &batcher.MaxItemsPerBatchPath)
	}
	if b.MaxInputBytesPerBatch != nil {
		r.field(b.MaxInputBytesPerBatch, &batcher.MaxInputBytesPerBatch, &batcher.MaxInputBytesPerBatchPath)
	}
	if b.BatchInput != nil {
		text, _ := r.value(b.BatchInput)
		batcher.BatchInput = ast.NewField(text)
	}
	return batcher
}

func (w *ResultWriter) writer(r renderer) *ast.ResultWriter {
	writer := &ast.ResultWriter{Resource: w.Resource}
	if w.Parameters != nil {
		text, _ := r.value(w.Parameters)
		if r.lang == ast.JSONata {
			writer.Arguments = ast.NewField(text)
		} else {
			writer.Parameters = ast.NewField(text)
		}
	}
	if w.OutputType != "" || w.Transformation != "" {
		writer.WriterConfig = &ast.WriterConfig{}
		optional(&writer.WriterConfig.OutputType, w.OutputType)
		optional(&writer.WriterConfig.Transformation, w.Transformation)
	}
	return writer
}

func optional(f *ast.Field, text string) {
	if text != "" {
		*f = ast.NewField(text)
	}
}

// Comment is for the readers of the definition.
func (m MapState) Comment(text string) MapState {
	m.c.state.Comment = text
	return m
}

// ItemSelector is the processor's input: a document made of the state's input
// and Context.Map.Item. By default the item.
func (m MapState) ItemSelector(document any) MapState {
	m.c = m.c.with(func(r renderer, s *ast.State) {
		s.ItemSelector = ast.NewField(r.at("/ItemSelector", placeInput).template(document))
	})
	return m
}

// MaxConcurrency bounds the items in process at the same time; 0 is no bound
// but the service's.
func (m MapState) MaxConcurrency(n Value[int]) MapState {
	m.c = m.c.with(func(r renderer, s *ast.State) {
		r.at("/MaxConcurrency", placeInput).field(n, &s.MaxConcurrency, &s.MaxConcurrencyPath)
	})
	return m
}

// InputPath takes a part of the input.
func (m MapState) InputPath(path Reference) MapState {
	m.c = m.c.inputPath(path)
	return m
}

// ResultSelector replaces the result by a document made of it.
func (m MapState) ResultSelector(document any) MapState {
	m.c = m.c.resultSelector(document)
	return m
}

// ResultPath puts the result into the input.
func (m MapState) ResultPath(path Reference) MapState {
	m.c = m.c.resultPath(path)
	return m
}

// KeepInput hands the input on and drops the result.
func (m MapState) KeepInput() MapState {
	m.c.state.ResultPath = ast.NewField(nil)
	return m
}

// OutputPath hands only a part on.
func (m MapState) OutputPath(path Reference) MapState {
	m.c = m.c.outputPath(path)
	return m
}

// Assign sets variables; $ is the list of results.
func (m MapState) Assign(list ...Assignment) MapState {
	m.c = m.c.assigning(list...)
	return m
}

// Retry processes all items again after one of the errors.
func (m MapState) Retry(b Retrier, errors ...string) MapState {
	m.c = m.c.retrying(b, errors)
	return m
}

// RetryAll processes all items again after any error.
func (m MapState) RetryAll(b Retrier) MapState {
	m.c = m.c.retrying(b, []string{states.ALL})
	return m
}

// Catch leads to the target when an item failed with the error.
func (m MapState) Catch(err string, to CatchTarget) MapState {
	m.c = m.c.catching(to, err)
	return m
}

// CatchAll leads to the target when an item failed with any other error.
func (m MapState) CatchAll(to CatchTarget) Guarded {
	return Guarded{m.c.catching(to, states.ALL), m.finish}
}

// JSONata turns the state to JSONata; its processor keeps its languages.
func (m MapState) JSONata() JSONataMap { m.c = m.c.jsonata(); return JSONataMap{m} }

// Then leads on to the target.
func (m MapState) Then(to Target) Wired { return m.wire(to) }

// End ends the machine, or the branch, after the state.
func (m MapState) End() Wired { return m.wire(nil) }

func (m MapState) wire(to Target) Wired        { w := m.c.wire(to); m.finish(w.n); return w }
func (m MapState) finish(n *node)              { n.process, n.config = m.process, m.config }
func (m MapState) guarded(to CatchTarget) Step { return Guarded{m.c.guarded(to), m.finish} }

// JSONataMap is a MapState in JSONata.
type JSONataMap struct{ m MapState }

// ItemSelector is the processor's input.
func (j JSONataMap) ItemSelector(document any) JSONataMap {
	j.m = j.m.ItemSelector(document)
	return j
}

// MaxConcurrency bounds the items in process at the same time.
func (j JSONataMap) MaxConcurrency(n Value[int]) JSONataMap {
	j.m = j.m.MaxConcurrency(n)
	return j
}

// Output is what the state hands on.
func (j JSONataMap) Output(document any) JSONataMap {
	j.m.c = j.m.c.output(document)
	return j
}

// Assign sets variables; see Let.
func (j JSONataMap) Assign(list ...Assignment) JSONataMap {
	j.m.c = j.m.c.assigning(list...)
	return j
}

// Retry processes all items again after one of the errors.
func (j JSONataMap) Retry(b Retrier, errors ...string) JSONataMap {
	j.m = j.m.Retry(b, errors...)
	return j
}

// Catch leads to the target when an item failed with the error.
func (j JSONataMap) Catch(err string, to CatchTarget) JSONataMap {
	j.m = j.m.Catch(err, to)
	return j
}

// CatchAll leads to the target when an item failed with any other error.
func (j JSONataMap) CatchAll(to CatchTarget) Guarded { return j.m.CatchAll(to) }

// Then leads on to the target.
func (j JSONataMap) Then(to Target) Wired { return j.m.wire(to) }

// End ends the machine, or the branch, after the state.
func (j JSONataMap) End() Wired { return j.m.wire(nil) }

func (j JSONataMap) wire(to Target) Wired        { return j.m.wire(to) }
func (j JSONataMap) guarded(to CatchTarget) Step { return j.m.guarded(to) }

// Inline writes the mode of an inline Map out, which is the default.
func (m MapState) Inline() MapState {
	m.config = &ast.ProcessorConfig{Mode: "INLINE"}
	return m
}
