package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"airline/problem"
)

// Verdict is what a finding says.
type Verdict string

// The verdicts. What passes is no finding.
const (
	Violation Verdict = "violation"
	// Undecided is neither a violation nor a pass: what the rule reads is not known before something is created.
	Undecided Verdict = "cannot tell yet"
	// Exempted is a violation that the configuration excuses for now.
	Exempted Verdict = "exempted"
)

// Finding is what one rule says of one resource.
type Finding struct {
	Rule    *Rule
	Level   Level
	Verdict Verdict
	// Resource is nil when the finding is about the stack or its configuration.
	Resource *Resource
	// Place is the property, or the JSON pointer into a definition; it may be empty.
	Place   string
	Message string
	// Exemption excuses the violation; its verdict is then Exempted.
	Exemption *Exemption
}

// String is the finding in one line: where, what, and how to fix it.
func (f Finding) String() string {
	p := problem.Problem{What: f.Text()}
	if f.Resource != nil {
		p.Where = f.Resource.Title()
	}
	if f.Verdict == Violation {
		p.Fix = f.Rule.Fix
	}
	return p.String()
}

// Text is the finding without its resource and without the fix.
func (f Finding) Text() string {
	text := f.Message
	if f.Place != "" {
		text = f.Place + ": " + text
	}
	switch f.Verdict {
	case Undecided:
		text = "cannot tell yet: " + text
	case Exempted:
		text += fmt.Sprintf(" (exempted until %s: %s)", f.Exemption.Expires, f.Exemption.Reason)
	}
	return problem.OneLine(text)
}

// Report is what all rules say of a stack.
type Report struct {
	Stack    *Stack
	Findings []Finding
	// Asked is how many rules were asked, and Judged how many resources there were.
	Asked, Judged int
}

// Failed tells whether a violation stops the deployment.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Verdict == Violation && f.Level == Mandatory })
}

// Count is the number of findings with the verdict.
func (r *Report) Count(v Verdict) int {
	n := 0
	for _, f := range r.Findings {
		if f.Verdict == v {
			n++
		}
	}
	return n
}

// Judge asks all rules about the stack. Now decides which exemptions have expired.
func Judge(s *Stack, settings *Settings, now time.Time) *Report {
	report := &Report{Stack: s, Judged: len(s.Resources)}
	used := map[*Exemption]bool{}
	for _, rule := range All() {
		if settings.level(rule) == Disabled {
			continue
		}
		report.Asked++
		var found []Finding
		if rule.Alone() {
			for _, r := range s.OfType(rule.Types...) {
				found = append(found, JudgeResource(rule, s, r, settings)...)
			}
		} else {
			found = JudgeStack(rule, s, settings)
		}
		for _, f := range found {
			report.Findings = append(report.Findings, settings.excuse(f, now, used))
		}
	}
	report.Findings = append(report.Findings, settings.judgeExemptions(s, now, used)...)
	slices.SortStableFunc(report.Findings, func(a, b Finding) int {
		return cmp.Or(rank(a)-rank(b), cmp.Compare(place(a), place(b)))
	})
	return report
}

// rank puts what stops the deployment first.
func rank(f Finding) int {
	switch {
	case f.Verdict == Violation && f.Level == Mandatory:
		return 0
	case f.Verdict == Violation:
		return 1
	case f.Verdict == Undecided:
		return 2
	}
	return 3
}

func place(f Finding) int {
	if f.Resource == nil {
		return -1
	}
	return f.Resource.order
}

// JudgeResource asks a rule that judges resources alone about one resource. The stack may hold nothing else.
func JudgeResource(rule *Rule, s *Stack, r *Resource, settings *Settings) []Finding {
	j := &judge{rule: rule, Stack: s, settings: settings}
	rule.resource(j, r)
	return j.findings
}

// JudgeStack asks a rule that judges resources together.
func JudgeStack(rule *Rule, s *Stack, settings *Settings) []Finding {
	j := &judge{rule: rule, Stack: s, settings: settings}
	rule.stack(j)
	return j.findings
}

// judge collects what one rule finds.
type judge struct {
	*Stack
	rule     *Rule
	settings *Settings
	findings []Finding
	said     map[said]bool
}

// said is what one finding says.
type said struct {
	verdict        Verdict
	resource       *Resource
	place, message string
}

// disabled tells whether the configuration has switched off the rule that refuses what other rules cannot read.
func (j *judge) disabled(id string) bool { return j.settings.Levels[id] == Disabled }

// refuse reports a violation.
func (j *judge) refuse(r *Resource, place, format string, args ...any) {
	j.add(Violation, r, place, fmt.Sprintf(format, args...))
}

// unsure reports that the rule cannot tell yet.
func (j *judge) unsure(r *Resource, place, format string, args ...any) {
	j.add(Undecided, r, place, fmt.Sprintf(format, args...))
}

func (j *judge) add(v Verdict, r *Resource, place, message string) {
	if r != nil && r.secretDocument() {
		message = "the rule is broken, or cannot tell; what it reads is secret"
		if strings.HasPrefix(place, "/") { // a pointer names states
			place = "definition"
		}
	}
	// Two ways may lead to one finding: two rules with one queue, say.
	key := said{v, r, place, message}
	if j.said[key] {
		return
	}
	if j.said == nil {
		j.said = map[said]bool{}
	}
	j.said[key] = true
	j.findings = append(j.findings, Finding{
		Rule: j.rule, Level: j.settings.level(j.rule), Verdict: v, Resource: r, Place: place, Message: message,
	})
}

// answer reports what a truth says: nothing, a violation, or that the rule cannot tell.
func (j *judge) answer(t Truth, r *Resource, place, format string, args ...any) {
	switch t {
	case No:
		j.refuse(r, place, format, args...)
	case CannotTell:
		j.unsure(r, place, "%s is not known before it is created", or(place, "a property"))
	}
}

// must asks for a property: it must be there and pass the test.
func (j *judge) must(r *Resource, path string, holds test, saying string) {
	j.ask(r, path, No, holds, saying)
}

// may asks for a property that may be left out; when it is there it must pass the test.
func (j *judge) may(r *Resource, path string, holds test, saying string) {
	j.ask(r, path, Yes, holds, saying)
}

func (j *judge) ask(r *Resource, path string, absent Truth, holds test, saying string) {
	v := r.Get(path)
	switch {
	case v.Absent():
		j.answer(absent, r, path, "%s: it is not set", saying)
	default:
		// Even of an unknown value some tests can tell: that it is set.
		j.answer(holds(v), r, path, "%s: it is %s", saying, v.Shown())
	}
}

// set asks that something stands at the path, whatever it is. What is computed from another resource will stand there, though
// it is not known yet.
func (j *judge) set(r *Resource, path, saying string) {
	answer := j.isSet(r, path)
	j.answer(answer, r, path, "%s", saying)
}

func (j *judge) isSet(r *Resource, path string) Truth {
	v := r.Get(path)
	if v.Unknown() && len(r.PropertyDependencies[topProperty(path)]) > 0 {
		return Yes
	}
	return isSet(v)
}

// topProperty is the property that a path begins with.
func topProperty(path string) string {
	if i := strings.IndexAny(path, ".["); i >= 0 {
		return path[:i]
	}
	return path
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// mustHave is a rule on one property that must be set and pass the test.
func mustHave(path string, holds test, saying string) func(*judge, *Resource) {
	return func(j *judge, r *Resource) { j.must(r, path, holds, saying) }
}

// mustSet is a rule on one property that must be set.
func mustSet(path, saying string) func(*judge, *Resource) {
	return func(j *judge, r *Resource) { j.set(r, path, saying) }
}

// mayHave is a rule on one property that may be left out.
func mayHave(path string, holds test, saying string) func(*judge, *Resource) {
	return func(j *judge, r *Resource) { j.may(r, path, holds, saying) }
}
