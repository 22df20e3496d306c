package duckdb_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"airline/etl"
	"airline/etl/duckdb"

	"github.com/google/go-cmp/cmp"
)

// The years of 29 columns, mapped as docs/historical-flights.sql says, load like any other day.
func TestHistoricalFlights(t *testing.T) {
	mapping, err := os.ReadFile("../../docs/historical-flights.sql")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Chdir(dir) // the mapping's paths are relative
	const columns = "Year,Month,DayofMonth,DayOfWeek,DepTime,CRSDepTime,ArrTime,CRSArrTime,UniqueCarrier,FlightNum,TailNum,ActualElapsedTime,CRSElapsedTime,AirTime," +
		"ArrDelay,DepDelay,Origin,Dest,Distance,TaxiIn,TaxiOut,Cancelled,CancellationCode,Diverted,CarrierDelay,WeatherDelay,NASDelay,SecurityDelay,LateAircraftDelay\n"
	for name, text := range map[string]string{
		"years/1987.csv": columns +
			"1987,10,14,3,741,730,912,849,PS,1451,NA,91,79,NA,23,11,SAN,SFO,447,NA,NA,0,NA,0,NA,NA,NA,NA,NA\n" +
			"1987,10,15,4,NA,730,NA,849,PA (1),1451,NA,NA,79,NA,NA,NA,SAN,NEW,447,NA,NA,1,NA,0,NA,NA,NA,NA,NA\n" +
			"1987,10,15,4,729,730,903,849,PS,1451,N\xe4,94,79,NA,14,-1,SAN,???,447,NA,NA,0,NA,0,NA,NA,NA,NA,NA\n",
		"years/2008.csv": columns +
			"2008,1,3,4,2003,1955,2211,2225,WN,335,N712SW,128,150,116,-14,8,NEW,SFO,810,4,8,0,,0,NA,NA,NA,NA,NA\n",
		// The code NEW has passed from one airport to another.
		"T_MASTER_CORD.csv": "AIRPORT_SEQ_ID,AIRPORT_ID,AIRPORT,DISPLAY_AIRPORT_NAME,DISPLAY_AIRPORT_CITY_NAME_FULL,AIRPORT_COUNTRY_CODE_ISO,AIRPORT_STATE_CODE,AIRPORT_START_DATE,AIRPORT_THRU_DATE,AIRPORT_IS_CLOSED,AIRPORT_IS_LATEST\n" +
			"1467901,14679,SAN,Lindbergh Field,\"San Diego, CA\",US,CA,1/1/1950 12:00:00 AM,6/30/1999 12:00:00 AM,0,0\n" +
			"1467902,14679,SAN,San Diego International,\"San Diego, CA\",US,CA,7/1/1999 12:00:00 AM,,0,1\n" +
			"1477101,14771,SFO,San Francisco International,\"San Francisco, CA\",US,CA,1/1/1950 12:00:00 AM,,0,1\n" +
			"1000101,10001,NEW,Old Field,\"Oldtown, Upper, LA\",US,LA,1/1/1950 12:00:00 AM,12/31/1999 12:00:00 AM,1,1\n" +
			"1000201,10002,NEW,New Field,\"Newtown, Norway\",NO,,1/1/2000 12:00:00 AM,,0,1\n",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // SET and TEMP are a connection's own
	if _, err := db.Exec(string(mapping)); err != nil {
		t.Fatal(err)
	}

	files, err := filepath.Glob("daily-flights/*/*")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"daily-flights/date=1987-10-14/flights_0.csv", "daily-flights/date=1987-10-15/flights_0.csv", "daily-flights/date=2008-01-03/flights_0.csv"}; !slices.Equal(files, want) {
		t.Fatalf("the mapping made %q, want %q", files, want)
	}
	want := []string{
		"PS|San Diego International|San Francisco International|San Diego|San Francisco|CA|CA|11|23|1987-10-14",
		"PA (1)|San Diego International|Old Field|San Diego|Oldtown, Upper|CA|LA|NULL|NULL|1987-10-15",
		"WN|New Field|San Francisco International|Newtown|San Francisco|NO|CA|8|-14|2008-01-03",
	}
	queries, err := etl.SQL(etl.Files)
	if err != nil {
		t.Fatal(err)
	}
	for i, file := range files {
		key := filepath.ToSlash(file)
		out := filepath.Join(dir, "loads", strconv.Itoa(i))
		m, err := duckdb.Run(context.Background(), duckdb.Args{Dataset: etl.Flights, Source: etl.Source{Bucket: "raw", Key: key, Version: "v"}, LoadID: "id",
			Object: file, Joined: []duckdb.JoinedFile{{Key: "airports/airports.csv", Path: "airports.csv", Modified: time.Unix(0, 0)}}, SQL: queries, Output: out})
		if err != nil {
			t.Fatal(err)
		}
		rejected := map[string]int64{}
		if i == 1 {
			rejected["invalid DestAirportID"] = 1
		}
		if diff := cmp.Diff(rejected, m.Reasons); diff != "" {
			t.Errorf("%s: rejects (-want +got):\n%s", key, diff)
		}
		got := lines(t, "SELECT COALESCE(COLUMNS(* EXCLUDE load_id)::VARCHAR, 'NULL') FROM read_parquet("+quote(filepath.Join(out, etl.RowsDir, "*.parquet"))+", hive_partitioning = false)")
		if len(got) != 1 || got[0] != want[i] {
			t.Errorf("%s: loaded %q, want %s", key, got, want[i])
		}
	}
}
