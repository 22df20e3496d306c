package redshiftdata

import (
	"context"
	"database/sql"
	"strings"
)

// alterStatement is the text of an ALTER TABLE, which Redshift takes for views, too.
func (s *session) alterStatement(ctx context.Context, st *statement) (string, error) {
	text := st.duck()
	if st.verb != "alter" || len(st.writes) == 0 {
		return text, nil
	}
	comment := st.src[:st.tokens[0].Start] // before the statement
	rest, ok := strings.CutPrefix(strings.ToUpper(strings.TrimPrefix(text, comment)), "ALTER TABLE")
	if !ok {
		return text, nil
	}
	n := st.writes[0]
	var views int
	err := s.tx.QueryRowContext(ctx, "SELECT count(*) FROM duckdb_views() WHERE view_name = $name AND schema_name = coalesce(nullif($schema, ''), 'public') AND NOT internal",
		sql.Named("name", n.Table), sql.Named("schema", n.Schema)).Scan(&views)
	if err != nil || views == 0 {
		return text, err
	}
	return "ALTER VIEW" + text[len(text)-len(rest):], nil
}
