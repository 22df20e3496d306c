// Package review tells what a change of the program does to a stack, in the terms of those who judge it: states and their
// fields for state machines, statements for policies, properties for everything else.
//
// A preview shows a state machine as one text, so that one number changed in it is more than a thousand lines. Here it is
// one:
//
//	before, err := review.ReadState(file)            // what `pulumi stack export` has written
//	after := review.Recorded(graph, root, "program") // what the program registers now
//	diff := review.Compare(before, after)
//	err = review.Text(os.Stdout, diff)
//
//	~ StateMachine ingest-flights (infra/machines.go:93)
//	    ~ state RunJob, TimeoutSeconds: 14400 -> 7200
//
// Secrets are compared and never shown.
package review

import (
	"cmp"
	"slices"
	"strings"
)

// Stack is a stack as it was registered, or as a state keeps it.
type Stack struct {
	// Project, Name and Origin say which stack it is and where it was read: "commit 1a2b3c4", "state.json".
	Project, Name, Origin string
	// Account is the AWS account that the resources are in, empty when none of them tells.
	Account   string
	Resources []*Resource
	Outputs   map[string]any
	// Secrets are texts that are never shown, wherever they stand.
	Secrets []string
}

// Resource is one resource of a stack. Its values are nil, bool, float64, string, []any, map[string]any, secret, unknown and
// file.
type Resource struct {
	URN, Type, Name string
	ID              string
	Inputs, Outputs map[string]any
	Protect, Retain bool
	// DefaultTags are those that the resource's provider adds to its tags.
	DefaultTags map[string]any
	// Ignore are the inputs whose changes the engine leaves alone, Aliases the URNs that the resource had before.
	Ignore, Aliases []string
	Source          string // "infra/storage.go:102", empty in a state
	// Component tells that nothing in AWS corresponds to the resource itself.
	Component bool
	// Partial tells that only some of the inputs are known: the plugin of a remote component makes the resource.
	Partial bool
}

// secret is a value that is compared and not shown. What is encrypted cannot even be compared.
type secret struct {
	value     any
	encrypted bool
}

// unknown is a value that only AWS will give.
type unknown struct{}

// file is an asset, by the hash of its content.
type file struct {
	hash string
	text string // where it is known
}

// Kind is what happened to something.
type Kind string

// The kinds of changes.
const (
	Added   Kind = "added"
	Removed Kind = "removed"
	Changed Kind = "changed"
	Renamed Kind = "renamed" // a state, otherwise the same
)

// Diff is everything that a change does to a stack.
type Diff struct {
	Project string `json:"project"`
	Stack   string `json:"stack"`
	Before  string `json:"before"`
	After   string `json:"after"`
	// Resources are those that differ: removed ones first, then changed and added ones, by type and name.
	Resources []ResourceDiff `json:"resources"`
	Outputs   []Change       `json:"outputs"`
	Same      int            `json:"same"` // resources without a difference
	// Uncompared counts the secrets that are encrypted in the state, so that nobody can tell whether they differ.
	Uncompared int `json:"uncompared_secrets"`
}

// Count is the number of resources of the kind.
func (d *Diff) Count(kind Kind) int {
	n := 0
	for _, r := range d.Resources {
		if r.Kind == kind {
			n++
		}
	}
	return n
}

// Empty tells that nothing differs.
func (d *Diff) Empty() bool { return len(d.Resources)+len(d.Outputs) == 0 }

// ResourceDiff is what happens to one resource.
type ResourceDiff struct {
	Kind   Kind   `json:"kind"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	URN    string `json:"urn"`
	Source string `json:"source,omitempty"`
	// Protected tells of a removed resource that the engine refuses to delete, Retained of one that stays in AWS.
	Protected bool     `json:"protected,omitempty"`
	Retained  bool     `json:"retained,omitempty"`
	Changes   []Change `json:"changes,omitempty"` // of a changed one
}

// Change is one difference. State and Statement say in which part of the property it is, Field where in there.
type Change struct {
	Kind      Kind   `json:"kind"`
	Property  string `json:"property,omitempty"`
	State     string `json:"state,omitempty"`     // "RunJob"; inside of a Map "EachFile/RunJob"
	Statement string `json:"statement,omitempty"` // its Sid, or what it allows
	Field     string `json:"field,omitempty"`     // "Retry[0].MaxAttempts"
	// Before and After are JSON, cut where they are long; Plus and Minus are what a list gains and loses.
	Before string   `json:"before,omitempty"`
	After  string   `json:"after,omitempty"`
	Plus   []string `json:"plus,omitempty"`
	Minus  []string `json:"minus,omitempty"`
	// Lines is the unified diff of a text of more than one line.
	Lines string `json:"lines,omitempty"`
	// Note says what cannot be shown: "secret", "only the order".
	Note string `json:"note,omitempty"`
}

// Compare tells what is different after the change.
func Compare(before, after *Stack) *Diff {
	d := &Diff{Project: after.Project, Stack: after.Name, Before: before.Origin, After: after.Origin, Resources: []ResourceDiff{}, Outputs: []Change{}}
	c := newComparison(before, after)
	old := before.byURN()
	for _, r := range after.Resources {
		was := predecessor(old, r)
		if was != nil {
			delete(old, was.URN)
		}
		switch {
		case r.Component:
		case was == nil:
			d.Resources = append(d.Resources, ResourceDiff{Kind: Added, Type: r.Type, Name: r.Name, URN: r.URN, Source: r.Source})
		default:
			if changes := c.resource(was, r); len(changes) > 0 {
				d.Resources = append(d.Resources, ResourceDiff{Kind: Changed, Type: r.Type, Name: r.Name, URN: r.URN, Source: r.Source, Changes: changes})
			} else {
				d.Same++
			}
		}
	}
	for _, r := range old {
		if !r.Component {
			d.Resources = append(d.Resources, ResourceDiff{Kind: Removed, Type: r.Type, Name: r.Name, URN: r.URN, Protected: r.Protect, Retained: r.Retain})
		}
	}
	order := []Kind{Removed, Changed, Added}
	slices.SortFunc(d.Resources, func(a, b ResourceDiff) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), rank(a.Type)-rank(b.Type),
			cmp.Compare(a.Type, b.Type), cmp.Compare(a.Name, b.Name), cmp.Compare(a.URN, b.URN))
	})
	d.Outputs = append(d.Outputs, c.values("", before.Outputs, after.Outputs)...)
	d.Uncompared = c.uncompared
	return d
}

func (s *Stack) byURN() map[string]*Resource {
	m := make(map[string]*Resource, len(s.Resources))
	for _, r := range s.Resources {
		m[r.URN] = r
	}
	return m
}

// predecessor is the resource as it was, under its URN or one that it had before; nil when it is new.
func predecessor(old map[string]*Resource, r *Resource) *Resource {
	for _, urn := range append([]string{r.URN}, r.Aliases...) {
		if was := old[urn]; was != nil {
			return was
		}
	}
	return nil
}

// rank puts what decides most before the rest: machines, then policies and roles.
func rank(typ string) int {
	switch {
	case strings.HasPrefix(typ, "aws:sfn/"):
		return 0
	case strings.HasPrefix(typ, "aws:iam/"), strings.HasSuffix(typ, "Policy"):
		return 1
	}
	return 2
}
