package etl

// airports are the places that flights leave and reach, one row each: flights name them by id, or by IATA code.
func airports() Declaration {
	return Declaration{
		Name: Airports, Prefix: "airports/", File: "airports.csv",
		Machine: "load-airports", Comment: "Merges the airports of a batch of objects into",
		Columns: []RawColumn{
			{Name: "airport_id", As: "airport_id", Required: true, Aliases: []string{"AirportID"}},
			{Name: "city", As: "city", Text: true, Nulls: nulls},
			{Name: "state", As: "state", Text: true, Nulls: nulls}, // NA is one: of Namibia by its ISO code
			{Name: "name", As: "name", Text: true, Nulls: nulls},
			{Name: "iata", As: "iata", Text: true, Nulls: nulls, Optional: true, Aliases: []string{"iata_code"}},
		},
		Key:  "airport_id",
		Code: "iata",
		Table: Table{Schema: Schema, Name: "airports_dim", Columns: []Column{
			{Name: "airport_id", Type: BigInt, NotNull: true},
			{Name: "city", Type: Varchar, Bytes: 100},
			{Name: "state", Type: Varchar, Bytes: 100},
			{Name: "name", Type: Varchar, Bytes: 200},
		}},
	}
}
