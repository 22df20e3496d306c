package s3_test

import (
	"strings"
	"testing"

	"airline/asl"
	"airline/asl/s3"
)

// TestListedObjects: the items of a listing have the members that a distributed
// Map gives them, and a path to another one is refused.
func TestListedObjects(t *testing.T) {
	reader := s3.Listing(s3.Where{Bucket: asl.Text("raw"), Prefix: asl.Text("in/")})
	process := func(first asl.Step) error {
		_, err := asl.Machine(asl.DistributedMap("Each", asl.DistributedSpec{ItemReader: reader}, asl.Chain(first).End()).End())
		return err
	}
	tag := asl.At(func(o *s3.ListedObject) *string { return &o.Etag })
	changed := asl.At(func(o *s3.ListedObject) *float64 { return &o.LastModified })
	if err := process(asl.Pass("Take").Parameters(asl.Object{"tag": tag, "changed": changed})); err != nil {
		t.Errorf("the members of a listed object are refused: %v", err)
	}
	wrong := asl.At(func(o *s3.Object) *string { return &o.ETag }) // as the task ListObjects spells it
	if err := process(asl.Pass("Take").Parameters(asl.Object{"tag": wrong})); err == nil || !strings.Contains(err.Error(), "$.ETag never exists here") {
		t.Errorf("a member that a listed object has not: got %v", err)
	}
	selected := asl.DistributedMap("Each", asl.DistributedSpec{ItemReader: reader}, asl.Pass("Take").End()).
		ItemSelector(asl.Object{"key": asl.Of(reader.Item(), func(o *s3.ListedObject) *string { return &o.Key })})
	d, err := asl.Machine(selected.End())
	if err != nil || !strings.Contains(d.String(), `"key.$": "$$.Map.Item.Value.Key"`) {
		t.Errorf("the item of the reader: got %v, %v", d, err)
	}
}

// TestRows: rows with given headers have these members and no others.
func TestRows(t *testing.T) {
	reader := s3.CSV(s3.Where{Bucket: asl.Text("raw"), Key: asl.Text("airports.csv")}, "iata", "city")
	read := func(column string) error {
		take := asl.Pass("Take").Parameters(asl.Object{"x": asl.Entry(asl.Input[map[string]string](), column)})
		_, err := asl.Machine(asl.DistributedMap("Each", asl.DistributedSpec{ItemReader: reader}, take.End()).End())
		return err
	}
	if err := read("city"); err != nil {
		t.Error(err)
	}
	if err := read("town"); err == nil {
		t.Error("a column that no header names is taken")
	}
}
