package asl

import (
	"runtime"
	"strings"
)

// caller is the place outside the DSL that called a builder.
func caller() Position {
	var pcs [10]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		f, more := frames.Next()
		if !internal(f.Function) || strings.HasSuffix(f.File, "_test.go") {
			return Position{File: f.File, Line: f.Line}
		}
		if !more {
			return Position{}
		}
	}
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
