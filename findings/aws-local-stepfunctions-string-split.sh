#!/usr/bin/env bash
# States.StringSplit's second argument is a set of characters, any of which splits (Step Functions
# guide, "Intrinsics for string operations", whose example this is). aws-local-stepfunctions looks
# for the whole text instead.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-local-stepfunctions@3.0.0
cat >run.mjs <<'JS'
import { StateMachine } from "aws-local-stepfunctions";
import { readFileSync } from "node:fs";
const machine = new StateMachine({
  StartAt: "Split",
  States: { Split: { Type: "Pass", Parameters: { "words.$": "States.StringSplit($.text, $.splitter)" }, End: true } },
});
const output = JSON.stringify(await machine.run({ text: "This.is+a,test=string", splitter: ".+,=" }).result);
const { version } = JSON.parse(readFileSync("node_modules/aws-local-stepfunctions/package.json"));
console.log("aws-local-stepfunctions", version);
console.log("  words:", output);
process.exit(output === '{"words":["This.is+a,test=string"]}' ? 0 : 1);
JS
node run.mjs
