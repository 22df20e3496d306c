package review

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

var marks = map[Kind]string{Added: "+", Removed: "-", Changed: "~", Renamed: "~"}

// Text writes a diff for people: a line for each resource that differs, and one for each difference below it.
func Text(w io.Writer, d *Diff) error {
	var b strings.Builder
	fmt.Fprintf(&b, "stack %s, %s against %s: %s\n", d.Stack, d.After, d.Before, Summary(d))
	for _, r := range d.Resources {
		fmt.Fprintf(&b, "%s %s%s\n", marks[r.Kind], r.title(), r.place())
		for _, c := range r.Changes {
			writeChange(&b, c)
		}
	}
	if len(d.Outputs) > 0 {
		b.WriteString("outputs\n")
		for _, c := range d.Outputs {
			writeChange(&b, c)
		}
	}
	_, err := io.WriteString(w, printable(b.String()))
	return err
}

func writeChange(b *strings.Builder, c Change) {
	fmt.Fprintf(b, "    %s %s\n", marks[c.Kind], c)
	if c.Lines != "" {
		for line := range strings.Lines(c.Lines) {
			fmt.Fprintf(b, "        %s\n", strings.TrimRight(line, "\r\n"))
		}
	}
}

// Summary counts: "1 removed, 2 changed, 1 added, 130 the same".
func Summary(d *Diff) string {
	text := fmt.Sprintf("%d removed, %d changed, %d added, %d the same", d.Count(Removed), d.Count(Changed), d.Count(Added), d.Same)
	if d.Empty() {
		text = fmt.Sprintf("no difference in %s", plural(d.Same, "resource"))
	}
	if d.Uncompared > 0 {
		text += fmt.Sprintf("; %s not compared: export with --show-secrets to compare, nothing of them is shown", plural(d.Uncompared, "encrypted secret"))
	}
	return text
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (r ResourceDiff) title() string {
	if isProvider(r.Type) {
		return "Provider " + r.Name
	}
	return r.Type[strings.LastIndexByte(r.Type, ':')+1:] + " " + r.Name
}

// place is where the program registers the resource, or what holds back its removal.
func (r ResourceDiff) place() string {
	switch {
	case r.Protected:
		return " (protected: the update fails until it is unprotected)"
	case r.Retained:
		return " (stays in AWS, and leaves the stack)"
	case r.Source != "":
		return " (" + r.Source + ")"
	}
	return ""
}

// String is a change in one line, without the lines of a text.
func (c Change) String() string {
	where := c.where()
	switch {
	case c.Kind == Renamed:
		return fmt.Sprintf("state %s is now %s", c.State, c.After)
	case c.Note == "secret":
		return where + ": a secret, " + string(c.Kind)
	case c.Note == "only the order":
		return where + ": only the order"
	case c.Note != "":
		return where + ": " + c.Note
	case c.Lines != "":
		return where + ":"
	case len(c.Plus)+len(c.Minus) > 0:
		var parts []string
		for _, item := range c.Minus {
			parts = append(parts, "- "+item)
		}
		for _, item := range c.Plus {
			parts = append(parts, "+ "+item)
		}
		return where + ": " + strings.Join(parts, "  ")
	case c.Kind == Added:
		return where + ": " + c.After
	case c.Kind == Removed:
		return where + ": " + c.Before
	}
	return fmt.Sprintf("%s: %s -> %s", where, c.Before, c.After)
}

// where is the part of the resource that differs. A definition and a policy are named by their parts alone.
func (c Change) where() string {
	part := ""
	switch {
	case c.State != "":
		part = "state " + c.State
	case c.Statement != "":
		part = "statement " + c.Statement
		if c.Property != "policy" && c.Property != "assumeRolePolicy" {
			part = c.Property + " " + part
		}
		if c.Property == "assumeRolePolicy" {
			part = "trust, " + part
		}
	case c.Field == "":
		return c.Property
	case c.Property == "definition":
		return c.Field
	default:
		return c.Property + ", " + c.Field
	}
	if c.Field != "" {
		part += ", " + c.Field
	}
	return part
}

// printable keeps what stands in a value from reaching a terminal as control characters.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 {
			return '�'
		}
		return r
	}, text)
}

// JSON writes the diff as one object.
func JSON(w io.Writer, d *Diff) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}
