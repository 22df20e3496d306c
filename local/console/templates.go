package console

import (
	"html/template"
	"net/url"
	"strings"

	"airline/asl/report"
)

// links says where pages are found: at their address, or further down in a report. An empty link is none.
type links interface {
	File(f *File) string
	Execution(arn string) string
	Page(path string) string
	// Rejects is where the rejected rows of a file are, of one reason or of all; Reason where the files with rows of a reason are.
	Rejects(f *File, reason string) string
	Reason(reason string) string
	// Machine is the workbench with a machine; Token the mark of forms that change something.
	Machine(name string) string
	Token() string
	// Live tells whether a server answers: there are forms, and pages change.
	Live() bool
}

// consoleLinks are those of the live pages.
type consoleLinks struct{ token string }

func (consoleLinks) File(f *File) string {
	return Prefix + "file?" + url.Values{"key": {f.Key}, "version": {f.Version}}.Encode()
}

func (consoleLinks) Execution(arn string) string {
	return Prefix + "execution?" + url.Values{"arn": {arn}}.Encode()
}

func (consoleLinks) Page(path string) string { return Prefix + path }

func (consoleLinks) Rejects(f *File, reason string) string {
	q := url.Values{"key": {f.Key}, "version": {f.Version}}
	if reason != "" {
		q.Set("reason", reason)
	}
	return Prefix + "rejects?" + q.Encode()
}

func (consoleLinks) Machine(name string) string {
	return Prefix + "machines?" + url.Values{"name": {name}}.Encode()
}

func (l consoleLinks) Token() string { return l.token }

func (consoleLinks) Live() bool { return true }

func (consoleLinks) Reason(reason string) string {
	return Prefix + "rejects?" + url.Values{"reason": {reason}}.Encode()
}

// templates are those of all pages, with links of one kind.
func templates(l links) *template.Template {
	return template.Must(report.Templates().Funcs(template.FuncMap{
		"fileLink": l.File, "executionLink": l.Execution, "pageLink": l.Page, "stamp": stamp, "percent": percent, "bytes": bytesText, "usd": usd, "quantity": quantity,
		"live": l.Live, "token": l.Token, "keyLink": func(key, version string) string { return l.File(&File{Key: key, Version: version}) }, "machineLink": l.Machine, "rejectsOf": l.Rejects, "rejectsLink": func(f *File) string { return l.Rejects(f, "") }, "reasonLink": l.Reason,
		"join": func(list []string) string { return strings.Join(list, ", ") },
	}).ParseFS(files, "templates/pages/*.html"))
}
