package workflow

import (
	"testing"
	"time"

	"airline/asl/jsonata"
	"airline/etl"
	"airline/etl/samples"
)

// The machines read from keys what the contract reads from them, of every form that a declaration has.
func TestDayOf(t *testing.T) {
	var declared []etl.Declaration
	keys := map[etl.Dataset][]string{etl.Flights: {
		"daily-flights/date=2008-05-01/a.csv", "daily-flights/month=2008-05/a.csv", "daily-flights/x/date=2008-12-31/y/it's.csv",
	}}
	for _, d := range samples.Declarations() {
		declared = append(declared, d.Declaration)
		for _, f := range d.Files {
			keys[d.Declaration.Name] = append(keys[d.Declaration.Name], f.Key)
		}
	}
	restore, err := etl.Try(declared...)
	if err != nil {
		t.Fatal(err)
	}
	defer restore()
	for dataset, list := range keys {
		expression, err := jsonata.Compile(Config{Loaders: []Loader{{Dataset: dataset}}}.dayOf("$key"))
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for _, key := range list {
			days, err := dataset.Days(key)
			if err != nil || days.First.IsZero() {
				continue // the load refuses the key, and says why
			}
			compared++
			want := days.First.Format("2006-01")
			if days.One() {
				want = days.First.Format(time.DateOnly)
			}
			got, err := expression.Eval(t.Context(), jsonata.Undefined, jsonata.Options{Bindings: jsonata.Map{"key": key}})
			if err != nil || got != want {
				t.Errorf("%s: %s is of %v, %v, want %s", dataset, key, got, err, want)
			}
		}
		if compared == 0 && len(dataset.Raw().Keys) > 0 {
			t.Errorf("no key of %s names a day", dataset)
		}
	}
}
