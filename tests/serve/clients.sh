#!/bin/sh
# Makes the Python clients that the tests of airline serve call it with, once, in a cache folder, and prints the folder.
#   clients.sh check   tells whether they can be made here
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v python3 >/dev/null 2>&1 || ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
	echo "python3 with venv is not here" >&2
	exit 1
fi
[ "${1:-}" = check ] && exit 0
sum=$(cat "$here/requirements.txt" "$here/clients.sh" | cksum | cut -d' ' -f1)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/airline/clients-$sum
if [ ! -f "$folder/complete" ]; then
	rm -rf "$folder"
	python3 -m venv "$folder" >&2
	"$folder/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
	if command -v mvn >/dev/null 2>&1 && command -v java >/dev/null 2>&1; then
		mvn -q dependency:copy -Dartifact=com.amazon.redshift:redshift-jdbc42:2.1.0.33 -DoutputDirectory="$folder" -Dmdep.stripVersion=true >&2
	else
		echo "LEFT OUT: the Redshift JDBC driver, which needs Java 17 and Maven" >&2
	fi
	touch "$folder/complete"
fi
echo "$folder"
