package sim

import (
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// A mapRun is a distributed Map under way: each item, or batch of items, is an
// execution of its own.
type mapRun struct {
	thread    *thread
	fork      *fork
	spec      *mapSpec
	id, label string
	started   int // MapRunStarted
	inputs    []any
	source    *items // of the inputs; nil when they are batches
	limit     int
	unlimited bool // no limit was given
	tolerated tolerance
	next      int
	running   map[int]*Execution
	children  []*Execution // by index, when a ResultWriter makes the state's output of them
	ends      []Status     // of the child executions by index; "" before
	sizes     []int        // of batches, by index; nil without
	status    Status
	opened    int64
	ended     int64
	results   *spool // of those that have ended, when a ResultWriter writes them to files
	failed    int
	outputs   []any // nil once they are over the payload limit
	volume    volume
	fault     *fault
	closed    bool
	options   Options // of the child executions
}

// startMapRun reads the items and starts the first child executions.
func (th *thread) startMapRun(limit int, tolerated tolerance) (blocked bool, f *fault) {
	s, x, k := th.state, th.exec, th.fork
	r := &mapRun{thread: th, fork: k, spec: s.fork, id: x.id(), label: s.fork.label, tolerated: tolerated,
		running: map[int]*Execution{}, status: Running, opened: x.clock.now}
	if r.label == "" {
		r.label = x.id()
	}
	r.setLimit(limit)
	k.run = r
	var source *readerSource
	if r.spec.reader != nil {
		if source, f = r.spec.reader.prepare(th, th.effective); f != nil {
			return false, f
		}
	}
	r.started = x.record(MapRunStarted, th.prev, s, r.arn(), nil)
	th.prev = r.started
	if x.options.OnMapRun != nil {
		x.options.OnMapRun(&MapRun{r})
	}
	if source != nil {
		if k.source, r.fault = source.read(th); r.fault != nil {
			return th.endFork()
		}
	}
	if r.fault = r.collect(k.source); r.fault != nil {
		return th.endFork()
	}
	r.ends = make([]Status, len(r.inputs))
	if w := r.spec.writer; w != nil && w.parameters == nil {
		r.children = make([]*Execution, len(r.inputs))
	} else if w != nil {
		r.results = newSpool(len(r.inputs))
	}
	if r.results == nil {
		r.outputs = make([]any, len(r.inputs))
	}
	if len(r.inputs) == 0 {
		return th.endFork()
	}
	r.inherit()
	r.fill()
	return true, nil
}

// inherit makes the options of the child executions from those of the parent.
func (r *mapRun) inherit() {
	parent := r.thread.exec
	r.options = *parent.options
	r.options.Name, r.options.ExecutionARN, r.options.OnDone, r.options.OnEvent = "", "", nil, nil
	r.options.History = parent.options.History && parent.options.OnChild != nil
	r.options.StateMachineARN = parent.StateMachineARN() + "/" + r.label
	r.options.Rand = parent.random()
}

// arn is the ARN of the map run: arn:...:mapRun:MACHINE/LABEL:ID.
func (r *mapRun) arn() string {
	return strings.Replace(r.thread.exec.StateMachineARN(), ":stateMachine:", ":mapRun:", 1) + "/" + r.label + ":" + r.id
}

// collect applies ItemSelector and ItemBatcher to the items.
func (r *mapRun) collect(source *items) *fault {
	th := r.thread
	n := source.len()
	selected := make([]any, n)
	r.source = source
	for i := range n {
		var f *fault
		if selected[i], f = th.selectItem(source.at(i)); f != nil {
			return f
		}
	}
	r.inputs = selected
	if r.spec.batcher != nil {
		r.source = nil
		var f *fault
		r.inputs, f = r.spec.batcher.batches(th, selected)
		for _, batch := range r.inputs {
			items, _ := batch.(*jsonvalue.Object).Get("Items")
			r.sizes = append(r.sizes, len(items.([]any)))
		}
		return f
	}
	return nil
}

// launch starts the next child execution.
func (r *mapRun) launch() {
	parent, i := r.thread.exec, r.next
	r.next++
	child := &Execution{machine: parent.machine, program: r.fork.program, options: &r.options, clock: parent.clock,
		input: r.inputs[i], parent: r, index: int32(i)}
	r.running[i] = child
	child.prepare()
	if r.options.OnChild != nil {
		r.options.OnChild(child)
	}
	parent.clock.begin(child)
}

// childEnded takes the result of a child execution.
func (r *mapRun) childEnded(child *Execution) {
	if r.closed {
		return
	}
	i := int(child.index)
	delete(r.running, i)
	r.ends[i] = child.status
	if r.children != nil {
		r.children[i] = child
	}
	if r.results != nil {
		r.results.add(i, r.spec.writer.entry(child), child.status != Succeeded)
	}
	if child.status == Succeeded {
		if r.results != nil {
			r.inputs[i] = nil // it is written
		} else if r.children == nil && r.volume.full(r.thread.exec, child.output) {
			r.outputs = nil
		} else {
			r.outputs[i] = child.output
		}
	} else if r.failed++; r.tolerated.exceeded(r.failed, len(r.inputs)) {
		r.fault = thresholdFault()
		r.abort()
		r.thread.exec.wake(r.thread, wakeFork)
		return
	}
	if r.fill(); len(r.running) == 0 {
		r.thread.exec.wake(r.thread, wakeFork)
	}
}

func thresholdFault() *fault {
	return &fault{name: states.ExceedToleratedFailureThreshold, hasName: true, hasCause: true,
		cause: "The specified tolerated failure threshold was exceeded"}
}

// abort stops the child executions that run.
func (r *mapRun) abort() {
	r.closed = true
	for i := range r.next {
		if child := r.running[i]; child != nil {
			r.ends[i] = Aborted
			child.Stop("", "")
		}
	}
	clear(r.running)
}

// close records the end of the run and leads its results out of the state.
// AWS lets MapStateExited follow MapRunStarted, before late 2024 MapRunSucceeded.
func (r *mapRun) close(th *thread) *fault {
	x, s := th.exec, th.state
	r.closed = true
	if r.results != nil {
		defer r.results.close()
	}
	if r.fault == nil && r.spec.writer != nil {
		var result any
		if result, r.fault = r.spec.writer.write(r); r.fault == nil {
			return r.succeed(result)
		}
	}
	if r.fault != nil {
		r.finish(Failed)
		if !r.fault.terminal {
			th.prev = x.record(MapRunFailed, r.started, s, r.fault, nil)
		}
		th.fork = nil
		return r.fault
	}
	if r.outputs == nil && len(r.inputs) > 0 {
		return r.succeed(tooMuch{})
	}
	results := make([]any, 0, len(r.outputs))
	for i, output := range r.outputs {
		if r.ends[i] == Succeeded {
			results = append(results, output)
		}
	}
	return r.succeed(results)
}

// tooMuch stands for results that have not been kept because they are over the
// payload limit.
type tooMuch struct{}

func (r *mapRun) succeed(result any) *fault {
	r.finish(Succeeded)
	th := r.thread
	x := th.exec
	succeeded := x.record(MapRunSucceeded, r.started, th.state, nil, nil)
	x.record(MapStateSucceeded, succeeded, th.state, nil, nil)
	th.prev = r.started
	if x.before(exitedFollowsRunStarted) {
		th.prev = succeeded
	}
	if _, over := result.(tooMuch); over || x.tooLarge(result) {
		return dataLimitFault(th.state.name)
	}
	return th.complete(result)
}

// batcher groups the items of a distributed Map.
type batcher struct {
	input    *template
	maxItems *amount
	maxBytes *amount
}

func (c *compiler) batcher(s *state, d *ast.ItemBatcher) *batcher {
	b := &batcher{
		maxItems: c.amount(s, "MaxItemsPerBatch", d.MaxItemsPerBatch, d.MaxItemsPerBatchPath),
		maxBytes: c.amount(s, "MaxInputBytesPerBatch", d.MaxInputBytesPerBatch, d.MaxInputBytesPerBatchPath),
	}
	if d.BatchInput.IsSet() {
		b.input = c.template(d.BatchInput.Value(), s.jsonata, s.location+"/ItemBatcher", "BatchInput")
	}
	if b.maxItems == nil && b.maxBytes == nil {
		c.fail(s.location+"/ItemBatcher", "an ItemBatcher needs MaxItemsPerBatch or MaxInputBytesPerBatch")
	}
	return b
}

func (b *batcher) batches(th *thread, selected []any) ([]any, *fault) {
	maxItems, f := b.maxItems.whole(th, th.effective, 1, len(selected)+1)
	if f != nil {
		return nil, f
	}
	maxBytes, f := b.maxBytes.whole(th, th.effective, 1, ast.MaxPayload)
	if f != nil {
		return nil, f
	}
	var common any
	if b.input != nil {
		if common, f = b.input.eval(th, th.effective); f != nil {
			return nil, f
		}
	}
	var batches []any
	group, bytes := []any{}, 0
	flush := func() {
		if len(group) == 0 {
			return
		}
		batch := jsonvalue.NewObject(2)
		if b.input != nil {
			batch.Set("BatchInput", common)
		}
		batch.Set("Items", group)
		batches = append(batches, batch)
		group, bytes = []any{}, 0
	}
	for _, item := range selected {
		n := size(item, ast.MaxPayload, 0, textSize) + 1
		if len(group) >= maxItems || len(group) > 0 && bytes+n > maxBytes {
			flush()
		}
		group = append(group, item)
		bytes += n
	}
	flush()
	return batches, nil
}
