package operate_test

import "testing"

// An answer comes page by page, and says how many rows there are.
func TestQueryPages(t *testing.T) {
	s := serve(t, nil)
	s.many(2500)
	pages, rows := 0, 0
	for page, err := range s.session("query").Query(t.Context(), "SELECT source_key, rows_read FROM airlines.load_ledger ORDER BY 1") {
		if err != nil {
			t.Fatal(err)
		}
		if page.Total != 2500 || len(page.Columns) != 2 || page.Rows[0][1] != int64(1) {
			t.Fatalf("got %d, %v, %v", page.Total, page.Columns, page.Rows[0])
		}
		pages++
		rows += len(page.Rows)
	}
	if pages != 3 || rows != 2500 {
		t.Errorf("%d rows on %d pages", rows, pages)
	}
}
