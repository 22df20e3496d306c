#!/usr/bin/env bash
# Prints where axe.min.js of a fixed version is, which the tests evaluate in their own pages; installs it first. It is never part
# of the tree. With the argument check it only tells whether all of it is at hand.
set -euo pipefail
version=4.10.3
dir=${XDG_CACHE_HOME:-$HOME/.cache}/airline/axe-$version
file=$dir/node_modules/axe-core/axe.min.js
if [[ ${1:-} == check ]]; then
	command -v npm >/dev/null || [[ -f $file ]]
	exit
fi
[[ -f $file ]] || npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$dir" "axe-core@$version" >&2
echo "$file"
