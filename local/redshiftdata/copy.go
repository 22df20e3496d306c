package redshiftdata

import (
	"fmt"
	"regexp"
	"strings"
)

// copyStatement is a COPY of Parquet objects from S3, the only COPY that is modelled:
//
//	COPY table [(column, ...)] FROM 's3://bucket/prefix' IAM_ROLE 'arn:...' FORMAT [AS] PARQUET
type copyStatement struct {
	table   name
	columns []string // nil: all of the table's
	bucket  string
	prefix  string // every object whose key begins so is read
	role    string // ARN
}

var roleARN = regexp.MustCompile(`^arn:[a-z-]+:iam::\d{12}:role/[\w+=,.@/-]+$`)

func (p *parser) copyFrom() error {
	p.next() // COPY
	c := &copyStatement{}
	var err error
	if c.table, err = p.relation(); err != nil {
		return err
	}
	if p.accept("(") {
		for {
			t := p.next()
			if t.kind != word && t.kind != quoted {
				return syntaxAt(t, p.src)
			}
			c.columns = append(c.columns, strings.ToLower(t.val))
			if p.accept(")") {
				break
			}
			if err := p.expect(","); err != nil {
				return err
			}
		}
	}
	if err := p.expect("from"); err != nil {
		return err
	}
	from := p.next()
	if from.kind != text {
		return syntaxAt(from, p.src) // a :parameter too: COPY is no plannable statement and takes none
	}
	rest, ok := strings.CutPrefix(from.val, "s3://")
	if c.bucket, c.prefix, _ = strings.Cut(rest, "/"); !ok || c.bucket == "" {
		return refusedAt(from, "COPY is modelled from 's3://bucket/prefix' only, not from %q", from.val)
	}
	if err := p.copyOptions(c); err != nil {
		return err
	}
	p.statement.copy = c
	p.writes = append(p.writes, c.table)
	return nil
}

func (p *parser) copyOptions(c *copyStatement) error {
	parquet := false
	for p.peek().kind != end {
		t := p.next()
		switch {
		case t.is("iam_role") && c.role == "":
			role := p.next()
			if role.kind != text {
				return refusedAt(role, "COPY ... IAM_ROLE is modelled with the ARN of a role, not with %s", p.src[role.start:role.end])
			}
			if !roleARN.MatchString(role.val) {
				return refusedAt(role, "Invalid IAM role ARN: %q", role.val)
			}
			c.role = role.val
		case t.is("format") && !parquet:
			p.accept("as")
			format := p.next()
			if !format.is("parquet") {
				return refusedAt(format, "COPY ... FORMAT is modelled for PARQUET only, not for %s", strings.ToUpper(format.val))
			}
			parquet = true
		case t.kind == word:
			return refusedAt(t, "COPY ... %s is not modelled here", strings.ToUpper(t.val))
		default:
			return syntaxAt(t, p.src)
		}
	}
	switch {
	case !parquet:
		return refusedAt(p.peek(), "COPY is modelled with FORMAT PARQUET only")
	case c.role == "":
		return refusedAt(p.peek(), "COPY needs IAM_ROLE 'arn:...': other credentials are not modelled")
	}
	return nil
}

// mismatch is Redshift's complaint about a Parquet object that does not fit the table.
func mismatch(bucket, key, format string, args ...any) error {
	return fmt.Errorf("ERROR: Spectrum Scan Error\n  Detail: \n  -----------------------------------------------\n  error:  Spectrum Scan Error\n  code:      15007\n  context:   File 's3://%s/%s' %s\n  -----------------------------------------------",
		bucket, key, fmt.Sprintf(format, args...))
}
