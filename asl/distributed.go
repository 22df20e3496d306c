package asl

import "airline/asl/ast"

// DistributedSpec holds the fields of a distributed Map.
type DistributedSpec struct {
	// Items are in the data, or ItemReader reads them from S3; not both.
	Items      Operand
	ItemReader itemReader // an ItemReader of any type of items
	// Express runs the items as express executions (at most five minutes each);
	// by default they are standard ones.
	Express bool
	// ItemBatcher groups items; the processor's input is then {"Items": [...]}.
	ItemBatcher *ItemBatcher
	// ResultWriter writes the results to S3 instead of handing them on.
	ResultWriter *ResultWriter
	// Tolerated failures; by default none.
	ToleratedFailurePercentage Value[float64] // 0 to 100
	ToleratedFailureCount      Value[int]
	Label                      string // in the child executions' ARNs; at most 40 characters
}

// ItemReader is where a distributed Map reads its items, which are of type Item:
// package s3 makes them.
type ItemReader[Item any] struct {
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

// ItemBatcher groups the items of a distributed Map.
type ItemBatcher struct {
	MaxItemsPerBatch      Value[int]
	MaxInputBytesPerBatch Value[int] // at most 262,144
	BatchInput            any        // a document that each batch gets as "BatchInput"
}

// ResultWriter is where a distributed Map writes its results.
type ResultWriter struct {
	Resource       string // "arn:aws:states:::s3:putObject"
	Parameters     any    // {"Bucket", "Prefix"}
	OutputType     string // "JSON" or "JSONL"
	Transformation string // "NONE", "COMPACT" or "FLATTEN"
}

// DistributedMap makes a Map state that runs each item, or batch, as an
// execution of its own, up to 10,000 at the same time.
func DistributedMap(name string, spec DistributedSpec, process Wired) MapState {
	c := newCore(name, ast.TypeMap)
	c.process = process
	c.config = &ast.ProcessorConfig{Mode: "DISTRIBUTED", ExecutionType: "STANDARD"}
	if spec.Express {
		c.config.ExecutionType = "EXPRESS"
	}
	return mapOf(c.items(spec.Items).with(func(r renderer, s *ast.State) {
		s.Label = spec.Label
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
	}))
}

// Item is the item that is processed, for ItemSelector. Without one, or a batch,
// the processor's first state has the item for its input:
//
//	key := asl.At(func(o *s3.ListedObject) *string { return &o.Key })
func (ItemReader[Item]) Item() Path[Item] { return Path[Item]{Context.Map.Item.Value.r} }

// itemReader is an ItemReader of any type of items.
type itemReader interface {
	reader(renderer) *ast.ItemReader
}

func (i ItemReader[Item]) reader(r renderer) *ast.ItemReader {
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
