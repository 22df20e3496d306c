-- The flights that load: the fact table's columns but for the last three (flight_date, source_key,
-- load_id), which say where a row came from and which the host adds.
--
-- Reads   checked       result of flights_checked.sql
--         airports      airport_id, city, state, name; one row per airport
-- Result  rows
SELECT
  f.carrier AS carrier,
  origin.name AS dep_airport,
  dest.name AS arr_airport,
  origin.city AS dep_city,
  dest.city AS arr_city,
  origin.state AS dep_state,
  dest.state AS arr_state,
  f.dep_delay AS dep_delay,
  f.arr_delay AS arr_delay
FROM checked f
INNER JOIN airports origin ON origin.airport_id = f.origin_airport_id
INNER JOIN airports dest ON dest.airport_id = f.dest_airport_id
WHERE f.reason IS NULL
