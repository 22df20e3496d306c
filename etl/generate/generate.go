// Package generate makes days of flights that look like real ones, out of a seed, so that the
// pipeline can be shown and measured where there is no data.
//
//	err := generate.Tree(dir, generate.Options{Seed: 1, Days: 7, FlightsPerDay: 1300})
//
// leaves dir/airports.csv and dir/daily-flights/date=2008-05-01/flights.csv and so on. The same
// options make the same bytes.
package generate

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"airline/etl"
)

// Options says what to make. The zero value of each means its default.
type Options struct {
	// Seed selects one of all possible worlds.
	Seed uint64
	// Start is the first day. Default: 2008-05-01.
	Start time.Time
	// Days is how many days there are. Default: 7.
	Days int
	// FlightsPerDay is how many flights each has. Default: 1,300.
	FlightsPerDay int
	// Faulty is the share of rows that the data contract rejects: unknown airports, delays that are
	// no numbers, missing fields. Negative: none. Default: 0.002.
	Faulty float64
	// More are datasets of which there are files, too.
	More []etl.Dataset
}

func (o Options) withDefaults() Options {
	if o.Start.IsZero() {
		o.Start = time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)
	}
	if o.Days == 0 {
		o.Days = 7
	}
	if o.FlightsPerDay == 0 {
		o.FlightsPerDay = 1300
	}
	if o.Faulty == 0 {
		o.Faulty = 0.002
	}
	return o
}

// Tree writes airports.csv, a file of each dataset of More, or of each of its days, and every day's flights.csv under dir.
func Tree(dir string, o Options) error {
	o = o.withDefaults()
	if err := writeFile(filepath.Join(dir, "airports.csv"), Airports); err != nil {
		return err
	}
	for _, d := range o.More {
		if err := more(dir, o, d); err != nil {
			return err
		}
	}
	for day := range o.Days {
		path := filepath.Join(dir, "daily-flights", "date="+o.Start.AddDate(0, 0, day).Format(time.DateOnly), "flights.csv")
		if err := writeFile(path, func(w io.Writer) error { return Day(w, o, day) }); err != nil {
			return err
		}
	}
	return nil
}

// more writes what there is of a dataset.
func more(dir string, o Options, d etl.Dataset) error {
	declaration, _ := d.Declared()
	write := func(folder string, seed uint64) error {
		return writeFile(filepath.Join(dir, filepath.FromSlash(folder), declaration.File), func(w io.Writer) error {
			if d == etl.Carriers {
				return Carriers(w)
			}
			return Declared(w, d, seed, o.FlightsPerDay)
		})
	}
	if !d.Dated() {
		return write(d.Prefix(), o.Seed)
	}
	for day := range o.Days {
		if err := write(d.Folder(o.Start.AddDate(0, 0, day)), o.Seed+uint64(day)); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("generate: %w", err)
	}
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("generate: %w", err)
	}
	defer file.Close()
	if err := write(file); err != nil {
		return fmt.Errorf("generate %s: %w", path, err)
	}
	return file.Close()
}

// Airports writes the airports file.
func Airports(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, etl.Airports.Header())
	for i, a := range airports {
		fmt.Fprintf(out, "%d,%s,%s,%s\n", airportID(i), a.city, a.state, a.name)
	}
	return out.Flush()
}

// Carriers writes the names of the carriers that flights have.
func Carriers(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintln(out, etl.Carriers.Header())
	for _, c := range airlines {
		fmt.Fprintf(out, "%q,%q\n", c.code, c.name)
	}
	return out.Flush()
}

// Day writes the flights of one day, counted from 0. A day does not depend on the other days.
func Day(w io.Writer, o Options, day int) error {
	o = o.withDefaults()
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintln(out, etl.Flights.Header())
	random := rand.New(rand.NewPCG(o.Seed, uint64(day)))
	// Weather: some days are bad for everyone.
	mood := 0.7 + 0.6*random.Float64()
	row := make([]byte, 0, 64)
	for range o.FlightsPerDay {
		row = flight(row[:0], random, mood)
		if random.Float64() < o.Faulty {
			row = spoil(row, random)
		}
		row = append(row, '\n')
		if _, err := out.Write(row); err != nil {
			return err
		}
	}
	return out.Flush()
}

// flight appends one flight's record.
func flight(row []byte, random *rand.Rand, mood float64) []byte {
	row = append(row, carriers.pick(random)...)
	from := hubs.pick(random)
	to := hubs.pick(random)
	for to == from {
		to = random.IntN(len(airports))
	}
	row = append(row, ',')
	row = strconv.AppendInt(row, airportID(from), 10)
	row = append(row, ',')
	row = strconv.AppendInt(row, airportID(to), 10)
	if random.Float64() < 0.014*mood { // cancelled
		return append(row, ",,"...)
	}
	dep := depDelay(random, mood)
	row = append(row, ',')
	row = strconv.AppendInt(row, dep, 10)
	row = append(row, ',')
	if random.Float64() < 0.002 { // diverted
		return row
	}
	return strconv.AppendInt(row, dep+int64(math.Round(random.NormFloat64()*11-3)), 10)
}

// depDelay is in minutes: most flights leave a little early, some late, few very late.
func depDelay(random *rand.Rand, mood float64) int64 {
	if random.Float64() > 0.42*mood {
		return int64(math.Round(random.NormFloat64()*3 - 3))
	}
	mean := 22.0
	if random.Float64() < 0.08 {
		mean = 95
	}
	return int64(random.ExpFloat64() * mean * mood)
}

// spoil makes a record break the data contract.
func spoil(row []byte, random *rand.Rand) []byte {
	switch random.IntN(4) {
	case 0:
		return append(row, ",,"...) // ragged: two fields too many
	case 1:
		return append(row, "min"...) // no number
	case 2:
		return append([]byte("?,"), row...) // ragged: shifted
	default:
		fields := 0
		for i, c := range row {
			if c != ',' {
				continue
			}
			if fields++; fields == 2 {
				end := i + 1
				for end < len(row) && row[end] != ',' {
					end++
				}
				return append(append(append([]byte{}, row[:i+1]...), "99999"...), row[end:]...) // nobody knows this airport
			}
		}
		return row
	}
}

// weighted draws an index or a name with unequal chances.
type weighted[T any] struct {
	values []T // each as often as it weighs
}

func (w weighted[T]) pick(random *rand.Rand) T { return w.values[random.IntN(len(w.values))] }

func weigh[T any](weights []int, value func(i int) T) weighted[T] {
	var w weighted[T]
	for i, weight := range weights {
		for range weight {
			w.values = append(w.values, value(i))
		}
	}
	return w
}
