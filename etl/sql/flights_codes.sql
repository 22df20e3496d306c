-- Records of flights with keys in the place of codes: of files that have no origin_airport_id and dest_airport_id
--
-- Reads   flights_dated: one row per record, as flights_raw, with codes in these columns
--         airports: one row of each key, with its code
-- Result  flights_raw: the same rows with keys
--
-- A code that several rows have, as codes are given to others later, is none's.
-- Generated from the declaration by go test ./etl -update.
WITH airports_codes AS (
  SELECT iata, MIN(airport_id) AS airport_id, COUNT(*) AS several
  FROM airports
  WHERE iata <> ''
  GROUP BY iata
)
SELECT f.line, f.record,
  CASE
    WHEN f.fault IS NOT NULL THEN f.fault
    WHEN origin.iata IS NULL THEN 'unknown origin airport'
    WHEN dest.iata IS NULL THEN 'unknown destination airport'
    WHEN origin.several > 1 THEN 'ambiguous origin airport'
    WHEN dest.several > 1 THEN 'ambiguous destination airport'
  END AS fault,
  f.carrier, CAST(origin.airport_id AS STRING) AS origin_airport_id, CAST(dest.airport_id AS STRING) AS dest_airport_id, f.dep_delay, f.arr_delay, f.flight_date
FROM flights_dated f
LEFT JOIN airports_codes origin ON origin.iata = f.origin_airport_id
LEFT JOIN airports_codes dest ON dest.iata = f.dest_airport_id
