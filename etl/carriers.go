package etl

// carriers are the airlines, one row for each of BTS's unique codes, which flights have: the lookup table "Unique Carriers" of the
// US Bureau of Transportation Statistics as it is published (L_UNIQUE_CARRIERS.csv), with the columns Code and Description.
func carriers() Declaration {
	return Declaration{
		Name: Carriers, Prefix: "carriers/", File: "carriers.csv", OnRequest: true,
		Machine: "load-carriers", Comment: "Merges the carriers of a batch of objects into",
		Columns: []RawColumn{
			{Name: "Code", As: "code", Text: true, Required: true, Printable: true, Nulls: codeNulls, Aliases: []string{"carrier_code"}},
			{Name: "Description", As: "name", Text: true, Nulls: nulls, Aliases: []string{"carrier_name"}},
		},
		Key: "code",
		Table: Table{Schema: Schema, Name: "carriers_dim", Columns: []Column{
			{Name: "code", Type: Varchar, Bytes: 10, NotNull: true},
			{Name: "name", Type: Varchar, Bytes: 200},
		}},
		Views: []View{{Schema: Schema, Name: "flights_by_carrier", Select: "SELECT f.*, c.name AS carrier_name FROM " +
			Schema + ".daily_flights_fact f LEFT JOIN " + Schema + ".carriers_dim c ON c.code = f.carrier"}},
	}
}
