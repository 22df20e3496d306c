-- Every airport record of one file with its verdict: reason is NULL for a row that loads, else why
-- it does not. Of several good records with one id the last in the file loads.
--
-- Reads   airports_raw  one row per record of the file, split into texts by the host, without blanks
--                       around them: line (where it starts), record (as it stood), fault (why it
--                       could not be split, or NULL), airport_id, city, state, name, iata (NULL where the
--                       file has none)
-- Result  checked       line, reason and record (NULL for a row that loads), the columns to load, and iata
--
-- Lengths are bytes, as Redshift counts them. For integers and the spellings of null see
-- flights_checked.sql; NA is a state, of Namibia by its ISO code, and stays.
WITH typed AS (
  SELECT line, record, fault,
    CASE WHEN city NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN city END AS city,
    CASE WHEN state NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN state END AS state,
    CASE WHEN name NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN name END AS name,
    CASE WHEN iata NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN iata END AS iata,
    CASE WHEN regexp_extract(airport_id, '^[+-]?[0-9]+([.]00?)?$', 0) = airport_id
      THEN TRY_CAST(regexp_extract(airport_id, '^[+-]?[0-9]+', 0) AS BIGINT) END AS airport_id
  FROM airports_raw
),
judged AS (
  SELECT line, record, airport_id, city, state, name, iata,
    CASE
      WHEN fault IS NOT NULL THEN fault
      WHEN airport_id IS NULL THEN 'invalid airport_id'
      WHEN bit_length(city) > 100 * 8 THEN 'city too long'
      WHEN bit_length(state) > 100 * 8 THEN 'state too long'
      WHEN bit_length(name) > 200 * 8 THEN 'name too long'
    END AS reason
  FROM typed
),
ranked AS (
  SELECT line, record, airport_id, city, state, name, iata, reason,
    ROW_NUMBER() OVER (PARTITION BY airport_id, CASE WHEN reason IS NULL THEN 1 ELSE 0 END ORDER BY line DESC) AS nth
  FROM judged
),
verdicts AS (
  SELECT line, record, airport_id, city, state, name, iata,
    CASE WHEN reason IS NOT NULL THEN reason WHEN nth > 1 THEN 'repeated airport_id' END AS reason
  FROM ranked
)
SELECT line, reason, CASE WHEN reason IS NOT NULL THEN record END AS record,
  airport_id, city, state, name, iata
FROM verdicts
