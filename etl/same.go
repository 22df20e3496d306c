package etl

import "strings"

// SameRows is a query for pairs of files of a dated dataset that have the same rows of a day, such as flights: day, key, other key
// and how many rows both have, all as texts. It takes the parameter since, a time: of each pair at least
// one file was loaded then or later.
//
// A row has no key, and two files of a day may well have some rows alike. Files are the same when half of
// the smaller one's rows are in the other: a copy, or a corrected file under another name.
func SameRows(d Dataset) string {
	var record []string
	for _, c := range d.RowColumns() {
		record = append(record, c.Name)
	}
	date := d.declared().Date
	fact, ledger := d.Table().String(), LoadLedger().String()
	same := make([]string, len(record))
	for i, name := range record {
		same[i] = "(a." + name + " = b." + name + " OR a." + name + " IS NULL AND b." + name + " IS NULL)"
	}
	columns := strings.Join(record, ", ")
	return "WITH young AS (SELECT source_key FROM " + ledger + " WHERE status = '" + StatusLoaded + "' AND loaded_at >= CAST(:since AS TIMESTAMP)), " +
		"days AS (SELECT DISTINCT " + date + " FROM " + fact + " WHERE source_key IN (SELECT source_key FROM young)), " +
		"records AS (SELECT source_key, " + columns + ", COUNT(*) AS n FROM " + fact +
		" WHERE " + date + " IN (SELECT " + date + " FROM days) GROUP BY source_key, " + columns + "), " +
		"sizes AS (SELECT source_key, " + date + ", SUM(n) AS n FROM records GROUP BY source_key, " + date + "), " +
		"shared AS (SELECT a." + date + ", a.source_key AS one, b.source_key AS other, SUM(CASE WHEN a.n < b.n THEN a.n ELSE b.n END) AS n" +
		" FROM records a JOIN records b ON a." + date + " = b." + date + " AND a.source_key < b.source_key AND " + strings.Join(same, " AND ") +
		" GROUP BY a." + date + ", a.source_key, b.source_key) " +
		"SELECT CAST(s." + date + " AS VARCHAR(10)), s.one, s.other, CAST(s.n AS VARCHAR(20)) FROM shared s" +
		" JOIN sizes x ON x.source_key = s.one AND x." + date + " = s." + date +
		" JOIN sizes y ON y.source_key = s.other AND y." + date + " = s." + date +
		" WHERE 2 * s.n >= CASE WHEN x.n < y.n THEN x.n ELSE y.n END" +
		" AND (s.one IN (SELECT source_key FROM young) OR s.other IN (SELECT source_key FROM young))" +
		" ORDER BY s." + date + ", s.one, s.other LIMIT 20"
}
