package console_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"airline/infra"
	"airline/local"
	"airline/local/console"
	"airline/local/demo"
)

// report opens the report of a world from disk.
func (b *tab) report(index *console.Index, theme string) {
	b.t.Helper()
	var page bytes.Buffer
	if err := index.Report(b.t.Context(), &page); err != nil {
		b.t.Fatal(err)
	}
	b.file(page.Bytes(), theme)
}

func (b *tab) file(page []byte, theme string) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), "report.html")
	if err := os.WriteFile(path, page, 0o644); err != nil {
		b.t.Fatal(err)
	}
	b.at("file://"+path, 1280, theme)
}

// The report of 38 days is one file of at most 5 MB that needs no network, leads everywhere by its links, and is whole at both widths.
func TestReport(t *testing.T) {
	var page bytes.Buffer
	_, err := demo.Run(t.Context(), demo.Options{Project: "../..", Stack: "dev", Program: infra.Program, Seed: 1, Days: 38,
		Watch: func(w *local.World) func(context.Context) error {
			index := console.Watch(w)
			return func(ctx context.Context) error { return index.Report(ctx, io.Writer(&page)) }
		}}, demo.Silent)
	if err != nil {
		t.Fatal(err)
	}
	if page.Len() > 5_000_000 {
		t.Errorf("the report has %d bytes, want at most 5,000,000", page.Len())
	}
	b := open(t)
	b.file(page.Bytes(), "light")
	visible := func(want string) {
		t.Helper()
		b.until(`[...document.querySelectorAll('.page')].filter(e => e.checkVisibility()).map(e => e.id).join() === '` + want + `'`)
	}
	visible("pipeline")
	if broken := value[string](b, `[...document.querySelectorAll('a[href^="#"]')].map(a => a.getAttribute('href').slice(1)).filter(id => !document.getElementById(id)).join(' ')`); broken != "" {
		t.Errorf("links that lead nowhere: %.300s", broken)
	}
	if other := value[int](b, `document.querySelectorAll('a[href]:not([href^="#"]), form, script').length`); other != 0 {
		t.Errorf("%d links, forms or scripts that need a server", other)
	}
	if twice := value[string](b, `(() => { const seen = new Set(), twice = []; for (const e of document.querySelectorAll('[id]')) { if (seen.has(e.id)) twice.push(e.id); seen.add(e.id); } return twice.join(' '); })()`); twice != "" {
		t.Errorf("ids that are there twice: %.300s", twice)
	}
	if n := value[int](b, `document.querySelectorAll('.page[id^=e] .asl-picture').length`); n != 39 {
		t.Errorf("%d executions are drawn, want all 39", n)
	}
	if n := value[int](b, `document.querySelectorAll('defs > g.asl-picture').length`); n < 2 || n > 20 {
		t.Errorf("the drawings share %d pieces", n)
	}
	if n := value[int](b, `document.querySelectorAll('defs > g:not(.asl-picture)').length`); n > 0 {
		t.Errorf("%d pieces of drawings have no style where they are used", n)
	}
	if n := value[int](b, `[...document.querySelectorAll('.bars path')].filter(e => getComputedStyle(e).fill === 'rgb(0, 0, 0)').length`); n > 0 {
		t.Errorf("%d bars are black", n)
	}
	b.run(chromedp.Click(`nav a[href="#files"]`, chromedp.ByQuery))
	visible("files")
	// Of the files that loaded, the newest's executions are drawn.
	b.run(chromedp.Evaluate(`[...document.querySelectorAll('.days a')].at(-1).click()`, nil))
	b.until(`[...document.querySelectorAll('.page h1')].filter(e => e.checkVisibility()).map(e => e.textContent).join() === 'daily-flights/date=2008-06-07/flights.csv'`)
	b.run(chromedp.Evaluate(`[...document.querySelectorAll('.story a')].find(e => e.checkVisibility()).click()`, nil))
	b.until(`[...document.querySelectorAll('.asl-picture')].filter(e => e.checkVisibility()).length === 1`)
	b.run(chromedp.Evaluate(`[...document.querySelectorAll('.asl-picture a.state')].find(e => e.checkVisibility() && e.getAttribute('aria-label').startsWith('RunJob,')).dispatchEvent(new MouseEvent('click', {bubbles: true}))`, nil))
	b.until(`[...document.querySelectorAll('.detail')].filter(e => e.checkVisibility()).map(e => e.getAttribute('aria-label')).join() === 'State RunJob'`)
	for _, width := range widths {
		for _, theme := range themes {
			b.at(value[string](b, "location.href.split('#')[0] + '#e3'"), width, theme)
			if wide := value[int64](b, "document.documentElement.scrollWidth"); wide > width {
				t.Errorf("at %d the report is %d wide", width, wide)
			}
			b.picture(strings.Join([]string{"report", theme, map[int64]string{1280: "1280", 400: "400"}[width]}, " "))
		}
	}
}
