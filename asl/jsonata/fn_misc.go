package jsonata

import (
	"airline/asl/jsonvalue"
)

func fnError(_ *run, args []any) any {
	message, _ := argument(args, 0).(string)
	if message == "" {
		message = "$error() function evaluated"
	}
	panic(&Error{Code: "D3137", Offset: -1, Message: message, Value: message})
}

func fnAssert(_ *run, args []any) any {
	if ok, _ := argument(args, 0).(bool); ok {
		return Undefined
	}
	message, _ := argument(args, 1).(string)
	if message == "" {
		message = "$assert() statement failed"
	}
	panic(&Error{Code: "D3141", Offset: -1, Message: message, Value: message})
}

func fnType(_ *run, args []any) any {
	v := argument(args, 0)
	switch typeOf(v) {
	case typeMissing:
		return Undefined
	case typeNull:
		return "null"
	case typeNumber:
		if _, ok := numeric(v); ok {
			return "number"
		}
	case typeString:
		return "string"
	case typeBoolean:
		return "boolean"
	case typeArray:
		return "array"
	case typeFunction:
		return "function"
	}
	return "object"
}

// now returns the time of the evaluation, the same for all of it, in milliseconds since 1970.
func (r *run) now(name string) float64 {
	if r.options.Now == nil {
		panic(&Error{Code: "F0001", Offset: -1, Token: name})
	}
	if !r.clock {
		r.millis = float64(r.options.Now().UnixMilli())
		r.clock = true
	}
	return r.millis
}

func fnMillis(r *run, _ []any) any { return jsonvalue.Box(r.now("millis")) }

func fnNow(r *run, args []any) any {
	return r.formatDate(r.now("now"), argument(args, 0), argument(args, 1))
}

func fnFromMillis(r *run, args []any) any {
	millis, ok := number(argument(args, 0))
	if !ok {
		return Undefined
	}
	return r.formatDate(millis, argument(args, 1), argument(args, 2))
}

func fnToMillis(r *run, args []any) any {
	text, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	picture, ok := argument(args, 1).(string)
	if !ok {
		return parseISO(text)
	}
	return r.parseDate(text, picture)
}

// fnEval evaluates a text as an expression where it is called, or with its second argument as the context.
func fnEval(r *run, e *env, in any, args []any) any {
	src, ok := argument(args, 0).(string)
	if !ok {
		return Undefined
	}
	if !r.options.Eval {
		panic(&Error{Code: "F0001", Offset: -1, Token: "eval"})
	}
	if focus := argument(args, 1); !IsUndefined(focus) {
		in = focus
		if isArray(focus) && !isSequence(focus) {
			in = &array{items: []any{focus}, sequence: true, wrapper: true}
		}
	}
	r.grow(64 * len(src))
	r.spend(len(src))
	root, err := compile(src)
	if err != nil {
		err.fill()
		panic(&Error{Code: "D3120", Offset: -1, Value: err.Message, cause: err})
	}
	if e == nil {
		e = newEnv(nil)
	}
	depth, site := r.depth, r.site
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		inner, ok := p.(*Error)
		if !ok || inner.Code == "D1011" || inner.Code == "D1012" || inner.Code == "D2015" {
			panic(p)
		}
		inner.fill()
		r.depth, r.site = depth, site
		panic(&Error{Code: "D3121", Offset: -1, Value: inner.Message, cause: inner})
	}()
	return r.eval(root, in, e)
}
