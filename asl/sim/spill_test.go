package sim_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"airline/asl/sim"
)

func TestSpill(t *testing.T) {
	for _, c := range []struct {
		name  string
		dir   string
		bound int
	}{
		{"in memory", t.TempDir(), 1 << 30},
		{"in a file", t.TempDir(), 0},
		{"in both", t.TempDir(), 100_000},
		{"in memory because there is no place for a file", filepath.Join(t.TempDir(), "none"), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sim.NewSpill(c.dir, c.bound)
			r := rand.New(rand.NewPCG(1, 1))
			var texts [][]byte
			var places []int64
			for i := range 2000 {
				text := bytes.Repeat([]byte(fmt.Sprint(i, ",")), r.IntN(300))
				texts, places = append(texts, text), append(places, s.Add(text))
				for range 3 {
					j := r.IntN(i + 1)
					if got, err := s.Read(places[j], len(texts[j]), []byte("x")); err != nil || string(got) != "x"+string(texts[j]) {
						t.Fatalf("text %d after %d: got %.40q, want %.40q (%v)", j, i, got, texts[j], err)
					}
				}
			}
			if _, err := s.Read(places[len(places)-1]+int64(len(texts[len(texts)-1])), 1, nil); err == nil {
				t.Error("a text behind the last one was read")
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
			if _, err := s.Read(0, 10, nil); err == nil {
				t.Error("a text was read after Close")
			}
			if left, _ := os.ReadDir(c.dir); len(left) > 0 {
				t.Errorf("a file is left: %s", left[0].Name())
			}
		})
	}
}
