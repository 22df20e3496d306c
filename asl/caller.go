package asl

import (
	"runtime"
	"strings"
	"sync"
)

// caller is the place outside the DSL that called a builder.
func caller() Position {
	var pcs [4]uintptr
	for skip := 2; ; skip += len(pcs) {
		n := runtime.Callers(skip, pcs[:])
		for _, pc := range pcs[:n] {
			if pos, outside := positionOf(pc); outside {
				return pos
			}
		}
		if n < len(pcs) {
			return Position{}
		}
	}
}

// callSites remembers where the code of a program counter stands: a machine
// has some hundred builder calls, and resolving one costs more than making a
// state. It grows with the program's text, not with the number of machines.
var callSites = struct {
	sync.RWMutex
	known map[uintptr]Position // the zero Position: inside the DSL
}{known: map[uintptr]Position{}}

// positionOf is the place of a program counter; outside tells whether that is
// not in the DSL.
func positionOf(pc uintptr) (_ Position, outside bool) {
	callSites.RLock()
	pos, known := callSites.known[pc]
	callSites.RUnlock()
	if known {
		return pos, pos != Position{}
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	if !internal(f.Function) || strings.HasSuffix(f.File, "_test.go") {
		pos = Position{File: f.File, Line: f.Line}
	}
	callSites.Lock()
	callSites.known[pc] = pos
	callSites.Unlock()
	return pos, pos != Position{}
}

// internal tells whether a function belongs to the DSL: this package or one
// below it.
func internal(function string) bool {
	rest, ok := strings.CutPrefix(function, packagePath)
	return ok && (strings.HasPrefix(rest, ".") || strings.HasPrefix(rest, "/"))
}

var packagePath = func() string {
	pc, _, _, _ := runtime.Caller(0)
	name := runtime.FuncForPC(pc).Name() // path/asl.init.func1 or path/asl.glob..func1
	slash := strings.LastIndexByte(name, '/')
	dot := strings.IndexByte(name[slash+1:], '.')
	return name[:slash+1+dot]
}()
