package operate

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"

	"airline/etl"
)

// LedgerRow is what the warehouse says of one version of a file.
type LedgerRow struct {
	LoadID       string    `json:"load_id"`
	Key          string    `json:"source_key"`
	Version      string    `json:"version"`
	Written      time.Time `json:"event_time"`
	Observed     time.Time `json:"observed_at"`
	Status       string    `json:"status"`
	RowsRead     int64     `json:"rows_read"`
	RowsLoaded   int64     `json:"rows_loaded"`
	RowsRejected int64     `json:"rows_rejected"`
	Execution    string    `json:"execution_arn"`
	LoadedAt     time.Time `json:"loaded_at"`
}

// The ledger's columns as they are asked for: briefly what says how a file is, and behind it the identity and the times of its
// load, three quarters of a row's bytes.
var (
	briefly = []string{
		etl.LedgerSourceKey, etl.LedgerVersion, etl.LedgerStatus, etl.LedgerRowsRead, etl.LedgerRowsLoaded, etl.LedgerRowsRejected,
	}
	fully = append(slices.Clip(briefly),
		etl.LedgerLoadID, etl.LedgerExecutionARN, etl.LedgerEventTime, etl.LedgerObservedAt, etl.LedgerLoadedAt)
)

// ledgerRow is a row of either.
func ledgerRow(f []types.Field) LedgerRow {
	row := LedgerRow{
		Key: textOf(f[0]), Version: textOf(f[1]), Status: textOf(f[2]),
		RowsRead: numberOf(f[3]), RowsLoaded: numberOf(f[4]), RowsRejected: numberOf(f[5]),
	}
	if load := f[len(briefly):]; len(load) > 0 {
		row.LoadID, row.Execution = textOf(load[0]), textOf(load[1])
		row.Written, row.Observed, row.LoadedAt = timeOf(load[2]), timeOf(load[3]), timeOf(load[4])
	}
	return row
}

// beyond comes after every key: of all characters it is the last that texts may hold.
const beyond = "\U0010fffd"

// ledger reads the ledger's rows of the keys in ranges, in the order of their bytes, in which S3 lists them and Redshift
// compares texts; of each key the row that was observed last comes first. Rows of versions that are replaced are left out unless
// they are asked for.
func (s *Session) ledger(ctx context.Context, ranges []keyRange, columns []string, replaced bool) iter.Seq2[LedgerRow, error] {
	p := Parameters{}
	var within []string
	for i, r := range ranges {
		from, to := fmt.Sprintf("from%d", i), fmt.Sprintf("to%d", i)
		p[from] = r.first()
		if r.exact {
			within = append(within, etl.LedgerSourceKey+" = :"+from)
			continue
		}
		p[to] = r.prefix + beyond
		within = append(within, etl.LedgerSourceKey+" >= :"+from+" AND "+etl.LedgerSourceKey+" < :"+to)
	}
	where, ledger := "("+strings.Join(within, " OR ")+")", etl.LoadLedger()
	sql := etl.Current(columns, where)
	if replaced {
		sql = "SELECT " + strings.Join(columns, ", ") + " FROM " + ledger.String() + " WHERE " + where
	}
	return func(yield func(LedgerRow, error) bool) {
		for row, err := range s.rows(ctx, sql+" ORDER BY "+etl.LedgerSourceKey+", "+etl.LedgerObservedAt+" DESC", p) {
			if err != nil {
				yield(LedgerRow{}, err)
				return
			}
			if !yield(ledgerRow(row), nil) {
				return
			}
		}
	}
}

// keyRange is the keys with a prefix from one on, or the one key that is the prefix.
type keyRange struct {
	prefix, from string
	exact        bool
}

// first is the least text that may be a key of the range.
func (r keyRange) first() string { return max(r.prefix, r.from) }

// has tells whether a key is in the range.
func (r keyRange) has(key string) bool {
	if r.exact {
		return key == r.prefix
	}
	return strings.HasPrefix(key, r.prefix) && key >= r.from
}

// history is all that the ledger knows of a key, the newest observation first.
func (s *Session) history(ctx context.Context, key string) ([]LedgerRow, error) {
	var list []LedgerRow
	for row, err := range s.ledger(ctx, []keyRange{{prefix: key, exact: true}}, fully, true) {
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, nil
}
