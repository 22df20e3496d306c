package demo

import (
	"fmt"
	"io"
	"slices"
	"time"

	"airline/etl"
)

// Progress is told what happens while it happens.
type Progress interface {
	// Phase begins a part of the work.
	Phase(format string, args ...any)
	// File tells that a file was uploaded, has entered a state, or has ended.
	File(f *File, state string)
	// Done is the end; nothing is told after it.
	Done()
}

// Silent is a Progress that tells nobody.
var Silent Progress = silent{}

type silent struct{}

func (silent) Phase(string, ...any) {}
func (silent) File(*File, string)   {}
func (silent) Done()                {}

// Lines is a Progress that writes one line a phase and a file, as a log wants it.
func Lines(w io.Writer) Progress { return lines{w} }

type lines struct{ w io.Writer }

func (l lines) Phase(format string, args ...any) { fmt.Fprintf(l.w, format+"\n", args...) }

func (l lines) File(f *File, _ string) {
	if f.Ended() {
		fmt.Fprintln(l.w, line(f))
	}
}

func (lines) Done() {}

// line tells how a file ended.
func line(f *File) string {
	counts := fmt.Sprintf("%d %s", f.RowsRead, plural("row", int(f.RowsRead)))
	if f.RowsRejected > 0 {
		counts += fmt.Sprintf(", %d rejected", f.RowsRejected)
	}
	text := fmt.Sprintf("%-9s %s  %s, after %s", f.Status, etl.Visible(f.Key), counts, f.Elapsed.Round(time.Second))
	if f.Error != "" {
		text += fmt.Sprintf("\n          %s: %s", f.Error, etl.Visible(f.Cause))
	}
	return text
}

// Terminal is a Progress that shows the files under way state by state, in the
// last lines of a terminal of that width and height, and writes a line for each
// that has ended. now is the real time, which only limits how often it draws.
func Terminal(w io.Writer, width, height int, now func() time.Time) Progress {
	return &terminal{w: w, width: max(width, 40), height: max(height, 5), now: now, states: map[*File]string{}}
}

type terminal struct {
	w             io.Writer
	width, height int
	now           func() time.Time
	drawn         time.Time
	rows          int // lines of the live part on the screen
	active        []*File
	states        map[*File]string
	total, ended  int
	phase         string
}

// redraw is the shortest time between two drawings.
const redraw = 40 * time.Millisecond

func (t *terminal) Phase(format string, args ...any) {
	t.phase = fmt.Sprintf(format, args...)
	t.above(t.phase)
	t.draw()
}

func (t *terminal) File(f *File, state string) {
	switch {
	case f.Ended():
		t.ended++
		t.active = slices.DeleteFunc(t.active, func(other *File) bool { return other == f })
		delete(t.states, f)
		t.above(line(f))
		t.draw()
		return
	case state != "":
		t.states[f] = state
	default:
		if !slices.Contains(t.active, f) {
			t.total++
			t.active = append(t.active, f)
		}
	}
	if t.now().Sub(t.drawn) >= redraw {
		t.draw()
	}
}

func (t *terminal) Done() { t.clear() }

// above writes a line that stays, over the live part.
func (t *terminal) above(text string) {
	t.clear()
	fmt.Fprintln(t.w, text)
}

func (t *terminal) clear() {
	if t.rows > 0 {
		fmt.Fprintf(t.w, "\x1b[%dA\x1b[J", t.rows)
		t.rows = 0
	}
}

func (t *terminal) draw() {
	t.clear()
	t.drawn = t.now()
	if len(t.active) == 0 {
		return
	}
	shown := min(len(t.active), t.height-3)
	for _, f := range t.active[:shown] {
		state := t.states[f]
		if state == "" {
			state = "waiting for its event"
		}
		t.row(fmt.Sprintf("  %-26s %s", state, etl.Visible(f.Key)))
	}
	more := ""
	if n := len(t.active) - shown; n > 0 {
		more = fmt.Sprintf(", %d more under way", n)
	}
	t.row(fmt.Sprintf("  %d of %d files%s", t.ended, t.total, more))
}

func (t *terminal) row(text string) {
	if r := []rune(text); len(r) > t.width-1 {
		text = string(r[:t.width-2]) + "…"
	}
	fmt.Fprintln(t.w, text)
	t.rows++
}
