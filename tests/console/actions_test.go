package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"airline/local"
)

// press presses the button with a text or value, and waits for what comes of it.
func (b *tab) press(button string) string {
	b.t.Helper()
	b.run(chromedp.Evaluate(fmt.Sprintf("window.old = true; [...document.querySelectorAll('button')].find(b => b.value === %[1]q || b.textContent === %[1]q).click()", button), nil))
	b.until("typeof old === 'undefined' && document.readyState === 'complete'")
	return b.text("main")
}

// Files that are uploaded by the button arrive, and each action shows what it did.
func TestActions(t *testing.T) {
	s := newSite(t)
	b := open(t)
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	set := func(section, field, text string) {
		t.Helper()
		b.run(chromedp.SetValue(`section[aria-label="`+section+`"] [name=`+field+`]`, text, chromedp.ByQuery))
	}
	actions := func() { b.at(s.url+"actions", 1280, "light") }

	actions()
	if name := value[string](b, `(() => { const files = new DataTransfer(); files.items.add(new File(['x'], 'dropped.csv'));
		document.querySelector('[data-drop]').dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}));
		return document.querySelector('input[type=file]').files[0].name; })()`); name != "dropped.csv" {
		t.Errorf("the form has the file %q, and not the one that was dropped", name)
	}
	b.run(chromedp.SetUploadFiles(`input[type=file]`, []string{file("airports.csv", "airport_id,city,state,name\n10397,Atlanta,GA,Hartsfield\n10721,Boston,MA,Logan\n")}, chromedp.ByQuery))
	if got := b.press("Upload"); !strings.Contains(got, "Uploaded 1 file airports/airports.csv") {
		t.Errorf("the page says %s", got)
	}
	s.settle()
	b.run(chromedp.SetUploadFiles(`input[type=file]`, []string{file("flights.csv", header+"AA,10397,10721,1,2\n"), file("more.csv", header+"AA,10397,10721,1,2\n")}, chromedp.ByQuery))
	set("Upload", "day", "2024-02-29")
	if got := b.press("Upload"); !strings.Contains(got, "Uploaded 2 files daily-flights/date=2024-02-29/flights.csv daily-flights/date=2024-02-29/more.csv") {
		t.Errorf("the page says %s", got)
	}
	b.run(chromedp.Click(`.deeds .new a`, chromedp.ByQuery), chromedp.WaitVisible(".story", chromedp.ByQuery))
	b.until(`document.querySelector('.facts .badge').textContent === 'SUCCEEDED'`) // while the page is open

	b.run(chromedp.Click(`form button`, chromedp.ByQuery)) // load once more, on the file's page
	b.until(`document.querySelector('.deeds .new') !== null`)
	if got := b.text(".deeds .new"); !strings.Contains(got, "Loaded once more") || !strings.Contains(got, "the execution") {
		t.Errorf("the page says %s", got)
	}
	s.settle()

	actions()
	set("Demo days", "days", "2")
	set("Demo days", "day", "2008-05-01")
	if got := b.press("Make and upload"); !strings.Contains(got, "Made 2 days of flights from seed 1") || !strings.Contains(got, "daily-flights/date=2008-05-02/flights.csv") {
		t.Errorf("the page says %s", got)
	}
	s.settle()

	kinds := value[[]string](b, `[...document.querySelectorAll('[name=kind]')].map(o => o.value)`)
	for _, kind := range kinds {
		set("Bad file", "day", "2008-06-01")
		if got := b.press(kind); !strings.Contains(got, "Sent a bad file: "+kind) {
			t.Errorf("%s: the page says %s", kind, got)
		}
	}
	s.settle()
	want := map[string]string{"hidden": "SUCCEEDED", "some-bad-rows": "SUCCEEDED", "notes.txt": "NOT_STARTED"}
	b.at(s.url+"files?day=2008-06-01", 1280, "light")
	got := value[[][]string](b, `[...document.querySelectorAll('tbody tr')].map(r => [r.cells[0].textContent, r.cells[1].textContent])`)
	if len(got) != len(kinds)-1 { // one has no day
		t.Errorf("%d bad files of the day, want %d", len(got), len(kinds)-1)
	}
	for _, row := range got {
		status := "FAILED"
		for name, other := range want {
			if strings.Contains(row[0], name) {
				status = other
			}
		}
		if row[1] != status {
			t.Errorf("%s is %s, want %s", row[0], row[1], status)
		}
	}
	b.picture("actions files 1280 light")

	actions()
	for _, fault := range value[[]string](b, `[...document.querySelectorAll('[name=fault]')].map(o => o.value)`) {
		actions()
		if got := b.press(fault); !strings.Contains(got, "Injected a fault: "+fault) {
			t.Errorf("%s: the page says %s", fault, got)
		}
		key := "daily-flights/date=2008-07-01/" + url.PathEscape(fault[:8]) + ".csv"
		s.put(key, header+"AA,10397,10721,1,2\n")
		s.settle()
	}
	failed := 0
	if err := s.server.Do(func(w *local.World) error { failed = len(w.SFN().Executions()); return nil }); err != nil || failed < 15 {
		t.Errorf("%d executions, %v", failed, err)
	}
	for _, width := range widths {
		for _, theme := range themes {
			b.at(s.url+"actions", width, theme)
			if wide := value[int64](b, "document.documentElement.scrollWidth"); wide > width {
				t.Errorf("at %d the page is %d wide", width, wide)
			}
			b.picture("actions " + theme + map[int64]string{1280: " 1280", 400: " 400"}[width])
		}
	}
}

// A form that is not the console's own does nothing: without the token, with another one, or from another origin.
func TestForeignForms(t *testing.T) {
	s := newSite(t)
	origin := strings.TrimSuffix(s.url, "/_airline/")
	post := func(path, origin, token, host string) int {
		t.Helper()
		const boundary = "b"
		var body strings.Builder
		for _, field := range [][2]string{{"token", token}, {"kind", "empty"}, {"day", "2008-05-01"}, {"fault", "x"}, {"key", "k"}, {"days", "1"}, {"seed", "1"}} {
			body.WriteString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field[0] + "\"\r\n\r\n" + field[1] + "\r\n")
		}
		body.WriteString("--" + boundary + "--\r\n")
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, strings.NewReader(body.String()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		if host != "" {
			r.Host = host
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	for _, path := range []string{"actions/bad", "actions/days", "actions/fault", "actions/replay", "actions/upload", "machines"} {
		for _, c := range []struct {
			name, origin, token, host string
			status                    []int
		}{
			{"no token", origin, "", "", []int{400}},
			{"another token", origin, strings.Repeat("0", 32), "", []int{400}},
			{"another origin", "http://evil.example", "", "", []int{403}},
			{"no origin", "", "", "", []int{403}},
			{"another name", "http://evil.example", "", "evil.example", []int{403}},
		} {
			if got := post(path, c.origin, c.token, c.host); !slices.Contains(c.status, got) {
				t.Errorf("%s, %s: status %d, want %v", path, c.name, got, c.status)
			}
		}
	}
	if err := s.server.Do(func(w *local.World) error {
		for _, x := range w.SFN().Executions() {
			t.Errorf("something was done: %s", x.ARN())
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
