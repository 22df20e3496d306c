package redshiftdata

import (
	"context"
	"fmt"
	"strings"

	"airline/local/redshift/wire"
)

// preparedText is a statement of PREPARE.
type preparedText struct {
	text  string
	types []uint32 // of its parameters
}

// prepareCommand is PREPARE name (types) AS statement.
func (s *clientSession) prepareCommand(p *parser) (wire.Statement, error) {
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	prepared := &preparedText{}
	if p.accept("(") {
		err := p.inBrackets(func(t token, depth int) {
			if typ, ok := namedTypes[t.Value]; ok && t.Kind == word && depth == 1 {
				prepared.types = append(prepared.types, typ)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	if !p.accept("as") {
		return nil, syntaxAt(p.peek(), p.src)
	}
	prepared.text = p.rest()
	return simpleCommand(func(ctx context.Context) (string, error) {
		if s.prepared[name] != nil {
			return "", &sqlError{code: "42P05", message: fmt.Sprintf("prepared statement %q already exists", name)}
		}
		st, err := s.Prepare(ctx, prepared.text, prepared.types)
		if err != nil {
			return "", err
		}
		if st == nil {
			return "", &sqlError{code: "42601", message: "syntax error at end of input"}
		}
		prepared.types = st.Parameters()
		s.prepared[name] = prepared
		return "PREPARE", nil
	}), nil
}

// namedTypes are the types that PREPARE may give its parameters.
var namedTypes = map[string]uint32{
	"smallint": wire.OIDInt2, "int2": wire.OIDInt2, "int": wire.OIDInt4, "integer": wire.OIDInt4, "int4": wire.OIDInt4, "bigint": wire.OIDInt8, "int8": wire.OIDInt8,
	"real": wire.OIDFloat4, "float4": wire.OIDFloat4, "float": wire.OIDFloat8, "float8": wire.OIDFloat8, "double": wire.OIDFloat8, "bool": wire.OIDBool, "boolean": wire.OIDBool,
	"date": wire.OIDDate, "timestamp": wire.OIDTimestamp, "timestamptz": wire.OIDTimestampTZ, "varchar": wire.OIDVarchar, "char": wire.OIDBPChar, "character": wire.OIDBPChar,
	"text": wire.OIDVarchar, "numeric": wire.OIDNumeric, "decimal": wire.OIDNumeric, "time": wire.OIDTime, "timetz": wire.OIDTimeTZ,
}

// executeCommand is EXECUTE name (values): the statement with the values in the places of its parameters.
func (s *clientSession) executeCommand(p *parser) (wire.Statement, error) {
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	prepared := s.prepared[name]
	if prepared == nil {
		return nil, &sqlError{code: "26000", message: fmt.Sprintf("prepared statement %q does not exist", name)}
	}
	var values []string
	if p.accept("(") {
		from := p.peek().Start
		err := p.inBrackets(func(t token, depth int) {
			if depth == 0 || depth == 1 && t.Is(",") {
				values = append(values, strings.TrimSpace(p.src[from:t.Start]))
				from = t.End
			}
		})
		if err != nil {
			return nil, err
		}
	}
	if err := p.nothingMore(); err != nil {
		return nil, err
	}
	if len(values) != len(prepared.types) {
		return nil, &sqlError{code: "42601", message: fmt.Sprintf("wrong number of parameters for prepared statement %q", name), detail: fmt.Sprintf("Expected %d parameters but got %d.", len(prepared.types), len(values))}
	}
	var b strings.Builder
	at := 0
	for _, x := range scan(prepared.text).places {
		b.WriteString(prepared.text[at:x.start])
		typ, ok := parameterTypes[prepared.types[x.number-1]]
		if ok {
			fmt.Fprintf(&b, "CAST(%s AS %s)", values[x.number-1], typ)
		} else {
			b.WriteString("(" + values[x.number-1] + ")")
		}
		at = x.end
	}
	b.WriteString(prepared.text[at:])
	return s.Prepare(context.Background(), b.String(), nil)
}

// deallocateCommand is DEALLOCATE name.
func (s *clientSession) deallocateCommand(p *parser) (wire.Statement, error) {
	p.accept("prepare")
	name, all, err := p.nameOrAll()
	if err != nil {
		return nil, err
	}
	return simpleCommand(func(context.Context) (string, error) {
		if all {
			clear(s.prepared)
			return "DEALLOCATE ALL", nil
		}
		if s.prepared[name] == nil {
			return "", &sqlError{code: "26000", message: fmt.Sprintf("prepared statement %q does not exist", name)}
		}
		delete(s.prepared, name)
		return "DEALLOCATE", nil
	}), nil
}
