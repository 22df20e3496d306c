package redshiftdata

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"

	"airline/local/door"
)

// rowsPerPage is how many rows GetStatementResult gives at a time.
const rowsPerPage = 1000

// DescribeStatement tells how far an execution is, and why it failed.
func (s *Service) DescribeStatement(ctx context.Context, in *redshiftdata.DescribeStatementInput, _ ...func(*redshiftdata.Options)) (*redshiftdata.DescribeStatementOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[redshiftdata.DescribeStatementInput, redshiftdata.DescribeStatementOutput]{
		Service: "redshiftdata", Action: "DescribeStatement",
		Needs: []door.Request{{Action: "redshift-data:DescribeStatement", Resource: "*"}},
		Do: func(_ context.Context, in *redshiftdata.DescribeStatementInput) (*redshiftdata.DescribeStatementOutput, error) {
			x, sub, err := s.find(aws.ToString(in.Id))
			if err != nil {
				return nil, err
			}
			if sub >= 0 {
				return s.describeOne(x, sub), nil
			}
			return s.describeAll(x), nil
		},
	}, in)
}

// find takes an id apart: that of an execution, or "id:2" for the second statement of a batch (then sub is 1).
func (s *Service) find(id string) (x *execution, sub int, err error) {
	base, suffix, isSub := strings.Cut(id, ":")
	sub = -1
	if isSub {
		n, err := strconv.Atoi(suffix)
		if err != nil || n < 1 {
			return nil, 0, invalid("id must satisfy regex pattern: ^[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d+)?$")
		}
		sub = n - 1
	}
	x = s.executions[base]
	if x == nil || sub >= len(x.sqls) || sub >= 0 && !x.batch || s.door.Now().Sub(x.created) > resultLife {
		return nil, 0, &types.ResourceNotFoundException{Message: aws.String("Query does not exist."), ResourceId: aws.String(id)}
	}
	return x, sub, nil
}

func (s *Service) describeAll(x *execution) *redshiftdata.DescribeStatementOutput {
	out := s.common(x)
	out.Id = aws.String(x.id)
	out.Status = x.status
	out.Duration = int64(x.duration)
	out.ResultRows, out.ResultSize = -1, -1
	out.HasResultSet = aws.Bool(false)
	if x.err != nil {
		out.Error = aws.String(x.err.Error())
		if x.batch {
			out.Error = aws.String(fmt.Sprintf("Query #%d failed with %s", x.at+1, x.err))
		}
	}
	if !x.batch {
		out.QueryString = aws.String(x.sqls[0])
		if x.status == types.StatusStringFinished {
			out.HasResultSet = aws.Bool(x.outcomes[0].result != nil)
			out.ResultRows, out.ResultSize = counts(x.outcomes[0])
		}
		return out
	}
	for i := range x.sqls {
		sub := s.describeSub(x, i)
		if aws.ToBool(sub.HasResultSet) {
			out.HasResultSet = aws.Bool(true)
		}
		out.SubStatements = append(out.SubStatements, sub)
	}
	return out
}

// describeOne answers for one statement of a batch.
func (s *Service) describeOne(x *execution, i int) *redshiftdata.DescribeStatementOutput {
	sub := s.describeSub(x, i)
	out := s.common(x)
	out.Id, out.Status, out.QueryString, out.Error = sub.Id, types.StatusString(sub.Status), sub.QueryString, sub.Error
	out.Duration, out.HasResultSet, out.ResultRows, out.ResultSize = sub.Duration, sub.HasResultSet, sub.ResultRows, sub.ResultSize
	return out
}

func (s *Service) common(x *execution) *redshiftdata.DescribeStatementOutput {
	out := &redshiftdata.DescribeStatementOutput{
		CreatedAt: aws.Time(x.created), UpdatedAt: aws.Time(x.updated), Database: aws.String(x.database),
		QueryParameters: x.params, ResultFormat: types.ResultFormatStringJson,
		RedshiftPid: 1073750000 + int64(len(s.order)), RedshiftQueryId: -1,
	}
	if s.endpoint.serverless {
		out.WorkgroupName = aws.String(s.endpoint.name)
	} else {
		out.ClusterIdentifier, out.DbUser = aws.String(s.endpoint.name), aws.String(x.user)
	}
	if x.secret != "" {
		out.SecretArn = aws.String(x.secret)
	}
	return out
}

func (s *Service) describeSub(x *execution, i int) types.SubStatementData {
	sub := types.SubStatementData{
		Id: aws.String(fmt.Sprintf("%s:%d", x.id, i+1)), CreatedAt: aws.Time(x.created), UpdatedAt: aws.Time(x.updated),
		QueryString: aws.String(x.sqls[i]), HasResultSet: aws.Bool(false), ResultRows: -1, ResultSize: -1, RedshiftQueryId: -1,
		Status: types.StatementStatusString(x.status),
	}
	if i < len(x.took) {
		sub.Duration = int64(x.took[i])
	}
	switch x.status {
	case types.StatusStringFinished:
		sub.HasResultSet = aws.Bool(x.outcomes[i].result != nil)
		sub.ResultRows, sub.ResultSize = counts(x.outcomes[i])
	case types.StatusStringFailed:
		switch {
		case i == x.at:
			sub.Error = aws.String(x.err.Error())
		case i < x.at && i < len(x.outcomes):
			sub.Status = types.StatementStatusStringFinished // and rolled back with the others
		default:
			sub.Status = types.StatementStatusStringAborted
		}
	}
	return sub
}

func counts(o outcome) (rows, size int64) {
	if o.result == nil {
		return o.rows, 0
	}
	return o.rows, o.result.bytes
}

// GetStatementResult gives the rows of a finished query, a page at a time.
func (s *Service) GetStatementResult(ctx context.Context, in *redshiftdata.GetStatementResultInput, _ ...func(*redshiftdata.Options)) (*redshiftdata.GetStatementResultOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[redshiftdata.GetStatementResultInput, redshiftdata.GetStatementResultOutput]{
		Service: "redshiftdata", Action: "GetStatementResult",
		Needs: []door.Request{{Action: "redshift-data:GetStatementResult", Resource: "*"}},
		Do: func(_ context.Context, in *redshiftdata.GetStatementResultInput) (*redshiftdata.GetStatementResultOutput, error) {
			x, sub, err := s.find(aws.ToString(in.Id))
			if err != nil {
				return nil, err
			}
			if sub < 0 {
				sub = 0
				if x.batch {
					return nil, invalid("The id of a batch has no result of its own: use that of a substatement, " + x.id + ":1")
				}
			}
			if x.status != types.StatusStringFinished || x.outcomes[sub].result == nil {
				return nil, &types.ResourceNotFoundException{
					Message:    aws.String("Query does not have result. Please check query status with DescribeStatement."),
					ResourceId: in.Id,
				}
			}
			return page(x.outcomes[sub].result, in.NextToken)
		},
	}, in)
}

func page(r *resultSet, token *string) (*redshiftdata.GetStatementResultOutput, error) {
	from := 0
	if token != nil {
		var err error
		if from, err = strconv.Atoi(*token); err != nil || from < 0 || from%rowsPerPage != 0 || from > r.rows {
			return nil, invalid("Invalid NextToken.")
		}
	}
	rows, err := r.page(from / rowsPerPage)
	if err != nil {
		return nil, err
	}
	out := &redshiftdata.GetStatementResultOutput{ColumnMetadata: r.metadata(), TotalNumRows: int64(r.rows), Records: make([][]types.Field, 0, len(rows))}
	if from += rowsPerPage; from < r.rows {
		out.NextToken = aws.String(strconv.Itoa(from))
	}
	for _, row := range rows {
		fields := make([]types.Field, len(row))
		for i, v := range row {
			fields[i] = field(v, r.Columns[i].Type)
		}
		out.Records = append(out.Records, fields)
	}
	return out, nil
}

// CancelStatement stops an execution that has not ended; what it did is rolled back.
func (s *Service) CancelStatement(ctx context.Context, in *redshiftdata.CancelStatementInput, _ ...func(*redshiftdata.Options)) (*redshiftdata.CancelStatementOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[redshiftdata.CancelStatementInput, redshiftdata.CancelStatementOutput]{
		Service: "redshiftdata", Action: "CancelStatement",
		Needs: []door.Request{{Action: "redshift-data:CancelStatement", Resource: "*"}},
		Do: func(_ context.Context, in *redshiftdata.CancelStatementInput) (*redshiftdata.CancelStatementOutput, error) {
			x, sub, err := s.find(aws.ToString(in.Id))
			if err != nil {
				return nil, err
			}
			if sub >= 0 {
				return nil, invalid("A substatement cannot be cancelled: cancel " + x.id)
			}
			if x.status != types.StatusStringSubmitted && x.status != types.StatusStringStarted {
				return nil, invalid("Could not cancel a query that is already in " + string(x.status) + " state with ID: " + x.id)
			}
			if x.session != nil {
				x.session.rollback()
				x.session = nil
			}
			s.update(x, types.StatusStringAborted)
			s.release(x)
			return &redshiftdata.CancelStatementOutput{Status: aws.Bool(true)}, nil
		},
	}, in)
}
