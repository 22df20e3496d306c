package etl

import "strings"

// SameFlights is a query for pairs of files that have the same flights of a day: day, key, other key
// and how many rows both have, all as texts. It takes the parameter since, a time: of each pair at least
// one file was loaded then or later.
//
// A row has no key, and two files of a day may well have some rows alike. Files are the same when half of
// the smaller one's rows are in the other: a copy, or a corrected file under another name.
func SameFlights() string {
	var record []string
	for _, c := range Flights.RowColumns() {
		record = append(record, c.Name)
	}
	fact, ledger := FlightsFact().String(), LoadLedger().String()
	same := make([]string, len(record))
	for i, name := range record {
		same[i] = "(a." + name + " = b." + name + " OR a." + name + " IS NULL AND b." + name + " IS NULL)"
	}
	columns := strings.Join(record, ", ")
	return "WITH young AS (SELECT source_key FROM " + ledger + " WHERE status = '" + StatusLoaded + "' AND loaded_at >= CAST(:since AS TIMESTAMP)), " +
		"days AS (SELECT DISTINCT flight_date FROM " + fact + " WHERE source_key IN (SELECT source_key FROM young)), " +
		"records AS (SELECT source_key, " + columns + ", COUNT(*) AS n FROM " + fact +
		" WHERE flight_date IN (SELECT flight_date FROM days) GROUP BY source_key, " + columns + "), " +
		"sizes AS (SELECT source_key, flight_date, SUM(n) AS n FROM records GROUP BY source_key, flight_date), " +
		"shared AS (SELECT a.flight_date, a.source_key AS one, b.source_key AS other, SUM(CASE WHEN a.n < b.n THEN a.n ELSE b.n END) AS n" +
		" FROM records a JOIN records b ON a.flight_date = b.flight_date AND a.source_key < b.source_key AND " + strings.Join(same, " AND ") +
		" GROUP BY a.flight_date, a.source_key, b.source_key) " +
		"SELECT CAST(s.flight_date AS VARCHAR(10)), s.one, s.other, CAST(s.n AS VARCHAR(20)) FROM shared s" +
		" JOIN sizes x ON x.source_key = s.one AND x.flight_date = s.flight_date" +
		" JOIN sizes y ON y.source_key = s.other AND y.flight_date = s.flight_date" +
		" WHERE 2 * s.n >= CASE WHEN x.n < y.n THEN x.n ELSE y.n END" +
		" AND (s.one IN (SELECT source_key FROM young) OR s.other IN (SELECT source_key FROM young))" +
		" ORDER BY s.flight_date, s.one, s.other LIMIT 20"
}
