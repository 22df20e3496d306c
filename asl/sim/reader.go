package sim

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/states"
)

// A reader is a compiled ItemReader.
type reader struct {
	list       bool // listObjectsV2 rather than getObject
	flatten    bool // the items are those in the listed objects: LOAD_AND_FLATTEN
	parameters *template
	inputType  string
	manifest   string // ManifestType
	delimiter  rune
	headers    []string // GIVEN
	firstRow   bool
	pointer    string
	maxItems   *amount
}

var delimiters = map[string]rune{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

func (c *compiler) reader(s *state, d *ast.ItemReader) *reader {
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
	text := func(f ast.Field) string {
		value, _ := f.Text()
		return value
	}
	r.inputType, r.pointer = text(config.InputType), text(config.ItemsPointer)
	switch transformation := text(config.Transformation); transformation {
	case "", "NONE":
	case "LOAD_AND_FLATTEN":
		r.flatten = true
	default:
		c.fail(at+"/ReaderConfig/Transformation", "expected NONE or LOAD_AND_FLATTEN")
	}
	switch r.manifest = text(config.ManifestType); r.manifest {
	case "", "ATHENA_DATA", "S3_INVENTORY":
	default:
		c.fail(at+"/ReaderConfig/ManifestType", "expected ATHENA_DATA or S3_INVENTORY")
	}
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
	return &fault{name: states.ItemReaderFailed, hasName: true, cause: cause, hasCause: true}
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
		limit = ast.MaxItems
	}
	store := th.exec.options.Objects
	if store == nil {
		return nil, noObjects("ItemReader")
	}
	bucket := r.text("Bucket")
	if r.list {
		return r.listing(th, bucket, limit)
	}
	all := &items{list: []any{}}
	if r.manifest == "" && r.inputType != "MANIFEST" {
		return all, r.load(th, bucket, r.text("Key"), all, limit)
	}
	body, f := fetch(store, bucket, r.text("Key"))
	if f != nil {
		return nil, f
	}
	if r.manifest == "ATHENA_DATA" {
		return r.athena(th, body, limit)
	}
	list, f := r.inventory(store, body, limit)
	return list.from(objectURI(bucket, r.text("Key"))), f
}

// load adds the items of an object, up to the limit.
func (r *readerSource) load(th *thread, bucket, key string, all *items, limit int) *fault {
	store := th.exec.options.Objects
	body, f := fetch(store, bucket, key)
	if f != nil {
		return f
	}
	more, f := r.parse(key, body, limit-len(all.list), th.exec.before(objectsMapped))
	if f != nil {
		return f
	}
	more.list = more.list[:min(len(more.list), limit-len(all.list))]
	all.add(more.from(objectURI(bucket, key)))
	return nil
}

// fetch gets the content of an object, decompressed.
func fetch(store ObjectStore, bucket, key string) ([]byte, *fault) {
	body, err := store.GetObject(bucket, key)
	if err != nil {
		if errors.Is(err, ErrNoSuchKey) {
			return nil, readerFault(ErrNoSuchKey.Error())
		}
		return nil, readerFault(err.Error())
	}
	if body, err = unzip(body); err != nil {
		return nil, readerFault(err.Error())
	}
	return body, nil
}

// objectURI is how the context object names an object ("Context object data for
// Map states", Step Functions Developer Guide).
func objectURI(bucket, key string) string { return "S3://" + bucket + "/" + key }

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

// listing takes the objects below a prefix for items or, with LOAD_AND_FLATTEN,
// what is in them. The empty objects that stand for folders hold no items.
func (r *readerSource) listing(th *thread, bucket string, limit int) (*items, *fault) {
	objects, err := th.exec.options.Objects.ListObjects(bucket, r.text("Prefix"))
	if errors.Is(err, ErrNoSuchBucket) {
		return nil, readerFault(ErrNoSuchBucket.Error())
	}
	if err != nil {
		return nil, readerFault(err.Error())
	}
	all := &items{list: []any{}}
	for _, info := range objects {
		if len(all.list) >= limit {
			break
		}
		if !r.flatten {
			if info.LastModified.IsZero() { // a store that keeps no times
				info.LastModified = th.exec.clock.Now()
			}
			all.list = append(all.list, info.item())
		} else if info.Size > 0 || !strings.HasSuffix(info.Key, "/") {
			if f := r.load(th, bucket, info.Key, all, limit); f != nil {
				return nil, f
			}
		}
	}
	if !r.flatten {
		all.from("S3://" + bucket)
	}
	return all, nil
}

// item is a listed object as the item of a Map.
func (info ObjectInfo) item() *jsonvalue.Object {
	o := jsonvalue.NewObject(5)
	o.Set("Etag", info.ETag)
	o.Set("Key", info.Key)
	o.Set("LastModified", float64(info.LastModified.Unix()))
	o.Set("Size", float64(info.Size))
	o.Set("StorageClass", info.StorageClass)
	return o
}
