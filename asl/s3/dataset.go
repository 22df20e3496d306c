package s3

import "airline/asl"

// Where is an object, or a prefix of objects.
type Where struct {
	Bucket asl.Value[string]
	Key    asl.Value[string]
	Prefix asl.Value[string]
}

// CSV reads the rows of a CSV object as the items of a distributed Map: objects
// whose members are texts, named by the headers. Without headers the first row
// holds them.
func CSV(from Where, headers ...string) asl.ItemReader[map[string]string] {
	return asl.ItemReader[map[string]string]{Resource: getObject, Parameters: from, InputType: "CSV", CSVHeaders: headers}
}

// JSONList reads the list in a JSON object; pointer says where in the file, ""
// that it is the whole file.
func JSONList[Item any](from Where, pointer string) asl.ItemReader[Item] {
	return asl.ItemReader[Item]{Resource: getObject, Parameters: from, InputType: "JSON", ItemsPointer: pointer}
}

// JSONLines reads an object with a JSON value a line.
func JSONLines[Item any](from Where) asl.ItemReader[Item] {
	return asl.ItemReader[Item]{Resource: getObject, Parameters: from, InputType: "JSONL"}
}

// Manifest reads an S3 inventory: its items are the objects listed there, with the
// members that the inventory is configured to have, all of them texts.
func Manifest(from Where) asl.ItemReader[map[string]string] {
	return asl.ItemReader[map[string]string]{Resource: getObject, Parameters: from, InputType: "MANIFEST"}
}

// Listing takes the objects under a prefix for items.
func Listing(from Where) asl.ItemReader[ListedObject] {
	return asl.ItemReader[ListedObject]{Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: from}
}

// ListedObject is an item of Listing. A distributed Map spells it otherwise than
// the task ListObjects ("ItemReader (Map)", Step Functions guide): the entity tag
// is Etag, and the moment of the last change a number of seconds since 1970.
type ListedObject struct {
	Etag         string // with its quotes
	Key          string
	LastModified float64 // seconds since 1970
	Size         int     // bytes
	StorageClass string
}

// Results writes the results of a distributed Map under a prefix.
func Results(to Where) *asl.ResultWriter {
	return &asl.ResultWriter{Resource: "arn:aws:states:::s3:putObject", Parameters: to}
}

const getObject = "arn:aws:states:::s3:getObject"
