package awsapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"airline/asl/ast"
	"airline/asl/internal/catalog"
	"airline/asl/jsonvalue"
)

// Options say how strictly a definition is held to the index.
type Options struct {
	// Strict refuses what the index does not know, also where it is near to nothing in the index and may be newer
	// than it.
	Strict bool
}

// Check holds the definition's tasks to the API of the services that they call: service, operation, parameters to any
// depth, enumerations, and the errors that retriers and catchers name. What is near to something that exists is an error,
// as Step Functions refuses it; what is near to nothing is a warning, since it may be newer than the index.
func Check(d *ast.Definition, o Options) ast.Diagnostics {
	c := &checker{options: o, root: d}
	c.definition(d, "", ast.JSONPath)
	return c.problems
}

type checker struct {
	options  Options
	root     *ast.Definition
	problems ast.Diagnostics

	// Of the task that is checked.
	state       *ast.State
	lang        ast.QueryLanguage
	parameters  string // where they are
	optimised   bool   // they are those of an optimised integration
	integration string // the optimised one's name, such as "glue:startJobRun"
	tokens      []string
}

func (c *checker) report(severity ast.Severity, at, fix, format string, args ...any) {
	c.problems.Add(severity, c.root.Position(at, c.state.Pos), at, fix, format, args...)
}

// unknown reports a name that the index does not have.
func (c *checker) unknown(at, name string, known []string, format string, args ...any) {
	severity, fix := ast.SeverityError, ""
	if near := ast.Nearest(name, known); near != "" {
		fix = fmt.Sprintf("did you mean %q?", near)
	} else {
		fix = "correct its spelling; it may be newer than the index (" + Source() + ")"
		if !c.options.Strict {
			severity = ast.SeverityWarning
		}
	}
	c.report(severity, at, fix, format, args...)
}

func (c *checker) definition(d *ast.Definition, at string, lang ast.QueryLanguage) {
	lang = d.Language(lang)
	for _, s := range d.States {
		location := ast.Pointer(at+"/States", s.Name)
		if s.Type == ast.TypeTask {
			c.task(s, location, s.Language(lang))
		}
		c.dataset(s, location, s.Language(lang))
		for i, b := range s.Branches {
			c.definition(b, fmt.Sprintf("%s/Branches/%d", location, i), lang)
		}
		if s.ItemProcessor != nil {
			c.definition(s.ItemProcessor, location+"/ItemProcessor", lang)
		}
		if s.Iterator != nil {
			c.definition(s.Iterator, location+"/Iterator", lang)
		}
	}
}

func (c *checker) task(s *ast.State, at string, lang ast.QueryLanguage) {
	parts := catalog.SplitARN(s.Resource, 7)
	if len(parts) > 5 && parts[2] == "lambda" { // the ARN of a function, which is invoked
		c.state, c.lang, c.optimised, c.integration = s, lang, true, "lambda:invoke"
		service, _ := Find("lambda")
		c.handlers(s, service, service.Operations["invoke"], at)
		return
	}
	if len(parts) < 7 || parts[2] != "states" || ast.HasPlaceholder(parts[5]+parts[6]) {
		return
	}
	action := parts[5] + ":" + parts[6]
	c.state, c.lang = s, lang
	service, operation := c.called(action, at+"/Resource")
	if operation == nil {
		return
	}
	if c.lang == ast.JSONata {
		c.input(s.Arguments, operation, at+"/Arguments")
	} else {
		c.input(s.Parameters, operation, at+"/Parameters")
	}
	c.results(s, at)
	c.handlers(s, service, operation, at)
}

// input checks the parameters of an operation, when they are there literally.
func (c *checker) input(parameters ast.Field, operation *Operation, at string) {
	o, ok := parameters.Value().(*jsonvalue.Object)
	if !ok {
		return
	}
	c.parameters, c.tokens = at, operation.Tokens
	if input := operation.Input(); input != nil {
		c.structure(o, input, at)
	} else if o.Len() > 0 {
		c.report(ast.SeverityError, at, "leave them out", "%s takes no parameters", operation.Name)
	}
}

// dataset checks the parameters of a distributed Map's reader and writer.
func (c *checker) dataset(s *ast.State, at string, lang ast.QueryLanguage) {
	c.state, c.lang, c.optimised, c.integration = s, lang, true, ""
	check := func(part, resource string, parameters, arguments ast.Field) {
		at, field, given := at+"/"+part, "/Parameters", parameters
		if lang == ast.JSONata {
			field, given = "/Arguments", arguments
		}
		_, action, _ := strings.Cut(resource, ":s3:")
		if f, ok := forms[part+":"+action]; ok {
			c.input(given, f.operation(part+":"+action), at+field)
		}
	}
	if r := s.ItemReader; r != nil {
		check("ItemReader", r.Resource, r.Parameters, r.Arguments)
	}
	if w := s.ResultWriter; w != nil {
		check("ResultWriter", w.Resource, w.Parameters, w.Arguments)
	}
}

// called is the operation that a resource names, behind "arn:aws:states:::"; nil when it is unknown, or has a form of its own.
func (c *checker) called(action, at string) (*Service, *Operation) {
	parts := strings.SplitN(action, ":", 3)
	if len(parts) < 2 {
		return nil, nil
	}
	c.optimised, c.integration = parts[0] != "aws-sdk", ""
	if c.optimised {
		return c.integrated(parts[0], parts[1], at)
	}
	if len(parts) < 3 {
		return nil, nil
	}
	name, _, _ := strings.Cut(parts[2], ".")
	service, ok := Find(parts[1])
	if !ok {
		if retired[parts[1]] {
			return nil, nil
		}
		if known := alias(parts[1]); known != "" {
			c.report(ast.SeverityError, at, fmt.Sprintf("write aws-sdk:%s:%s", known, parts[2]), "Step Functions does not call the service %q but %q", parts[1], known)
		} else {
			c.unknown(at, parts[1], Services(), "there is no service %q", parts[1])
		}
		return nil, nil
	}
	operation := service.Operations[name]
	if operation == nil {
		known := make([]string, 0, len(service.Operations))
		for n := range service.Operations {
			known = append(known, n)
		}
		slices.Sort(known)
		c.unknown(at, name, known, "%s has no operation %q", parts[1], name)
	}
	return service, operation
}

// integrated is the operation of an optimised integration; nil for one that there is not, which ast reports.
func (c *checker) integrated(service, action, at string) (*Service, *Operation) {
	name, _, _ := strings.Cut(action, ".")
	c.integration = service + ":" + name
	if f, ok := forms[c.integration]; ok {
		o := f.operation(c.integration)
		return o.service, o
	}
	if e, ok := elsewhere[c.integration]; ok {
		s, _ := Find(e[0])
		return s, s.Operations[e[1]]
	}
	if target, ok := optimised[service]; ok {
		s, _ := Find(target)
		return s, s.Operations[name]
	}
	if s, spelled, ok := Named(service); ok && s.Operations[name] != nil {
		c.report(ast.SeverityError, at, fmt.Sprintf("write arn:aws:states:::aws-sdk:%s:%s", spelled, name), "%s is an operation of the SDK integrations, not an optimised one", c.integration)
	}
	return nil, nil
}

// value checks a value of any type; what is computed is not known.
func (c *checker) value(v any, shape *Shape, at string) {
	if text, ok := v.(string); ok {
		if _, expression := ast.Expression(text); expression && c.lang == ast.JSONata || ast.HasPlaceholder(text) {
			return
		}
	}
	if o, ok := v.(*jsonvalue.Object); ok && ofTemplate(o) {
		return
	}
	wrong := func(want string) {
		c.report(c.typeSeverity(at), at, "", "%s is expected here, not %s", want, clip(jsonvalue.String(v)))
	}
	switch shape.Kind {
	case Document:
	case Structure:
		if o, ok := v.(*jsonvalue.Object); ok {
			c.structure(o, shape, at)
		} else if !c.optimised || v != nil {
			wrong("an object")
		}
	case List:
		items, ok := v.([]any)
		if !ok {
			wrong("an array")
		}
		for i, item := range items {
			c.value(item, shape.Item(), fmt.Sprintf("%s/%d", at, i))
		}
	case Map:
		o, ok := v.(*jsonvalue.Object)
		if !ok {
			wrong("an object")
			return
		}
		for name, member := range o.All() {
			if !c.computed(name) {
				c.value(member, shape.Item(), ast.Pointer(at, name))
			}
		}
	default:
		c.scalar(v, shape, at, wrong)
	}
}

func (c *checker) scalar(v any, shape *Shape, at string, wrong func(string)) {
	text, isText := v.(string)
	_, isBool := v.(bool)
	_, isNumber := ast.NewField(v).Number()
	switch shape.Kind {
	case String:
		switch {
		case !isText: // Step Functions writes JSON into the text: the Output of sendTaskSuccess, the Input of a schedule
			if _, isObject := v.(*jsonvalue.Object); !isObject && !c.optimised {
				c.report(ast.SeverityWarning, at, "write it as a text", "a string is expected here, not %s", clip(jsonvalue.String(v)))
			}
		case isText && shape.Enum != nil && !slices.Contains(shape.Enum, text):
			severity := ast.SeverityWarning
			if c.options.Strict || ast.Nearest(text, shape.Enum) != "" {
				severity = ast.SeverityError
			}
			c.report(severity, at, "use one of "+list(shape.Enum), "there is no value %q", text)
		}
	case Integer:
		if _, whole := ast.NewField(v).Int(); !whole {
			c.wrongScalar(v, at, "a whole number", func(text string) bool { _, err := strconv.Atoi(text); return err == nil })
		}
	case Float:
		if !isNumber {
			c.wrongScalar(v, at, "a number", func(text string) bool { _, err := strconv.ParseFloat(text, 64); return err == nil })
		}
	case Boolean:
		if !isBool {
			c.wrongScalar(v, at, "true or false", func(text string) bool { return text == "true" || text == "false" })
		}
	case Timestamp:
		if !isText && !isNumber {
			wrong("a timestamp")
		}
	case Blob: // JSON is written into it: the Body of putObject
		if (isNumber || isBool || v == nil) && !c.optimised {
			wrong("a string")
		}
	}
}

// typeSeverity grades a value of the wrong type: Step Functions looks at the parameters themselves when a machine is made,
// and the service at what is in them when it is called.
func (c *checker) typeSeverity(at string) ast.Severity {
	if strings.HasPrefix(at, c.parameters+"/") && !strings.Contains(at[len(c.parameters)+1:], "/") {
		return ast.SeverityError
	}
	return ast.SeverityWarning
}

// wrongScalar reports a value of another type than a number or boolean. A text that reads as one is taken by Step Functions
// (published machines have "false"), and is only warned of.
func (c *checker) wrongScalar(v any, at, want string, reads func(string) bool) {
	severity := c.typeSeverity(at)
	if text, ok := v.(string); ok && reads(text) {
		severity = ast.SeverityWarning
	}
	c.report(severity, at, "", "%s is expected here, not %s", want, clip(jsonvalue.String(v)))
}

// computed tells whether the value of a member is the result of a path or function.
func (c *checker) computed(name string) bool {
	return c.lang != ast.JSONata && strings.HasSuffix(name, ".$")
}

func (c *checker) structure(o *jsonvalue.Object, shape *Shape, at string) {
	if len(shape.members) == 0 && shape.Kind != Structure {
		return
	}
	given := map[string]bool{}
	for name, v := range o.All() {
		bare := name
		if c.computed(name) {
			bare = strings.TrimSuffix(name, ".$")
		}
		member, spelled := c.member(shape, bare)
		location := ast.Pointer(at, name)
		if member == "" {
			if !c.own(at, bare) {
				c.unknown(location, bare, c.names(shape), "there is no parameter %q here", bare)
			}
			continue
		}
		given[member] = true
		if spelled != bare {
			c.report(ast.SeverityError, location, fmt.Sprintf("write %q", spelled), "Step Functions spells the parameter %q as %q", bare, spelled)
		}
		if !c.computed(name) {
			inner, _ := shape.Member(member)
			c.value(v, inner, location)
		}
	}
	for _, name := range shape.Required {
		// An optimised integration makes tokens itself; an SDK integration wants them ("The field 'ClientToken' is required").
		if made := c.optimised && at == c.parameters && slices.Contains(c.tokens, name); !given[name] && !made {
			c.report(ast.SeverityError, at, fmt.Sprintf("add %q", Spell(name)), "the parameter %q is missing", Spell(name))
		}
	}
}

// member is the structure's member that a name is meant for, as the API names it, and how Step Functions spells it. An
// optimised integration and the types of DynamoDB's values also take the API's own spelling.
func (c *checker) member(shape *Shape, name string) (member, spelled string) {
	for m := range shape.members {
		s := Spell(m)
		if s == name || strings.EqualFold(m, name) && m[1:] == name[1:] && name[:1] == strings.ToUpper(m[:1]) && (c.optimised || m == strings.ToUpper(m)) {
			return m, name
		}
		if strings.EqualFold(m, name) {
			member, spelled = m, s
		}
	}
	return member, spelled
}

func (c *checker) names(shape *Shape) []string {
	names := shape.Members()
	for i, n := range names {
		names[i] = Spell(n)
	}
	return names
}

// own tells whether an optimised integration adds the parameter to its API.
func (c *checker) own(at, name string) bool {
	return c.optimised && at == c.parameters && slices.Contains(ownParameters[c.integration], name)
}

// ofTemplate tells whether a value is a function of CloudFormation, which is known when the template is deployed.
func ofTemplate(o *jsonvalue.Object) bool {
	if o.Len() != 1 {
		return false
	}
	for name := range o.All() {
		return name == "Ref" || strings.HasPrefix(name, "Fn::")
	}
	return false
}

func list(words []string) string {
	if len(words) > 12 {
		words = append(slices.Clone(words[:12]), "...")
	}
	return strings.Join(words, ", ")
}

func clip(text string) string {
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:57]) + "..."
	}
	return text
}
