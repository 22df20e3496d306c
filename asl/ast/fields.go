package ast

// A fieldOf describes one field of a part of the language: its name, the JSON
// kinds it takes (for Field members), and where the Go value is. One table per
// part serves reading and printing; the tables' order is the printed order.
type fieldOf[T any] struct {
	name   string
	accept kind
	at     func(*T) any
}

const (
	pathOrNull   = kindString | kindNull
	numberOrText = kindNumber | kindString // text: an expression or ${Placeholder}
	template     = kindAny
)

var definitionFields = []fieldOf[Definition]{
	{"Comment", 0, func(d *Definition) any { return &d.Comment }},
	{"Version", 0, func(d *Definition) any { return &d.Version }},
	{"QueryLanguage", 0, func(d *Definition) any { return (*string)(&d.QueryLanguage) }},
	{"ProcessorConfig", 0, func(d *Definition) any { return &d.ProcessorConfig }},
	{"StartAt", 0, func(d *Definition) any { return &d.StartAt }},
	{"TimeoutSeconds", numberOrText, func(d *Definition) any { return &d.TimeoutSeconds }},
	{"States", 0, func(d *Definition) any { return &d.States }},
}

var stateFields = []fieldOf[State]{
	{"Type", 0, func(s *State) any { return (*string)(&s.Type) }},
	{"Comment", 0, func(s *State) any { return &s.Comment }},
	{"QueryLanguage", 0, func(s *State) any { return (*string)(&s.QueryLanguage) }},
	{"InputPath", pathOrNull, func(s *State) any { return &s.InputPath }},
	{"Resource", 0, func(s *State) any { return &s.Resource }},
	{"Credentials", template, func(s *State) any { return &s.Credentials }},
	{"Parameters", template, func(s *State) any { return &s.Parameters }},
	{"Arguments", template, func(s *State) any { return &s.Arguments }},
	{"Result", template, func(s *State) any { return &s.Result }},
	{"Seconds", numberOrText, func(s *State) any { return &s.Seconds }},
	{"SecondsPath", kindString, func(s *State) any { return &s.SecondsPath }},
	{"Timestamp", kindString, func(s *State) any { return &s.Timestamp }},
	{"TimestampPath", kindString, func(s *State) any { return &s.TimestampPath }},
	{"Error", kindString, func(s *State) any { return &s.Error }},
	{"ErrorPath", kindString, func(s *State) any { return &s.ErrorPath }},
	{"Cause", kindString, func(s *State) any { return &s.Cause }},
	{"CausePath", kindString, func(s *State) any { return &s.CausePath }},
	{"Choices", 0, func(s *State) any { return &s.Choices }},
	{"Default", 0, func(s *State) any { return &s.Default }},
	{"Branches", 0, func(s *State) any { return &s.Branches }},
	{"ItemsPath", pathOrNull, func(s *State) any { return &s.ItemsPath }},
	{"Items", kindArray | kindString | kindObject, func(s *State) any { return &s.Items }},
	{"ItemReader", 0, func(s *State) any { return &s.ItemReader }},
	{"ItemSelector", template, func(s *State) any { return &s.ItemSelector }},
	{"ItemBatcher", 0, func(s *State) any { return &s.ItemBatcher }},
	{"MaxConcurrency", numberOrText, func(s *State) any { return &s.MaxConcurrency }},
	{"MaxConcurrencyPath", kindString, func(s *State) any { return &s.MaxConcurrencyPath }},
	{"ToleratedFailurePercentage", numberOrText, func(s *State) any { return &s.ToleratedFailurePercentage }},
	{"ToleratedFailurePercentagePath", kindString, func(s *State) any { return &s.ToleratedFailurePercentagePath }},
	{"ToleratedFailureCount", numberOrText, func(s *State) any { return &s.ToleratedFailureCount }},
	{"ToleratedFailureCountPath", kindString, func(s *State) any { return &s.ToleratedFailureCountPath }},
	{"Label", 0, func(s *State) any { return &s.Label }},
	{"ItemProcessor", 0, func(s *State) any { return &s.ItemProcessor }},
	{"Iterator", 0, func(s *State) any { return &s.Iterator }},
	{"ResultWriter", 0, func(s *State) any { return &s.ResultWriter }},
	{"TimeoutSeconds", numberOrText, func(s *State) any { return &s.TimeoutSeconds }},
	{"TimeoutSecondsPath", kindString, func(s *State) any { return &s.TimeoutSecondsPath }},
	{"HeartbeatSeconds", numberOrText, func(s *State) any { return &s.HeartbeatSeconds }},
	{"HeartbeatSecondsPath", kindString, func(s *State) any { return &s.HeartbeatSecondsPath }},
	{"ResultSelector", template, func(s *State) any { return &s.ResultSelector }},
	{"ResultPath", pathOrNull, func(s *State) any { return &s.ResultPath }},
	{"Assign", template, func(s *State) any { return &s.Assign }},
	{"Output", template, func(s *State) any { return &s.Output }},
	{"OutputPath", pathOrNull, func(s *State) any { return &s.OutputPath }},
	{"Retry", 0, func(s *State) any { return &s.Retry }},
	{"Catch", 0, func(s *State) any { return &s.Catch }},
	{"Next", 0, func(s *State) any { return &s.Next }},
	{"End", 0, func(s *State) any { return &s.End }},
}

// ruleFields lacks the comparison operators: a rule has one of them, which is
// read into Operator and Operand.
var ruleFields = []fieldOf[Rule]{
	{"Comment", 0, func(r *Rule) any { return &r.Comment }},
	{"And", 0, func(r *Rule) any { return &r.And }},
	{"Or", 0, func(r *Rule) any { return &r.Or }},
	{"Not", 0, func(r *Rule) any { return &r.Not }},
	{"Variable", 0, func(r *Rule) any { return &r.Variable }},
	{"Condition", kindString | kindBool, func(r *Rule) any { return &r.Condition }},
	{"Assign", template, func(r *Rule) any { return &r.Assign }},
	{"Output", template, func(r *Rule) any { return &r.Output }},
	{"Next", 0, func(r *Rule) any { return &r.Next }},
}

var retrierFields = []fieldOf[Retrier]{
	{"Comment", 0, func(r *Retrier) any { return &r.Comment }},
	{"ErrorEquals", 0, func(r *Retrier) any { return &r.ErrorEquals }},
	{"IntervalSeconds", numberOrText, func(r *Retrier) any { return &r.IntervalSeconds }},
	{"MaxAttempts", numberOrText, func(r *Retrier) any { return &r.MaxAttempts }},
	{"BackoffRate", numberOrText, func(r *Retrier) any { return &r.BackoffRate }},
	{"MaxDelaySeconds", numberOrText, func(r *Retrier) any { return &r.MaxDelaySeconds }},
	{"JitterStrategy", 0, func(r *Retrier) any { return &r.JitterStrategy }},
}

var catcherFields = []fieldOf[Catcher]{
	{"Comment", 0, func(c *Catcher) any { return &c.Comment }},
	{"ErrorEquals", 0, func(c *Catcher) any { return &c.ErrorEquals }},
	{"ResultPath", pathOrNull, func(c *Catcher) any { return &c.ResultPath }},
	{"Assign", template, func(c *Catcher) any { return &c.Assign }},
	{"Output", template, func(c *Catcher) any { return &c.Output }},
	{"Next", 0, func(c *Catcher) any { return &c.Next }},
}

var processorConfigFields = []fieldOf[ProcessorConfig]{
	{"Mode", 0, func(p *ProcessorConfig) any { return &p.Mode }},
	{"ExecutionType", 0, func(p *ProcessorConfig) any { return &p.ExecutionType }},
}

var itemReaderFields = []fieldOf[ItemReader]{
	{"Resource", 0, func(r *ItemReader) any { return &r.Resource }},
	{"ReaderConfig", 0, func(r *ItemReader) any { return &r.ReaderConfig }},
	{"Parameters", template, func(r *ItemReader) any { return &r.Parameters }},
	{"Arguments", template, func(r *ItemReader) any { return &r.Arguments }},
}

var readerConfigFields = []fieldOf[ReaderConfig]{
	{"InputType", kindString, func(r *ReaderConfig) any { return &r.InputType }},
	{"Transformation", kindString, func(r *ReaderConfig) any { return &r.Transformation }},
	{"ManifestType", kindString, func(r *ReaderConfig) any { return &r.ManifestType }},
	{"CSVDelimiter", kindString, func(r *ReaderConfig) any { return &r.CSVDelimiter }},
	{"CSVHeaderLocation", kindString, func(r *ReaderConfig) any { return &r.CSVHeaderLocation }},
	{"CSVHeaders", kindArray | kindString, func(r *ReaderConfig) any { return &r.CSVHeaders }},
	{"ItemsPointer", kindString, func(r *ReaderConfig) any { return &r.ItemsPointer }},
	{"MaxItems", numberOrText, func(r *ReaderConfig) any { return &r.MaxItems }},
	{"MaxItemsPath", kindString, func(r *ReaderConfig) any { return &r.MaxItemsPath }},
}

var itemBatcherFields = []fieldOf[ItemBatcher]{
	{"BatchInput", template, func(b *ItemBatcher) any { return &b.BatchInput }},
	{"MaxItemsPerBatch", numberOrText, func(b *ItemBatcher) any { return &b.MaxItemsPerBatch }},
	{"MaxItemsPerBatchPath", kindString, func(b *ItemBatcher) any { return &b.MaxItemsPerBatchPath }},
	{"MaxInputBytesPerBatch", numberOrText, func(b *ItemBatcher) any { return &b.MaxInputBytesPerBatch }},
	{"MaxInputBytesPerBatchPath", kindString, func(b *ItemBatcher) any { return &b.MaxInputBytesPerBatchPath }},
}

var resultWriterFields = []fieldOf[ResultWriter]{
	{"Resource", 0, func(r *ResultWriter) any { return &r.Resource }},
	{"WriterConfig", 0, func(r *ResultWriter) any { return &r.WriterConfig }},
	{"Parameters", template, func(r *ResultWriter) any { return &r.Parameters }},
	{"Arguments", template, func(r *ResultWriter) any { return &r.Arguments }},
}

var writerConfigFields = []fieldOf[WriterConfig]{
	{"Transformation", kindString, func(w *WriterConfig) any { return &w.Transformation }},
	{"OutputType", kindString, func(w *WriterConfig) any { return &w.OutputType }},
}
