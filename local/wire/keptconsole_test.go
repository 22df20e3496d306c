package wire_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local"
	"airline/local/console"
)

// What the console does to a world that is kept is in the next process too: it sets no timers, of which no journal would know.
func TestWhatTheConsoleDoesIsKept(t *testing.T) {
	g, err := stack()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	s, _, err := keptIn(t, dir, local.Options{Graph: g})
	if err != nil {
		t.Fatal(err)
	}
	var index *console.Index
	if err := s.Do(func(w *local.World) error { index = console.Watch(w); return nil }); err != nil {
		t.Fatal(err)
	}
	pages := console.New(index, s)
	ask := func(r *http.Request) *httptest.ResponseRecorder {
		r.Host, r.RemoteAddr = "127.0.0.1:4566", "127.0.0.1:5555"
		r.Header.Set("Origin", "http://127.0.0.1:4566")
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, r)
		return w
	}
	token := regexp.MustCompile(`name="token" value="(\w+)"`).FindStringSubmatch(ask(httptest.NewRequest(http.MethodGet, console.Prefix+"actions", nil)).Body.String())
	if token == nil {
		t.Fatal("the page of actions has no token")
	}
	for _, key := range []string{"airports/airports.csv", "daily-flights/date=2008-05-01/flights.csv"} { // which the first and the second press bring
		var form bytes.Buffer
		m := multipart.NewWriter(&form)
		for name, value := range map[string]string{"token": token[1], "days": "1", "day": "2008-05-01", "seed": "1"} {
			if err := m.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, console.Prefix+"actions/days", &form)
		r.Header.Set("Content-Type", m.FormDataContentType())
		if w := ask(r); w.Code != http.StatusSeeOther {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		eventually(t, "the load of "+key, func() (loaded bool) {
			if err := s.Do(func(w *local.World) error {
				for _, x := range w.SFN().Executions() {
					loaded = loaded || x.Status() == sim.Succeeded && strings.Contains(jsonvalue.String(x.Input()), key)
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			return loaded
		})
	}
	sameAgain(t, s, dir, g)
}
