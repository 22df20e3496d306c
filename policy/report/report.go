// Package report writes what the rules say of a stack: for people, as JSON, and as SARIF for code review.
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"airline/policy/rules"
)

// Text writes a line for each finding, what stops the deployment first, and a summary.
func Text(w io.Writer, r *rules.Report) error {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s %s: %s%s\n", label(f), f.Rule.ID, f, at(f.Resource))
	}
	fmt.Fprintf(&b, "stack %s: %d rules, %d resources: %s\n", r.Stack.Name, r.Asked, r.Judged, Summary(r))
	_, err := io.WriteString(w, b.String())
	return err
}

// Summary counts the findings: "no violation", "2 violations (1 mandatory), 3 cannot be told yet".
func Summary(r *rules.Report) string {
	mandatory := 0
	for _, f := range r.Findings {
		if f.Verdict == rules.Violation && f.Level == rules.Mandatory {
			mandatory++
		}
	}
	text := "no violation"
	if n := r.Count(rules.Violation); n > 0 {
		text = fmt.Sprintf("%s (%d mandatory)", plural(n, "violation"), mandatory)
	}
	if n := r.Count(rules.Undecided); n > 0 {
		text += fmt.Sprintf(", %d cannot be told yet", n)
	}
	if n := r.Count(rules.Exempted); n > 0 {
		text += fmt.Sprintf(", %d exempted", n)
	}
	return text
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// label is how the finding counts.
func label(f rules.Finding) string {
	switch {
	case f.Verdict == rules.Violation:
		return string(f.Level)
	case f.Verdict == rules.Undecided:
		return "undecided"
	}
	return string(f.Verdict)
}

// at is where the resource is registered, or nothing.
func at(r *rules.Resource) string {
	if r == nil || r.File == "" {
		return ""
	}
	return fmt.Sprintf(" (%s:%d)", r.File, r.Line)
}

// finding is a finding as JSON.
type finding struct {
	Rule     string        `json:"rule"`
	Level    rules.Level   `json:"level"`
	Verdict  rules.Verdict `json:"verdict"`
	Resource string        `json:"resource,omitempty"` // URN
	Place    string        `json:"place,omitempty"`
	Message  string        `json:"message"`
	Fix      string        `json:"fix,omitempty"`
	File     string        `json:"file,omitempty"`
	Line     int           `json:"line,omitempty"`
	Reason   string        `json:"reason,omitempty"`
	Expires  string        `json:"expires,omitempty"`
}

// JSON writes the report as one object.
func JSON(w io.Writer, r *rules.Report) error {
	out := struct {
		Stack     string    `json:"stack"`
		Rules     int       `json:"rules"`
		Resources int       `json:"resources"`
		Passed    bool      `json:"passed"`
		Findings  []finding `json:"findings"`
	}{r.Stack.Name, r.Asked, r.Judged, !r.Failed(), []finding{}}
	for _, f := range r.Findings {
		j := finding{Rule: f.Rule.ID, Level: f.Level, Verdict: f.Verdict, Place: f.Place, Message: f.Message, Fix: f.Rule.Fix}
		if f.Resource != nil {
			j.Resource, j.File, j.Line = f.Resource.URN, f.Resource.File, f.Resource.Line
		}
		if f.Exemption != nil {
			j.Reason, j.Expires = f.Exemption.Reason, f.Exemption.Expires
		}
		out.Findings = append(out.Findings, j)
	}
	return encode(w, out)
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
