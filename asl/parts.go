package asl

import "airline/asl/states"

// The types below are the parts that builders are put together from. A part has
// the methods that several builders share, in both query languages, and gives the
// builder S back. The work is core's. Task and JSONataTask are not put together
// from them: every operation is a type of its own there, and the compiler would
// generate each part again for each.

// part is an unfinished state of a builder, and the way back to the builder.
type part[S any] struct {
	c  *core
	as func(*core) S
}

// described is what every state has.
type described[S any] struct{ part[S] }

// Comment is for the readers of the definition.
func (d described[S]) Comment(text string) S {
	return d.as(d.c.comment(text))
}

// Assign sets variables; see Let. $ is the state's result here; of a state that
// has none, its input. A Choice assigns when no rule matches.
func (d described[S]) Assign(list ...Assignment) S {
	return d.as(d.c.assigning(list))
}

// leading is what every state has that leads on.
type leading struct{ c *core }

// Then leads on to the target.
func (l leading) Then(to Target) Wired { return l.c.wire(to) }

// End ends the machine, or the branch, after the state.
func (l leading) End() Wired { return l.c.wire(nil) }

func (l leading) wire(to Target) Wired { return l.c.wire(to) }

// failing is what states have that can fail. G is the builder after CatchAll.
type failing[S, G any] struct {
	part[S]
	guard func(*core) G
}

// Retry tries the whole state again after one of the errors: all branches, all
// items.
func (f failing[S, G]) Retry(b Retrier, errors ...string) S {
	return f.as(f.c.retrying(b, errors...))
}

// RetryAll tries again after any error; after it no Retry can match.
func (f failing[S, G]) RetryAll(b Retrier) S { return f.as(f.c.retrying(b, states.ALL)) }

// Catch leads to the target when the state failed with the error.
func (f failing[S, G]) Catch(err string, to CatchTarget) S { return f.as(f.c.catching(to, err)) }

// CatchAll leads to the target when the state failed with any other error. It
// comes last: what it returns has no Catch.
func (f failing[S, G]) CatchAll(to CatchTarget) G { return f.guard(f.c.catching(to, states.ALL)) }

// Handle adds the retriers and catchers of the handler.
func (f failing[S, G]) Handle(h ErrorHandler) S { return f.as(f.c.handling(h.c)) }

// keeping is what states have whose result replaces their input.
type keeping[S any] struct{ part[S] }

// KeepInput hands the input on and drops the result, of which variables may have
// been saved.
func (k keeping[S]) KeepInput() S { return k.as(k.c.keepInput()) }

// pathData is the data flow of every state in JSONPath.
type pathData[S any] struct{ part[S] }

// InputPath takes a part of the state's input for the input.
func (d pathData[S]) InputPath(path Reference) S { return d.as(d.c.inputPath(path)) }

// OutputPath hands only a part on, by default of the result.
func (d pathData[S]) OutputPath(path Reference) S { return d.as(d.c.outputPath(path)) }

// pathResult is what the states have in JSONPath whose result may be put into
// their input.
type pathResult[S any] struct{ part[S] }

// ResultPath puts the result into the input; by default it replaces it.
func (d pathResult[S]) ResultPath(path Reference) S { return d.as(d.c.resultPath(path)) }

// pathSelector is what the states have in JSONPath that have a result of their
// own.
type pathSelector[S any] struct{ part[S] }

// ResultSelector replaces the result by a document made of it, an object: JSONPath evaluates only the values of members. OutputPath takes
// a part of the result as it is.
func (d pathSelector[S]) ResultSelector(document any) S { return d.as(d.c.resultSelector(document)) }

// pathParameters is what Pass and Parallel have in JSONPath.
type pathParameters[S any] struct{ part[S] }

// Parameters is a document made of the input, which takes its place.
func (d pathParameters[S]) Parameters(document any) S { return d.as(d.c.parameters(document)) }

// jsonataData is the data flow of every state in JSONata.
type jsonataData[S any] struct{ part[S] }

// Output is what the state hands on: any document. By default the result; of a
// state that has none, its input.
func (d jsonataData[S]) Output(document any) S { return d.as(d.c.output(document)) }
