package workflow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"airline/asl"
	"airline/asl/s3"
	"airline/etl"
)

// Batch is the input of the machines that load: the unit of work. One file is a batch of one; a burst, a replay, a reconcile and a backfill
// are batches, too. A pipe, which cannot join what it has gathered, hands a list of batches over: the machines take that as one. A
// Listed is a batch with its files elsewhere.
type Batch struct {
	Files []Event `json:"files"`
}

// UnmarshalJSON reads a batch, or a list of batches as one.
func (b *Batch) UnmarshalJSON(text []byte) error {
	type one Batch
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		return json.Unmarshal(text, (*one)(b))
	}
	var list []one
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	b.Files = nil
	for _, each := range list {
		b.Files = append(b.Files, each.Files...)
	}
	return nil
}

// Bounds of what is gathered into one batch. The machine's input, and what it keeps of each file while it works, stay below Step
// Functions' 262,144 bytes with so many files of so many bytes each.
const (
	// GatheredFiles is how many files a gathered batch has at most, as many as a reconcile's.
	GatheredFiles = pageSize
	// GatheredBytes is how long the JSON of a batch of one is at most that is gathered with others: a key of 1,024 bytes has some 1,300,
	// unless more than a third of its characters are such that JSON escapes.
	GatheredBytes = 2048
)

// Event is a key of which the object has changed. The EventBridge rules make it of either trigger's events. Which version the key has
// is S3's to say when the machine gets to it: see newest.
type Event struct {
	Bucket string `json:"bucket"` // the raw one; a list may leave it out
	Key    string `json:"key"`    // plain, not URL-encoded
	// Version is what was written, or deleted. Should S3 name another one, the ledger learns that this one was overtaken.
	Version string `json:"version"`
	// Time is when the object changed, ISO 8601, in whole seconds.
	Time    time.Time `json:"time"`
	EventID string    `json:"eventId"`
}

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
		asl.Let(result, asl.Q[etl.BatchResult](`{"files": 0, "loaded": 0, "failed": 0, "measured": 0, "loads": [], "failures": []}`)),
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
		return `{"load_id": ` + id + `, "source_key": key, "version": ` + version + `, "event_time": ` + written + `, "observed_at": ` + observed +
			`, "status": "` + status + `", "rows_read": 0, "rows_loaded": 0, "rows_rejected": 0}`
	}
	const overtaken = "$asked[named != '' and named != version and $not(named_id in $newest.load_id)]"
	return asl.Chain(
		asl.Pass("TakeNewest").JSONata().
			Comment("Of several versions of a key the newest counts").
			Assign(asl.Let(newestOnes, asl.Q[[]any](eachOnce("$asked[$exists(load_id)]", "key", "observed_at")))),
		// What a state assigns is at most 256 KiB together, so each of the two lists has a state of its own.
		asl.Pass("Sort").JSONata().Assign(
			asl.Let(objects, asl.Q[[]etl.Object](`[$newest[there].{"bucket": "`+c.RawBucket+`", "key": key, "version": version, "load_id": load_id, "event_time": written_at, "observed_at": observed_at, "size": size}]`)),
		),
		asl.Pass("SortOutTheRest").JSONata().Assign(
			asl.Let(entries, asl.Q[[]etl.Entry]("$append([$newest[$not(there)]."+entry("load_id", "version", "written_at", "observed_at", etl.GoneStatus(d.name, c.OnDelete))+"], ["+
				eachOnce(overtaken, "named_id", "time")+"."+entry("named_id", "named", "time", "time", etl.StatusSuperseded)+"])")),
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
