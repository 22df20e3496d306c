package jsonata_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"airline/asl/jsonata"
)

// TestRandomSignatures calls functions with random signatures, cut off anywhere: whatever is wrong is an error of the
// language, never one of the engine.
func TestRandomSignatures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const letters = "<>-()?+:asnbflojxmq"
	calls := []string{"", "()", "(1)", "('a', [1])", "([[1], 2])", "([], $sum)", "(null, {})"}
	ran := 0
	for range 50_000 {
		signature := make([]byte, r.IntN(8))
		for i := range signature {
			signature[i] = letters[r.IntN(len(letters))]
		}
		src := "(function($x, $y)<" + string(signature) + [...]string{">", ""}[r.IntN(2)] + "{$x})" + calls[r.IntN(len(calls))]
		x, err := jsonata.Compile(src)
		if err == nil {
			ran++
			_, err = x.Eval(context.Background(), jsonata.Undefined, jsonata.Options{})
		}
		var e *jsonata.Error
		if errors.As(err, &e) && e.Code == "X0001" {
			t.Errorf("%s: %v", src, err)
		}
	}
	if ran == 0 {
		t.Error("no signature compiles")
	}
}
