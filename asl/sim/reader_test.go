package sim_test

import (
	"fmt"
	"testing"

	"airline/asl/sim"
)

// Every way to name a data set gives its items, and where each comes from.
func TestItemReader(t *testing.T) {
	store := sim.MemoryStore{"in": {
		"day/":          nil,
		"day/1.csv":     []byte("n\n1\n2\n"),
		"day/2.csv":     []byte("n\n3\n"),
		"lines/a.jsonl": []byte("{\"n\": 1}\n{\"n\": 2}\n"),
		"lines/b.jsonl": []byte("{\"n\": 3}\n"),
		"unload.csv":    []byte("s3://in/lines/b.jsonl\ns3://in/lines/a.jsonl\n"),
		"broken.csv":    []byte("lines/b.jsonl\n"),
		"list.json":     []byte(`{"all": [{"n": 7}]}`),
		"x.parquet":     []byte("PAR1"),
		"members.json":  []byte(`{"a": {"n": 1}, "b": {"n": 2}}`),
		"escaped.csv":   []byte("n,m\nx\\,y,1\n"),
		"inventory/m.json": []byte(`{"destinationBucket": "arn:aws:s3:::in", "fileSchema": "Bucket, n",
			"files": [{"key": "inventory/1.csv"}]}`),
		"inventory/1.csv": []byte("\"in\",\"9\"\n"),
	}}
	const definition = `{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemReader": %s,
		"ItemSelector": {"v.$": "$$.Map.Item.Value%s", "s.$": "$$.Map.Item.Source"},
		"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "P", "States": {
			"P": {"Type": "Pass", "Parameters": {"r.$": "States.Format('{} {}', $.v, $.s)"}, "OutputPath": "$.r", "End": true}}}, "End": true}}}`
	object := func(config, key string) string {
		return `{"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {` + config + `}, "Parameters": {"Bucket": "in", "Key": "` + key + `"}}`
	}
	listed := func(config, prefix string) string {
		return `{"Resource": "arn:aws:states:::s3:listObjectsV2", "ReaderConfig": {` + config + `}, "Parameters": {"Bucket": "in", "Prefix": "` + prefix + `"}}`
	}
	for _, test := range []struct{ name, reader, member, want string }{
		{"one file", object(`"InputType": "JSON", "ItemsPointer": "/all"`, "list.json"), ".n", `SUCCEEDED ["7 S3://in/list.json"]`},
		{"an object", object(`"InputType": "JSON"`, "members.json"), ".Key", `SUCCEEDED ["a S3://in/members.json","b S3://in/members.json"]`},
		{"an escaped delimiter", object(`"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"`, "escaped.csv"), ".n", `SUCCEEDED ["x,y S3://in/escaped.csv"]`},
		{"when", listed(`"MaxItems": 1`, "lines/"), ".LastModified", `SUCCEEDED ["1767225600 S3://in"]`},
		{"a listing", listed(`"MaxItems": 2`, "lines/"), ".Key", `SUCCEEDED ["lines/a.jsonl S3://in","lines/b.jsonl S3://in"]`},
		{"a listing, said so", listed(`"Transformation": "NONE", "MaxItems": 1`, "lines/"), ".Key", `SUCCEEDED ["lines/a.jsonl S3://in"]`},
		{"what is listed", listed(`"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW", "Transformation": "LOAD_AND_FLATTEN"`, "day/"), ".n",
			`SUCCEEDED ["1 S3://in/day/1.csv","2 S3://in/day/1.csv","3 S3://in/day/2.csv"]`},
		{"as much as wanted", listed(`"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN", "MaxItems": 2`, "lines/"), ".n",
			`SUCCEEDED ["1 S3://in/lines/a.jsonl","2 S3://in/lines/a.jsonl"]`},
		{"nothing listed", listed(`"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN"`, "none/"), ".n", `SUCCEEDED []`},
		{"Athena's manifest", object(`"ManifestType": "ATHENA_DATA", "InputType": "JSONL"`, "unload.csv"), ".n",
			`SUCCEEDED ["3 S3://in/lines/b.jsonl","1 S3://in/lines/a.jsonl","2 S3://in/lines/a.jsonl"]`},
		{"no manifest", object(`"ManifestType": "ATHENA_DATA", "InputType": "JSONL"`, "broken.csv"), ".n", `FAILED States.ItemReaderFailed`},
		{"an inventory", object(`"ManifestType": "S3_INVENTORY"`, "inventory/m.json"), ".n", `SUCCEEDED ["9 S3://in/inventory/m.json"]`},
		{"an inventory, the older way", object(`"InputType": "MANIFEST"`, "inventory/m.json"), ".n", `SUCCEEDED ["9 S3://in/inventory/m.json"]`},
		{"Parquet", object(`"InputType": "PARQUET"`, "x.parquet"), ".n", `FAILED ` + sim.ErrUnmocked},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := execute(t, fmt.Sprintf(definition, test.reader, test.member), `{}`, "", sim.Options{Objects: store})
			if got := summary(x); got != test.want {
				t.Errorf("got  %s (%s)\nwant %s", got, x.Cause(), test.want)
			}
		})
	}
}

// Items of the state's data have a source too, as AWS has it since late 2025.
func TestItemsOfTheData(t *testing.T) {
	x := execute(t, `{"StartAt": "M", "States": {"M": {"Type": "Map", "ItemSelector": {"i.$": "$$.Map.Item"},
		"ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "OutputPath": "$.i", "End": true}}}, "End": true}}}`, `["a"]`, "", sim.Options{})
	if got, want := summary(x), `SUCCEEDED [{"Index":0,"Value":"a","Source":"STATE_DATA"}]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A bucket that a directory does not have is said to be missing, as S3 says it.
func TestListingOfNoBucket(t *testing.T) {
	x := execute(t, `{"StartAt":"M","States":{"M":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b"}},
		"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true}}}`,
		`{}`, "", sim.Options{Objects: sim.DirStore(t.TempDir())})
	if got, want := summary(x)+": "+x.Cause(), "FAILED States.ItemReaderFailed: "+sim.ErrNoSuchBucket.Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
