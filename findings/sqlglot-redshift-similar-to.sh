#!/usr/bin/env bash
# Redshift's SIMILAR TO knows SQL's % and _: 'abc' SIMILAR TO '%(b|d)%' is true. sqlglot leaves it to
# DuckDB, whose SIMILAR TO takes a regular expression.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install sqlglot==30.30.0 duckdb==1.4.4
"$dir/venv/bin/python" - <<'PY'
import duckdb, sqlglot, sys
query = "SELECT 'abc' SIMILAR TO '%(b|d)%'"
written = sqlglot.transpile(query, read="redshift", write="duckdb")[0]
answer = duckdb.sql(written).fetchone()[0]
print("sqlglot", sqlglot.__version__, "duckdb", duckdb.__version__)
print("  Redshift:", query)
print("  DuckDB:  ", written, "->", repr(answer))
sys.exit(answer != False)
PY
