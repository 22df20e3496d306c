package sim

import (
	"encoding/json"
	"time"
	"unicode/utf8"

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

// tooLarge reports whether a value's JSON text is over the payload limit. It
// stops counting there, so that a huge value costs no more than the limit.
func (x *Execution) tooLarge(value any) bool {
	return x.options.PayloadLimit > 0 && size(value, x.options.PayloadLimit, 0) > x.options.PayloadLimit
}

// size counts the bytes of a value's JSON text, roughly beyond limit.
func size(value any, limit, n int) int {
	switch v := value.(type) {
	case nil:
		return n + 4
	case bool:
		return n + 5
	case string:
		return n + textSize(v)
	case float64:
		if v >= 0 && v < 10 {
			return n + 1
		}
		var space [32]byte
		return n + len(jsonvalue.AppendFloat(space[:0], v))
	case json.Number:
		return n + len(v)
	case []any:
		n += 2
		for i, item := range v {
			if i > 0 {
				n++
			}
			if n = size(item, limit, n); n > limit {
				return n
			}
		}
	case *jsonvalue.Object:
		n += 2
		for i := range v.Len() {
			key, member := v.At(i)
			n += textSize(key) + 1
			if i > 0 {
				n++
			}
			if n = size(member, limit, n); n > limit {
				return n
			}
		}
	}
	return n
}

func textSize(s string) int {
	n := len(s) + 2
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t':
			n++
		case c < 0x20:
			n += 5
		case c >= utf8.RuneSelf:
		}
	}
	return n
}
