#!/usr/bin/env bash
# A prepared query that is executed again should see the rows that there are now. DuckDB keeps the plan, which was made by the smallest and
# greatest values of then: a condition that no row met finds none of the rows that were inserted since.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install duckdb==1.5.4
"$dir/venv/bin/python" - <<'PY'
import duckdb, sys
print("duckdb", duckdb.__version__)
connection = duckdb.connect()
connection.execute("CREATE TABLE t (a INTEGER)")
connection.execute("INSERT INTO t VALUES (7), (8)")
connection.execute("PREPARE q AS SELECT count(*) FROM t WHERE a > 100")
connection.execute("INSERT INTO t VALUES (300)")
prepared = connection.execute("EXECUTE q").fetchone()[0]
asked = connection.execute("SELECT count(*) FROM t WHERE a > 100").fetchone()[0]
print("  the prepared query counts", prepared, "- the same query, not prepared,", asked)
sys.exit(0 if prepared != asked else "both count the same")
PY
