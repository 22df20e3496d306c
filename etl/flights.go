package etl

import (
	"fmt"
	"slices"
)

// nulls are the spellings of null that data tools write: pandas, R, Spark, Excel, SQL clients. NA is not among them: it may be a
// state or a code.
var nulls = []string{"-", "N/A", "n/a", "#N/A", "<NA>", "NULL", "Null", "null", "NaN", "nan", "None", "none", `\N`}

// codeNulls are those of a code that must be there, numberNulls those of a number.
var (
	codeNulls   = slices.Concat([]string{""}, nulls)
	numberNulls = slices.Concat([]string{"", "-", "NA", "na"}, nulls[1:])
)

// flights are the flights of a day or a month, flown or cancelled.
//
// The table has no key: two identical rows are two flights. What identifies rows is the object they came from (source_key) and its
// version (load_id).
//
// Sources of the aliases: the on-time tables of the US Bureau of Transportation Statistics (BTS) as published monthly, before
// and since 2018 (reporting and marketing carriers), by custom download, and in the 29 columns of the years to 2008.
// Carriers are BTS's unique codes where a file has them: IATA gives a code to other carriers later.
func flights() Declaration {
	limits := DefaultLimits()
	return Declaration{
		Name: Flights, Prefix: "daily-flights/", File: "flights.csv",
		Machine: "ingest-flights", Comment: "Loads the flights of a batch of objects into",
		Columns: []RawColumn{
			{Name: "Carrier", As: "carrier", Text: true, Required: true, Printable: true, Nulls: codeNulls,
				Aliases: []string{"Reporting_Airline", "UniqueCarrier", "OP_UNIQUE_CARRIER", "UNIQUE_CARRIER", "Operating_Airline",
					"IATA_CODE_Reporting_Airline", "IATA_Code_Operating_Airline", "OP_CARRIER"}},
			{Name: "OriginAirportID", As: "origin_airport_id", Required: true,
				Aliases: []string{"ORIGIN_AIRPORT_ID"}, Unlike: []string{"OriginAirportSeqID", "ORIGIN_AIRPORT_SEQ_ID"}},
			{Name: "DestAirportID", As: "dest_airport_id", Required: true,
				Aliases: []string{"DEST_AIRPORT_ID"}, Unlike: []string{"DestAirportSeqID", "DEST_AIRPORT_SEQ_ID"}},
			// What counts early flights as 0 is no substitute.
			{Name: "DepDelay", As: "dep_delay", Nulls: numberNulls, Between: delays,
				Aliases: []string{"DEP_DELAY"}, Unlike: []string{"DepDelayMinutes", "DEP_DELAY_NEW", "DepDel15", "DEP_DEL15", "DEP_DELAY_GROUP"}},
			{Name: "ArrDelay", As: "arr_delay", Nulls: numberNulls, Between: delays,
				Aliases: []string{"ARR_DELAY"}, Unlike: []string{"ArrDelayMinutes", "ARR_DELAY_NEW", "ArrDel15", "ARR_DEL15", "ARR_DELAY_GROUP"}},
		},
		Date: "flight_date",
		Keys: []KeyForm{"date=YYYY-MM-DD", "month=YYYY-MM"},
		Days: [][]RawColumn{
			{{Name: "FlightDate", As: "day", Aliases: []string{"FL_DATE", "flight_date"}}},
			{{Name: "Year", As: "year"}, {Name: "Month", As: "month"}, {Name: "DayofMonth", As: "day_of_month", Aliases: []string{"DAY_OF_MONTH"}}},
		},
		Joins: []Join{
			{As: "origin", With: Airports, On: "origin_airport_id", Coded: "Origin", What: "origin airport"},
			{As: "dest", With: Airports, On: "dest_airport_id", Coded: "Dest", What: "destination airport"},
		},
		Rules: []Rule{
			{Reason: "origin is destination", When: "f.origin_airport_id = f.dest_airport_id AND NOT (SELECT round_trips FROM settings)"},
			{Reason: ReasonFiltered, AfterJoins: true, When: "(SELECT min_dep_delay FROM settings) IS NOT NULL\n" +
				"        AND COALESCE(f.dep_delay < (SELECT min_dep_delay FROM settings), TRUE)"},
		},
		Settings: []Setting{
			{Name: "min_dep_delay", Type: "BIGINT", Form: "[+-]?[0-9]{1,18}", Must: "minutes"},
			{Name: "max_early", Type: "BIGINT", Form: "[0-9]{1,18}", Must: "minutes", Default: fmt.Sprint(limits.MaxEarly)},
			{Name: "max_late", Type: "BIGINT", Form: "[0-9]{1,18}", Must: "minutes", Default: fmt.Sprint(limits.MaxLate)},
			{Name: "round_trips", Type: "BOOLEAN", Form: "true|false", Must: "true or false", Default: fmt.Sprint(limits.RoundTrips)},
		},
		Table: Table{Schema: Schema, Name: "daily_flights_fact", Columns: []Column{
			{Name: "carrier", Type: Varchar, Bytes: 10},
			{Name: "dep_airport", Type: Varchar, Bytes: 200, From: "origin.name"},
			{Name: "arr_airport", Type: Varchar, Bytes: 200, From: "dest.name"},
			{Name: "dep_city", Type: Varchar, Bytes: 100, From: "origin.city"},
			{Name: "arr_city", Type: Varchar, Bytes: 100, From: "dest.city"},
			{Name: "dep_state", Type: Varchar, Bytes: 100, From: "origin.state"},
			{Name: "arr_state", Type: Varchar, Bytes: 100, From: "dest.state"},
			{Name: "dep_delay", Type: BigInt}, // minutes; NULL when the file had none or NA
			{Name: "arr_delay", Type: BigInt}, // minutes; NULL when the file had none or NA
			{Name: "flight_date", Type: Date, NotNull: true},
			ledgerColumn(LedgerSourceKey),
			ledgerColumn(LedgerLoadID),
		}},
	}
}

// delays are the bounds of a delay, in minutes: see [Limits].
var delays = []string{"-(SELECT max_early FROM settings)", "(SELECT max_late FROM settings)"}
