-- Flight records with the ids of their airports in the place of IATA codes: of files that have no ids.
--
-- Reads   flights_dated  one row per record, as flights_raw of flights_checked.sql, with codes in
--                        origin_airport_id and dest_airport_id
--         airports       airport_id, city, state, name, iata; one row per airport
-- Result  flights_raw    the same rows with ids
--
-- A code that several airports have, as codes are given to others later, is no airport's.
WITH codes AS (
  SELECT iata, MIN(airport_id) AS airport_id, COUNT(*) AS airports
  FROM airports
  WHERE iata <> ''
  GROUP BY iata
)
SELECT f.line, f.record,
  CASE
    WHEN f.fault IS NOT NULL THEN f.fault
    WHEN origin.iata IS NULL THEN 'unknown origin airport'
    WHEN dest.iata IS NULL THEN 'unknown destination airport'
    WHEN origin.airports > 1 THEN 'ambiguous origin airport'
    WHEN dest.airports > 1 THEN 'ambiguous destination airport'
  END AS fault,
  f.carrier, CAST(origin.airport_id AS STRING) AS origin_airport_id, CAST(dest.airport_id AS STRING) AS dest_airport_id,
  f.dep_delay, f.arr_delay, f.flight_date
FROM flights_dated f
LEFT JOIN codes origin ON origin.iata = f.origin_airport_id
LEFT JOIN codes dest ON dest.iata = f.dest_airport_id
