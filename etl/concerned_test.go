package etl_test

import (
	"strings"
	"testing"

	"airline/etl"
)

// What a reason is about is found in files as they are laid out, by ids or by codes, with days or without.
func TestConcerned(t *testing.T) {
	const key = "daily-flights/month=2008-05/f.csv"
	for _, c := range []struct{ header, reason, want string }{
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", "invalid DepDelay", "DepDelay"},
		{"FlightDate,ArrDelay,DEP_DELAY,DestAirportID,OriginAirportID,Carrier", "impossible DepDelay", "DEP_DELAY"},
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", "Carrier too long", "Carrier"},
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", "missing Carrier", "Carrier"},
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", "unknown origin airport", "OriginAirportID"},
		{"Carrier,Origin,Dest,DepDelay,ArrDelay,FlightDate", "unknown destination airport", "Dest"},
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", "origin is destination", "OriginAirportID DestAirportID"},
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", etl.ReasonFiltered, "DepDelay"},
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", "invalid FlightDate", "FlightDate"},
		{"Year,Month,DayofMonth,Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay", "other day", "Year Month DayofMonth"},
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", "ragged row", ""},
		{"Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay,FlightDate", "missing of everything", ""},
	} {
		days, err := etl.Flights.Days(key)
		if err != nil {
			t.Fatal(err)
		}
		layout, err := etl.Flights.ReadHead(key, []byte(c.header+"\n"), false, days)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, i := range etl.Flights.Concerned(c.reason, layout) {
			got = append(got, layout.Names[i])
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%s in %s is about %q, want %q", c.reason, c.header, got, c.want)
		}
	}
	layout, err := etl.Airports.ReadHead("airports/a.csv", []byte("iata,name,airport_id,state,city\n"), false, etl.Days{})
	if err != nil {
		t.Fatal(err)
	}
	if got := etl.Airports.Concerned("invalid airport_id", layout); len(got) != 1 || layout.Names[got[0]] != "airport_id" {
		t.Errorf("the airport's id is at %v", got)
	}
}

// A header as it is declared is one that is read, and names nothing that may be missing.
func TestHeader(t *testing.T) {
	for d, want := range map[etl.Dataset]string{etl.Flights: "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay", etl.Airports: "airport_id,city,state,name", etl.Carriers: "Code,Description"} {
		if got := d.Header(); got != want {
			t.Errorf("%s has the header %s, want %s", d, got, want)
		}
	}
}
