package redshift

import (
	"strings"
	"testing"
)

// The operator (+), by the rules of "Oracle-style outer joins in the WHERE clause".
func TestOuterJoinOperator(t *testing.T) {
	e := fixture(t)
	for query, want := range map[string]string{
		"select f.id, g.name from f, s.g g where f.id = g.id (+) order by 1":                                          "1|one;2|two;3|NULL;4|NULL",
		"select f.id, g.id from f, s.g g where f.id(+) = g.id order by 2":                                             "1|1;2|2;NULL|9",
		"select f.id, name from f, s.g where f.id = g.id(+) and name(+) = 'two' order by 1":                           "1|NULL;2|two;3|NULL;4|NULL",
		"select f.id, name from f, s.g where f.id = g.id(+) and name = 'two' order by 1":                              "2|two",
		"select f.id, name from f, s.g where f.id = g.id(+) and carrier = 'AA' order by 1":                            "3|NULL;4|NULL",
		"select a.id, b.id from f a, f b where a.id = b.id(+) + 2 order by 1":                                         "1|NULL;2|NULL;3|1;4|2",
		"select a.id, b.id, c.id from s.g c, f b, f a where a.id = b.id(+) + 1 and b.id = c.id(+) order by 1":         "1|NULL|NULL;2|1|1;3|2|2;4|3|NULL",
		"select a.id, q.n, b.id from f a, f b, (select 9 as n) q where a.id > b.id(+) + 1 order by 1, 3":              "1|9|NULL;2|9|NULL;3|9|1;4|9|1;4|9|2",
		"select a.id, b.id from f a, f b where a.id = b.id(+) + 2 and a.qty = b.qty + 2 order by 1":                   "3|1;4|2", // mixed: an inner join
		"select id from f a where exists (select 1 from s.g where g.id = a.id(+)) order by 1":                         "1;2",     // no outer join with the outer query
		"select count(*) from f where exists (select 1 from f a, s.g g where a.id = g.id(+) and g.id is null)":        "4",
		"select id from f where id in (select a.id from f a, s.g g where a.id = g.id(+) and g.id is null) order by 1": "3;4",
	} {
		_, rows, err := e.Query(t.Context(), query)
		if err != nil || show(rows) != want {
			t.Errorf("%s\n\t got %s %v\n\twant %s", query, show(rows), err, want)
		}
	}
	for query, want := range map[string]string{
		"select 1 from f, s.g where f.id(+) = g.id or f.id = 1":                               "Outer join operator (+) not allowed in operand of OR or IN.",
		"select 1 from f, s.g where f.id = g.id and f.id(+) in (1, 2)":                        "Outer join operator (+) not allowed in operand of OR or IN.",
		"select 1 from f a, f b, f c where a.id(+) = b.id and a.qty(+) = c.id":                "A table may be outer joined to at most one other table.",
		"select 1 from f a, f b where a.id*2(+) = b.id":                                       "syntax error",
		"select 1 from f a, f b where a.id(+) = b.id(+)":                                      "(+) marks more than one table of a condition",
		"select 1 from f a, f b where a.id(+) = b.id and b.qty(+) = a.qty":                    "two tables cannot be outer joined to each other",
		"select 1 from f a, f b join s.g on b.id = g.id where a.id(+) = b.id":                 "(+) cannot be used in a query block that also has a JOIN",
		"select 1 from f a, s.g where a.id(+) = (select max(id) from s.g) and a.id(+) = g.id": "cannot be compared with a subquery",
		"select a.id(+) from f a":                                                             "(+) can be used for columns in conditions of WHERE only",
		"select 1 from f a where a.id(+) = 1":                                                 "which no condition joins to another table",
		"select 1 from j, j.doc.list x, f where f.id(+) = 1":                                  "(+) beside SUPER, PIVOT or UNPIVOT in FROM is not modelled here",
		"select 1 from f a left join f b on a.id = b.id(+)":                                   "(+) can be used for columns in conditions of WHERE only",
	} {
		if _, rows, err := e.Query(t.Context(), query); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n\t got %v %v\n\twant %s", query, show(rows), err, want)
		}
	}
}
