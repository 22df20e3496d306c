package jsonata

// sortStep orders the items of a path.
func (r *run) sortStep(s *Sort, items []any, e *env) (out []any, plain any) {
	rows := make([]sortRow, len(items))
	for i, item := range items {
		rows[i] = sortRow{item: item, env: e, value: item}
	}
	rows = r.sortRows(s, rows)
	sorted := make([]any, len(rows))
	for i := range rows {
		sorted[i] = rows[i].value
	}
	out = sorted
	var v any = sorted
	if len(items) <= 1 {
		v = sequenceOf(items...)
	}
	for _, st := range s.Stages {
		if st.Filter != nil {
			v = r.filter(st.Filter, v, e)
			out, _ = itemsOf(v)
		}
	}
	if isSequence(v) {
		return out, nil
	}
	return out, v
}

func (r *run) sortTuples(s *Sort, items []any, from *stream, e *env) *stream {
	out := &stream{}
	if from != nil {
		rows := make([]sortRow, len(from.tuples))
		for i, t := range from.tuples {
			rows[i] = sortRow{item: t.item, env: t.env(e), tuple: t}
		}
		for _, row := range r.sortRows(s, rows) {
			out.tuples = append(out.tuples, row.tuple)
		}
		return out
	}
	sorted, _ := r.sortStep(&Sort{Base: Base{Offset: s.Offset}, Terms: s.Terms}, items, e)
	for i, item := range sorted {
		t := &tuple{item: item}
		if s.Index != "" {
			t.vars = []variable{{s.Index, float64(i)}}
		}
		r.add(out, t)
	}
	return out
}

// sortRow is one item to be ordered, with the values of the terms that have been needed so far.
type sortRow struct {
	item  any
	env   *env
	value any
	tuple *tuple
	first any // value of the first term, which is nearly always needed
	rest  *[]any
}

func (r *run) sortRows(s *Sort, rows []sortRow) []sortRow {
	if len(rows) < 2 {
		return rows
	}
	r.grow(len(rows) * 96)
	for i := range rows {
		rows[i].first = r.eval(s.Terms[0].Expression, rows[i].item, rows[i].env)
		if len(s.Terms) > 1 {
			rows[i].rest = new([]any)
		}
	}
	return mergeSort(rows, func(a, b *sortRow) bool {
		r.spend(1)
		for i, term := range s.Terms {
			x, y := r.term(s, a, i), r.term(s, b, i)
			c := compareTerms(s, x, y)
			if c == 0 {
				continue
			}
			// What is undefined comes last either way.
			if term.Descending && !IsUndefined(x) && !IsUndefined(y) {
				c = -c
			}
			return c > 0
		}
		return false
	})
}

// term returns the value of term i for a row, evaluating it when it is needed for the first time.
func (r *run) term(s *Sort, row *sortRow, i int) any {
	if i == 0 {
		return row.first
	}
	for len(*row.rest) < i {
		*row.rest = append(*row.rest, r.eval(s.Terms[len(*row.rest)+1].Expression, row.item, row.env))
	}
	return (*row.rest)[i-1]
}

func compareTerms(s *Sort, x, y any) int {
	switch {
	case IsUndefined(x) && IsUndefined(y):
		return 0
	case IsUndefined(x):
		return 1
	case IsUndefined(y):
		return -1
	}
	tx, ty := typeOf(x), typeOf(y)
	if tx != typeString && tx != typeNumber {
		panic(&Error{Code: "T2008", Offset: s.Offset, Token: "^", Value: x})
	}
	if ty != typeString && ty != typeNumber {
		panic(&Error{Code: "T2008", Offset: s.Offset, Token: "^", Value: y})
	}
	if tx != ty {
		panic(&Error{Code: "T2007", Offset: s.Offset, Token: "^", Value: x, value2: y})
	}
	if tx == typeString {
		return compareStrings(x.(string), y.(string))
	}
	f, _ := number(x)
	g, _ := number(y)
	switch {
	case f < g:
		return -1
	case f > g:
		return 1
	}
	return 0
}

// mergeSort orders list stably; after(a, b) says that a belongs after b. The order of the comparisons is part of
// what a program can see when after is a function of the expression.
func mergeSort[T any](list []T, after func(a, b *T) bool) []T {
	out := make([]T, len(list))
	copy(out, list)
	scratch := make([]T, len(list))
	mergeSortInto(out, scratch, after)
	return out
}

func mergeSortInto[T any](list, scratch []T, after func(a, b *T) bool) {
	if len(list) < 2 {
		return
	}
	middle := len(list) / 2
	mergeSortInto(list[:middle], scratch[:middle], after)
	mergeSortInto(list[middle:], scratch[middle:], after)
	copy(scratch, list)
	left, right := scratch[:middle], scratch[middle:]
	for i := range list {
		switch {
		case len(left) == 0:
			copy(list[i:], right)
			return
		case len(right) == 0:
			copy(list[i:], left)
			return
		case after(&left[0], &right[0]):
			list[i], right = right[0], right[1:]
		default:
			list[i], left = left[0], left[1:]
		}
	}
}

// eval orders the items of the context; as a step of a path, a sort is evaluated by the path.
func (n *Sort) eval(r *run, in any, e *env) any {
	items, ok := itemsOf(in)
	if !ok {
		items = []any{in}
	}
	items, plain := r.sortStep(n, items, e)
	if plain != nil {
		return plain
	}
	return sequenceOf(items...)
}
