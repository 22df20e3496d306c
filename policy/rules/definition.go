package rules

import (
	"errors"
	"strconv"
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
)

// definition is a state machine as it stands in a property.
type definition struct {
	at       Value
	machine  *ast.Definition // nil when it is not known, or is no JSON object
	problems ast.Diagnostics // of its form, and what Validate finds
}

// readDefinition parses the definition, once.
func readDefinition(r *Resource) definition {
	return remember(r, "definition", func() definition {
		d := definition{at: r.Get("definition")}
		if !d.at.Known() {
			return d
		}
		m, err := ast.ParseString(d.at.Text())
		var problems ast.Diagnostics
		if errors.As(err, &problems) {
			d.problems = append(d.problems, problems...)
		}
		if d.machine = m; m != nil {
			d.problems = append(d.problems, m.Validate()...)
		}
		return d
	})
}

// withMachine hands a readable definition to judge, and says when it is not known. One that cannot be read is refused
// by machine-valid, once for all rules.
func (j *judge) withMachine(r *Resource, judge func(*ast.Definition)) {
	switch d := readDefinition(r); {
	case d.machine != nil:
		judge(d.machine)
	case d.at.Unknown():
		j.unsure(r, "definition", "the definition is not known before it is created")
	case j.disabled("machine-valid"):
		j.unsure(r, "definition", "the definition cannot be read")
	}
}

// pointer appends an element to a JSON pointer.
func pointer(at, element string) string {
	return at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(element)
}

// eachState visits the states of a definition and of those nested in them, each with its JSON pointer.
func eachState(d *ast.Definition, at string, visit func(s *ast.State, place string)) {
	for _, s := range d.States {
		place := pointer(at+"/States", s.Name)
		visit(s, place)
		for i, b := range s.Branches {
			eachState(b, place+"/Branches/"+strconv.Itoa(i), visit)
		}
		if s.ItemProcessor != nil {
			eachState(s.ItemProcessor, place+"/ItemProcessor", visit)
		} else if s.Iterator != nil {
			eachState(s.Iterator, place+"/Iterator", visit)
		}
	}
}

// edge is one transition of a state.
type edge struct {
	to    string
	place string
	catch bool // taken when the state fails
	all   bool // taken for every error
}

func edges(s *ast.State, place string) []edge {
	var out []edge
	add := func(e edge) {
		if e.to != "" {
			out = append(out, e)
		}
	}
	add(edge{to: s.Next, place: place + "/Next"})
	for i, r := range s.Choices {
		add(edge{to: r.Next, place: place + "/Choices/" + strconv.Itoa(i)})
	}
	add(edge{to: s.Default, place: place + "/Default"})
	for i, c := range s.Catch {
		add(edge{to: c.Next, place: place + "/Catch/" + strconv.Itoa(i), catch: true, all: catchesAll(c)})
	}
	return out
}

func catchesAll(c *ast.Catcher) bool {
	for _, e := range c.ErrorEquals {
		if e == "States.ALL" {
			return true
		}
	}
	return false
}

// operation is what a task calls, without the pattern: "sns:publish", "glue:startJobRun", "aws-sdk:glue:startCrawler".
func operation(s *ast.State) string {
	_, name, ok := strings.Cut(s.Resource, ":states:::")
	if !ok {
		return s.Resource
	}
	name, _, _ = strings.Cut(name, ".")
	return name
}

// service is the service of an operation: "glue", and its action in lower case: "startcrawler".
func serviceAction(operation string) (service, action string) {
	operation = strings.TrimPrefix(operation, "aws-sdk:")
	service, action, _ = strings.Cut(operation, ":")
	return service, strings.ToLower(action)
}

// notifies tells whether a task tells somebody, so that people hear of what happened.
func notifies(s *ast.State) bool {
	if s.Type != ast.TypeTask {
		return false
	}
	switch service, action := serviceAction(operation(s)); service + ":" + action {
	case "sns:publish", "sns:publishbatch", "sqs:sendmessage", "events:putevents", "eventbridge:putevents", "ses:sendemail", "sesv2:sendemail":
		return true
	}
	return false
}

// measures tells whether a task counts something. A metric tells nobody by itself, but without one nothing is lost either: the work may go on.
func measures(s *ast.State) bool {
	if s.Type != ast.TypeTask {
		return false
	}
	service, action := serviceAction(operation(s))
	return service == "cloudwatch" && action == "putmetricdata"
}

// literal is a parameter of a task that is a plain text: not a path and not an expression.
func literal(s *ast.State, name string) (text, place string) {
	for _, f := range []struct {
		name  string
		field ast.Field
	}{{"Parameters", s.Parameters}, {"Arguments", s.Arguments}} {
		o, ok := f.field.Value().(*jsonvalue.Object)
		if !ok {
			continue
		}
		v, _ := o.Get(name)
		text, ok := v.(string)
		if _, expression := ast.Expression(text); ok && !expression && !ast.HasPlaceholder(text) {
			return text, "/" + f.name + "/" + name
		}
	}
	return "", ""
}
