package infra

import (
	"regexp"
	"slices"
	"strconv"
)

var weekWindow = regexp.MustCompile(`^(sun|mon|tue|wed|thu|fri|sat):([01][0-9]|2[0-3]):([0-5][0-9])-(sun|mon|tue|wed|thu|fri|sat):([01][0-9]|2[0-3]):([0-5][0-9])$`)

const (
	minutesOfDay  = 24 * 60
	minutesOfWeek = 7 * minutesOfDay
	// reconcileMinutes is the time after midnight, UTC, that belongs to the reconcile run and the loads that it starts.
	reconcileMinutes = 60
)

// maintenanceWindow reads when Redshift may restart a cluster: at least 30 minutes and less than a day (ModifyCluster), and
// not while the reconcile run looks for lost files.
func (r *reader) maintenanceWindow() string {
	const key = "maintenanceWindow"
	text := r.text(key)
	m := weekWindow.FindStringSubmatch(text)
	if m == nil {
		if r.sound(key) {
			r.problem(key, text, "it is not a time of the week", "write it in UTC as sun:04:00-sun:05:00")
		}
		return text
	}
	moment := func(day, hour, minute string) int {
		h, _ := strconv.Atoi(hour) // the pattern admits digits only
		m, _ := strconv.Atoi(minute)
		return slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, day)*minutesOfDay + h*60 + m
	}
	from, to := moment(m[1], m[2], m[3]), moment(m[4], m[5], m[6])
	length := (to - from + minutesOfWeek) % minutesOfWeek
	if length < 30 || length >= minutesOfDay {
		r.problem(key, text, "it is shorter than 30 minutes or longer than a day", "use about an hour, such as sun:04:00-sun:05:00")
		return text
	}
	if start := from % minutesOfDay; start < reconcileMinutes || start+length > minutesOfDay {
		r.problem(key, text, "the cluster would be away at midnight, when lost files are looked for", "begin after 01:00 and end before 24:00, UTC")
	}
	return text
}
