-- Every record of a file of flights with its verdict: reason is NULL for a row that loads, else why it does not.
-- The load statement adds source_key and load_id.
--
-- Reads   flights_raw: one row per record, split into texts by the host, without blanks around them: line (where it
--         starts), record (as it stood), fault (why it could not be split, or NULL), and carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay, flight_date
--         airports: airport_id, city, state, name, iata; one row of each airport_id
--         settings: one row, the limits of what can be
-- Result  checked: line, reason and record (NULL for a row that loads), and the columns to load
--
-- Generated from the declaration by go test ./etl -update; etl/query.go says why it is written this way.
WITH numbered AS (
  SELECT line, record, fault, carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay, flight_date,
    TRY_CAST(CASE WHEN contains(origin_airport_id, '.') THEN replace(replace(origin_airport_id, '.00', ''), '.0', '') ELSE origin_airport_id END AS BIGINT) AS origin_airport_id_number,
    TRY_CAST(CASE WHEN contains(dest_airport_id, '.') THEN replace(replace(dest_airport_id, '.00', ''), '.0', '') ELSE dest_airport_id END AS BIGINT) AS dest_airport_id_number,
    CASE WHEN dep_delay >= '+' AND dep_delay < ':' THEN TRY_CAST(CASE WHEN contains(dep_delay, '.') THEN replace(replace(dep_delay, '.00', ''), '.0', '') ELSE dep_delay END AS BIGINT) END AS dep_delay_number,
    CASE WHEN arr_delay >= '+' AND arr_delay < ':' THEN TRY_CAST(CASE WHEN contains(arr_delay, '.') THEN replace(replace(arr_delay, '.00', ''), '.0', '') ELSE arr_delay END AS BIGINT) END AS arr_delay_number
  FROM flights_raw
),
typed AS (
  SELECT line, record, fault, carrier, flight_date,
    CASE WHEN CAST(origin_airport_id_number AS STRING) = origin_airport_id OR regexp_extract(origin_airport_id, '^[+-]?[0-9]+([.]00?)?$', 0) = origin_airport_id THEN origin_airport_id_number END AS origin_airport_id,
    CASE WHEN CAST(dest_airport_id_number AS STRING) = dest_airport_id OR regexp_extract(dest_airport_id, '^[+-]?[0-9]+([.]00?)?$', 0) = dest_airport_id THEN dest_airport_id_number END AS dest_airport_id,
    dep_delay AS dep_delay_text,
    CASE WHEN CAST(dep_delay_number AS STRING) = dep_delay OR regexp_extract(dep_delay, '^[+-]?[0-9]+([.]00?)?$', 0) = dep_delay THEN dep_delay_number END AS dep_delay,
    arr_delay AS arr_delay_text,
    CASE WHEN CAST(arr_delay_number AS STRING) = arr_delay OR regexp_extract(arr_delay, '^[+-]?[0-9]+([.]00?)?$', 0) = arr_delay THEN arr_delay_number END AS arr_delay
  FROM numbered
),
judged AS (
  SELECT f.line, f.record,
    CASE
      WHEN f.fault IS NOT NULL THEN f.fault
      WHEN f.carrier IN ('', '-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN 'missing Carrier'
      WHEN regexp_extract(f.carrier, replace('[~x{0}-~x{1f}~x{7f}-~x{a0}~x{ad}-~x{ad}~x{61c}-~x{61c}~x{115f}-~x{1160}~x{1680}-~x{1680}~x{17b4}-~x{17b5}~x{2000}-~x{200f}~x{2028}-~x{202f}~x{205f}-~x{206f}~x{2800}-~x{2800}~x{3000}-~x{3000}~x{3164}-~x{3164}~x{feff}-~x{feff}~x{ffa0}-~x{ffa0}~x{fff0}-~x{fffb}~x{34f}-~x{34f}~x{180b}-~x{180f}~x{fe00}-~x{fe0f}~x{e0100}-~x{e01ef}]|~p{Cf}', '~', chr(92)), 0) <> '' THEN 'invalid Carrier'
      WHEN bit_length(f.carrier) > 10 * 8 THEN 'Carrier too long'
      WHEN f.origin_airport_id IS NULL THEN 'invalid OriginAirportID'
      WHEN f.dest_airport_id IS NULL THEN 'invalid DestAirportID'
      WHEN f.dep_delay IS NULL AND f.dep_delay_text NOT IN ('', '-', 'NA', 'na', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN 'invalid DepDelay'
      WHEN f.arr_delay IS NULL AND f.arr_delay_text NOT IN ('', '-', 'NA', 'na', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN 'invalid ArrDelay'
      WHEN f.dep_delay NOT BETWEEN -(SELECT max_early FROM settings) AND (SELECT max_late FROM settings) THEN 'impossible DepDelay'
      WHEN f.arr_delay NOT BETWEEN -(SELECT max_early FROM settings) AND (SELECT max_late FROM settings) THEN 'impossible ArrDelay'
      WHEN f.flight_date NOT BETWEEN (SELECT first_day FROM settings) AND (SELECT last_day FROM settings) THEN 'impossible day'
      WHEN f.origin_airport_id = f.dest_airport_id AND NOT (SELECT round_trips FROM settings) THEN 'origin is destination'
      WHEN origin.airport_id IS NULL THEN 'unknown origin airport'
      WHEN dest.airport_id IS NULL THEN 'unknown destination airport'
      WHEN (SELECT min_dep_delay FROM settings) IS NOT NULL
        AND COALESCE(f.dep_delay < (SELECT min_dep_delay FROM settings), TRUE) THEN 'below minDepDelay'
    END AS reason,
    f.carrier,
    origin.name AS dep_airport,
    dest.name AS arr_airport,
    origin.city AS dep_city,
    dest.city AS arr_city,
    origin.state AS dep_state,
    dest.state AS arr_state,
    f.dep_delay,
    f.arr_delay,
    f.flight_date
  FROM typed f
  LEFT JOIN airports origin ON origin.airport_id = f.origin_airport_id
  LEFT JOIN airports dest ON dest.airport_id = f.dest_airport_id
)
SELECT line, reason, CASE WHEN reason IS NOT NULL THEN record END AS record,
  carrier, dep_airport, arr_airport, dep_city, arr_city, dep_state, arr_state, dep_delay, arr_delay, flight_date
FROM judged
