package rules

import (
	"fmt"
	"slices"
	"strings"

	"airline/spelling"
)

// Settings are what a team decides: levels, tags, regions, how long things are kept, and exemptions. The zero value has the
// rules' own levels and none of the rest; DefaultSettings is what holds without a configuration.
type Settings struct {
	// Levels replace the rules' own, by id.
	Levels map[string]Level
	// RequiredTags are the tags that every resource has.
	RequiredTags []string
	// AllowedRegions are where stacks may be; empty allows all.
	AllowedRegions []string
	// Production are the names of production stacks; a name may end in *.
	Production []string
	Retention  Retention
	Exemptions []*Exemption
}

// Retention is how long things are kept at the least, in days.
type Retention struct {
	LogDays           int // any log group
	ProductionLogDays int // a log group of a production stack
	SnapshotDays      int // automatic snapshots of a Redshift cluster
	KeyDeletionDays   int // the waiting time of a KMS key in production
}

// DefaultSettings is what holds where nothing is configured.
func DefaultSettings() *Settings {
	return &Settings{
		RequiredTags: []string{"project", "stack", "owner"},
		Production:   []string{"prod", "prod-*", "production"},
		Retention: Retention{
			LogDays:           7,
			ProductionLogDays: 365, // CKV_AWS_338
			SnapshotDays:      7,   // Redshift.3
			KeyDeletionDays:   30,  // the longest that KMS offers
		},
	}
}

// Level is the rule's level under these settings.
func (s *Settings) Level(r *Rule) Level { return s.level(r) }

func (s *Settings) level(r *Rule) Level {
	if l, ok := s.Levels[r.ID]; ok {
		return l
	}
	return r.Level
}

// production tells whether a stack of that name is a production stack.
func (s *Settings) production(stack string) bool {
	stack = stack[strings.LastIndexByte(stack, '/')+1:]
	return slices.ContainsFunc(s.Production, func(name string) bool {
		if prefix, ok := strings.CutSuffix(name, "*"); ok {
			return strings.HasPrefix(stack, prefix)
		}
		return stack == name
	})
}

// SettingsID is the name under which the configuration holds what is not the level of a rule.
const SettingsID = "settings"

func didYouMean(name string, known []string) string {
	if len(name) > maxShown {
		name = name[:maxShown]
	}
	if n := spelling.Nearest(name, known); n != "" {
		return fmt.Sprintf("did you mean %q?", n)
	}
	return "known are " + strings.Join(known, ", ")
}
