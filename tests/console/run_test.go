package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// A page that is open shows what happens, without being loaded again.
func TestLive(t *testing.T) {
	s := newSite(t)
	b := open(t)
	b.at(s.url, 1280, "light")
	b.until(`document.getElementById('connection').textContent === 'live'`)
	b.run(chromedp.Evaluate(`window.stays = true; window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => shift += e.value)).observe({type: 'layout-shift', buffered: true})`, nil))
	s.generated(2)
	b.until(`document.querySelector('[data-live=raw]').textContent === '3 files'`)
	b.until(`document.querySelector('[data-live=executions]').textContent.includes('3 succeeded')`)
	b.until(`[...document.querySelectorAll('#newest .badge')].every(e => e.textContent === 'SUCCEEDED') && document.querySelectorAll('#newest tbody tr').length === 3`)
	if !value[bool](b, "window.stays === true") {
		t.Error("the page was loaded again")
	}
	if shift := value[float64](b, "shift"); shift > 0.1 { // what web.dev calls good
		t.Errorf("what is on the page has moved by %.3f", shift)
	}
	// By keyboard alone: the newest file is a link in the table, its execution a link in the story, a state a link in the drawing.
	b.run(chromedp.Focus("#newest tbody a", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".story a", chromedp.ByQuery))
	b.run(chromedp.Focus(".story a", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".asl-picture a.state", chromedp.ByQuery))
	b.run(chromedp.Evaluate(`[...document.querySelectorAll('.asl-picture a.state')].find(a => a.getAttribute('aria-label').startsWith('RunJob,')).focus()`, nil),
		chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#x-state", chromedp.ByQuery))
	if text := value[string](b, "document.getElementById('x-state').innerText"); !strings.Contains(text, "RunJob") || !strings.Contains(text, `"bucket"`) {
		t.Errorf("the state is shown as %s", text)
	}
}

const (
	task   = `"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Parameters": {"Name": "x"}`
	colour = `{"StartAt": "Again", "States": {
		"Again": {` + task + `, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 3}], "ResultPath": "$.got", "Next": "Each"},
		"Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 1, "ResultPath": null, "ItemProcessor": {"StartAt": "Work", "States": {
			"Work": {` + task + `, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Skip"}], "End": true}, "Skip": {"Type": "Pass", "End": true}}}, "Next": "Store"},
		"Store": {` + task + `, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Tell"}], "Next": "Done"},
		"Tell": {"Type": "Pass", "Next": "Bad"}, "Bad": {"Type": "Fail", "Error": "E", "Cause": "C"}, "Done": {"Type": "Succeed"}}}`
	colourMocks = `{"StateMachines": {"colours": {"TestCases": {"one": {"Again": "again", "Work": "work", "Store": "shut"}}}}, "MockedResponses": {
		"again": {"0": {"Throw": {"Error": "Busy", "Cause": "later"}}, "1": {"Return": {}}},
		"work": {"0": {"Return": {}}, "1": {"Throw": {"Error": "Gone", "Cause": "no item"}}, "2": {"Return": {}}},
		"shut": {"0": {"Throw": {"Error": "Shut", "Cause": "closed"}}}}}`
)

// The drawing has the colours of what happened, as the console of Step Functions has them.
func TestColours(t *testing.T) {
	s := emptySite(t, colourMocks)
	arn := s.start("colours", colour, "one", `{"items": [1, 2, 3]}`)
	b := open(t)
	address := s.url + "execution?arn=" + url.QueryEscape(arn)
	b.at(address, 1280, "light")
	got := value[map[string]string](b, `Object.fromEntries([...document.querySelectorAll('.asl-picture a.state')].map(a =>
		[a.getAttribute('aria-label').split(',')[0], a.querySelector('rect').getAttribute('class') + ' ' + getComputedStyle(a.querySelector('rect')).stroke]))`)
	const green, red, orange, grey = "rgb(29, 129, 2)", "rgb(209, 50, 18)", "rgb(204, 122, 0)", "rgb(155, 167, 182)"
	want := map[string]string{
		"Again": "box succeeded " + green, "Each": "nest nest0 succeeded " + green, "Work": "box caught " + orange, "Skip": "box succeeded " + green,
		"Store": "box caught " + orange, "Tell": "box succeeded " + green, "Bad": "box failed " + red, "Done": "box " + grey,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error("states (-want +got):\n", diff)
	}
	for state, text := range map[string][]string{
		"Again": {"2 attempts", "Busy", "later"}, "Each": {"3 items"}, "Work": {"Each[1]", "Gone", "no item", "Caught error"}, "Bad": {"C"},
	} {
		b.at(address+"&state="+state, 1280, "light")
		shown := value[string](b, "document.getElementById('x-state').innerText")
		for _, want := range text {
			if !strings.Contains(shown, want) {
				t.Errorf("%s: no %q in %s", state, want, shown)
			}
		}
	}
	if waiting := value[int](b, `document.querySelectorAll('.timeline rect.wait').length`); waiting != 1 {
		t.Errorf("%d waits on the time line, want the one before the second attempt", waiting)
	}
}

// Markup in whatever a file can influence, and in names, errors and payloads, is shown as text.
func TestUntrusted(t *testing.T) {
	const script = `<script>hacked=1</script>`
	const image = `"><img src=x onerror=hacked=1>`
	key := "daily-flights/date=2008-05-01/" + script + `'"&.csv`
	s := newSite(t)
	s.generated(1)
	s.put(key, `Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,<script>hacked=1</script>`+"\n"+
		`AA,`+script+`,10721,1,2,`+script+"\n"+`AA,10397,10721,<img src=x onerror=hacked=1>,2,x`+"\n"+`"<svg onload=hacked=1>",1,2`+"\n")
	s.put("daily-flights/date=2008-05-02/"+image+".csv", "Carrier,"+strings.ReplaceAll(image, `"`, "")+"\nAA,1\n")
	s.put("airports/"+script+".csv", "airport_id,city,state,name\n99,<script>hacked=1</script>,ST,<b>bold</b>\n")
	s.settle()
	b := open(t)
	var paths []string
	for _, k := range []string{key, "daily-flights/date=2008-05-02/" + image + ".csv", "airports/" + script + ".csv"} {
		paths = append(paths, "file?key="+url.QueryEscape(k), "execution?arn="+url.QueryEscape(s.last(k)), "execution?state=RunJob&arn="+url.QueryEscape(s.last(k)))
	}
	paths = append(paths, "", "files", "files?text="+url.QueryEscape(image), "executions?status="+url.QueryEscape(image), "rejects", "rejects?reason="+url.QueryEscape(script),
		"rejects?key="+url.QueryEscape(key), "messages", "file?key="+url.QueryEscape(image), "execution?arn="+url.QueryEscape(image), "execution?arn=x&state="+url.QueryEscape(script),
		strings.ReplaceAll(url.PathEscape(image), "%2F", "/"))
	for _, path := range paths {
		b.at(s.url+path, 1280, "light")
		b.harmless(path)
	}
	b.run(chromedp.Navigate(s.url + "rejects?key=" + url.QueryEscape(key)))
	if text := value[string](b, "document.body.innerText"); !strings.Contains(text, script) {
		t.Errorf("the markup is not shown as text: %s", text)
	}
	// The report is a document of its own, with the same texts.
	b.report(s.index, "light")
	b.harmless("report")
	b.forget("404") // pages that are not there
}

// harmless fails when a text has become markup.
func (b *tab) harmless(what string) {
	b.t.Helper()
	if bad := value[string](b, `[typeof hacked !== 'undefined' && 'a script ran', document.querySelectorAll('script:not([src="/_airline/static/console.js"])').length && 'a script is there',
		document.querySelectorAll('img, iframe, object, b').length && 'an element is there', [...document.querySelectorAll('*')].some(e => [...e.attributes].some(a => a.name.startsWith('on'))) && 'a handler is there']
		.filter(Boolean).join(', ')`); bad != "" {
		b.t.Errorf("%s: %s", what, bad)
	}
}

// Pages of errors say what is wrong, and are pages.
func TestFailures(t *testing.T) {
	s := emptySite(t, `{"StateMachines": {}, "MockedResponses": {}}`)
	b := open(t)
	for path, want := range map[string]string{
		"file?key=none": "no file none", "execution?arn=none": "there is no execution none", "nothing": "there is no page", "rejects?key=none": "no load of none",
	} {
		b.at(s.url+path, 400, "dark")
		if text := value[string](b, "document.querySelector('main').innerText"); !strings.Contains(text, want) {
			t.Errorf("%s: no %q in %s", path, want, text)
		}
	}
	b.forget("404")
	for _, path := range []string{"", "files", "executions", "rejects", "messages", "warehouse", "access", "bill", "machines", "actions"} {
		b.at(s.url+path, 400, "light")
		if title := value[string](b, "document.title"); !strings.Contains(title, "airline none") {
			t.Errorf("%s: the title is %s", path, title)
		}
	}
}

// forget drops the complaints that a text is in, which are meant to be.
func (b *tab) forget(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var rest []string
	for _, p := range b.problems {
		if !strings.Contains(p, text) {
			rest = append(rest, p)
		}
	}
	b.problems = rest
}
