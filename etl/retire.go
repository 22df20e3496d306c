package etl

// RetireFile is the transaction that takes the rows of a file of a dataset whose rows have no key out of the warehouse by hand: the ledger marks the version as
// retired, and its rows leave. The object stays in the bucket, so the mark is of its version: reconcile, which compares the newest
// version with the ledger's, does not bring it back, and neither does a load that saw the object before. A new version of the key is loaded
// as ever.
//
// The named parameters are load_id, that of the ledger's row of the key, source_key, and observed_at, a time later than the row's.
//
// The first statement's count tells whether the load still counted, the second's how many rows have left.
func RetireFile(d Dataset) []string {
	ledger := LoadLedger().String()
	return []string{
		"UPDATE " + ledger + " SET status = '" + StatusRetired + "', observed_at = CAST(:observed_at AS TIMESTAMP)" +
			" WHERE source_key = :source_key AND load_id = :load_id AND status = '" + StatusLoaded + "' AND observed_at < CAST(:observed_at AS TIMESTAMP)",
		"DELETE FROM " + d.Table().String() + " WHERE source_key = :source_key AND load_id = :load_id" +
			" AND EXISTS (SELECT 1 FROM " + ledger + " WHERE load_id = :load_id AND status = '" + StatusRetired + "' AND observed_at = CAST(:observed_at AS TIMESTAMP))",
	}
}
