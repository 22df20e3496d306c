package door

import (
	"strings"
	"time"
)

// Fault is one line of a scenario's table of things that go wrong. Empty patterns match everything;
// in a pattern, * stands for any characters, slashes and colons included.
type Fault struct {
	Service   string // "glue"
	Action    string // "StartJobRun"
	Principal string // pattern over the caller's ARN
	Resource  string // pattern over the ARNs of the request

	Skip  int     // let that many matching calls pass first
	Times int     // then affect that many; 0 means all
	Rate  float64 // of the affected ones, the share that fails; 0 means all

	Delay      time.Duration // added latency
	Err        error         // what the caller gets; nil for a mere delay
	AnswerLost bool          // the call takes effect, and the caller gets Err all the same

	seen int
}

// Inject adds faults to the scenario. The first that matches a call and is due wins.
func (d *Door) Inject(faults ...Fault) {
	for _, f := range faults {
		d.faults = append(d.faults, &f)
	}
}

func (d *Door) fault(p Principal, service, action string, needs []Request) *Fault {
	for _, f := range d.faults {
		if !f.matches(p, service, action, needs) {
			continue
		}
		f.seen++
		if f.seen <= f.Skip || f.Times > 0 && f.seen > f.Skip+f.Times {
			continue
		}
		if f.Rate > 0 && d.random.Float64() >= f.Rate {
			continue
		}
		return f
	}
	return nil
}

func (f *Fault) matches(p Principal, service, action string, needs []Request) bool {
	if !glob(f.Service, service) || !glob(f.Action, action) || !glob(f.Principal, p.String()) {
		return false
	}
	if f.Resource == "" {
		return true
	}
	for _, n := range needs {
		if glob(f.Resource, n.Resource) {
			return true
		}
	}
	return false
}

func glob(pattern, s string) bool {
	if pattern == "" {
		return true
	}
	first, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	if !strings.HasPrefix(s, first) {
		return false
	}
	s = s[len(first):]
	for {
		var part string
		part, rest, star = strings.Cut(rest, "*")
		if !star {
			return strings.HasSuffix(s, part)
		}
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
}
