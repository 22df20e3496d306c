package redshift

import (
	"strings"

	"airline/local/redshift/catalog"
)

func systemFunctions() []function {
	constant := func(text func(*callContext) string) func(*callContext) value {
		return func(c *callContext) value { return of(textType, quoteText(text(c))) }
	}
	user := constant(func(c *callContext) string { return c.session.User })
	return []function{
		{name: "current_user", bind: user},
		{name: "session_user", bind: user},
		{name: "user", bind: user, column: "current_user"},
		{name: "current_database", signature: "()", bind: constant(func(c *callContext) string { return c.session.Database })},
		{name: "current_schema", signature: "()", bind: currentSchema},
		{name: "current_setting", signature: "('name' [, error_if_undefined])", min: 1, max: 2, bind: currentSetting},
		{name: "set_config", signature: "('name', 'value', is_local)", min: 3, max: 3, bind: setConfig, note: "of literals, in sessions of clients that connect"},
		{name: "current_schemas", signature: "(with system schemas)", min: 1, max: 1, bind: currentSchemas, note: "a text here, not an array"},
		{name: "version", signature: "()", bind: constant(func(*callContext) string { return catalog.Version })},
		{name: "db_collation", signature: "()", bind: constant(func(*callContext) string { return "case_sensitive" })},
		{name: "generate_series", signature: "(from, to [, step])", min: 2, max: 3, bind: func(c *callContext) value {
			panic(notModelled(c.x.pos(), "GENERATE_SERIES outside of FROM"))
		}, note: "in FROM; a function of the leader node"},
	}
}

// settingDefaults are the configuration parameters with what they are by default ("Configuration reference").
var settingDefaults = map[string]string{
	"analyze_threshold_percent": "10", "cast_super_null_on_error": "on", "datashare_break_glass_session_var": "", "datestyle": "ISO, MDY",
	"default_geometry_encoding": "1", "describe_field_name_in_uppercase": "off", "downcase_delimited_identifier": "on",
	"default_array_search_null_handling": "on", "enable_case_sensitive_identifier": "off", "enable_case_sensitive_super_attribute": "off", "enable_numeric_rounding": "off",
	"enable_result_cache_for_session": "on", "enable_vacuum_boost": "off", "error_on_nondeterministic_update": "off", "extra_float_digits": "0",
	"interval_forbid_composite_literals": "off", "json_serialization_enable": "off", "json_serialization_parse_nested_strings": "off",
	"max_concurrency_scaling_clusters": "1", "max_cursor_result_set_size": "0", "mv_enable_aqmv_for_session": "on", "navigate_super_null_on_error": "on",
	"parse_super_null_on_error": "off", "pg_federation_repeatable_read": "on", "query_group": "unset", "search_path": "$user, public",
	"spectrum_enable_pseudo_columns": "on", "spectrum_query_maxerror": "-1", "statement_timeout": "0", "stored_proc_log_min_messages": "LOG",
	"timezone": "UTC", "use_fips_ssl": "off", "wlm_query_slot_count": "1", "intervalstyle": "postgres", "client_encoding": "UTF8",
	"server_version": "8.0.2", "standard_conforming_strings": "off", "integer_datetimes": "on", "application_name": "", "require_ssl": "off",
}

// currentSchemas is the search path, with pg_catalog before it if that is asked for.
func currentSchemas(c *callContext) value {
	system, ok := c.x.args[0].(*literal)
	if !ok || system.kind != boolLiteral {
		c.fail(c.place(0), "argument 1 of CURRENT_SCHEMAS is true or false")
	}
	path := c.session.path()
	if system.value == "true" {
		path = append([]string{"pg_catalog"}, path...)
	}
	return of(textType, quoteText("{"+strings.Join(path, ",")+"}"))
}

// setConfig is SET_CONFIG, which is SET as a function: whoever runs the statement sets what the translation tells.
func setConfig(c *callContext) value {
	name := lowerASCII(c.constant(0))
	if !strings.Contains(name, ".") {
		c.setting(name)
	}
	set := Setting{Name: name, Value: c.constant(1)}
	l, ok := c.x.args[2].(*literal)
	switch {
	case ok && (l.value == "true" || l.value == "1"):
		set.Local = true
	case !ok || l.value != "false" && l.value != "0":
		c.fail(c.place(2), "argument 3 of SET_CONFIG is true or false")
	}
	c.settings = append(c.settings, set)
	return of(textType, quoteText(set.Value))
}

// currentSetting is a parameter's value, or that of a session's own variable, whose name has a dot ("CURRENT_SETTING").
func currentSetting(c *callContext) value {
	name := lowerASCII(c.constant(0))
	if v, ok := c.session.Settings[name]; !ok && strings.Contains(name, ".") && c.has(1) {
		if l, is := c.x.args[1].(*literal); !is || l.kind != boolLiteral {
			c.fail(c.place(1), "argument 2 of CURRENT_SETTING is true or false")
		} else if l.value == "false" {
			return of(textType, "NULL")
		}
	} else if ok {
		return of(textType, quoteText(v))
	}
	return of(textType, quoteText(c.setting(name)))
}

// currentSchema is the schema that new tables get; NULL without any.
func currentSchema(c *callContext) value {
	if len(c.session.path()) == 0 {
		return of(textType, "NULL")
	}
	return of(textType, quoteText(c.session.path()[0]))
}

// setting is a parameter's value in the session.
func (c *callContext) setting(name string) string {
	name = lowerASCII(name)
	if v, ok := c.session.Settings[name]; ok {
		return v
	}
	v, ok := settingDefaults[name]
	if !ok {
		c.fail(c.place(0), "unrecognized configuration parameter %q", name)
	}
	return v
}

// refusedFunctions are functions of Redshift's reference that are not modelled, with the reason.
func refusedFunctions() []function {
	var list []function
	for _, r := range []struct{ names, reason string }{
		{"checksum", "the guide does not say how it is computed"},
		{"murmur3_32_hash", "the guide's examples contradict what it says of the algorithm"},
		{"collate", "there is one collation, by bytes"},
		{"hll_cardinality hll_combine hll_combine_sketches hll_create_sketch", "there is no type HLLSKETCH"},
		{"explain_model", "there are no models"},
		{"slice_num", "there are no slices"},
		{"change_query_priority cancel_query_group", "there is no workload management"},
		{"pg_cancel_backend pg_terminate_backend reboot_cluster", "there are no other sessions here"},
		{"pg_last_query_id pg_last_copy_id pg_last_copy_count pg_last_unload_id pg_last_unload_count", "sessions keep no account of what they ran"},
		{"pg_get_cols pg_get_late_binding_view_cols pg_get_viewdef pg_get_session_roles pg_get_grantee_by_iam_role pg_get_iam_role_by_user obj_description col_description", "the catalog's functions are not there"},
		{"has_assumerole_privilege has_database_privilege", "privileges on databases and roles of IAM are not kept"},
		{"current_session_arn", "the account's data are not in the database"},
		{"pg_timezone_names pg_timezone_abbrevs", "arrays of the leader node are not modelled"},
		{"nextval currval setval lastval", "Redshift has no sequences"},
	} {
		for _, name := range strings.Fields(r.names) {
			list = append(list, function{name: name, refused: r.reason})
		}
	}
	return list
}
