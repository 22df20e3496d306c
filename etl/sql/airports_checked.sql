-- Every record of a file of airports with its verdict: reason is NULL for a row that loads, else why it does not.
-- Of several good records with one airport_id the last in the file loads.
--
-- Reads   airports_raw: one row per record, split into texts by the host, without blanks around them: line (where it
--         starts), record (as it stood), fault (why it could not be split, or NULL), and airport_id, city, state, name, iata
-- Result  checked: line, reason and record (NULL for a row that loads), and the columns to load
--
-- Generated from the declaration by go test ./etl -update; etl/query.go says why it is written this way.
WITH numbered AS (
  SELECT line, record, fault, airport_id, city, state, name, iata,
    TRY_CAST(CASE WHEN contains(airport_id, '.') THEN replace(replace(airport_id, '.00', ''), '.0', '') ELSE airport_id END AS BIGINT) AS airport_id_number
  FROM airports_raw
),
typed AS (
  SELECT line, record, fault,
    CASE WHEN CAST(airport_id_number AS STRING) = airport_id OR regexp_extract(airport_id, '^[+-]?[0-9]+([.]00?)?$', 0) = airport_id THEN airport_id_number END AS airport_id,
    CASE WHEN city NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN city END AS city,
    CASE WHEN state NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN state END AS state,
    CASE WHEN name NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN name END AS name,
    CASE WHEN iata NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN iata END AS iata
  FROM numbered
),
judged AS (
  SELECT f.line, f.record,
    CASE
      WHEN f.fault IS NOT NULL THEN f.fault
      WHEN f.airport_id IS NULL THEN 'invalid airport_id'
      WHEN bit_length(f.city) > 100 * 8 THEN 'city too long'
      WHEN bit_length(f.state) > 100 * 8 THEN 'state too long'
      WHEN bit_length(f.name) > 200 * 8 THEN 'name too long'
    END AS reason,
    f.airport_id,
    f.city,
    f.state,
    f.name,
    f.iata
  FROM typed f
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
