package redshiftdata

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
	"airline/local/redshift/wire"
)

// parameterDefaults are the parameters that sessions have, with their values in Redshift Serverless ("Configuration reference",
// Database Developer Guide, and what SHOW ALL lists).
var parameterDefaults = map[string]string{
	"analyze_threshold_percent": "10", "application_name": "", "cast_super_null_on_error": "on", "client_encoding": "UTF8", "datestyle": "ISO, MDY",
	"default_array_search_null_handling": "on", "default_transaction_isolation": "serializable", "default_transaction_read_only": "off", "default_geometry_encoding": "1", "describe_field_name_in_uppercase": "off", "downcase_delimited_identifier": "on", "enable_case_sensitive_identifier": "off",
	"enable_case_sensitive_super_attribute": "off", "enable_numeric_rounding": "on", "enable_result_cache_for_session": "on", "enable_vacuum_boost": "off",
	"error_on_nondeterministic_update": "off", "extra_float_digits": "0", "interval_forbid_composite_literals": "off", "json_serialization_enable": "off",
	"json_serialization_parse_nested_strings": "off", "max_concurrency_scaling_clusters": "1", "max_cursor_result_set_size": "0", "mv_enable_aqmv_for_session": "on",
	"navigate_super_null_on_error": "on", "parse_super_null_on_error": "off", "pg_federation_repeatable_read": "on", "query_group": "default",
	"search_path": "$user, public", "spectrum_enable_pseudo_columns": "on", "spectrum_query_maxerror": "-1", "statement_timeout": "0",
	"stored_proc_log_min_messages": "LOG", "timezone": "UTC", "use_fips_ssl": "off", "wlm_query_slot_count": "1", "standard_conforming_strings": "off",
}

// fixedParameters can be shown and not set.
var fixedParameters = map[string]string{
	"server_version": serverVersion, "server_encoding": "UNICODE", "integer_datetimes": "on", "transaction_isolation": "serializable", "max_identifier_length": "127", "max_index_keys": "32",
	"transaction_read_only": "off", "lc_collate": "C", "lc_ctype": "C", "padb_version": padbVersion, "padb_revision": padbRevision,
	"max_numeric_precision": "38", "max_varchar_size": "65535", "case_sensitive": "on", "datashare_enabled": "on", "timezone_abbreviations": "Default",
	"show_discovery": "4", // with which drivers ask by SHOW, names given as parameters (redshift_connector 2.1.10, JDBC 2.2.1, ODBC 2.1.11)
}

// What Redshift says of its version.
const (
	serverVersion = "8.0.2"
	padbVersion   = catalog.Release
	padbRevision  = "a8e8a4f"
)

var notInEncodings = regexp.MustCompile(`[^A-Za-z0-9]`)

// reported are the parameters that clients are told of as they change, by the name that they know.
var reported = map[string]string{"application_name": "application_name", "client_encoding": "client_encoding", "datestyle": "DateStyle", "timezone": "TimeZone"}

func (s *clientSession) setting(name string) string {
	if v, ok := s.settings[name]; ok {
		return v
	}
	return parameterDefaults[name]
}

// Parameters are told to a client when its session is open, as Redshift does (a log of its JDBC driver shows them:
// github.com/aws/amazon-redshift-jdbc-driver/issues/39). Protocol extensions are not offered: there is no server_protocol_version.
func (s *clientSession) Parameters() map[string]string {
	superuser := "off"
	// The function cannot fail.
	_ = s.do(func() error {
		if s.service.access.superuser(s.user) {
			superuser = "on"
		}
		return nil
	})
	all := map[string]string{"is_superuser": superuser, "session_authorization": s.user}
	for _, name := range strings.Fields("server_version server_encoding integer_datetimes padb_version padb_revision max_numeric_precision max_varchar_size case_sensitive datashare_enabled timezone_abbreviations show_discovery") {
		all[name] = fixedParameters[name]
	}
	for name, told := range reported {
		all[told] = s.setting(name)
	}
	return all
}

// set gives a parameter a value.
func (s *clientSession) set(name, value string) error {
	if strings.Contains(name, ".") { // a variable of the session's own
		s.change(name, value)
		return nil
	}
	if _, ok := parameterDefaults[name]; !ok {
		if _, fixed := fixedParameters[name]; fixed {
			return &sqlError{code: "55P02", message: fmt.Sprintf("parameter %q cannot be changed", name)}
		}
		return &sqlError{code: "42704", message: fmt.Sprintf("unrecognized configuration parameter %q", name)}
	}
	bad := &sqlError{code: "22023", message: fmt.Sprintf("invalid value for parameter %q: %q", name, value)}
	switch name {
	case "client_encoding":
		switch strings.ToUpper(notInEncodings.ReplaceAllString(value, "")) { // of a name PostgreSQL reads letters and digits only
		case "UTF8", "UNICODE":
			value = "UTF8"
		default:
			return &sqlError{code: "0A000", message: fmt.Sprintf("client_encoding %s is not modelled here: use UTF8", value)}
		}
	case "timezone":
		switch {
		case strings.EqualFold(value, "utc"), strings.EqualFold(value, "gmt"), strings.EqualFold(value, "default"):
			value = "UTC"
		default:
			if _, ok := redshift.SessionZone(value); !ok {
				return bad
			}
		}
	case "default_transaction_isolation": // all are SERIALIZABLE
		if value = strings.ToLower(value); !set("serializable repeatable_read read_committed read_uncommitted")[strings.ReplaceAll(value, " ", "_")] {
			return bad
		}
	case "analyze_threshold_percent":
		if f, err := strconv.ParseFloat(value, 64); err != nil || f < 0 || f > 100 {
			return bad
		}
	case "statement_timeout", "wlm_query_slot_count", "max_cursor_result_set_size":
		if n, err := strconv.Atoi(value); err != nil || n < 0 {
			return bad
		}
	case "extra_float_digits":
		if n, err := strconv.Atoi(value); err != nil || n < -15 || n > 3 {
			return bad
		}
	case "datestyle":
		if !strings.HasPrefix(strings.ToUpper(value), "ISO") {
			return unknownCommand("DateStyle " + value)
		}
		value = "ISO, MDY"
	}
	switch parameterDefaults[name] {
	case "on", "off":
		switch strings.ToLower(value) {
		case "on", "true", "t", "yes", "y", "1":
			value = "on"
		case "off", "false", "f", "no", "n", "0":
			value = "off"
		default:
			return &sqlError{code: "22023", message: fmt.Sprintf("parameter %q requires a Boolean value", name)}
		}
	}
	s.change(name, value)
	return nil
}

// change keeps a value and tells the client of it where it is to know.
func (s *clientSession) change(name, value string) {
	s.settings[name] = value
	s.last = nil
	if told, ok := reported[name]; ok && s.defaults != nil {
		s.login.Parameter(told, value)
	}
}

// setCommand is SET in its forms.
func (s *clientSession) setCommand(p *parser) (wire.Statement, error) {
	local := p.accept("local")
	if !local {
		p.accept("session")
	}
	switch {
	case p.accept("authorization"):
		return s.authorizationCommand(p, p.accept("default"))
	case p.accept("characteristics", "as", "transaction"):
		readOnly, err := p.transactionModes()
		return simpleCommand(func(context.Context) (string, error) {
			if readOnly == nil {
				return "SET", nil
			}
			return "SET", s.setNow("default_transaction_read_only", strconv.FormatBool(*readOnly), false, false)
		}), err
	case p.accept("transaction"):
		readOnly, err := p.transactionModes()
		return simpleCommand(func(context.Context) (string, error) {
			if readOnly != nil {
				s.readOnly = *readOnly
			}
			return "SET", nil
		}), err
	}
	name := "timezone"
	if !p.accept("time", "zone") {
		var err error
		if name, err = p.name(); err != nil {
			return nil, err
		}
		if p.accept(".") { // the session's own ("SET", session context variables)
			second, err := p.name()
			if err != nil {
				return nil, err
			}
			name += "." + second
		}
		if name == "names" {
			name = "client_encoding"
		} else if !p.accept("to") && !p.accept("=") && (name != "timezone" || !p.peek().Is("interval")) {
			return nil, syntaxAt(p.peek(), p.src)
		}
	}
	if p.peek().Kind == end {
		return nil, syntaxAt(p.peek(), p.src)
	}
	var values []string
	reset := p.accept("default")
	interval := name == "timezone" && p.accept("interval")
	if interval {
		t := p.next()
		offset, ok := redshift.IntervalOffset(t.Value)
		if t.Kind != text || !ok {
			return nil, syntaxAt(t, p.src)
		}
		p.accept("hour", "to", "minute")
		values = append(values, offset)
	}
	for !reset && !interval {
		sign := ""
		if p.accept("-") {
			sign = "-"
		}
		switch t := p.next(); t.Kind {
		case word, number, text, quoted:
			values = append(values, sign+t.Value)
		default:
			return nil, syntaxAt(t, p.src)
		}
		if !p.accept(",") {
			break
		}
	}
	if err := p.nothingMore(); err != nil {
		return nil, err
	}
	value := strings.Join(values, ", ")
	if name == "seed" {
		return s.seedCommand(value)
	}
	return simpleCommand(func(context.Context) (string, error) { return "SET", s.setNow(name, value, reset, local) }), nil
}

// seedCommand is SET SEED, with which RANDOM repeats itself: its numbers are others than Redshift's.
func (s *clientSession) seedCommand(value string) (wire.Statement, error) {
	seed, err := strconv.ParseFloat(value, 64)
	if err != nil || seed < 0 || seed > 1 {
		return nil, &sqlError{code: "22023", message: fmt.Sprintf("invalid value for parameter \"seed\": %q", value)}
	}
	return simpleCommand(func(ctx context.Context) (string, error) {
		if err := s.prepareToRun(); err != nil {
			return "", err
		}
		return "SET", s.raw.Exec(ctx, "SELECT setseed("+strconv.FormatFloat(seed, 'f', -1, 64)+")")
	}), nil
}

// setNow sets a parameter within the present transaction, which may undo it.
func (s *clientSession) setNow(name, value string, reset, local bool) error {
	old := s.setting(name)
	if reset {
		value = s.original(name)
	}
	if err := s.set(name, value); err != nil {
		return err
	}
	if s.undo == nil {
		s.undo, s.local = map[string]string{}, map[string]string{}
	}
	if _, ok := s.undo[name]; !ok {
		s.undo[name] = old
	}
	if _, ok := s.local[name]; local && !ok {
		s.local[name] = old
	}
	return nil
}

// original is the value with which the session began.
func (s *clientSession) original(name string) string {
	if v, ok := s.defaults[name]; ok {
		return v
	}
	return parameterDefaults[name]
}

// authorizationCommand is what follows SET SESSION AUTHORIZATION, or goes back to who logged in.
func (s *clientSession) authorizationCommand(p *parser, reset bool) (wire.Statement, error) {
	user := ""
	if !reset {
		t := p.next()
		if t.Kind != word && t.Kind != quoted && t.Kind != text {
			return nil, syntaxAt(t, p.src)
		}
		user = t.Value
	}
	if err := p.nothingMore(); err != nil {
		return nil, err
	}
	return simpleCommand(func(context.Context) (string, error) {
		return "SET", s.do(func() error {
			first, known := s.service.credentials.user(s.login.User, s.login.Database)
			switch {
			case reset && known:
				user = first
			case reset:
				return nil
			case !s.service.access.superuser(s.user):
				return &sqlError{code: "42501", message: "permission denied to set session authorization"}
			case !s.service.access.known(user):
				return &sqlError{code: "42704", message: fmt.Sprintf("user %q does not exist", user)}
			}
			s.user, s.last = user, nil
			s.login.Parameter("session_authorization", user)
			return nil
		})
	}), nil
}

// resetCommand is RESET name and RESET ALL.
func (s *clientSession) resetCommand(p *parser) (wire.Statement, error) {
	if p.accept("session", "authorization") {
		return s.authorizationCommand(p, true)
	}
	name, err := p.name()
	if err == nil {
		err = p.nothingMore()
	}
	if err != nil {
		return nil, err
	}
	return simpleCommand(func(context.Context) (string, error) {
		if name != "all" {
			return "RESET", s.setNow(name, "", true, false)
		}
		for _, n := range slices.Sorted(maps.Keys(s.settings)) {
			if err := s.setNow(n, "", true, false); err != nil {
				return "", err
			}
		}
		return "RESET", nil
	}), nil
}

// showCommand is SHOW name and SHOW ALL; nil is a SHOW of objects.
func (s *clientSession) showCommand(p *parser) (wire.Statement, error) {
	name := "timezone"
	switch {
	case p.accept("time", "zone"):
	case p.accept("session", "authorization"):
		name = "session_authorization"
	case p.accept("transaction", "isolation", "level"):
		name = "transaction_isolation"
	default:
		var err error
		if name, err = p.name(); err != nil {
			return nil, err
		}
	}
	if shownObjects[name] {
		return nil, nil // a statement as others
	}
	if p.accept(".") {
		second, err := p.name()
		if err != nil {
			return nil, err
		}
		name += "." + second
	}
	if err := p.nothingMore(); err != nil {
		return nil, err
	}
	value, known := fixedParameters[name]
	if v, ok := s.settings[name]; ok {
		value, known = v, true
	}
	switch _, ok := parameterDefaults[name]; {
	case name == "all":
		return s.showAll(), nil
	case name == "session_authorization":
		value = s.user
	case name == "transaction_read_only" && s.readOnly:
		value = "on"
	case ok:
		value = s.setting(name)
	case !known:
		return nil, &sqlError{code: "42704", message: fmt.Sprintf("unrecognized configuration parameter %q", name)}
	}
	return &commandStatement{columns: textColumns(name), run: func(context.Context) (wire.Result, string, error) {
		return newTextRows([][]string{{value}}), "SHOW", nil
	}}, nil
}

func (s *clientSession) showAll() wire.Statement {
	return &commandStatement{columns: textColumns("name", "setting"), run: func(context.Context) (wire.Result, string, error) {
		all := maps.Clone(fixedParameters)
		for name := range parameterDefaults {
			all[name] = s.setting(name)
		}
		var rows [][]string
		for _, name := range slices.Sorted(maps.Keys(all)) {
			rows = append(rows, []string{name, all[name]})
		}
		return newTextRows(rows), "SHOW", nil
	}}
}
