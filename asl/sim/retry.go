package sim

import (
	"fmt"
	"math"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonpath"
)

// A retrier says when, how often and how soon a failed state is tried again.
type retrier struct {
	errors   []string
	interval float64 // seconds
	attempts int
	rate     float64
	longest  float64 // seconds; 0: no limit
	jitter   bool
}

// A catcher says where a failed state leads.
type catcher struct {
	errors     []string
	next       *state
	resultPath *jsonpath.Path
	discard    bool
	assign     *template
	output     *template
}

func (c *compiler) retry(s *state, d *ast.State) {
	for i, r := range d.Retry {
		at := fmt.Sprintf("%s/Retry/%d", s.location, i)
		compiled := &retrier{errors: r.ErrorEquals, interval: 1, attempts: 3, rate: 2, jitter: r.JitterStrategy == "FULL"}
		number := func(f ast.Field, name string, low float64, set func(float64)) {
			if !f.IsSet() {
				return
			}
			n, ok := f.Number()
			if !ok || n < low {
				c.fail(at+"/"+name, "expected a number of at least %v", low)
				return
			}
			set(n)
		}
		number(r.IntervalSeconds, "IntervalSeconds", 0, func(n float64) { compiled.interval = n })
		number(r.MaxAttempts, "MaxAttempts", 0, func(n float64) { compiled.attempts = int(min(n, math.MaxInt32)) })
		number(r.BackoffRate, "BackoffRate", 1, func(n float64) { compiled.rate = n })
		number(r.MaxDelaySeconds, "MaxDelaySeconds", 0, func(n float64) { compiled.longest = n })
		s.retries = append(s.retries, compiled)
	}
}

func (c *compiler) catch(s *state, d *ast.State, find find) {
	for i, k := range d.Catch {
		at := fmt.Sprintf("%s/Catch/%d", s.location, i)
		field := fmt.Sprintf("Catch[%d]/", i)
		compiled := &catcher{errors: k.ErrorEquals, next: find(k.Next, at+"/Next")}
		if !s.jsonata {
			compiled.resultPath, compiled.discard = c.resultPath(k.ResultPath, at+"/ResultPath")
		}
		if k.Assign.IsSet() {
			compiled.assign = c.part(k.Assign.Value(), s.jsonata, at+"/Assign", field+"Assign")
		}
		if k.Output.IsSet() && s.jsonata {
			compiled.output = c.part(k.Output.Value(), true, at+"/Output", field+"Output")
		}
		s.catches = append(s.catches, compiled)
	}
}

// delay is how long to wait before retry number n, counted from 0. FULL jitter
// draws uniformly from nothing to that.
func (r *retrier) delay(n int, x *Execution) time.Duration {
	seconds := r.interval * math.Pow(r.rate, float64(n))
	if r.longest > 0 {
		seconds = min(seconds, r.longest)
	}
	if r.jitter {
		seconds *= x.random().Float64()
	}
	return time.Duration(min(seconds, math.MaxInt32) * float64(time.Second))
}

// handle decides what a fault of the current state leads to: another attempt, a
// catcher's state (not blocked: go on there), or the end of the thread.
func (th *thread) handle(f *fault) (blocked bool) {
	th.result, th.hasResult = nil, false
	if f.evaluation {
		th.recordEvaluation(f)
	}
	if !f.terminal {
		if t := th.testing(); t != nil {
			if t.retry(th, f) {
				return true
			}
		} else if th.retry(f) {
			return true
		}
		th.recordForkFailed()
		for i, k := range th.state.catches {
			if !f.matches(k.errors) {
				continue
			}
			th.trace("Catch", i)
			if t := th.testing(); t != nil {
				t.caught(i, f)
			}
			bad := th.caught(k, f)
			if bad == nil {
				return false
			}
			if f = bad; f.evaluation {
				th.recordEvaluation(f)
			}
			break
		}
	}
	th.fail(f)
	return true
}

// trace tells a Coverage that a part of the current state is used.
func (th *thread) trace(part string, n int) {
	if trace := th.exec.options.trace; trace != nil {
		trace(th.state, part, n)
	}
}

func (th *thread) retry(f *fault) bool {
	for i, r := range th.state.retries {
		if !f.matches(r.errors) {
			continue
		}
		v := th.rare()
		if v.retried == nil {
			v.retried = make([]int, len(th.state.retries))
		}
		if v.retried[i] >= r.attempts {
			return false
		}
		delay := r.delay(v.retried[i], th.exec)
		v.retried[i]++
		v.retryCount++
		th.exec.transitions++
		th.trace("Retry", i)
		th.sleep(delay, wakeAttempt)
		return true
	}
	return false
}

// caught leaves the state through a catcher.
func (th *thread) caught(k *catcher, f *fault) *fault {
	th.rare().failure = f
	defer func() {
		if th.visit != nil {
			th.visit.failure = nil
		}
	}()
	errorOutput := any(f.output())
	var output any = errorOutput
	var bad *fault
	if th.state.jsonata {
		if k.output != nil {
			if output, bad = k.output.eval(th, nil); bad != nil {
				return bad
			}
		}
	} else if k.discard {
		output = th.input
	} else if k.resultPath != nil {
		var err error
		if output, err = k.resultPath.Set(th.input, errorOutput); err != nil {
			return th.resultPathFault(k.resultPath, th.input)
		}
	}
	if bad = th.assign(k.assign, errorOutput); bad != nil {
		return bad
	}
	return th.exit(output, k.next)
}
