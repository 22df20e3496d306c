package console_test

import (
	"fmt"
	"net/url"
	"os"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Nothing on any page is in the way of people who do not see it, or use no mouse: axe-core has no serious finding, in both themes.
func TestAxe(t *testing.T) {
	path := os.Getenv("AIRLINE_AXE")
	if path == "" {
		t.Skip("LEFT OUT: the check of accessibility: AIRLINE_AXE names no axe.min.js (make test-console)")
	}
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	s.generated(2)
	failed, late := "daily-flights/date=2008-05-06/flights.csv", "daily-flights/date=2008-05-07/late.csv"
	s.put(failed, "Carrier\nAA\n")
	s.put(late, header+"AA,1,10721,late,2\n")
	s.settle()
	b := open(t)
	findings := func() []string {
		t.Helper()
		b.run(chromedp.Evaluate(string(source)+"; 0", nil))
		return promised[[]string](b, `axe.run({resultTypes: ['violations']}).then(r => r.violations.filter(v => v.impact === 'serious' || v.impact === 'critical')
			.flatMap(v => v.nodes.slice(0, 3).map(n => v.id + ': ' + n.html.slice(0, 200) + ' ' + n.failureSummary)))`)
	}
	check := func(name string) {
		t.Helper()
		for _, finding := range findings() {
			t.Errorf("%s: %s", name, finding)
		}
	}
	pages := []string{"", "files", "executions", "rejects", "messages", "access", "bill", "machines", "actions", "warehouse?sql=select+1+a,2+b", "file?key=" + url.QueryEscape(late), "file?key=" + url.QueryEscape(failed),
		"rejects?key=" + url.QueryEscape(late), "execution?state=RunJob&arn=" + url.QueryEscape(s.last(failed))}
	for _, theme := range themes {
		for _, page := range pages {
			b.at(s.url+page, 1280, theme)
			check(fmt.Sprintf("%s, %s", page, theme))
		}
		b.report(s.index, theme)
		check("report, " + theme)
	}
	b.run(chromedp.Evaluate(`document.querySelector('main').append(document.createElement('button'))`, nil))
	if len(findings()) == 0 {
		t.Error("a button without a name is no finding: the check does not work")
	}
}

// promised is what a promise gives.
func promised[T any](b *tab, expression string) T {
	b.t.Helper()
	var v T
	b.run(chromedp.Evaluate(expression, &v, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return v
}
