// Answers expressions with what npm's jsonata makes of them. Standard input: a line {"documents": [...]}, then lines
// {"expr", "document"}. Each is answered with a line {"output"} or {"code"}; {} means undefined.
const jsonata = require('jsonata');

const plain = (key, value) => typeof value === 'function' || value && (value._jsonata_lambda || value._jsonata_function) ? '' : value;

const limited = expr => {
  let depth = 0;
  let steps = 0;
  expr.assign(Symbol.for('jsonata.__evaluate_entry'), () => {
    if (++depth > 2000 || ++steps > 200000) throw { code: 'LIMIT' };
  });
  expr.assign(Symbol.for('jsonata.__evaluate_exit'), () => { depth--; });
};

(async () => {
  let documents;
  for await (const line of require('readline').createInterface({ input: process.stdin })) {
    const message = JSON.parse(line);
    if (message.documents) { documents = message.documents; continue; }
    let answer = {};
    try {
      const expr = jsonata(message.expr);
      limited(expr);
      const output = await expr.evaluate(JSON.parse(documents[message.document]));
      if (output !== undefined) answer = { output: JSON.parse(JSON.stringify(output, plain) ?? '""') };
    } catch (error) {
      answer = { code: error.code ?? 'none', message: String(error.message) };
    }
    console.log(JSON.stringify(answer));
  }
})();
