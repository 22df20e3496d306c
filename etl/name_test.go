package etl_test

import (
	"testing"

	"airline/etl"
)

func TestIsFile(t *testing.T) {
	for key, want := range map[string]bool{
		"daily-flights/date=2008-05-01/flights.csv":                true,
		"daily-flights/date=2008-05-01/FLIGHTS.CSV":                true,
		"daily-flights/date=2008-05-01/flights.csv.GZ":             true,
		"daily-flights/date=2008-05-01/Flights.Csv.gz":             true,
		"daily-flights/date=2008-05-01/a_b/flights_1.final.csv":    true,
		"daily-flights/date=2008-05-01/flights.csv.bz2":            false,
		"daily-flights/date=2008-05-01/flights.zip":                false,
		"daily-flights/date=2008-05-01/flightscsv":                 false,
		"daily-flights/date=2008-05-01/part-00000":                 false,
		"daily-flights/date=2008-05-01/_temporary/0/t/part-0.csv":  false,
		"daily-flights/date=2008-05-01/.hive-staging_1/part-0.csv": false,
		"daily-flights/_temporary/0/date=2008-05-01/part-0.csv":    false,
		"daily-flights/date=2008-05-01/.flights.csv":               false,
		"daily-flights/date=2008-05-01/._flights.csv":              false,
		"daily-flights/date=2008-05-01/_flights.csv":               false,
		"daily-flights/date=2008-05-01/../../flights.csv":          true,
		"daily-flights/date=2008-05-01/./flights.csv":              true,
		"daily-flights/date=2008-05-01/..flights.csv":              false,
		"daily-flights/date=2008-05-01/...csv":                     false,
		"airports/.airports.csv":                                   false,
		"airports/airports.csv":                                    true,
		"daily-flights/date=2008-05-01/flights.csv/":               false,
		"daily-flights/date=2008-05-01/flights.csv\n":              false,
	} {
		if got := etl.IsFile(key); got != want {
			t.Errorf("IsFile(%q) = %t, want %t", key, got, want)
		}
	}
}
