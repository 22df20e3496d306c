package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Coverage gathers which states, catchers, retriers and choice rules the tests of
// a machine have used, so that an untested catcher is seen:
//
//	var coverage sim.Coverage
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		if missing := coverage.Missing(); len(missing) > 0 && code == 0 {
//			fmt.Println("untested:", strings.Join(missing, ", "))
//			code = 1
//		}
//		os.Exit(code)
//	}
//
// Any number of goroutines may use one Coverage, for any number of machines.
type Coverage struct {
	mu   sync.Mutex
	hits map[string]int // by the place in the definition; 0: not yet
}

// trace is told what an execution uses: a state, or its n-th catcher, retrier or
// rule.
type trace func(s *state, part string, n int)

func place(s *state, part string, n int) string {
	if part == "" {
		return s.location
	}
	if n < 0 {
		return s.location + "/" + part
	}
	return fmt.Sprintf("%s/%s/%d", s.location, part, n)
}

// tracer registers the machine's parts and returns what counts their use.
func (c *Coverage) tracer(m *Machine) trace {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hits == nil {
		c.hits = map[string]int{}
	}
	for _, s := range m.states {
		c.hits[place(s, "", 0)] += 0
		for i := range s.catches {
			c.hits[place(s, "Catch", i)] += 0
		}
		for i := range s.retries {
			c.hits[place(s, "Retry", i)] += 0
		}
		for i := range s.rules {
			c.hits[place(s, "Choices", i)] += 0
		}
		if s.fallback != nil {
			c.hits[place(s, "Default", -1)] += 0
		}
	}
	return func(s *state, part string, n int) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.hits[place(s, part, n)]++
	}
}

// Missing lists the places that no test has reached, in order.
func (c *Coverage) Missing() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var missing []string
	for _, at := range slices.Sorted(maps.Keys(c.hits)) {
		if c.hits[at] == 0 {
			missing = append(missing, at)
		}
	}
	return missing
}

// Share is how much of everything was reached, 0 to 1.
func (c *Coverage) Share() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.hits) == 0 {
		return 0
	}
	reached := 0
	for _, n := range c.hits {
		if n > 0 {
			reached++
		}
	}
	return float64(reached) / float64(len(c.hits))
}

// String lists every place with how often it was used.
func (c *Coverage) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	for _, at := range slices.Sorted(maps.Keys(c.hits)) {
		fmt.Fprintf(&b, "%6d  %s\n", c.hits[at], at)
	}
	return b.String()
}
