-- Every record of a file of carriers with its verdict: reason is NULL for a row that loads, else why it does not.
-- Of several good records with one code the last in the file loads.
--
-- Reads   carriers_raw: one row per record, split into texts by the host, without blanks around them: line (where it
--         starts), record (as it stood), fault (why it could not be split, or NULL), and code, name
-- Result  checked: line, reason and record (NULL for a row that loads), and the columns to load
--
-- Generated from the declaration by go test ./etl -update; etl/query.go says why it is written this way.
WITH typed AS (
  SELECT line, record, fault, code,
    CASE WHEN name NOT IN ('-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN name END AS name
  FROM carriers_raw
),
judged AS (
  SELECT f.line, f.record,
    CASE
      WHEN f.fault IS NOT NULL THEN f.fault
      WHEN f.code IN ('', '-', 'N/A', 'n/a', '#N/A', '<NA>', 'NULL', 'Null', 'null', 'NaN', 'nan', 'None', 'none', chr(92) || 'N') THEN 'missing Code'
      WHEN regexp_extract(f.code, replace('[~x{0}-~x{1f}~x{7f}-~x{a0}~x{ad}-~x{ad}~x{61c}-~x{61c}~x{115f}-~x{1160}~x{1680}-~x{1680}~x{17b4}-~x{17b5}~x{2000}-~x{200f}~x{2028}-~x{202f}~x{205f}-~x{206f}~x{2800}-~x{2800}~x{3000}-~x{3000}~x{3164}-~x{3164}~x{feff}-~x{feff}~x{ffa0}-~x{ffa0}~x{fff0}-~x{fffb}~x{34f}-~x{34f}~x{180b}-~x{180f}~x{fe00}-~x{fe0f}~x{e0100}-~x{e01ef}]|~p{Cf}', '~', chr(92)), 0) <> '' THEN 'invalid Code'
      WHEN bit_length(f.code) > 10 * 8 THEN 'Code too long'
      WHEN bit_length(f.name) > 200 * 8 THEN 'Description too long'
    END AS reason,
    f.code,
    f.name
  FROM typed f
),
ranked AS (
  SELECT line, record, code, name, reason,
    ROW_NUMBER() OVER (PARTITION BY code, CASE WHEN reason IS NULL THEN 1 ELSE 0 END ORDER BY line DESC) AS nth
  FROM judged
),
verdicts AS (
  SELECT line, record, code, name,
    CASE WHEN reason IS NOT NULL THEN reason WHEN nth > 1 THEN 'repeated Code' END AS reason
  FROM ranked
)
SELECT line, reason, CASE WHEN reason IS NOT NULL THEN record END AS record,
  code, name
FROM verdicts
