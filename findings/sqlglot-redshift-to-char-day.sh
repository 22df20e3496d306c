#!/usr/bin/env bash
# Redshift's TO_CHAR format DY is the day's short name: THU. sqlglot takes its D for the number of the
# day and leaves the Y.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install sqlglot==30.30.0 duckdb==1.4.4
"$dir/venv/bin/python" - <<'PY'
import duckdb, sqlglot, sys
query = "SELECT TO_CHAR(TIMESTAMP '2009-12-31 23:15:59', 'DY')"
written = sqlglot.transpile(query, read="redshift", write="duckdb")[0]
answer = duckdb.sql(written).fetchone()[0]
print("sqlglot", sqlglot.__version__, "duckdb", duckdb.__version__)
print("  Redshift:", query)
print("  DuckDB:  ", written, "->", repr(answer))
sys.exit(answer != '4Y')
PY
