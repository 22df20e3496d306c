#!/bin/sh
# Runs the tests of the Glue job's script for DuckDB. Needs the Python that the job has in Glue, 3.9, or a later one if that is not here;
# duckdb goes into a virtual environment of its own under .work. With "check" it says whether there is a Python for it.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$root/.work/duckdb"

# The first Python that is 3.9, else the first that is later and has the same wheel of duckdb.
python() {
	for python in "$@"; do
		if "$python" -c 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 9))' 2>/dev/null; then
			echo "$python"
			return
		fi
	done
	for python in "$@"; do
		if "$python" -c 'import sys, venv; sys.exit(not (3, 9) < sys.version_info[:2] < (3, 15))' 2>/dev/null; then
			echo "$python"
			return
		fi
	done
}
python=$(python python3.9 "$HOME"/.pyenv/versions/3.9*/bin/python python3)
if [ -z "$python" ]; then
	echo "etl/job: no Python 3.9 or later with venv is here (Debian: apt-get install python3-venv)" >&2
	exit 1
fi
if [ "${1:-}" = check ]; then
	exit 0
fi
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
[ "$version" = 3.9 ] || echo "etl/job: Python $version stands for the job's 3.9, whose grammar alone is tested" >&2
if ! { cat "$here/requirements-duckdb.txt"; echo "# $version"; } | cmp -s - "$venv/requirements.txt"; then
	rm -rf "$venv"
	"$python" -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements-duckdb.txt"
	{ cat "$here/requirements-duckdb.txt"; echo "# $version"; } >"$venv/requirements.txt"
fi
cd "$root"
AIRLINE_PYTHON_SHELL="$venv/bin/python" exec go test -count=1 -timeout 20m ./etl/job "$@"
