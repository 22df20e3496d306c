package sim

import (
	"fmt"
	"slices"
	"time"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// mapSpec is the compiled form of a Map state.
type mapSpec struct {
	program     *program
	itemsPath   *selector // of the effective input
	items       *template // JSONata's Items
	selector    *template // ItemSelector, or Parameters of old
	concurrency *amount
	count       *amount // ToleratedFailureCount
	percentage  *amount
	label       string
	reader      *reader
	batcher     *batcher
	writer      *writer
}

// inlineConcurrency is how many iterations of an inline Map AWS runs at a time
// when MaxConcurrency does not say; distributedConcurrency is the same for child
// executions.
const (
	inlineConcurrency      = 40
	distributedConcurrency = ast.MaxConcurrency
)

func (c *compiler) mapState(s *state, d *ast.State, language ast.QueryLanguage) {
	m := &mapSpec{label: d.Label}
	s.fork = m
	processor := d.Processor()
	if processor == nil {
		c.fail(s.location, "a Map state needs an ItemProcessor")
		return
	}
	part := "/ItemProcessor"
	if d.ItemProcessor == nil {
		part = "/Iterator"
	}
	m.program = c.program(processor, s.location+part, language, true)
	if s.jsonata {
		if d.Items.IsSet() {
			m.items = c.template(d.Items.Value(), true, s.location, "Items")
		}
	} else {
		m.itemsPath = c.selector(d.ItemsPath, s.location+"/ItemsPath")
	}
	switch {
	case d.ItemSelector.IsSet():
		m.selector = c.template(d.ItemSelector.Value(), s.jsonata, s.location, "ItemSelector")
	case s.parameters != nil && !s.jsonata:
		m.selector = s.parameters
	}
	s.parameters = nil
	m.concurrency = c.amount(s, "MaxConcurrency", d.MaxConcurrency, d.MaxConcurrencyPath)
	m.count = c.amount(s, "ToleratedFailureCount", d.ToleratedFailureCount, d.ToleratedFailureCountPath)
	m.percentage = c.amount(s, "ToleratedFailurePercentage", d.ToleratedFailurePercentage, d.ToleratedFailurePercentagePath)
	if d.ItemReader != nil {
		m.reader = c.reader(s, d.ItemReader)
	}
	if d.ItemBatcher != nil {
		m.batcher = c.batcher(s, d.ItemBatcher)
	}
	if d.ResultWriter != nil {
		m.writer = c.writer(s, d.ResultWriter)
	}
}

// items is what a Map works through: an array, or the members of an object.
type items struct {
	list   []any
	object *jsonvalue.Object
	files  []itemFile // where they come from; none: the state's data
}

// itemFile is a source of items, and the number of the first one after them.
type itemFile struct {
	uri string
	end int
}

// from says where all the items come from.
func (i *items) from(uri string) *items {
	if i != nil {
		i.files = []itemFile{{uri, len(i.list)}}
	}
	return i
}

// add puts more items, of one source, at the end.
func (i *items) add(more *items) {
	i.list = append(i.list, more.list...)
	for _, f := range more.files {
		i.files = append(i.files, itemFile{f.uri, len(i.list)})
	}
}

// stateData is the source of items that no file held.
const stateData = "STATE_DATA"

func (i *items) source(n int) string {
	at, _ := slices.BinarySearchFunc(i.files, n+1, func(f itemFile, end int) int { return f.end - end })
	if at == len(i.files) {
		return stateData
	}
	return i.files[at].uri
}

// all is the array or the object itself.
func (i *items) all() any {
	if i.object != nil {
		return i.object
	}
	return i.list
}

func (i *items) len() int {
	if i.object != nil {
		return i.object.Len()
	}
	return len(i.list)
}

func (i *items) at(n int) mapItem {
	if i.object != nil {
		key, value := i.object.At(n)
		return mapItem{index: n, value: value, key: key, keyed: true, source: stateData}
	}
	return mapItem{index: n, value: i.list[n], source: i.source(n)}
}

// objectItems is from when a Map state takes the members of an object as items.
var objectItems = time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)

// collect evaluates what a Map state without a reader works through.
func (m *mapSpec) collect(th *thread, input any) (*items, *fault) {
	value, f := input, (*fault)(nil)
	if m.items != nil {
		if value, f = m.items.eval(th, nil); f != nil {
			return nil, f
		}
	} else if value, f = m.itemsPath.choose(th, input); f != nil {
		return nil, f
	}
	if list, ok := value.([]any); ok {
		return &items{list: list}, nil
	}
	if object, ok := value.(*jsonvalue.Object); ok && !th.exec.before(objectItems) {
		return &items{object: object}, nil
	}
	switch {
	case m.items != nil:
		return nil, th.typeFault(m.items, "array", value)
	case th.state.jsonata:
		return nil, th.evaluationFault("Map state input must be an array but was: "+jsonvalue.String(value), "")
	}
	path := "$"
	if m.itemsPath != nil {
		path = m.itemsPath.path.String()
	}
	return nil, th.runtimeFault(fmt.Sprintf("Reference path \"%s\" must point to array.", path))
}

// startMap starts the iterations of a Map state, or its map run.
func (th *thread) startMap() (blocked bool, f *fault) {
	s, x := th.state, th.exec
	m := s.fork
	input, f := th.takeInput()
	if f != nil {
		return false, f
	}
	th.effective = input
	limit, f := m.maxConcurrency(th, input)
	if f != nil {
		return false, f
	}
	source := &items{}
	if m.reader == nil {
		if source, f = m.collect(th, input); f != nil {
			return false, f
		}
		th.inspectPath("afterItemsPath", source.all())
	}
	th.prev = x.record(MapStateStarted, th.prev, s, jsonvalue.Box(float64(source.len())), nil)
	tolerated, f := m.tolerance(th, input)
	if f != nil {
		return false, f
	}
	if f, answered := th.mockedMap(source, limit, tolerated); answered {
		return false, f
	}
	k := &fork{parent: th, program: m.program, source: source, length: source.len(), started: th.prev, latest: th.prev}
	th.fork = k
	if m.program.distributed {
		return th.startMapRun(limit, tolerated)
	}
	if limit == 0 {
		limit = inlineConcurrency
	}
	k.results = make([]any, k.length)
	if k.length == 0 {
		return th.endFork()
	}
	for k.next < min(limit, k.length) && th.fault == nil && x.status == Running {
		k.launch(k.started)
	}
	return true, nil
}

// selectItem makes the input of an iteration.
func (th *thread) selectItem(item mapItem) (any, *fault) {
	m := th.state.fork
	if m.selector == nil {
		if item.keyed {
			pair := jsonvalue.NewObject(2)
			pair.Set("Key", item.key)
			pair.Set("Value", item.value)
			return pair, nil
		}
		return item.value, nil
	}
	v := th.rare()
	v.selecting, v.selects = item, true
	input, f := m.selector.eval(th, th.effective)
	v.selecting, v.selects = mapItem{}, false
	if f == nil && th.exec.tooLarge(input) {
		f = inputLimitFault(th.state.name, "ItemSelector")
	}
	return input, f
}

func (m *mapSpec) maxConcurrency(th *thread, input any) (int, *fault) {
	if m.concurrency == nil {
		return 0, nil
	}
	n, f := m.concurrency.whole(th, input, -1<<31, 0)
	if f == nil && n < 0 {
		return 0, th.amountFault(m.concurrency, fmt.Sprintf("Expected non-negative integer for MaxConcurrency, got '%d' instead.", n))
	}
	return n, f
}

// tolerance is how many items of a distributed Map may fail.
type tolerance struct {
	count      int     // -1: not given
	percentage float64 // -1: not given
}

func (t tolerance) exceeded(failed, total int) bool {
	if failed == 0 {
		return false
	}
	overCount := t.count >= 0 && failed > t.count
	overShare := t.percentage >= 0 && total > 0 && float64(failed)*100 > t.percentage*float64(total)
	if t.count < 0 && t.percentage < 0 {
		return true
	}
	return overCount || overShare
}

func (m *mapSpec) tolerance(th *thread, input any) (tolerance, *fault) {
	t := tolerance{-1, -1}
	if m.count != nil {
		n, f := m.count.whole(th, input, -1<<31, 0)
		if f != nil {
			return t, f
		}
		if n < 0 {
			return t, th.amountFault(m.count, "ToleratedFailureCount cannot be negative.")
		}
		t.count = n
	}
	if m.percentage == nil {
		return t, nil
	}
	value, f, missing := m.percentage.raw(th, input)
	if f != nil {
		return t, f
	}
	if missing != nil {
		return t, th.runtimeFault(missing.Error())
	}
	n, ok := jsonvalue.Float(value)
	if !ok && m.percentage.path != nil {
		n, ok = parseNumber(value)
	}
	if !ok {
		if m.percentage.expr != nil {
			return t, th.typeFault(m.percentage.expr, "number", value)
		}
		return t, th.runtimeFault(fmt.Sprintf("The %s field refers to value \"%s\" which is not a valid float: %s",
			m.percentage.field, plainText(value), m.percentage.path))
	}
	if n < 0 || n > 100 {
		return t, th.amountFault(m.percentage, "ToleratedFailurePercentage must be between 0 and 100.")
	}
	t.percentage = n
	return t, nil
}
