-- How many records loaded (reason NULL) and how many did not, by reason: the manifest's numbers; and
-- where the first of each is.
--
-- Reads   checked       result of flights_checked.sql or airports_checked.sql
-- Result  counts
SELECT reason, COUNT(*) AS records, MIN(line) AS first_line
FROM checked
GROUP BY reason
