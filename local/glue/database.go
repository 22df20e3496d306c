package glue

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
)

// maxBatchDeleteTables is how many tables one call deletes (Glue API reference, BatchDeleteTable).
const maxBatchDeleteTables = 100

// databaseName is what a database may be called: Glue takes every character but control characters, and keeps small letters.
var databaseName = regexp.MustCompile(`^[^\x00-\x1f\x7f/]{1,255}$`)

// readDatabase makes a database of an input.
func readDatabase(in *types.DatabaseInput) (*database, error) {
	if in == nil || aws.ToString(in.Name) == "" {
		return nil, invalidInput("DatabaseInput.Name is required")
	}
	if !databaseName.MatchString(*in.Name) {
		return nil, invalidInput("the database name %q has not 1 to 255 characters without control characters and slashes", *in.Name)
	}
	if in.TargetDatabase != nil || in.FederatedDatabase != nil || in.CreateTableDefaultPermissions != nil {
		return nil, &smithy.GenericAPIError{Code: "NotImplemented", Fault: smithy.FaultServer,
			Message: "the local world does not model TargetDatabase, FederatedDatabase and CreateTableDefaultPermissions of a database that is made by an API call"}
	}
	return &database{name: strings.ToLower(*in.Name), description: aws.ToString(in.Description), location: aws.ToString(in.LocationUri), parameters: in.Parameters, tables: map[string]*table{}}, nil
}

func inputName(in *types.DatabaseInput) *string {
	if in == nil || in.Name == nil {
		return aws.String("")
	}
	return in.Name
}

// CreateDatabase puts a new database into the catalog.
func (s *Service) CreateDatabase(ctx context.Context, in *glue.CreateDatabaseInput, _ ...func(*glue.Options)) (*glue.CreateDatabaseOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.CreateDatabaseInput, glue.CreateDatabaseOutput]{
		Service: "glue", Action: "CreateDatabase", Takes: []string{"DatabaseInput", "CatalogId"}, Needs: s.catalogNeeds("CreateDatabase", inputName(in.DatabaseInput), nil), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.CreateDatabaseInput) (*glue.CreateDatabaseOutput, error) {
			d, err := readDatabase(in.DatabaseInput)
			if err != nil {
				return nil, err
			}
			if s.databases[d.name] != nil {
				return nil, &types.AlreadyExistsException{Message: aws.String("Database already exists.")}
			}
			d.created = s.door.Now()
			if s.lake != nil {
				s.lake.Create(d.name)
			}
			s.databases[d.name] = d
			return &glue.CreateDatabaseOutput{}, nil
		}),
	}, in)
}

// UpdateDatabase replaces a database's description, location and parameters. Its name stays.
func (s *Service) UpdateDatabase(ctx context.Context, in *glue.UpdateDatabaseInput, _ ...func(*glue.Options)) (*glue.UpdateDatabaseOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.UpdateDatabaseInput, glue.UpdateDatabaseOutput]{
		Service: "glue", Action: "UpdateDatabase", Takes: []string{"Name", "DatabaseInput", "CatalogId"}, Needs: s.catalogNeeds("UpdateDatabase", in.Name, nil), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.UpdateDatabaseInput) (*glue.UpdateDatabaseOutput, error) {
			old, err := s.findDatabase(in.Name)
			if err != nil {
				return nil, err
			}
			made, err := readDatabase(in.DatabaseInput)
			if err != nil {
				return nil, err
			}
			if made.name != strings.ToLower(old.name) {
				return nil, invalidInput("the database %s cannot be renamed to %s", old.name, made.name)
			}
			old.description, old.location, old.parameters = made.description, made.location, made.parameters
			return &glue.UpdateDatabaseOutput{}, nil
		}),
	}, in)
}

// DeleteDatabase deletes a database with its tables, at once. Glue deletes the tables in its own time.
func (s *Service) DeleteDatabase(ctx context.Context, in *glue.DeleteDatabaseInput, _ ...func(*glue.Options)) (*glue.DeleteDatabaseOutput, error) {
	in = door.Given(in)
	needs := append(s.catalogNeeds("DeleteDatabase", in.Name, aws.String("*")),
		door.Request{Action: "glue:DeleteDatabase", Resource: s.arn("glue", "userDefinedFunction/"+aws.ToString(in.Name)+"/*")})
	return door.Call(ctx, s.door, door.Op[glue.DeleteDatabaseInput, glue.DeleteDatabaseOutput]{
		Service: "glue", Action: "DeleteDatabase", Takes: []string{"Name", "CatalogId"}, Needs: needs, Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.DeleteDatabaseInput) (*glue.DeleteDatabaseOutput, error) {
			d, err := s.findDatabase(in.Name)
			if err != nil {
				return nil, err
			}
			delete(s.databases, strings.ToLower(d.name))
			if s.lake != nil {
				s.lake.Delete(d.name)
			}
			return &glue.DeleteDatabaseOutput{}, nil
		}),
	}, in)
}

// DeleteTable deletes a table with its partitions. The objects stay.
func (s *Service) DeleteTable(ctx context.Context, in *glue.DeleteTableInput, _ ...func(*glue.Options)) (*glue.DeleteTableOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.DeleteTableInput, glue.DeleteTableOutput]{
		Service: "glue", Action: "DeleteTable", Takes: []string{"DatabaseName", "Name", "CatalogId"}, Needs: s.catalogNeeds("DeleteTable", in.DatabaseName, in.Name), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.DeleteTableInput) (*glue.DeleteTableOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.Name)
			if err != nil {
				return nil, err
			}
			d, err := s.findDatabase(in.DatabaseName)
			if err != nil {
				return nil, err
			}
			delete(d.tables, strings.ToLower(*t.Name))
			return &glue.DeleteTableOutput{}, nil
		}),
	}, in)
}

// BatchDeleteTable deletes up to 100 tables; those that are not there are among the errors.
func (s *Service) BatchDeleteTable(ctx context.Context, in *glue.BatchDeleteTableInput, _ ...func(*glue.Options)) (*glue.BatchDeleteTableOutput, error) {
	in = door.Given(in)
	needs := s.catalogNeeds("BatchDeleteTable", in.DatabaseName, nil)
	for _, name := range in.TablesToDelete {
		needs = append(needs, door.Request{Action: "glue:BatchDeleteTable", Resource: s.arn("glue", "table/"+aws.ToString(in.DatabaseName)+"/"+name)})
	}
	return door.Call(ctx, s.door, door.Op[glue.BatchDeleteTableInput, glue.BatchDeleteTableOutput]{
		Service: "glue", Action: "BatchDeleteTable", Takes: []string{"DatabaseName", "TablesToDelete", "CatalogId"}, Needs: needs, Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.BatchDeleteTableInput) (*glue.BatchDeleteTableOutput, error) {
			d, err := s.findDatabase(in.DatabaseName)
			if err != nil {
				return nil, err
			}
			if n := len(in.TablesToDelete); n > maxBatchDeleteTables {
				return nil, invalidInput("at most %d tables at a time", maxBatchDeleteTables)
			}
			out := &glue.BatchDeleteTableOutput{}
			for _, name := range in.TablesToDelete {
				key := strings.ToLower(name)
				if d.tables[key] == nil {
					out.Errors = append(out.Errors, types.TableError{TableName: aws.String(name), ErrorDetail: &types.ErrorDetail{
						ErrorCode: aws.String("EntityNotFoundException"), ErrorMessage: aws.String("Table " + name + " not found."),
					}})
				}
				delete(d.tables, key)
			}
			return out, nil
		}),
	}, in)
}

// DeletePartition removes one partition. The objects stay.
func (s *Service) DeletePartition(ctx context.Context, in *glue.DeletePartitionInput, _ ...func(*glue.Options)) (*glue.DeletePartitionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.DeletePartitionInput, glue.DeletePartitionOutput]{
		Service: "glue", Action: "DeletePartition", Takes: []string{"DatabaseName", "TableName", "PartitionValues", "CatalogId"}, Needs: s.catalogNeeds("DeletePartition", in.DatabaseName, in.TableName), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.DeletePartitionInput) (*glue.DeletePartitionOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.TableName)
			if err != nil {
				return nil, err
			}
			key := valuesKey(in.PartitionValues)
			if t.partitions[key] == nil {
				return nil, notFound("Cannot find partition.")
			}
			delete(t.partitions, key)
			return &glue.DeletePartitionOutput{}, nil
		}),
	}, in)
}
