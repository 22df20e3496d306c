-- The airports that flights are joined with: of an id that several files have, the newest file's.
--
-- Reads   airports_files   the rows that load of every airports file (airports_checked.sql), with the file's modified (time) and source_key
-- Result  airports
SELECT airport_id, city, state, name, iata
FROM (
  SELECT airport_id, city, state, name, iata,
    ROW_NUMBER() OVER (PARTITION BY airport_id ORDER BY modified DESC, source_key DESC) AS nth
  FROM airports_files
) ranked
WHERE nth = 1
