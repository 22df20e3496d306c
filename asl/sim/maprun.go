package sim

import "time"

// A MapRun is what can be told and changed of a distributed Map while and after it runs.
type MapRun struct{ run *mapRun }

// MapRunCounts are numbers of child executions, or of items, of a map run.
type MapRunCounts struct {
	Total, Pending, Running, Succeeded, Failed, TimedOut, Aborted int
	// ResultsWritten is how many of them a ResultWriter has written.
	ResultsWritten int
}

// MapRunLimits are what bounds a map run.
type MapRunLimits struct {
	MaxConcurrency      int     // 0: as many as Step Functions runs at a time
	ToleratedCount      int     // of items that fail; -1: not given
	ToleratedPercentage float64 // -1: not given
}

// ARN names the map run.
func (m *MapRun) ARN() string { return m.run.arn() }

// Execution is the one that the distributed Map is part of.
func (m *MapRun) Execution() *Execution { return m.run.thread.exec }

// Status is Running, Succeeded, Failed or Aborted.
func (m *MapRun) Status() Status { return m.run.status }

// StartTime is when it began.
func (m *MapRun) StartTime() time.Time {
	return m.Execution().clock.start.Add(time.Duration(m.run.opened))
}

// StopTime is when it ended; the zero time while it runs.
func (m *MapRun) StopTime() time.Time {
	if m.run.status == Running {
		return time.Time{}
	}
	return m.Execution().clock.start.Add(time.Duration(m.run.ended))
}

// Executions counts the child executions.
func (m *MapRun) Executions() MapRunCounts { return m.run.count(func(int) int { return 1 }) }

// Items counts the items, of which a batch has several.
func (m *MapRun) Items() MapRunCounts { return m.run.count(m.run.itemsOf) }

// ItemsOf is the number of items that one of its child executions has.
func (m *MapRun) ItemsOf(child *Execution) int { return m.run.itemsOf(int(child.index)) }

// Limits are those that hold now.
func (m *MapRun) Limits() MapRunLimits {
	l := MapRunLimits{m.run.limit, m.run.tolerated.count, m.run.tolerated.percentage}
	if m.run.unlimited {
		l.MaxConcurrency = 0
	}
	return l
}

// Limit changes what bounds a map run that has not ended: more child executions may start at once, and those that run are left. What
// is tolerated is asked at the next failure.
func (m *MapRun) Limit(l MapRunLimits) {
	r := m.run
	r.setLimit(l.MaxConcurrency)
	r.tolerated = tolerance{l.ToleratedCount, l.ToleratedPercentage}
	if r.status == Running && !r.closed {
		r.fill()
	}
}

// Run is the map run that a child execution belongs to; nil for others.
func (x *Execution) Run() *MapRun {
	if x.parent == nil {
		return nil
	}
	return &MapRun{x.parent}
}

// setLimit sets how many child executions run at a time; 0 is as many as Step Functions allows.
func (r *mapRun) setLimit(n int) {
	if r.limit, r.unlimited = n, n == 0; r.unlimited {
		r.limit = distributedConcurrency
	}
}

// fill starts child executions up to the limit.
func (r *mapRun) fill() {
	for r.next < len(r.inputs) && len(r.running) < r.limit && !r.closed {
		r.launch()
	}
}

// finish notes the end of the run.
func (r *mapRun) finish(status Status) {
	if r.status == Running {
		r.status, r.ended = status, r.thread.exec.clock.now
	}
}

// itemsOf is the number of items that a child execution has.
func (r *mapRun) itemsOf(child int) int {
	if r.sizes == nil {
		return 1
	}
	return r.sizes[child]
}

// count adds up child executions, each with a weight.
func (r *mapRun) count(weight func(child int) int) MapRunCounts {
	var c MapRunCounts
	for i := range r.inputs {
		n := weight(i)
		c.Total += n
		switch {
		case i >= r.next:
			c.Pending += n
		case i < len(r.ends) && r.ends[i] != "":
			switch r.ends[i] {
			case Succeeded:
				c.Succeeded += n
			case TimedOut:
				c.TimedOut += n
			case Aborted:
				c.Aborted += n
			default:
				c.Failed += n
			}
			if r.spec.writer != nil && r.status == Succeeded {
				c.ResultsWritten += n
			}
		default:
			c.Running += n
		}
	}
	return c
}
