// Measures npm's jsonata for main.go: reads the documents and then row after row from standard input, a line each, and
// answers each row with a line.
const jsonata = require('jsonata');

const spentSince = start => { const u = process.cpuUsage(start); return u.user + u.system; };

async function time(f) {
  // Warm up until the compiler has had its chance, then take the best of five runs of at least 0.25 s.
  let n = 0;
  for (const start = process.cpuUsage(); spentSince(start) < 400000 || n < 3; n++) await f();
  let best = Infinity;
  for (let run = 0; run < 5; run++) {
    let count = 0;
    const start = process.cpuUsage();
    let spent = 0;
    while (spent < 250000) {
      for (let i = 0; i < Math.max(1, n >> 6); i++) { await f(); count++; }
      spent = spentSince(start);
    }
    best = Math.min(best, spent / count);
  }
  return best;
}

(async () => {
  let documents;
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.documents) { documents = message.documents; continue; }
    const input = JSON.parse(documents[message.document]);
    const expr = jsonata(message.expr);
    const microseconds = await time(message.compile ? async () => jsonata(message.expr) : () => expr.evaluate(input));
    console.log(JSON.stringify({ version: process.versions.node, microseconds }));
  }
})();
