-- The records that do not load, as they stood in the file.
--
-- Reads   checked       result of flights_checked.sql or airports_checked.sql
-- Result  rejects
SELECT line, reason, record
FROM checked
WHERE reason IS NOT NULL
