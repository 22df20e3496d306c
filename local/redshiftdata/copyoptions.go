package redshiftdata

import (
	"strconv"
	"strings"
)

// copyOptions reads what follows the objects' place.
func (p *parser) copyOptions(c *copyStatement) error {
	c.conversion.Null = `\N`
	for p.peek().Kind != end {
		t := p.next()
		known, err := p.copyOption(c, t)
		if err == nil && !known {
			known, err = p.conversionOption(c, t)
		}
		switch {
		case err != nil:
			return err
		case known:
		case t.Kind == word:
			return refusedAt(t, "COPY ... %s is not modelled here", strings.ToUpper(t.Value))
		default:
			return syntaxAt(t, p.src)
		}
	}
	return c.complete(p.peek())
}

// copyOption reads an option of the objects and their format, or of the load.
func (p *parser) copyOption(c *copyStatement, t token) (known bool, err error) {
	switch {
	case t.Is("iam_role") && c.role == "":
		c.role, err = p.iamRole("COPY")
	case t.Is("format"), t.Is("csv"), t.Is("json"), t.Is("parquet"):
		err = p.copyFormat(c, t)
	case t.Is("delimiter"):
		if c.file.Delimiter, err = p.optionEscaped(t); err == nil && c.file.Delimiter == "" {
			err = refusedAt(t, "DELIMITER is one character or more")
		}
	case t.Is("quote"): // of CSV
		var s string
		if s, err = p.optionText(t); err == nil && (len(s) != 1 || s[0] >= 0x80) {
			err = refusedAt(t, "QUOTE is a single ASCII character, not %q", s)
		} else if err == nil {
			c.file.Quote = s[0]
		}
	case t.Is("escape"):
		c.file.Escape = true
	case t.Is("removequotes"):
		c.file.RemoveQuotes = true
	case t.Is("ignoreheader"):
		c.file.Header, err = p.optionNumber(t)
	case t.Is("ignoreblanklines"):
		c.file.NoBlankLines = true
	case t.Is("manifest"):
		c.manifest = true
	case t.Is("gzip"), t.Is("bzip2"):
		c.compression = t.Value
	case t.Is("region"):
		_, err = p.optionText(t)
	case t.Is("encoding"):
		var s string
		if s, err = p.optionText(t); err == nil && !strings.EqualFold(s, "utf8") && !strings.EqualFold(s, "utf-8") {
			err = refusedAt(t, "COPY ... ENCODING is modelled for UTF8 only, not for %s", s)
		}
	case t.Is("maxerror"):
		if c.maxErrors, err = p.optionNumber(t); err == nil && c.maxErrors > 100_000 {
			err = refusedAt(t, "MAXERROR is at most 100000")
		}
	case t.Is("noload"):
		c.noLoad = true
	case t.Is("explicit_ids"):
		c.explicitIDs = true
	case t.Is("comprows"):
		_, err = p.optionNumber(t)
	case t.Is("compupdate"), t.Is("statupdate"): // nothing is compressed or counted here
		_ = p.acceptAny("preset", "on", "off", "true", "false")
	default:
		return false, nil
	}
	return true, err
}

// conversionOption reads an option of the values.
func (p *parser) conversionOption(c *copyStatement, t token) (known bool, err error) {
	v := &c.conversion
	switch {
	case t.Is("null"):
		v.Null, err = p.optionEscaped(t)
	case t.Is("dateformat"):
		v.DateFormat, err = p.optionFormat(t)
	case t.Is("timeformat"):
		v.TimeFormat, err = p.optionFormat(t)
	case t.Is("acceptanydate"):
		v.AnyDate = true
	case t.Is("acceptinvchars"):
		v.Invalid = '?'
		if p.accept("as"); p.peek().Kind == text {
			s := p.next().Value
			if len(s) != 1 || s[0] >= 0x80 || s[0] == 0 {
				return true, refusedAt(t, "ACCEPTINVCHARS takes a single ASCII character, not %q", s)
			}
			v.Invalid = s[0]
		}
	case t.Is("blanksasnull"):
		v.BlanksAsNull = true
	case t.Is("emptyasnull"):
		v.EmptyAsNull = true
	case t.Is("trimblanks"):
		v.TrimBlanks = true
	case t.Is("truncatecolumns"):
		v.TruncateColumns = true
	case t.Is("roundec"):
		v.Round = true
	case t.Is("fillrecord"):
		c.fill = true
	default:
		return false, nil
	}
	return true, err
}

// optionFormat reads a format of dates or times; the words for numbers and for whatever is a date are in lower case afterwards.
func (p *parser) optionFormat(t token) (string, error) {
	s, err := p.optionText(t)
	if lower := strings.ToLower(s); lower == "auto" || lower == "epochsecs" || lower == "epochmillisecs" {
		s = lower
	}
	if err == nil && t.Is("dateformat") && strings.HasPrefix(s, "epoch") {
		return "", refusedAt(t, "DATEFORMAT is a format or 'auto', not %q", s)
	}
	return s, err
}

// optionEscaped reads [AS] 'text' as COPY does: \t is a tab, \ and digits is a byte by its octal number, \\ is a backslash, and another backslash is
// itself, as in \N.
func (p *parser) optionEscaped(option token) (string, error) {
	if p.accept("as"); p.peek().Kind != text {
		return p.optionText(option)
	}
	t := p.next()
	written := strings.ReplaceAll(p.src[t.Start+1:t.End-1], "''", "'")
	var out []byte
	for i := 0; i < len(written); i++ {
		rest := written[i:]
		octal := 1
		for octal < len(rest) && octal < 4 && rest[octal] >= '0' && rest[octal] <= '7' {
			octal++
		}
		switch {
		case strings.HasPrefix(rest, `\t`):
			out, i = append(out, '\t'), i+1
		case strings.HasPrefix(rest, `\\`):
			out, i = append(out, '\\'), i+1
		case rest[0] == '\\' && octal > 1:
			n, err := strconv.ParseUint(rest[1:octal], 8, 8)
			if err != nil {
				return "", refusedAt(t, "%s has no byte of the number %s", strings.ToUpper(option.Value), rest[:octal])
			}
			out, i = append(out, byte(n)), i+octal-1
		default:
			out = append(out, rest[0])
		}
	}
	return string(out), nil
}

// optionNumber reads [AS] number.
func (p *parser) optionNumber(option token) (int, error) {
	p.accept("as")
	t := p.next()
	n, err := strconv.Atoi(t.Value)
	if err != nil || t.Kind != number && t.Kind != text {
		return 0, refusedAt(t, "%s takes a number", strings.ToUpper(option.Value))
	}
	return n, nil
}

func (p *parser) copyFormat(c *copyStatement, t token) error {
	if c.format != "" {
		return syntaxAt(t, p.src)
	}
	if t.Is("format") {
		p.accept("as")
		t = p.next()
	}
	if !t.Is("csv") && !t.Is("json") && !t.Is("parquet") {
		return refusedAt(t, "COPY ... FORMAT is modelled for CSV, JSON and PARQUET only, not for %s", strings.ToUpper(t.Value))
	}
	if c.format = t.Value; c.format != "json" {
		return nil
	}
	if p.accept("as"); p.peek().Kind == text {
		option := p.next()
		switch word := strings.ToLower(option.Value); {
		case word == "auto":
		case word == "auto ignorecase":
			c.paths.ignoreCase = true
		case strings.HasPrefix(option.Value, "s3://"):
			if c.paths.bucket, c.paths.key, _ = strings.Cut(strings.TrimPrefix(option.Value, "s3://"), "/"); c.paths.key == "" {
				return refusedAt(option, "COPY ... FORMAT JSON takes the place of a JSONPaths file, not %q", option.Value)
			}
		default:
			return refusedAt(option, "COPY ... FORMAT JSON is modelled with 'auto', 'auto ignorecase' and JSONPaths files, not with '%s'", option.Value)
		}
	}
	return nil
}

// complete refuses options that do not go together, and fills in what is not said.
func (c *copyStatement) complete(last token) error {
	f := &c.file
	if c.format == "" {
		c.format = "text"
	}
	f.CSV = c.format == "csv"
	texts := f.Delimiter != "" || f.Quote != 0 || f.Escape || f.RemoveQuotes || f.Header > 0 || f.NoBlankLines
	switch v := c.conversion; {
	case c.role == "":
		return refusedAt(last, "COPY needs IAM_ROLE 'arn:...': other credentials are not modelled")
	case f.CSV && (f.Escape || f.RemoveQuotes):
		return refusedAt(last, "CSV cannot be used with ESCAPE or REMOVEQUOTES")
	case !f.CSV && f.Quote != 0:
		return refusedAt(last, "QUOTE is an option of CSV")
	case c.format == "json" && texts, c.format == "json" && c.fill:
		return refusedAt(last, "JSON takes no options of texts with delimiters")
	case c.format == "parquet" && (texts || c.fill || c.compression != "" || c.noLoad || c.maxErrors > 0 || v.DateFormat != "" || v.TimeFormat != "" || v.AnyDate || v.Invalid != 0 || v.BlanksAsNull ||
		v.EmptyAsNull || v.TrimBlanks || v.TruncateColumns || v.Round || v.Null != `\N`):
		return refusedAt(last, "COPY of PARQUET is modelled with MANIFEST, STATUPDATE and EXPLICIT_IDS, not with options of texts")
	}
	if f.Delimiter == "" {
		if f.Delimiter = "|"; f.CSV {
			f.Delimiter = ","
		}
	}
	if f.Quote == 0 {
		f.Quote = '"'
	}
	return nil
}
