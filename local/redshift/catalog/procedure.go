package catalog

import (
	"slices"
	"strings"
)

// Procedure is a stored procedure, whose parameters are texts.
type Procedure struct {
	Schema, Name string
	Parameters   []string // their names
	Body         string
}

// procedureType is the type of the parameters.
const procedureType = "character varying"

// types are those of the parameters, as SHOW PROCEDURES tells them.
func (p Procedure) types() string {
	return strings.TrimSuffix(strings.Repeat(procedureType+", ", len(p.Parameters)), ", ")
}

// definition is the statement that makes the procedure, as SHOW PROCEDURE tells it.
func (p Procedure) definition() string {
	var b strings.Builder
	b.WriteString("CREATE OR REPLACE PROCEDURE " + p.Schema + "." + p.Name + "(")
	for i, name := range p.Parameters {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name + " " + procedureType)
	}
	b.WriteString(")\nLANGUAGE plpgsql\nAS $_$" + p.Body + "$_$\n")
	return b.String()
}

// HasProcedure reports whether there is a procedure.
func (c *Catalog) HasProcedure(schema, name string) bool {
	return slices.ContainsFunc(c.state.Procedures, func(p Procedure) bool { return p.Schema == schema && p.Name == name })
}
