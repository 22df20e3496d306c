package redshiftdata

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"airline/local/redshift"
	"airline/local/redshift/catalog"
	"airline/local/redshift/copyfile"
)

// copyStatement is a COPY of objects from S3:
//
//	COPY table [(column, ...)] FROM 's3://bucket/prefix' IAM_ROLE 'arn:...' [FORMAT [AS]] CSV | JSON ['auto'] | PARQUET | DELIMITER '|' ... [option ...]
type copyStatement struct {
	table       name
	columns     []string // nil: all of the table's
	bucket      string
	prefix      string // every object whose key begins so is read; of a manifest its key
	manifest    bool   // the object names those that are read
	role        string // ARN
	format      string // parquet, json, csv, or text with delimiters
	compression string // gzip, bzip2
	file        copyfile.Format
	paths       jsonPaths
	conversion  redshift.Conversion
	fill        bool // FILLRECORD
	explicitIDs bool
	noLoad      bool
	maxErrors   int // so many rows that cannot be loaded are too many; 0 is as 1

	failed []catalog.LoadError // rows that could not be loaded
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

// copyObjects loads the objects into the table.
func (s *session) copyObjects(ctx context.Context, c *copyStatement, objects []object) (outcome, error) {
	rel, err := s.relation(c.table)
	switch {
	case err != nil:
		return outcome{}, err
	case rel == nil:
		return outcome{}, fmt.Errorf("ERROR: relation %q does not exist", c.table)
	case rel.View != "":
		return outcome{}, fmt.Errorf("ERROR: cannot copy into the view %s", c.table)
	case rel.Materialized != nil:
		return outcome{}, fmt.Errorf("ERROR: cannot copy into the materialized view %s", c.table)
	}
	target, err := c.target(rel)
	if err != nil {
		return outcome{}, err
	}
	if c.format == "parquet" {
		return s.copyParquet(ctx, c, target, objects)
	}
	return s.copyTexts(ctx, c, target, objects)
}

// target are the columns that the objects have, in order. Values of an IDENTITY column are the warehouse's to make, unless EXPLICIT_IDS says
// otherwise ("COPY", column list).
func (c *copyStatement) target(rel *redshift.Relation) ([]redshift.Column, error) {
	var target []redshift.Column
	if c.columns == nil {
		for _, col := range rel.Columns {
			if col.Identity != redshift.Always || c.explicitIDs {
				target = append(target, col)
			}
		}
		return target, nil
	}
	for i, want := range c.columns {
		at := slices.IndexFunc(rel.Columns, func(col redshift.Column) bool { return col.Name == want })
		switch {
		case at < 0:
			return nil, fmt.Errorf("ERROR: column %q of relation %q does not exist", want, c.table)
		case slices.Contains(c.columns[:i], want):
			return nil, fmt.Errorf("ERROR: column %q specified more than once", want)
		case rel.Columns[at].Identity == redshift.Always && !c.explicitIDs:
			return nil, fmt.Errorf("ERROR: cannot set an identity column to a value: COPY of values for %q needs EXPLICIT_IDS", want)
		}
		target = append(target, rel.Columns[at])
	}
	if at := slices.IndexFunc(rel.Columns, func(col redshift.Column) bool { return col.Identity == redshift.Always }); c.explicitIDs && at >= 0 && !slices.Contains(c.columns, rel.Columns[at].Name) {
		return nil, fmt.Errorf("ERROR: EXPLICIT_IDS needs the identity column %q in the list of columns", rel.Columns[at].Name)
	}
	return target, nil
}

// mismatch is Redshift's complaint about a Parquet object that does not fit the table.
func mismatch(bucket, key, format string, args ...any) error {
	return fmt.Errorf("ERROR: Spectrum Scan Error\n  Detail: \n  -----------------------------------------------\n  error:  Spectrum Scan Error\n  code:      15007\n  context:   File 's3://%s/%s' %s\n  -----------------------------------------------",
		bucket, key, fmt.Sprintf(format, args...))
}
