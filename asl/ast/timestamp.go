package ast

import (
	"strings"
	"time"
)

// ParseTimestamp reads a timestamp of the States Language: RFC 3339 with a
// capital T, and a capital Z where there is no numeric offset. As on AWS, whose
// parser is Java's, the seconds may be absent, a fraction has one to nine digits
// after a point, and offsets go to 18 hours.
func ParseTimestamp(text string) (time.Time, bool) {
	digits := strings.TrimSuffix(text, "Z")
	if digits == text {
		// "+01:00": two digits, a colon, two digits.
		n := len(text) - len("+01:00")
		if n < 0 || text[n] != '+' && text[n] != '-' || text[n+3] != ':' {
			return time.Time{}, false
		}
		if zone := text[n+1:]; zone > "18:00" || zone[3] > '5' {
			return time.Time{}, false
		}
		digits = text[:n]
	}
	layout := "2006-01-02T15:04"
	if len(digits) > len(layout) {
		layout = "2006-01-02T15:04:05"
	}
	// The standard library's parser also takes hours of one digit, and a comma.
	if len(digits) < len(layout) || digits[len("2006-01-02T15")] != ':' {
		return time.Time{}, false
	}
	if fraction := digits[len(layout):]; fraction != "" && (fraction[0] != '.' || len(fraction) < 2 || len(fraction) > 10) {
		return time.Time{}, false
	}
	t, err := time.Parse(layout+"Z07:00", text)
	return t, err == nil
}
