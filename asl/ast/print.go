package ast

import (
	"bytes"
	"strconv"
	"sync"

	"airline/asl/jsonvalue"
)

// JSON prints the definition: states in definition order, the fields of each in
// one fixed order, two spaces of indentation, no line break at the end. Equal
// definitions print equal texts, so the result is fit for golden files and
// for reviews of differences. It fails when a value in a payload cannot be JSON.
func (d *Definition) JSON() ([]byte, error) {
	buffer := prints.Get().(*[]byte)
	defer prints.Put(buffer)
	*buffer = appendDefinition((*buffer)[:0], d)
	return indented(*buffer)
}

// MarshalJSON prints the definition without white space.
func (d *Definition) MarshalJSON() ([]byte, error) {
	buffer := prints.Get().(*[]byte)
	defer prints.Put(buffer)
	*buffer = appendDefinition((*buffer)[:0], d)
	return bytes.Clone(*buffer), nil
}

// String is the definition as indented JSON.
func (d *Definition) String() string {
	text, err := d.JSON()
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// prints are buffers for texts that are only looked at.
var prints = sync.Pool{New: func() any { return new([]byte) }}

// appendFields prints the present members of a struct as a JSON object.
func appendFields[T any](dst []byte, table []fieldOf[T], from *T, src *source) []byte {
	return append(appendMembers(append(dst, '{'), table, from, src, src.explicit), '}')
}

// appendMembers prints the present members of a struct into an object that is
// open.
func appendMembers[T any](dst []byte, table []fieldOf[T], from *T, src *source, explicit uint64) []byte {
	for i := range table {
		target := table[i].at(from)
		if value, ok := src.asWritten(table[i].name); ok {
			dst = jsonvalue.Append(appendName(dst, table[i].name), value)
			continue
		}
		if src.open != nil {
			if text, ok := (*src.open)[table[i].name]; ok {
				dst = jsonvalue.AppendString(appendName(dst, table[i].name), text)
				continue
			}
		}
		if !isGiven(target) && !(explicit&(1<<i) != 0 && isScalar(target)) {
			continue
		}
		dst = appendName(dst, table[i].name)
		dst = appendValue(dst, target)
	}
	return dst
}

// appendName begins a member of an object that is open.
func appendName(dst []byte, name string) []byte {
	if dst[len(dst)-1] != '{' {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, name...)
	return append(dst, '"', ':')
}

// isScalar tells whether the zero value of a member can stand in JSON.
func isScalar(target any) bool {
	switch target.(type) {
	case *string, *bool:
		return true
	}
	return false
}

// appendValue prints what target points to.
func appendValue(dst []byte, target any) []byte {
	switch t := target.(type) {
	case *Field:
		return jsonvalue.Append(dst, t.value)
	case *string:
		return jsonvalue.AppendString(dst, *t)
	case *bool:
		return strconv.AppendBool(dst, *t)
	case *[]string:
		return appendList(dst, *t, jsonvalue.AppendString)
	case *[]*State:
		return appendStates(dst, *t)
	case *[]*Definition:
		return appendList(dst, *t, appendDefinition)
	case **Definition:
		return appendDefinition(dst, *t)
	case *[]*Rule:
		return appendList(dst, *t, appendRule)
	case **Rule:
		return appendRule(dst, *t)
	case *[]*Retrier:
		return appendList(dst, *t, func(dst []byte, r *Retrier) []byte {
			return appendFields(dst, retrierFields, r, &r.source)
		})
	case *[]*Catcher:
		return appendList(dst, *t, func(dst []byte, c *Catcher) []byte {
			return appendFields(dst, catcherFields, c, &c.source)
		})
	case **ProcessorConfig:
		return appendFields(dst, processorConfigFields, *t, &(*t).source)
	case **ItemReader:
		return appendFields(dst, itemReaderFields, *t, &(*t).source)
	case **ReaderConfig:
		return appendFields(dst, readerConfigFields, *t, &(*t).source)
	case **ItemBatcher:
		return appendFields(dst, itemBatcherFields, *t, &(*t).source)
	case **ResultWriter:
		return appendFields(dst, resultWriterFields, *t, &(*t).source)
	case **WriterConfig:
		return appendFields(dst, writerConfigFields, *t, &(*t).source)
	}
	return dst
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
		dst = appendFields(dst, stateFields, s, &s.source)
	}
	return append(dst, '}')
}

func appendDefinition(dst []byte, d *Definition) []byte {
	return appendFields(dst, definitionFields, d, &d.source)
}

// comparisonAt is the place of the comparison among the members of a rule:
// after Variable.
const comparisonAt = 5

func appendRule(dst []byte, r *Rule) []byte {
	dst = append(dst, '{')
	dst = appendMembers(dst, ruleFields[:comparisonAt], r, &r.source, r.explicit)
	if r.Operator != "" {
		dst = appendName(dst, string(r.Operator))
		dst = jsonvalue.Append(dst, r.Operand)
	}
	dst = appendMembers(dst, ruleFields[comparisonAt:], r, &r.source, r.explicit>>comparisonAt)
	return append(dst, '}')
}
