package rules

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

// leaves are the paths of all values in a resource's inputs, lists and objects included.
func leaves(v property.Value, at []property.PathSegment) []property.Path {
	var out []property.Path
	if len(at) > 0 {
		out = append(out, property.PathFromSegments(at...))
	}
	below := func(s property.PathSegment, e property.Value) {
		out = append(out, leaves(e, append(at[:len(at):len(at)], s))...)
	}
	if v.IsMap() {
		for k, e := range v.AsMap().AllStable {
			below(property.NewSegment(k), e)
		}
	}
	if v.IsArray() {
		for i, e := range v.AsArray().All {
			below(property.NewSegment(i), e)
		}
	}
	return out
}

// with is the stack with one value of one resource replaced.
func with(t *testing.T, s *Stack, at int, path property.Path, v property.Value) *Stack {
	t.Helper()
	var resources []*Resource
	for i, r := range s.Resources {
		c := *r
		if i == at {
			changed, err := path.Set(property.New(c.Inputs), v)
			if err != nil {
				t.Fatal(err)
			}
			c.Inputs = changed.AsMap()
		}
		resources = append(resources, &c)
	}
	return NewStack(resources)
}

func pathText(p property.Path) string {
	text, _ := p.MarshalText()
	return string(text)
}

// Not to know is never to pass: whatever of a refused stack is not known, the rule does not accept it.
func TestUnknownNeverPasses(t *testing.T) {
	for _, rule := range All() {
		s, settings, err := ParseExample(rule.Bad)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range s.Resources {
			for _, path := range leaves(property.New(r.Inputs), nil) {
				found := ask(rule, with(t, s, i, path, property.New(property.Computed)), settings)
				if len(found) == 0 {
					t.Errorf("%s passes when %s of %s is not known", rule.ID, pathText(path), r.Title())
				}
			}
		}
	}
}

// What an accepted stack must have is not taken for there when it is not known.
func TestUnknownIsNotThere(t *testing.T) {
	for _, rule := range All() {
		s, settings, err := ParseExample(rule.Good)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range s.Resources {
			for _, path := range leaves(property.New(r.Inputs), nil) {
				removed := ask(rule, with(t, s, i, path, property.Value{}), settings)
				if len(verdicts(removed, Violation)) == 0 {
					continue
				}
				if found := ask(rule, with(t, s, i, path, property.New(property.Computed)), settings); len(found) == 0 {
					t.Errorf("%s refuses a stack without %s of %s, and accepts one where it is not known", rule.ID, pathText(path), r.Title())
				}
			}
		}
	}
}

// A secret is judged, and never shown.
func TestSecretsAreNotShown(t *testing.T) {
	const secret = "s3cr3t-0123456789"
	hide := func(v property.Value) property.Value { return v.WithSecret(true) }
	for _, rule := range All() {
		for _, text := range []string{rule.Good, rule.Bad} {
			s, settings, err := ParseExample(text)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range s.Resources {
				for _, path := range leaves(property.New(r.Inputs), nil) {
					for _, f := range ask(rule, with(t, s, i, path, hide(property.New(secret))), settings) {
						if strings.Contains(f.String(), secret) {
							t.Errorf("%s shows the secret %s: %s", rule.ID, pathText(path), f)
						}
					}
				}
			}
		}
	}
}
