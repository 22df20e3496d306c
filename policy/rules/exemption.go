package rules

import (
	"fmt"
	"time"
)

// maxExemption is how far ahead an exemption may expire: what is meant for ever is a change of the level.
const maxExemption = 366 * 24 * time.Hour

// covers tells whether the exemption is for the resource.
func (x *Exemption) covers(r *Resource) bool {
	return r != nil && (x.Resource == r.URN || x.Resource == r.handle())
}

// expired tells whether the exemption's last day is over.
func (x *Exemption) expired(now time.Time) bool {
	day, err := time.Parse(time.DateOnly, x.Expires)
	return err != nil || !now.Before(day.AddDate(0, 0, 1))
}

// excuse makes an exempted finding of a violation that an exemption covers, and notes that the exemption was of use.
func (s *Settings) excuse(f Finding, now time.Time, used map[*Exemption]bool) Finding {
	if f.Verdict != Violation {
		return f
	}
	for _, x := range s.Exemptions {
		if x.Rule != f.Rule.ID || !x.covers(f.Resource) {
			continue
		}
		used[x] = true
		if !x.expired(now) {
			f.Verdict, f.Exemption = Exempted, x
		}
	}
	return f
}

// Excuse is what a finding becomes under the settings' exemptions.
func (s *Settings) Excuse(f Finding, now time.Time) Finding {
	return s.excuse(f, now, map[*Exemption]bool{})
}

// ExemptionsID is the pack's own policy on the exemptions themselves.
const ExemptionsID = "exemptions"

// exemptionsRule is what findings about exemptions stand under.
var exemptionsRule = &Rule{
	ID: ExemptionsID, Title: "Exemptions are current, and each excuses something", Level: Mandatory,
	Why: "An exemption that outlives its reason hides the next violation.",
	Fix: "fix the resource, or decide about the exemption again",
}

// judgeExemptions reports exemptions that have expired (a violation, whatever the resource does now), that last too long, and
// that excuse nothing.
func (s *Settings) judgeExemptions(stack *Stack, now time.Time, used map[*Exemption]bool) []Finding {
	var out []Finding
	level := s.level(exemptionsRule)
	if level == Disabled {
		return nil
	}
	for _, x := range s.Exemptions {
		f := Finding{Rule: exemptionsRule, Level: level, Verdict: Violation}
		for _, r := range stack.Resources {
			if x.covers(r) {
				f.Resource = r
			}
		}
		day, _ := time.Parse(time.DateOnly, x.Expires)
		what := fmt.Sprintf("the exemption of %s from %s", x.Resource, x.Rule)
		switch {
		case x.expired(now):
			f.Message = what + " expired on " + x.Expires
		case day.Sub(now) > maxExemption:
			f.Message = what + " lasts until " + x.Expires + ", more than a year"
		case !used[x] && f.Resource == nil:
			f.Level, f.Message = Advisory, what+" is for a resource that the stack does not have"
		case !used[x]:
			f.Level, f.Message = Advisory, what+" excuses nothing: the rule is kept"
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}

// JudgeExemptions is judgeExemptions after the findings that the exemptions may excuse.
func (s *Settings) JudgeExemptions(stack *Stack, found []Finding, now time.Time) []Finding {
	used := map[*Exemption]bool{}
	for _, f := range found {
		s.excuse(f, now, used)
	}
	return s.judgeExemptions(stack, now, used)
}
