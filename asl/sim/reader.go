package sim

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"airline/asl"
	"airline/asl/jsonvalue"
)

// maxReaderItems is the greatest number of items that AWS reads.
const maxReaderItems = 100_000_000

// A reader is a compiled ItemReader.
type reader struct {
	list       bool // listObjectsV2 rather than getObject
	parameters *template
	inputType  string
	delimiter  rune
	headers    []string // GIVEN
	firstRow   bool
	pointer    string
	maxItems   *amount
}

var delimiters = map[string]rune{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

func (c *compiler) reader(s *state, d *asl.ItemReader) *reader {
	r := &reader{list: strings.HasSuffix(d.Resource, ":listObjectsV2"), delimiter: ','}
	at := s.location + "/ItemReader"
	if !r.list && !strings.HasSuffix(d.Resource, ":getObject") {
		c.fail(at+"/Resource", "expected arn:aws:states:::s3:getObject or arn:aws:states:::s3:listObjectsV2")
	}
	switch {
	case d.Arguments.IsSet() && s.jsonata:
		r.parameters = c.template(d.Arguments.Value(), true, at, "Arguments")
	case d.Parameters.IsSet():
		r.parameters = c.template(d.Parameters.Value(), s.jsonata, at, "Parameters")
	default:
		r.parameters = &template{}
	}
	config := d.ReaderConfig
	if config == nil {
		return r
	}
	text := func(f asl.Field) string {
		value, _ := f.Text()
		return value
	}
	r.inputType, r.pointer = text(config.InputType), text(config.ItemsPointer)
	var known bool
	if r.delimiter, known = delimiters[text(config.CSVDelimiter)]; !known {
		c.fail(at+"/ReaderConfig/CSVDelimiter", "expected COMMA, PIPE, SEMICOLON, SPACE or TAB")
	}
	r.firstRow = text(config.CSVHeaderLocation) == "FIRST_ROW"
	headers, _ := config.CSVHeaders.Value().([]any)
	for _, header := range headers {
		name, _ := header.(string)
		r.headers = append(r.headers, name)
	}
	r.maxItems = c.amount(s, "MaxItems", config.MaxItems, config.MaxItemsPath)
	return r
}

// readerSource is a reader with its parameters evaluated.
type readerSource struct {
	*reader
	parameters *jsonvalue.Object
	max        int
}

// prepare evaluates the reader's fields, before the map run starts.
func (r *reader) prepare(th *thread, input any) (*readerSource, *fault) {
	limit, f := r.maxItems.whole(th, input, -1<<31, 0)
	if f != nil {
		return nil, f
	}
	value, f := r.parameters.eval(th, input)
	if f != nil {
		return nil, f
	}
	parameters, _ := value.(*jsonvalue.Object)
	return &readerSource{r, parameters, limit}, nil
}

func readerFault(cause string) *fault {
	return &fault{name: ErrItemReaderFailed, hasName: true, cause: cause, hasCause: true}
}

func (r *readerSource) text(name string) string {
	value, _ := r.parameters.Get(name)
	s, _ := value.(string)
	return s
}

// read fetches the items.
func (r *readerSource) read(th *thread) (*items, *fault) {
	if r.max < 0 {
		return nil, readerFault("field MaxItems must be positive")
	}
	limit := r.max
	if limit == 0 {
		limit = maxReaderItems
	}
	store := th.exec.options.Objects
	if store == nil {
		return nil, noObjects("ItemReader")
	}
	bucket := r.text("Bucket")
	if r.list {
		return r.listing(store, bucket, limit)
	}
	body, err := store.GetObject(bucket, r.text("Key"))
	if err != nil {
		if errors.Is(err, ErrNoSuchKey) {
			return nil, readerFault(ErrNoSuchKey.Error())
		}
		return nil, readerFault(err.Error())
	}
	if body, err = unzip(body); err != nil {
		return nil, readerFault(err.Error())
	}
	list, f := r.parse(store, body, limit)
	if list != nil && len(list.list) > limit {
		list.list = list.list[:limit]
	}
	return list, f
}

// unzip decompresses a gzip file; any other stays as it is.
func unzip(body []byte) ([]byte, error) {
	if !bytes.HasPrefix(body, []byte{0x1F, 0x8B}) {
		return body, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	const largest = 1 << 30
	body, err = io.ReadAll(io.LimitReader(z, largest))
	if len(body) == largest {
		return nil, errors.New("the file is too large")
	}
	return body, err
}

func (r *readerSource) listing(store ObjectStore, bucket string, limit int) (*items, *fault) {
	objects, err := store.ListObjects(bucket, r.text("Prefix"))
	if err != nil {
		return nil, readerFault(err.Error())
	}
	list := make([]any, 0, min(len(objects), limit))
	for _, info := range objects[:min(len(objects), limit)] {
		o := jsonvalue.NewObject(5)
		o.Set("Etag", info.ETag)
		o.Set("Key", info.Key)
		o.Set("LastModified", float64(info.LastModified.Unix()))
		o.Set("Size", float64(info.Size))
		o.Set("StorageClass", info.StorageClass)
		list = append(list, o)
	}
	return &items{list: list}, nil
}

func (r *readerSource) parse(store ObjectStore, body []byte, limit int) (*items, *fault) {
	kind := r.inputType
	if kind == "" {
		key := strings.TrimSuffix(r.text("Key"), ".gz")
		kind = strings.ToUpper(key[strings.LastIndexByte(key, '.')+1:])
	}
	switch kind {
	case "JSON":
		return r.json(body)
	case "JSONL":
		return jsonLines(body, limit)
	case "CSV":
		return r.csv(body, limit)
	case "MANIFEST":
		return r.manifest(store, body, limit)
	}
	return nil, readerFault(fmt.Sprintf("InputType %s is not supported", kind))
}

func (r *readerSource) json(body []byte) (*items, *fault) {
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
	if !ok {
		return nil, readerFault("Attempting to map over non-iterable node.")
	}
	return &items{list: list}, nil
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
	rows := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\uFEFF"))))
	rows.Comma, rows.FieldsPerRecord, rows.LazyQuotes = r.delimiter, -1, true
	headers := r.headers
	if r.firstRow || headers == nil {
		first, err := rows.Read()
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
		row, err := rows.Read()
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

// manifest reads an S3 inventory: a manifest whose files are gzipped CSV listings.
func (r *readerSource) manifest(store ObjectStore, body []byte, limit int) (*items, *fault) {
	value, err := jsonvalue.Decode(body)
	object, ok := value.(*jsonvalue.Object)
	if err != nil || !ok {
		return nil, readerFault("Attempting to map over an invalid manifest.")
	}
	text := func(o *jsonvalue.Object, name string) string {
		value, _ := o.Get(name)
		s, _ := value.(string)
		return s
	}
	bucket := strings.TrimPrefix(text(object, "destinationBucket"), "arn:aws:s3:::")
	if bucket == "" {
		bucket = r.text("Bucket")
	}
	var headers []string
	for _, name := range strings.Split(text(object, "fileSchema"), ",") {
		headers = append(headers, strings.TrimSpace(name))
	}
	files, _ := object.Get("files")
	parts, _ := files.([]any)
	all := &items{list: []any{}}
	for _, part := range parts {
		entry, _ := part.(*jsonvalue.Object)
		content, err := store.GetObject(bucket, text(entry, "key"))
		if err == nil {
			content, err = unzip(content)
		}
		if err != nil {
			return nil, readerFault(err.Error())
		}
		rows := &readerSource{reader: &reader{delimiter: ',', headers: headers}, parameters: r.parameters}
		list, f := rows.csv(content, limit-len(all.list))
		if f != nil {
			return nil, f
		}
		all.list = append(all.list, list.list...)
	}
	return all, nil
}
