package redshiftdata

import (
	"fmt"
	"testing"
)

func TestScan(t *testing.T) {
	for text, want := range map[string]string{
		"select 1":                            "[{select 1 0}] []",
		" select 1 ;; select $1, $12;":        "[{select 1  1} {select $1, $12 13}] [{20 22 1} {24 27 12}]",
		"select ';$1', \"a;$2\", 'it''s;'":    "[{select ';$1', \"a;$2\", 'it''s;' 0}] []",
		"-- ;\nselect 1 /* ; /* $1 */ ; */;x": "[{select 1 /* ; /* $1 */ ; */ 5} {x 33}] []",
		`select 'a\';$1', $3`:                 `[{select 'a\';$1', $3 0}] [{17 19 3}]`,
		"create procedure p() as $$ a; $$; b": "[{create procedure p() as $$ a; $$ 0} {b 34}] []",
		"select a$1":                          "[{select a$1 0}] []",
		"do $x$ a; $$ b; $x$; c":              "[{do $x$ a; $$ b; $x$ 0} {c 21}] []",
		"select a$$b; c":                      "[{select a$$b 0} {c 13}] []",
		"select 'open ;":                      "[{select 'open ; 0}] []",
		"/* open ;":                           "[] []",
		"":                                    "[] []",
	} {
		got := scan(text)
		if s := fmt.Sprint(got.parts, " ", got.places); s != want {
			t.Errorf("%q:\n got %s\nwant %s", text, s, want)
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add("select 'a''b', $1; -- c\n x")
	f.Fuzz(func(t *testing.T, text string) {
		got := scan(text)
		for _, p := range got.parts {
			if text[p.Start:p.Start+len(p.Text)] != p.Text {
				t.Errorf("part %+v", p)
			}
		}
		for _, p := range got.places {
			if text[p.start] != '$' || p.end > len(text) {
				t.Errorf("place %+v", p)
			}
		}
	})
}

func TestWithoutDatabase(t *testing.T) {
	for text, want := range map[string]string{
		`select * from dev.s.t`:                        `select * from     s.t`,
		`insert into "dev"."s"."t" values ('dev.s.t')`: `insert into       "s"."t" values ('dev.s.t')`,
		`select dev.t from s.t -- dev.s.t`:             `select dev.t from s.t -- dev.s.t`,
		`select DEV . s . t . a, dev.x`:                `select       s . t . a, dev.x`,
		`select other.s.t`:                             `select other.s.t`,
		`select a, dev.s.t where 1.5 = .5`:             `select a,     s.t where 1.5 = .5`,
	} {
		if got := withoutDatabase(text, "dev"); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
