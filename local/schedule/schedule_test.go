package schedule_test

import (
	"strings"
	"testing"
	"time"

	"airline/local/schedule"
)

func TestScheduleNext(t *testing.T) {
	from := time.Date(2024, 2, 27, 23, 59, 30, 0, time.UTC) // a Tuesday
	tests := map[string][]string{                           // the next times, one after the other
		"cron(0 0 * * ? *)":           {"2024-02-28T00:00:00Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		"cron(15/20 8-9 ? * MON *)":   {"2024-03-04T08:15:00Z", "2024-03-04T08:35:00Z", "2024-03-04T08:55:00Z", "2024-03-04T09:15:00Z"},
		"cron(30 6 29 FEB,DEC ? *)":   {"2024-02-29T06:30:00Z", "2024-12-29T06:30:00Z", "2025-12-29T06:30:00Z"},
		"cron(0 12 1 1 ? 2024,2026)":  {"2026-01-01T12:00:00Z", "0001-01-01T00:00:00Z"},
		"cron(*/30 23 L-1 * ? *)":     nil,
		"cron(0 0 * * * *)":           nil,
		"cron(60 0 * * ? *)":          nil,
		"cron(0 0 * * ?)":             nil,
		"rate(1 day)":                 {"2024-02-28T23:59:30Z", "2024-02-29T23:59:30Z"},
		"rate(5 minutes)":             {"2024-02-28T00:04:30Z"},
		"rate( 10 minutes )":          nil,
		"rate(10  minutes)":           nil,
		"rate(1 days)":                nil,
		"rate(0 days)":                nil,
		"rate(5 minute)":              nil,
		"at(2024-03-01T00:00:00)":     nil,
		"every day":                   nil,
		"cron(0 0 * * ? *) and then ": nil,
	}
	for text, want := range tests {
		s, err := schedule.Parse(text)
		if want == nil {
			if err == nil || !strings.Contains(err.Error(), "schedule expression") {
				t.Errorf("%s: error = %v, want one that says of what", text, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		at := from
		for _, w := range want {
			at = s.Next(at)
			if got := at.Format(time.RFC3339); got != w {
				t.Errorf("%s: next is %s, want %s", text, got, w)
			}
		}
	}
}
