package console_test

import (
	"fmt"
	"net/url"
	"testing"
)

// widths and themes in which every page must be whole.
var (
	widths = []int64{1280, 400}
	themes = []string{"light", "dark"}
)

// Every page is shown at both widths and in both themes: nothing sticks out to the side, nothing is complained of.
func TestPages(t *testing.T) {
	s := newSite(t)
	b := open(t)
	s.generated(3)
	s.put("daily-flights/date=2008-05-06/flights.csv", "Carrier,OriginAirportID\nAA,1\n")
	s.put("daily-flights/date=2008-05-07/late.csv", header+"AA,10397,10721,late,2\nAA,10397,10721,1,2\nAA,10397,10721,1,2\n")
	s.settle()
	failed, late := "daily-flights/date=2008-05-06/flights.csv", "daily-flights/date=2008-05-07/late.csv"
	for _, page := range []struct{ name, path, want string }{
		{"pipeline", "", "Raw bucket"},
		{"files", "files", "2008-05-01"},
		{"file", "file?key=" + url.QueryEscape(late), "Rows checked"},
		{"failed file", "file?key=" + url.QueryEscape(failed), "DestAirportID"},
		{"executions", "executions", "ingest-flights"},
		{"execution", "execution?arn=" + url.QueryEscape(s.last(late)) + "&state=RunJob", "attempt"},
		{"failed execution", "execution?arn=" + url.QueryEscape(s.last(failed)), "missing columns"},
		{"rejects", "rejects", "invalid DepDelay"},
		{"rejects of a file", "rejects?key=" + url.QueryEscape(late), "late"},
		{"warehouse", "warehouse?sql=" + url.QueryEscape("select carrier, count(*) n from airlines.daily_flights_fact group by 1 order by 2 desc;"), "Delays of routes"},
		{"messages", "messages", "Notifications"},
		{"access", "access", "airline-dev-job"},
		{"bill", "bill", "Step Functions"},
		{"machines", "machines", "What the machine's role needs"},
	} {
		for _, width := range widths {
			for _, theme := range themes {
				name := fmt.Sprintf("%s %d %s", page.name, width, theme)
				b.at(s.url+page.path, width, theme)
				if !value[bool](b, fmt.Sprintf("document.body.innerText.includes(%q)", page.want)) {
					t.Errorf("%s: no %q on the page: %.1000s", name, page.want, value[string](b, "document.body.innerText"))
				}
				if wide := value[int64](b, "document.documentElement.scrollWidth"); wide > width {
					t.Errorf("%s: the page is %d wide", name, wide)
				}
				b.picture(name)
				b.check()
			}
		}
	}
}
