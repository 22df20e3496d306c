package etl_test

import (
	"testing"

	"airline/etl"
)

func TestRemedy(t *testing.T) {
	const unpack, rename = "unpack it and upload the CSV, plain as .csv or as gzip as .csv.gz", "if it is a CSV, rename it to end in .csv"
	const unfinished = "it looks unfinished: if it is a whole CSV, rename it to end in .csv"
	for name, want := range map[string]string{
		"flights.zip": unpack, "FLIGHTS.ZIP": unpack, "flights.csv.bz2": unpack, "flights.csv.zst": unpack, "f.csv.xz": unpack, "f.tar.gz": unpack, "f.csv.Z": unpack,
		"flights.txt": rename, "part-00000": rename, "flightscsv": rename, "flights.csv.bak": rename, "flights.csv.": rename,
		"f.csv.lzma": unpack, "f.csv.deflate": unpack, "f.csv.gpg": "decrypt it and upload the CSV",
		"flights.tsv": "save it with commas and upload that as .csv", "flights.TSV.gz": "save it with commas and upload that as .csv",
		"f.csv.tmp": unfinished, "f.csv.crdownload": unfinished, "f.csv~": unfinished, "part-0.csv._COPYING_": unfinished,
		"flights.csv.GZIP": "if it is a CSV, rename it to end in .csv.gz", "flights.pdf": "save it as CSV in UTF-8 and upload that", "f.sas7bdat": "write it as CSV in UTF-8 and upload that",
		"flights.gz": "if it is a CSV, rename it to end in .csv.gz", "part-0.GZ": "if it is a CSV, rename it to end in .csv.gz",
		"flights.xlsx": "save it as CSV in UTF-8 and upload that", "f.snappy.parquet": "write it as CSV in UTF-8 and upload that", "f.json.gz": "write it as CSV in UTF-8 and upload that",
		"_flights.csv": "upload it under another name", ".flights.csv.zip": "upload it under another name",
	} {
		key := "daily-flights/date=2008-05-01/" + name
		if got := etl.Remedy(key); got != want || etl.IsFile(key) {
			t.Errorf("Remedy(%q) = %q, want %q; it is a file: %t", key, got, want, etl.IsFile(key))
		}
	}
}

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
