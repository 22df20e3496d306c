package console

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"airline/asl/report"
	"airline/etl"
	"airline/local/redshiftdata"
)

// What a query may take.
const (
	queryRows  = 500
	queryTime  = 5 * time.Second
	chartRows  = 60
	matrixSize = 12
)

// warehouseView is the page of the warehouse.
type warehouseView struct {
	Tables   []tableView
	SQL      string
	Result   *resultView
	Problem  string
	Query    query
	Matrix   *matrix
	Carriers *resultView
	Days     *resultView
}

type tableView struct {
	Name    string
	Columns string
	Rows    int64
	Missing bool
}

// resultView is what a query has answered.
type resultView struct {
	Columns []redshiftdata.ResultColumn
	Numeric []bool
	Rows    [][]string
	More    bool
	Bars    []bar // of the last column, if it is a number
	Label   string
}

// bar is a row of a chart; the longest is 1,000 long.
type bar struct {
	Label, Value string
	X, W         string
	Negative     bool
}

// matrix are the mean delays between cities.
type matrix struct {
	To   []string
	Rows []matrixRow
}

type matrixRow struct {
	From  string
	Cells []cell
}

type cell struct {
	Text, Title string
	Class       string // d0, early, to d4, very late; empty without flights
}

const (
	byCarrier = `SELECT carrier, COUNT(*) AS flights, ROUND(AVG(CAST(dep_delay AS DOUBLE PRECISION)), 1) AS dep_delay, ROUND(AVG(CAST(arr_delay AS DOUBLE PRECISION)), 1) AS arr_delay
FROM airlines.daily_flights_fact GROUP BY carrier ORDER BY 4 DESC, 1`
	byWeekday = `SELECT CASE EXTRACT(DOW FROM flight_date) WHEN 0 THEN '7 Sunday' WHEN 1 THEN '1 Monday' WHEN 2 THEN '2 Tuesday' WHEN 3 THEN '3 Wednesday'
  WHEN 4 THEN '4 Thursday' WHEN 5 THEN '5 Friday' ELSE '6 Saturday' END AS day, COUNT(*) AS flights, ROUND(AVG(CAST(arr_delay AS DOUBLE PRECISION)), 1) AS arr_delay
FROM airlines.daily_flights_fact GROUP BY 1 ORDER BY 1`
	routes = `SELECT dep_city, arr_city, COUNT(*), ROUND(AVG(CAST(arr_delay AS DOUBLE PRECISION)), 1)
FROM airlines.daily_flights_fact WHERE arr_delay IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 2000`
)

func warehousePage(ctx context.Context, x *Index, q query) (*page, error) {
	v := warehouseView{SQL: q.Get("sql"), Query: q}
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	facts := false
	always := etl.Tables()
	for _, t := range etl.Tables(etl.OnRequest()...) {
		shown := tableView{Name: t.String()}
		var columns []string
		for _, c := range t.Columns {
			columns = append(columns, c.Name)
		}
		shown.Columns = strings.Join(columns, ", ")
		r, err := x.world.RedshiftData().Query(ctx, "SELECT COUNT(*) FROM "+t.String())
		if err == nil && len(r.Rows) == 1 {
			shown.Rows, _ = r.Rows[0][0].(int64)
			facts = facts || t.String() == etl.FlightsFact().String() && shown.Rows > 0
		} else if shown.Missing = true; !slices.ContainsFunc(always, func(o etl.Table) bool { return o.String() == t.String() }) {
			continue // the stack does not load it
		}
		v.Tables = append(v.Tables, shown)
	}
	if facts {
		v.Carriers, v.Days = x.chart(ctx, byCarrier, "Mean arrival delay by carrier, minutes"), x.chart(ctx, byWeekday, "Mean arrival delay by day of the week, minutes")
		v.Matrix = x.routes(ctx)
	}
	if strings.TrimSpace(v.SQL) != "" {
		r, err := x.ask(ctx, v.SQL)
		if err != nil {
			v.Problem = err.Error()
			if ctx.Err() != nil {
				v.Problem = fmt.Sprintf("the query was given up after %s", queryTime)
			}
		} else {
			v.Result = r
		}
	}
	return &page{Name: "warehouse", Title: "Warehouse", Data: v}, nil
}

var trailing = regexp.MustCompile(`[\s;]+$`)

// ask answers a SELECT, its first rows.
func (x *Index) ask(ctx context.Context, sql string) (*resultView, error) {
	text := trailing.ReplaceAllString(sql, "")
	r, err := x.world.RedshiftData().Query(ctx, fmt.Sprintf("SELECT * FROM (%s\n) AS asked LIMIT %d", text, queryRows+1))
	if err != nil {
		return nil, err
	}
	return resultOf(r, "Last column"), nil
}

// chart is a query of the page's own; nil when it fails, as that of tables that are not there.
func (x *Index) chart(ctx context.Context, sql, label string) *resultView {
	r, err := x.world.RedshiftData().Query(ctx, sql)
	if err != nil {
		return nil
	}
	return resultOf(r, label)
}

func resultOf(r *redshiftdata.Result, label string) *resultView {
	v := &resultView{Columns: r.Columns, Numeric: make([]bool, len(r.Columns)), Label: label}
	rows := r.Rows
	if v.More = len(rows) > queryRows; v.More {
		rows = rows[:queryRows]
	}
	for i, c := range r.Columns {
		v.Numeric[i] = strings.HasPrefix(c.Type, "int") || strings.HasPrefix(c.Type, "float") || c.Type == "numeric"
	}
	for _, row := range rows {
		texts := make([]string, len(row))
		for i, cell := range row {
			texts[i] = "null"
			if cell != nil {
				texts[i] = fmt.Sprint(cell)
			}
		}
		v.Rows = append(v.Rows, texts)
	}
	v.align()
	v.Bars = bars(rows)
	for i := range v.Bars {
		v.Bars[i].Value = v.Rows[i][len(v.Rows[i])-1]
	}
	return v
}

// align gives the numbers of a column the same number of decimals.
func (v *resultView) align() {
	decimals := func(text string) int {
		_, after, _ := strings.Cut(text, ".")
		return len(after)
	}
	for i, c := range v.Columns {
		if !strings.HasPrefix(c.Type, "float") {
			continue
		}
		most := 0
		for _, row := range v.Rows {
			most = max(most, decimals(row[i]))
		}
		for _, row := range v.Rows {
			if n := decimals(row[i]); n < most && row[i] != "null" && !strings.ContainsAny(row[i], "eNI") {
				if n == 0 {
					row[i] += "."
				}
				row[i] += strings.Repeat("0", most-n)
			}
		}
	}
}

// bars are the chart of the last column of a few rows, whose first column names them. The values are for who has them as texts.
func bars(rows [][]any) []bar {
	if len(rows) < 2 || len(rows) > chartRows || len(rows[0]) < 2 {
		return nil
	}
	least, most := 0.0, 0.0
	values := make([]float64, len(rows))
	for i, row := range rows {
		n, ok := numeric(row[len(row)-1])
		if !ok {
			return nil
		}
		values[i], least, most = n, min(least, n), max(most, n)
	}
	if least == most {
		return nil
	}
	scale := 1000 / (most - least)
	list := make([]bar, len(rows))
	for i, n := range values {
		list[i] = bar{
			Label: fmt.Sprint(rows[i][0]), Negative: n < 0,
			X: fmt.Sprintf("%.1f", (min(n, 0)-least)*scale), W: fmt.Sprintf("%.1f", max(1, math.Abs(n)*scale)),
		}
	}
	return list
}

func numeric(v any) (float64, bool) {
	switch v := v.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	}
	return 0, false
}

// routes are the mean delays between the cities with the most flights.
func (x *Index) routes(ctx context.Context) *matrix {
	r, err := x.world.RedshiftData().Query(ctx, routes)
	if err != nil {
		return nil
	}
	type pair struct{ from, to string }
	flights := map[string]int64{}
	count := map[pair]int64{}
	delay := map[pair]float64{}
	for _, row := range r.Rows {
		p := pair{fmt.Sprint(row[0]), fmt.Sprint(row[1])}
		n, _ := row[2].(int64)
		mean, _ := numeric(row[3])
		count[p], delay[p] = n, mean
		flights[p.from] += n
		flights[p.to] += n
	}
	var cities []string
	for city := range flights {
		cities = append(cities, city)
	}
	slices.SortFunc(cities, func(a, b string) int {
		return cmp.Or(cmp.Compare(flights[b], flights[a]), cmp.Compare(a, b))
	})
	cities = cities[:min(len(cities), matrixSize)]
	slices.Sort(cities)
	m := &matrix{To: cities}
	for _, from := range cities {
		row := matrixRow{From: from}
		for _, to := range cities {
			p := pair{from, to}
			c := cell{}
			if count[p] > 0 {
				c.Text = fmt.Sprintf("%+.0f", delay[p])
				c.Title = fmt.Sprintf("%s to %s: %s flights, %+.1f minutes", from, to, report.Count(count[p]), delay[p])
				c.Class = "d0"
				for i, bound := range []float64{0, 10, 20, 40} {
					if delay[p] > bound {
						c.Class = fmt.Sprintf("d%d", i+1)
					}
				}
			}
			row.Cells = append(row.Cells, c)
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}
