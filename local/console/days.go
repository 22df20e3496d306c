package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"airline/etl"
	"airline/etl/generate"
)

// makeDays makes days of flights out of a seed and uploads them, with the airports.
func makeDays(ctx context.Context, x *Index, form *multipart.Form) (_ Deed, err error) {
	n, err := strconv.Atoi(value(form, "days"))
	if err != nil || n < 1 || n > demoDays {
		return Deed{}, fmt.Errorf("make 1 to %d days", demoDays)
	}
	start, err := time.Parse(time.DateOnly, value(form, "day"))
	if err != nil {
		return Deed{}, fmt.Errorf("%q is no day such as 2008-05-01", value(form, "day"))
	}
	seed, err := strconv.ParseUint(value(form, "seed"), 10, 64)
	if err != nil {
		return Deed{}, errors.New("a seed is a whole number")
	}
	dir, err := os.MkdirTemp("", "airline-days-")
	if err != nil {
		return Deed{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := generate.Tree(dir, generate.Options{Seed: seed, Start: start, Days: n}); err != nil {
		return Deed{}, fmt.Errorf("making flights: %w", err)
	}
	made := map[string][]byte{}
	var keys []string
	read := func(file, key string) error {
		keys = append(keys, key)
		made[key], err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(file)))
		return err
	}
	airports := etl.Airports.Prefix() + "airports.csv"
	if !x.loadedAirports() {
		if err := read("airports.csv", airports); err != nil {
			return Deed{}, err
		}
	}
	for i := range n {
		key := etl.Flights.Folder(start.AddDate(0, 0, i)) + "flights.csv"
		if err := read(key, key); err != nil {
			return Deed{}, err
		}
	}
	deed := Deed{Text: fmt.Sprintf("Made %d days of flights from seed %d", n, seed), Keys: keys}
	if keys[0] != airports {
		return deed, x.putAll(ctx, keys, made)
	}
	if x.server.Kept() { // whose journal knows of no timer of the console's
		return Deed{Text: "Made the airports, which flights are joined with: make the days once these are loaded", Keys: keys[:1]}, x.putAll(ctx, keys[:1], made)
	}
	deed.Text += "; they come when the airports, which flights are joined with, have had their time"
	x.world.Clock.After(airportsTake, func() { x.world.Door.Report(x.putAll(ctx, keys[1:], made)) })
	return deed, x.putAll(ctx, keys[:1], made)
}

// putAll writes objects to the raw bucket.
func (x *Index) putAll(ctx context.Context, keys []string, bodies map[string][]byte) error {
	for _, key := range keys {
		if _, err := x.put(ctx, key, bytes.NewReader(bodies[key])); err != nil {
			return err
		}
	}
	return nil
}

// airportsTake is virtual time in which airports are loaded.
const airportsTake = 5 * time.Minute

// loadedAirports tells whether the made airports have come already.
func (x *Index) loadedAirports() bool {
	f := x.find(etl.Airports.Prefix()+"airports.csv", "")
	return f != nil && f.Loaded() > 0
}
