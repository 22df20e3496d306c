package asl

import "airline/asl/ast"

// PassState hands its input on, changed or not; not yet wired.
type PassState struct {
	described[PassState]
	leading
	keeping[PassState]
	pathData[PassState]
	pathResult[PassState]
	pathParameters[PassState]
}

// Pass makes a Pass state.
func Pass(name string) PassState { return passOf(newCore(name, ast.TypePass)) }

func passOf(c *core) PassState {
	m := part[PassState]{c, passOf}
	return PassState{described[PassState]{m}, leading{c}, keeping[PassState]{m}, pathData[PassState]{m}, pathResult[PassState]{m}, pathParameters[PassState]{m}}
}

// Result is a literal document that takes the place of the input; nothing in it
// is evaluated.
func (p PassState) Result(document any) PassState {
	return passOf(p.leading.c.with(func(r renderer, s *ast.State) {
		s.Result = ast.NewField(r.at("/Result", placeInput).template(document))
	}))
}

// JSONata turns the state to JSONata.
func (p PassState) JSONata() JSONataPass { return jsonataPassOf(p.leading.c.jsonata()) }

func (p PassState) guarded(CatchTarget) Step { return p }

// JSONataPass is a PassState in JSONata.
type JSONataPass struct {
	described[JSONataPass]
	leading
	keeping[JSONataPass]
	jsonataData[JSONataPass]
}

func jsonataPassOf(c *core) JSONataPass {
	m := part[JSONataPass]{c, jsonataPassOf}
	return JSONataPass{described[JSONataPass]{m}, leading{c}, keeping[JSONataPass]{m}, jsonataData[JSONataPass]{m}}
}

func (p JSONataPass) guarded(CatchTarget) Step { return p }
