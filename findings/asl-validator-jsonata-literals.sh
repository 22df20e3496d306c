#!/usr/bin/env bash
# The Output of a JSONata state may be any JSON value (States Language, "Output"), and an expression
# needs no blanks inside {% and %}. asl-validator takes objects and expressions with blanks only.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund asl-validator@4.0.0
cat >run.mjs <<'JS'
import validator from "asl-validator";
import { readFileSync } from "node:fs";
const { version } = JSON.parse(readFileSync("node_modules/asl-validator/package.json"));
console.log("asl-validator", version);
const validate = validator.default ?? validator;
const verdicts = [{ a: 1 }, "{% $states.input %}", "{%$states.input%}", "text", true, null, [1]].map((Output) => {
  const { isValid } = validate({ QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Pass", Output, End: true } } });
  console.log("  Output", JSON.stringify(Output) + ":", isValid ? "valid" : "refused");
  return isValid;
});
process.exit(verdicts.join() === "true,true,false,false,false,false,false" ? 0 : 1);
JS
node run.mjs
