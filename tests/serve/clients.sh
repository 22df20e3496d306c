#!/bin/sh
# Makes the clients that the tests of airline serve call it with, once, in a cache folder, and prints the folder.
#   clients.sh check   tells whether they can be made here
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if ! command -v python3 >/dev/null 2>&1 || ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
	echo "python3 with venv is not here" >&2
	exit 1
fi
[ "${1:-}" = check ] && exit 0
sum=$(cat "$here/requirements.txt" "$here/javascript.package.json" "$here/java.pom.xml" "$here/clients.sh" | cksum | cut -d' ' -f1)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/airline/clients-$sum
if [ ! -f "$folder/complete" ]; then
	rm -rf "$folder"
	python3 -m venv "$folder" >&2
	"$folder/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" >&2
	touch "$folder/complete"
fi
# What is not here is said every time: go test does not show why it skips a test.
if ! command -v javac >/dev/null 2>&1; then
	echo "LEFT OUT: the Redshift JDBC driver, whose test is compiled by Java 17 (Debian: apt-get install openjdk-17-jdk-headless)" >&2
elif [ ! -f "$folder/redshift-jdbc42.jar" ] && ! command -v mvn >/dev/null 2>&1; then
	echo "LEFT OUT: the Redshift JDBC driver, which Maven fetches (Debian: apt-get install maven)" >&2
elif [ ! -f "$folder/redshift-jdbc42.jar" ]; then
	mvn -q dependency:copy -Dartifact=com.amazon.redshift:redshift-jdbc42:2.1.0.33 -DoutputDirectory="$folder" -Dmdep.stripVersion=true >&2
fi
if ! command -v npm >/dev/null 2>&1; then
	echo "LEFT OUT: the AWS SDK for JavaScript, which npm fetches (Debian: apt-get install npm)" >&2
elif [ ! -d "$folder/javascript" ]; then
	rm -rf "$folder/javascript.new"
	mkdir "$folder/javascript.new"
	cp "$here/javascript.package.json" "$folder/javascript.new/package.json"
	npm install --silent --no-audit --no-fund --prefix "$folder/javascript.new" >&2
	mv "$folder/javascript.new" "$folder/javascript"
fi
if ! command -v javac >/dev/null 2>&1; then
	echo "LEFT OUT: the AWS SDK for Java, whose test is compiled by Java 17 (Debian: apt-get install openjdk-17-jdk-headless)" >&2
elif [ ! -d "$folder/java" ] && ! command -v mvn >/dev/null 2>&1; then
	echo "LEFT OUT: the AWS SDK for Java, which Maven fetches (Debian: apt-get install maven)" >&2
elif [ ! -d "$folder/java" ]; then
	rm -rf "$folder/java.new"
	mvn -q -B -f "$here/java.pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/java.new" >&2
	mv "$folder/java.new" "$folder/java"
fi
command -v psql >/dev/null 2>&1 || echo "LEFT OUT: psql, which is not here (Debian: apt-get install postgresql-client)" >&2
echo "$folder"
