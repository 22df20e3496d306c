// Measures npm's jsonata for main.go: reads rows and documents from standard input, writes microseconds per row.
const jsonata = require('jsonata');

const spentSince = start => { const u = process.cpuUsage(start); return u.user + u.system; };

async function time(f) {
  // Warm up until the compiler has had its chance, then take the best of three runs of at least 0.25 s.
  let n = 0;
  for (const start = process.cpuUsage(); spentSince(start) < 400000 || n < 3; n++) await f();
  let best = Infinity;
  for (let run = 0; run < 3; run++) {
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
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const { rows, documents } = JSON.parse(Buffer.concat(chunks));
  const times = [];
  for (const row of rows) {
    const input = JSON.parse(documents[row.document]);
    const expr = jsonata(row.expr);
    times.push(await time(row.compile ? async () => jsonata(row.expr) : () => expr.evaluate(input)));
  }
  console.log(JSON.stringify({ Version: process.versions.node, Times: times }));
})();
