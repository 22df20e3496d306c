-- How many records loaded (reason NULL) and how many did not, by reason: the manifest's numbers.
--
-- Reads   checked       result of flights_checked.sql or airports_checked.sql
-- Result  counts
SELECT reason, COUNT(*) AS records
FROM checked
GROUP BY reason
