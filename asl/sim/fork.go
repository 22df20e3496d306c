package sim

// A fork is the branches of a Parallel state or the iterations of an inline Map
// that a thread waits for.
type fork struct {
	parent  *thread
	program *program // of a Map's iterations
	source  *items   // of a Map
	length  int
	next    int // the next iteration to start
	running int
	started int   // the event that the branches follow
	latest  int   // the event that the end of all follows
	results []any // nil once they are over the payload limit
	volume  volume
	live    *thread // list of those that run
	idle    *thread // a thread that can be used again
	run     *mapRun // of a distributed Map
}

// startParallel starts all branches.
func (th *thread) startParallel() (blocked bool, f *fault) {
	s, x := th.state, th.exec
	input, f := s.input.choose(th, th.input)
	if f != nil {
		return false, f
	}
	if s.parameters != nil {
		if input, f = s.parameters.eval(th, input); f != nil {
			return false, f
		}
		if x.tooLarge(input) {
			return false, inputLimitFault(s.name, "input")
		}
		if s.jsonata {
			th.inspect("afterArguments", input)
		} else {
			th.inspect("afterParameters", input)
		}
	}
	if f, answered := th.mocked(); answered {
		return false, f
	}
	th.prev = x.record(ParallelStateStarted, th.prev, s, nil, nil)
	k := &fork{parent: th, length: len(s.branches), running: len(s.branches), started: th.prev,
		results: make([]any, len(s.branches))}
	th.fork = k
	for i, branch := range s.branches {
		child := k.thread(i, branch, th.prev)
		child.input = input
		x.wake(child, wakeEnter)
	}
	return true, nil
}

// thread makes a thread of the fork, or takes one that has ended.
func (k *fork) thread(index int, p *program, prev int) *thread {
	child := k.idle
	if child == nil {
		child = &thread{}
	}
	k.idle = nil
	*child = thread{exec: k.parent.exec, state: p.start, owner: k, index: index, prev: prev, scope: k.parent.scope}
	if child.nextLive = k.live; k.live != nil {
		k.live.prevLive = child
	}
	k.live = child
	return child
}

func (k *fork) unlink(child *thread) {
	if child.prevLive != nil {
		child.prevLive.nextLive = child.nextLive
	} else {
		k.live = child.nextLive
	}
	if child.nextLive != nil {
		child.nextLive.prevLive = child.prevLive
	}
	child.prevLive, child.nextLive = nil, nil
}

// childDone takes the output of a branch or iteration.
func (k *fork) childDone(child *thread) {
	th := k.parent
	if k.volume.full(th.exec, child.input) {
		k.results = nil
	} else {
		k.results[child.index] = child.input
	}
	k.unlink(child)
	k.running--
	k.latest = child.prev
	if k.source != nil {
		k.latest = th.exec.record(MapIterationSucceeded, child.prev, th.state, nil, iteration(child.index))
		prev := child.prev
		k.idle = child
		if k.next < k.length {
			k.launch(prev)
			return
		}
	}
	if k.running == 0 {
		th.exec.wake(th, wakeFork)
	}
}

// childFailed ends the fork because of a fault that the child has not caught.
func (k *fork) childFailed(child *thread, f *fault) {
	th, cause := k.parent, child.prev
	switch {
	case k.source != nil:
		th.exec.record(MapIterationFailed, cause, th.state, nil, iteration(child.index))
	case child.state != nil && child.state.kind == kindTask:
		// A branch has no event of its own for failing: its task is aborted.
		th.exec.record(TaskStateAborted, cause, child.state, nil, nil)
	}
	k.unlink(child)
	k.abort(cause, false)
	th.prev = cause
	th.fault = f
	th.exec.wake(th, wakeFork)
}

// abort stops all threads of the fork, the oldest first.
func (k *fork) abort(cause int, quiet bool) {
	if k.run != nil {
		k.run.abort()
		k.run.finish(Aborted)
		if !quiet {
			k.parent.exec.record(MapRunAborted, cause, k.parent.state, nil, nil)
		}
	}
	last := k.live
	for last != nil && last.nextLive != nil {
		last = last.nextLive
	}
	for child := last; child != nil; child = child.prevLive {
		child.abort(cause, quiet)
		child.state = nil
		if k.source != nil && !quiet {
			k.parent.exec.record(MapIterationAborted, cause, k.parent.state, nil, iteration(child.index))
		}
	}
	k.live = nil
}

// endFork goes on with the state after its branches or iterations have ended.
func (th *thread) endFork() (blocked bool, f *fault) {
	k, s, x := th.fork, th.state, th.exec
	if f := th.fault; f != nil {
		th.fault, th.fork = nil, nil
		return false, f
	}
	if k.run != nil {
		return false, k.run.close(th)
	}
	kind := ParallelStateSucceeded
	if s.kind == kindMap {
		kind = MapStateSucceeded
	}
	th.prev = k.latest
	x.record(kind, th.prev, s, nil, nil)
	if k.results == nil || x.tooLarge(k.results) {
		return false, dataLimitFault(s.name)
	}
	return false, th.complete(k.results)
}

// launch starts the next iteration of a Map, after the event prev.
func (k *fork) launch(prev int) {
	th, i := k.parent, k.next
	k.next++
	k.running++
	child := k.thread(i, k.program, prev)
	child.prev = th.exec.record(MapIterationStarted, prev, th.state, nil, iteration(i))
	input, f := th.selectItem(k.source.at(i))
	if f != nil {
		if child.state = nil; f.evaluation {
			child.prev = th.exec.record(EvaluationFailed, child.prev, th.state, f, nil)
			f.evaluation = false
		}
		child.fail(f)
		return
	}
	child.input = input
	th.exec.wake(child, wakeEnter)
}
