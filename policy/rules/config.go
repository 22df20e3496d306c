package rules

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ParseConfig reads a configuration in the form of `pulumi preview --policy-pack-config`: an object of levels by rule, "all"
// for every rule, and "settings" with everything else. The error holds every problem, each with where it stands.
//
//	{
//	  "all": "mandatory",
//	  "sfn-tracing": "advisory",
//	  "settings": {
//	    "requiredTags": ["owner"],
//	    "exemptions": [{"rule": "s3-access-log", "resource": "aws:s3/bucketV2:BucketV2::raw", "reason": "...", "expires": "2026-12-31"}]
//	  }
//	}
func ParseConfig(text []byte) (*Settings, error) {
	s := DefaultSettings()
	if strings.TrimSpace(string(text)) == "" {
		return s, nil
	}
	var config map[string]any
	if err := json.Unmarshal(text, &config); err != nil {
		return nil, fmt.Errorf("the configuration is no JSON object: %w", err)
	}
	var problems []error
	s.Levels = map[string]Level{}
	if all, ok := config["all"]; ok {
		level, err := parseLevel("all", all)
		problems = append(problems, err)
		for _, r := range All() {
			s.Levels[r.ID] = level
		}
	}
	for _, name := range sortedKeys(config) {
		switch {
		case name == "all":
		case name == SettingsID:
			object, ok := config[name].(map[string]any)
			if !ok {
				problems = append(problems, fmt.Errorf("%s: must be an object", name))
				continue
			}
			if level, ok := object["enforcementLevel"]; ok { // the engine takes it out before it shows the rest
				_, err := parseLevel(name, level)
				problems = append(problems, err)
				delete(object, "enforcementLevel")
			}
			problems = append(problems, s.Apply(object))
		case CheckNames(name) != nil:
			problems = append(problems, CheckNames(name))
		default:
			level, err := parseLevel(name, config[name])
			problems = append(problems, err)
			s.Levels[name] = level
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return s, nil
}

// CheckNames reports names that are neither a rule, nor "all", nor one of the pack's own policies.
func CheckNames(names ...string) error {
	known := []string{"all", SettingsID, UndecidedID, ExemptionsID}
	for _, r := range All() {
		known = append(known, r.ID)
	}
	var problems []error
	for _, name := range names {
		if !slices.Contains(known, name) {
			problems = append(problems, fmt.Errorf("%q is no rule; %s", name, didYouMean(name, known)))
		}
	}
	return errors.Join(problems...)
}

// UndecidedID is the pack's own policy that tells what no rule can tell yet.
const UndecidedID = "not-known-yet"

// parseLevel reads "advisory" or {"enforcementLevel": "advisory"}.
func parseLevel(name string, v any) (Level, error) {
	if o, ok := v.(map[string]any); ok {
		for _, key := range sortedKeys(o) {
			if key != "enforcementLevel" {
				return "", fmt.Errorf("%s: unknown key %q; a rule has only enforcementLevel, everything else stands in %q", name, key, SettingsID)
			}
		}
		v = o["enforcementLevel"]
	}
	switch l := Level(fmt.Sprint(v)); l {
	case Mandatory, Advisory, Disabled:
		return l, nil
	}
	return "", fmt.Errorf("%s: %v is no level; write mandatory, advisory or disabled", name, v)
}

// field reads one key of the settings.
type field struct {
	description string
	schema      map[string]any // JSON schema without the description
	read        func(*Settings, any) error
}

var textList = map[string]any{"type": "array", "items": map[string]any{"type": "string"}}

// fields are the keys of "settings".
func fields() map[string]field {
	texts := func(to func(*Settings) *[]string) func(*Settings, any) error {
		return func(s *Settings, v any) (err error) {
			*to(s), err = parseTexts(v)
			return err
		}
	}
	return map[string]field{
		"requiredTags": {"Tags that every resource has.", textList,
			texts(func(s *Settings) *[]string { return &s.RequiredTags })},
		"allowedRegions": {"Regions where a stack may be; all when empty.", textList,
			texts(func(s *Settings) *[]string { return &s.AllowedRegions })},
		"production": {"Names of production stacks; a name may end in *.", textList,
			texts(func(s *Settings) *[]string { return &s.Production })},
		"retention": {"Days that things are kept at the least.", retentionSchema(),
			func(s *Settings, v any) error { return s.Retention.parse(v) }},
		"exemptions": {"Violations that are excused until a day.", exemptionSchema(),
			func(s *Settings, v any) (err error) {
				s.Exemptions, err = parseExemptions(v)
				return err
			}},
	}
}

// Schema is the JSON schema of the keys of "settings", with their defaults.
func Schema() map[string]map[string]any {
	d := DefaultSettings()
	defaults := map[string]any{
		"requiredTags": anyList(d.RequiredTags), "allowedRegions": []any{}, "production": anyList(d.Production),
		"retention": map[string]any{}, "exemptions": []any{},
	}
	out := map[string]map[string]any{}
	for name, f := range fields() {
		schema := map[string]any{"description": f.description, "default": defaults[name]}
		for k, v := range f.schema {
			schema[k] = v
		}
		out[name] = schema
	}
	return out
}

func anyList(texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out
}

// Apply reads the keys of "settings" into s. The error holds every problem.
func (s *Settings) Apply(object map[string]any) error {
	known := fields()
	var problems []error
	for _, key := range sortedKeys(object) {
		f, ok := known[key]
		if !ok {
			problems = append(problems, fmt.Errorf("%s: unknown key %q; %s", SettingsID, key, didYouMean(key, sortedKeys(known))))
			continue
		}
		if err := f.read(s, object[key]); err != nil {
			problems = append(problems, inPlace(SettingsID+"."+key, err))
		}
	}
	return errors.Join(problems...)
}

// inPlace puts the place before each of the problems.
func inPlace(place string, err error) error {
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		var problems []error
		for _, e := range list.Unwrap() {
			problems = append(problems, inPlace(place, e))
		}
		return errors.Join(problems...)
	}
	if strings.HasPrefix(err.Error(), "[") {
		return fmt.Errorf("%s%w", place, err)
	}
	return fmt.Errorf("%s: %w", place, err)
}

func parseTexts(v any) ([]string, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, errors.New("must be a list of texts")
	}
	out := make([]string, 0, len(list))
	for i, e := range list {
		text, ok := e.(string)
		if !ok || strings.TrimSpace(text) == "" {
			return nil, fmt.Errorf("[%d]: must be a text that is not empty", i)
		}
		out = append(out, text)
	}
	return out, nil
}

// days are the keys of retention.
func (r *Retention) days() map[string]*int {
	return map[string]*int{
		"logDays": &r.LogDays, "productionLogDays": &r.ProductionLogDays,
		"snapshotDays": &r.SnapshotDays, "keyDeletionDays": &r.KeyDeletionDays,
	}
}

func retentionSchema() map[string]any {
	properties := map[string]any{}
	for name, d := range (&DefaultSettings().Retention).days() {
		properties[name] = map[string]any{"type": "integer", "minimum": 1, "default": *d}
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

func (r *Retention) parse(v any) error {
	o, ok := v.(map[string]any)
	if !ok {
		return errors.New("must be an object")
	}
	known := r.days()
	var problems []error
	for _, key := range sortedKeys(o) {
		to, ok := known[key]
		n, isNumber := o[key].(float64)
		switch {
		case !ok:
			problems = append(problems, fmt.Errorf("unknown key %q; %s", key, didYouMean(key, sortedKeys(known))))
		case !isNumber || n != math.Trunc(n) || n < 1 || n > 36500:
			problems = append(problems, fmt.Errorf("%s: must be a number of days, 1 to 36500", key))
		default:
			*to = int(n)
		}
	}
	return errors.Join(problems...)
}

// Exemption excuses the violations of one rule by one resource until a day.
type Exemption struct {
	Rule string
	// Resource is the resource's URN, or type and name as it ends in: "aws:s3/bucketV2:BucketV2::raw".
	Resource string
	Reason   string
	// Expires is the last day on which it holds, as YYYY-MM-DD in UTC.
	Expires string
}

func exemptionSchema() map[string]any {
	text := func(description string) map[string]any {
		return map[string]any{"type": "string", "description": description}
	}
	return map[string]any{"type": "array", "items": map[string]any{
		"type": "object", "additionalProperties": false,
		"required": []any{"rule", "resource", "reason", "expires"},
		"properties": map[string]any{
			"rule":     text("id of the rule"),
			"resource": text("the resource's URN, or type::name as it ends in"),
			"reason":   text("why the violation is accepted"),
			"expires":  text("last day, YYYY-MM-DD (UTC)"),
		},
	}}
}

// exactResource is a URN or type::name. Patterns are refused: an exemption is for one resource that somebody has looked at.
var exactResource = regexp.MustCompile(`^(urn:pulumi:[^*?]+::[^*?]+::)?[^*?\s:]+:[^*?\s:]+:[^*?\s:]+::[^*?]+$`)

func parseExemptions(v any) ([]*Exemption, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, errors.New("must be a list")
	}
	var out []*Exemption
	var problems []error
	ids := []string{}
	for _, r := range All() {
		ids = append(ids, r.ID)
	}
	for i, e := range list {
		o, ok := e.(map[string]any)
		if !ok {
			problems = append(problems, fmt.Errorf("[%d]: must be an object", i))
			continue
		}
		x := &Exemption{}
		keys := map[string]*string{"rule": &x.Rule, "resource": &x.Resource, "reason": &x.Reason, "expires": &x.Expires}
		fail := func(format string, args ...any) {
			problems = append(problems, fmt.Errorf("[%d]: "+format, append([]any{i}, args...)...))
		}
		for _, key := range sortedKeys(o) {
			to, known := keys[key]
			text, isText := o[key].(string)
			switch {
			case !known:
				fail("unknown key %q; %s", key, didYouMean(key, sortedKeys(keys)))
			case !isText:
				fail("%s: must be a text", key)
			default:
				*to = strings.TrimSpace(text)
			}
		}
		for _, key := range sortedKeys(keys) {
			if *keys[key] == "" {
				fail("%s is missing", key)
			}
		}
		if x.Rule != "" && !slices.Contains(ids, x.Rule) {
			fail("%q is no rule; %s", x.Rule, didYouMean(x.Rule, ids))
		}
		if x.Resource != "" && !exactResource.MatchString(x.Resource) {
			fail("resource %q: name one resource, by its URN or as type::name; patterns are refused", x.Resource)
		}
		if _, err := time.Parse(time.DateOnly, x.Expires); x.Expires != "" && err != nil {
			fail("expires %q: write the last day as YYYY-MM-DD", x.Expires)
		}
		out = append(out, x)
	}
	return out, errors.Join(problems...)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
