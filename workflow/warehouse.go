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

// loadWarehouse runs the load's statements in one transaction and waits for its
// end. Only COPY is built with a value, the load's id, which is hexadecimal;
// everything else, the key above all, goes as a named parameter.
//
// A serializable isolation violation (1023) undid the transaction because of
// another load: it is tried again. Any other failure is final.
func loadWarehouse(c Config, d dataset, failure asl.Target) asl.Step {
	attempts := asl.Var[int]("load_attempts")
	token := asl.Var[string]("load_token")
	sqls, copyFormat := statements(d.load(etl.Target{StagingBucket: c.StagingBucket, CopyRoleARN: c.CopyRoleARN}))
	statement := asl.Var[string]("statement")

	again := asl.NewLabel("load again")
	prepare := asl.Pass("PrepareLoad").Assign(
		asl.Let(attempts, asl.MathAdd(attempts, asl.Int(1))),
		asl.Let(copyStatement, asl.Format(copyFormat, loadID)),
		// A repetition of the call within an attempt is the same batch; 64 characters at most.
		asl.Let(token, asl.Hash(asl.Format("{} {}", asl.Context.Execution.ID, attempts), asl.SHA256)))

	load := redshiftdata.BatchExecuteStatement{
		Target:        c.Warehouse.target(),
		Sqls:          sqls,
		Parameters:    loadParameters(),
		ClientToken:   token,
		StatementName: asl.Text("load-" + string(d.name)),
	}
	load.WorkgroupARN = c.Warehouse.WorkgroupARN
	begin := load.Task("Load").
		JSONata(). // in which a list of texts can have one that is computed
		Retry(busy, redshiftdata.BatchTooManyActive, redshiftdata.BatchTooManySessions).
		Retry(transient, redshiftdata.BatchInternalServer, redshiftdata.BatchConnectionFailed).
		Save(asl.Into(statement, func(o *redshiftdata.StatementOutput) *string { return &o.ID })).
		KeepInput()

	var (
		status  = asl.ResultAt(func(o *redshiftdata.DescribeStatementOutput) *redshiftdata.Status { return &o.Status })
		message = asl.ResultAt(func(o *redshiftdata.DescribeStatementOutput) *string { return &o.Error })
	)
	conflict := asl.And(asl.Eq(status, redshiftdata.Failed), asl.IsPresent(message),
		asl.Or(asl.Matches(message, "*1023*"), asl.Matches(message, "*serializable isolation violation*")))
	later := asl.Wait("WaitForOtherLoads", 10*time.Second).Then(again)

	describe := redshiftdata.DescribeStatement{ID: statement}.Task(describeLoad).
		Retry(transient, redshiftdata.DescribeInternalServer)
	poll := asl.Poll(describe, asl.PollSpec{
		Every:  5 * time.Second,
		Within: 2 * time.Hour,
		Cases: []asl.Case{
			{When: asl.And(conflict, asl.Lt(attempts, maxLoadAttempts)), Next: later},
			{
				When: asl.Or(asl.Eq(status, redshiftdata.Failed), asl.Eq(status, redshiftdata.Aborted)),
				Next: loadFailed(failure),
			},
		},
		Until:   asl.Eq(status, redshiftdata.Finished),
		Expired: fails("LoadTookTooLong", failure, "the warehouse did not finish the load within 2 hours"),
	})
	return asl.Chain(
		asl.Pass("BeginLoad").Assign(asl.Let(attempts, asl.Int(0))),
		again.Mark(prepare), begin, poll)
}

// describeLoad is the state whose last answer says how the load ended.
const describeLoad = "DescribeLoad"

func loadFailed(failure asl.Target) asl.Target {
	answer := asl.Var[redshiftdata.DescribeStatementOutput](describeLoad)
	message := asl.Of(answer, func(o *redshiftdata.DescribeStatementOutput) *string { return &o.Error })
	return failsWith("LoadFailed", failure, message, "the warehouse aborted the load without saying why")
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
			format = strings.ReplaceAll(sql, etl.LoadIDPlaceholder, "{}")
			values = append(values, copyStatement)
		} else {
			values = append(values, asl.Text(sql))
		}
	}
	return values, format
}

// loadParameters gives a value to each of etl.LoadParameters.
func loadParameters() []redshiftdata.Parameter {
	number := func(selector func(*etl.Manifest) *int64) asl.Value[string] {
		return asl.Q[string]("$string(" + asl.Of(manifest, selector).String() + ")")
	}
	values := map[string]asl.Value[string]{
		"load_id":       loadID,
		"source_key":    key,
		"version":       version,
		"event_time":    asl.As[string](landed),
		"rows_read":     number(func(m *etl.Manifest) *int64 { return &m.RowsRead }),
		"rows_loaded":   number(func(m *etl.Manifest) *int64 { return &m.RowsLoaded }),
		"rows_rejected": number(func(m *etl.Manifest) *int64 { return &m.RowsRejected }),
		"execution_arn": asl.Context.Execution.ID,
		"loaded_at":     asl.As[string](asl.Context.State.EnteredTime),
	}
	var list []redshiftdata.Parameter
	for _, name := range etl.LoadParameters() {
		list = append(list, redshiftdata.Parameter{Name: name, Value: values[name]})
	}
	return list
}
