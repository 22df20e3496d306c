package redshiftdata

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"airline/local/redshift"
)

// copyStatement is a COPY of Parquet or JSON objects from S3, the only ones that are modelled:
//
//	COPY table [(column, ...)] FROM 's3://bucket/prefix' IAM_ROLE 'arn:...' FORMAT [AS] PARQUET
//	COPY table [(column, ...)] FROM 's3://bucket/prefix' IAM_ROLE 'arn:...' FORMAT [AS] JSON ['auto']
type copyStatement struct {
	table   name
	columns []string // nil: all of the table's
	bucket  string
	prefix  string // every object whose key begins so is read
	role    string // ARN
	json    bool   // by the names of the columns; else Parquet
}

var roleARN = regexp.MustCompile(`^arn:[a-z-]+:iam::\d{12}:role/[\w+=,.@/-]+$`)

func (p *parser) copyFrom() error {
	p.next() // COPY
	c := &copyStatement{}
	var err error
	if c.table, err = p.existing(); err != nil {
		return err
	}
	if p.accept("(") {
		for {
			t := p.next()
			if t.Kind != word && t.Kind != quoted {
				return syntaxAt(t, p.src)
			}
			c.columns = append(c.columns, strings.ToLower(t.Value))
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
	if c.bucket, c.prefix, err = p.location("COPY is modelled from"); err != nil {
		return err
	}
	if err := p.copyOptions(c); err != nil {
		return err
	}
	p.statement.copy = c
	p.writes = append(p.writes, c.table)
	return nil
}

// copyObjects loads the objects into the table, whose identity columns are not among those that are loaded.
func (s *session) copyObjects(ctx context.Context, c *copyStatement, objects []object) (outcome, error) {
	rel, err := s.relation(ctx, c.table)
	if err != nil {
		return outcome{}, err
	}
	if rel != nil {
		if rel.Materialized != nil {
			return outcome{}, fmt.Errorf("ERROR: cannot copy into the materialized view %s", c.table)
		}
		for _, col := range rel.Columns {
			if col.Identity != redshift.NoIdentity && (c.columns == nil || slices.Contains(c.columns, col.Name)) {
				return outcome{}, fmt.Errorf("ERROR: COPY of values for the identity column %q is not modelled here: name the other columns after the table", col.Name)
			}
		}
	}
	if c.json {
		return s.copyJSON(ctx, c, objects)
	}
	return s.copyParquet(ctx, c, objects)
}

func (p *parser) copyOptions(c *copyStatement) error {
	known := false
	for p.peek().Kind != end {
		t := p.next()
		switch {
		case t.Is("iam_role") && c.role == "":
			var err error
			if c.role, err = p.iamRole("COPY"); err != nil {
				return err
			}
		case t.Is("format") && !known:
			p.accept("as")
			if err := p.copyFormat(c); err != nil {
				return err
			}
			known = true
		case t.Kind == word:
			return refusedAt(t, "COPY ... %s is not modelled here", strings.ToUpper(t.Value))
		default:
			return syntaxAt(t, p.src)
		}
	}
	switch {
	case !known:
		return refusedAt(p.peek(), "COPY is modelled with FORMAT PARQUET and FORMAT JSON only")
	case c.role == "":
		return refusedAt(p.peek(), "COPY needs IAM_ROLE 'arn:...': other credentials are not modelled")
	}
	return nil
}

func (p *parser) copyFormat(c *copyStatement) error {
	switch format := p.next(); {
	case format.Is("parquet"):
		return nil
	case format.Is("json"):
		c.json = true
	default:
		return refusedAt(format, "COPY ... FORMAT is modelled for PARQUET and JSON only, not for %s", strings.ToUpper(format.Value))
	}
	if p.accept("as"); p.peek().Kind == text {
		if option := p.next(); option.Value != "auto" {
			return refusedAt(option, "COPY ... FORMAT JSON is modelled with 'auto' only, not with '%s'", option.Value)
		}
	}
	return nil
}

// mismatch is Redshift's complaint about a Parquet object that does not fit the table.
func mismatch(bucket, key, format string, args ...any) error {
	return fmt.Errorf("ERROR: Spectrum Scan Error\n  Detail: \n  -----------------------------------------------\n  error:  Spectrum Scan Error\n  code:      15007\n  context:   File 's3://%s/%s' %s\n  -----------------------------------------------",
		bucket, key, fmt.Sprintf(format, args...))
}
