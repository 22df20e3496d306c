package operate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/etl"
)

// Retirement is a file that is to be taken out of the warehouse.
type Retirement struct {
	Key  string `json:"key"`
	Rows int64  `json:"rows"` // that it has there
	row  LedgerRow
	from etl.Dataset
}

// PlanRetire says what taking a file out means. It refuses what cannot be taken out.
func (s *Session) PlanRetire(ctx context.Context, key string) (*Retirement, error) {
	f, err := s.find(ctx, key)
	if err != nil {
		return nil, err
	}
	switch {
	case f.Dataset.Merged():
		return nil, &Failure{fmt.Sprintf("%s is a file of %s, which are merged of many files", key, f.Dataset), fmt.Sprintf("Upload a corrected file: its %s replace those of the same ids.", f.Dataset), nil}
	case f.State == Retired || f.State == Gone || f.Ledger == nil:
		return nil, &Failure{fmt.Sprintf("%s has no rows in the warehouse: it is %s", key, f.State), "Nothing is to be done.", nil}
	case f.Ledger.Status != etl.StatusLoaded:
		return nil, &Failure{fmt.Sprintf("%s has no rows in the warehouse: the ledger says %s", key, f.Ledger.Status), f.Fix, nil}
	}
	running, err := s.executions(ctx, types.ExecutionStatusRunning, time.Time{})
	if err != nil {
		return nil, err
	}
	for _, x := range running {
		if err := s.describe(ctx, &x); err != nil {
			return nil, err
		}
		if slices.Contains(x.Keys, key) {
			return nil, &Failure{key + " is being loaded: " + x.ARN, fmt.Sprintf("Wait for its end: airline watch %q", key), nil}
		}
	}
	return &Retirement{Key: key, Rows: f.Ledger.RowsLoaded, row: *f.Ledger, from: f.Dataset}, nil
}

// Retire takes a file's rows out of the warehouse and marks it in the ledger, in one transaction. It tells how many rows have left.
func (s *Session) Retire(ctx context.Context, r *Retirement) (rows int64, err error) {
	at := s.now().UTC()
	if !at.After(r.row.Observed) { // another clock than AWS's
		at = r.row.Observed.Add(time.Millisecond)
	}
	d, err := s.transaction(ctx, etl.RetireFile(r.from), Parameters{
		etl.LedgerLoadID: r.row.LoadID, etl.LedgerSourceKey: r.Key, etl.LedgerObservedAt: at.Format("2006-01-02T15:04:05.000Z"),
	})
	if err != nil {
		return 0, err
	}
	if len(d.SubStatements) != 2 || d.SubStatements[0].ResultRows != 1 {
		return 0, &Failure{r.Key + " was loaded again or taken out by somebody else meanwhile; nothing was changed", fmt.Sprintf("Look at it: airline file %q", r.Key), nil}
	}
	return d.SubStatements[1].ResultRows, nil
}
