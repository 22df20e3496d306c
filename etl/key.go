package etl

import (
	"strings"
	"time"
)

// Days are the days that an object's key says its flights are of, first to last: one, of a partition date=YYYY-MM-DD, or
// those of a partition month=YYYY-MM, whose files say the day of each flight.
type Days struct{ First, Last time.Time }

// One says that it is a single day.
func (d Days) One() bool { return d.First.Equal(d.Last) }

// partitions are the names under which a key says its days.
var partitions = []struct{ name, unit, form, layout string }{
	{"date=", "day", "YYYY-MM-DD", time.DateOnly},
	{"month=", "month", "YYYY-MM", "2006-01"},
}

// FlightDays reads an object's key. The error is a *RefusedError.
func FlightDays(key string) (Days, error) {
	var found []string
	segments := strings.Split(key, "/")
	for _, segment := range segments[:len(segments)-1] {
		for _, p := range partitions {
			if strings.HasPrefix(segment, p.name) {
				found = append(found, segment)
			}
		}
	}
	switch len(found) {
	case 0:
		return Days{}, Refuse("no partition", key, 0)
	case 1:
	default:
		return Days{}, Refuse("several", key, 0, "partitions", strings.Join(found, ", "))
	}
	p := partitions[0]
	if strings.HasPrefix(found[0], partitions[1].name) {
		p = partitions[1]
	}
	first, err := time.Parse(p.layout, strings.TrimPrefix(found[0], p.name))
	switch {
	case err != nil || first.Year() == 0:
		return Days{}, Refuse("bad partition", key, 0, "partition", found[0], "unit", p.unit, "form", p.form)
	case p.unit == "month":
		return Days{first, first.AddDate(0, 1, -1)}, nil
	}
	return Days{first, first}, nil
}

// Spelling is one way to write a day.
type Spelling struct {
	Text string
	Day  time.Time
}

// Spellings are all ways in which a file may write one of the days.
func (d Days) Spellings() []Spelling {
	var all []Spelling
	for day := d.First; !day.After(d.Last); day = day.AddDate(0, 0, 1) {
		fill := strings.NewReplacer("{yyyy}", day.Format("2006"), "{yy}", day.Format("06"), "{mm}", day.Format("01"), "{m}", day.Format("1"), "{dd}", day.Format("02"), "{d}", day.Format("2"))
		seen := map[string]bool{}
		for _, form := range dayForms {
			if text := fill.Replace(form); !seen[text] {
				seen[text] = true
				all = append(all, Spelling{text, day})
			}
		}
	}
	return all
}
