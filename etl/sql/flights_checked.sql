-- Every flight record with its verdict: reason is NULL for a row that loads, else why it does not.
--
-- Reads   flights_raw   one row per record of the file, split into texts by the host: line (where
--                       it starts), record (as it stood), fault (why it could not be split, or NULL),
--                       carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay
--         airports      airport_id, city, state, name; one row per airport
--         settings      one row: min_dep_delay (minutes; NULL: no filter)
-- Result  checked
--
-- A record has one reason, the first that applies. An integer is an optional sign and digits:
-- TRY_CAST alone would also take "1.5", "1e3" or " 7", differently by engine. The round trip through
-- text sees most integers at once, the pattern decides about the rest ("+5", "007"). A cast that fails
-- costs Spark an exception, so what is known to be none is not tried.
WITH typed AS (
  SELECT line, record, fault, carrier,
    CASE WHEN CAST(TRY_CAST(origin_airport_id AS BIGINT) AS STRING) = origin_airport_id THEN TRY_CAST(origin_airport_id AS BIGINT)
         WHEN regexp_extract(origin_airport_id, '^[+-]?[0-9]+$', 0) = origin_airport_id THEN TRY_CAST(origin_airport_id AS BIGINT)
    END AS origin_airport_id,
    CASE WHEN CAST(TRY_CAST(dest_airport_id AS BIGINT) AS STRING) = dest_airport_id THEN TRY_CAST(dest_airport_id AS BIGINT)
         WHEN regexp_extract(dest_airport_id, '^[+-]?[0-9]+$', 0) = dest_airport_id THEN TRY_CAST(dest_airport_id AS BIGINT)
    END AS dest_airport_id,
    dep_delay AS dep_delay_text,
    CASE WHEN dep_delay IN ('', 'NA') THEN NULL
         WHEN CAST(TRY_CAST(dep_delay AS BIGINT) AS STRING) = dep_delay THEN TRY_CAST(dep_delay AS BIGINT)
         WHEN regexp_extract(dep_delay, '^[+-]?[0-9]+$', 0) = dep_delay THEN TRY_CAST(dep_delay AS BIGINT)
    END AS dep_delay,
    arr_delay AS arr_delay_text,
    CASE WHEN arr_delay IN ('', 'NA') THEN NULL
         WHEN CAST(TRY_CAST(arr_delay AS BIGINT) AS STRING) = arr_delay THEN TRY_CAST(arr_delay AS BIGINT)
         WHEN regexp_extract(arr_delay, '^[+-]?[0-9]+$', 0) = arr_delay THEN TRY_CAST(arr_delay AS BIGINT)
    END AS arr_delay
  FROM flights_raw
),
judged AS (
  SELECT f.line, f.record, f.carrier, f.origin_airport_id, f.dest_airport_id, f.dep_delay, f.arr_delay,
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
      WHEN s.min_dep_delay IS NOT NULL AND COALESCE(f.dep_delay < s.min_dep_delay, TRUE) THEN 'below minDepDelay'
    END AS reason
  FROM typed f
  CROSS JOIN settings s
  LEFT JOIN airports origin ON origin.airport_id = f.origin_airport_id
  LEFT JOIN airports dest ON dest.airport_id = f.dest_airport_id
)
SELECT line, CASE WHEN reason IS NOT NULL THEN record END AS record, reason,
  carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay
FROM judged
