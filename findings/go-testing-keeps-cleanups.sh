#!/usr/bin/env bash
# A parallel subtest that has ended keeps the functions that it gave to Cleanup, and all that they refer to, until the
# last subtest beside it has ended: the testing package shortens its list of them without clearing the element.
# A function that sets what it refers to to nil lets go of it.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
cd "$dir"
export GOFLAGS= GOWORK=off
go version
cat >go.mod <<'MOD'
module cleanups

go 1.26
MOD
cat >cleanups_test.go <<'GO'
package cleanups

import (
	"runtime"
	"sync/atomic"
	"testing"
)

const tests = 8

func run(t *testing.T, letGo bool, want int64) {
	var freed, ended atomic.Int64
	last := make(chan struct{})
	t.Run("group", func(t *testing.T) {
		for range tests {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				world := new([1 << 20]byte)
				runtime.SetFinalizer(world, func(*[1 << 20]byte) { freed.Add(1) })
				t.Cleanup(func() {
					runtime.KeepAlive(world)
					if letGo {
						world = nil
					}
					if ended.Add(1) == tests {
						close(last)
					}
				})
			})
		}
		t.Run("last", func(t *testing.T) {
			t.Parallel()
			<-last
			for range 5 {
				runtime.GC()
			}
			t.Logf("of %d subtests that have ended, %d are free", tests, freed.Load())
			if got := freed.Load(); (got >= tests-1) != (want > 0) {
				t.Errorf("the behaviour has changed")
			}
		})
	})
}

func TestPlain(t *testing.T)  { run(t, false, 0) }
func TestLetGo(t *testing.T)  { run(t, true, tests) }
GO
go test -count=1 -parallel 16 -v . | grep -E "free|changed|^(ok|FAIL)"
