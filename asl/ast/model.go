package ast

// QueryLanguage is the language of a state's expressions.
type QueryLanguage string

// The two query languages of the States Language. The empty string in a state
// means the machine's, in a machine JSONPath.
const (
	JSONPath QueryLanguage = "JSONPath"
	JSONata  QueryLanguage = "JSONata"
)

// StateType is the Type field of a state.
type StateType string

// The eight types of states.
const (
	TypeTask     StateType = "Task"
	TypePass     StateType = "Pass"
	TypeChoice   StateType = "Choice"
	TypeWait     StateType = "Wait"
	TypeSucceed  StateType = "Succeed"
	TypeFail     StateType = "Fail"
	TypeParallel StateType = "Parallel"
	TypeMap      StateType = "Map"
)

// Definition is a state machine, or a part of one that is shaped alike: a
// branch of a Parallel state, the processor of a Map state.
type Definition struct {
	Comment       string
	QueryLanguage QueryLanguage // the default of the states; "" is JSONPath, or what encloses
	Version       string        // "1.0"; top level only
	StartAt       string
	// TimeoutSeconds is the longest time an execution may take, 1 to 99,999,999
	// seconds; top level only.
	TimeoutSeconds  Field
	ProcessorConfig *ProcessorConfig // processors of Map states only
	States          []*State         // in definition order
	source
	text *text // what it was read from; nil when it was built
}

// State is one state of any type. Which fields a type has is in fieldTable;
// Validate reports those that it has not.
type State struct {
	Name          string // the key in States; at most 80 characters
	Type          StateType
	Comment       string
	QueryLanguage QueryLanguage // "" is the machine's

	// JSONPath data flow. InputPath, ResultPath and OutputPath are null or a path.
	InputPath      Field
	Parameters     Field
	ResultSelector Field
	ResultPath     Field
	OutputPath     Field

	// JSONata data flow.
	Arguments Field // Task, Parallel
	Output    Field

	Assign Field // variables, in both languages; an object

	// Task.
	Resource             string
	Credentials          Field
	TimeoutSeconds       Field
	TimeoutSecondsPath   Field
	HeartbeatSeconds     Field
	HeartbeatSecondsPath Field

	// Pass.
	Result Field

	// Wait: exactly one of the four (JSONPath) or two (JSONata).
	Seconds       Field
	SecondsPath   Field
	Timestamp     Field
	TimestampPath Field

	// Fail.
	Error     Field
	ErrorPath Field
	Cause     Field
	CausePath Field

	// Choice.
	Choices []*Rule
	Default string

	// Parallel.
	Branches []*Definition

	// Map.
	ItemsPath                      Field
	Items                          Field // JSONata
	ItemReader                     *ItemReader
	ItemSelector                   Field
	ItemBatcher                    *ItemBatcher
	MaxConcurrency                 Field
	MaxConcurrencyPath             Field
	ToleratedFailurePercentage     Field
	ToleratedFailurePercentagePath Field
	ToleratedFailureCount          Field
	ToleratedFailureCountPath      Field
	Label                          string
	ItemProcessor                  *Definition
	Iterator                       *Definition // the former name of ItemProcessor
	ResultWriter                   *ResultWriter

	Retry []*Retrier
	Catch []*Catcher

	Next string
	End  bool

	source
	Touches []string // ARNs that narrow the grants
	Grants  []Grant  // beside those that Resource and its arguments call for
}

// Rule is a choice rule: one entry of Choices, or an operand of And, Or, Not.
type Rule struct {
	Comment string

	// JSONPath: either one of And, Or, Not, or Variable with an Operator and its
	// Operand.
	And      []*Rule
	Or       []*Rule
	Not      *Rule
	Variable string
	Operator Operator
	Operand  any // a path (string) for the Path operators

	// JSONata: a boolean or an expression that gives one.
	Condition Field

	Assign Field
	Output Field // JSONata
	Next   string
	source
}

// Retrier says when and how often a failed state is tried again.
type Retrier struct {
	Comment     string
	ErrorEquals []string
	// IntervalSeconds before the first retry; 1 to 99,999,999, by default 1.
	IntervalSeconds Field
	MaxAttempts     Field // 0 (never retry) to 99,999,999, by default 3
	BackoffRate     Field // at least 1.0, by default 2.0
	// MaxDelaySeconds bounds the growing interval: 1 to 31,622,400 and greater
	// than IntervalSeconds.
	MaxDelaySeconds Field
	JitterStrategy  string // "FULL" or "NONE" (default)
	source
}

// Catcher says where to go when a state failed.
type Catcher struct {
	Comment     string
	ErrorEquals []string
	ResultPath  Field // JSONPath; default "$"
	Assign      Field
	Output      Field // JSONata
	Next        string
	source
}

// ProcessorConfig tells how the processor of a Map state is run.
type ProcessorConfig struct {
	Mode          string // "INLINE" (default) or "DISTRIBUTED"
	ExecutionType string // distributed: "STANDARD" or "EXPRESS"
	source
}

// ItemReader reads the items of a distributed Map from S3.
type ItemReader struct {
	Resource     string
	Parameters   Field
	Arguments    Field // JSONata
	ReaderConfig *ReaderConfig
	source
}

// ReaderConfig describes the data set of an ItemReader.
type ReaderConfig struct {
	InputType         Field // "CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"
	Transformation    Field // "NONE" or "LOAD_AND_FLATTEN"
	ManifestType      Field // "ATHENA_DATA" or "S3_INVENTORY"
	CSVDelimiter      Field // "COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"
	CSVHeaderLocation Field // "FIRST_ROW" or "GIVEN"
	CSVHeaders        Field // texts, with "GIVEN"
	ItemsPointer      Field // JSON pointer to the array in a JSON file
	MaxItems          Field // at most 100,000,000
	MaxItemsPath      Field
	source
}

// ItemBatcher groups the items of a distributed Map.
type ItemBatcher struct {
	BatchInput                Field
	MaxItemsPerBatch          Field
	MaxItemsPerBatchPath      Field
	MaxInputBytesPerBatch     Field // at most 262,144
	MaxInputBytesPerBatchPath Field
	source
}

// ResultWriter writes the results of a distributed Map to S3.
type ResultWriter struct {
	Resource     string
	Parameters   Field
	Arguments    Field // JSONata
	WriterConfig *WriterConfig
	source
}

// WriterConfig formats what a ResultWriter writes.
type WriterConfig struct {
	Transformation Field // "NONE", "COMPACT", "FLATTEN"
	OutputType     Field // "JSON", "JSONL"
	source
}

// source remembers where a part came from. explicit is a bit set of the
// members that stood in the JSON with their zero value ("Comment": ""), so that
// printing gives them back.
type source struct {
	Pos      Position
	explicit uint64
	open     *openFields // nil for none; a pointer, so that parts can be compared
	template *intrinsics // nil for none
}

// Language is the query language that holds in the state when enclosing is the
// machine's.
func (s *State) Language(enclosing QueryLanguage) QueryLanguage {
	if s.QueryLanguage != "" {
		return s.QueryLanguage
	}
	if enclosing == "" {
		return JSONPath
	}
	return enclosing
}

// Language is the default query language of the definition's states when
// enclosing is that of the definition around it ("" at the top).
func (d *Definition) Language(enclosing QueryLanguage) QueryLanguage {
	if d.QueryLanguage != "" {
		return d.QueryLanguage
	}
	if enclosing == "" {
		return JSONPath
	}
	return enclosing
}

// State is the state of that name in this definition (not in those nested in
// its states), or nil.
func (d *Definition) State(name string) *State {
	for _, s := range d.States {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// Processor is the definition that a Map state runs for each item, whichever of
// ItemProcessor and Iterator holds it; nil when neither.
func (s *State) Processor() *Definition {
	if s.ItemProcessor != nil {
		return s.ItemProcessor
	}
	return s.Iterator
}

// Distributed tells whether a Map state runs each item as an execution of its
// own.
func (s *State) Distributed() bool {
	p := s.Processor()
	return p != nil && p.ProcessorConfig != nil && p.ProcessorConfig.Mode == "DISTRIBUTED"
}
