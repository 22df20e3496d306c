package rules

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var today = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// ask asks one rule about a stack.
func ask(rule *Rule, s *Stack, settings *Settings) []Finding {
	if !rule.Alone() {
		return JudgeStack(rule, s, settings)
	}
	var out []Finding
	for _, r := range s.OfType(rule.Types...) {
		out = append(out, JudgeResource(rule, s, r, settings)...)
	}
	return out
}

func verdicts(findings []Finding, v Verdict) []string {
	var out []string
	for _, f := range findings {
		if f.Verdict == v {
			out = append(out, f.String())
		}
	}
	return out
}

// Every rule accepts its good example, and refuses its bad one.
func TestExamples(t *testing.T) {
	for _, rule := range All() {
		t.Run(rule.ID, func(t *testing.T) {
			good, settings, err := ParseExample(rule.Good)
			if err != nil {
				t.Fatal(err)
			}
			if found := ask(rule, good, settings); len(found) > 0 {
				t.Errorf("the good example is not accepted: %v", found)
			}
			bad, settings, err := ParseExample(rule.Bad)
			if err != nil {
				t.Fatal(err)
			}
			found := ask(rule, bad, settings)
			if len(verdicts(found, Violation)) == 0 {
				t.Errorf("the bad example is not refused: %v", found)
			}
			for _, f := range found {
				t.Log(f)
			}
		})
	}
}

// Every rule says what a reader needs, under a name of its own.
func TestRulesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range All() {
		if seen[r.ID] || !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`).MatchString(r.ID) {
			t.Errorf("%s: the id is taken, or has another form than the others", r.ID)
		}
		seen[r.ID] = true
		for what, text := range map[string]string{"Title": r.Title, "Why": r.Why, "Fix": r.Fix, "Good": r.Good, "Bad": r.Bad} {
			if text == "" {
				t.Errorf("%s has no %s", r.ID, what)
			}
		}
		if r.Level != Mandatory && r.Level != Advisory {
			t.Errorf("%s: level %q", r.ID, r.Level)
		}
		if (r.resource == nil) == (r.stack == nil) {
			t.Errorf("%s judges resources alone and together, or neither", r.ID)
		}
		if len(r.Types) == 0 {
			t.Errorf("%s does not say what it reads", r.ID)
		}
		for _, c := range r.Controls {
			if !regexp.MustCompile(`^(CKV2?_AWS_\d+|[A-Z][A-Za-z0-9]+\.\d+)$`).MatchString(c) {
				t.Errorf("%s: %q is no control", r.ID, c)
			}
		}
	}
}

// What a rule says of a stack does not depend on the order in which the engine tells the resources.
func TestOrderDoesNotMatter(t *testing.T) {
	for _, rule := range All() {
		s, settings, err := ParseExample(rule.Bad)
		if err != nil {
			t.Fatal(err)
		}
		want := lines(Judge(s, settings, today))
		reversed := slices.Clone(s.Resources)
		slices.Reverse(reversed)
		if diff := cmp.Diff(want, lines(Judge(NewStack(reversed), settings, today))); diff != "" {
			t.Errorf("%s (-in order +reversed):\n%s", rule.ID, diff)
		}
	}
}

func lines(r *Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Rule.ID+" "+string(f.Verdict)+" "+f.String())
	}
	return out
}
