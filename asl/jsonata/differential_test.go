package jsonata_test

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"io"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"time"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

var (
	compared = flag.Int("compared", 3000, "expressions that TestAgainstReference compares")
	// Other seeds may meet, once in some thousands, the last digit of a power or a slip of the reference.
	comparedSeed = flag.Uint64("compared-seed", 2, "the seed of what it compares")
)

// TestAgainstReference evaluates random expressions here and with npm's jsonata, which NODE_PATH must lead to, and
// compares results and error codes.
func TestAgainstReference(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("left out: there is no node to compare with")
	}
	if err := exec.Command(node, "-e", "require('jsonata')").Run(); err != nil {
		t.Skip("left out: node finds no package jsonata: npm install jsonata@2.2.2, and name its node_modules in NODE_PATH")
	}
	reference := exec.Command(node, "testdata/reference.js")
	in, err := reference.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := reference.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := reference.Start(); err != nil {
		t.Fatal(err)
	}
	type question struct {
		Expr     string `json:"expr"`
		Document int    `json:"document"`
	}
	g := &generator{Rand: rand.New(rand.NewPCG(*comparedSeed, 0))}
	questions := make([]question, *compared)
	for i := range questions {
		questions[i] = question{g.any(1 + g.IntN(4)), g.IntN(len(documents))}
	}
	go func() {
		defer in.Close()
		lines := json.NewEncoder(in)
		lines.Encode(map[string]any{"documents": documents})
		for _, q := range questions {
			if lines.Encode(q) != nil {
				return
			}
		}
	}()
	answers := bufio.NewReader(out)
	limited, differ, others := 0, 0, 0
	for _, q := range questions {
		line, err := answers.ReadBytes('\n')
		if err != nil {
			t.Fatalf("the reference stopped at %s: %v", q.Expr, err)
		}
		want := answer(t, line)
		got := ours(t, q.Expr, documents[q.Document])
		if bounded[want] || bounded[got] {
			limited++
			continue
		}
		if strings.HasPrefix(got, "error ") && strings.HasPrefix(want, "error ") && got != want {
			// The reference evaluates the parts of an array or object at the same time: which of two mistakes it meets
			// first is chance.
			others++
			t.Logf("%s\n over %.200s\n got  %s\n want %s", q.Expr, documents[q.Document], got, want)
		} else if got != want {
			differ++
			if differ <= 40 {
				t.Errorf("%s\n over %.200s\n got  %.300s\n want %.300s", q.Expr, documents[q.Document], got, want)
			}
		}
	}
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Fatal(err)
	}
	if err := reference.Wait(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d expressions compared: %d results differ, %d fail with another error; %d more stopped by a limit or an exception",
		len(questions)-limited, differ, others, limited)
}

// bounded are the answers that a limit of either side gives, and exceptions of the reference that are no JSONata errors.
var bounded = map[string]bool{"error none": true, "error LIMIT": true, "error D1011": true, "error D1012": true, "error D2015": true, "error D2014": true}

// answer reads a line of the reference.
func answer(t *testing.T, line []byte) string {
	t.Helper()
	value, err := jsonvalue.Decode(line)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	object := value.(*jsonvalue.Object)
	if code, ok := object.Get("code"); ok {
		return "error " + code.(string)
	}
	output, ok := object.Get("output")
	if !ok {
		return "undefined"
	}
	return jsonvalue.String(output)
}

// ours is what this package makes of an expression, in the same form.
func ours(t *testing.T, source, document string) string {
	t.Helper()
	input, err := jsonvalue.Decode([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	x, err := jsonata.Compile(source)
	var value any
	if err == nil {
		value, err = x.Eval(context.Background(), input, jsonata.Options{
			Now: time.Now, Random: rand.Float64, Eval: true, Limits: jsonata.Limits{Depth: 2000, Steps: 5_000_000, Size: 256 << 20}})
	}
	if err != nil {
		return "error " + err.(*jsonata.Error).Code
	}
	if jsonata.IsUndefined(value) {
		return "undefined"
	}
	decoded, err := jsonvalue.Decode(jsonvalue.Append(nil, value))
	if err != nil {
		t.Fatalf("%s gives text that cannot be read: %v", source, err)
	}
	return jsonvalue.String(decoded)
}
