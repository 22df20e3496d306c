package job_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
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
// README. AIRLINE_BENCH_ROWS says how many flights (see spark.sh).
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
		Joined: []duckdb.JoinedFile{{Key: "airports/airports.csv", Path: airports}}, Output: filepath.Join(dir, "duckdb"),
	})
	if err != nil {
		t.Fatal(err)
	}
	local := time.Since(begun)
	add(fmt.Sprintf("local world, the whole load step (%.2f times the bare query)", local.Seconds()/bare.Seconds()), local)

	if python := os.Getenv("AIRLINE_PYSPARK"); python != "" {
		// Each in a process of its own, as Glue starts them; the second run shows what is left when all code is compiled.
		job := runSteps(t, python, raw, key, "4g", "scan", "job", "job again")
		classical := runSteps(t, python, raw, key, "4g", "scan", "classical", "classical again")
		times := func(run string) float64 { return classical["classical"+run].Seconds() / job["job"+run].Seconds() }
		add("Spark, count(*) of the file", job["scan"])
		add(fmt.Sprintf("Spark, the Glue job (%.1f times as fast as the classical plan)", times("")), job["job"])
		add(fmt.Sprintf("the same, once more in the same process (%.1f times as fast)", times(" again")), job["job again"])
		add("Spark, the classical plan (Python filter, two shuffled joins)", classical["classical"])
		add("the same, once more in the same process", classical["classical again"])
	}
	t.Logf("%s\n%d loaded, %d rejected: %v", table.String(), m.RowsLoaded, m.RowsRejected, m.Reasons)
}

// bareQuery is what somebody would write who has no bad rows: the facts, straight from the file.
func bareQuery(flights, airports, out string) string {
	return `COPY (SELECT f.Carrier AS carrier, o.name AS dep_airport, d.name AS arr_airport, o.city AS dep_city, d.city AS arr_city,
		o.state AS dep_state, d.state AS arr_state, TRY_CAST(f.DepDelay AS BIGINT) AS dep_delay, TRY_CAST(f.ArrDelay AS BIGINT) AS arr_delay,
		DATE '2008-05-01' AS flight_date
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

// A file that is larger than Spark's heap is loaded, plain and as gzip, which is read in one piece.
func TestFileLargerThanHeap(t *testing.T) {
	if os.Getenv("AIRLINE_BENCH_ROWS") == "" {
		t.Skip("takes the time of a benchmark")
	}
	python := onSpark.python(t)
	const heap, flights = 512 << 20, 100_000
	bucket, key, _ := flightsBucket(t, flights)
	path := filepath.Join(bucket, filepath.FromSlash(key))
	day, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	header, rows, _ := bytes.Cut(day, []byte("\n"))
	// A column that is not the contract's makes lines long.
	rows = bytes.ReplaceAll(rows, []byte("\n"), []byte(","+strings.Repeat("0123456789", 40)+"\n"))
	for _, compressed := range []bool{false, true} {
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		var out io.WriteCloser = file
		if compressed {
			if out, err = gzip.NewWriterLevel(file, gzip.BestSpeed); err != nil {
				t.Fatal(err)
			}
		}
		size, days := 0, 0
		for text := append(header, ",Remark\n"...); size <= heap*5/4; text = rows {
			n, err := out.Write(text)
			if err != nil {
				t.Fatal(err)
			}
			size, days = size+n, days+1
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		file.Close()
		took := runSteps(t, python, bucket, key, fmt.Sprintf("%dm", heap>>20), "job")["job"]
		t.Logf("%d MB of CSV (gzip: %v), %d flights, loaded in a heap of %d MB in %v", size>>20, compressed, (days-1)*flights, heap>>20, took)
	}
}

// runSteps times steps of testdata/bench.py, over an object in the directory raw, on a Spark with so much heap.
func runSteps(t *testing.T, python, raw, key, heap string, steps ...string) map[string]time.Duration {
	t.Helper()
	dir, airports := t.TempDir(), "file://"+raw+"/airports/"
	text, err := json.Marshal(map[string]any{
		"arguments": map[string]string{"dataset": "flights", "sql": sqlURL(t), "airports": airports},
		"load":      map[string]string{"bucket": "file://" + raw, "key": key, "version": "v", "load_id": "id", "staging": "file://" + dir + "/spark/id/"},
		"flights":   "file://" + raw + "/" + key, "airports": airports + "airports.csv", "out": "file://" + dir + "/spark", "steps": steps,
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
		"PYSPARK_SUBMIT_ARGS=--master local[*] --driver-memory "+heap+" --conf spark.ui.enabled=false --conf spark.ui.showConsoleProgress=false pyspark-shell")
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
	for _, step := range steps {
		if took[step] == 0 {
			t.Fatalf("no time for %s in:\n%s", step, output)
		}
	}
	return took
}
