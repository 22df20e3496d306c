package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"airline/asl"
	"airline/asl/s3"
	"airline/etl"
)

// Bounds of what is gathered into one batch. The machine's input, and what it keeps of each file while it works, stay below Step
// Functions' 262,144 bytes with so many files of so many bytes each.
const (
	// GatheredFiles is how many files a gathered batch has at most, as many as a reconcile's.
	GatheredFiles = pageSize
	// GatheredBytes is how long the JSON of a batch of one is at most that is gathered with others: a key of 1,024 bytes has some 1,300,
	// unless more than a third of its characters are such that JSON escapes.
	GatheredBytes = 2048
)

// runName names an execution in what it stages, in JSONata. It is hexadecimal.
const runName = "$hash($states.context.Execution.Id, 'SHA-256')"

// Variables of a batch.
var (
	run        = asl.Var[string]("run")        // a runName
	named      = asl.Var[[]any]("named")       // the events, each once: key, version, time
	changed    = asl.Var[time.Time]("changed") // the time of the last
	asked      = asl.Var[[]any]("asked")       // what S3 said of each
	newestOnes = asl.Var[[]any]("newest")      // of each key what S3 said last
	objects    = asl.Var[[]etl.Object]("objects")
	parts      = asl.Var[[]span]("parts") // of the objects, each for a run of the job, that are still to be done
	part       = asl.Var[[]etl.Object]("part")
	partName   = asl.Var[string]("part_name")
	partFrom   = asl.Var[int]("part_from")
	partTo     = asl.Var[int]("part_to")
	runWorkers = asl.Var[int]("run_workers")
	died       = asl.Var[int]("died")            // runs that had too little memory
	entries    = asl.Var[[]etl.Entry]("entries") // what the ledger is to learn besides the objects
	result     = asl.Var[etl.BatchResult]("result")
)

// begin takes the batch; of a list of batches, the files of all. What is no data by its name is left out: a rule's pattern says what a key must be like and cannot say, of the same
// field, what it must not.
func begin(c Config, failure asl.Target) asl.Step {
	const files = "$states.input.files"
	visible := files + "[$not($contains(key, /" + jsonataRegexp(etl.Hidden) + "/))]"
	take := asl.Pass("Begin").JSONata().Assign(
		asl.Let(run, asl.Q[string](runName)),
		asl.Let(named, asl.Q[[]any]("[$distinct("+visible+`.{"key": key, "version": $exists(version) ? version : "", "time": time})]`)),
		asl.Let(changed, asl.Q[time.Time]("$fromMillis($max([0, "+visible+".$toMillis(time)]), "+wholeSeconds+")")),
		asl.Let(result, asl.Q[etl.BatchResult](`{"files": 0, "loaded": 0, "failed": 0, "measured": 0, "rows_read": 0, "rows_loaded": 0, "rows_rejected": 0, "reject_ratio": 0, "columns": [], "loads": [], "failures": []}`)),
		asl.Let(died, asl.Q[int]("0")),
		asl.Let(entries, asl.Q[[]etl.Entry]("[]")),
		asl.Let(fullList, asl.Q[string](listGiven(c))),
		asl.Let(loaded, asl.Q[int]("0")),
		asl.Let(notLoaded, asl.Q[int]("$count("+visible+")")),
		asl.Let(failures, asl.Q[[]any](firsts(visible+`.{"key": key, "version": $exists(version) ? version : ""}`))),
	)
	check := asl.Choice("IsBatch").JSONata().
		When(asl.Cond("$not($exists("+files+")) or $exists($states.input[$not($exists(files))])"), fails("NotABatch", failure, "the input has no list files of what has changed, each with bucket, key, version and time, and names no list of them")).
		When(asl.Cond("$exists("+files+"[bucket != '"+c.RawBucket+"'])"), fails("OtherBucket", failure, "the input names files of another bucket than "+c.RawBucket)).
		When(asl.Cond("$count($named) = 0"), ended("NoData"))
	const list = "$states.input.list"
	taken := asl.NewLabel("take the files")
	form := asl.Choice("IsList").JSONata().
		When(asl.Cond("$type("+list+") = 'string' and $contains("+list+", /^[0-9a-f]+$/)"), readList(c, failure, taken))
	return asl.Chain(form, taken.Mark(take), check)
}

// jsonataRegexp puts a regular expression between JSONata's slashes.
func jsonataRegexp(e string) string { return strings.ReplaceAll(e, "/", `\/`) }

// jsonataText is a text as JSONata writes it.
func jsonataText(text string) string {
	literal, err := json.Marshal(text)
	if err != nil { // never: a text
		return "''"
	}
	return string(literal)
}

// jsonataObject is a JSONata object with the fields of a T, in their order. Those without a value here have that of the field of the
// same name in the object at hand. It panics on a value of a field that T does not have.
func jsonataObject[T any](values map[string]string) string {
	fields := etl.Fields[T]()
	for name := range values {
		if !slices.Contains(fields, name) {
			panic(fmt.Sprintf("workflow: %T has no field %s; it has %s", *new(T), name, strings.Join(fields, ", ")))
		}
	}
	members := make([]string, len(fields))
	for i, name := range fields {
		value, ok := values[name]
		if !ok {
			value = name
		}
		members[i] = jsonataText(name) + ": " + value
	}
	return "{" + strings.Join(members, ", ") + "}"
}

// firsts are the first members of a list, as many as a notification may name.
func firsts(list string) string { return fmt.Sprintf("[(%s)[[0..%d]]]", list, etl.Told-1) }

// eachOnce is a list of objects in the order of a member, of those with the same only the last in the order of another.
func eachOnce(list, member, last string) string {
	return "[$filter($sort(" + list + ", function($l, $r) { $l." + member + " > $r." + member + " or $l." + member + " = $r." + member + " and $l." + last + " > $r." + last +
		" }), function($v, $i, $a) { $not($a[$i + 1]." + member + " = $v." + member + ") })]"
}

// sort tells apart what is to be loaded and what the ledger is to learn besides: of objects that are gone, and of versions that a newer one has
// overtaken before anybody looked.
func sort(c Config, d dataset) asl.Step {
	entry := func(id, version, written, observed, status string) string {
		return jsonataObject[etl.Entry](map[string]string{
			etl.LedgerLoadID: id, etl.LedgerSourceKey: "key", etl.LedgerVersion: version, etl.LedgerEventTime: written, etl.LedgerObservedAt: observed,
			etl.LedgerStatus: jsonataText(status), etl.LedgerRowsRead: "0", etl.LedgerRowsLoaded: "0", etl.LedgerRowsRejected: "0",
		})
	}
	object := jsonataObject[etl.Object](map[string]string{"bucket": jsonataText(c.RawBucket), "event_time": "written_at"})
	const overtaken = "$asked[named != '' and named != version and $not(named_id in $newest.load_id)]"
	return asl.Chain(
		asl.Pass("TakeNewest").JSONata().
			Comment("Of several versions of a key the newest counts").
			Assign(asl.Let(newestOnes, asl.Q[[]any](eachOnce("$asked[$exists(load_id)]", "key", "observed_at")))),
		// What a state assigns is at most 256 KiB together, so each of the two lists has a state of its own.
		asl.Pass("Sort").JSONata().Assign(
			asl.Let(objects, asl.Q[[]etl.Object]("[$newest[there]."+object+"]")),
		),
		asl.Pass("SortOutTheRest").JSONata().Assign(
			asl.Let(entries, asl.Q[[]etl.Entry]("$append([$newest[$not(there)]."+entry("load_id", "version", "written_at", "observed_at", etl.GoneStatus(d.name, c.OnDelete))+"], ["+
				eachOnce(overtaken, "named_id", "time")+"."+entry("named_id", "named", "time", "time", etl.StatusSuperseded)+"])")),
			asl.Let(parts, asl.Q[[]span](partsOf("$objects"))),
			asl.Let(alone, asl.Q[int]("$count($asked[$exists(error)])")),
			asl.Let(reasons, asl.Q[[]any](firsts("$asked[$exists(error)]"))),
		),
	)
}

// writeEntries puts what the ledger is to learn besides the job's files where COPY finds it: an object each, since a task writes no other JSON that COPY
// takes.
func writeEntries(c Config) asl.Step {
	write := s3.PutObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.EntriesPrefix("{}")+"{}.json", run, asl.At(func(e *etl.Entry) *string { return &e.LoadID })),
		Body:   asl.Input[etl.Entry](),
		KeyARN: c.StagingKeyARN,
	}.Task("WriteEntry").
		RetryAll(transient)
	return asl.Map("WriteEntries", asl.Q[[]etl.Entry]("$entries"), write.End()).
		MaxConcurrency(asl.Int(10)).
		JSONata().
		Output(asl.Q[any]("$states.input"))
}
