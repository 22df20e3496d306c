package sim

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"airline/asl/jsonvalue"
)

// parse reads the items of a file. Without an InputType, the ending of its key
// tells what it is. old is the behaviour before objects
// were data sets.
func (r *readerSource) parse(key string, body []byte, limit int, old bool) (*items, *fault) {
	kind := r.inputType
	if kind == "" {
		key = strings.TrimSuffix(key, ".gz")
		kind = strings.ToUpper(key[strings.LastIndexByte(key, '.')+1:])
	}
	switch kind {
	case "JSON":
		return r.json(body, old)
	case "JSONL":
		return jsonLines(body, limit)
	case "CSV":
		return r.csv(body, limit)
	case "PARQUET":
		// Step Functions reads it, so nothing in the machine may take this for a
		// failure of its own.
		return nil, &fault{name: ErrUnmocked, hasName: true, hasCause: true, terminal: true,
			cause: "the interpreter reads no Parquet files: give the test the same items as CSV, JSON or JSONL"}
	}
	return nil, readerFault(fmt.Sprintf("InputType %s is not supported", kind))
}

func (r *readerSource) json(body []byte, old bool) (*items, *fault) {
	value, err := jsonvalue.Decode(bytes.TrimPrefix(body, []byte("\uFEFF")))
	if err != nil {
		return nil, readerFault("Unable to parse the JSON file: " + err.Error())
	}
	for _, name := range strings.Split(r.pointer, "/")[1:] {
		object, _ := value.(*jsonvalue.Object)
		member, ok := object.Get(strings.NewReplacer("~1", "/", "~0", "~").Replace(name))
		if !ok {
			return nil, readerFault(fmt.Sprintf("ItemsPointer %s does not lead to an array", r.pointer))
		}
		value = member
	}
	list, ok := value.([]any)
	if object, isObject := value.(*jsonvalue.Object); isObject && !old {
		return &items{list: members(object)}, nil
	}
	if !ok {
		return nil, readerFault("Attempting to map over non-iterable node.")
	}
	return &items{list: list}, nil
}

// members makes an item of each member of an object, {"Key", "Value"}: observed
// on AWS in July 2026 (github.com/floci-io/floci, issue 1588).
func members(object *jsonvalue.Object) []any {
	list := make([]any, 0, object.Len())
	for name, value := range object.All() {
		item := jsonvalue.NewObject(2)
		item.Set("Key", name)
		item.Set("Value", value)
		list = append(list, item)
	}
	return list
}

func jsonLines(body []byte, limit int) (*items, *fault) {
	list := []any{}
	for n, line := range bytes.Split(body, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		value, err := jsonvalue.Decode(line)
		if err != nil {
			return nil, readerFault(fmt.Sprintf("Unable to parse line %d: %v", n+1, err))
		}
		if list = append(list, value); len(list) >= limit {
			break
		}
	}
	return &items{list: list}, nil
}

// csv makes an object of every row: missing fields are empty, fields beyond the
// headers are dropped.
func (r *readerSource) csv(body []byte, limit int) (*items, *fault) {
	rows := csvReader{text: string(bytes.TrimPrefix(body, []byte("\uFEFF"))), delimiter: r.delimiter}
	headers := r.headers
	if r.firstRow || headers == nil {
		first, err := rows.read()
		if err != nil {
			return nil, readerFault("CSV file has no header row.")
		}
		headers = first
	}
	if sorted := slices.Sorted(slices.Values(headers)); len(slices.Compact(sorted)) < len(headers) {
		return nil, readerFault("CSV headers cannot contain duplicates.")
	}
	list := []any{}
	for len(list) < limit {
		row, err := rows.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, readerFault("Unable to parse the CSV file: " + err.Error())
		}
		object := jsonvalue.NewObject(len(headers))
		for i, header := range headers {
			field := ""
			if i < len(row) {
				field = row[i]
			}
			object.Set(header, field)
		}
		list = append(list, object)
	}
	return &items{list: list}, nil
}
