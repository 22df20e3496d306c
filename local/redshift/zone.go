package redshift

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// abbreviations are time zones by their short names, in seconds east of UTC ("Time zone abbreviations").
var abbreviations = map[string]int{
	"utc": 0, "gmt": 0, "z": 0, "zulu": 0, "ut": 0, "uct": 0, "wet": 0,
	"est": -5 * 3600, "edt": -4 * 3600, "cst": -6 * 3600, "cdt": -5 * 3600, "mst": -7 * 3600, "mdt": -6 * 3600, "pst": -8 * 3600, "pdt": -7 * 3600,
	"akst": -9 * 3600, "akdt": -8 * 3600, "hst": -10 * 3600, "ast": -4 * 3600, "adt": -3 * 3600, "nst": -12600, "ndt": -9000,
	"bst": 3600, "cet": 3600, "cest": 2 * 3600, "met": 3600, "mest": 2 * 3600, "eet": 2 * 3600, "eest": 3 * 3600, "msk": 3 * 3600, "msd": 4 * 3600,
	"ist": 2 * 3600, "pkt": 5 * 3600, "sgt": 8 * 3600, "hkt": 8 * 3600, "jst": 9 * 3600, "kst": 9 * 3600, "awst": 8 * 3600, "aest": 10 * 3600,
	"aedt": 11 * 3600, "nzst": 12 * 3600, "nzdt": 13 * 3600, "brt": -3 * 3600, "art": -3 * 3600, "west": 3600,
}

var zones sync.Map // name to *time.Location

// zoneOf finds a time zone by its name, its abbreviation or in POSIX's form, where GMT+2 is two hours west of Greenwich
// ("CONVERT_TIMEZONE function", "Using a POSIX-style format").
func zoneOf(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	loc, err := findZone(strings.TrimSpace(name))
	if err != nil {
		return nil, err
	}
	zones.Store(name, loc)
	return loc, nil
}

func findZone(name string) (*time.Location, error) {
	if offset, ok := abbreviations[strings.ToLower(name)]; ok {
		return time.FixedZone(strings.ToUpper(name), offset), nil
	}
	if loc, ok := posixZone(name); ok {
		return loc, nil
	}
	if name != "" && name != "Local" {
		for _, spelt := range []string{name, strings.ToUpper(name), titled(name), upperLast(titled(name))} {
			if loc, err := time.LoadLocation(spelt); err == nil {
				return loc, nil
			}
		}
	}
	return nil, fmt.Errorf("time zone %q not recognized", name)
}

// titled is Area/Some_City of a name in any case.
func titled(name string) string {
	b := []byte(strings.ToLower(name))
	for i := range b {
		if (i == 0 || b[i-1] == '/' || b[i-1] == '_') && isLetter(b[i]) {
			b[i] &^= 0x20
		}
	}
	return string(b)
}

// upperLast has the last part of a name in capitals, as Etc/UTC.
func upperLast(name string) string {
	i := strings.LastIndexByte(name, '/') + 1
	return name[:i] + strings.ToUpper(name[i:])
}

// posixZone reads NAME+hh[:mm[:ss]] or NAME -hh; the name means nothing.
func posixZone(name string) (*time.Location, bool) {
	at := strings.IndexAny(name, "+-")
	if at < 3 || strings.HasPrefix(name, "Etc/") {
		return nil, false
	}
	for _, c := range []byte(strings.TrimSuffix(name[:at], " ")) {
		if !isLetter(c) && c != '/' && c != '_' {
			return nil, false
		}
	}
	seconds, unit := 0, 3600
	for part := range strings.SplitSeq(name[at+1:], ":") {
		if !allDigits(part) || len(part) > 2 || unit == 0 {
			return nil, false
		}
		seconds += number2(part) * unit
		unit /= 60
	}
	if name[at] == '+' {
		seconds = -seconds
	}
	return time.FixedZone(name, seconds), true
}
