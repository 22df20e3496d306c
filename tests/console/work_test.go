package console_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/chromedp/chromedp"

	"airline/local"
	"airline/local/door"
)

// text is what an element shows.
func (b *tab) text(selector string) string {
	b.t.Helper()
	var text string
	b.run(chromedp.Text(selector, &text, chromedp.ByQuery))
	return text
}

// The workbench draws, judges and runs a definition that was pasted, with its mocks, in colours.
func TestWorkbench(t *testing.T) {
	s := emptySite(t, `{"StateMachines": {}, "MockedResponses": {}}`)
	b := open(t)
	b.at(s.url+"machines", 1280, "light")
	fill := func(name, text string) {
		t.Helper()
		b.run(chromedp.SetValue("#"+name, text, chromedp.ByID))
	}
	press := func(what string) {
		t.Helper()
		b.run(chromedp.Evaluate("window.old = true", nil), chromedp.Click(`button[value=`+what+`]`, chromedp.ByQuery))
		b.until("typeof old === 'undefined' && document.readyState === 'complete'")
	}
	fill("definition", colour)
	fill("input", `{"items": [1, 2, 3]}`)
	fill("mocks", colourMocks)
	press("look")
	if got := b.text("main"); !strings.Contains(got, "glue:GetCrawler") || !strings.Contains(got, "The definition has no problems") {
		t.Errorf("the page says %s", got)
	}
	press("run")
	for state, class := range map[string]string{"Again": "succeeded", "Work": "caught", "Bad": "failed"} {
		if got := value[string](b, `[...document.querySelectorAll('#test-run a.state')].find(a => a.getAttribute('aria-label').startsWith('`+state+`,')).querySelector('rect').className.baseVal`); !strings.Contains(got, class) {
			t.Errorf("%s has the classes %s, want %s", state, got, class)
		}
	}
	if got := value[string](b, "document.getElementById('definition').value"); got != colour {
		t.Errorf("the definition is gone: %s", got)
	}
	for _, c := range []struct{ name, definition, mocks, input, want string }{
		{"no JSON", `{"StartAt": `, "{}", "{}", "error"},
		{"a state that is not there", `{"StartAt": "<script>", "States": {"A": {"Type": "Succeed"}}}`, "{}", "{}", `there is no state "<script>"`},
		{"mocks of another state", `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`, `{"B": [{"return": 1}]}`, "{}", `no state "B"`},
		{"input that is no JSON", `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`, "{}", "{", "input"},
		{"an expression without end", `{"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": "{% ($f := function($n) {$f($n + 1)}; $f(0)) %}", "End": true}}}`, "{}", "{}", "States.QueryEvaluationError"},
		{"a loop without end", `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "C"}], "Default": "A"}, "C": {"Type": "Succeed"}}}`, "{}", "{}", "25\u202f000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fill("definition", c.definition)
			fill("mocks", c.mocks)
			fill("input", c.input)
			press("run")
			if got := b.text("main"); !strings.Contains(got, c.want) {
				t.Errorf("no %q in %.3000s", c.want, got)
			}
			b.harmless(c.name)
		})
	}
}

// The query box answers SELECT and nothing else.
func TestQueryBox(t *testing.T) {
	s := newSite(t)
	s.generated(1)
	s.settle()
	b := open(t)
	ask := func(sql string) string {
		t.Helper()
		b.at(s.url+"warehouse?sql="+url.QueryEscape(sql), 1280, "light")
		return b.text("main")
	}
	if got := ask("select carrier, count(*) flights from airlines.daily_flights_fact group by 1 order by 2 desc -- all\n;"); !strings.Contains(got, "flights") || value[int](b, "document.querySelectorAll('.chart tr').length") < 5 {
		t.Errorf("the answer is %.2000s", got)
	}
	if got := ask("select a.flight_date from airlines.daily_flights_fact a, airlines.daily_flights_fact b"); !strings.Contains(got, "The first 500 rows") {
		t.Errorf("the answer is not cut: %.2000s", got)
	}
	for _, sql := range []string{"delete from airlines.daily_flights_fact", "select 1) as x; drop table airlines.daily_flights_fact; select * from (select 1", "select * from nothing", "drop table airlines.daily_flights_fact",
		"select count(*) from airlines.daily_flights_fact a, airlines.daily_flights_fact b, airlines.daily_flights_fact c, airlines.daily_flights_fact d, airlines.daily_flights_fact e where a.carrier < b.carrier || c.carrier || d.carrier || e.carrier"} {
		ask(sql)
		if value[int](b, "document.querySelectorAll('[role=alert]').length") != 1 {
			t.Errorf("%s is not refused", sql)
		}
	}
	if got := ask("select count(*) as facts from airlines.daily_flights_fact"); !strings.Contains(got, "daily_flights_fact\t19") {
		t.Errorf("the table is not what it was: %.2000s", got)
	}
}

// A refused call shows the statement that is missing.
func TestRefusedCall(t *testing.T) {
	s := newSite(t)
	err := s.server.Do(func(w *local.World) error {
		role, ok := w.IAM().RoleARN("airline-dev-job")
		if !ok {
			t.Fatal("there is no such role")
		}
		ctx := door.As(t.Context(), door.Principal{ARN: role, Role: role, Account: w.Graph.Account})
		_, err := w.S3().DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(s.bucket), Key: aws.String("<b>key</b>")})
		return err
	})
	if err == nil {
		t.Fatal("the job may delete raw files")
	}
	b := open(t)
	b.at(s.url+"access", 400, "dark")
	got := b.text("main")
	for _, want := range []string{"A policy of airline-dev-job needs the statement", `"Action": "s3:DeleteObject"`, `"Resource": "arn:aws:s3:::` + s.bucket + `/<b>key</b>"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	b.harmless("access")
	b.picture("refused call 400 dark")
}
