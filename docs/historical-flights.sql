-- Historical flights with the ids of their airports. The on-time records of 1987 to 2008 come as one CSV a
-- year, with 29 columns, NA for null and IATA codes for airports. Such files load as they are where airports
-- files have a column iata and each code is one airport's; this is for the years in which codes went from one
-- airport to another, and makes an airports file as well.
--
--   duckdb < historical-flights.sql    DuckDB 1.4 or later, in a folder with
--     years/*.csv                      the uncompressed years: ASA Data Expo 2009, https://doi.org/10.7910/DVN/HG7NV7,
--                                      made from the On-Time Performance table of the US Bureau of Transportation
--                                      Statistics (BTS)
--     T_MASTER_CORD.csv                BTS, https://www.transtats.bts.gov/Tables.asp?DB_ID=595 (Aviation Support
--                                      Tables), table Master Coordinate, Download: all fields
--
-- makes airports.csv and daily-flights/date=YYYY-MM-DD/flights_0.csv there, as `airline demo --data .` takes them.
--
--   contract          29 columns
--   Carrier           UniqueCarrier
--   OriginAirportID   AIRPORT_ID of the code Origin on that day, as codes are given to other airports
--   DestAirportID     the same of Dest
--   DepDelay          DepDelay, NA included
--   ArrDelay          ArrDelay, NA included
--   date= of the key  Year, Month, DayofMonth
--
-- A code that BTS does not know becomes an empty OriginAirportID, which the load rejects and counts.

SET threads = 1;                           -- one file a day
SET partitioned_write_max_open_files = 400;  -- a year of them

CREATE TEMP TABLE airports AS
SELECT AIRPORT AS code, AIRPORT_ID AS airport_id, AIRPORT_IS_LATEST = '1' AS latest,
  regexp_replace(DISPLAY_AIRPORT_CITY_NAME_FULL, ', [^,]*$', '') AS city,
  COALESCE(AIRPORT_STATE_CODE, AIRPORT_COUNTRY_CODE_ISO) AS state,
  DISPLAY_AIRPORT_NAME AS name,
  strptime(AIRPORT_START_DATE, '%m/%d/%Y %I:%M:%S %p')::DATE AS first_day,
  COALESCE(strptime(AIRPORT_THRU_DATE, '%m/%d/%Y %I:%M:%S %p')::DATE, DATE '9999-12-31') AS last_day
FROM read_csv('T_MASTER_CORD.csv', header = true, all_varchar = true);

-- Latin-1 takes every byte, and what is used here is ASCII.
CREATE TEMP VIEW years AS
SELECT make_date("Year"::BIGINT, "Month"::BIGINT, DayofMonth::BIGINT) AS day, UniqueCarrier, Origin, Dest, DepDelay, ArrDelay
FROM read_csv('years/*.csv', header = true, delim = ',', all_varchar = true, encoding = 'latin-1');

COPY (
  SELECT f.UniqueCarrier AS Carrier, origin.airport_id AS OriginAirportID, dest.airport_id AS DestAirportID, f.DepDelay, f.ArrDelay,
    f.day AS date
  FROM years f
  LEFT JOIN airports origin ON origin.code = f.Origin AND f.day BETWEEN origin.first_day AND origin.last_day
  LEFT JOIN airports dest ON dest.code = f.Dest AND f.day BETWEEN dest.first_day AND dest.last_day
) TO 'daily-flights' (FORMAT CSV, HEADER, PARTITION_BY (date), FILENAME_PATTERN 'flights_{i}');

-- With the code that an airport has now, or had last.
COPY (SELECT airport_id, city, state, name, code AS iata FROM airports WHERE latest ORDER BY airport_id::BIGINT)
TO 'airports.csv' (FORMAT CSV, HEADER);
