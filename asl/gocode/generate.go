package gocode

import (
	"errors"
	"fmt"
	"go/format"
	"go/scanner"
	"go/token"
	"slices"
	"strings"

	"airline/asl/ast"
)

// Options say what the source looks like.
type Options struct {
	// Package is the name of the package; "" is main, which gets a function main
	// that prints the definition.
	Package string
	// Func is the name of the function that builds the definition; "" is
	// stateMachine.
	Func string
}

// Generate writes Go source that builds the definition.
func Generate(d *ast.Definition, o Options) ([]byte, error) {
	if o.Package == "" {
		o.Package = "main"
	}
	if o.Func == "" {
		o.Func = "stateMachine"
	}
	for _, name := range []string{o.Package, o.Func} {
		if !token.IsIdentifier(name) {
			return nil, fmt.Errorf("%q is no Go identifier", name)
		}
	}
	if err := closed(d); err != nil {
		return nil, err
	}
	f := &file{imports: map[string]bool{}}
	f.function(d, o.Func)
	return f.source(o)
}

// Named is a definition with the name of its function, for GenerateAll.
type Named struct {
	Func       string
	Definition *ast.Definition
}

// GenerateAll writes one package with a function for each definition.
func GenerateAll(pkg string, list []Named) ([]byte, error) {
	f := &file{imports: map[string]bool{}}
	for _, n := range list {
		if err := closed(n.Definition); err != nil {
			return nil, fmt.Errorf("%s: %w", n.Func, err)
		}
		f.function(n.Definition, n.Func)
	}
	return f.source(Options{Package: pkg})
}

// closed refuses parts that are a placeholder as a whole: Go source has to build
// what stands there.
func closed(d *ast.Definition) error {
	var problems []error
	for _, p := range d.OpenParts() {
		problems = append(problems, fmt.Errorf("%s: fill the placeholder %s in before the import", p.Location, p.Text))
	}
	return errors.Join(problems...)
}

// file is a Go file in the making.
type file struct {
	imports map[string]bool
	body    strings.Builder
}

func (f *file) source(o Options) ([]byte, error) {
	main := ""
	if o.Package == "main" && o.Func != "" {
		f.imports["fmt"], f.imports["os"] = true, true
		main = fmt.Sprintf(`func main() {
	d, err := %s()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(d)
}

`, o.Func)
	}
	f.importRooms(f.body.String())
	var standard, own []string
	for path := range f.imports {
		if strings.Contains(path, "/") && !strings.HasPrefix(path, "encoding/") {
			own = append(own, path)
		} else {
			standard = append(standard, path)
		}
	}
	slices.Sort(standard)
	slices.Sort(own)
	var b strings.Builder
	fmt.Fprintf(&b, "package %s\n\nimport (\n", o.Package)
	for _, path := range standard {
		fmt.Fprintf(&b, "%q\n", path)
	}
	b.WriteString("\n")
	for _, path := range own {
		fmt.Fprintf(&b, "%q\n", path)
	}
	b.WriteString(")\n\n" + main + f.body.String())
	out, err := format.Source([]byte(b.String()))
	if err != nil {
		return nil, fmt.Errorf("the generated source does not parse (a mistake of the generator): %w", err)
	}
	return out, nil
}

// rooms are the packages of the language that source may name without a typed
// service's asking for it.
var rooms = map[string]string{"asl": "airline/asl", "ast": "airline/asl/ast", "states": "airline/asl/states"}

// importRooms imports those of the language's packages that the source names.
func (f *file) importRooms(source string) {
	var s scanner.Scanner
	files := token.NewFileSet()
	s.Init(files.AddFile("", -1, len(source)), []byte(source), nil, 0)
	before, room := token.ILLEGAL, ""
	for {
		_, tok, text := s.Scan()
		switch {
		case tok == token.EOF:
			return
		case tok == token.PERIOD && room != "":
			f.imports[room] = true
		}
		room = ""
		if tok == token.IDENT && before != token.PERIOD {
			room = rooms[text]
		}
		before = tok
	}
}

// function writes the function that builds a definition.
func (f *file) function(d *ast.Definition, name string) {
	if len(d.Errors()) > 0 {
		f.literalFunction(d, name)
		return
	}
	g := &generator{file: f, identifiers: newIdentifiers(), machine: ast.JSONPath}
	if d.QueryLanguage == ast.JSONata {
		g.machine = ast.JSONata
	}
	start := g.scope(d, "")
	fmt.Fprintf(&f.body, "// %s %s.\nfunc %s() (*ast.Definition, error) {\n", name, summary(d), name)
	f.body.WriteString(strings.TrimRight(strings.Join(g.lines(), "\n"), "\n") + "\n\n")
	machine := "asl.Machine(" + start + ")"
	if s := g.settings(d); s != "" {
		machine = s + ".Machine(" + start + ")"
	}
	changes := g.changes("d", d, definitionChanges{top: true})
	if len(changes) == 0 {
		fmt.Fprintf(&f.body, "return %s\n}\n\n", machine)
		return
	}
	fmt.Fprintf(&f.body, "d, err := %s\nif err != nil {\nreturn nil, err\n}\n%s\nreturn d, nil\n}\n\n", machine, strings.Join(changes, "\n"))
}

// summary is the comment's first line.
func summary(d *ast.Definition) string {
	if c := strings.Join(strings.Fields(d.Comment), " "); c != "" {
		return "builds the machine: " + strings.TrimRight(c, ".")
	}
	return "builds the machine that starts at " + d.StartAt
}

// settings is the asl.Settings literal of the machine, "" when there is nothing
// to set.
func (g *generator) settings(d *ast.Definition) string {
	var parts []string
	if d.Comment != "" {
		parts = append(parts, "Comment: "+quote(d.Comment))
	}
	if text, ok := g.duration(d.TimeoutSeconds); ok && text != "0" {
		parts = append(parts, "Timeout: "+text)
	}
	switch {
	case d.QueryLanguage == ast.JSONata:
		parts = append(parts, "QueryLanguage: ast.JSONata")
	case hasJSONata(d):
		parts = append(parts, "QueryLanguage: ast.JSONPath")
	}
	if d.Version != "" {
		parts = append(parts, "Version: "+quote(d.Version))
	}
	if len(parts) == 0 {
		return ""
	}
	return composite("asl.Settings", parts)
}

// hasJSONata tells whether any state names JSONata.
func hasJSONata(d *ast.Definition) bool {
	if d == nil {
		return false
	}
	for _, s := range d.States {
		if s.QueryLanguage == ast.JSONata || slices.ContainsFunc(s.Branches, hasJSONata) || hasJSONata(s.Processor()) {
			return true
		}
	}
	return false
}

// composite is a composite literal, on one line when it is short.
func composite(typ string, parts []string) string {
	line := typ + "{" + strings.Join(parts, ", ") + "}"
	if len(line) < 80 && !strings.Contains(line, "\n") {
		return line
	}
	return typ + "{\n" + strings.Join(parts, ",\n") + ",\n}"
}

// arguments is a call, its arguments on lines of their own when it is long.
func arguments(function string, args []string) string {
	line := function + "(" + strings.Join(args, ", ") + ")"
	if len(line) < 110 || len(args) == 1 {
		return line
	}
	return function + "(\n" + strings.Join(args, ",\n") + ",\n)"
}
