package ast

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"airline/problem"
)

// Severity grades a diagnostic. The zero severity is invalid on purpose.
type Severity uint8

// An error makes the definition unusable: Step Functions refuses it, or it
// cannot do what it says. A warning is a definition that Step Functions takes
// and that has a trap in it.
const (
	SeverityError   Severity = 1
	SeverityWarning Severity = 2
)

func (s Severity) String() string {
	switch s {
	case SeverityError:
		return "error"
	case SeverityWarning:
		return "warning"
	}
	return "invalid severity " + strconv.Itoa(int(s))
}

// Position is a place in a source text: the Go file with the builder call, or
// the JSON text of a parsed definition (then File is empty).
type Position struct {
	File   string
	Line   int // from 1; 0 is unknown
	Column int // from 1, in bytes; 0 is unknown
}

func (p Position) String() string {
	if p.Line == 0 {
		return ""
	}
	s := strconv.Itoa(p.Line)
	if p.Column > 0 {
		s += ":" + strconv.Itoa(p.Column)
	}
	if p.File != "" {
		return p.File + ":" + s
	}
	return "line " + s
}

// Diagnostic is one problem of a definition.
type Diagnostic struct {
	Severity Severity
	What     string // what is wrong, one line
	Fix      string // why, and how to fix it; may be empty
	// Location is where it stands, as a JSON pointer into the definition:
	// "/States/RunJob/Catch/0". "" is the whole definition.
	Location string
	Pos      Position
}

// Problem is the diagnostic in the shape of all problems: the severity goes before what is wrong, the place in the text behind it.
func (d Diagnostic) Problem() problem.Problem {
	p := problem.Problem{Where: cmp.Or(d.Location, "/"), What: d.Severity.String() + ": " + d.What, Fix: d.Fix}
	if pos := d.Pos.String(); pos != "" {
		last := &p.What
		if p.Fix != "" {
			last = &p.Fix
		}
		*last += " (" + pos + ")"
	}
	return p
}

// String is the diagnostic in one line:
// "/States/X/Next: error: there is no state "Y"; ... (line 12:5)".
func (d Diagnostic) String() string { return d.Problem().String() }

// Diagnostics are the problems of a definition, in the order of the
// definition. As an error they print one a line.
type Diagnostics []Diagnostic

// HasErrors tells whether any is more than a warning.
func (ds Diagnostics) HasErrors() bool {
	return slices.ContainsFunc(ds, func(d Diagnostic) bool { return d.Severity != SeverityWarning })
}

// Err is ds as an error when it has errors, else nil.
func (ds Diagnostics) Err() error {
	if ds.HasErrors() {
		return ds
	}
	return nil
}

func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	return strings.Join(lines, "\n")
}

func (ds *Diagnostics) Add(severity Severity, pos Position, location, fix, format string, args ...any) {
	*ds = append(*ds, Diagnostic{
		Severity: severity, What: fmt.Sprintf(format, args...), Fix: fix, Location: location, Pos: pos,
	})
}

// within puts the problems from number first on, which were reported for
// location, at its element. So whoever looks through a document joins
// locations only where there is something to report.
func (ds Diagnostics) Within(first int, location, element string) {
	for i := first; i < len(ds); i++ {
		ds[i].Location = Pointer(location, element) + ds[i].Location[len(location):]
	}
}

// under is within for item i of a part of the location, such as "/Catch"; with
// i below 0 for the part itself.
func (ds Diagnostics) Under(first int, location, part string, i int) {
	if len(ds) == first {
		return
	}
	if i >= 0 {
		part += "/" + strconv.Itoa(i)
	}
	for n := first; n < len(ds); n++ {
		ds[n].Location = location + part + ds[n].Location[len(location):]
	}
}

// pointer appends an element to a JSON pointer.
func Pointer(location, element string) string {
	if strings.ContainsAny(element, "~/") {
		element = strings.NewReplacer("~", "~0", "/", "~1").Replace(element)
	}
	return location + "/" + element
}
