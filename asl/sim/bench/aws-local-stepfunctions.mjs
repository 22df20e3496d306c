// Executions per second of aws-local-stepfunctions (npm) on a machine with
// mocked tasks, to be set beside "go test ./asl/sim -bench Flow".
//
//   node aws-local-stepfunctions.mjs FLOW.json FLOW-MOCKS.json [SECONDS]
//
// The package is installed into a cache folder of its own the first time
// (ASL_BENCH_CACHE, by default <tmp>/asl-bench), nothing else is touched. Prints
// one JSON object: {"engine","version","node","executions","seconds","executionsPerSecond"}.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSION = "3.0.0";
const [flowFile, mocksFile, seconds = "5"] = process.argv.slice(2);
if (!mocksFile) {
  console.error("usage: node aws-local-stepfunctions.mjs FLOW.json FLOW-MOCKS.json [SECONDS]");
  process.exit(2);
}

// The package needs Promise.withResolvers, which Node has from version 22 on.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((a, b) => { resolve = a; reject = b; });
  return { promise, resolve, reject };
};

const cache = process.env.ASL_BENCH_CACHE ?? join(tmpdir(), "asl-bench");
const home = join(cache, "aws-local-stepfunctions-" + VERSION);
if (!existsSync(join(home, "node_modules", "aws-local-stepfunctions"))) {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{"private": true}');
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund", "aws-local-stepfunctions@" + VERSION],
    { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
}
const { StateMachine } = createRequire(join(home, "package.json"))("aws-local-stepfunctions");

const flow = JSON.parse(readFileSync(flowFile, "utf8"));
const mocks = JSON.parse(readFileSync(mocksFile, "utf8"));
const states = Object.values(Object.values(mocks.StateMachines)[0].TestCases)[0];

// answers lists what a state's task returns, call after call.
const answers = {};
for (const [state, name] of Object.entries(states)) {
  answers[state] = [];
  for (const [span, answer] of Object.entries(mocks.MockedResponses[name])) {
    const [from, to = from] = span.split("-").map(Number);
    for (let i = from; i <= to; i++) answers[state][i] = answer.Return;
  }
}

// Like the Go side, the definition is read once and run many times.
const machine = new StateMachine(flow, { validationOptions: { checkPaths: false, checkArn: false, noValidate: true } });

async function once() {
  const calls = {};
  const overrides = {};
  for (const state of Object.keys(answers)) {
    calls[state] = 0;
    overrides[state] = () => answers[state][calls[state]++];
  }
  const input = { crawler: "c", job: "j", topic: "t" };
  const { result } = machine.run(input, { overrides: { taskResourceLocalHandlers: overrides, waitTimeOverrides: { WaitCrawler: 0 } } });
  const output = await result;
  if (output.sns?.MessageId !== "m") throw new Error("unexpected output: " + JSON.stringify(output));
}

for (let i = 0; i < 200; i++) await once(); // warm up
const start = performance.now();
let executions = 0;
while (performance.now() - start < Number(seconds) * 1000) {
  await once();
  executions++;
}
const elapsed = (performance.now() - start) / 1000;
console.log(JSON.stringify({
  engine: "aws-local-stepfunctions", version: VERSION, node: process.version,
  executions, seconds: Math.round(elapsed * 1000) / 1000, executionsPerSecond: Math.round(executions / elapsed),
}));
