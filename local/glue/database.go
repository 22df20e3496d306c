package glue

import (
	"context"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
)

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
		return nil, door.NotModelled("TargetDatabase, FederatedDatabase and CreateTableDefaultPermissions of a database that is made by an API call")
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
