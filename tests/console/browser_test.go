package console_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium finds the browser; without it the test is left out, and says so.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("LEFT OUT: the console in a browser: there is no Chromium here (Debian: apt-get install chromium)")
	return ""
}

// tab is a tab of a browser that notes whatever goes wrong in it.
type tab struct {
	context.Context
	t testing.TB

	mu       sync.Mutex
	problems []string
}

// open starts a browser. Whatever its console calls an error, and each request beyond loopback, fails the test.
func open(t testing.TB) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true), chromedp.WSURLReadTimeout(time.Minute))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(cancel)
	limited, cancel := context.WithTimeout(ctx, 15*time.Minute)
	t.Cleanup(cancel)
	b := &tab{Context: limited, t: t}
	chromedp.ListenTarget(limited, b.listen)
	if err := chromedp.Run(limited, network.Enable(), log.Enable(), runtime.Enable()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.check)
	return b
}

func (b *tab) note(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.problems = append(b.problems, fmt.Sprintf(format, args...))
}

func (b *tab) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			b.note("console: %s %v", e.Type, e.Args)
		}
	case *runtime.EventExceptionThrown:
		b.note("exception: %s", e.ExceptionDetails.Error())
	case *log.EventEntryAdded: // violations of the content security policy are here
		if e.Entry.Level == log.LevelError || e.Entry.Level == log.LevelWarning {
			b.note("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent: // data: is the icon of a date field
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "file" && u.Scheme != "about" && u.Scheme != "data" && u.Hostname() != "127.0.0.1" {
			b.note("a request beyond loopback: %s", e.Request.URL)
		}
	}
}

// check fails the test if anything went wrong, and forgets it.
func (b *tab) check() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.t.Error(p)
	}
	b.problems = nil
}

func (b *tab) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b, actions...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

// at opens an address at a width, in a theme.
func (b *tab) at(address string, width int64, theme string) {
	b.t.Helper()
	b.run(
		emulation.SetDeviceMetricsOverride(width, 900, 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}),
		chromedp.Navigate(address), chromedp.WaitReady("body"),
	)
}

// value is what an expression of JavaScript gives.
func value[T any](b *tab, expression string) T {
	b.t.Helper()
	var v T
	b.run(chromedp.Evaluate(expression, &v))
	return v
}

// until waits for an expression to hold. While the page changes for another, nothing can be asked.
func (b *tab) until(expression string) {
	b.t.Helper()
	end := time.Now().Add(30 * time.Second)
	for {
		var so bool
		err := chromedp.Run(b, chromedp.Evaluate(expression, &so))
		if so && err == nil {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("%s does not come true (%v); the page says %.2000s", expression, err, value[string](b, "document.body.innerText"))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// picture keeps a picture of the page, where AIRLINE_PICTURES names a folder for them.
func (b *tab) picture(name string) {
	b.t.Helper()
	dir := os.Getenv("AIRLINE_PICTURES")
	if dir == "" {
		return
	}
	var png []byte
	b.run(chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, " ", "-")+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
