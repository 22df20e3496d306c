package draw

// Options say how a machine is drawn. The zero value is right for most uses.
type Options struct {
	// Title stands above the picture and is its accessible name. Without it
	// there is no heading.
	Title string
	// Direction is where the flow goes.
	Direction Direction
	// Theme is the set of colours of an SVG.
	Theme Theme
	// Width, when more than 0, is the width at which an SVG is shown, in pixels;
	// 0 shows it at its natural size.
	Width int
	// Run, when not nil, shows an execution: what has become of each state, by
	// name. States that are not in it are drawn as never entered.
	Run map[string]Visit
	// FoldFailures leaves the states out that lead to nothing but a Fail state: a
	// mark stands at each state that has a route there. Of a Run, what was entered
	// stays. It has no meaning in Mermaid.
	FoldFailures bool
	// Link, when not nil, gives the address that the box of a state leads to, or "".
	Link func(state string) string
	// Part, when not empty, is the id of the svg element of a picture within an
	// HTML page, which must be unique there. Such a picture has no style of its
	// own: the page has a StyleSheet for the class asl-picture.
	Part string
	// Share, when not nil, is for a page with the pictures of many executions of a machine: it takes a piece of a Part that says nothing of
	// the Run, as SVG, and gives the id of the element of the page that holds it, which has the class asl-picture: styles of what is used elsewhere
	// know no elements around it. The picture refers to it, and has only boxes of its own.
	Share func(piece string) (id string)
}

// Direction is where the flow goes.
type Direction uint8

// The directions.
const (
	Down Direction = iota
	Right
)

// Theme is a set of colours.
type Theme uint8

// The themes.
const (
	Light Theme = iota
	Dark
)

// Visit is what an execution did with a state.
type Visit struct {
	Status Status
	// Count is how often the state was entered; shown from 2 on.
	Count int
	// From are the states that led to it, where that is known: FoldFailures then
	// draws no other route to it.
	From []string
}

// Status is the colour of a state in an execution.
type Status uint8

// The statuses, as in the console's legend.
const (
	NotEntered Status = iota
	InProgress
	Succeeded
	Failed
	CaughtError // failed, and a catcher led on
	Canceled    // the execution, or another branch, ended first
)

// String is the status as the legend names it.
func (s Status) String() string {
	names := [...]string{"Not entered", "In progress", "Succeeded", "Failed", "Caught error", "Canceled"}
	if int(s) < len(names) {
		return names[s]
	}
	return "Unknown"
}

// class is the status as the name of a style.
func (s Status) class() string {
	names := [...]string{"", "running", "succeeded", "failed", "caught", "canceled"}
	if int(s) < len(names) {
		return names[s]
	}
	return ""
}
