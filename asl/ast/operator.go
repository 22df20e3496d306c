package ast

import (
	"slices"
	"strings"
)

// Operator is a comparison operator of a choice rule, as its field is spelled.
type Operator string

// operand is what an operator compares with.
type operand uint8

const (
	operandString operand = iota
	operandNumber
	operandBool
	operandTime
	operandPath // a reference path to the value
	operandTest // IsNull and its like: true or false
)

// operators holds all comparison operators with their operand.
var operators = func() map[Operator]operand {
	m := map[Operator]operand{
		"StringMatches": operandString, "BooleanEquals": operandBool, "BooleanEqualsPath": operandPath,
		"IsNull": operandTest, "IsPresent": operandTest, "IsNumeric": operandTest,
		"IsString": operandTest, "IsBoolean": operandTest, "IsTimestamp": operandTest,
	}
	for kind, o := range map[string]operand{"String": operandString, "Numeric": operandNumber, "Timestamp": operandTime} {
		for _, relation := range []string{"Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"} {
			m[Operator(kind+relation)] = o
			m[Operator(kind+relation+"Path")] = operandPath
		}
	}
	return m
}()

// operatorNames are the operators, sorted.
var operatorNames = func() []string {
	names := make([]string, 0, len(operators))
	for o := range operators {
		names = append(names, string(o))
	}
	slices.Sort(names)
	return names
}()

// Known tells whether the language has the operator.
func (o Operator) Known() bool { _, ok := operators[o]; return ok }

// FromPath tells whether the operand is a path to the value to compare with.
func (o Operator) FromPath() bool {
	return operators[o] == operandPath && strings.HasSuffix(string(o), "Path")
}
