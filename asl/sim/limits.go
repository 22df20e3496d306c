package sim

import (
	"encoding/json"
	"time"

	"airline/asl/jsonvalue"
)

// before reports whether the execution behaves as AWS did before the moment.
func (x *Execution) before(moment time.Time) bool {
	return !x.options.AsOf.IsZero() && x.options.AsOf.Before(moment)
}

// The days from which recordings show a changed behaviour.
var (
	// The context object has Execution.RedriveCount.
	redriveCounted = time.Date(2023, 11, 15, 0, 0, 0, 0, time.UTC)
	// MapStateExited of a distributed Map follows MapRunStarted, not MapRunSucceeded.
	exitedFollowsRunStarted = time.Date(2024, 9, 15, 0, 0, 0, 0, time.UTC)
	// EvaluationFailed follows the Entered event, not the one before it.
	evaluationFollowsEntered = time.Date(2024, 12, 1, 0, 0, 0, 0, time.UTC)
	// The context object has Map.Item.Source: it came with the reading of whole
	// prefixes ("Processing Amazon S3 objects at scale with AWS Step Functions
	// Distributed Map S3 prefix", AWS Compute Blog).
	itemsSourced = time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
	// An object of a JSON file is a data set: an error in recordings of 2024.
	objectsMapped = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	// ExecutionTimedOut says States.Timeout and follows no event: seen on AWS in
	// August 2026, without details before.
	expiryDetailed = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// grown reports whether output may be larger than input was: anything but the
// same object or array.
func (x *Execution) grown(input, output any) bool {
	switch o := output.(type) {
	case *jsonvalue.Object:
		i, ok := input.(*jsonvalue.Object)
		return !ok || i != o
	case []any:
		i, ok := input.([]any)
		return !ok || len(i) != len(o) || len(o) > 0 && &i[0] != &o[0]
	case string:
		return true
	}
	return false
}

// tooLarge reports whether a value's JSON text is over the payload limit. Most
// values are seen to be small without a look into their texts; and the count of
// a huge value stops at the limit.
func (x *Execution) tooLarge(value any) bool {
	limit := x.options.PayloadLimit
	return limit > 0 && size(value, limit, 0, roughSize) > limit && size(value, limit, 0, textSize) > limit
}

// size counts the bytes of a value's JSON text, roughly beyond limit. text
// counts those of a string.
func size(value any, limit, n int, text func(string) int) int {
	switch v := value.(type) {
	case nil:
		return n + 4
	case bool:
		return n + 5
	case string:
		return n + text(v)
	case float64:
		if v >= 0 && v < 10 && v == float64(int(v)) {
			return n + 1
		}
		var space [32]byte
		return n + len(jsonvalue.AppendFloat(space[:0], v))
	case json.Number:
		return n + len(v)
	case []any:
		n += 2
		for _, item := range v {
			if n = size(item, limit, n+1, text); n > limit+1 {
				return n
			}
		}
		n -= min(len(v), 1)
	case *jsonvalue.Object:
		n += 2
		for i := range v.Len() {
			key, member := v.At(i)
			if n = size(member, limit, n+text(key)+2, text); n > limit+1 {
				return n
			}
		}
		n -= min(v.Len(), 1)
	}
	return n
}

// A volume adds up results that will be one value, to stop keeping them once it
// is certain that they are over the payload limit.
type volume int

// full adds a result of the execution and reports whether the limit is passed.
func (v *volume) full(x *Execution, result any) bool {
	limit := x.options.PayloadLimit
	if limit <= 0 || int(*v) > limit {
		return limit > 0
	}
	*v += volume(size(result, limit, 1, leastSize))
	return int(*v) > limit+1
}

// leastSize is at most textSize, and found without looking at the text.
func leastSize(s string) int { return len(s) + 2 }

// roughSize is at least textSize, and found without looking at the text.
func roughSize(s string) int { return 6*len(s) + 2 }

// textSize is the length of a string as a JSON literal.
func textSize(s string) int {
	n := len(s) + 2
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f':
			n++
		case c < 0x20:
			n += 5
		}
	}
	return n
}
