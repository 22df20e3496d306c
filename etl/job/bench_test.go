package job_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/etl/generate"
)

// TestBenchmark measures one large load, all in one run on this machine, and logs a table for the
// README. AIRLINE_BENCH_ROWS says how many flights (see test.sh).
func TestBenchmark(t *testing.T) {
	rows, err := strconv.Atoi(os.Getenv("AIRLINE_BENCH_ROWS"))
	if err != nil {
		t.Skip("AIRLINE_BENCH_ROWS says no number of rows")
	}
	dir := t.TempDir()
	raw := filepath.Join(dir, "raw")
	if err := generate.Tree(raw, generate.Options{Seed: 1, Days: 1, FlightsPerDay: rows}); err != nil {
		t.Fatal(err)
	}
	key := "daily-flights/date=2008-05-01/flights.csv"
	flights, airports := filepath.Join(raw, filepath.FromSlash(key)), filepath.Join(raw, "airports", "airports.csv")
	if err := os.Mkdir(filepath.Dir(airports), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(raw, "airports.csv"), airports); err != nil {
		t.Fatal(err)
	}
	size, err := os.Stat(flights)
	if err != nil {
		t.Fatal(err)
	}

	var table strings.Builder
	fmt.Fprintf(&table, "\n%d flights, %d MB of CSV\n\n| what | seconds | rows a second |\n|---|---:|---:|\n", rows, size.Size()>>20)
	add := func(what string, took time.Duration) {
		fmt.Fprintf(&table, "| %s | %.1f | %.1f M |\n", what, took.Seconds(), float64(rows)/took.Seconds()/1e6)
	}

	scanned := bareDuckDB(t, "SELECT count(*) FROM read_csv("+quoted(flights)+", all_varchar = true)")
	add("DuckDB, count(*) of the file", scanned)
	bare := bareDuckDB(t, bareQuery(flights, airports, filepath.Join(dir, "bare.parquet")))
	add("DuckDB, bare query (read, join twice, write Parquet)", bare)
	begun := time.Now()
	queries, err := etl.SQL(etl.Files)
	if err != nil {
		t.Fatal(err)
	}
	m, err := duckdb.Run(context.Background(), duckdb.Args{
		Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: key, Version: "v"}, LoadID: "id", Object: flights, SQL: queries,
		Airports: []duckdb.AirportsFile{{Key: "airports/airports.csv", Path: airports}}, Output: filepath.Join(dir, "duckdb"),
	})
	if err != nil {
		t.Fatal(err)
	}
	local := time.Since(begun)
	add(fmt.Sprintf("local world, the whole load step (%.2f times the bare query)", local.Seconds()/bare.Seconds()), local)

	if python := os.Getenv("AIRLINE_PYSPARK"); python != "" {
		spark := runSteps(t, python, dir, raw, key, flights, airports)
		add("Spark, count(*) of the file", spark["scan"])
		add(fmt.Sprintf("Spark, the Glue job (%.1f times as fast as the classical plan)", spark["classical"].Seconds()/spark["job"].Seconds()), spark["job"])
		add("Spark, the classical plan (Python filter, two shuffled joins)", spark["classical"])
	}
	t.Logf("%s\n%d loaded, %d rejected: %v", table.String(), m.RowsLoaded, m.RowsRejected, m.Reasons)
}

// bareQuery is what somebody would write who has no bad rows: the facts, straight from the file.
func bareQuery(flights, airports, out string) string {
	return `COPY (SELECT f.Carrier AS carrier, o.name AS dep_airport, d.name AS arr_airport, o.city AS dep_city, d.city AS arr_city,
		o.state AS dep_state, d.state AS arr_state, TRY_CAST(f.DepDelay AS BIGINT) AS dep_delay, TRY_CAST(f.ArrDelay AS BIGINT) AS arr_delay,
		DATE '2008-05-01' AS flight_date, 'daily-flights/date=2008-05-01/flights.csv' AS source_key, 'id' AS load_id
		FROM read_csv(` + quoted(flights) + `, all_varchar = true, ignore_errors = true) f
		JOIN read_csv(` + quoted(airports) + `) o ON o.airport_id = TRY_CAST(f.OriginAirportID AS BIGINT)
		JOIN read_csv(` + quoted(airports) + `) d ON d.airport_id = TRY_CAST(f.DestAirportID AS BIGINT)) TO ` + quoted(out) + ` (FORMAT PARQUET)`
}

func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

func bareDuckDB(t *testing.T, statement string) time.Duration {
	t.Helper()
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	begun := time.Now()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
	return time.Since(begun)
}

// runSteps times the steps of testdata/bench.py. The heap is smaller than what the file takes in it.
func runSteps(t *testing.T, python, dir, raw, key, flights, airports string) map[string]time.Duration {
	t.Helper()
	queries, err := filepath.Abs("../sql")
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{
		"arguments": map[string]string{"dataset": "flights", "sql": "file://" + queries + "/", "airports": "file://" + filepath.Dir(airports) + "/"},
		"load":      map[string]string{"bucket": "file://" + raw, "key": key, "version": "v", "load_id": "id", "staging": "file://" + dir + "/spark/id/"},
		"flights":   "file://" + flights, "airports": "file://" + airports, "out": "file://" + dir + "/spark", "only": []string{},
	})
	if err != nil {
		t.Fatal(err)
	}
	work := filepath.Join(dir, "bench.json")
	if err := os.WriteFile(work, text, 0o644); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(python, "testdata/bench.py", "ingest.py", work)
	command.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1", "SPARK_LOCAL_IP=127.0.0.1",
		"PYSPARK_SUBMIT_ARGS=--master local[*] --driver-memory 1g --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false pyspark-shell")
	var failures bytes.Buffer
	command.Stderr = &failures
	output, err := command.Output()
	if err != nil {
		t.Fatalf("Spark: %v\n%s", err, failures.String())
	}
	took := map[string]time.Duration{}
	for scan := bufio.NewScanner(bytes.NewReader(output)); scan.Scan(); {
		var step struct {
			Step    string
			Seconds float64
		}
		if json.Unmarshal(scan.Bytes(), &step) == nil && step.Step != "" {
			took[step.Step] = time.Duration(step.Seconds * float64(time.Second))
		}
	}
	for _, step := range []string{"scan", "job", "classical"} {
		if took[step] == 0 {
			t.Fatalf("no time for %s in:\n%s", step, output)
		}
	}
	return took
}
