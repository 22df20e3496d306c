package redshift

import "strings"

// dateParts are the names of parts of dates and times, with what they stand for ("Date parts for date or timestamp functions").
var dateParts = partsByName()

func partsByName() map[string]string {
	m := map[string]string{}
	for _, p := range partNames {
		for _, name := range strings.Fields(p.names) {
			m[name] = p.part
		}
	}
	return m
}

var partNames = []struct{ part, names string }{
	{"millennium", "millennium millennia mil mils"},
	{"century", "century centuries c cent cents"},
	{"decade", "decade decades dec decs"},
	{"epoch", "epoch"},
	{"year", "year years y yr yrs"},
	{"quarter", "quarter quarters qtr qtrs"},
	{"month", "month months mon mons"},
	{"week", "week weeks w"},
	{"dow", "dayofweek dow dw weekday"},
	{"doy", "dayofyear doy dy yearday"},
	{"day", "day days d"},
	{"hour", "hour hours h hr hrs"},
	{"minute", "minute minutes m min mins"},
	{"second", "second seconds s sec secs"},
	{"millisecond", "millisecond milliseconds ms msec msecs msecond mseconds millisec millisecs"},
	{"microsecond", "microsecond microseconds microsec microsecs usecond useconds us usec usecs"},
	{"timezone", "timezone"},
	{"timezone_hour", "timezone_hour"},
	{"timezone_minute", "timezone_minute"},
}

// datePartArgument are the functions whose first argument may be a part's bare name.
var datePartArgument = set("dateadd datediff date_add date_diff date_part pgdate_part date_trunc")
