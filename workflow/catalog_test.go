package workflow

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"airline/asl/glue"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/asl/simtest"
	"airline/etl"

	"github.com/google/go-cmp/cmp"
)

// tableOf is what the catalog says of the flights' table as a crawler makes it, with columns of these names.
func tableOf(columns ...string) object {
	list := []any{}
	for _, name := range columns {
		list = append(list, object{"Name": name, "Type": "string"})
	}
	parameters := object{
		"classification": "csv", "delimiter": ",", "skip.header.line.count": "1", "objectCount": "7", "recordCount": "70", "sizeKey": "700", "averageRecordSize": "10",
		"UPDATED_BY_CRAWLER": "airline-dev-flights", "CRAWL_RUN_ID": "1-2-3", "partition_filtering.enabled": "true",
	}
	return object{"Table": object{
		"Name": "daily_flights", "DatabaseName": "airline_dev", "Parameters": parameters, "PartitionKeys": []any{object{"Name": "date", "Type": "string"}},
		"StorageDescriptor": object{
			"Columns": list, "Location": "s3://" + example().RawBucket + "/daily-flights/", "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
			"Compressed": false, "NumberOfBuckets": -1, "Parameters": parameters,
			"SerdeInfo": object{"SerializationLibrary": "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", "Parameters": object{"field.delim": ","}},
		},
	}}
}

// resultWith is a job's word of a file, whose header has these names.
func resultWith(t *testing.T, key string, columns ...string) object {
	o := good(key)
	o.Columns = columns
	return resultOf(t, o)
}

// whatCalls are mocks of the catalog that has the table and none of the partitions.
func whatCalls() map[string]simtest.Mocked {
	on := simtest.OnState
	return map[string]simtest.Mocked{
		"LookAtTable":      on("LookAtTable").Return(tableOf("carrier", "depdelay")),
		"LookAtPartitions": on("LookAtPartitions").Return(object{"Partitions": []any{}, "UnprocessedKeys": []any{object{"Values": []any{"2025-12-31"}}}}),
		"MakePartitions":   on("MakePartitions").Return(object{"Errors": []any{}}),
		"NotifyNewColumns": on("NotifyNewColumns").Return(object{"MessageId": "m"}),
	}
}

// catalogStories are those of a catalog that has the table already.
func catalogStories(t *testing.T, key string, play func(*testing.T, any, map[string]simtest.Mocked) *simtest.Run) {
	on := simtest.OnState
	input := etl.Batch{Files: []etl.Event{{Bucket: example().RawBucket, Key: key, Version: "v1", Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}}
	there := object{"Partitions": []any{object{"Values": []any{"2025-12-31"}, "StorageDescriptor": object{"Columns": []any{}}}}}
	refused := func(code string) object {
		return object{"Errors": []any{object{"PartitionValues": []any{"2025-12-31"}, "ErrorDetail": object{"ErrorCode": code, "ErrorMessage": "no"}}}}
	}
	unpartitioned := tableOf("carrier")
	unpartitioned["Table"].(object)["PartitionKeys"] = []any{}
	elsewhere := tableOf("carrier")
	elsewhere["Table"].(object)["StorageDescriptor"].(object)["Location"] = "s3://theirs/daily-flights/"
	busy := func(state string, out any) simtest.Mocked {
		return on(state).Return(out).Attempt(0).Fail("Glue.OperationTimeoutException", "busy").Attempt(1).Fail("Glue.ThrottlingException", "Rate exceeded")
	}
	stories := []struct {
		name          string
		err           string
		crawls, makes int
		mocks         map[string]simtest.Mocked
	}{
		{"a new partition", "", 0, 1, nil},
		{"a partition that is there", "", 0, 0, map[string]simtest.Mocked{"LookAtPartitions": on("LookAtPartitions").Return(there)}},
		{"a partition that is made meanwhile", "", 0, 1, map[string]simtest.Mocked{"MakePartitions": on("MakePartitions").Return(refused("AlreadyExistsException"))}},
		{"a partition that is refused once", "", 0, 2, map[string]simtest.Mocked{"MakePartitions": on("MakePartitions").Script(refused("InternalServiceException"), object{})}},
		{"a partition that is refused for good", "PartitionsRefused", 0, 5, map[string]simtest.Mocked{"MakePartitions": on("MakePartitions").Return(refused("InvalidInputException"))}},
		{"no partitions", "", 0, 0, map[string]simtest.Mocked{"LookAtTable": on("LookAtTable").Return(unpartitioned)}},
		{"known columns in other letters", "", 0, 1, map[string]simtest.Mocked{"ReadResult": on("ReadResult").Return(resultWith(t, key, "Carrier", "DepDelay"))}},
		{"a column that is the partitions' key", "", 0, 1, map[string]simtest.Mocked{"ReadResult": on("ReadResult").Return(resultWith(t, key, "Carrier", "Date"))}},
		{"a new column", "", 1, 0, map[string]simtest.Mocked{"ReadResult": on("ReadResult").Return(resultWith(t, key, "Carrier", "DepDelay", "TailNumber"))}},
		{"a new column, of which nobody can be told", "", 1, 0, map[string]simtest.Mocked{
			"ReadResult":       on("ReadResult").Return(resultWith(t, key, "Carrier", "DepDelay", "TailNumber", "Distance")),
			"NotifyNewColumns": on("NotifyNewColumns").Return(object{"MessageId": "m"}).Attempt(0).Fail("SNS.InternalErrorException", "busy").Attempt(1).Fail("AccessDenied", "no"),
		}},
		{"a table of the same name elsewhere", "", 1, 0, map[string]simtest.Mocked{"LookAtTable": on("LookAtTable").Return(elsewhere)}},
		{"the catalog is busy at first", "", 0, 1, map[string]simtest.Mocked{
			"LookAtTable": busy("LookAtTable", tableOf("carrier")), "LookAtPartitions": busy("LookAtPartitions", object{}), "MakePartitions": busy("MakePartitions", object{}),
		}},
		{"the table cannot be read", "AccessDenied", 0, 0, map[string]simtest.Mocked{"LookAtTable": on("LookAtTable").Fail("AccessDenied", "no")}},
		{"the partitions cannot be read", "AccessDenied", 0, 0, map[string]simtest.Mocked{"LookAtPartitions": on("LookAtPartitions").Fail("AccessDenied", "no")}},
		{"the partitions cannot be made", "AccessDenied", 0, 1, map[string]simtest.Mocked{"MakePartitions": on("MakePartitions").Fail("AccessDenied", "no")}},
	}
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			mocks := whatCalls()
			maps.Copy(mocks, story.mocks)
			run := play(t, input, mocks)
			loads := 1
			if story.err == "" {
				run.Succeeded()
			} else {
				run.Failed(story.err).Visited("NotifyFailure", 1)
				loads = 0
			}
			noted := 0
			if strings.HasPrefix(story.name, "a new column") {
				noted = 1
			}
			run.Visited("NotifyNewColumns", noted).Visited("StartCrawler", story.crawls).Visited("MakePartitions", story.makes).Visited("Load", loads)
		})
	}
}

// catalogCalls runs the machine on files of which the catalog has the table and those partitions, and tells what it asked for in each call, and
// what it made.
func catalogCalls(t *testing.T, keys []string, table object, there func(value string) bool) (asked [][]string, made [][]glue.PartitionInput) {
	t.Helper()
	on := simtest.OnState
	landing := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var files []etl.Event
	for _, key := range keys {
		files = append(files, etl.Event{Bucket: example().RawBucket, Key: "daily-flights/" + key, Version: "v", Time: landing})
	}
	parameters := func(task *sim.Task, to any) {
		if err := json.Unmarshal([]byte(jsonvalue.String(task.Parameters)), to); err != nil {
			t.Error(err)
		}
	}
	mocks := []simtest.Mocked{
		on("AskNewest").Call(func(task *sim.Task) {
			var in struct{ Prefix string }
			parameters(task, &in)
			task.Succeed(jsonvalue.From(holds("Versions", in.Prefix, landing)))
		}),
		on("WriteObjects").Return(object{}), on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}), on("ReadResult").Return(resultOf(t, good(keys[0]))),
		on("LookAtTable").Return(table),
		on("LookAtPartitions").Call(func(task *sim.Task) {
			var in struct{ PartitionsToGet []glue.PartitionValueList }
			parameters(task, &in)
			var values []string
			out := object{"Partitions": []any{}}
			for _, p := range in.PartitionsToGet {
				values = append(values, p.Values...)
				if there(p.Values[0]) {
					out["Partitions"] = append(out["Partitions"].([]any), object{"Values": []any{p.Values[0]}, "StorageDescriptor": table["Table"].(object)["StorageDescriptor"]})
				}
			}
			slices.Sort(values)
			asked = append(asked, values)
			task.Succeed(jsonvalue.From(out))
		}),
		on("MakePartitions").Call(func(task *sim.Task) {
			var in struct{ PartitionInputList []glue.PartitionInput }
			parameters(task, &in)
			slices.SortFunc(in.PartitionInputList, func(a, b glue.PartitionInput) int { return slices.Compare(a.Values, b.Values) })
			made = append(made, in.PartitionInputList)
			task.Succeed(jsonvalue.From(object{"Errors": []any{}}))
		}),
		on("MeasureRejects").Return(object{}), on("WriteEntry").Return(object{}), on("SignReceipt").Return(object{}), on("Load").Return(object{"Id": "s1"}), on("DescribeLoad").Return(affected(0)),
		on("NotifySuccess").Return(object{"MessageId": "m"}),
	}
	simtest.Test{Definition: machines(t)["ingest-flights"], Input: etl.Batch{Files: files}, Mocks: mocks}.Run(t).Succeeded()
	return asked, made
}

// What the machine enters is what a crawler enters whose partitions inherit from their table: the table's descriptor with the partition's
// folder, without what a crawl has counted of other files. What is not in a folder of a partition is left to the crawler.
func TestPartitions(t *testing.T) {
	asked, made := catalogCalls(t, []string{
		"date=2026-01-02/a.csv", "date=2026-01-01/b.csv", "date=2026-01-02/c.csv", "Date=2026-01-03/its name.csv", "root.csv", "2026-01-04/plain.csv", "date=2026-01-05/hour=7/deep.csv",
		"date=/empty.csv", "date=2026%2D01-06/escaped.csv", "month=2026-01/month.csv",
	}, tableOf("carrier"), func(value string) bool { return value == "2026-01-01" })
	if diff := cmp.Diff([][]string{{"2026-01-01", "2026-01-02", "2026-01-03"}}, asked); diff != "" {
		t.Errorf("the partitions asked for (-want +got):\n%s", diff)
	}
	parameters := map[string]string{"classification": "csv", "delimiter": ",", "skip.header.line.count": "1"}
	partition := func(value, folder string) glue.PartitionInput {
		return glue.PartitionInput{Values: []string{value}, Parameters: parameters, StorageDescriptor: glue.StorageDescriptor{
			Columns: []glue.Column{{Name: "carrier", Type: "string"}}, Location: "s3://" + example().RawBucket + "/daily-flights/" + folder, InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
			NumberOfBuckets: -1, Parameters: parameters,
			SerdeInfo: glue.SerdeInfo{SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", Parameters: map[string]string{"field.delim": ","}},
		}}
	}
	if diff := cmp.Diff([][]glue.PartitionInput{{partition("2026-01-02", "date=2026-01-02/"), partition("2026-01-03", "Date=2026-01-03/")}}, made); diff != "" {
		t.Errorf("the partitions made (-want +got):\n%s", diff)
	}
}

// No call has more partitions than Glue takes, nor so wide ones that parameters or answer pass the payload limit, which the machine would not
// survive.
func TestManyPartitions(t *testing.T) {
	var keys, values []string
	for i := range BatchFiles {
		day := time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		keys, values = append(keys, "date="+day+"/flights.csv"), append(values, day)
	}
	var wide []string
	for i := range 2500 {
		wide = append(wide, fmt.Sprintf("%030d", i))
	}
	for name, columns := range map[string][]string{"few columns": {"carrier"}, "as the Bureau publishes them": wide[:110], "more than are sensible": wide} {
		for _, there := range []bool{true, false} {
			t.Run(fmt.Sprint(name, ", there: ", there), func(t *testing.T) {
				asked, made := catalogCalls(t, keys, tableOf(columns...), func(string) bool { return there })
				for _, group := range asked {
					if len(group) > 100 {
						t.Errorf("%d partitions in one call", len(group))
					}
				}
				all := slices.Sorted(slices.Values(slices.Concat(asked...)))
				if !slices.Equal(all, values) {
					t.Errorf("%d partitions were asked for, want %d, each once", len(all), len(values))
				}
				want := len(values)
				if there {
					want = 0
				}
				if n := len(slices.Concat(made...)); n != want {
					t.Errorf("%d partitions were made, want %d", n, want)
				}
				t.Logf("%d calls", len(asked)+len(made))
			})
		}
	}
}

// Airports lie in no folders: their table is there or is crawled, and the machine may not touch partitions. In folders after all, they are crawled.
func TestTableWithoutPartitions(t *testing.T) {
	on := simtest.OnState
	landing := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	key := "airports/airports.csv"
	table := func(keys ...any) object {
		out := tableOf("airport_id", "city", "state", "name")
		out["Table"].(object)["PartitionKeys"] = append([]any{}, keys...)
		out["Table"].(object)["StorageDescriptor"].(object)["Location"] = "s3://" + example().RawBucket + "/airports"
		return out
	}
	for name, test := range map[string]struct {
		table  object
		header []string
		crawls int
	}{
		"the same columns":            {table(), []string{"airport_id", "city", "state", "name"}, 0},
		"in another order, and fewer": {table(), []string{"Name", "CITY", "airport_id"}, 0},
		"a new column":                {table(), []string{"airport_id", "city", "state", "name", "iata"}, 1},
		"in folders":                  {table(object{"Name": "partition_0", "Type": "string"}), nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := machines(t)["load-airports"]
			if text, err := d.JSON(); err != nil || strings.Contains(string(text), "batchCreatePartition") {
				t.Errorf("the machine makes partitions, or %v", err)
			}
			simtest.Test{Definition: d, Input: etl.Batch{Files: []etl.Event{{Bucket: example().RawBucket, Key: key, Version: "v", Time: landing}}}, Mocks: []simtest.Mocked{
				on("AskNewest").Return(holds("Versions", key, landing)), on("WriteObjects").Return(object{}), on("RunJob").Return(object{"JobRunState": "SUCCEEDED"}),
				on("ReadResult").Return(resultWith(t, key, test.header...)), on("LookAtTable").Return(test.table),
				on("GetCrawler").Script(crawl("READY", "SUCCEEDED", landing.Add(-time.Hour)), crawl("READY", "SUCCEEDED", landing.Add(time.Minute))), on("StartCrawler").Return(object{}),
				on("MeasureRejects").Return(object{}), on("WriteEntry").Return(object{}), on("SignReceipt").Return(object{}), on("Load").Return(object{"Id": "s1"}), on("DescribeLoad").Return(affected(0)),
				on("NotifySuccess").Return(object{"MessageId": "m"}), on("NotifyNewColumns").Return(object{"MessageId": "m"}),
			}}.Run(t).Succeeded().Visited("StartCrawler", test.crawls)
		})
	}
}
