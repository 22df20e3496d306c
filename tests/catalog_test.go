package tests

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/google/go-cmp/cmp"

	"airline/local"
)

// aMonth lets a stack live through a month of daily files, some of them in two parts, corrected, refused, with another column, compressed, of another
// month, and in odd places; and gives the world on the second of the next month.
func aMonth(t *testing.T, trigger, crawl string) *world {
	t.Helper()
	w := deploy(t, local.Options{Graph: recordedWith(t, map[string]string{"trigger": trigger, "crawl": crawl})}) // begins on 2024-01-01
	const header, more = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n", "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,TailNumber\n"
	w.ingest(rawFile{"airports/airports.csv", []byte("airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n2,Paris,IF,Orly\n")})
	for day := range 31 {
		folder := "daily-flights/date=" + w.Now().AddDate(0, 0, -1).Format(time.DateOnly) + "/"
		row := fmt.Sprintf("LH,1,2,%d,%d\n", day, -day)
		w.put(rawFile{folder + "flights.csv", []byte(header + row)})
		switch day {
		case 5: // a second part, later
			w.run()
			w.put(rawFile{folder + "part-2.csv", []byte(header + row + row)})
		case 9: // corrected
			w.run()
			w.put(rawFile{folder + "flights.csv", []byte(header + row + row)})
		case 12: // refused, with a name that no other file has
			w.put(rawFile{folder + "misspelt.csv", []byte(strings.Replace(header, "DepDelay", "DepartureDly", 1) + row)})
		case 15:
			w.put(rawFile{folder + "tails.csv", []byte(more + "LH,1,2,3,4,D-ABCD\n")})
		case 18:
			w.put(rawFile{folder + "packed.csv.gz", []byte(gzipped(t, more+"LH,1,2,3,4,D-ABCD\n"))})
		case 20:
			w.put(rawFile{"airports/more.csv", []byte("airport_id,city,state,name\n3,Rome,LA,Fiumicino\n")})
		case 22: // by another key than the days
			w.put(rawFile{"daily-flights/month=2023-11/flights.csv", []byte(strings.Replace(header, "ArrDelay", "ArrDelay,FlightDate", 1) + "LH,1,2,3,4,2023-11-05\n")})
		}
		w.run()
		if err := w.RunFor(t.Context(), time.Date(2024, 1, day+2, 6, 0, 0, 0, time.UTC).Sub(w.Now())); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.RunFor(t.Context(), 24*time.Hour); err != nil {
		t.Fatal(err)
	}
	return w
}

// tables are what the catalog holds, by name: everything but versions and times, with the numbers of files and rows, which only a crawl counts, or
// without.
func (w *world) tables(numbers bool) map[string]any {
	counted := []string{"objectCount", "recordCount", "sizeKey", "averageRecordSize"}
	clean := func(parameters map[string]string) map[string]string {
		p := maps.Clone(parameters)
		maps.DeleteFunc(p, func(name, _ string) bool { return !numbers && slices.Contains(counted, name) })
		return p
	}
	descriptor := func(d *types.StorageDescriptor) any {
		columns := []string{}
		for _, c := range d.Columns {
			columns = append(columns, aws.ToString(c.Name)+" "+aws.ToString(c.Type))
		}
		return []any{
			aws.ToString(d.Location), columns, aws.ToString(d.InputFormat), aws.ToString(d.OutputFormat), d.Compressed, d.NumberOfBuckets,
			aws.ToString(d.SerdeInfo.SerializationLibrary), d.SerdeInfo.Parameters, clean(d.Parameters),
		}
	}
	tables := map[string]any{}
	for _, t := range w.Glue().State().Tables {
		partitions := map[string]any{}
		for _, p := range t.Partitions {
			partitions[strings.Join(p.Values, "/")] = []any{descriptor(p.StorageDescriptor), clean(p.Parameters)}
		}
		keys := []string{}
		for _, k := range t.Table.PartitionKeys {
			keys = append(keys, aws.ToString(k.Name)+" "+aws.ToString(k.Type))
		}
		tables[aws.ToString(t.Table.Name)] = []any{descriptor(t.Table.StorageDescriptor), clean(t.Table.Parameters), aws.ToString(t.Table.TableType), keys, partitions}
	}
	return tables
}

// crawls are how many crawls were begun, of all crawlers.
func (w *world) crawls() (n int) {
	crawlers, _ := w.Glue().Activity()
	for _, c := range crawlers {
		n += c.Crawls
	}
	return n
}

// After a month the catalog is the same whether each file was crawled for or the machine has entered the partitions: with the monthly crawl to the
// last number, and before that in all that says how files are read. The machine has crawled for the first files and the new columns.
func TestTheCatalogAfterAMonth(t *testing.T) {
	for _, trigger := range triggers {
		t.Run(trigger, func(t *testing.T) {
			each, daily := aMonth(t, trigger, "each"), aMonth(t, trigger, "daily")
			if diff := cmp.Diff(each.tables(true), daily.tables(true)); diff != "" {
				t.Errorf("the catalog (-each +daily):\n%s", diff)
			}
			if a, b := each.rows(), daily.rows(); a != b {
				t.Errorf("the fact table, crawled for each file:\n%s\nand daily:\n%s", a, b)
			}
			partitions := daily.tables(false)["daily_flights"].([]any)[4].(map[string]any)
			if len(partitions) != 31 {
				t.Errorf("%d partitions, want 31", len(partitions))
			}
			if a, b := each.crawls(), daily.crawls(); a < 35 || b > 10 {
				t.Errorf("%d crawls for each file and %d daily; want one a day, and a few", a, b)
			}
		})
	}
}
