package samples

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"airline/etl"
)

// Beside are the files in the folders bts and odd of a folder of data, and what must become of each; of bts it is computed
// here, without any SQL. A file that nothing here has an answer for is an error. The error is fs.ErrNotExist where there are no such
// folders.
func Beside(data string) ([]File, error) {
	published, err := bts(data)
	if err != nil {
		return nil, err
	}
	odd, err := oddFolders(filepath.Join(data, "odd"))
	return append(published, odd...), err
}

// btsColumns are the contract's columns, in its order, as BTS's layouts call them.
var btsColumns = [5][]string{
	{"Reporting_Airline", "OP_UNIQUE_CARRIER"}, {"OriginAirportID", "ORIGIN_AIRPORT_ID"}, {"DestAirportID", "DEST_AIRPORT_ID"}, {"DepDelay", "DEP_DELAY"}, {"ArrDelay", "ARR_DELAY"},
}

// bts are the published layouts, each under its day, under the next day and under its month.
func bts(data string) ([]File, error) {
	airports, err := os.ReadFile(filepath.Join(data, "airports.csv"))
	if err != nil {
		return nil, err
	}
	dimension, err := csv.NewReader(bytes.NewReader(airports)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("airports.csv: %w", err)
	}
	known := map[string][]string{}
	for _, r := range dimension[1:] {
		known[r[0]] = r
	}
	entries, err := os.ReadDir(filepath.Join(data, "bts"))
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(data, "bts", e.Name()))
		if err != nil {
			return nil, err
		}
		rows, err := btsRows(text, known)
		if err != nil {
			return nil, fmt.Errorf("bts/%s: %w", e.Name(), err)
		}
		other := make([]Reject, len(rows)) // every record is a line
		for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
			other[i] = Reject{int64(i) + 2, "other day", strings.TrimSuffix(line, "\r")}
		}
		slices.Sort(rows)
		for _, partition := range []string{"date=2008-04-03", "date=2008-04-04", "month=2008-04"} {
			f := File{Name: "bts/" + e.Name() + " under " + partition, Key: "daily-flights/" + partition + "/" + e.Name(), Content: string(text), Airports: string(airports), Rows: rows}
			if partition == "date=2008-04-04" {
				f.Rows, f.Rejects = nil, other
			}
			files = append(files, f)
		}
	}
	return files, nil
}

// btsRows are the facts of a published file, in its order.
func btsRows(text []byte, known map[string][]string) ([]string, error) {
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		return nil, err
	}
	var at [5]int
	for i, names := range btsColumns {
		if at[i] = slices.IndexFunc(records[0], func(name string) bool { return slices.Contains(names, name) }); at[i] < 0 {
			return nil, fmt.Errorf("none of the columns %s is there", strings.Join(names, ", "))
		}
	}
	var rows []string
	for _, r := range records[1:] {
		from, to := known[r[at[1]]], known[r[at[2]]]
		if from == nil || to == nil {
			return nil, fmt.Errorf("%s or %s is no airport", r[at[1]], r[at[2]])
		}
		dep, err := minutes(r[at[3]])
		if err != nil {
			return nil, err
		}
		arr, err := minutes(r[at[4]])
		if err != nil {
			return nil, err
		}
		rows = append(rows, strings.Join([]string{r[at[0]], from[3], to[3], from[1], to[1], from[2], to[2], dep, arr, "2008-04-03"}, "|"))
	}
	return rows, nil
}

// minutes is a delay as the warehouse has it.
func minutes(text string) (string, error) {
	if text == "" {
		return "NULL", nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != float64(int64(f)) {
		return "", fmt.Errorf("the delay %q is no whole number", text)
	}
	return fmt.Sprint(int64(f)), nil
}

// oddFolders are folders with one file of flights each.
func oddFolders(dir string) ([]File, error) {
	const fact, day = "|Hartsfield|Logan|Atlanta|Boston|GA|MA|", "daily-flights/date=2016-01-01/"
	answers := map[string]File{
		"blanks": {Key: day + "f.csv", Rows: []string{"AA" + fact + "1|2|2016-01-01", "AA" + fact + "1|2|2016-01-01", "AA" + fact + "1|2|2016-01-01", "aa" + fact + "1|2|2016-01-01"}},
		"month-in-one-day": {Key: day + "On_Time_2016_1.csv", Rows: []string{"ZZ" + fact + "3|4|2016-01-01"},
			Rejects: []Reject{{Line: 3, Reason: "other day"}, {Line: 4, Reason: "other day"}}}, // with the file's lines as records
		"semicolons":   {Key: day + "f.csv", Refused: etl.RefusedNoHeader, Says: []string{"f.csv:1:", "separated by semicolons (;), not by commas", "save it with commas"}},
		"no-partition": {Key: "daily-flights/flights.csv", Refused: etl.RefusedKey, Says: []string{"no date=YYYY-MM-DD or month=YYYY-MM partition", "upload it as daily-flights/date=YYYY-MM-DD/"}},
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if _, ok := answers[e.Name()]; !ok {
			return nil, fmt.Errorf("odd/%s: nothing here says what must become of it", e.Name())
		}
	}
	var files []File
	for _, name := range slices.Sorted(maps.Keys(answers)) {
		f := answers[name]
		f.Name = "odd/" + name
		path := f.Key
		if f.Refused == etl.RefusedKey {
			path = filepath.Base(f.Key) // it lies beside the airports
		}
		text, err := os.ReadFile(filepath.Join(dir, name, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		airports, err := os.ReadFile(filepath.Join(dir, name, "airports.csv"))
		if err != nil {
			return nil, err
		}
		f.Content, f.Airports = string(text), string(airports)
		lines := strings.Split(f.Content, "\n")
		for i, r := range f.Rejects {
			f.Rejects[i].Record = strings.TrimSuffix(lines[r.Line-1], "\r")
		}
		files = append(files, f)
	}
	return files, nil
}
