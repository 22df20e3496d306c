// Package schedule reads the schedule expressions of AWS: of EventBridge's rules and of Glue's crawlers.
//
//	s, err := schedule.Parse("cron(0 3 1 * ? *)")
//	... s.Next(now) // the first day of the next month, 03:00 UTC
package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Schedule says when something is due: rate(1 day) or cron(0 0 * * ? *), in UTC.
type Schedule struct {
	every time.Duration // of a rate
	cron  [6][]int      // minutes, hours, days of the month, months, days of the week (1 is Sunday), years; nil is any
}

// cronFields are the fields of a cron expression with their bounds, in order (EventBridge User Guide, "cron expressions").
var cronFields = [6]struct {
	name      string
	low, high int
	words     string // names of the values, from low on
}{
	{"minutes", 0, 59, ""}, {"hours", 0, 23, ""}, {"day of month", 1, 31, ""},
	{"month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"},
	{"day of week", 1, 7, "SUN MON TUE WED THU FRI SAT"}, {"year", 1970, 2199, ""},
}

// Parse reads a schedule expression. L, W and # are not modelled.
func Parse(text string) (*Schedule, error) {
	kind, rest, _ := strings.Cut(text, "(")
	inside, ok := strings.CutSuffix(rest, ")")
	fields := strings.Fields(inside)
	switch {
	case ok && kind == "rate" && len(fields) == 2 && strings.Join(fields, " ") == inside: // blanks elsewhere are refused
		unit := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[strings.TrimSuffix(fields[1], "s")]
		n, err := strconv.Atoi(fields[0])
		if err != nil || n < 1 || unit == 0 || (n == 1) == strings.HasSuffix(fields[1], "s") {
			break
		}
		return &Schedule{every: time.Duration(n) * unit}, nil
	case ok && kind == "cron" && len(fields) == 6:
		s := &Schedule{}
		for i, field := range fields {
			values, err := cronValues(i, field)
			if err != nil {
				return nil, fmt.Errorf("schedule expression %q: %w", text, err)
			}
			s.cron[i] = values
		}
		if (fields[2] == "?") == (fields[4] == "?") {
			return nil, fmt.Errorf("schedule expression %q: one of day of month and day of week must be ?", text)
		}
		return s, nil
	}
	return nil, fmt.Errorf("schedule expression %q is neither rate(value unit) nor cron(minutes hours day month weekday year)", text)
}

// cronValues lists the values that a field takes; nil for all.
func cronValues(i int, field string) ([]int, error) {
	if field == "*" || field == "?" && (i == 2 || i == 4) {
		return nil, nil
	}
	f := cronFields[i]
	bad := fmt.Errorf("%s is %q; the local world takes numbers from %d to %d, lists, ranges and steps", f.name, field, f.low, f.high)
	number := func(text string) (int, bool) {
		if at := slices.Index(strings.Fields(f.words), strings.ToUpper(text)); at >= 0 {
			return f.low + at, true
		}
		n, err := strconv.Atoi(text)
		return n, err == nil && n >= f.low && n <= f.high
	}
	var values []int
	for _, part := range strings.Split(field, ",") {
		span, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			var err error
			if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
				return nil, bad
			}
		}
		from, to := f.low, f.high
		if span != "*" {
			first, last, ranged := strings.Cut(span, "-")
			var ok bool
			if from, ok = number(first); !ok {
				return nil, bad
			}
			switch {
			case ranged:
				if to, ok = number(last); !ok || to < from {
					return nil, bad
				}
			case !stepped:
				to = from
			}
		}
		for v := from; v <= to; v += step {
			values = append(values, v)
		}
	}
	return values, nil
}

// IsRate tells a rate from a cron expression.
func (s *Schedule) IsRate() bool { return s.every > 0 }

// Next is the first moment after t at which the schedule is due; the zero time when there is none.
func (s *Schedule) Next(t time.Time) time.Time {
	if s.IsRate() {
		return t.Add(s.every)
	}
	at := t.UTC().Truncate(time.Minute).Add(time.Minute)
	takes := func(field, value int) bool { return s.cron[field] == nil || slices.Contains(s.cron[field], value) }
	for at.Year() <= cronFields[5].high {
		midnight := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
		switch {
		case !takes(5, at.Year()), !takes(3, int(at.Month())):
			at = time.Date(at.Year(), at.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		case !takes(2, at.Day()), !takes(4, int(at.Weekday())+1):
			at = midnight.AddDate(0, 0, 1)
		case !takes(1, at.Hour()):
			at = at.Truncate(time.Hour).Add(time.Hour)
		case !takes(0, at.Minute()):
			at = at.Add(time.Minute)
		default:
			return at
		}
	}
	return time.Time{}
}
