#!/bin/sh
# Runs the tests of the Glue job on a real Spark, with the arguments of go test that it is given, or with "bench [ROWS]" its benchmark. Needs Java 17
# and Python 3.11 or later; pyspark goes into a virtual environment of its own under .work.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv="$root/.work/pyspark"

missing() {
	echo "etl/job: $1 (Debian: apt-get install openjdk-17-jre-headless python3-venv)" >&2
	exit 1
}

# Spark 3.5 is for Java 17; a machine's default may be another.
java17() {
	for java in ${JAVA_HOME:+"$JAVA_HOME/bin/java"} /usr/lib/jvm/*17*/bin/java "$(command -v java || true)"; do
		if [ -x "$java" ] && "$java" -version 2>&1 | grep -q 'version "17\.'; then
			echo "${java%/bin/java}"
			return
		fi
	done
}
JAVA_HOME=$(java17)
[ -n "$JAVA_HOME" ] || missing "no Java 17 is here, which Spark needs"
export JAVA_HOME
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || missing "no Python 3.11 or later is here"

if [ "${1:-}" = check ]; then
	exit 0
fi
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
	rm -rf "$venv"
	python3 -m venv "$venv" || missing "python3 -m venv does not work"
	"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
	cp "$here/requirements.txt" "$venv/requirements.txt"
fi

cd "$root"
export AIRLINE_PYSPARK="$venv/bin/python"
if [ "${1:-}" = bench ]; then
	export AIRLINE_BENCH_ROWS="${2:-10000000}"
	exec go test -count=1 -timeout 60m -run '^Test(Benchmark|FileLargerThanHeap|ManyFiles)$' -v ./etl/job
fi
exec go test -count=1 -timeout 60m ./etl/job "$@"
