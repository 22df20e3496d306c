package review

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// comparison is what the parts of a comparison share.
type comparison struct {
	before, after *strings.Replacer // what AWS has given, by the name of the resource
	mask          *strings.Replacer
	partial       bool // of the present resource only what both sides know is compared
	uncompared    int
}

func newComparison(before, after *Stack) *comparison {
	c := &comparison{mask: masks(append(slices.Clone(before.Secrets), after.Secrets...))}
	c.before, c.after = references(before, after)
	return c
}

// resource compares what two registrations of one resource say.
func (c *comparison) resource(was, is *Resource) []Change {
	c.partial = was.Partial || is.Partial
	defer func() { c.partial = false }()
	changes := slices.DeleteFunc(c.values("", withoutDefaultTags(was.Inputs, is), is.Inputs), func(change Change) bool {
		return slices.ContainsFunc(is.Ignore, func(path string) bool {
			rest, ok := strings.CutPrefix(change.Property, path)
			return path == "*" || ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
	})
	for _, option := range []struct {
		name       string
		before, is bool
	}{{"protect", was.Protect, is.Protect}, {"retainOnDelete", was.Retain, is.Retain}} {
		if option.before != option.is {
			changes = append(changes, Change{Kind: Changed, Property: option.name, Before: fmt.Sprint(option.before), After: fmt.Sprint(option.is)})
		}
	}
	return changes
}

// withoutDefaultTags are the inputs of a state without the tags that the provider has added: it writes its default tags into
// each resource's own.
func withoutDefaultTags(inputs map[string]any, is *Resource) map[string]any {
	tags, ok := inputs["tags"].(map[string]any)
	if !ok || len(is.DefaultTags) == 0 {
		return inputs
	}
	own, _ := is.Inputs["tags"].(map[string]any)
	left := map[string]any{}
	for name, v := range tags {
		if _, given := own[name]; given || !reflect.DeepEqual(v, is.DefaultTags[name]) {
			left[name] = v
		}
	}
	inputs = maps.Clone(inputs)
	if inputs["tags"] = left; len(left) == 0 && own == nil {
		delete(inputs, "tags")
	}
	return inputs
}

// values compares the members of two objects.
func (c *comparison) values(at string, before, after map[string]any) []Change {
	var changes []Change
	names := slices.Sorted(maps.Keys(before))
	for name := range after {
		if _, both := before[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		changes = append(changes, c.value(member(at, name), before[name], after[name])...)
	}
	return changes
}

// value compares two values of one property; nil is none.
func (c *comparison) value(at string, before, after any) []Change {
	if before == nil && after == nil || c.partial && (before == nil || after == nil) {
		return nil
	}
	if hidden(before) || hidden(after) {
		return c.secrets(at, before, after)
	}
	switch {
	case before == nil:
		return []Change{{Kind: Added, Property: at, After: c.shown(c.after, after)}}
	case after == nil:
		return []Change{{Kind: Removed, Property: at, Before: c.shown(c.before, before)}}
	}
	switch was := before.(type) {
	case unknown:
		return nil
	case map[string]any:
		if is, ok := after.(map[string]any); ok {
			return c.values(at, was, is)
		}
	case []any:
		if is, ok := after.([]any); ok {
			return c.lists(at, was, is)
		}
	case file:
		if is, ok := after.(file); ok {
			return c.files(at, was, is)
		}
	case string:
		if is, ok := after.(string); ok {
			return c.texts(at, c.before.Replace(was), c.after.Replace(is))
		}
	}
	if _, ok := after.(unknown); ok || reflect.DeepEqual(before, after) {
		return nil
	}
	return []Change{{Kind: Changed, Property: at, Before: c.shown(c.before, before), After: c.shown(c.after, after)}}
}

func hidden(v any) bool {
	_, ok := v.(secret)
	return ok
}

// secrets tells that a secret is different, and nothing more.
func (c *comparison) secrets(at string, before, after any) []Change {
	was, wasSecret := before.(secret)
	is, isSecret := after.(secret)
	change := Change{Kind: Changed, Property: at, Note: "secret"}
	switch {
	case before == nil:
		change.Kind = Added
	case after == nil:
		change.Kind = Removed
	case !wasSecret:
		change.Note = "now secret"
	case !isSecret:
		change.Note = "no longer secret"
	case was.encrypted || is.encrypted:
		c.uncompared++
		return nil
	case c.same(was.value, is.value):
		return nil
	}
	return []Change{change}
}

// same compares whole values.
func (c *comparison) same(before, after any) bool {
	return reflect.DeepEqual(replaced(c.before, before), replaced(c.after, after))
}

// replaced is a value with the names of what AWS has given in its texts.
func replaced(r *strings.Replacer, v any) any {
	switch v := v.(type) {
	case string:
		return r.Replace(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = replaced(r, e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			if e != nil {
				out[k] = replaced(r, e)
			}
		}
		return out
	case secret:
		return secret{replaced(r, v.value), v.encrypted}
	}
	return v
}

// lists compares lists: of plain values by what they gain and lose, of others item by item, equal ones and those of one
// name first.
func (c *comparison) lists(at string, before, after []any) []Change {
	if plain(before) && plain(after) {
		return c.sets(Change{Property: at}, c.items(c.before, before), c.items(c.after, after))
	}
	var changes []Change
	for _, pair := range c.align(before, after) {
		where := fmt.Sprintf("%s[%d]", at, max(pair.before, pair.after))
		var was, is any
		if pair.before >= 0 {
			was = before[pair.before]
		}
		if pair.after >= 0 {
			is = after[pair.after]
			where = fmt.Sprintf("%s[%d]", at, pair.after)
		}
		changes = append(changes, c.value(where, was, is)...)
	}
	return changes
}

func plain(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		switch v.(type) {
		case string, bool, float64:
			return false
		}
		return true
	})
}

func (c *comparison) items(r *strings.Replacer, list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		if text, ok := v.(string); ok {
			out[i] = r.Replace(text)
		} else {
			out[i] = jsonText(v)
		}
	}
	return out
}

// sets completes a change with what a list gains and loses; there is none when the lists are the same.
func (c *comparison) sets(change Change, before, after []string) []Change {
	change.Kind = Changed
	rest := slices.Clone(before)
	for _, item := range after {
		if i := slices.Index(rest, item); i >= 0 {
			rest = slices.Delete(rest, i, i+1)
		} else {
			change.Plus = append(change.Plus, c.excerpt(item))
		}
	}
	for _, item := range rest {
		change.Minus = append(change.Minus, c.excerpt(item))
	}
	switch {
	case len(change.Plus)+len(change.Minus) > 0:
	case slices.Equal(before, after):
		return nil
	default:
		change.Note = "only the order"
	}
	return []Change{change}
}

// pair is an item's place in both lists; -1 where it is not.
type pair struct{ before, after int }

// align pairs the items of two lists: equal ones, then those that have the same name, then the others in order.
func (c *comparison) align(before, after []any) []pair {
	mate := make([]int, len(after))
	taken := make([]bool, len(before))
	for i := range mate {
		mate[i] = -1
	}
	match := func(equal func(i, j int) bool) {
		for j := range after {
			for i := range before {
				if mate[j] < 0 && !taken[i] && equal(i, j) {
					mate[j], taken[i] = i, true
				}
			}
		}
	}
	match(func(i, j int) bool { return c.same(before[i], after[j]) })
	match(func(i, j int) bool { n := itemName(before[i]); return n != "" && n == itemName(after[j]) })
	match(func(i, j int) bool { return itemName(before[i]) == "" && itemName(after[j]) == "" })
	var pairs []pair
	for j, i := range mate {
		pairs = append(pairs, pair{i, j})
	}
	for i := range before {
		if !taken[i] {
			pairs = append(pairs, pair{i, -1})
		}
	}
	return pairs
}

// itemName is what tells an item of a list from its neighbours.
func itemName(v any) string {
	o, _ := v.(map[string]any)
	for _, name := range []string{"id", "name", "key", "parameterKey", "Id", "Name", "Key", "Sid"} {
		if text, ok := o[name].(string); ok {
			return text
		}
	}
	return ""
}

func (c *comparison) files(at string, before, after file) []Change {
	if before.hash == after.hash {
		return nil
	}
	if before.text != "" && after.text != "" {
		return c.texts(at, before.text, after.text)
	}
	return []Change{{Kind: Changed, Property: at, Before: "content " + before.hash, After: "content " + after.hash}}
}

// texts compares two texts by what they are: a definition, a policy, other JSON, lines, a word.
func (c *comparison) texts(at, before, after string) []Change {
	if before == after {
		return nil
	}
	was, wasJSON := document(before)
	is, isJSON := document(after)
	if wasJSON && isJSON {
		if changes := c.documents(at, was, is); len(changes) > 0 {
			return changes
		}
		return nil // the same, written another way
	}
	if strings.Contains(strings.TrimSpace(before), "\n") || strings.Contains(strings.TrimSpace(after), "\n") {
		return []Change{{Kind: Changed, Property: at, Lines: c.lines(before, after)}}
	}
	return []Change{{Kind: Changed, Property: at, Before: jsonText(c.excerpt(before)), After: jsonText(c.excerpt(after))}}
}

// document reads a text that is a JSON object or list.
func document(text string) (any, bool) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") {
		return nil, false
	}
	var v any
	return v, json.Unmarshal([]byte(text), &v) == nil
}

func (c *comparison) documents(at string, before, after any) []Change {
	was, wasObject := before.(map[string]any)
	is, isObject := after.(map[string]any)
	switch {
	case wasObject && isObject && isMachine(was) && isMachine(is):
		return c.machines(at, "", was, is)
	case wasObject && isObject && isPolicy(was) && isPolicy(is):
		return c.policies(at, was, is)
	}
	return inside(at, (&comparison{before: nothing, after: nothing, mask: c.mask}).value("", before, after))
}

var nothing = strings.NewReplacer()

// inside makes the properties of changes fields of one.
func inside(property string, changes []Change) []Change {
	for i := range changes {
		changes[i].Field, changes[i].Property = changes[i].Property, property
	}
	return changes
}

// lines is the unified diff of two texts, without its header.
func (c *comparison) lines(before, after string) string {
	text := string(diff.Diff("before", []byte(c.mask.Replace(before)), "after", []byte(c.mask.Replace(after))))
	if i := strings.Index(text, "\n@@"); i >= 0 {
		text = text[i+1:]
	}
	return strings.TrimRight(text, "\n")
}

// shown is a value for people: JSON, cut where it is long, without secrets.
func (c *comparison) shown(r *strings.Replacer, v any) string {
	return c.excerpt(jsonText(veiled(replaced(r, v))))
}

// veiled takes the secrets out of a value.
func veiled(v any) any {
	switch v := v.(type) {
	case secret:
		return "[secret]"
	case unknown:
		return "[known after creation]"
	case file:
		return "[content " + v.hash + "]"
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = veiled(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = veiled(e)
		}
		return out
	}
	return v
}

// longest is how many characters of a value are shown.
const longest = 160

func (c *comparison) excerpt(text string) string {
	text = c.mask.Replace(text)
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}

// jsonText is a value as JSON, with <, > and & as they are.
func jsonText(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Sprint(v) // never: the values come from JSON or from Pulumi's protocol
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func member(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
