package asl

import "airline/asl/ast"

// PassState hands its input on, changed or not; not yet wired.
type PassState struct{ c core }

// Pass makes a Pass state.
func Pass(name string) PassState { return PassState{newCore(name, ast.TypePass)} }

// Comment is for the readers of the definition.
func (p PassState) Comment(text string) PassState {
	p.c.state.Comment = text
	return p
}

// Result is a literal document that takes the place of the input; nothing in it
// is evaluated.
func (p PassState) Result(document any) PassState {
	p.c = p.c.with(func(r renderer, s *ast.State) {
		s.Result = ast.NewField(r.at("/Result", placeInput).template(document))
	})
	return p
}

// Parameters is a document made of the input, which takes its place.
func (p PassState) Parameters(document any) PassState {
	p.c = p.c.parameters(document)
	return p
}

// InputPath takes a part of the input.
func (p PassState) InputPath(path Reference) PassState {
	p.c = p.c.inputPath(path)
	return p
}

// ResultPath puts the result into the input.
func (p PassState) ResultPath(path Reference) PassState {
	p.c = p.c.resultPath(path)
	return p
}

// KeepInput hands the input on and drops the result.
func (p PassState) KeepInput() PassState {
	p.c.state.ResultPath = ast.NewField(nil)
	return p
}

// OutputPath hands only a part on.
func (p PassState) OutputPath(path Reference) PassState {
	p.c = p.c.outputPath(path)
	return p
}

// Assign sets variables; see Let. $ is the input here.
func (p PassState) Assign(list ...Assignment) PassState {
	p.c = p.c.assigning(list...)
	return p
}

// JSONata turns the state to JSONata.
func (p PassState) JSONata() JSONataPass { return JSONataPass{p.c.jsonata()} }

// Then leads on to the target.
func (p PassState) Then(to Target) Wired { return p.c.wire(to) }

// End ends the machine, or the branch, after the state.
func (p PassState) End() Wired { return p.c.wire(nil) }

func (p PassState) wire(to Target) Wired     { return p.c.wire(to) }
func (p PassState) guarded(CatchTarget) Step { return p }

// JSONataPass is a PassState in JSONata.
type JSONataPass struct{ c core }

// Comment is for the readers of the definition.
func (p JSONataPass) Comment(text string) JSONataPass {
	p.c.state.Comment = text
	return p
}

// Output is what the state hands on: any document.
func (p JSONataPass) Output(document any) JSONataPass {
	p.c = p.c.output(document)
	return p
}

// Assign sets variables; see Let.
func (p JSONataPass) Assign(list ...Assignment) JSONataPass {
	p.c = p.c.assigning(list...)
	return p
}

// Then leads on to the target.
func (p JSONataPass) Then(to Target) Wired { return p.c.wire(to) }

// End ends the machine, or the branch, after the state.
func (p JSONataPass) End() Wired { return p.c.wire(nil) }

func (p JSONataPass) wire(to Target) Wired     { return p.c.wire(to) }
func (p JSONataPass) guarded(CatchTarget) Step { return p }
