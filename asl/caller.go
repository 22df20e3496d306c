package asl

import (
	"runtime"
	"strings"
	"sync"

	"airline/asl/ast"
)

// caller is the place outside the DSL that called a builder.
func caller() ast.Position {
	// Walking the stack is what costs here, and the builder is mostly called two
	// frames above the function that asks.
	var near [2]uintptr
	const skip = 3 // runtime.Callers, caller, the function that asks
	n := runtime.Callers(skip, near[:])
	if pos, outside := firstOutside(near[:n]); outside || n < len(near) {
		return pos
	}
	for step, skip := 16, skip+len(near); ; skip += step {
		far := make([]uintptr, step)
		n := runtime.Callers(skip, far)
		if pos, outside := firstOutside(far[:n]); outside || n < step {
			return pos
		}
	}
}

func firstOutside(pcs []uintptr) (_ ast.Position, outside bool) {
	for _, pc := range pcs {
		if pos, outside := positionOf(pc); outside {
			return pos, true
		}
	}
	return ast.Position{}, false
}

// callSites remembers where the code of a program counter stands: a machine
// has some hundred builder calls, and resolving one costs more than making a
// state. It grows with the program's text, not with the number of machines.
var callSites = struct {
	sync.RWMutex
	known map[uintptr]ast.Position // the zero Position: inside the DSL
}{known: map[uintptr]ast.Position{}}

// positionOf is the place of a program counter; outside tells whether that is
// not in the DSL.
func positionOf(pc uintptr) (_ ast.Position, outside bool) {
	callSites.RLock()
	pos, known := callSites.known[pc]
	callSites.RUnlock()
	if known {
		return pos, pos != ast.Position{}
	}
	f, _ := runtime.CallersFrames([]uintptr{pc}).Next()
	if !internal(f.Function) || strings.HasSuffix(f.File, "_test.go") {
		pos = ast.Position{File: f.File, Line: f.Line}
	}
	callSites.Lock()
	callSites.known[pc] = pos
	callSites.Unlock()
	return pos, pos != ast.Position{}
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
