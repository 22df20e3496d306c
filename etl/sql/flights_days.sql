-- Records of flights with the day that each of them names: of files that have columns for it. A row of a day that the
-- file's key does not name is at fault. A day may be followed by a time of the day and its zone, which do not matter; year, month and
-- day of the month may be floats (2008.0-5.0-1.0). What is written like a day and is none, as February 30, is of another day.
--
-- Reads   flights_split: one row per record, as flights_raw, with day (text) in the place of flight_date
--         days: text, flight_date; every spelling of every day that the key names
-- Result  flights_dated: the same rows with flight_date
--
-- Generated from the declaration by go test ./etl -update.
WITH whole AS (
  SELECT line, record, fault, carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay,
    CASE WHEN regexp_extract(day, '^[0-9]+([.]00?)?-[0-9]+([.]00?)?-[0-9]+([.]00?)?$', 0) = day THEN replace(replace(day, '.00', ''), '.0', '') ELSE day END AS day
  FROM flights_split
),
spelled AS (
  SELECT line, record, fault, carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay,
    CASE WHEN regexp_extract(day, '^([0-9]{4}-(0?[1-9]|1[0-2])-(0?[1-9]|[12][0-9]|3[01])|(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])/([0-9]{4}|[0-9]{2})|[0-9]{4}/(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])|[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01]))([ Tt][0-9:.]+( ?[AaPp][Mm])?( ?([Zz]|UTC|[+-][0-9]{2}:?[0-9]{2}))?)?$', 0) = day AND day <> ''
      THEN regexp_extract(day, '^[0-9/-]+', 0) END AS day
  FROM whole
)
SELECT line, record,
  CASE
    WHEN fault IS NOT NULL THEN fault
    WHEN day IS NULL THEN 'invalid FlightDate'
    WHEN flight_date IS NULL THEN 'other day'
  END AS fault,
  carrier, origin_airport_id, dest_airport_id, dep_delay, arr_delay, flight_date
FROM spelled
LEFT JOIN days ON days.text = spelled.day
