package ast

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"airline/asl/jsonvalue"
)

// Validate checks the definition and reports all problems at once, in the
// order of the definition. Errors are what Step Functions refuses or what
// cannot work; warnings are traps.
//
// ${Placeholders} of deployment tools are taken for whatever their place needs.
func (d *Definition) Validate() Diagnostics { return d.ValidateWith(nil) }

// Errors are the problems with which a definition cannot do what it says: the
// errors of Validate, and the paths that exist on no route to the state that
// reads them. Validate only warns of those, because Step Functions takes them and
// fails when it gets there.
func (d *Definition) Errors() Diagnostics {
	v := newValidator(d)
	v.strict = true
	v.definition(d, "", JSONPath)
	v.size(d)
	if !v.problems.HasErrors() {
		v.dataflow(d)
	}
	return slices.DeleteFunc(v.sorted(d), func(p Diagnostic) bool { return p.Severity == SeverityWarning })
}

func newValidator(d *Definition) *validator {
	return &validator{names: map[string]string{}, order: map[string]int{}, texts: newTexts(), limit: timeout(d)}
}

// sorted are the problems in the order of the definition, each at its own place in the text.
func (v *validator) sorted(d *Definition) Diagnostics {
	for i := range v.problems {
		p := &v.problems[i]
		p.Pos = d.Position(p.Location, p.Pos)
	}
	slices.SortStableFunc(v.problems, func(a, b Diagnostic) int {
		return cmp.Compare(v.rank(a.Location), v.rank(b.Location))
	})
	return v.problems
}

// size checks the length of the definition.
func (v *validator) size(d *Definition) {
	buffer := prints.Get().(*[]byte)
	text := appendDefinition((*buffer)[:0], d)
	if len(text) > MaxDefinition && utf8.RuneCount(text) > MaxDefinition {
		v.error(d.Pos, "", "split it into machines that start each other", "the definition has %d characters; the limit is %d", utf8.RuneCount(text), MaxDefinition)
	}
	*buffer = text
	prints.Put(buffer)
}

type validator struct {
	problems  Diagnostics
	names     map[string]string // names of states, with where they stand
	order     map[string]int    // states' locations in the order of the definition
	limit     float64           // the machine's TimeoutSeconds; 0 for none
	atHand    string            // the member of $states that the field being checked has beside input and context
	texts     *texts
	results   func(resource string) Result // of tasks; nil for none that is known
	scopes    []map[string]bool            // the variables that are set in the scopes around, and last in this one
	inMap     bool                         // in a Map or in its processor
	token     bool                         // the state that is checked has a task token
	inExpress bool                         // within a distributed Map whose executions are Express
	strict    bool                         // paths that exist on no route are errors
}

// rank orders problems as the definition has their states.
func (v *validator) rank(location string) int {
	for location != "" {
		if n, ok := v.order[location]; ok {
			return n
		}
		location = location[:strings.LastIndexByte(location, '/')]
	}
	return 0
}

func (v *validator) error(pos Position, location, detail, format string, args ...any) {
	v.problems.Add(SeverityError, pos, location, detail, format, args...)
}

func (v *validator) warn(pos Position, location, detail, format string, args ...any) {
	v.problems.Add(SeverityWarning, pos, location, detail, format, args...)
}

func timeout(d *Definition) float64 {
	n, _ := d.TimeoutSeconds.Number()
	return n
}

// definition checks a machine, a branch or a processor.
func (v *validator) definition(d *Definition, at string, lang QueryLanguage) {
	v.header(d, at)
	lang = d.Language(lang)
	if len(d.States) == 0 {
		v.error(d.Pos, at+"/States", "give it at least one state", "there are no states")
		return
	}
	g := graphOf(d)
	v.scopes = append(v.scopes, assignedIn(d, lang))
	defer func() { v.scopes = v.scopes[:len(v.scopes)-1] }()
	for i, s := range d.States {
		location := Pointer(at+"/States", s.Name)
		v.order[location] = len(v.order) + 1
		v.name(s, location)
		v.state(s, location, lang, g)
		if !g.reachable[i] {
			v.error(s.Pos, location, "let a transition lead to it, or remove it", "the state %q cannot be reached", s.Name)
		}
	}
	switch {
	case d.StartAt == "":
		v.error(d.Pos, at+"/StartAt", "name the first state", "StartAt is missing")
	case g.index[d.StartAt] == nil:
		v.error(d.Pos, at+"/StartAt", suggest(d.StartAt, g.names), "there is no state %q to start at", d.StartAt)
	case !g.terminates():
		v.error(d.Pos, at+"/States", `give a state "End": true, or add a Succeed or Fail state`, "no state ends: there is no terminal state that can be reached")
	}
	v.loops(d, g, at)
}

// header checks what is not in the states.
func (v *validator) header(d *Definition, at string) {
	if at == "" && d.QueryLanguage != "" && d.QueryLanguage != JSONPath && d.QueryLanguage != JSONata {
		v.error(d.Pos, at+"/QueryLanguage", `use "JSONPath" or "JSONata"`, "there is no query language %q", d.QueryLanguage)
	}
	if at == "" {
		v.seconds(d.TimeoutSeconds, d.Pos, at, "/TimeoutSeconds", JSONPath)
		if d.Version != "" && d.Version != "1.0" {
			v.error(d.Pos, at+"/Version", `use "1.0"`, "there is no version %q of the language", d.Version)
		}
		if d.ProcessorConfig != nil {
			v.error(d.Pos, at+"/ProcessorConfig", "it belongs into the ItemProcessor of a Map", "a state machine has no ProcessorConfig")
		}
		return
	}
	if d.QueryLanguage != "" {
		v.error(d.Pos, at+"/QueryLanguage", "put it into its states, or at the top of the machine", "a branch or processor has no QueryLanguage")
	}
	if d.TimeoutSeconds.IsSet() {
		v.error(d.Pos, at+"/TimeoutSeconds", "put it at the top of the machine", "only the machine has TimeoutSeconds")
	}
	if d.Version != "" {
		v.error(d.Pos, at+"/Version", "put it at the top of the machine", "only the machine has a Version")
	}
	if d.ProcessorConfig != nil && strings.Contains(at, "/Branches/") && !strings.HasSuffix(at, "Processor") && !strings.HasSuffix(at, "Iterator") {
		v.error(d.ProcessorConfig.Pos, at+"/ProcessorConfig", "it belongs into the ItemProcessor of a Map", "a branch has no ProcessorConfig")
	}
}

func (v *validator) name(s *State, at string) {
	switch n := utf8.RuneCountInString(s.Name); {
	case n == 0:
		v.error(s.Pos, at, "give it a name", "the state has an empty name")
	case n > MaxName:
		v.error(s.Pos, at, "shorten it", "the state's name has %d characters; the limit is %d", n, MaxName)
	}
	if other, taken := v.names[s.Name]; taken {
		v.error(s.Pos, at, "state names are unique in the whole machine, branches and processors included",
			"there is another state %q, at %s", s.Name, other)
		return
	}
	v.names[s.Name] = at
}

// payload warns of a literal that is too large to be handed on.
func (v *validator) payload(f Field, pos Position, at, name string) {
	if f.IsSet() && mayExceed(f.Value(), MaxPayload) {
		if n := len(jsonvalue.String(f.Value())); n > MaxPayload {
			v.error(pos, at+name, "put it into S3 and read it from there", "the value has %d bytes; a state's input and output have at most %d", n, MaxPayload)
		}
	}
}

// mayExceed tells whether the value's JSON may be longer than limit, from an
// upper bound that is cheap to compute.
func mayExceed(value any, limit int) bool {
	return bound(value, limit) > limit
}

// bound is at least the length of the value's JSON, as far as limit.
func bound(value any, limit int) int {
	n := 32 // a number, a word
	switch value := value.(type) {
	case string:
		return 6*len(value) + 2 // \u0000 for each byte
	case json.Number:
		return len(value)
	case []any:
		for _, item := range value {
			if n += 1 + bound(item, limit); n > limit {
				break
			}
		}
	case *jsonvalue.Object:
		for name, member := range value.All() {
			if n += 6*len(name) + 4 + bound(member, limit); n > limit {
				break
			}
		}
	}
	return n
}
