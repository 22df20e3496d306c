package redshift

import (
	"strings"
	"testing"
	"time"
)

var seeds = []string{
	"select 1", "with a as (select 1) select * from a", "select a, 'b' || $1 from t where x in (1, 2) group by rollup(a)", "select top 3 * from (values (1)) v(x)",
	"select dateadd(", "select interval '1-2' year to month", "select x::decimal(3,1)", "select sum(x) over (partition by a order by b rows 2 preceding) from t",
	"select case when a then b end", "select '\\x41\\101\\n'", "/* a /* b */ c */ select \"a\"\"b\"", "select * from t pivot (sum(a) for b in (1, 2 as x))",
	"select a.b[0].c from t a, a.b as x at i, unpivot x as v at k", "select trim(both 'x' from y), extract(year from z), position('a' in b)",
	"select $a$b$a$", "select count(*) from a left join b using (x) natural join c", "select -.5e+3, 1.e2", "select not not a is not null and b notnull",
}

// nothing is a catalog whose every relation has three columns.
type nothing struct{}

func (nothing) Relation(schema, name string) (*Relation, error) {
	return &Relation{Name: Name{schema, name}, Source: Name{schema, name}.Quoted(), Columns: []Column{{Name: "a", Type: int4Type}, {Name: "b", Type: textType}, {Name: "c", Type: superType}}}, nil
}

func FuzzTranslate(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	session := &Session{Now: time.Unix(0, 0), Database: "dev", User: "u", Catalog: nothing{}}
	f.Fuzz(func(t *testing.T, s string) {
		st, err := Parse(s)
		if err != nil {
			return
		}
		q, err := Translate(st, session)
		if err != nil {
			return
		}
		checkWritten(t, s, q.SQL)
	})
}

// checkWritten holds what DuckDB gets to the allow-list: outside of quotes there are keywords, numbers, and calls of functions
// that this package knows.
func checkWritten(t *testing.T, s, written string) {
	t.Helper()
	for i := 0; i < len(written); i++ {
		switch c := written[i]; c {
		case '\'', '"':
			end := strings.IndexByte(written[i+1:], c)
			if end < 0 {
				t.Fatalf("%q becomes %q, which does not close a quote", s, written)
			}
			i += end + 1
		case ';', '\\':
			t.Fatalf("%q becomes %q, with %q outside of quotes", s, written, c)
		}
		for _, word := range []string{"read_", "glob(", "getenv", "attach", "pragma", "install", "load ", "copy "} {
			if strings.HasPrefix(strings.ToLower(written[i:]), word) {
				t.Fatalf("%q becomes %q, with %s", s, written, word)
			}
		}
	}
}

func FuzzLex(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		tokens, err := lex(s)
		if err != nil {
			return
		}
		at := 0
		for _, tok := range tokens {
			if tok.Start < at || tok.End < tok.Start {
				t.Fatalf("%q: tokens overlap at %d", s, tok.Start)
			}
			at = tok.End
		}
		if _, err := Split(s); err != nil {
			t.Fatalf("%q: lexed, and yet not split: %v", s, err)
		}
	})
}

// Texts that functions of Go read by formats and patterns.
func FuzzFormats(f *testing.F) {
	f.Add("2008-05-01 10:00:00", "YYYY-MM-DD HH24:MI:SS")
	f.Add("-12,345.60", "9G999D99MI")
	f.Add("1 day 2:3", "a|b*?[[:alpha:]]")
	f.Add(`{"a":[1,{"b":null}]}`, "RN\"x\"th")
	f.Fuzz(func(t *testing.T, s, format string) {
		parseMoment(s, time.Unix(0, 0))
		parseInterval(s)
		_, _ = parseByFormat(s, format, false)
		_, _ = numberToChar(s, format)
		_, _ = toNumber(s, format)
		dateToChar(time.Unix(0, 0), format)
		_, _ = similarPattern(format, `\`)
		_, _ = jsonPath(s, []string{format})
		soundex(s)
		farmFingerprint64([]byte(s))
	})
}

func (nothing) HasSchema(name string) (bool, error) { return true, nil }
