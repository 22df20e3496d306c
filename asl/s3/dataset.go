package s3

import "airline/asl"

// Where is an object, or a prefix of objects.
type Where struct {
	Bucket asl.Value[string]
	Key    asl.Value[string]
	Prefix asl.Value[string]
}

// CSV reads the rows of a CSV object as the items of a distributed Map. Without
// headers the first row holds them.
func CSV(from Where, headers ...string) *asl.ItemReader {
	return &asl.ItemReader{Resource: getObject, Parameters: from, InputType: "CSV", CSVHeaders: headers}
}

// JSONList reads the list in a JSON object; pointer says where in the file, ""
// that it is the whole file.
func JSONList(from Where, pointer string) *asl.ItemReader {
	return &asl.ItemReader{Resource: getObject, Parameters: from, InputType: "JSON", ItemsPointer: pointer}
}

// JSONLines reads an object with a JSON value a line.
func JSONLines(from Where) *asl.ItemReader {
	return &asl.ItemReader{Resource: getObject, Parameters: from, InputType: "JSONL"}
}

// Manifest reads an S3 inventory: its items are the objects listed there.
func Manifest(from Where) *asl.ItemReader {
	return &asl.ItemReader{Resource: getObject, Parameters: from, InputType: "MANIFEST"}
}

// Listing takes the objects under a prefix for items.
func Listing(from Where) *asl.ItemReader {
	return &asl.ItemReader{Resource: "arn:aws:states:::s3:listObjectsV2", Parameters: from}
}

// Results writes the results of a distributed Map under a prefix.
func Results(to Where) *asl.ResultWriter {
	return &asl.ResultWriter{Resource: "arn:aws:states:::s3:putObject", Parameters: to}
}

const getObject = "arn:aws:states:::s3:getObject"
