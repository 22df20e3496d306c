package jsonata

import (
	"encoding/json"
	"strings"

	"airline/asl/jsonvalue"
)

// A signature such as <s-(sf)n?:s> lists the types of a function's parameters. Parameters are matched to the
// arguments like a regular expression over the types of the arguments, one letter each.
type signature struct {
	text   string
	params []parameter
}

type parameter struct {
	types      typeSet
	letter     byte   // as in the signature; '(' for a choice
	subtype    string // what stands in <> after a or f
	hasSubtype bool
	optional   bool // ? or -
	many       bool // +
	context    bool // -: the context stands in
	choice     typeSet
}

// typeSet is a set of the types an argument can have.
type typeSet uint16

const (
	typeArray typeSet = 1 << iota
	typeString
	typeNumber
	typeBoolean
	typeNull
	typeFunction
	typeObject
	typeMissing

	typeJSON = typeArray | typeString | typeNumber | typeBoolean | typeNull | typeObject | typeMissing
	typeAny  = typeJSON | typeFunction
)

var typeLetters = map[byte]typeSet{
	'a': typeArray, 's': typeString, 'n': typeNumber, 'b': typeBoolean, 'l': typeNull, 'f': typeFunction, 'o': typeObject, 'm': typeMissing,
}

var typeNames = map[string]string{"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings"}

func typeOf(v any) typeSet {
	switch v := v.(type) {
	case *undefined:
		return typeMissing
	case string:
		return typeString
	case float64, json.Number:
		return typeNumber
	case bool:
		return typeBoolean
	case nil:
		return typeNull
	case []any, *array:
		return typeArray
	case *Function:
		return typeFunction
	case *jsonvalue.Object:
		return typeObject
	case *stream:
		_ = v
		return typeArray
	}
	return typeObject
}

// parseSignature reads a signature, including the angle brackets. The offset of an error counts from its start.
func parseSignature(text string) (*signature, *Error) {
	s := &signature{text: text}
	for i := 1; i < len(text) && text[i] != ':'; i++ {
		c := text[i]
		var last *parameter
		if len(s.params) > 0 {
			last = &s.params[len(s.params)-1]
		}
		switch c {
		case 's', 'n', 'b', 'l', 'o':
			s.params = append(s.params, parameter{letter: c, types: typeLetters[c] | typeMissing})
		case 'a', 'x':
			s.params = append(s.params, parameter{letter: c, types: typeAny})
		case 'f':
			s.params = append(s.params, parameter{letter: c, types: typeFunction})
		case 'j':
			s.params = append(s.params, parameter{letter: c, types: typeJSON})
		case '-':
			if last != nil {
				last.context, last.optional, last.choice = true, true, last.types
			}
		case '?':
			if last != nil {
				last.optional = true
			}
		case '+':
			if last != nil {
				last.many = true
			}
		case '(':
			end := closing(text, i, '(', ')')
			choice := text[i+1 : end]
			if strings.Contains(choice, "<") {
				return nil, &Error{Code: "S0402", Offset: i, Value: choice}
			}
			p := parameter{letter: c, types: typeMissing}
			for j := range len(choice) {
				p.types |= typeLetters[choice[j]]
			}
			s.params = append(s.params, p)
			i = end
		case '<':
			if last == nil || last.letter != 'a' && last.letter != 'f' {
				return nil, &Error{Code: "S0401", Offset: i, Token: text}
			}
			end := closing(text, i, '<', '>')
			last.subtype, last.hasSubtype = text[i+1:end], true
			i = end
		}
	}
	return s, nil
}

// closing finds the bracket that closes the one at start; without one, the end of the text.
func closing(text string, start int, open, shut byte) int {
	depth := 0
	for i := start; i < len(text); i++ {
		switch text[i] {
		case open:
			depth++
		case shut:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// mustSignature is parseSignature for the signatures of the library.
func mustSignature(text string) *signature {
	if text == "" {
		return nil
	}
	s, err := parseSignature(text)
	if err != nil {
		panic(err)
	}
	return s
}

// arguments checks args and returns them as the function takes them: the context put in where a parameter asks
// for it, single values wrapped where it takes an array. Errors are panics.
func (s *signature) arguments(args []any, context any) []any {
	if s == nil {
		return args
	}
	if s.exact(args) {
		return args
	}
	counts, ok := s.match(args)
	if !ok {
		panic(s.mismatch(args))
	}
	out := make([]any, 0, max(len(args), len(s.params)))
	next := 0
	take := func() any {
		next++
		if next > len(args) {
			return Undefined
		}
		return args[next-1]
	}
	for i := range s.params {
		p := &s.params[i]
		switch {
		case counts[i] > 0:
			// A parameter before it that matched nothing has taken an argument all the same, as in the reference.
			taken := args[min(next, len(args)):min(next+counts[i], len(args))]
			for range counts[i] {
				out = append(out, p.argument(take(), taken, next))
			}
		case p.context:
			if p.choice&typeOf(context) == 0 {
				panic(&Error{Code: "T0411", Offset: -1, Value: context, index: next + 1})
			}
			out = append(out, context)
		default:
			out = append(out, take())
		}
	}
	return out
}

// exact is the frequent case: each argument is of the type of the parameter at its place, nothing is to be
// converted, and what is left out is optional. Functions read arguments that were left out as undefined.
func (s *signature) exact(args []any) bool {
	if len(args) > len(s.params) {
		return false
	}
	for i, arg := range args {
		p := &s.params[i]
		t := typeOf(arg)
		if p.types&t == 0 || p.letter == 'a' && (p.hasSubtype || t != typeArray) {
			return false
		}
	}
	for i := len(args); i < len(s.params); i++ {
		if p := &s.params[i]; !p.optional || p.context {
			return false
		}
	}
	return true
}

// match distributes the arguments over the parameters, as many to each as possible, the first ones first. It
// returns how many each took.
func (s *signature) match(args []any) ([]int, bool) {
	// can[i*width+j] says whether the parameters from i on can take exactly the arguments from j on.
	width := len(args) + 1
	can := make([]bool, (len(s.params)+1)*width)
	can[len(can)-1] = true
	for i := len(s.params) - 1; i >= 0; i-- {
		p := &s.params[i]
		for j := len(args); j >= 0; j-- {
			ok := p.optional && can[(i+1)*width+j]
			if !ok && j < len(args) && p.types&typeOf(args[j]) != 0 {
				ok = can[(i+1)*width+j+1] || p.many && can[i*width+j+1]
			}
			can[i*width+j] = ok
		}
	}
	if !can[0] {
		return nil, false
	}
	counts := make([]int, len(s.params))
	j := 0
	for i := range s.params {
		p := &s.params[i]
		most := 0
		for n := 0; ; n++ {
			if (n > 0 || p.optional) && can[(i+1)*width+j+n] {
				most = n
			}
			if j+n >= len(args) || p.types&typeOf(args[j+n]) == 0 || n == 1 && !p.many {
				break
			}
		}
		counts[i] = most
		j += most
	}
	return counts, true
}

// mismatch finds the first argument that does not fit.
func (s *signature) mismatch(args []any) *Error {
	good := 0
	for i := range s.params {
		partial := signature{params: s.params[:i+1]}
		fits := -1
		for n := min(len(args), i+1); n >= 0 && fits < 0; n-- {
			if _, ok := partial.match(args[:n]); ok {
				fits = n
			}
		}
		if fits < 0 {
			break
		}
		good = fits
	}
	e := &Error{Code: "T0410", Offset: -1, index: good + 1}
	if good < len(args) {
		e.Value = args[good]
	}
	return e
}

// argument checks one argument taken by a parameter; taken are all that the parameter took, number counts from 1.
func (p *parameter) argument(arg any, taken []any, number int) any {
	if p.letter != 'a' {
		return arg
	}
	t := typeOf(arg)
	if t == typeMissing {
		return Undefined
	}
	items, isArray := itemsOf(arg)
	if p.hasSubtype {
		ok := true
		if !isArray {
			ok = len(taken) == len(p.subtype)
			for i := 0; ok && i < len(taken); i++ {
				ok = typeLetters[p.subtype[i]] == typeOf(taken[i])
			}
		} else if len(items) > 0 {
			want := typeSet(0)
			if p.subtype != "" {
				want = typeLetters[p.subtype[0]]
			}
			for _, item := range items {
				if typeOf(item) != want {
					ok = false
					break
				}
			}
		}
		if !ok {
			panic(&Error{Code: "T0412", Offset: -1, Value: arg, index: number, kind: typeNames[p.subtype]})
		}
	}
	if !isArray {
		return []any{arg}
	}
	return arg
}
