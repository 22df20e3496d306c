package console

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"airline/asl/report"
	"airline/asl/sim"
	"airline/etl"
)

// filesShown is how many files a page of the table has.
const filesShown = 50

// filesView is the page of all files.
type filesView struct {
	Calendars []Calendar
	Files     []*File
	List      report.List
	Query     query
	Statuses  []string
	Matching  int
}

func filesPage(_ context.Context, x *Index, q query) (*page, error) {
	v := filesView{Query: q, Statuses: []string{"SUCCEEDED", "FAILED", "RUNNING", NotStarted, StatusDeleted}}
	v.Calendars = x.calendars(q)
	text, status, day := strings.ToLower(q.Get("text")), q.Get("status"), q.Get("day")
	var matching []*File
	for _, f := range slices.Backward(x.files) {
		switch {
		case status != "" && f.Status != status,
			day != "" && f.Day() != day,
			q.Get("rejects") != "" && (f.Manifest == nil || f.Manifest.RowsRejected == 0),
			text != "" && !strings.Contains(strings.ToLower(f.Key), text):
			continue
		}
		matching = append(matching, f)
	}
	shown, list := cut(matching, filesShown, q, "from")
	v.Files, v.List, v.Matching = copies(shown), list, len(matching)
	return &page{Name: "files", Title: "Files", Data: v, Live: true}, nil
}

// Calendar are the days of a year on which flights are expected.
type Calendar struct {
	Year          int
	Months        []Month
	Before, After string // links to the years with days around it
	First, Last   string // days of all years
	Missing       int    // days of this year
}

// Month is a month of the calendar, with the blanks before its first day: weeks begin on Monday.
type Month struct {
	Name  string
	Blank []struct{}
	Days  []CalendarDay
}

// CalendarDay is a day of the calendar.
type CalendarDay struct {
	Day, Number string
	Class       string // loaded, failed, running, missing, waiting or none
	Shade       int    // of rejected rows: 0 to 4
	Text        string // for people who do not see the colour
	Link        string
}

// dayState is what the files of a day have come to.
type dayState struct {
	files, failed, running, loaded, waiting int
	read, rejected                          int64
}

// calendars are that of the year that is asked for, or of the last; in a report those of all years.
func (x *Index) calendars(q query) []Calendar {
	days := map[string]*dayState{}
	newest := map[string]*File{} // by key: what an earlier version has come to does not matter
	for _, f := range x.files {
		newest[f.Key] = f
	}
	years := []int{}
	first, last := "", ""
	for _, f := range newest {
		day := f.Day()
		if day == "" || f.Deleted {
			continue
		}
		s := days[day]
		if s == nil {
			s = &dayState{}
			days[day] = s
			first, last = min(cmp.Or(first, day), day), max(last, day)
			if year := yearOf(day); !slices.Contains(years, year) {
				years = append(years, year)
			}
		}
		s.add(f)
	}
	slices.Sort(years)
	var list []Calendar
	for i, year := range years {
		if asked := cmp.Or(q.number("year"), yearOf(q.Get("day"))); !q.Report && year != asked && (slices.Contains(years, asked) || i+1 < len(years)) {
			continue
		}
		c := Calendar{Year: year, First: first, Last: last}
		if i > 0 {
			c.Before = q.with("year", fmt.Sprint(years[i-1]))
		}
		if i+1 < len(years) {
			c.After = q.with("year", fmt.Sprint(years[i+1]))
		}
		c.fill(days, q)
		list = append(list, c)
	}
	return list
}

// fill makes the months of the year.
func (c *Calendar) fill(days map[string]*dayState, q query) {
	for month := time.January; month <= time.December; month++ {
		first := time.Date(c.Year, month, 1, 0, 0, 0, 0, time.UTC)
		if last := first.AddDate(0, 1, -1).Format(time.DateOnly); last < c.First || first.Format(time.DateOnly) > c.Last {
			continue
		}
		m := Month{Name: first.Format("2006-01"), Blank: make([]struct{}, (int(first.Weekday())+6)%7)}
		for d := first; d.Month() == month; d = d.AddDate(0, 0, 1) {
			day := c.day(d.Format(time.DateOnly), days)
			day.Number = fmt.Sprint(d.Day())
			switch day.Class {
			case "none":
			case "missing":
				c.Missing++
			default:
				day.Link = q.with("day", day.Day, "from", "")
			}
			m.Days = append(m.Days, day)
		}
		c.Months = append(c.Months, m)
	}
}

func yearOf(day string) int {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return 0
	}
	return t.Year()
}

func (s *dayState) add(f *File) {
	s.files++
	switch f.Status {
	case string(sim.Succeeded):
		s.loaded++
	case string(sim.Running):
		s.running++
	case NotStarted:
		s.waiting++
	default:
		s.failed++
	}
	if m := f.Manifest; m != nil {
		s.read, s.rejected = s.read+m.RowsRead, s.rejected+m.RowsRejected
	}
}

func (c *Calendar) day(day string, days map[string]*dayState) CalendarDay {
	d := CalendarDay{Day: day}
	s := days[day]
	switch {
	case s == nil && (day < c.First || day > c.Last):
		d.Class, d.Text = "none", day
		return d
	case s == nil:
		d.Class, d.Text = "missing", day+": no file"
		return d
	case s.failed > 0:
		d.Class = "failed"
	case s.running > 0:
		d.Class = "running"
	case s.waiting > 0:
		d.Class = "waiting"
	default:
		d.Class = "loaded"
	}
	d.Text = fmt.Sprintf("%s: %s", day, d.Class)
	if s.files > 1 {
		d.Text += fmt.Sprintf(", %d files", s.files)
	}
	if s.rejected > 0 {
		share := float64(s.rejected) / float64(s.read)
		for _, bound := range []float64{0, 0.005, 0.02, 0.1} {
			if share > bound {
				d.Shade++
			}
		}
		d.Text += ", rejected " + percent(share)
	}
	return d
}

// percent is a share for people.
func percent(share float64) string {
	if share > 0 && share < 0.001 {
		return "<0.1 %"
	}
	return fmt.Sprintf("%.1f %%", 100*share)
}

// usd is an amount in US dollars that may be small.
func usd(amount float64) string {
	if amount > 0 && amount < 0.00005 {
		return "<$0.0001"
	}
	return fmt.Sprintf("$%.4f", amount)
}

// bytesText is a size for people.
func bytesText(n int64) string {
	switch {
	case n < 1<<10:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	case n < 1<<30:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
}

// dataset is the name of what a key holds.
func (f *File) dataset() etl.Dataset { return etl.DatasetOf(f.Key) }
