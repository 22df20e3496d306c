#!/usr/bin/env bash
# A query that fails while its rows are fetched should raise its own error. DuckDB raises, in some runs of a hundred on two threads,
# only that the query's other threads were interrupted, and the reason is lost.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install duckdb==1.5.4
"$dir/venv/bin/python" - <<'PY'
import duckdb, sys
print("duckdb", duckdb.__version__)
query = "SELECT CASE WHEN i = 900000 THEN error('late') ELSE i::VARCHAR END FROM range(1000000) r(i)"
for round in range(1, 1001):
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    try:
        connection.execute(query)
        while connection.fetchmany(50000):
            pass
    except duckdb.InterruptException as e:
        print("  round", round, "of a query that nobody interrupted:", e)
        sys.exit(0)
    except duckdb.Error as e:
        assert "late" in str(e), e
sys.exit("each of 1,000 rounds raised the query's own error")
PY
