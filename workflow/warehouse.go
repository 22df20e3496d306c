package workflow

import (
	"strings"
	"time"

	"airline/asl"
	"airline/asl/redshiftdata"
	"airline/etl"
)

// maxLoadAttempts bounds how often a transaction is tried that another load
// running at the same moment made fail.
const maxLoadAttempts = 5

// loadWarehouse puts what the job wrote in place of the key's rows.
func loadWarehouse(c Config, d dataset, failure asl.Target) asl.Step {
	return transaction(c, batch{
		name:       "Load",
		statements: d.load(etl.Target{StagingBucket: c.StagingBucket, CopyRoleARN: c.CopyRoleARN}),
		parameters: etl.LoadParameters(),
		label:      "load-" + string(d.name),
	}, failure)
}

// batch is what one transaction of the warehouse consists of.
type batch struct {
	name       string // of the state that submits it, a part of the names of the others
	statements []string
	parameters []string // names of etl.LoadParameters
	label      string   // for the warehouse's list of statements
}

// transaction runs statements in one transaction and waits for its end. Only COPY
// is built with values, the ids of the load and of the run, which are hexadecimal;
// everything else, the key above all, goes as a named parameter.
//
// A serializable isolation violation (1023) undid the transaction because of
// another load: it is tried again. Any other failure is final.
func transaction(c Config, b batch, failure asl.Target) asl.Step {
	attempts := asl.Var[int]("load_attempts")
	token := asl.Var[string]("load_token")
	sqls, copyFormat := statements(b.statements)
	statement := asl.Var[string]("statement")

	again := asl.NewLabel(b.name + " again")
	prepare := []asl.Assignment{
		asl.Let(attempts, asl.MathAdd(attempts, asl.Int(1))),
		// A repetition of the call within an attempt is the same batch; 64 characters at most.
		asl.Let(token, asl.Hash(asl.Format("{} {}", asl.Context.Execution.ID, attempts), asl.SHA256)),
	}
	if copyFormat != "" {
		prepare = append(prepare, asl.Let(copyStatement, asl.Format(copyFormat, loadID, run)))
	}

	load := redshiftdata.BatchExecuteStatement{
		Target:        c.Warehouse.target(),
		Sqls:          sqls,
		Parameters:    parameters(b.parameters),
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
	conflict := asl.And(asl.Eq(status, redshiftdata.Failed), asl.IsPresent(message),
		asl.Or(asl.Matches(message, "*1023*"), asl.Matches(message, "*serializable isolation violation*")))
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

func transactionFailed(b batch, failure asl.Target) asl.Target {
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
	if w.DbUser != "" {
		t.DbUser = asl.Text(w.DbUser)
	}
	return t
}

// copyStatement is the one statement that is built with a value.
var copyStatement = asl.Var[string]("copy_statement")

// statements are the load's, with the variable in the place of the one that
// names the load's id, and the format of that one.
func statements(list []string) (values []asl.Value[string], format string) {
	for _, sql := range list {
		if strings.Contains(sql, etl.LoadIDPlaceholder) {
			format = strings.ReplaceAll(sql, etl.LoadIDPlaceholder, staged)
			values = append(values, copyStatement)
		} else {
			values = append(values, asl.Text(sql))
		}
	}
	return values, format
}

// parameters gives their values to some of etl.LoadParameters.
func parameters(names []string) []redshiftdata.Parameter {
	number := func(selector func(*etl.Manifest) *int64) asl.Value[string] {
		return asl.Q[string]("$string(" + asl.Of(manifest, selector).String() + ")")
	}
	values := map[string]asl.Value[string]{
		"load_id":       loadID,
		"source_key":    key,
		"version":       version,
		"event_time":    asl.As[string](writtenAt),
		"observed_at":   asl.As[string](observedAt),
		"rows_read":     number(func(m *etl.Manifest) *int64 { return &m.RowsRead }),
		"rows_loaded":   number(func(m *etl.Manifest) *int64 { return &m.RowsLoaded }),
		"rows_rejected": number(func(m *etl.Manifest) *int64 { return &m.RowsRejected }),
		"execution_arn": asl.Context.Execution.ID,
		"loaded_at":     asl.As[string](asl.Context.State.EnteredTime),
	}
	list := make([]redshiftdata.Parameter, len(names))
	for i, name := range names {
		list[i] = redshiftdata.Parameter{Name: name, Value: values[name]}
	}
	return list
}
