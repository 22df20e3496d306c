#!/bin/sh
# Runs the tests of the Glue job on a real Spark, or with "bench" its benchmark. Needs Java 17 and
# Python 3.11 or later; pyspark goes into a virtual environment of its own under .work.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$root/.work/pyspark"

for tool in java python3; do
	command -v "$tool" >/dev/null || { echo "etl/job: $tool is missing; the tests on Spark need Java 17 and Python 3.11" >&2; exit 1; }
done
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
	rm -rf "$venv"
	python3 -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
	cp "$here/requirements.txt" "$venv/requirements.txt"
fi

cd "$root"
export AIRLINE_PYSPARK="$venv/bin/python"
if [ "${1:-}" = bench ]; then
	export AIRLINE_BENCH_ROWS="${2:-3000000}"
	exec go test -count=1 -timeout 60m -run '^TestBenchmark$' -v ./etl/job
fi
exec go test -timeout 60m ./etl/job
