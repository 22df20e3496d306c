package redshift

import (
	"fmt"
	"strings"
	"time"
)

func dateUDFs() []*udf {
	return []*udf{
		udf2("rs_from_utc", func(t time.Time, zone string) (maybe[time.Time], error) {
			loc, err := zoneOf(zone)
			if err != nil {
				return none[time.Time](), err
			}
			return some(wall(t.In(loc))), nil
		}),
		udf2("rs_to_utc", func(t time.Time, zone string) (maybe[time.Time], error) {
			loc, err := zoneOf(zone)
			if err != nil {
				return none[time.Time](), err
			}
			return some(time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), loc).UTC()), nil
		}),
		plain2("rs_add_months", func(t time.Time, n int64) time.Time { return addMonths(t, int(n)) }),
		plain2("rs_add_years", func(t time.Time, n int64) time.Time { return t.AddDate(int(n), 0, 0) }),
		plain2("rs_months_between", monthsBetween),
		udf2("rs_next_day", nextDay),
		plain2("rs_to_char", dateToChar),
		udf3("rs_zoned_to_char", func(t time.Time, format, zone string) (maybe[string], error) {
			loc, err := zoneOf(zone)
			if err != nil {
				return none[string](), err
			}
			return some(dateToChar(t.In(loc), format)), nil
		}),
		udf2("rs_zoned_text", func(t time.Time, zone string) (maybe[string], error) {
			loc, err := zoneOf(zone)
			if err != nil {
				return none[string](), err
			}
			return some(eraText(t.In(loc), "2006-01-02 15:04:05.999999"+offsetLayout(t.In(loc)))), nil
		}),
		udf3("rs_parse", func(s, format string, strict bool) (maybe[time.Time], error) {
			return orError(parseByFormat(s, format, strict))
		}),
	}
}

// offsetLayout is that of a moment's offset: +hh, and minutes and seconds where it has some.
func offsetLayout(t time.Time) string {
	switch _, offset := t.Zone(); {
	case offset%60 != 0:
		return "-07:00:00"
	case offset%3600 != 0:
		return "-07:00"
	}
	return "-07"
}

// wall is a moment's clock in its zone, as if it were UTC.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// addMonths keeps the last day of a month the last day ("ADD_MONTHS function").
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := daysIn(first.Year(), int(first.Month()))
	day := min(t.Day(), last)
	if t.Day() == daysIn(t.Year(), int(t.Month())) {
		day = last
	}
	return first.AddDate(0, 0, day-1)
}

// monthsBetween is whole when the days are equal, or both the last of their months; otherwise a month counts 31 days
// ("MONTHS_BETWEEN function").
func monthsBetween(a, b time.Time) float64 {
	months := float64(12*(a.Year()-b.Year()) + int(a.Month()) - int(b.Month()))
	lastA, lastB := a.Day() == daysIn(a.Year(), int(a.Month())), b.Day() == daysIn(b.Year(), int(b.Month()))
	if a.Day() == b.Day() || lastA && lastB {
		return months
	}
	ofDay := func(t time.Time) float64 {
		return float64(t.Day()) + t.Sub(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)).Hours()/24
	}
	return months + (ofDay(a)-ofDay(b))/31
}

// nextDay is the first day of the week's name after the date; the name may be shortened ("NEXT_DAY function").
func nextDay(t time.Time, day string) (maybe[time.Time], error) {
	name := strings.ToLower(strings.TrimSpace(day))
	found := -1
	for i, full := range dayNames {
		if name != "" && strings.HasPrefix(full, name) && (len(name) > 1 || name == "m" || name == "w" || name == "f") {
			found = i
		}
	}
	if found < 0 {
		return none[time.Time](), fmt.Errorf("NEXT_DAY does not know the day %q", day)
	}
	days := (found-int(t.Weekday())+6)%7 + 1
	return some(time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, 0, time.UTC)), nil
}
