package redshift

import (
	"testing"
	"time"
)

// BenchmarkTranslate parses and translates statements as analysts write them; one operation is one statement.
func BenchmarkTranslate(b *testing.B) {
	flights := &Relation{Name: Name{"airlines", "daily_flights_fact"}, Source: `"airlines"."daily_flights_fact"`}
	for _, c := range []struct {
		name string
		typ  Type
	}{{"carrier", Type{Kind: Varchar, Length: 10}}, {"dep_airport", Type{Kind: Varchar, Length: 200}}, {"dep_city", Type{Kind: Varchar, Length: 100}},
		{"dep_state", Type{Kind: Varchar, Length: 100}}, {"dep_delay", int8Type}, {"arr_delay", int8Type}, {"flight_date", dateType}, {"load_id", textType}} {
		flights.Columns = append(flights.Columns, Column{Name: c.name, Type: c.typ})
	}
	statements := []string{
		"select carrier, count(*) as flights, avg(dep_delay) as avg_delay from airlines.daily_flights_fact group by carrier order by 3 desc limit 3",
		"select date_trunc('month', flight_date) m, count(*) from airlines.daily_flights_fact group by 1 order by 1",
		"select carrier, dep_airport, count(*) n from airlines.daily_flights_fact group by 1,2 qualify row_number() over (partition by carrier order by count(*) desc) = 1 order by 3 desc limit 2",
		"select nvl2(dep_delay, 'known', 'none') k, count(*) from airlines.daily_flights_fact group by 1",
		"select top 3 carrier, count(*) n from airlines.daily_flights_fact where dep_city ilike '%chicago%' group by carrier order by n desc",
		"with a as (select carrier, count(*) n from airlines.daily_flights_fact group by 1), b as (select avg(n) m from a) select a.carrier from a, b where a.n > b.m order by 1 limit 2",
		"select count(*) from airlines.daily_flights_fact where carrier in ('WN','AA') and (dep_city, dep_state) in (('Chicago','IL'))",
		"select datediff(day, min(flight_date), max(flight_date)), sum(case when dep_delay > 15 then 1 else 0 end) / count(*) pct from airlines.daily_flights_fact",
	}
	session := &Session{Now: time.Unix(0, 0), Database: "dev", User: "u", Catalog: one{flights}}
	for i := 0; b.Loop(); i++ {
		st, err := Parse(statements[i%len(statements)])
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Translate(st, session); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "statements/s")
}

// one is a catalog of one relation.
type one struct{ rel *Relation }

func (o one) Relation(schema, name string) (*Relation, error) {
	if schema == o.rel.Name.Schema && name == o.rel.Name.Table {
		return o.rel, nil
	}
	return nil, nil
}

func (o one) HasSchema(name string) (bool, error) { return true, nil }
