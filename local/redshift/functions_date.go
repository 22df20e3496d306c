package redshift

import "strings"

func dateFunctions() []function {
	cmp := func(a, b Type) func(*callContext) value {
		return func(c *callContext) value {
			t, _ := commonType(a, b)
			l := c.coerce(c.coerce(c.args[0], a, c.place(0)), t, c.place(0)).sql
			r := c.coerce(c.coerce(c.args[1], b, c.place(1)), t, c.place(1)).sql
			return of(int4Type, "CASE WHEN "+l+" < "+r+" THEN -1 WHEN "+l+" > "+r+" THEN 1 WHEN "+l+" = "+r+" THEN 0 END")
		}
	}
	bare := func(t Type, sql func(*Session) string) func(*callContext) value {
		return func(c *callContext) value { return of(t, sql(c.session)) }
	}
	clock := func(s *Session) string { return "TIME '" + s.now().Format("15:04:05.999999") + "'" }
	zoned := func(s *Session) string { return "TIMESTAMPTZ '" + duckStamp(s.Now.UTC()) + "+00'" }
	return []function{
		{name: "dateadd", signature: "(part, number, moment)", min: 3, max: 3, bind: bindDateAdd, column: "date_add"},
		{name: "date_add", signature: "('part', number, moment)", min: 3, max: 3, bind: bindDateAdd},
		{name: "datediff", signature: "(part, from, to)", min: 3, max: 3, bind: bindDateDiff, column: "date_diff",
			note: "weeks begin on Monday, as in DATE_TRUNC; the guide does not say"},
		{name: "date_diff", signature: "('part', from, to)", min: 3, max: 3, bind: bindDateDiff},
		{name: "date_part", signature: "(part, moment)", min: 2, max: 2, bind: bindDatePart, column: "pgdate_part"},
		{name: "pgdate_part", signature: "(part, moment)", min: 2, max: 2, bind: bindDatePart},
		{name: "extract", signature: "(part FROM moment)", min: 2, max: 2, bind: bindExtract, column: "date_part"},
		{name: "date_trunc", signature: "('part', moment)", min: 2, max: 2, bind: bindDateTrunc},
		{name: "date_part_year", signature: "(date)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(int4Type, castTo(fn("year", c.as(0, dateType)), "INTEGER"))
		}},
		{name: "last_day", signature: "(date)", min: 1, max: 1, bind: func(c *callContext) value {
			return of(dateType, fn("last_day", c.as(0, dateType)))
		}},
		{name: "add_months", signature: "(date, months)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(stampType, fn("rs_add_months", c.as(0, stampType), c.integer(1)))
		}},
		{name: "months_between", signature: "(date, date)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(float8Type, fn("rs_months_between", c.as(0, stampType), c.as(1, stampType)))
		}},
		{name: "next_day", signature: "(date, day)", min: 2, max: 2, bind: func(c *callContext) value {
			return of(dateType, castTo(fn("rs_next_day", c.as(0, stampType), c.text(1)), "DATE"))
		}},
		{name: "date", signature: "(moment)", min: 1, max: 1, bind: func(c *callContext) value { return of(dateType, c.as(0, dateType)) }},
		{name: "convert_timezone", signature: "([from,] to, timestamp)", min: 2, max: 3, bind: func(c *callContext) value {
			from, to, at := "'UTC'", c.text(0), 1
			if len(c.args) == 3 {
				from, to, at = c.text(0), c.text(1), 2
			}
			return of(stampType, fn("rs_from_utc", fn("rs_to_utc", c.as(at, stampType), from), to))
		}},
		{name: "timezone", signature: "('zone', timestamp)", min: 2, max: 2, bind: func(c *callContext) value {
			return c.inZone(c.args[1], c.coerce(c.args[0], textType, c.place(0)), c.place(1))
		}},
		{name: "date_cmp", signature: "(date, date)", min: 2, max: 2, bind: cmp(dateType, dateType)},
		{name: "date_cmp_timestamp", signature: "(date, timestamp)", min: 2, max: 2, bind: cmp(dateType, stampType)},
		{name: "date_cmp_timestamptz", signature: "(date, timestamptz)", min: 2, max: 2, bind: cmp(dateType, stampTZType)},
		{name: "timestamp_cmp", signature: "(timestamp, timestamp)", min: 2, max: 2, bind: cmp(stampType, stampType)},
		{name: "timestamp_cmp_date", signature: "(timestamp, date)", min: 2, max: 2, bind: cmp(stampType, dateType)},
		{name: "timestamp_cmp_timestamptz", signature: "(timestamp, timestamptz)", min: 2, max: 2, bind: cmp(stampType, stampTZType)},
		{name: "timestamptz_cmp", signature: "(timestamptz, timestamptz)", min: 2, max: 2, bind: cmp(stampTZType, stampTZType)},
		{name: "timestamptz_cmp_date", signature: "(timestamptz, date)", min: 2, max: 2, bind: cmp(stampTZType, dateType)},
		{name: "timestamptz_cmp_timestamp", signature: "(timestamptz, timestamp)", min: 2, max: 2, bind: cmp(stampTZType, stampType)},
		{name: "interval_cmp", signature: "(interval, interval)", min: 2, max: 2, bind: cmp(spanType, spanType)},
		{name: "getdate", signature: "()", bind: bare(stampType, func(s *Session) string {
			return "TIMESTAMP '" + s.now().Format("2006-01-02 15:04:05") + "'"
		}), note: "in whole seconds"},
		{name: "sysdate", bind: bare(stampType, (*Session).stamp), column: "timestamp"},
		{name: "now", signature: "()", bind: bare(stampTZType, zoned)},
		{name: "current_date", bind: bare(dateType, func(s *Session) string { return "DATE '" + s.now().Format("2006-01-02") + "'" }), column: "date"},
		{name: "current_timestamp", bind: bare(stampTZType, zoned), column: "timestamptz"},
		{name: "localtimestamp", bind: bare(stampType, (*Session).stamp), column: "timestamp"},
		{name: "current_time", bind: bare(Type{Kind: TimeTZ}, func(s *Session) string {
			return "TIMETZ '" + s.now().Format("15:04:05.999999") + s.offset() + "'"
		}), column: "timetz"},
		{name: "localtime", bind: bare(Type{Kind: Time}, clock), column: "time"},
		{name: "timeofday", signature: "()", bind: bare(textType, func(s *Session) string {
			return quoteText(s.now().Format("Mon Jan 02 15:04:05.000000 2006 MST"))
		})},
	}
}

// part is the part of a date that argument 0 names.
func (c *callContext) part() string {
	name := lowerASCII(strings.TrimSpace(c.constant(0)))
	part := dateParts[name]
	if part == "" {
		c.fail(c.place(0), "timestamp units %q not recognized", name)
	}
	return part
}

// moment is argument i as a date, time or timestamp; texts become timestamps.
func (c *callContext) moment(i int) value {
	v := c.args[i]
	switch k := v.typ.Kind; {
	case isTextual(v):
		return c.coerce(v, stampType, c.place(i))
	case k.isMoment(), k.isClock():
		return v
	}
	c.wrong(i)
	return value{}
}

func bindDateAdd(c *callContext) value {
	part, v := c.part(), c.moment(2)
	n := c.coerce(c.coerce(c.args[1], int8Type, c.place(1)), int4Type, c.place(1)).sql
	span := ""
	switch part {
	case "year", "decade", "century", "millennium":
		years := map[string]string{"year": "", "decade": " * 10", "century": " * 100", "millennium": " * 1000"}[part]
		if v.typ.Kind.isClock() {
			c.fail(c.place(0), "unsupported unit %s for a time of day", part)
		}
		sum := fn("rs_add_years", c.clockTime(v), castTo(n+years, "BIGINT"))
		if v.typ.Kind == TimestampTZ {
			return of(stampTZType, c.instant(sum))
		}
		return of(stampType, sum)
	case "month":
		span = fn("to_months", n)
	case "quarter":
		span = fn("to_months", n+" * 3")
	case "week":
		span = fn("to_days", n+" * 7")
	case "day":
		span = fn("to_days", n)
	case "hour", "minute", "second", "millisecond", "microsecond":
		span = fn("to_"+part+"s", castTo(n, map[bool]string{true: "DOUBLE", false: "BIGINT"}[part == "second" || part == "millisecond"]))
	default:
		c.fail(c.place(0), "DATEADD does not take the part %s", part)
	}
	switch v.typ.Kind {
	case TimeTZ:
		return of(v.typ, castTo("("+clockUTC(v.sql)+" + "+span+")", "TIMETZ"))
	case Time:
		return of(v.typ, "("+v.sql+" + "+span+")")
	case TimestampTZ:
		return of(v.typ, c.later(v.sql, "+", span))
	}
	return of(stampType, "("+castTo(v.sql, "TIMESTAMP")+" + "+span+")")
}

func bindDateDiff(c *callContext) value {
	part, from, to := c.part(), c.moment(1), c.moment(2)
	if from.typ.Kind.isClock() != to.typ.Kind.isClock() {
		c.wrong(1)
	}
	if part == "epoch" || strings.HasPrefix(part, "timezone") || part == "dow" || part == "doy" {
		c.fail(c.place(0), "DATEDIFF does not take the part %s", part)
	}
	plain := func(v value) string {
		switch v.typ.Kind {
		case TimeTZ:
			return clockUTC(v.sql)
		case Time:
			return v.sql
		}
		return c.clockTime(v)
	}
	return of(int8Type, fn("date_diff", quoteText(part), plain(from), plain(to)))
}

// bindDatePart is DATE_PART: seconds with their fraction, everything as a double.
func bindDatePart(c *callContext) value {
	v := c.field()
	if c.part() == "second" && v.typ.Kind != Float8 {
		return of(float8Type, "("+c.duckPart("microsecond")+" / 1000000.0::DOUBLE)")
	}
	return of(float8Type, castTo(v.sql, "DOUBLE"))
}

// bindExtract is EXTRACT: whole numbers of one part only.
func bindExtract(c *callContext) value { return c.field() }

// field is a part of argument 1 as a whole number ("Date parts for date or timestamp functions").
func (c *callContext) field() value {
	integer := func(sql string) value { return of(int4Type, castTo(sql, "INTEGER")) }
	part := c.part()
	if strings.HasPrefix(part, "timezone") {
		return c.zoneField(part)
	}
	switch part {
	case "epoch":
		if c.args[1].typ.Kind == Interval {
			return of(int8Type, castTo(fn("trunc", fn("epoch", c.args[1].sql)), "BIGINT"))
		}
		return of(int8Type, castTo(fn("floor", c.duckPart("epoch")), "BIGINT"))
	case "century", "millennium":
		years := map[string]string{"century": "100", "millennium": "1000"}[part]
		return integer("((" + c.duckPart("year") + " + " + years + " - 1) // " + years + ")")
	case "decade":
		return integer("(" + c.duckPart("year") + " // 10 + 1)")
	case "second":
		return integer(c.duckPart("second"))
	case "millisecond":
		return integer("(" + c.duckPart("millisecond") + " % 1000)")
	case "microsecond":
		return integer("(" + c.duckPart("microsecond") + " % 1000000)")
	}
	return integer(c.duckPart(part))
}

// duckPart is DuckDB's part of argument 1.
func (c *callContext) duckPart(part string) string {
	v := c.args[1]
	if isTextual(v) {
		v = c.coerce(v, stampType, c.place(1))
	}
	switch v.typ.Kind {
	case TimeTZ: // "Literals aren't converted to UTC before the extraction is processed" ("EXTRACT function")
		return fn("date_part", quoteText(part), castTo(v.sql, "TIME"))
	case TimestampTZ:
		if part == "epoch" {
			return fn("date_part", quoteText(part), castTo(v.sql, "TIMESTAMP"))
		}
		return fn("date_part", quoteText(part), c.wall(v.sql))
	case Date, Time, Timestamp, Interval:
		return fn("date_part", quoteText(part), v.sql)
	}
	c.wrong(1)
	return ""
}

// zoneField is the offset of a TIMETZ, or that of the session's zone at a TIMESTAMPTZ.
func (c *callContext) zoneField(part string) value {
	v := c.args[1]
	switch v.typ.Kind {
	case TimestampTZ:
		if c.session.zone() != "" {
			seconds := castTo(fn("date_diff", "'second'", castTo(v.sql, "TIMESTAMP"), c.wall(v.sql)), "INTEGER")
			return of(int4Type, map[string]string{"timezone": seconds, "timezone_hour": "(" + seconds + " // 3600)", "timezone_minute": "(" + seconds + " // 60 % 60)"}[part])
		}
		return of(int4Type, "CASE WHEN "+v.sql+" IS NULL THEN NULL ELSE 0 END")
	case TimeTZ:
		return of(int4Type, castTo(fn("date_part", quoteText(part), v.sql), "INTEGER"))
	}
	c.wrong(1)
	return value{}
}

func bindDateTrunc(c *callContext) value {
	part, v := c.part(), c.moment(1)
	t := v.typ
	if t.Kind == Date {
		t = stampType
	}
	sql := v.sql
	if !t.Kind.isClock() {
		sql = c.clockTime(v)
	}
	switch part {
	case "century", "millennium": // they begin with the years 1 and 1001; DuckDB's with 0 and 1000
		sql = "(" + fn("date_trunc", quoteText(part), "("+sql+" - INTERVAL 1 YEAR)") + " + INTERVAL 1 YEAR)"
	case "epoch", "dow", "doy", "timezone", "timezone_hour", "timezone_minute":
		c.fail(c.place(0), "timestamp units %q not supported", part)
	default:
		switch t.Kind {
		case TimeTZ:
			sql = castTo(castTo(fn("date_trunc", quoteText(part), "(DATE '2000-01-01' + "+clockUTC(v.sql)+")"), "TIME"), "TIMETZ")
		case Time:
			sql = castTo(fn("date_trunc", quoteText(part), "(DATE '2000-01-01' + "+v.sql+")"), "TIME")
		default:
			sql = fn("date_trunc", quoteText(part), sql)
		}
	}
	switch t.Kind {
	case Time, TimeTZ:
		return of(t, sql)
	case TimestampTZ:
		return of(t, c.instant(sql))
	}
	return of(t, castTo(sql, t.Duck()))
}
