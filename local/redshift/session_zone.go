package redshift

import (
	"regexp"
	"strings"
	"time"
)

// A session's time zone (the parameter timezone) is that in which values with a time zone become values without one and texts, and the
// other way round ("Compatible types"), and in which SYSDATE, GETDATE and CURRENT_DATE tell the time. In UTC, in which DuckDB
// computes, nothing is to be done.

var (
	isoOffset   = regexp.MustCompile(`^([+-]?)(\d{1,2})(:\d{2})?$`)
	posixOffset = regexp.MustCompile(`^([A-Za-z]{3,})(\d{1,2}(?::\d{2})?)$`)
)

// SessionZone is the time zone that a value of the parameter timezone means: a name, an offset as -8:00, or one in POSIX's form as
// PST8, which counts to the west ("timezone"). Abbreviations that are no names, as PST, are none.
func SessionZone(value string) (*time.Location, bool) {
	name := sessionZoneName(value)
	if name == "" {
		return time.UTC, true
	}
	if _, short := abbreviations[strings.ToLower(name)]; short {
		loc, err := time.LoadLocation(strings.ToUpper(name))
		return loc, err == nil
	}
	loc, err := zoneOf(name)
	return loc, err == nil
}

// IntervalOffset is the time zone that an interval means: -8 hours is -08:00 ("timezone").
func IntervalOffset(s string) (string, bool) {
	if isoOffset.MatchString(s) {
		return s, true
	}
	out, ok := parseInterval(s)
	minutes := out.micros / 60_000_000
	if !ok || out.months != 0 || out.days != 0 || minutes <= -24*60 || minutes >= 24*60 || minutes*60_000_000 != out.micros {
		return "", false
	}
	return time.Unix(0, 0).In(time.FixedZone("", int(minutes)*60)).Format("-07:00"), true
}

// sessionZoneName is the zone's name as zoneOf knows it; "" for UTC.
func sessionZoneName(value string) string {
	value = strings.TrimSpace(value)
	switch strings.ToLower(value) {
	case "", "utc", "gmt", "default", "etc/utc", "etc/gmt", "zulu", "uct":
		return ""
	}
	if m := isoOffset.FindStringSubmatch(value); m != nil {
		west := map[string]string{"-": "+"}[m[1]]
		if west == "" {
			west = "-"
		}
		return "UTC" + west + m[2] + m[3]
	}
	if m := posixOffset.FindStringSubmatch(value); m != nil && !knownZone(value) {
		return m[1] + "+" + m[2]
	}
	return value
}

func knownZone(name string) bool {
	_, err := time.LoadLocation(strings.ToUpper(name))
	return err == nil
}

// zone is the name of the session's time zone; "" is UTC.
func (s *Session) zone() string { return sessionZoneName(s.Settings["timezone"]) }

// zoneText is the name of the session's time zone as a text of DuckDB.
func (s *Session) zoneText() string {
	if zone := s.zone(); zone != "" {
		return quoteText(zone)
	}
	return "'UTC'"
}

// location is the session's time zone.
func (s *Session) location() *time.Location {
	if loc, ok := SessionZone(s.Settings["timezone"]); ok {
		return loc
	}
	return time.UTC
}

// now is the transaction's time in the session's time zone.
func (s *Session) now() time.Time { return s.Now.In(s.location()) }

// stamp is what the session's clock shows at the transaction's time, as a literal of DuckDB, in microseconds.
func (s *Session) stamp() string {
	return "TIMESTAMP '" + s.now().Format("2006-01-02 15:04:05.999999") + "'"
}

// offset is how far the session's clock is from UTC at the transaction's time: +hh:mm.
func (s *Session) offset() string { return s.now().Format("-07:00") }

// wall is what the session's clock shows at a moment, a TIMESTAMPTZ: a TIMESTAMP.
func (b *binder) wall(sql string) string {
	if zone := b.session.zone(); zone != "" {
		return fn("rs_from_utc", castTo(sql, "TIMESTAMP"), quoteText(zone))
	}
	return castTo(sql, "TIMESTAMP")
}

// instant is the moment at which the session's clock shows a TIMESTAMP: a TIMESTAMPTZ.
func (b *binder) instant(sql string) string {
	if zone := b.session.zone(); zone != "" {
		sql = fn("rs_to_utc", castTo(sql, "TIMESTAMP"), quoteText(zone))
	}
	return castTo(sql, "TIMESTAMPTZ")
}

// clockTime is a date or timestamp as a TIMESTAMP.
func (b *binder) clockTime(v value) string {
	if v.typ.Kind == TimestampTZ {
		return b.wall(v.sql)
	}
	return castTo(v.sql, "TIMESTAMP")
}

// zoned is a time of day with the session's offset.
func (b *binder) zoned(clock string) string {
	if b.session.zone() == "" {
		return castTo(clock, "TIMETZ")
	}
	return castTo("("+castTo(clock, "VARCHAR")+" || "+quoteText(b.session.offset())+")", "TIMETZ")
}

// later is a moment with an interval added or taken away: its months and days by the session's calendar, its time by the clock.
func (b *binder) later(sql, op, span string) string {
	if b.session.zone() == "" {
		return "(" + sql + " " + op + " " + span + ")"
	}
	clock := fn("to_microseconds", castTo("("+fn("date_part", "'hour'", span)+" * 3600000000 + "+fn("date_part", "'minute'", span)+" * 60000000 + "+fn("date_part", "'microsecond'", span)+")", "BIGINT"))
	return "(" + b.instant("("+b.wall(sql)+" "+op+" ("+span+" - "+clock+"))") + " " + op + " " + clock + ")"
}

// inSession gives a text's moment the session's time zone, if it tells none.
func (m moment) inSession(loc *time.Location) moment {
	if !m.hasZone {
		m.zone, m.hasZone = loc, true
	}
	return m
}
