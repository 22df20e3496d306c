package glue

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
)

type database struct {
	name        string
	description string
	location    string
	created     time.Time
	parameters  map[string]string
	tables      map[string]*table
}

type table struct {
	types.Table
	version    int
	partitions map[string]*types.Partition // by valuesKey
}

func (s *Service) findDatabase(name *string) (*database, error) {
	d := s.databases[strings.ToLower(aws.ToString(name))]
	if d == nil {
		return nil, notFound("Database %s not found.", aws.ToString(name))
	}
	return d, nil
}

func (s *Service) findTable(databaseName, name *string) (*table, error) {
	d, err := s.findDatabase(databaseName)
	if err != nil {
		return nil, err
	}
	t := d.tables[strings.ToLower(aws.ToString(name))]
	if t == nil {
		return nil, notFound("Table %s not found.", aws.ToString(name))
	}
	return t, nil
}

// GetDatabase describes a database of the catalog.
func (s *Service) GetDatabase(ctx context.Context, in *glue.GetDatabaseInput, _ ...func(*glue.Options)) (*glue.GetDatabaseOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetDatabaseInput, glue.GetDatabaseOutput]{
		Service: "glue", Action: "GetDatabase", Takes: []string{"Name", "CatalogId"}, Needs: s.catalogNeeds("GetDatabase", in.Name, nil), Usage: catalogRequest(),
		Do: encrypted(s, readsCatalog, func(_ context.Context, in *glue.GetDatabaseInput) (*glue.GetDatabaseOutput, error) {
			d, err := s.findDatabase(in.Name)
			if err != nil {
				return nil, err
			}
			return &glue.GetDatabaseOutput{Database: d.describe()}, nil
		}),
	}, in)
}

func (d *database) describe() *types.Database {
	out := &types.Database{Name: aws.String(d.name), Description: aws.String(d.description), CreateTime: aws.Time(d.created), Parameters: d.parameters}
	if d.location != "" {
		out.LocationUri = aws.String(d.location)
	}
	return out
}

// GetTable describes a table.
func (s *Service) GetTable(ctx context.Context, in *glue.GetTableInput, _ ...func(*glue.Options)) (*glue.GetTableOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetTableInput, glue.GetTableOutput]{
		Service: "glue", Action: "GetTable", Takes: []string{"DatabaseName", "Name", "CatalogId"}, Needs: s.catalogNeeds("GetTable", in.DatabaseName, in.Name), Usage: catalogRequest(),
		Do: encrypted(s, readsCatalog, func(_ context.Context, in *glue.GetTableInput) (*glue.GetTableOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.Name)
			if err != nil {
				return nil, err
			}
			return &glue.GetTableOutput{Table: t.copy()}, nil
		}),
	}, in)
}

// GetTables lists the tables of a database, by name. Expression is the beginning of a name, or one with *.
func (s *Service) GetTables(ctx context.Context, in *glue.GetTablesInput, _ ...func(*glue.Options)) (*glue.GetTablesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetTablesInput, glue.GetTablesOutput]{
		Service: "glue", Action: "GetTables", Takes: []string{"DatabaseName", "Expression", "CatalogId"}, Needs: s.catalogNeeds("GetTables", in.DatabaseName, aws.String("*")), Usage: catalogRequest(),
		Do: encrypted(s, readsCatalog, func(_ context.Context, in *glue.GetTablesInput) (*glue.GetTablesOutput, error) {
			d, err := s.findDatabase(in.DatabaseName)
			if err != nil {
				return nil, err
			}
			if e := aws.ToString(in.Expression); e != "" && e != "*" {
				return nil, invalidInput("GetTables with the Expression %q is not modelled by the local world", e)
			}
			out := &glue.GetTablesOutput{}
			for _, t := range d.sorted() {
				out.TableList = append(out.TableList, *t.copy())
			}
			return out, nil
		}),
	}, in)
}

func (d *database) sorted() []*table {
	var list []*table
	for _, t := range d.tables {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *table) int { return strings.Compare(*a.Name, *b.Name) })
	return list
}

func (t *table) copy() *types.Table {
	c := t.Table
	c.VersionId = aws.String(strconv.Itoa(t.version))
	return &c
}

// CreateTable puts a new table into the catalog.
func (s *Service) CreateTable(ctx context.Context, in *glue.CreateTableInput, _ ...func(*glue.Options)) (*glue.CreateTableOutput, error) {
	in = door.Given(in)
	name := tableName(in.TableInput)
	return door.Call(ctx, s.door, door.Op[glue.CreateTableInput, glue.CreateTableOutput]{
		Service: "glue", Action: "CreateTable", Takes: []string{"DatabaseName", "TableInput", "CatalogId"}, Needs: s.catalogNeeds("CreateTable", in.DatabaseName, name), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(ctx context.Context, in *glue.CreateTableInput) (*glue.CreateTableOutput, error) {
			d, err := s.findDatabase(in.DatabaseName)
			if err != nil {
				return nil, err
			}
			key := strings.ToLower(aws.ToString(name))
			if key == "" {
				return nil, invalidInput("TableInput.Name is required")
			}
			if s.lake != nil {
				if err := s.lake.MayCreateTables(ctx, d.name); err != nil {
					return nil, err
				}
			}
			if d.tables[key] != nil {
				return nil, &types.AlreadyExistsException{Message: aws.String("Table already exists.")}
			}
			t := &table{partitions: map[string]*types.Partition{}}
			caller, _ := door.Caller(ctx)
			t.Table = types.Table{Name: aws.String(key), DatabaseName: aws.String(d.name), CreateTime: aws.Time(s.door.Now()), CreatedBy: aws.String(caller.String())}
			t.set(in.TableInput, s.door.Now())
			d.tables[key] = t
			return &glue.CreateTableOutput{}, nil
		}),
	}, in)
}

// UpdateTable replaces a table's definition, as a new version of it.
func (s *Service) UpdateTable(ctx context.Context, in *glue.UpdateTableInput, _ ...func(*glue.Options)) (*glue.UpdateTableOutput, error) {
	in = door.Given(in)
	name := tableName(in.TableInput)
	return door.Call(ctx, s.door, door.Op[glue.UpdateTableInput, glue.UpdateTableOutput]{
		Service: "glue", Action: "UpdateTable", Takes: []string{"DatabaseName", "TableInput", "VersionId", "SkipArchive", "CatalogId"}, Needs: s.catalogNeeds("UpdateTable", in.DatabaseName, name), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.UpdateTableInput) (*glue.UpdateTableOutput, error) {
			t, err := s.findTable(in.DatabaseName, name)
			if err != nil {
				return nil, err
			}
			if in.VersionId != nil && *in.VersionId != strconv.Itoa(t.version) {
				return nil, &types.ConcurrentModificationException{Message: aws.String("Update table failed due to concurrent modifications.")}
			}
			t.version++
			t.set(in.TableInput, s.door.Now())
			return &glue.UpdateTableOutput{}, nil
		}),
	}, in)
}

func tableName(in *types.TableInput) *string {
	if in == nil || in.Name == nil {
		return aws.String("")
	}
	return in.Name
}

func (t *table) set(in *types.TableInput, now time.Time) {
	t.Description, t.Owner, t.Parameters, t.PartitionKeys, t.Retention = in.Description, in.Owner, in.Parameters, in.PartitionKeys, in.Retention
	t.StorageDescriptor, t.TableType, t.LastAccessTime = in.StorageDescriptor, in.TableType, in.LastAccessTime
	t.ViewExpandedText, t.ViewOriginalText, t.LastAnalyzedTime = in.ViewExpandedText, in.ViewOriginalText, in.LastAnalyzedTime
	t.UpdateTime = aws.Time(now)
}

// Tables lists the tables of the catalog with their numbers of partitions, for a look from outside of the world.
func (s *Service) Tables() []TableSummary {
	var list []TableSummary
	for _, d := range s.databases {
		for _, t := range d.sorted() {
			summary := TableSummary{Database: d.name, Name: *t.Name, Partitions: len(t.partitions)}
			if sd := t.StorageDescriptor; sd != nil {
				for _, c := range sd.Columns {
					summary.Columns = append(summary.Columns, aws.ToString(c.Name)+" "+aws.ToString(c.Type))
				}
			}
			list = append(list, summary)
		}
	}
	slices.SortFunc(list, func(a, b TableSummary) int { return strings.Compare(a.Database+"."+a.Name, b.Database+"."+b.Name) })
	return list
}

// TableSummary is a table in short.
type TableSummary struct {
	Database, Name string
	Columns        []string // "depdelay bigint"
	Partitions     int
}

// maxBatchDeleteTables is how many tables one call deletes (Glue API reference, BatchDeleteTable).
const maxBatchDeleteTables = 100

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
