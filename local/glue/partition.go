package glue

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"

	"airline/local/door"
)

// Limits of the partition calls (Glue API reference).
const (
	maxBatchGet    = 1000
	maxBatchCreate = 100
	maxBatchDelete = 25
	pageSize       = 1000
)

// valuesKey makes a partition's values a map key.
func valuesKey(values []string) string { return strings.Join(values, "\x00") }

func (t *table) partitionOf(database string, in *types.PartitionInput, now time.Time) *types.Partition {
	return &types.Partition{
		DatabaseName: aws.String(database), TableName: t.Name, Values: slices.Clone(in.Values), CreationTime: aws.Time(now),
		Parameters: in.Parameters, StorageDescriptor: in.StorageDescriptor, LastAccessTime: in.LastAccessTime, LastAnalyzedTime: in.LastAnalyzedTime,
	}
}

func (t *table) checkValues(values []string) error {
	if len(values) != len(t.PartitionKeys) {
		return invalidInput("The number of partition keys do not match the number of partition values")
	}
	return nil
}

// GetPartition describes one partition.
func (s *Service) GetPartition(ctx context.Context, in *glue.GetPartitionInput, _ ...func(*glue.Options)) (*glue.GetPartitionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetPartitionInput, glue.GetPartitionOutput]{
		Service: "glue", Action: "GetPartition", Takes: []string{"DatabaseName", "TableName", "PartitionValues", "CatalogId"}, Needs: s.catalogNeeds("GetPartition", in.DatabaseName, in.TableName), Usage: catalogRequest(),
		Do: encrypted(s, readsCatalog, func(_ context.Context, in *glue.GetPartitionInput) (*glue.GetPartitionOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.TableName)
			if err != nil {
				return nil, err
			}
			p := t.partitions[valuesKey(in.PartitionValues)]
			if p == nil {
				return nil, notFound("Cannot find partition.")
			}
			return &glue.GetPartitionOutput{Partition: p}, nil
		}),
	}, in)
}

// GetPartitions lists a table's partitions in order of their values. An Expression is not modelled.
func (s *Service) GetPartitions(ctx context.Context, in *glue.GetPartitionsInput, _ ...func(*glue.Options)) (*glue.GetPartitionsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.GetPartitionsInput, glue.GetPartitionsOutput]{
		Service: "glue", Action: "GetPartitions", Takes: []string{"DatabaseName", "TableName", "MaxResults", "NextToken", "CatalogId"}, Needs: s.catalogNeeds("GetPartitions", in.DatabaseName, in.TableName), Usage: catalogRequest(),
		Do: encrypted(s, readsCatalog, func(_ context.Context, in *glue.GetPartitionsInput) (*glue.GetPartitionsOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.TableName)
			if err != nil {
				return nil, err
			}
			keys := make([]string, 0, len(t.partitions))
			for k := range t.partitions {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			page, next, err := pageOf(keys, pageSize, in.MaxResults, in.NextToken)
			out := &glue.GetPartitionsOutput{NextToken: next}
			for _, k := range page {
				out.Partitions = append(out.Partitions, *t.partitions[k])
			}
			return out, err
		}),
	}, in)
}

// BatchGetPartition describes those of up to 1000 partitions that are there.
func (s *Service) BatchGetPartition(ctx context.Context, in *glue.BatchGetPartitionInput, _ ...func(*glue.Options)) (*glue.BatchGetPartitionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.BatchGetPartitionInput, glue.BatchGetPartitionOutput]{
		Service: "glue", Action: "BatchGetPartition", Takes: []string{"DatabaseName", "TableName", "PartitionsToGet", "CatalogId"}, Needs: s.catalogNeeds("BatchGetPartition", in.DatabaseName, in.TableName), Usage: catalogRequest(),
		Do: encrypted(s, readsCatalog, func(_ context.Context, in *glue.BatchGetPartitionInput) (*glue.BatchGetPartitionOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.TableName)
			if err != nil {
				return nil, err
			}
			if len(in.PartitionsToGet) > maxBatchGet {
				return nil, invalidInput("at most %d partitions at a time", maxBatchGet)
			}
			out := &glue.BatchGetPartitionOutput{}
			for _, want := range in.PartitionsToGet {
				p := t.partitions[valuesKey(want.Values)]
				if p == nil { // "the partition values in the request for which partitions were not returned"
					out.UnprocessedKeys = append(out.UnprocessedKeys, want)
					continue
				}
				out.Partitions = append(out.Partitions, *p)
			}
			return out, nil
		}),
	}, in)
}

// CreatePartition adds one partition.
func (s *Service) CreatePartition(ctx context.Context, in *glue.CreatePartitionInput, _ ...func(*glue.Options)) (*glue.CreatePartitionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.CreatePartitionInput, glue.CreatePartitionOutput]{
		Service: "glue", Action: "CreatePartition", Takes: []string{"DatabaseName", "TableName", "PartitionInput", "CatalogId"}, Needs: s.catalogNeeds("CreatePartition", in.DatabaseName, in.TableName), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.CreatePartitionInput) (*glue.CreatePartitionOutput, error) {
			if in.PartitionInput == nil {
				return nil, invalidInput("PartitionInput is required")
			}
			t, err := s.findTable(in.DatabaseName, in.TableName)
			if err != nil {
				return nil, err
			}
			if err := t.checkValues(in.PartitionInput.Values); err != nil {
				return nil, err
			}
			key := valuesKey(in.PartitionInput.Values)
			if t.partitions[key] != nil {
				return nil, &types.AlreadyExistsException{Message: aws.String("Partition already exists.")}
			}
			t.partitions[key] = t.partitionOf(*in.DatabaseName, in.PartitionInput, s.door.Now())
			return &glue.CreatePartitionOutput{}, nil
		}),
	}, in)
}

// BatchCreatePartition adds up to 100 partitions; those that are there already are among the errors.
func (s *Service) BatchCreatePartition(ctx context.Context, in *glue.BatchCreatePartitionInput, _ ...func(*glue.Options)) (*glue.BatchCreatePartitionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.BatchCreatePartitionInput, glue.BatchCreatePartitionOutput]{
		Service: "glue", Action: "BatchCreatePartition", Takes: []string{"DatabaseName", "TableName", "PartitionInputList", "CatalogId"}, Needs: s.catalogNeeds("BatchCreatePartition", in.DatabaseName, in.TableName), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.BatchCreatePartitionInput) (*glue.BatchCreatePartitionOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.TableName)
			if err != nil {
				return nil, err
			}
			if len(in.PartitionInputList) > maxBatchCreate {
				return nil, invalidInput("at most %d partitions at a time", maxBatchCreate)
			}
			out := &glue.BatchCreatePartitionOutput{}
			for i := range in.PartitionInputList {
				p := &in.PartitionInputList[i]
				if err := t.checkValues(p.Values); err != nil {
					return nil, err
				}
				if key := valuesKey(p.Values); t.partitions[key] == nil {
					t.partitions[key] = t.partitionOf(*in.DatabaseName, p, s.door.Now())
					continue
				}
				out.Errors = append(out.Errors, types.PartitionError{PartitionValues: p.Values, ErrorDetail: &types.ErrorDetail{
					ErrorCode: aws.String("AlreadyExistsException"), ErrorMessage: aws.String("Partition already exists."),
				}})
			}
			return out, nil
		}),
	}, in)
}

// UpdatePartition replaces a partition.
func (s *Service) UpdatePartition(ctx context.Context, in *glue.UpdatePartitionInput, _ ...func(*glue.Options)) (*glue.UpdatePartitionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.UpdatePartitionInput, glue.UpdatePartitionOutput]{
		Service: "glue", Action: "UpdatePartition", Takes: []string{"DatabaseName", "TableName", "PartitionValueList", "PartitionInput", "CatalogId"}, Needs: s.catalogNeeds("UpdatePartition", in.DatabaseName, in.TableName), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.UpdatePartitionInput) (*glue.UpdatePartitionOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.TableName)
			if err != nil {
				return nil, err
			}
			old := t.partitions[valuesKey(in.PartitionValueList)]
			if old == nil {
				return nil, notFound("Cannot find partition.")
			}
			if in.PartitionInput == nil {
				return nil, invalidInput("PartitionInput is required")
			}
			if err := t.checkValues(in.PartitionInput.Values); err != nil {
				return nil, err
			}
			p := t.partitionOf(*in.DatabaseName, in.PartitionInput, s.door.Now())
			p.CreationTime = old.CreationTime
			delete(t.partitions, valuesKey(in.PartitionValueList))
			t.partitions[valuesKey(p.Values)] = p
			return &glue.UpdatePartitionOutput{}, nil
		}),
	}, in)
}

// BatchDeletePartition removes up to 25 partitions.
func (s *Service) BatchDeletePartition(ctx context.Context, in *glue.BatchDeletePartitionInput, _ ...func(*glue.Options)) (*glue.BatchDeletePartitionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[glue.BatchDeletePartitionInput, glue.BatchDeletePartitionOutput]{
		Service: "glue", Action: "BatchDeletePartition", Takes: []string{"DatabaseName", "TableName", "PartitionsToDelete", "CatalogId"}, Needs: s.catalogNeeds("BatchDeletePartition", in.DatabaseName, in.TableName), Usage: catalogRequest(),
		Do: encrypted(s, writesCatalog, func(_ context.Context, in *glue.BatchDeletePartitionInput) (*glue.BatchDeletePartitionOutput, error) {
			t, err := s.findTable(in.DatabaseName, in.TableName)
			if err != nil {
				return nil, err
			}
			if len(in.PartitionsToDelete) > maxBatchDelete {
				return nil, invalidInput("at most %d partitions at a time", maxBatchDelete)
			}
			out := &glue.BatchDeletePartitionOutput{}
			for _, p := range in.PartitionsToDelete {
				key := valuesKey(p.Values)
				if t.partitions[key] == nil {
					out.Errors = append(out.Errors, types.PartitionError{PartitionValues: p.Values, ErrorDetail: &types.ErrorDetail{
						ErrorCode: aws.String("EntityNotFoundException"), ErrorMessage: aws.String("Partition not found"),
					}})
				}
				delete(t.partitions, key)
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
