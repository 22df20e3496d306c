package workflow

import (
	"strings"
	"time"

	"airline/asl"
	"airline/asl/redshiftdata"
	"airline/etl"
)

// maxLoadAttempts bounds how often a transaction is tried that another one
// running at the same moment made fail.
const maxLoadAttempts = 5

// conflicts are patterns of what Redshift says of a transaction that another one has undone, and that may succeed when it is tried again:
// of one that no order with the other makes serial, and of one that meets a table that was made or dropped after it began, as a
// migration does with a table that it copies. Their sources are in docs/assumptions.md.
var conflicts = []string{
	"*1023*", "*serializable isolation violation*", "*Relation does not exist*", "*could not open relation with OID*",
	"*dropped by concurrent transaction*", "*conflict with concurrent transaction*",
}

// toWarehouse puts what the job wrote in place of the keys' rows, and tells the ledger of all files of the batch, in one transaction. A batch
// without rows has a shorter one, and one of which nothing is to be said none.
func toWarehouse(c Config, d dataset, failure, told asl.Target) asl.Target {
	target := etl.Target{StagingBucket: c.StagingBucket, CopyRoleARN: c.CopyRoleARN}
	anyGone := asl.Choice("AnyGone").JSONata().
		When(asl.Cond("$rows_gone > 0 and $not("+toldByStarter+")"), notifyGone(c, d).CatchAll(failed(failure)).Then(told)).
		Otherwise(told)
	signed := signReceipt(c, d, failure, anyGone)
	through := func(b transactionOf) asl.Target {
		after := asl.Pass("After"+b.name).JSONata().Assign(
			asl.Let(loaded, asl.Q[int]("$result.loaded")),
			asl.Let(rowsGone, asl.Q[int]("$"+describe(b.name)+".SubStatements[-2].ResultRows")),
			asl.Let(receipt, asl.Q[[]etl.Receipt](whatIsSettled)),
		).Then(signed)
		return transaction(c, b, failure).CatchAll(failed(failure)).Then(after)
	}
	return asl.Choice("AnyRows").JSONata().
		When(asl.Cond("$result.loaded > 0"), through(transactionOf{"Load", etl.Load(target, d.name, c.OnDelete), "load-" + string(d.name)})).
		When(asl.Cond("$count($entries) > 0"), through(transactionOf{"Record", etl.Record(target, d.name, c.OnDelete), "record-" + string(d.name)})).
		Otherwise(told)
}

// transactionOf is what one transaction of the warehouse consists of.
type transactionOf struct {
	name       string // of the state that submits it, a part of the names of the others
	statements []string
	label      string // for the warehouse's list of statements
}

// transaction runs statements in one transaction and waits for its end. Only COPY
// is built with a value, the name of the run, which is hexadecimal;
// everything else goes as a named parameter, and keys are in what COPY reads. BatchExecuteStatement has an ExecutionMode that would make a
// transaction of each statement; its default, one of all, is what is relied on here.
//
// One that another transaction has undone is tried again. Any other failure is
// final.
func transaction(c Config, b transactionOf, failure asl.Target) asl.Chained {
	attempts := asl.Var[int]("load_attempts")
	token := asl.Var[string]("load_token")
	statement := asl.Var[string]("statement")

	again := asl.NewLabel(b.name + " again")
	prepare := []asl.Assignment{
		asl.Let(attempts, asl.MathAdd(attempts, asl.Int(1))),
		// A repetition of the call within an attempt is the same batch; 64 characters at most.
		asl.Let(token, asl.Hash(asl.Format("{} {}", asl.Context.Execution.ID, attempts), asl.SHA256)),
	}

	load := redshiftdata.BatchExecuteStatement{
		Target:        c.Warehouse.target(),
		Sqls:          statements(b.statements),
		Parameters:    parameters(),
		ClientToken:   token,
		StatementName: asl.Text(b.label),
	}
	load.WorkgroupARN = c.Warehouse.WorkgroupARN
	begin := load.Task(b.name).
		JSONata(). // in which a list of texts can have one that is computed
		Retry(busy, redshiftdata.BatchTooManyActive, redshiftdata.BatchTooManySessions).
		Retry(transient, redshiftdata.BatchInternalServer, redshiftdata.BatchConnectionFailed).
		Retry(throttled, "RedshiftData.RedshiftDataException").
		Save(asl.Into(statement, func(o *redshiftdata.StatementOutput) *string { return &o.ID })).
		KeepInput()

	var (
		status  = asl.ResultAt(func(o *redshiftdata.DescribeStatementOutput) *redshiftdata.Status { return &o.Status })
		message = asl.ResultAt(func(o *redshiftdata.DescribeStatementOutput) *string { return &o.Error })
	)
	var undone []asl.Rule
	for _, pattern := range conflicts {
		undone = append(undone, asl.Matches(message, pattern))
	}
	conflict := asl.And(asl.Eq(status, redshiftdata.Failed), asl.IsPresent(message), asl.Or(undone[0], undone[1], undone[2:]...))
	later := asl.Wait(b.name+"AfterOtherLoads", 10*time.Second).Then(again)

	follow := redshiftdata.DescribeStatement{ID: statement}.Task(describe(b.name)).
		Retry(transient, redshiftdata.DescribeInternalServer).
		Retry(throttled, "RedshiftData.RedshiftDataException")
	poll := asl.Poll(follow, asl.PollSpec{
		Every:  5 * time.Second,
		Within: 2 * time.Hour,
		Cases: []asl.Case{
			{When: asl.And(conflict, asl.Lt(attempts, maxLoadAttempts)), Next: later},
			{
				When: asl.Or(asl.Eq(status, redshiftdata.Failed), asl.Eq(status, redshiftdata.Aborted)),
				Next: transactionFailed(b, failure),
			},
		},
		Until:   asl.Eq(status, redshiftdata.Finished),
		Expired: fails(b.name+"TookTooLong", failure, "the warehouse did not finish the transaction within 2 hours"),
	})
	return asl.Chain(
		asl.Pass("Begin"+b.name).Assign(asl.Let(attempts, asl.Int(0))),
		again.Mark(asl.Pass("Prepare"+b.name).Assign(prepare...)), begin, poll)
}

// describe is the state whose last answer says how a batch ended, and the variable
// with the answer.
func describe(batch string) string { return "Describe" + batch }

func transactionFailed(b transactionOf, failure asl.Target) asl.Target {
	answer := asl.Var[redshiftdata.DescribeStatementOutput](describe(b.name))
	message := asl.Of(answer, func(o *redshiftdata.DescribeStatementOutput) *string { return &o.Error })
	return failsWith(b.name+"Failed", failure, message, "the warehouse aborted the transaction without saying why")
}

func (w Warehouse) target() redshiftdata.Target {
	t := redshiftdata.Target{Database: asl.Text(w.Database)}
	if w.Workgroup != "" {
		t.WorkgroupName = asl.Text(w.Workgroup)
		return t
	}
	t.ClusterIdentifier = asl.Text(w.Cluster)
	return t
}

// statements are a transaction's, those that name the run as expressions.
func statements(list []string) []asl.Value[string] {
	values := make([]asl.Value[string], len(list))
	for i, sql := range list {
		values[i] = asl.Text(sql)
		if parts := strings.Split(sql, etl.RunPlaceholder); len(parts) > 1 {
			for j := range parts {
				parts[j] = jsonataText(parts[j])
			}
			values[i] = asl.Q[string](strings.Join(parts, " & $run & "))
		}
	}
	return values
}

// parameters gives their values to etl.LoadParameters.
func parameters() []redshiftdata.Parameter {
	values := map[string]asl.Value[string]{
		etl.ParameterFiles:     asl.Q[string]("$string($result.loaded + $count($entries))"),
		etl.LedgerExecutionARN: asl.Context.Execution.ID,
		etl.LedgerLoadedAt:     asl.As[string](asl.Context.State.EnteredTime),
	}
	var list []redshiftdata.Parameter
	for _, name := range etl.LoadParameters() {
		list = append(list, redshiftdata.Parameter{Name: name, Value: values[name]})
	}
	return list
}
