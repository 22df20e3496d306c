package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A command that computes and never looks at its context ends all the same when it is interrupted.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	never := make(chan int)
	cancel()
	var stderr bytes.Buffer
	if code := wait(ctx, never, time.Millisecond, &stderr); code != interrupted || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("exit %d, said %q; want exit %d", code, &stderr, interrupted)
	}
	orderly := make(chan int, 1)
	orderly <- 1
	if code := wait(ctx, orderly, time.Hour, &stderr); code != 1 {
		t.Errorf("exit %d of a command that ended by itself, want 1", code)
	}
}

// A machine that no picture could show is refused, with what shows it.
func TestDrawBound(t *testing.T) {
	states := map[string]any{"End": map[string]any{"Type": "Succeed"}}
	for i := range 2000 {
		var rules []any
		for j := range 20 {
			rules = append(rules, map[string]any{"Variable": "$.a", "NumericEquals": j, "Next": fmt.Sprintf("C%d", (i*20+j+1)%2000)})
		}
		states[fmt.Sprintf("C%d", i)] = map[string]any{"Type": "Choice", "Choices": rules, "Default": "End"}
	}
	text, err := json.Marshal(map[string]any{"StartAt": "C0", "States": states})
	if err != nil {
		t.Fatal(err)
	}
	dir := files(t, map[string]string{"large.json": string(text)})
	for format, want := range map[string]string{"svg": "42000 transitions, and an SVG shows at most 3000: write --format mermaid", "mermaid": ""} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), []string{"asl", "draw", filepath.Join(dir, "large.json"), "--format", format}, strings.NewReader(""), &stdout, &stderr)
		if (code == 0) != (want == "") || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: exit %d, said %.300s; want %s", format, code, &stderr, want)
		}
	}
}
