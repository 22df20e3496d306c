package redshiftdata

import (
	"fmt"
	"strings"

	"airline/local/redshift"
)

// unload is an UNLOAD of a query's rows to S3 ("UNLOAD", Database Developer Guide):
//
//	UNLOAD ('select ...') TO 's3://bucket/prefix' IAM_ROLE 'arn:...' [FORMAT AS] CSV | PARQUET ...
type unload struct {
	bucket, prefix string
	role           string // ARN
	format         string // text, csv, parquet
	delimiter      byte
	header         bool
	quotes, escape bool   // ADDQUOTES, ESCAPE
	null           string // what NULL is written as
	gzip           bool
	extension      string
	partition      []string // columns
	include        bool     // partition columns stay in the files
	manifest       bool
	verbose        bool
	overwrite      bool
	clean          bool
	serial         bool // PARALLEL OFF
	region         string
}

// unloadTo reads UNLOAD.
func (p *parser) unloadTo() error {
	p.next() // UNLOAD
	if err := p.expect("("); err != nil {
		return err
	}
	query := p.next()
	if query.Kind != text && query.Kind != dollar {
		return syntaxAt(query, p.src)
	}
	for _, w := range []string{")", "to"} {
		if err := p.expect(w); err != nil {
			return err
		}
	}
	var err error
	if p.query, err = redshift.Parse(query.Value); err != nil {
		return fmt.Errorf("%w (in the query of UNLOAD)", err)
	}
	switch {
	case p.query.Verb != "select":
		return refusedAt(query, "UNLOAD takes a SELECT query, not %s", strings.ToUpper(p.query.Verb))
	case p.query.Limited():
		return refusedAt(query, "Limit clause is not supported in the outer SELECT of UNLOAD")
	case len(p.query.Params) > 0:
		return refusedAt(query, "UNLOAD takes no parameters")
	}
	u := &unload{format: "text"}
	if u.bucket, u.prefix, err = p.location("UNLOAD is modelled to"); err != nil {
		return err
	}
	for p.peek().Kind != end {
		if err := p.unloadOption(u); err != nil {
			return err
		}
	}
	p.statement.unload = u
	return u.check(p.peek())
}

// location reads 's3://bucket/prefix'. A parameter is no plannable part of COPY and UNLOAD, so they take none.
func (p *parser) location(verb string) (bucket, prefix string, err error) {
	t := p.next()
	if t.Kind != text {
		return "", "", syntaxAt(t, p.src)
	}
	rest, ok := strings.CutPrefix(t.Value, "s3://")
	if bucket, prefix, _ = strings.Cut(rest, "/"); !ok || bucket == "" {
		return "", "", refusedAt(t, "%s 's3://bucket/prefix' only, not %q", verb, t.Value)
	}
	return bucket, prefix, nil
}

// iamRole reads the ARN after IAM_ROLE.
func (p *parser) iamRole(verb string) (string, error) {
	role := p.next()
	if role.Kind != text {
		return "", refusedAt(role, "%s ... IAM_ROLE is modelled with the ARN of a role, not with %s", verb, p.src[role.Start:role.End])
	}
	if !roleARN.MatchString(role.Value) {
		return "", refusedAt(role, "Invalid IAM role ARN: %q", role.Value)
	}
	return role.Value, nil
}

// unloadOption reads one option.
func (p *parser) unloadOption(u *unload) (err error) {
	t := p.next()
	switch {
	case t.Is("iam_role"):
		u.role, err = p.iamRole("UNLOAD")
	case t.Is("format"), t.Is("csv"), t.Is("parquet"):
		return p.unloadFormat(u, t)
	case t.Is("partition"):
		return p.partition(u)
	case t.Is("manifest"):
		u.manifest, u.verbose = true, p.accept("verbose")
	case t.Is("header"):
		u.header = true
	case t.Is("delimiter"):
		var s string
		if s, err = p.optionText(t); err == nil && (len(s) != 1 || s[0] >= 0x80) {
			return refusedAt(t, "DELIMITER is a single ASCII character, not %q", s)
		} else if err == nil {
			u.delimiter = s[0]
		}
	case t.Is("null"):
		u.null, err = p.optionText(t)
	case t.Is("addquotes"):
		u.quotes = true
	case t.Is("escape"):
		u.escape = true
	case t.Is("gzip"):
		u.gzip = true
	case t.Is("extension"):
		u.extension, err = p.optionText(t)
	case t.Is("region"):
		u.region, err = p.optionText(t)
	case t.Is("allowoverwrite"):
		u.overwrite = true
	case t.Is("cleanpath"):
		u.clean = true
	case t.Is("parallel"):
		u.serial = p.accept("off") || p.accept("false")
		if !u.serial && !p.accept("on") {
			p.accept("true")
		}
	case t.Kind == word:
		return refusedAt(t, "UNLOAD ... %s is not modelled here", strings.ToUpper(t.Value))
	default:
		return syntaxAt(t, p.src)
	}
	return err
}

// optionText reads [AS] 'text'.
func (p *parser) optionText(option token) (string, error) {
	p.accept("as")
	t := p.next()
	if t.Kind != text {
		return "", refusedAt(t, "%s takes a text in quotes", strings.ToUpper(option.Value))
	}
	return t.Value, nil
}

func (p *parser) unloadFormat(u *unload, t token) error {
	if u.format != "text" {
		return syntaxAt(t, p.src)
	}
	if t.Is("format") {
		p.accept("as")
		t = p.next()
	}
	if !t.Is("csv") && !t.Is("parquet") {
		return refusedAt(t, "UNLOAD ... FORMAT is modelled for CSV and PARQUET only, not for %s", strings.ToUpper(t.Value))
	}
	u.format = t.Value
	return nil
}

// partition reads BY (column, ...) [INCLUDE].
func (p *parser) partition(u *unload) error {
	for _, w := range []string{"by", "("} {
		if err := p.expect(w); err != nil {
			return err
		}
	}
	for {
		column, err := p.name()
		if err != nil {
			return err
		}
		u.partition = append(u.partition, column)
		if p.accept(")") {
			break
		}
		if err := p.expect(","); err != nil {
			return err
		}
	}
	u.include = p.accept("include")
	return nil
}

// check refuses options that do not go together.
func (u *unload) check(end token) error {
	switch {
	case u.role == "":
		return refusedAt(end, "UNLOAD needs IAM_ROLE 'arn:...': other credentials are not modelled")
	case u.format == "parquet" && (u.delimiter != 0 || u.quotes || u.escape || u.null != "" || u.header || u.gzip):
		return refusedAt(end, "PARQUET cannot be used with DELIMITER, ADDQUOTES, ESCAPE, NULL AS, HEADER or GZIP")
	case u.format == "csv" && (u.quotes || u.escape):
		return refusedAt(end, "CSV cannot be used with ADDQUOTES or ESCAPE")
	case u.clean && u.overwrite:
		return refusedAt(end, "CLEANPATH cannot be used with ALLOWOVERWRITE")
	}
	if u.delimiter == 0 {
		if u.delimiter = '|'; u.format == "csv" {
			u.delimiter = ','
		}
	}
	if len(u.partition) > 0 && !strings.HasSuffix(u.prefix, "/") {
		u.prefix += "/"
	}
	return nil
}

// file is the key of the one data file in a folder: the first part of the first slice, or of all without PARALLEL.
func (u *unload) file(folder string) string {
	name := "0000_part_00"
	if u.serial {
		name = "000"
	}
	switch {
	case u.format == "parquet":
		name += ".parquet"
	case u.extension != "":
		name += "." + strings.TrimPrefix(u.extension, ".")
	case u.gzip:
		name += ".gz"
	}
	return u.prefix + folder + name
}
