-- The airports that others are joined with: of a key that several files have, the newest file's.
--
-- Reads   airports_files: the rows that load of every file of airports, with the file's modified (time) and source_key
-- Result  airports
--
-- Generated from the declaration by go test ./etl -update.
SELECT airport_id, city, state, name, iata
FROM (
  SELECT airport_id, city, state, name, iata,
    ROW_NUMBER() OVER (PARTITION BY airport_id ORDER BY modified DESC, source_key DESC) AS nth
  FROM airports_files
) ranked
WHERE nth = 1
