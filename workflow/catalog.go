package workflow

import (
	"fmt"
	"strings"
	"time"

	"airline/asl"
	"airline/asl/glue"
	"airline/etl"
)

// Crawl is how the catalog gets to know of files.
type Crawl string

const (
	// CrawlEach crawls for every batch, before its job runs, unless a crawl covers it already.
	CrawlEach Crawl = "each"
	// CrawlDaily has the machine enter the partitions of a batch's files by itself, and crawls only for what that cannot do: see keepCatalog.
	CrawlDaily Crawl = "daily"
)

// Bounds of the partitions that are looked at, and made, by one call. BatchCreatePartition takes 100 and BatchGetPartition 1,000 (API Reference of
// AWS Glue); less where the calls' parameters, or the answer with whole partitions, would pass the payload limit of 262,144 bytes.
const (
	partitionsAtOnce = 100
	partitionsBytes  = 100_000 // of as many descriptors: of characters that take two bytes, too
	partitionBytes   = 1500    // of a partition besides the table's descriptor: its values and location, and what an answer adds
	partitionTries   = 5
)

// ofTheFiles are the parameters of a table that tell of its files or of the crawl, not of how files are read: a partition has its own, which
// only a crawl counts.
var ofTheFiles = []string{
	"objectCount", "recordCount", "sizeKey", "averageRecordSize", "CRAWL_RUN_ID", "UPDATED_BY_CRAWLER", "partition_filtering.enabled",
}

// Variables of the catalog.
var (
	known         = asl.Var[knownTable]("table")
	partitions    = asl.Var[[]any]("partitions") // what is to be looked at by one call each
	notMadeReason = asl.Var[string]("partition_refused")
	newColumns    = asl.Var[[]string]("new_columns") // that files have and the table has not yet
)

// knownTable is what the catalog says of the dataset's table, as far as it is needed.
type knownTable struct {
	Ours       bool              `json:"ours"`       // it lies over the dataset's prefix
	Columns    []string          `json:"columns"`    // names in lower case, the keys of partitions with them
	Keys       []string          `json:"keys"`       // of partitions, in order
	Parameters map[string]string `json:"parameters"` // of each partition
	Descriptor any               `json:"descriptor"` // of each partition, but for its location
}

// catalogTable is the dataset's table in the catalog: a crawler names it after the folder that it crawls, in lower case and with underscores for
// what is neither letter nor digit.
func catalogTable(d etl.Dataset) string {
	return strings.ReplaceAll(strings.TrimSuffix(d.Prefix(), "/"), "-", "_")
}

// keepCatalog brings the catalog up to date after the job. Most files bring nothing but a partition, which is entered here, made of the table's
// own descriptor as a crawler makes it that has partitions inherit from their table; a file of a table without partitions brings nothing.
// A dataset's first file, whose table is not there, and a file with a column that the table does not have are crawled and waited for.
//
// It comes after the job because that reads the header anyhow, be the file compressed or not, and tells its names: see etl.BatchResult. It comes
// before the load, so that what fails here has loaded nothing, as with a crawl for each batch.
//
// People are told of a new column once, since the table has it then: it is no error, and its values are not loaded. A missing one is, for the job.
//
// The columns' order is none of the crawler's business, and a column that the file lacks is not taken away: such headers change no table.
func keepCatalog(c Config, d dataset, failure, then asl.Target) asl.Target {
	crawl := asl.Chain(crawlAndWait(d.crawler, failure)).CatchAll(failed(failure)).Then(noteColumns(c, d, then))
	parted := crawl // files are not meant to lie in folders, and do
	if d.parted {
		parted = asl.Chain(groupPartitions(c, d), enterPartitions(c, d)).CatchAll(failed(failure)).Then(then)
	}
	const unknown = "$result.columns[$not($lowercase($) in $table.columns)]"
	decide := asl.Choice("CatalogKnows").JSONata().
		When(asl.Cond("$not($table.ours)"), crawl)
	if format := d.name.Format(); format.Comment == "" && format.Encoding == etl.UTF8 { // of others a crawler does not find the header's names
		decide = decide.When(asl.Cond("$exists("+unknown+")"), crawl, asl.Let(newColumns, asl.Q[[]string]("["+unknown+"]")))
	}
	last := decide.When(asl.Cond("$count($table.keys) > 0"), parted).Otherwise(then)
	return lookAtTable(c, d).
		Catch(glue.TableNotFound, asl.Catcher{Next: crawl, KeepInput: true, Assign: []asl.Assignment{asl.Let(newColumns, asl.Q[[]string]("[]"))}}).
		CatchAll(failed(failure)).
		Then(last)
}

// noteColumns tells of new columns, unless who started the execution tells. That nobody could be told fails nothing.
func noteColumns(c Config, d dataset, then asl.Target) asl.Target {
	tell := publish(c, "NotifyNewColumns", "airline: "+string(d.name)+" have new columns", asl.Ordered(
		"status", "NEW COLUMNS",
		"dataset", string(d.name),
		"bucket", c.RawBucket,
		"columns", newColumns,
		"what", "files have columns that the catalog did not know; it does now, and their values are not loaded: only declared columns are",
		"execution", asl.Context.Execution.ID,
	)).CatchAll(asl.Catcher{Next: then, KeepInput: true}).Then(then)
	return asl.Choice("AnyNewColumns").JSONata().
		When(asl.Cond("$count($new_columns) > 0 and $not("+toldByStarter+")"), tell).
		Otherwise(then)
}

// lookAtTable asks the catalog for the dataset's table. One of the same name that lies elsewhere is somebody else's: the crawler, which
// keeps its own under another name then, is to see to it.
func lookAtTable(c Config, d dataset) asl.JSONataTask[glue.GetTable, glue.GetTableOutput] {
	const descriptor = "$states.result.Table.StorageDescriptor"
	table := strings.Join([]string{
		"$sift_own := function($p) { $sift($p, function($v, $k) { $not($k in " + jsonataList(ofTheFiles...) + ") }) }",
		"$parameters := $merge([{}, $sift_own($states.result.Table.Parameters)])",
		`{"ours": ` + descriptor + ".Location in " + jsonataList(c.rawURL(d), strings.TrimSuffix(c.rawURL(d), "/")),
	}, "; ") + `, "columns": [$append(` + descriptor + `.Columns.Name, $states.result.Table.PartitionKeys.Name).$lowercase($)]` +
		`, "keys": [$states.result.Table.PartitionKeys.Name]` +
		`, "parameters": $parameters` +
		`, "descriptor": $merge([$sift(` + descriptor + `, function($v, $k) { $not($k in ["Location", "Parameters"]) }), {"Parameters": $parameters}])}`
	return glue.GetTable{
		DatabaseName:  asl.Text(c.CatalogDatabase),
		Name:          asl.Text(catalogTable(d.name)),
		CatalogKeyARN: c.CatalogKeyARN,
	}.Task("LookAtTable").JSONata().
		Retry(transient, glue.GetTableInternalService, glue.GetTableOperationTimeout).
		Retry(throttled, "Glue.ThrottlingException", "Glue.GlueException").
		Assign(asl.Let(known, asl.Q[knownTable]("("+table+")")), asl.Let(newColumns, asl.Q[[]string]("[]"))).
		KeepInput()
}

// groupPartitions finds the partitions of the batch's files: those in folders that are named like the table's keys, key=value. What lies
// elsewhere, or has a value that is written with escapes, is left to the crawler.
func groupPartitions(c Config, d dataset) asl.Step {
	prefix := len(d.name.Prefix())
	partition := strings.Join([]string{
		`$folder := $replace(key, /[^\/]+$/, '')`,
		fmt.Sprintf("$parts := $split($substring($folder, %d, $length($folder) - %d), '/')", prefix, prefix+1),
		"$values := [$parts.$substringAfter($, '=')]",
		"$join($parts.($contains($, '=') ? $lowercase($substringBefore($, '=')) : ''), '/') = $join($table.keys, '/') and $not('' in $values or $contains($folder, '%'))" +
			` ? {"values": $values, "location": 's3://` + c.RawBucket + `/' & $folder}`,
	}, "; ")
	groups := strings.Join([]string{
		"$all := $distinct($objects.(" + partition + "))",
		fmt.Sprintf("$size := $max([1, $min([%d, $floor(%d / ($length($string($table.descriptor)) + %d))])])", partitionsAtOnce, partitionsBytes, partitionBytes),
		`[$map([0..$ceil($count($all) / $size) - 1], function($i) { {"tries": 0, "partitions": [$all[[$i * $size..$i * $size + $size - 1]]]} })]`,
	}, "; ")
	return asl.Pass("GroupPartitions").JSONata().Assign(asl.Let(partitions, asl.Q[[]any]("("+groups+")")))
}

// enterPartitions makes those partitions that the catalog does not have. One that somebody else has made meanwhile is as good. What Glue
// refuses for another reason is tried again some times.
func enterPartitions(c Config, d dataset) asl.Step {
	again := asl.NewLabel("look at the partitions")
	done := asl.Succeed("PartitionsThere")
	table := asl.Text(catalogTable(d.name))
	database := asl.Text(c.CatalogDatabase)

	const missing = "($there := $states.result.Partitions.$join(Values, '/'); [$states.input.partitions[$not($join(values, '/') in $there)]])"
	look := glue.BatchGetPartition{
		DatabaseName:    database,
		TableName:       table,
		PartitionsToGet: asl.Q[[]glue.PartitionValueList](`[$states.input.partitions.{"Values": values}]`),
		CatalogKeyARN:   c.CatalogKeyARN,
	}.Task("LookAtPartitions").JSONata().
		Retry(transient, glue.GetPartitionInternalService, glue.GetPartitionOperationTimeout).
		Retry(throttled, "Glue.ThrottlingException", "Glue.GlueException").
		Output(asl.Ordered("tries", asl.Q[int]("$states.input.tries + 1"), "partitions", asl.Q[[]any](missing)))

	const refused = "$states.result.Errors[ErrorDetail.ErrorCode != '" + glue.PartitionExists + "']"
	create := glue.BatchCreatePartition{
		DatabaseName: database,
		TableName:    table,
		PartitionInputList: asl.Q[[]glue.PartitionInput](
			`[$states.input.partitions.{"Values": values, "Parameters": $table.parameters, "StorageDescriptor": $merge([$table.descriptor, {"Location": location}])}]`),
		CatalogKeyARN: c.CatalogKeyARN,
	}.Task("MakePartitions").JSONata().
		Retry(transient, glue.CreatePartitionInternalService, glue.CreatePartitionOperationTimeout).
		Retry(throttled, "Glue.ThrottlingException", "Glue.GlueException").
		Output(asl.Ordered(
			"tries", asl.Q[int]("$states.input.tries"),
			"partitions", asl.Q[[]any]("[$states.input.partitions]"),
			"refused", asl.Q[[]any]("["+refused+"[0]]"),
		))
	made := asl.Choice("PartitionsMade").JSONata().
		When(asl.Cond("$count($states.input.refused) = 0"), done).
		When(asl.Cond(fmt.Sprintf("$states.input.tries >= %d", partitionTries)),
			asl.Fail("PartitionsRefused", asl.FailSpec{Error: asl.Text("PartitionsRefused"), Cause: notMadeReason}),
			asl.Let(notMadeReason, asl.Q[string]("'the catalog does not take the partition ' & $join($states.input.refused[0].PartitionValues, '/') & ': ' & "+
				"$states.input.refused[0].ErrorDetail.ErrorCode & ': ' & $states.input.refused[0].ErrorDetail.ErrorMessage"))).
		Otherwise(asl.Wait("PartitionsAgain", 10*time.Second).Then(again))
	anyMissing := asl.Choice("AnyPartitionMissing").JSONata().
		When(asl.Cond("$count($states.input.partitions) > 0"), create.Then(made)).
		Otherwise(done)
	return asl.Map("EnterPartitions", partitions, again.Bind(look.Then(anyMissing))).
		MaxConcurrency(asl.Int(5)).
		JSONata().
		Output(asl.Q[any]("$states.input"))
}

// rawURL is the address of the dataset's files.
func (c Config) rawURL(d dataset) string { return "s3://" + c.RawBucket + "/" + d.name.Prefix() }

// jsonataList is a list of texts as JSONata writes it.
func jsonataList(texts ...string) string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = jsonataText(text)
	}
	return "[" + strings.Join(list, ", ") + "]"
}
