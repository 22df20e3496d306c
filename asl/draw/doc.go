// Package draw makes pictures of state machines: SVG, laid out to be read, and
// Mermaid, for places that draw it themselves.
//
//	svg := draw.SVG(definition, draw.Options{Title: "ingest-flights"})
//
// The look is that of the Step Functions console: rounded boxes with the type
// or service as icon, start and end as circles, the branches of Parallel
// states and the processors of Map states inside their box. The flow goes
// downwards. Loops run back on the left of the boxes; catchers are dashed, with
// the errors that they catch, and leave on the right; choice rules stand as
// short conditions on their lines. A Fail state is an end of its own and has no
// line to the end circle.
//
// Any definition can be drawn, valid or not: a transition to a state that does
// not exist leads to a red box. Equal definitions give equal pictures.
package draw
