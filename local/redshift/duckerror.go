package redshift

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	checkFailed    = regexp.MustCompile(`strlen\(\\?"?([^")\\]+)\\?"?\) <= (\d+)`)
	notNullFailed  = regexp.MustCompile(`NOT NULL constraint failed: [^.]+\.(.+)$`)
	noTable        = regexp.MustCompile(`(?:Table|View) with name "?([^"!\s]+)"? does not exist`)
	tableExists    = regexp.MustCompile(`(?:Table|View) with name "([^"]+)" already exists`)
	noSchema       = regexp.MustCompile(`Schema with name "?([^"!\s]+)"? does not exist`)
	noColumn       = regexp.MustCompile(`(?:Referenced column|does not have a column named|column with name) "([^"]+)"`)
	notConvertible = regexp.MustCompile(`Could not convert string '(.*)' to (\w+)`)
	notDate        = regexp.MustCompile(`(?s)invalid (date|timestamp) field format: "(.*?)"`)
	mustGroup      = regexp.MustCompile(`column "?([^"]+?)"? must appear in the GROUP BY clause`)
	outOfRange     = regexp.MustCompile(`out of range for the destination type`)
	decimalRange   = regexp.MustCompile(`Casting value .* to type DECIMAL.* failed|Overflow in (?:multiplication|addition|subtraction) of DECIMAL`)
	overflow       = regexp.MustCompile(`Overflow in (?:multiplication|addition|subtraction|division) of (INT\d+)`)
	nearSyntax     = regexp.MustCompile(`syntax error at or near "(.*)"`)
)

// LengthCheck takes the check on a column's length out of a text.
func LengthCheck(s string) (column string, limit int, ok bool) {
	m := checkFailed.FindStringSubmatch(s)
	if m == nil {
		return "", 0, false
	}
	limit, err := strconv.Atoi(m[2])
	return m[1], limit, err == nil
}

// DuckError words DuckDB's complaint as Redshift does where its wording is known, and otherwise passes
// it on behind Redshift's "ERROR: ".
func DuckError(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	msg, _, _ := strings.Cut(err.Error(), "\n")
	if _, own, ok := strings.Cut(err.Error(), "ERROR: "); ok { // from a function of this package
		return errors.New("ERROR: " + own)
	}
	if _, limit, ok := LengthCheck(err.Error()); ok {
		return fmt.Errorf("ERROR: value too long for type character varying(%d)", limit)
	}
	switch {
	case match(noTable, msg) != nil:
		return fmt.Errorf("ERROR: relation %q does not exist", match(noTable, msg)[1])
	case match(tableExists, msg) != nil:
		return fmt.Errorf("ERROR: Relation %q already exists", match(tableExists, msg)[1])
	case match(noSchema, msg) != nil:
		return fmt.Errorf("ERROR: schema %q does not exist", match(noSchema, msg)[1])
	case match(notNullFailed, msg) != nil:
		return fmt.Errorf("ERROR: Cannot insert a NULL value into column %s", match(notNullFailed, msg)[1])
	case match(noColumn, msg) != nil:
		return fmt.Errorf("ERROR: column %q does not exist", match(noColumn, msg)[1])
	case match(notConvertible, msg) != nil:
		m := match(notConvertible, msg)
		return fmt.Errorf("ERROR: invalid input syntax for type %s: %q", pgType(m[2]), m[1])
	case match(notDate, err.Error()) != nil:
		m := match(notDate, err.Error())
		return fmt.Errorf("ERROR: invalid input syntax for type %s: %q", m[1], m[2])
	case match(mustGroup, msg) != nil:
		return fmt.Errorf("ERROR: column %q must appear in the GROUP BY clause or be used in an aggregate function", match(mustGroup, msg)[1])
	case match(outOfRange, msg) != nil:
		return errors.New("ERROR: Value out of range for the type")
	case match(decimalRange, msg) != nil:
		return errors.New("ERROR: Numeric data overflow (result precision)")
	case match(overflow, msg) != nil:
		return fmt.Errorf("ERROR: %s out of range", pgType(match(overflow, msg)[1]))
	case match(nearSyntax, msg) != nil:
		return fmt.Errorf("ERROR: syntax error at or near %q", match(nearSyntax, msg)[1])
	}
	return errors.New("ERROR: " + msg)
}

func match(re *regexp.Regexp, s string) []string { return re.FindStringSubmatch(s) }

func pgType(duck string) string {
	switch duck {
	case "INT16":
		return "smallint"
	case "INT32":
		return "integer"
	case "INT64", "INT128":
		return "bigint"
	case "BOOL":
		return "boolean"
	}
	return strings.ToLower(duck)
}
