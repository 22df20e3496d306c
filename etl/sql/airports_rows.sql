-- The airports of one file that load: the dimension's columns.
--
-- Reads   checked       result of airports_checked.sql
-- Result  rows
SELECT airport_id, city, state, name
FROM checked
WHERE reason IS NULL
