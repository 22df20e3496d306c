package wire_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/wire"
)

func TestCatalogOfAnEmptyWorld(t *testing.T) {
	s, _ := noStack(t, wire.Options{})
	ctx, client := t.Context(), glue.NewFromConfig(s.as("operator"))
	database := aws.String("mine")
	must[*glue.CreateDatabaseOutput](t)(client.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("Mine"), LocationUri: aws.String("s3://b/"), Parameters: map[string]string{"a": "1"}}}))
	must[*glue.UpdateDatabaseOutput](t)(client.UpdateDatabase(ctx, &glue.UpdateDatabaseInput{Name: database, DatabaseInput: &types.DatabaseInput{Name: database, Description: aws.String("d")}}))
	d := must[*glue.GetDatabaseOutput](t)(client.GetDatabase(ctx, &glue.GetDatabaseInput{Name: database})).Database
	if *d.Name != "mine" || *d.Description != "d" || d.LocationUri != nil || len(d.Parameters) != 0 || d.CreateTime == nil {
		t.Errorf("the database is %+v", d)
	}
	day := []types.Column{{Name: aws.String("day"), Type: aws.String("date")}}
	for _, name := range []string{"a", "b", "c"} {
		must[*glue.CreateTableOutput](t)(client.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: database, TableInput: &types.TableInput{Name: &name, PartitionKeys: day}}))
	}
	tables := func() string {
		var names []string
		for _, table := range must[*glue.GetTablesOutput](t)(client.GetTables(ctx, &glue.GetTablesInput{DatabaseName: database})).TableList {
			names = append(names, *table.Name)
		}
		return strings.Join(names, " ")
	}
	one := &glue.DeletePartitionInput{DatabaseName: database, TableName: aws.String("a"), PartitionValues: []string{"2024-05-06"}}
	must[*glue.CreatePartitionOutput](t)(client.CreatePartition(ctx, &glue.CreatePartitionInput{DatabaseName: database, TableName: one.TableName, PartitionInput: &types.PartitionInput{Values: one.PartitionValues}}))
	must[*glue.DeletePartitionOutput](t)(client.DeletePartition(ctx, one))
	must[*glue.DeleteTableOutput](t)(client.DeleteTable(ctx, &glue.DeleteTableInput{DatabaseName: database, Name: aws.String("A")}))
	gone := must[*glue.BatchDeleteTableOutput](t)(client.BatchDeleteTable(ctx, &glue.BatchDeleteTableInput{DatabaseName: database, TablesToDelete: []string{"a", "b"}}))
	if len(gone.Errors) != 1 || *gone.Errors[0].TableName != "a" || *gone.Errors[0].ErrorDetail.ErrorCode != "EntityNotFoundException" || tables() != "c" {
		t.Errorf("got %+v, and there are %s", gone.Errors, tables())
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a database twice":   {second(client.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: database}})), "AlreadyExistsException 400"},
		"no name":            {second(client.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("")}})), "InvalidInputException 400"},
		"another's database": {second(client.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: aws.String("x"), TargetDatabase: &types.DatabaseIdentifier{}}})), "NotImplemented 501"},
		"another name":       {second(client.UpdateDatabase(ctx, &glue.UpdateDatabaseInput{Name: database, DatabaseInput: &types.DatabaseInput{Name: aws.String("x")}})), "InvalidInputException 400"},
		"no database":        {second(client.UpdateDatabase(ctx, &glue.UpdateDatabaseInput{Name: aws.String("x"), DatabaseInput: &types.DatabaseInput{Name: aws.String("x")}})), "EntityNotFoundException 400"},
		"no table":           {second(client.DeleteTable(ctx, &glue.DeleteTableInput{DatabaseName: database, Name: aws.String("a")})), "EntityNotFoundException 400"},
		"its partition":      {second(client.DeletePartition(ctx, one)), "EntityNotFoundException 400"},
		"tables of nothing":  {second(client.BatchDeleteTable(ctx, &glue.BatchDeleteTableInput{DatabaseName: aws.String("x"), TablesToDelete: []string{"a"}})), "EntityNotFoundException 400"},
		"a search":           {second(client.SearchTables(ctx, &glue.SearchTablesInput{})), "NotImplemented 501"},
	} {
		if got := code(c.err); got != c.want {
			t.Errorf("%s: %v, want %s", name, c.err, c.want)
		}
	}
	must[*glue.DeleteDatabaseOutput](t)(client.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: database}))
	if _, err := client.DeleteDatabase(ctx, &glue.DeleteDatabaseInput{Name: database}); code(err) != "EntityNotFoundException 400" {
		t.Errorf("deleted twice: %v", err)
	}
	must[*glue.CreateDatabaseOutput](t)(client.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &types.DatabaseInput{Name: database}}))
	if got := tables(); got != "" {
		t.Errorf("the new database has the tables %s", got)
	}
}
