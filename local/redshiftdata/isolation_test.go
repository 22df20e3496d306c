package redshiftdata

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// TestIsolation plays transactions, step by step: "1 r a" is transaction 1 reading table a, "1 w a" writing it, "1 c" its commit.
func TestIsolation(t *testing.T) {
	for _, history := range []struct {
		what, steps string
		fails       string // the step that does
	}{
		{"readers do not disturb", "1 r a,2 r a,1 c,2 c", ""},
		{"each reads what the other writes", "1 r a,2 r b,1 w b,2 w a,1 c,2 c", "2 c"},
		{"one after the other", "1 r a,1 w b,1 c,2 r b,2 w a,2 c", ""},
		{"only one of them reads the other's table", "1 r a,2 w a,1 w b,2 c,1 c", ""},
		{"both update the table that both have read", "1 r a,2 r a,1 w a,1 c,2 w a,2 c", "2 c"},
		{"two inserts", "1 r b,2 r b,1 w a,1 c,2 w a,2 c", ""},
		{"temporary tables are one's own", "1 r tmp,2 r tmp,1 w tmp,2 w tmp,1 c,2 c", ""},
		{"a circle of three", "1 r a,2 r b,3 r c,1 w b,2 w c,3 w a,1 c,2 c,3 c", "3 c"},
		{"a reader that sees the second without the first", "1 r a,1 r b,2 r b,2 w a,2 c,3 r a,3 c,1 w b,1 c", "1 c"},
		{"rolled back is as if it never was", "1 r a,2 r b,1 w b,2 w a,1 x,2 c", ""},
	} {
		i := newIsolation()
		open := map[string]*transaction{}
		failed := ""
		for _, step := range strings.Split(history.steps, ",") {
			f := strings.Fields(step)
			x := open[f[0]]
			if x == nil {
				x = i.begin()
				open[f[0]] = x
			}
			var err error
			switch f[1] {
			case "r", "w":
				n := name{Schema: "public", Table: f[2]}
				if f[2] == "tmp" {
					n.Schema = ""
				}
				if f[1] == "r" {
					err = i.use(t.Context(), x, []name{n}, nil)
				} else {
					err = i.use(t.Context(), x, nil, []name{n})
				}
			case "c":
				err = i.check(x)
				i.end(x, err == nil)
			case "x":
				i.end(x, false)
			}
			if err != nil {
				failed = step
				var e *sqlError
				if !errors.As(err, &e) || e.message != "1023" {
					t.Errorf("%s: %v", history.what, err)
				}
				break
			}
		}
		if failed != history.fails {
			t.Errorf("%s: %q fails, want %q", history.what, failed, history.fails)
		}
		if len(i.writers) > 0 && failed == "" {
			t.Errorf("%s: tables are held: %v", history.what, i.writers)
		}
	}
}

func TestWritersWait(t *testing.T) {
	i := newIsolation()
	a, b := name{Schema: "public", Table: "a"}, name{Schema: "public", Table: "b"}
	first, second := i.begin(), i.begin()
	if err := i.use(t.Context(), first, nil, []name{a}); err != nil {
		t.Fatal(err)
	}
	if err := i.use(t.Context(), second, nil, []name{b}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- i.use(context.Background(), second, nil, []name{a}) }()
	select {
	case err := <-done:
		t.Fatalf("the second writer does not wait: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	var e *sqlError
	if err := i.use(t.Context(), first, nil, []name{b}); !errors.As(err, &e) || e.code != "40P01" {
		t.Errorf("a deadlock answers %v", err)
	}
	i.end(first, false)
	if err := <-done; err != nil {
		t.Error(err)
	}
	third := i.begin()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if err := i.use(ctx, third, nil, []name{a}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled wait answers %v", err)
	}
}
