package rules

// Truth is the answer to a question about values that may not be known yet. The order matters: of several answers that
// must all be yes, the least holds.
type Truth int8

// The three answers.
const (
	No Truth = iota
	CannotTell
	Yes
)

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}

// test is a question about one known value.
type test func(Value) Truth

// known makes a test of a question about a value that is known as a whole.
func known(holds func(Value) bool) test {
	return func(v Value) Truth {
		if v.Partly() {
			return CannotTell
		}
		return truth(holds(v))
	}
}

func is(want bool) test { return known(func(v Value) bool { return v.Is(want) }) }

func isText(wanted ...string) test {
	return known(func(v Value) bool {
		for _, w := range wanted {
			if v.Text() == w {
				return true
			}
		}
		return false
	})
}

func isNotText(refused ...string) test {
	inner := isText(refused...)
	return func(v Value) Truth { return Yes - inner(v) }
}

func atLeast(n float64) test {
	return known(func(v Value) bool { got, ok := v.Number(); return ok && got >= n })
}

func between(low, high float64) test {
	return known(func(v Value) bool { got, ok := v.Number(); return ok && got >= low && got <= high })
}

// isSet holds for any value but an empty text or list. An unknown value may turn out to be nothing.
func isSet(v Value) Truth {
	switch {
	case v.unknown:
		return CannotTell
	case v.inner.IsString():
		return truth(v.Text() != "")
	case v.inner.IsArray():
		return truth(v.inner.AsArray().Len() > 0)
	}
	return truth(v.Known())
}
