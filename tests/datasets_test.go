package tests

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/etl"
	"airline/etl/samples"
	"airline/infra"
	"airline/local"
	"airline/local/recorder"
)

// A stack that asks for carriers loads them by the same story as airports, with rights of its own, and has flights with their names.
func TestCarriers(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			w := deploy(t, local.Options{Graph: recordedWith(t, map[string]string{"trigger": trigger, "moreDatasets": `["carriers"]`})})
			// As the Bureau of Transportation Statistics publishes them: everything is quoted, and text.
			const table = "carriers/L_UNIQUE_CARRIERS.csv"
			first := rawFile{table, []byte("Code,Description\n\"02Q\",\"Titan Airways\"\n\"AA\",\"American Airlines Inc.\"\n\"DL\",\"Delta Air Lines\"\n\"\",\"nobody\"\n\"02Q\",\"Titan Airways Ltd.\"\n" +
				many("Y", 40))}
			w.ingest(smallAirports(), first)
			w.ingest(day("2008-05-01", "f.csv", "AA,10397,14027,5,-3", "DL,14027,10721,,0", "ZZ,10397,10721,1,1"))
			w.succeeded(table, "daily-flights/date=2008-05-01/f.csv")
			if diff := cmp.Diff([][]any{{int64(45), int64(43), int64(2)}}, w.query("SELECT rows_read, rows_loaded, rows_rejected FROM airlines.load_ledger WHERE source_key = '"+table+"'")); diff != "" {
				t.Errorf("the ledger says of carriers (-want +got):\n%s", diff)
			}
			const names = "SELECT carrier, carrier_name, dep_city FROM airlines.flights_by_carrier ORDER BY carrier"
			want := [][]any{{"AA", "American Airlines Inc.", "Atlanta"}, {"DL", "Delta Air Lines", "West Palm Beach/Palm Beach"}, {"ZZ", nil, "Atlanta"}}
			if diff := cmp.Diff(want, w.query(names)); diff != "" {
				t.Errorf("flights with names (-want +got):\n%s", diff)
			}
			// A corrected name is merged by its code, and what the newer file does not have stays.
			w.ingest(rawFile{"carriers/more.csv", []byte("Description,Code\nDelta,DL\nZed,ZZ\n")})
			want[1][1], want[2][1] = "Delta", "Zed"
			if diff := cmp.Diff(want, w.query(names)); diff != "" {
				t.Errorf("flights with newer names (-want +got):\n%s", diff)
			}
			if n := w.count("SELECT COUNT(*) FROM airlines.carriers_dim"); n != 44 {
				t.Errorf("%d carriers, want 44", n)
			}
		})
	}
}

// many are rows of carriers.
func many(prefix string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\"%s%d\",\"Airline %d\"\n", prefix, i, i)
	}
	return b.String()
}

// A stack that does not ask for carriers has nothing of them, and what it is refused for is said.
func TestNoCarriersUnasked(t *testing.T) {
	for _, r := range recorded(t, "s3").Resources {
		for _, text := range []string{r.Name, r.String("name"), r.String("sql"), r.String("policy"), r.String("definition")} {
			if strings.Contains(text, "carriers") && !strings.Contains(r.Type, "BucketObject") {
				t.Errorf("%s %s knows of carriers: %.200s", r.ShortType(), r.Name, text)
			}
		}
	}
	for value, want := range map[string]string{`["trains"]`: "use carriers", `["carriers","carriers"]`: "it is in the list already", `["flights"]`: "use carriers"} {
		_, err := recorder.Record(t.Context(), recorder.Options{Dir: "..", Stack: "dev", Overrides: map[string]string{"moreDatasets": value}}, infra.Program)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "moreDatasets") {
			t.Errorf("moreDatasets: %s: %v, want %q", value, err, want)
		}
	}
}

// A declaration and nothing else makes a stack: of a dataset that no code knows, and of flights with a column more. Its preview has all
// that the declaration says, and on this machine, with the deployed rights, its files become the rows that they must.
func TestDeclarationsAloneMakeStacks(t *testing.T) {
	for _, d := range samples.Declarations() {
		t.Run(d.Name, func(t *testing.T) {
			restore, err := etl.Try(d.Declaration)
			if err != nil {
				t.Fatal(err)
			}
			defer restore()
			// Not the other tests' recording, which is of the project's own declarations.
			options := recorder.Options{Dir: "..", Stack: "dev", Overrides: map[string]string{"maxRejectRatio": "1"}, Preview: true}
			preview, err := recorder.Record(t.Context(), options, infra.Program)
			if err != nil {
				t.Fatal(err)
			}
			expectPreview(t, d.Declaration, preview)
			options.Preview = false
			graph, err := recorder.Record(t.Context(), options, infra.Program)
			if err != nil {
				t.Fatal(err)
			}
			w := deploy(t, local.Options{Graph: graph})
			w.ingest(rawFile{"airports/airports.csv", []byte(samples.Airports)})
			for _, file := range d.Files {
				w.ingest(rawFile{file.Key, []byte(file.Content)})
				expectLoaded(t, w, d.Declaration, file)
			}
		})
	}
}

// expectPreview looks for what the declaration says in what reviewers read.
func expectPreview(t *testing.T, d etl.Declaration, g *recorder.Graph) {
	t.Helper()
	has := func(kind, name string, properties map[string]string) {
		t.Helper()
		i := slices.IndexFunc(g.Resources, func(r *recorder.Resource) bool { return r.ShortType() == kind && r.Name == name })
		if i < 0 {
			t.Errorf("there is no %s %s", kind, name)
			return
		}
		for property, want := range properties {
			if got := g.Resources[i].String(property); !strings.Contains(got, want) {
				t.Errorf("%s of the %s %s does not have %q: %s", property, kind, name, want, got)
			}
		}
	}
	has("Crawler", string(d.Name), nil)
	has("EventRule", d.Machine, map[string]string{"eventPattern": d.Prefix})
	has("StateMachine", d.Machine, map[string]string{"definition": d.Table.String()})
	has("RolePolicy", d.Machine, map[string]string{"policy": "states"})
	has("BucketObjectv2", "sql-"+string(d.Name)+"_checked.sql", nil)
	for _, c := range d.Columns {
		has("BucketObjectv2", "sql-contract.json", map[string]string{"content": `"` + c.Name + `"`})
	}
	var tables string
	for _, r := range g.Resources {
		if r.ShortType() == "Statement" && strings.HasPrefix(r.String("sql"), "CREATE TABLE") {
			tables += r.String("sql")
		}
	}
	for _, c := range d.Table.Columns {
		if !strings.Contains(tables, "\n  "+c.Name+" "+c.SQL()) {
			t.Errorf("no table is made with the column %s %s", c.Name, c.SQL())
		}
	}
}

// expectLoaded compares what a file has become in the warehouse with what it must become.
func expectLoaded(t *testing.T, w *world, d etl.Declaration, file samples.File) {
	t.Helper()
	if file.Refused != "" {
		if x := w.last(file.Key); !strings.Contains(x.Cause()+x.Error(), string(file.Refused)) && len(w.failures(file.Key)) == 0 {
			t.Errorf("%s: the execution is %s: %s: %s, want it refused as %s", file.Name, x.Status(), x.Error(), x.Cause(), file.Refused)
		}
		return
	}
	w.succeeded(file.Key)
	var columns []string
	for _, c := range d.Name.RowColumns() {
		columns = append(columns, c.Name)
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + d.Table.String()
	if d.Key == "" {
		query += " WHERE source_key = '" + file.Key + "'"
	}
	var got []string
	for _, row := range w.query(query) {
		values := make([]string, len(row))
		for i, v := range row {
			if values[i] = fmt.Sprint(v); v == nil {
				values[i] = "NULL"
			}
			if columns[i] == d.Date {
				values[i] = strings.TrimSuffix(values[i], " 00:00:00 +0000 UTC")
			}
		}
		got = append(got, strings.Join(values, "|"))
	}
	want := slices.Clone(file.Rows)
	if d.Key != "" { // rows of earlier files stay
		got = slices.DeleteFunc(got, func(row string) bool { return !slices.Contains(want, row) })
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file.Name, diff)
	}
	ledger := w.query("SELECT rows_read, rows_loaded, rows_rejected FROM airlines.load_ledger WHERE status = 'loaded' AND source_key = '" + file.Key + "'")
	rows := int64(len(file.Rows))
	if diff := cmp.Diff([][]any{{rows + int64(len(file.Rejects)), rows, int64(len(file.Rejects))}}, ledger); diff != "" {
		t.Errorf("%s: the ledger (-want +got):\n%s", file.Name, diff)
	}
}
