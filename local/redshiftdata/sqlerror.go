package redshiftdata

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
	"airline/local/redshift/wire"
)

// sqlError is an error with its SQLSTATE.
type sqlError struct {
	code, message, detail string
}

func (e *sqlError) Error() string {
	text := "ERROR: " + e.message
	if e.detail != "" {
		text += "\n  Detail: " + e.detail
	}
	return text
}

// states are the SQLSTATEs of Redshift's messages (PostgreSQL, "Error Codes"; XX000 for what Redshift's own engine reports).
var states = []struct {
	message *regexp.Regexp
	code    string
}{
	{regexp.MustCompile(`^syntax error|^unterminated|^cannot insert multiple commands`), "42601"},
	{regexp.MustCompile(`is not modelled|are not modelled|is modelled`), "0A000"},
	{regexp.MustCompile(`^(relation|materialized view) .* does not exist`), "42P01"},
	{regexp.MustCompile(`is not a (table|view|materialized view)|is a materialized view|^cannot .* a (materialized )?view`), "42809"},
	{regexp.MustCompile(`^a materialized view cannot`), "0A000"},
	{regexp.MustCompile(`^schema .* does not exist|^no schema has been selected`), "3F000"},
	{regexp.MustCompile(`^database .* does not exist`), "3D000"},
	{regexp.MustCompile(`^column .* does not exist`), "42703"},
	{regexp.MustCompile(`^column .* is ambiguous|is ambiguous`), "42702"},
	{regexp.MustCompile(`^(function|operator|procedure) .* does not exist`), "42883"},
	{regexp.MustCompile(`^(user|role|group) .* does not exist`), "42704"},
	{regexp.MustCompile(`^type .* does not exist|^unrecognized configuration parameter`), "42704"},
	{regexp.MustCompile(`^schema .* already exists`), "42P06"},
	{regexp.MustCompile(`^column .* already exists`), "42701"},
	{regexp.MustCompile(`(?i)^relation .* already exists`), "42P07"},
	{regexp.MustCompile(`^cannot change .* (in view|view column)`), "42P16"},
	{regexp.MustCompile(`^(user|role) .* already exists`), "42710"},
	{regexp.MustCompile(`^column .* (duplicated|specified more than once)`), "42701"},
	{regexp.MustCompile(`can't be dropped because|^cannot drop this role`), "55006"},
	{regexp.MustCompile(`^permission denied|^must be`), "42501"},
	{regexp.MustCompile(`^invalid input syntax`), "22P02"},
	{regexp.MustCompile(`^value too long`), "22001"},
	{regexp.MustCompile(`(?i)divi(sion|de) by zero`), "22012"},
	{regexp.MustCompile(`(?i)out of range|overflow`), "22003"},
	{regexp.MustCompile(`(?i)^cannot insert a null`), "23502"},
	{regexp.MustCompile(`must appear in the GROUP BY`), "42803"},
	{regexp.MustCompile(`^invalid byte sequence`), "22021"},
}

var (
	positioned = regexp.MustCompile(`(?m)^\s*Position: (\d+);.*$`)
	conflicts  = regexp.MustCompile(`TransactionContext Error|Conflict on |write-write conflict|Serialization Error`)
)

// clientError is an error as clients of the wire protocol are told: without "ERROR: " before it, with its state and place.
func clientError(err error, sql string) error {
	if err == nil {
		return nil
	}
	var e *wire.Error
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err // which the wire knows
	}
	var known *sqlError
	if errors.As(err, &known) {
		return &wire.Error{Code: known.code, Message: known.message, Detail: known.detail}
	}
	said := strings.TrimPrefix(err.Error(), "ERROR: ")
	if conflicts.MatchString(said) {
		return &wire.Error{Code: "XX000", Message: "1023", Detail: "Serializable isolation violation on a table that another transaction has changed meanwhile: " + said}
	}
	out := &wire.Error{Code: "XX000"}
	var at *syntaxError
	if errors.As(err, &at) && at.at <= len(sql) {
		out.Position = utf8.RuneCountInString(sql[:at.at]) + 1
	}
	var placed *redshift.Error
	if errors.As(err, &placed) && placed.Offset <= len(sql) {
		out.Position = utf8.RuneCountInString(sql[:placed.Offset]) + 1
	}
	var system *catalog.Error
	if errors.As(err, &system) && system.Offset <= len(sql) {
		out.Position = utf8.RuneCountInString(sql[:system.Offset]) + 1
	}
	said = strings.TrimRight(positioned.ReplaceAllString(said, ""), "\n ")
	message, detail, _ := strings.Cut(said, "\n  Detail: ")
	out.Message, out.Detail = message, strings.TrimSpace(detail)
	for _, s := range states {
		if s.message.MatchString(message) {
			out.Code = s.code
			break
		}
	}
	return out
}
