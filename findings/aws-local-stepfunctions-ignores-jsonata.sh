#!/usr/bin/env bash
# aws-local-stepfunctions takes a definition whose QueryLanguage is JSONata, evaluates nothing of
# it, and reports success with the state's input as its output.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-local-stepfunctions@3.0.0
cat >run.mjs <<'JS'
import { StateMachine } from "aws-local-stepfunctions";
import { readFileSync } from "node:fs";
const machine = new StateMachine({
  QueryLanguage: "JSONata",
  StartAt: "Double",
  States: { Double: { Type: "Pass", Output: "{% $states.input.n * 2 %}", End: true } },
});
const output = JSON.stringify(await machine.run({ n: 21 }).result);
const { version } = JSON.parse(readFileSync("node_modules/aws-local-stepfunctions/package.json"));
console.log("aws-local-stepfunctions", version);
console.log("  {% $states.input.n * 2 %} of 21:", output);
process.exit(output === '{"n":21}' ? 0 : 1);
JS
node run.mjs
