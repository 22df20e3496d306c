// Package sdk makes a typed task of any operation of any module of the AWS SDK for Go v2: the input is the SDK's own struct,
// for what is fixed, and Set for what comes from the data.
//
//	type Start = athena.StartQueryExecutionInput
//	query := sdk.Task[Start, athena.StartQueryExecutionOutput]("Query", Start{WorkGroup: aws.String("primary")},
//		sdk.Set(func(in *Start) *string { return in.QueryString }, asl.At(func(e *Event) *string { return &e.SQL })),
//		sdk.Set(func(in *Start) *string { return in.ResultConfiguration.OutputLocation }, asl.Text("s3://results/")),
//	).
//		Assign(asl.Let(id, sdk.ResultAt(func(out *athena.StartQueryExecutionOutput) *string { return out.QueryExecutionId }))).
//		Retry(asl.Retrier{Interval: time.Minute}, sdk.Error[Start, types.TooManyRequestsException]()).
//		Catch(sdk.Error[Start, types.InvalidRequestException](), failed)
//
// Selectors point at a field; pointers on the way are never nil there, and a pointer field is returned as it is. Members get the
// names that Step Functions uses. asl.Machine reports what AWS's API (package awsapi) does not have: an operation that Step
// Functions does not call, a missing required parameter, a value outside an enumeration, an error that the operation does
// not raise. Operations with a service package (asl/glue, asl/sns ...) read better with it, and only those have .sync.
package sdk
