package redshift

import (
	"strings"
	"testing"
)

// Plans have the form of those in Redshift's guide ("EXPLAIN", "Query plan"), without the costs.
func TestExplain(t *testing.T) {
	e := fixture(t)
	for query, want := range map[string]string{
		"explain select 1": `XN Result`,
		"explain select carrier, count(*) from f group by carrier": `
XN HashAggregate
  ->  XN Seq Scan on f`,
		"explain create table n as select * from f where qty is not null": `
XN Seq Scan on f
  Filter: (qty IS NOT NULL)`,
		"explain select name, sum(price) from f, s.g where f.id = g.id and qty > 1 and 'x' <> carrier and name like 'o%' group by name having sum(price) > 0 order by 2 desc limit 3": `
XN Limit
  ->  XN Merge
        Merge Key: sum(price)
        ->  XN Network
              Send to leader
              ->  XN Sort
                    Sort Key: sum(price)
                    ->  XN HashAggregate
                          Filter: (sum(price) > 0)
                          ->  XN Hash Join DS_DIST_NONE
                                Hash Cond: ("outer".id = "inner".id)
                                ->  XN Seq Scan on f
                                      Filter: ((qty > 1) AND ('x' <> carrier))
                                ->  XN Hash
                                      ->  XN Seq Scan on g
                                            Filter: (name ~~ 'o%')`,
		"explain select a.id from f a left join s.g b on a.id = b.id and a.qty > b.id where b.name is null and a.id in (select id from f)": `
XN Hash Left Join DS_DIST_NONE
  Hash Cond: ("outer".id = "inner".id)
  Join Filter: ("outer".qty > "inner".id)
  Filter: ((name IS NULL) AND (id IN (subplan)))
  ->  XN Seq Scan on f a
  ->  XN Hash
        ->  XN Seq Scan on g b
  SubPlan
    ->  XN Seq Scan on f`,
		"explain select a.id from f a, s.g b where a.id = b.id(+) and b.name(+) = 'x'": `
XN Hash Left Join DS_DIST_NONE
  Hash Cond: ("outer".id = "inner".id)
  ->  XN Seq Scan on f a
  ->  XN Hash
        ->  XN Seq Scan on g b
              Filter: (name = 'x')`,
		"explain with c as (select id, rank() over (partition by carrier order by d) r from f) select distinct f.id from c, f, (select 1 as one) q where c.r = 1 and f.id = c.id": `
XN Unique
  ->  XN Nested Loop DS_DIST_NONE
        ->  XN Hash Join DS_DIST_NONE
              Hash Cond: ("inner".id = "outer".id)
              ->  XN Subquery Scan c
                    Filter: (r = 1)
                    ->  XN Window
                          Partition: carrier
                          Order: d
                          ->  XN Sort
                                Sort Key: carrier, d
                                ->  XN Seq Scan on f
              ->  XN Hash
                    ->  XN Seq Scan on f
        ->  XN Subquery Scan q
              ->  XN Result`,
		"explain select id from f union select id from s.g except select 1": `
XN SetOp Except
  ->  XN Append
        ->  XN Subquery Scan "*SELECT* 1"
              ->  XN Unique
                    ->  XN Append
                          ->  XN Subquery Scan "*SELECT* 1"
                                ->  XN Seq Scan on f
                          ->  XN Subquery Scan "*SELECT* 2"
                                ->  XN Seq Scan on g
        ->  XN Subquery Scan "*SELECT* 2"
              ->  XN Result`,
		"explain select * from v where n between 1 and 2 or not n in (3)": `
XN Subquery Scan v
  Filter: (((n >= 1) AND (n <= 2)) OR (NOT (n IN (3))))
  ->  XN HashAggregate
        ->  XN Seq Scan on f`,
		"explain select id, avg(qty) over (partition by id) from f qualify row_number() over (order by d) = 1": `
XN Subquery Scan qualify_subquery
  Filter: (row_number() OVER (...) = 1)
  ->  XN Window
        Order: d
        ->  XN Sort
              Sort Key: d
              ->  XN Window
                    Partition: id
                    ->  XN Sort
                          Sort Key: id
                          ->  XN Seq Scan on f`,
		"explain update f set qty = 1 from s.g where f.id = g.id": `
XN Hash Join DS_DIST_NONE
  Hash Cond: ("outer".id = "inner".id)
  ->  XN Seq Scan on f
  ->  XN Hash
        ->  XN Seq Scan on g`,
		"explain delete from f where d = date '2008-01-01' and carrier::varchar(2) = case when ok then 'a' else upper(carrier) end": `
XN Seq Scan on f
  Filter: ((d = '2008-01-01'::date) AND ((carrier)::character varying(2) = CASE WHEN ok THEN 'a' ELSE upper(carrier) END))`,
		"explain insert into f (id) select id from s.g cross join generate_series(1, 2) x": `
XN Nested Loop DS_DIST_NONE
  ->  XN Seq Scan on g
  ->  LD Function Scan on generate_series`,
		"explain select a.id from f a join f b using (id) full join s.g on a.id = g.id where exists (select 1 from f where f.id = a.id)": `
XN Hash Full Join DS_DIST_NONE
  Hash Cond: ("outer".id = "inner".id)
  Filter: (subplan)
  ->  XN Hash Join DS_DIST_NONE
        Hash Cond: ("outer".id = "inner".id)
        ->  XN Seq Scan on f a
        ->  XN Hash
              ->  XN Seq Scan on f b
  ->  XN Hash
        ->  XN Seq Scan on g
  SubPlan
    ->  XN Seq Scan on f
          Filter: (id = id)`,
	} {
		columns, rows, err := e.Query(t.Context(), query)
		if err != nil {
			t.Errorf("%s\n\t%v", query, err)
			continue
		}
		var lines []string
		for _, r := range rows {
			lines = append(lines, r[0])
		}
		if got := strings.Join(lines, "\n"); got != strings.TrimPrefix(want, "\n") || columns[0].Name != "QUERY PLAN" {
			t.Errorf("%s\n got\n%s\nwant%s", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"explain select nowhere from f":           `column "nowhere" does not exist`,
		"explain create table n (a int)":          "EXPLAIN is for SELECT, SELECT INTO, CREATE TABLE AS, INSERT, UPDATE and DELETE",
		"explain drop materialized view v":        "EXPLAIN is for SELECT",
		"explain explain select 1":                "EXPLAIN is for SELECT",
		"explain verbose select 1":                "EXPLAIN VERBOSE, the planner's own tree, is not modelled here",
		"explain select x from j, j.doc.list x":   "EXPLAIN of PIVOT, UNPIVOT and SUPER in FROM is not modelled here",
		"explain":                                 "syntax error at end of input",
		"explain insert into s.g values ('x', 1)": "invalid input syntax for integer",
	} {
		if _, rows, err := e.Query(t.Context(), query); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n\t got %v %v\n\twant %s", query, show(rows), err, want)
		}
	}
}
