package glue

import (
	"time"

	"airline/asl"
	"airline/asl/ast"
)

// GetTable describes a table of the catalog.
type GetTable struct {
	DatabaseName asl.Value[string] `asl:"required"`   // required
	Name         asl.Value[string] `asl:"required"`   // required
	CatalogID    asl.Value[string] `json:"CatalogId"` // another account's; by default one's own

	// CatalogKeyARN is the KMS key that encrypts the catalog, for the grants.
	CatalogKeyARN string `json:"-"`
}

// Errors of GetTable.
const (
	TableNotFound            asl.Err[GetTable] = "Glue.EntityNotFoundException"
	GetTableInternalService  asl.Err[GetTable] = "Glue.InternalServiceException"
	GetTableOperationTimeout asl.Err[GetTable] = "Glue.OperationTimeoutException"
)

// GetTableOutput describes the table.
type GetTableOutput struct {
	Table Table
}

// Table is a table of the catalog.
type Table struct {
	Name              string
	DatabaseName      string
	TableType         string
	Parameters        map[string]string
	PartitionKeys     []Column
	StorageDescriptor StorageDescriptor
	CreateTime        time.Time
	UpdateTime        time.Time
	VersionID         string `json:"VersionId"`
}

// Column is a column of a table, or a key of its partitions.
type Column struct {
	Name    string
	Type    string
	Comment string
}

// StorageDescriptor says where data lies, and how it is read.
type StorageDescriptor struct {
	Columns         []Column
	Location        string
	InputFormat     string
	OutputFormat    string
	Compressed      bool
	NumberOfBuckets int
	SerdeInfo       SerdeInfo
	Parameters      map[string]string
}

// SerdeInfo says what takes records apart.
type SerdeInfo struct {
	Name                 string
	SerializationLibrary string
	Parameters           map[string]string
}

// Task asks once.
func (p GetTable) Task(name string) asl.Task[GetTable, GetTableOutput] {
	return asl.NewTask[GetTable, GetTableOutput](name, asl.SDK("glue", "getTable"), p).Grant(viaGlue(p.CatalogKeyARN, "kms:Decrypt")...)
}

// BatchGetPartition describes partitions of a table by their values.
type BatchGetPartition struct {
	DatabaseName asl.Value[string] `asl:"required"` // required
	TableName    asl.Value[string] `asl:"required"` // required
	// PartitionsToGet are up to 1,000 values, one for each key of the table.
	PartitionsToGet asl.Value[[]PartitionValueList] `asl:"required"`   // required
	CatalogID       asl.Value[string]               `json:"CatalogId"` // another account's; by default one's own

	// CatalogKeyARN is the KMS key that encrypts the catalog, for the grants.
	CatalogKeyARN string `json:"-"`
}

// PartitionValueList names a partition.
type PartitionValueList struct {
	Values []string
}

// Errors of BatchGetPartition.
const (
	GetPartitionTableNotFound    asl.Err[BatchGetPartition] = "Glue.EntityNotFoundException"
	GetPartitionInternalService  asl.Err[BatchGetPartition] = "Glue.InternalServiceException"
	GetPartitionOperationTimeout asl.Err[BatchGetPartition] = "Glue.OperationTimeoutException"
)

// BatchGetPartitionOutput are the partitions that are there.
type BatchGetPartitionOutput struct {
	Partitions []Partition
	// UnprocessedKeys are those of which nothing was answered: the partition is not there, or was not looked for.
	UnprocessedKeys []PartitionValueList
}

// Partition is a partition of a table.
type Partition struct {
	Values            []string
	DatabaseName      string
	TableName         string
	CreationTime      time.Time
	Parameters        map[string]string
	StorageDescriptor StorageDescriptor
}

// Task asks once.
func (p BatchGetPartition) Task(name string) asl.Task[BatchGetPartition, BatchGetPartitionOutput] {
	return asl.NewTask[BatchGetPartition, BatchGetPartitionOutput](name, asl.SDK("glue", "batchGetPartition"), p).Grant(viaGlue(p.CatalogKeyARN, "kms:Decrypt")...)
}

// BatchCreatePartition adds partitions to a table.
type BatchCreatePartition struct {
	DatabaseName asl.Value[string] `asl:"required"` // required
	TableName    asl.Value[string] `asl:"required"` // required
	// PartitionInputList are up to 100 partitions.
	PartitionInputList asl.Value[[]PartitionInput] `asl:"required"`   // required
	CatalogID          asl.Value[string]           `json:"CatalogId"` // another account's; by default one's own

	// CatalogKeyARN is the KMS key that encrypts the catalog, for the grants.
	CatalogKeyARN string `json:"-"`
}

// PartitionInput is a partition to be.
type PartitionInput struct {
	Values            []string
	Parameters        map[string]string
	StorageDescriptor StorageDescriptor
}

// Errors of BatchCreatePartition. What is wrong with a single partition is no error but in the output: see PartitionExists.
const (
	CreatePartitionTableNotFound    asl.Err[BatchCreatePartition] = "Glue.EntityNotFoundException"
	CreatePartitionInternalService  asl.Err[BatchCreatePartition] = "Glue.InternalServiceException"
	CreatePartitionOperationTimeout asl.Err[BatchCreatePartition] = "Glue.OperationTimeoutException"
)

// PartitionExists is the code of a partition that is there already.
const PartitionExists = "AlreadyExistsException"

// BatchCreatePartitionOutput tells of the partitions that were not made.
type BatchCreatePartitionOutput struct {
	Errors []PartitionError
}

// PartitionError is why a partition was not made.
type PartitionError struct {
	PartitionValues []string
	ErrorDetail     struct{ ErrorCode, ErrorMessage string }
}

// Task makes the partitions, each for itself.
func (p BatchCreatePartition) Task(name string) asl.Task[BatchCreatePartition, BatchCreatePartitionOutput] {
	return asl.NewTask[BatchCreatePartition, BatchCreatePartitionOutput](name, asl.SDK("glue", "batchCreatePartition"), p).
		Grant(viaGlue(p.CatalogKeyARN, "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")...)
}

// viaGlue allows actions on the key that encrypts the catalog, to Glue alone, which takes them in the caller's name ("kms:ViaService", AWS KMS
// Developer Guide; "Encrypting your Data Catalog", AWS Glue Developer Guide); nothing without a key.
func viaGlue(keyARN string, actions ...string) []ast.Grant {
	if keyARN == "" {
		return nil
	}
	return []ast.Grant{{Actions: actions, Resources: []string{keyARN}, Conditions: []ast.GrantCondition{{Operator: "StringLike", Key: "kms:ViaService", Values: []string{"glue.*"}}}}}
}
