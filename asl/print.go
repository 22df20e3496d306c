package asl

import (
	"bytes"
	"encoding/json"
	"strconv"

	"airline/asl/jsonvalue"
)

// JSON prints the definition: states in definition order, the fields of each in
// one fixed order, two spaces of indentation, no line break at the end. Equal
// definitions print equal texts, so the result is fit for golden files and
// for reviews of differences. It fails when a value in a payload cannot be JSON.
func (d *Definition) JSON() ([]byte, error) {
	compact, err := d.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Grow(2 * len(compact))
	if err := json.Indent(&b, compact, "", "  "); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// MarshalJSON prints the definition without white space.
func (d *Definition) MarshalJSON() ([]byte, error) {
	return appendFields(make([]byte, 0, 768*(1+len(d.States))), definitionFields, d, d.explicit), nil
}

// String is the definition as indented JSON.
func (d *Definition) String() string {
	text, err := d.JSON()
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// appendFields prints the present members of a struct as a JSON object.
func appendFields[T any](dst []byte, table []fieldOf[T], from *T, explicit uint64) []byte {
	dst = append(dst, '{')
	for i := range table {
		start := len(dst)
		if start > 0 && dst[start-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = append(dst, table[i].name...)
		dst = append(dst, '"', ':')
		var present bool
		if dst, present = appendValue(dst, table[i].at(from), explicit&(1<<i) != 0); !present {
			dst = dst[:start]
		}
	}
	return append(dst, '}')
}

// appendValue prints what target points to; present tells whether there was
// anything to print.
func appendValue(dst []byte, target any, explicit bool) (_ []byte, present bool) {
	switch t := target.(type) {
	case *Field:
		if t.set {
			return jsonvalue.Append(dst, t.value), true
		}
	case *string:
		if *t != "" || explicit {
			return jsonvalue.AppendString(dst, *t), true
		}
	case *bool:
		if *t || explicit {
			return strconv.AppendBool(dst, *t), true
		}
	case *[]string:
		if *t != nil {
			return appendList(dst, *t, jsonvalue.AppendString), true
		}
	case *[]*State:
		if *t != nil {
			return appendStates(dst, *t), true
		}
	case *[]*Definition:
		if *t != nil {
			return appendList(dst, *t, appendDefinition), true
		}
	case **Definition:
		if *t != nil {
			return appendDefinition(dst, *t), true
		}
	case *[]*Rule:
		if *t != nil {
			return appendList(dst, *t, appendRule), true
		}
	case **Rule:
		if *t != nil {
			return appendRule(dst, *t), true
		}
	case *[]*Retrier:
		if *t != nil {
			return appendList(dst, *t, func(dst []byte, r *Retrier) []byte {
				return appendFields(dst, retrierFields, r, r.explicit)
			}), true
		}
	case *[]*Catcher:
		if *t != nil {
			return appendList(dst, *t, func(dst []byte, c *Catcher) []byte {
				return appendFields(dst, catcherFields, c, c.explicit)
			}), true
		}
	case **ProcessorConfig:
		if *t != nil {
			return appendFields(dst, processorConfigFields, *t, (*t).explicit), true
		}
	case **ItemReader:
		if *t != nil {
			return appendFields(dst, itemReaderFields, *t, (*t).explicit), true
		}
	case **ReaderConfig:
		if *t != nil {
			return appendFields(dst, readerConfigFields, *t, (*t).explicit), true
		}
	case **ItemBatcher:
		if *t != nil {
			return appendFields(dst, itemBatcherFields, *t, (*t).explicit), true
		}
	case **ResultWriter:
		if *t != nil {
			return appendFields(dst, resultWriterFields, *t, (*t).explicit), true
		}
	case **WriterConfig:
		if *t != nil {
			return appendFields(dst, writerConfigFields, *t, (*t).explicit), true
		}
	}
	return dst, false
}

func appendList[T any](dst []byte, list []T, item func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, v := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item(dst, v)
	}
	return append(dst, ']')
}

func appendStates(dst []byte, states []*State) []byte {
	dst = append(dst, '{')
	for i, s := range states {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = jsonvalue.AppendString(dst, s.Name)
		dst = append(dst, ':')
		dst = appendFields(dst, stateFields, s, s.explicit)
	}
	return append(dst, '}')
}

func appendDefinition(dst []byte, d *Definition) []byte {
	return appendFields(dst, definitionFields, d, d.explicit)
}

func appendRule(dst []byte, r *Rule) []byte {
	start := len(dst)
	dst = appendFields(dst, ruleFields, r, r.explicit)
	if r.Operator == "" {
		return dst
	}
	// The comparison stands after Variable, before Next.
	rest := Rule{Comment: r.Comment, And: r.And, Or: r.Or, Not: r.Not, Variable: r.Variable}
	dst = appendFields(dst[:start], ruleFields, &rest, r.explicit)
	dst = dst[:len(dst)-1]
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = jsonvalue.AppendString(dst, string(r.Operator))
	dst = append(dst, ':')
	dst = jsonvalue.Append(dst, r.Operand)
	tail := Rule{Condition: r.Condition, Assign: r.Assign, Output: r.Output, Next: r.Next}
	end := len(dst)
	dst = appendFields(dst, ruleFields, &tail, 0)
	if len(dst) == end+2 {
		return append(dst[:end], '}')
	}
	dst[end] = ',' // in the place of its brace
	return dst
}
