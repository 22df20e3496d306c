package operate

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"

	"airline/etl"
	"airline/infra"
)

// How often the warehouse is asked whether a statement has come to its end: soon at first, and then ever more rarely.
const (
	firstLook = 100 * time.Millisecond
	lastLook  = 3 * time.Second
)

// Parameters are named parameters of a statement (":name"). No value is empty: the Data API does not take that.
type Parameters map[string]string

func (p Parameters) list() []types.SqlParameter {
	var list []types.SqlParameter
	for _, name := range sortedKeys(p) {
		list = append(list, types.SqlParameter{Name: aws.String(name), Value: aws.String(p[name])})
	}
	return list
}

// some is nil for no text.
func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// execute runs a statement and waits for its end.
func (s *Session) execute(ctx context.Context, sql string, p Parameters) (*redshiftdata.DescribeStatementOutput, error) {
	started, err := s.warehouse.ExecuteStatement(ctx, &redshiftdata.ExecuteStatementInput{
		Sql: &sql, Parameters: p.list(), Database: &s.Parts.Database, WorkgroupName: some(s.Parts.Workgroup), ClusterIdentifier: some(s.Parts.Cluster),
		StatementName: aws.String("airline " + s.command), SecretArn: s.admin.secret, DbUser: s.admin.user,
	})
	if err != nil {
		return nil, s.explainWarehouse(err)
	}
	return s.finished(ctx, started.Id)
}

// transaction runs statements in one transaction and waits for its end.
func (s *Session) transaction(ctx context.Context, sqls []string, p Parameters) (*redshiftdata.DescribeStatementOutput, error) {
	started, err := s.warehouse.BatchExecuteStatement(ctx, &redshiftdata.BatchExecuteStatementInput{
		Sqls: sqls, Parameters: p.list(), Database: &s.Parts.Database, WorkgroupName: some(s.Parts.Workgroup), ClusterIdentifier: some(s.Parts.Cluster),
		StatementName: aws.String("airline " + s.command), SecretArn: s.admin.secret, DbUser: s.admin.user,
	})
	if err != nil {
		return nil, s.explainWarehouse(err)
	}
	// What has begun is seen to its end: whoever interrupts now is told how it ended.
	return s.finished(context.WithoutCancel(ctx), started.Id)
}

// finished waits for the end of a statement.
func (s *Session) finished(ctx context.Context, id *string) (*redshiftdata.DescribeStatementOutput, error) {
	for pause := firstLook; ; pause = min(2*pause, lastLook) {
		d, err := s.warehouse.DescribeStatement(ctx, &redshiftdata.DescribeStatementInput{Id: id})
		if err != nil {
			return nil, s.explainWarehouse(err)
		}
		switch d.Status {
		case types.StatusStringFinished:
			return d, nil
		case types.StatusStringFailed, types.StatusStringAborted:
			return nil, s.explainSQL(aws.ToString(d.Error))
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// sleep waits, unless the context ends first.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// explainWarehouse says of a refused call of the Data API what it means.
func (s *Session) explainWarehouse(err error) error {
	if codeOf(err) == "ValidationException" && strings.Contains(err.Error(), "doesn't exist") || codeOf(err) == "ResourceNotFoundException" {
		return &Failure{
			fmt.Sprintf("the warehouse %s%s is not in %s of account %s", s.Parts.Workgroup, s.Parts.Cluster, s.Names.Region, s.Names.Account),
			"Deploy the stack (pulumi up --stack " + s.Stack + "), or look at --stack, --region and --profile.", err,
		}
	}
	return s.Explain(err)
}

// explainSQL says of a statement that failed what it means.
func (s *Session) explainSQL(message string) error {
	switch {
	case strings.Contains(message, "permission denied"):
		return &Failure{
			fmt.Sprintf("the warehouse's user %s lacks a right: %s", s.DatabaseUser(), message),
			"An administrator of the warehouse runs:\n" + strings.Join(infra.OperatorGrants(s.command, s.DatabaseUser()), ";\n") + ";", errors.New(message),
		}
	case strings.Contains(message, "does not exist") && strings.Contains(message, etl.Schema):
		return &Failure{"the warehouse lacks a table: " + message, "The deployment has not come to its end: pulumi up --stack " + s.Stack, errors.New(message)}
	case message == "":
		message = "the warehouse does not say why"
	}
	return &Failure{"the warehouse: " + message, "", errors.New(message)}
}

// Page is a page of an answer of the warehouse. The first has the columns.
type Page struct {
	Columns []types.ColumnMetadata
	Rows    [][]types.Field
	// Total is the number of rows of all pages.
	Total int64
}

// pages reads the answer of a query.
func (s *Session) pages(ctx context.Context, sql string, p Parameters) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		d, err := s.execute(ctx, sql, p)
		if err != nil {
			yield(Page{}, err)
			return
		}
		if !aws.ToBool(d.HasResultSet) {
			yield(Page{Total: -1}, nil)
			return
		}
		results := redshiftdata.NewGetStatementResultPaginator(s.warehouse, &redshiftdata.GetStatementResultInput{Id: d.Id})
		for results.HasMorePages() {
			page, err := results.NextPage(ctx)
			if err != nil {
				yield(Page{}, s.explainWarehouse(err))
				return
			}
			if !yield(Page{Columns: page.ColumnMetadata, Rows: page.Records, Total: page.TotalNumRows}, nil) {
				return
			}
		}
	}
}

// rows reads the answer of a query row by row.
func (s *Session) rows(ctx context.Context, sql string, p Parameters) iter.Seq2[[]types.Field, error] {
	return func(yield func([]types.Field, error) bool) {
		for page, err := range s.pages(ctx, sql, p) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range page.Rows {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

// textOf is a value as a text; "" for null.
func textOf(f types.Field) string {
	switch v := f.(type) {
	case *types.FieldMemberStringValue:
		return v.Value
	case *types.FieldMemberLongValue:
		return fmt.Sprint(v.Value)
	case *types.FieldMemberDoubleValue:
		return fmt.Sprint(v.Value)
	case *types.FieldMemberBooleanValue:
		return fmt.Sprint(v.Value)
	}
	return ""
}

// numberOf is a whole number; 0 for null.
func numberOf(f types.Field) int64 {
	if v, ok := f.(*types.FieldMemberLongValue); ok {
		return v.Value
	}
	return 0
}

// timestamp is how the Data API writes a TIMESTAMP, which is UTC here; fractions may lack.
const timestamp = "2006-01-02 15:04:05.999999"

func timeOf(f types.Field) time.Time {
	t, err := time.ParseInLocation(timestamp, textOf(f), time.UTC)
	if err != nil {
		return time.Time{}
	}
	return t
}
