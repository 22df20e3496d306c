// Package report shows executions as HTML, as the Step Functions console has them: the state machine's drawing with every state
// coloured by what happened, a time line that tells work and waiting apart, the history, and what each state got and gave.
//
//	err := report.Write(w, report.Execution{Name: "run", Definition: machine.Definition(), History: x.History()})
//
// writes one page that needs no server, no network and no script. [Options.View] and [Templates] are for those who build pages
// of several executions.
package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"airline/asl/ast"
	"airline/asl/draw"
	"airline/asl/sim"
)

// Execution is what is shown.
type Execution struct {
	Name string
	// Machine is the name of the state machine; empty without.
	Machine    string
	Definition *ast.Definition
	History    []sim.Event
	// Now is the moment up to which an execution has come that has not ended; the zero time is that of the last event.
	Now time.Time
}

//go:embed execution.html style.css
var files embed.FS

// Templates are the parts of pages: "execution" shows a *View, "badge" a status. Further templates may be parsed into it.
func Templates() *template.Template {
	return template.Must(template.New("report").Funcs(template.FuncMap{
		"time": stamp, "iso": iso, "duration": Duration, "count": func(n any) string {
			if i, ok := n.(int64); ok {
				return Count(i)
			}
			i, _ := n.(int)
			return Count(i)
		},
	}).ParseFS(files, "execution.html"))
}

// Style is the style sheet of the templates, for light and dark.
func Style() string {
	text, err := files.ReadFile("style.css")
	if err != nil {
		panic(err) // it is embedded
	}
	return string(text) + "\n" + draw.StyleSheet(draw.Light) + "\n@media (prefers-color-scheme: dark) {\n" + draw.StyleSheet(draw.Dark) + "\n}\n"
}

// Page is a document that stands alone.
type Page struct {
	Title string
	Style template.CSS
	Body  template.HTML
}

// Policy is the content security policy of the document: nothing is loaded, and no style but its own holds.
func (p Page) Policy() string {
	sum := sha256.Sum256([]byte(p.Style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
}

// Write writes the document. t has the templates of [Templates].
func (p Page) Write(w io.Writer, t *template.Template) error {
	return t.ExecuteTemplate(w, "document", p)
}

// Write writes a document about one execution.
func Write(w io.Writer, x Execution) error {
	t := Templates()
	view := Options{ID: "x", States: true}.View(x)
	var body bytes.Buffer
	if err := t.ExecuteTemplate(&body, "single", view); err != nil {
		return err
	}
	title := x.Name
	if x.Machine != "" {
		title = x.Machine + " " + title
	}
	return Page{Title: title, Style: template.CSS(Style()), Body: template.HTML(body.String())}.Write(w, t)
}

// stamp is a moment for people: ISO 8601, in UTC, to the millisecond where that says anything.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	if t.Nanosecond() < int(time.Millisecond) {
		return t.UTC().Format("2006-01-02 15:04:05")
	}
	return t.UTC().Format("2006-01-02 15:04:05.000")
}

func iso(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// Duration is a duration for people, such as 1m 5s or 40 ms.
func Duration(d time.Duration) string {
	switch {
	case d < time.Microsecond:
		return "0 s"
	case d < time.Second:
		return fmt.Sprintf("%.4g ms", float64(d)/float64(time.Millisecond))
	case d < time.Minute:
		return fmt.Sprintf("%.4g s", d.Round(time.Millisecond).Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%dm %02ds", d/time.Minute, d%time.Minute/time.Second)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh %02dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	return fmt.Sprintf("%dd %02dh", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
}

// Count is a number with blanks between thousands that do not break.
func Count[N int | int64](n N) string {
	text := fmt.Sprint(n)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(text) - 3; i > first; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}
