// Package dynamodb has typed tasks for Amazon DynamoDB.
//
//	lock := dynamodb.PutItem{
//		TableName: asl.Text("locks"),
//		Item:      dynamodb.Item{"id": dynamodb.S(key)},
//		ConditionExpression: asl.Text("attribute_not_exists(id)"),
//	}.Task("Lock").Catch(dynamodb.PutConditionFailed, busy)
package dynamodb

import "airline/asl"

// Item is the attributes of an item by name.
type Item map[string]Attribute

// Attribute is a value with its type: exactly one field is given.
type Attribute struct {
	S    asl.Value[string] // text
	N    asl.Value[string] // number, as text
	BOOL asl.Value[bool]
	NULL asl.Value[bool]
	M    any // map of attributes
	L    any // list of attributes
	SS   []asl.Value[string]
	NS   []asl.Value[string]
}

// S is a text attribute.
func S(v asl.Value[string]) Attribute { return Attribute{S: v} }

// N is a number attribute of a number's text; asl.Format("{}", n) makes one of a
// number.
func N(v asl.Value[string]) Attribute { return Attribute{N: v} }

// B is a boolean attribute.
func B(v asl.Value[bool]) Attribute { return Attribute{BOOL: v} }

// Values is an item in a task's output: texts of any attribute by name.
type Values map[string]struct {
	S    string
	N    string
	BOOL bool
}

// GetItem reads an item by its key.
type GetItem struct {
	TableName                asl.Value[string] `asl:"required"` // required: name or ARN
	Key                      Item              `asl:"required"` // required
	ConsistentRead           asl.Value[bool]
	ProjectionExpression     asl.Value[string]
	ExpressionAttributeNames map[string]asl.Value[string]
}

// Errors of GetItem.
const (
	GetThroughputExceeded asl.Err[GetItem] = "DynamoDB.ProvisionedThroughputExceededException"
	GetTableNotFound      asl.Err[GetItem] = "DynamoDB.ResourceNotFoundException"
	GetServiceError       asl.Err[GetItem] = "DynamoDB.AmazonDynamoDBException"
)

// GetItemOutput is the item; Item is absent when there is none: ask IsPresent.
type GetItemOutput struct{ Item Values }

// Task reads the item.
func (p GetItem) Task(name string) asl.Task[GetItem, GetItemOutput] {
	return asl.NewTask[GetItem, GetItemOutput](name, "arn:aws:states:::dynamodb:getItem", p)
}

// PutItem writes an item.
type PutItem struct {
	TableName                 asl.Value[string] `asl:"required"` // required: name or ARN
	Item                      Item              `asl:"required"` // required
	ConditionExpression       asl.Value[string]
	ExpressionAttributeNames  map[string]asl.Value[string]
	ExpressionAttributeValues Item
	ReturnValues              asl.Value[string] // "NONE" or "ALL_OLD"
}

// Errors of PutItem.
const (
	PutConditionFailed    asl.Err[PutItem] = "DynamoDB.ConditionalCheckFailedException"
	PutThroughputExceeded asl.Err[PutItem] = "DynamoDB.ProvisionedThroughputExceededException"
	PutTableNotFound      asl.Err[PutItem] = "DynamoDB.ResourceNotFoundException"
	PutConflict           asl.Err[PutItem] = "DynamoDB.TransactionConflictException"
	PutServiceError       asl.Err[PutItem] = "DynamoDB.AmazonDynamoDBException"
)

// WriteOutput holds the attributes that ReturnValues asked for.
type WriteOutput struct{ Attributes Values }

// Task writes the item.
func (p PutItem) Task(name string) asl.Task[PutItem, WriteOutput] {
	return asl.NewTask[PutItem, WriteOutput](name, "arn:aws:states:::dynamodb:putItem", p)
}

// UpdateItem changes an item, or makes it.
type UpdateItem struct {
	TableName                 asl.Value[string] `asl:"required"` // required: name or ARN
	Key                       Item              `asl:"required"` // required
	UpdateExpression          asl.Value[string]
	ConditionExpression       asl.Value[string]
	ExpressionAttributeNames  map[string]asl.Value[string]
	ExpressionAttributeValues Item
	ReturnValues              asl.Value[string] // "NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"
}

// Errors of UpdateItem.
const (
	UpdateConditionFailed    asl.Err[UpdateItem] = "DynamoDB.ConditionalCheckFailedException"
	UpdateThroughputExceeded asl.Err[UpdateItem] = "DynamoDB.ProvisionedThroughputExceededException"
	UpdateTableNotFound      asl.Err[UpdateItem] = "DynamoDB.ResourceNotFoundException"
	UpdateConflict           asl.Err[UpdateItem] = "DynamoDB.TransactionConflictException"
	UpdateServiceError       asl.Err[UpdateItem] = "DynamoDB.AmazonDynamoDBException"
)

// Task changes the item.
func (p UpdateItem) Task(name string) asl.Task[UpdateItem, WriteOutput] {
	return asl.NewTask[UpdateItem, WriteOutput](name, "arn:aws:states:::dynamodb:updateItem", p)
}

// DeleteItem deletes an item.
type DeleteItem struct {
	TableName                 asl.Value[string] `asl:"required"` // required: name or ARN
	Key                       Item              `asl:"required"` // required
	ConditionExpression       asl.Value[string]
	ExpressionAttributeNames  map[string]asl.Value[string]
	ExpressionAttributeValues Item
	ReturnValues              asl.Value[string] // "NONE" or "ALL_OLD"
}

// Errors of DeleteItem.
const (
	DeleteConditionFailed    asl.Err[DeleteItem] = "DynamoDB.ConditionalCheckFailedException"
	DeleteThroughputExceeded asl.Err[DeleteItem] = "DynamoDB.ProvisionedThroughputExceededException"
	DeleteTableNotFound      asl.Err[DeleteItem] = "DynamoDB.ResourceNotFoundException"
	DeleteServiceError       asl.Err[DeleteItem] = "DynamoDB.AmazonDynamoDBException"
)

// Task deletes the item.
func (p DeleteItem) Task(name string) asl.Task[DeleteItem, WriteOutput] {
	return asl.NewTask[DeleteItem, WriteOutput](name, "arn:aws:states:::dynamodb:deleteItem", p)
}

// Query reads the items of a partition, a page at a time.
type Query struct {
	TableName                 asl.Value[string] `asl:"required"` // required: name or ARN
	IndexName                 asl.Value[string]
	KeyConditionExpression    asl.Value[string] `asl:"required"` // required
	FilterExpression          asl.Value[string]
	ProjectionExpression      asl.Value[string]
	ExpressionAttributeNames  map[string]asl.Value[string]
	ExpressionAttributeValues Item
	ExclusiveStartKey         asl.Value[any] // LastEvaluatedKey of the page before
	Limit                     asl.Value[int]
	ScanIndexForward          asl.Value[bool]
}

// Errors of Query.
const (
	QueryThroughputExceeded asl.Err[Query] = "DynamoDb.ProvisionedThroughputExceededException"
	QueryTableNotFound      asl.Err[Query] = "DynamoDb.ResourceNotFoundException"
	QueryServiceError       asl.Err[Query] = "DynamoDb.DynamoDbException"
)

// QueryOutput is a page of items.
type QueryOutput struct {
	Items            []Values
	Count            int
	ScannedCount     int
	LastEvaluatedKey any // absent on the last page
}

// Task reads the page.
func (p Query) Task(name string) asl.Task[Query, QueryOutput] {
	return asl.NewTask[Query, QueryOutput](name, asl.SDK("dynamodb", "query"), p)
}
