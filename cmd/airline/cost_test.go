package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"airline/local/cost"
)

func TestCost(t *testing.T) {
	picture := filepath.Join(t.TempDir(), "cost.svg")
	var stdout, stderr bytes.Buffer
	exit := run(context.Background(), []string{"cost", "--project", "../..", "--days", "1", "--json", "--svg", picture}, strings.NewReader(""), &stdout, &stderr)
	var list []cost.Estimate
	if err := json.Unmarshal(stdout.Bytes(), &list); exit != 0 || err != nil || len(list) != 1 || list[0].MonthUSD <= list[0].FixedUSD {
		t.Errorf("exit %d, %v, %s%s", exit, err, &stdout, &stderr)
	}
	if text, err := os.ReadFile(picture); err != nil || !bytes.Contains(text, []byte("A month of dev")) {
		t.Errorf("the picture: %s, %v", text, err)
	}
	for _, c := range []struct{ flag, value, want string }{
		{"--files-per-day", "0", "files a day 0: give 1 to 1000"}, {"--days", "0", "days 0: give 1 to 366"}, {"--config", "baseCapacity=5", "baseCapacity"},
	} {
		stdout.Reset()
		stderr.Reset()
		if exit := run(context.Background(), []string{"cost", "--project", "../..", c.flag, c.value}, strings.NewReader(""), &stdout, &stderr); exit == 0 || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s %s: exit %d, %s", c.flag, c.value, exit, &stderr)
		}
	}
}
