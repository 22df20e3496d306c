-- Every flight record with its verdict: reason is NULL for a row that loads, else why it does not. A row
-- that loads has the fact table's columns but for the last three, which say where it came from: the host
-- adds flight_date, and the load statement source_key and load_id.
--
-- Reads   flights_raw   one row per record of the file, split into texts by the host: line (where
--                       it starts), record (as it stood), fault (why it could not be split, or NULL),
--                       carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay
--         airports      airport_id, city, state, name; one row per airport
--         settings      one row: min_dep_delay (minutes; NULL: no filter)
-- Result  checked       line, reason and record (NULL for a row that loads), and the columns to load
--
-- A record has one reason, the first that applies. An integer is an optional sign and digits:
-- TRY_CAST alone would also take "1.5", "1e3" or " 7", differently by engine. The round trip through
-- text sees most integers at once, the pattern decides about the rest ("+5", "007"). A cast that fails
-- costs Spark an exception, so what is known to be none is not tried.
WITH numbered AS (
  SELECT line, record, fault, carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay,
    TRY_CAST(origin_airport_id AS BIGINT) AS origin_number,
    TRY_CAST(dest_airport_id AS BIGINT) AS dest_number,
    CASE WHEN dep_delay NOT IN ('', 'NA') THEN TRY_CAST(dep_delay AS BIGINT) END AS dep_number,
    CASE WHEN arr_delay NOT IN ('', 'NA') THEN TRY_CAST(arr_delay AS BIGINT) END AS arr_number
  FROM flights_raw
),
typed AS (
  SELECT line, record, fault, carrier,
    CASE WHEN CAST(origin_number AS STRING) = origin_airport_id THEN origin_number
         WHEN regexp_extract(origin_airport_id, '^[+-]?[0-9]+$', 0) = origin_airport_id THEN origin_number
    END AS origin_airport_id,
    CASE WHEN CAST(dest_number AS STRING) = dest_airport_id THEN dest_number
         WHEN regexp_extract(dest_airport_id, '^[+-]?[0-9]+$', 0) = dest_airport_id THEN dest_number
    END AS dest_airport_id,
    dep_delay AS dep_delay_text,
    CASE WHEN CAST(dep_number AS STRING) = dep_delay THEN dep_number
         WHEN regexp_extract(dep_delay, '^[+-]?[0-9]+$', 0) = dep_delay THEN dep_number
    END AS dep_delay,
    arr_delay AS arr_delay_text,
    CASE WHEN CAST(arr_number AS STRING) = arr_delay THEN arr_number
         WHEN regexp_extract(arr_delay, '^[+-]?[0-9]+$', 0) = arr_delay THEN arr_number
    END AS arr_delay
  FROM numbered
),
judged AS (
  SELECT f.line, f.record,
    CASE
      WHEN f.fault IS NOT NULL THEN f.fault
      WHEN f.carrier = '' THEN 'missing Carrier'
      WHEN bit_length(f.carrier) > 10 * 8 THEN 'Carrier too long'
      WHEN f.origin_airport_id IS NULL THEN 'invalid OriginAirportID'
      WHEN f.dest_airport_id IS NULL THEN 'invalid DestAirportID'
      WHEN f.dep_delay IS NULL AND f.dep_delay_text NOT IN ('', 'NA') THEN 'invalid DepDelay'
      WHEN f.arr_delay IS NULL AND f.arr_delay_text NOT IN ('', 'NA') THEN 'invalid ArrDelay'
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
    f.arr_delay
  FROM typed f
  LEFT JOIN airports origin ON origin.airport_id = f.origin_airport_id
  LEFT JOIN airports dest ON dest.airport_id = f.dest_airport_id
)
SELECT line, reason, CASE WHEN reason IS NOT NULL THEN record END AS record,
  carrier, dep_airport, arr_airport, dep_city, arr_city, dep_state, arr_state, dep_delay, arr_delay
FROM judged
