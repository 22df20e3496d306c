package sim

import (
	"fmt"
	"math"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// waitSpec is what a Wait state waits for: seconds or a moment.
type waitSpec struct {
	seconds   *amount
	timestamp *template // a literal, a path (in path) or an expression
	path      *amount
}

func (c *compiler) wait(s *state, d *ast.State) {
	w := &waitSpec{seconds: c.amount(s, "Seconds", d.Seconds, d.SecondsPath)}
	s.wait = w
	switch {
	case w.seconds != nil:
	case d.TimestampPath.IsSet() && !s.jsonata:
		w.path = c.amount(s, "Timestamp", ast.Field{}, d.TimestampPath)
	case d.Timestamp.IsSet():
		w.timestamp = c.template(d.Timestamp.Value(), s.jsonata, s.location, "Timestamp")
	default:
		c.fail(s.location, "a Wait state needs Seconds, SecondsPath, Timestamp or TimestampPath")
	}
}

// longest is the longest delay that AWS accepts: 2³¹-1 seconds.
const longest = math.MaxInt32 * time.Second

// delay works out how long to wait from now.
func (w *waitSpec) delay(th *thread, input any) (time.Duration, *fault) {
	if w.seconds != nil {
		return w.seconds.delay(th, input)
	}
	value, name, quoted := any(nil), "Timestamp", ""
	if w.path != nil {
		got, _, missing := w.path.raw(th, input)
		if missing != nil {
			return 0, th.runtimeFault(fmt.Sprintf("The TimestampPath parameter does not reference an input value: %s", w.path.path))
		}
		value, name = got, "TimestampPath"
		quoted = w.path.path.String() + " == "
	} else {
		got, f := w.timestamp.eval(th, input)
		if f != nil {
			return 0, f
		}
		value = got
	}
	moment, ok := timestamp(value)
	if !ok {
		if w.timestamp != nil && w.timestamp.expr != nil { // AWS's words (recorded)
			return 0, th.evaluationFault("The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "+plainText(value), name)
		}
		return 0, th.runtimeFault(fmt.Sprintf("The %s parameter does not reference a valid ISO-8601 extended offset date-time format string: %s%s",
			name, quoted, plainText(value)))
	}
	delay := moment.Sub(th.exec.clock.Now())
	if delay > longest {
		return 0, th.runtimeFault("Wait state delay is too long.")
	}
	return max(0, delay), nil
}

func (a *amount) delay(th *thread, input any) (time.Duration, *fault) {
	value, f, missing := a.raw(th, input)
	if f != nil {
		return 0, f
	}
	if missing != nil {
		return 0, th.runtimeFault(fmt.Sprintf("The SecondsPath parameter does not reference an input value: %s", a.path))
	}
	n, ok := jsonvalue.Float(value)
	if !ok && a.path != nil {
		n, ok = parseNumber(value)
	}
	integer := ok && n == math.Trunc(n)
	if integer && n >= 0 {
		if n > math.MaxInt32 {
			return 0, th.runtimeFault("Wait state delay is too long.")
		}
		return time.Duration(n) * time.Second, nil
	}
	if a.expr != nil {
		if !ok {
			return 0, th.typeFault(a.expr, "number", value)
		}
		return 0, th.evaluationFault(fmt.Sprintf(
			"The JSONata expression '%s' specified for the field 'Seconds' must be a non-negative integer but was: %s",
			a.expr.expr.source, jsonvalue.String(value)), "Seconds")
	}
	if integer {
		return 0, th.runtimeFault(fmt.Sprintf("The SecondsPath parameter references a negative value: %s == %s", a.path, plainText(value)))
	}
	return 0, th.runtimeFault(fmt.Sprintf("The SecondsPath parameter cannot be parsed as a long value: %s == %s", a.path, plainText(value)))
}

// wait runs a Wait state up to its delay.
func (th *thread) startWait() (blocked bool, f *fault) {
	input, f := th.takeInput()
	if f != nil {
		return false, f
	}
	th.effective = input
	delay, f := th.state.wait.delay(th, input)
	if f != nil {
		return false, f
	}
	if delay == 0 {
		return false, th.endWait()
	}
	th.sleep(delay, wakeWait)
	return true, nil
}

func (th *thread) endWait() *fault {
	s := th.state
	if f := th.assign(s.assign, th.effective); f != nil {
		return f
	}
	var output any
	var f *fault
	switch {
	case !s.jsonata:
		output, f = s.outputPath.choose(th, th.effective)
	case s.output != nil:
		output, f = s.output.eval(th, nil)
	default:
		output = th.input
	}
	if f != nil {
		return f
	}
	return th.exit(output, s.next)
}
