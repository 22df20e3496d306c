package sim

import (
	"bytes"
	"fmt"
	"strings"

	"airline/asl/jsonvalue"
)

// inventory reads an S3 inventory: a manifest whose files are gzipped CSV listings.
func (r *readerSource) inventory(store ObjectStore, body []byte, limit int) (*items, *fault) {
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

// athena reads the manifest that an UNLOAD of Athena leaves: the URI of a data
// file on each line. The items are those of the files, in the manifest's order.
func (r *readerSource) athena(th *thread, body []byte, limit int) (*items, *fault) {
	all := &items{list: []any{}}
	for n, line := range bytes.Split(body, []byte("\n")) {
		uri := strings.Trim(strings.TrimSpace(string(line)), `"`)
		if uri == "" {
			continue
		}
		path, ok := strings.CutPrefix(uri, "s3://")
		bucket, key, found := strings.Cut(path, "/")
		if !ok || !found {
			return nil, readerFault(fmt.Sprintf("Line %d of the manifest is no URI of an S3 object: %s", n+1, uri))
		}
		if f := r.load(th, bucket, key, all, limit); f != nil || len(all.list) >= limit {
			return all, f
		}
	}
	return all, nil
}
