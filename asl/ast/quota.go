package ast

// Quotas of Step Functions ("Step Functions service quotas" and the States
// Language's reference, both in the Developer Guide).
const (
	MaxDefinition  = 1_048_576   // characters of a definition
	MaxEvents      = 25_000      // in the history of a standard execution
	MaxItems       = 100_000_000 // that an ItemReader reads
	MaxLabel       = 40          // characters of a distributed Map's label
	MaxName        = 80          // characters of a state's or variable's name
	MaxPayload     = 262_144     // bytes of UTF-8 of a state's input or output
	MaxRetryDelay  = 31_622_400  // seconds, of a retrier's MaxDelaySeconds
	MaxSeconds     = 99_999_999  // of a wait, a timeout, a retry interval
	MaxConcurrency = 10_000      // child executions of a distributed Map at a time
)
