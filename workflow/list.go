package workflow

import (
	"fmt"
	"math"
	"strings"

	"airline/asl"
	"airline/asl/jsonvalue"
	"airline/asl/s3"
	"airline/etl"
)

// Summary is what became of a batch: the output of a load machine, and the cause, as JSON, of the failure of one that is quiet.
type Summary struct {
	Loaded int `json:"loaded"`         // files
	Failed int `json:"failed"`         // files
	Left   int `json:"left,omitempty"` // files that a backfill has left alone
	// State, Error and Cause say what failed: of files that failed alone, the state is Outcome.
	State string `json:"state,omitempty"`
	Error string `json:"error,omitempty"`
	Cause string `json:"cause,omitempty"`
	List  string `json:"list,omitempty"` // the address of the list of what became of each file of the job, where there is one
	// Execution is the ARN of the execution of a batch, in what a backfill tells of it.
	Execution string `json:"execution,omitempty"`
}

// Outcome is the state in which a load machine fails of files that failed alone, when the others are loaded.
const Outcome = "Outcome"

// Bounds of a batch: so many files, and so many bytes of their names, as JSON. What a machine keeps of each file while it works, 370 bytes
// and the key, then stays below the payload limit of 262,144 bytes, which holds for a state's result, for a variable and for
// all variables that a state assigns together ("Service quotas" and "Passing data between states with variables", Step Functions guide). So does a list as
// GetObject answers it: a text within JSON, in which a quote takes two bytes, and one within a key four.
const (
	BatchFiles = 400
	BatchNames = 100_000
)

// BatchBytes is how much data a batch has, but for that of its last file: what one job run reads within the hours it has.
const BatchBytes = 16 << 30

// Batches cuts a list of files as a backfill does: the Map by files and names, and its machine what that gives by bytes.
func Batches(files []etl.ListedFile) (list [][]etl.ListedFile) {
	var n, names int
	var data int64
	for _, f := range files {
		name := nameBytes(f)
		if n == BatchFiles || names+name > BatchNames {
			n, names, data = 0, 0, 0
		}
		if data >= BatchBytes {
			data = 0
		}
		if n == 0 || data == 0 {
			list = append(list, nil)
		}
		last := len(list) - 1
		list[last] = append(list[last], f)
		n, names, data = n+1, names+name, data+max(f.Size, 1)
	}
	return list
}

// nameBytes is how much of BatchNames a file takes.
func nameBytes(f etl.ListedFile) int {
	text := jsonvalue.Append(nil, jsonvalue.From(f)) // without the escapes of encoding/json that Step Functions does not make
	return len(text) + len(",")
}

// nameBytesOf is that, or more, in JSONata, which counts characters: one beyond ASCII is four bytes at most.
func nameBytesOf(file string) string {
	return "($length($string(" + file + ")) + 3 * $length($replace(" + file + ".key, /[ -~]/, '')) + 1)"
}

// cutOf puts a list of files into pieces, in JSONata: a list of filesOf. A piece has BatchFiles and so many bytes of names at most, and BatchBytes of data but for
// that of its last file.
func cutOf(list string, names int) string {
	return "(" + cuts(list, names) +
		`[$map($distinct($of), function($piece) { {"files": [$filter($files, function($f, $i) { $of[$i] = $piece })]} })])`
}

// span are objects by their places, the first and the last.
type span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// partsOf cuts a list of objects in the same way, in JSONata: a list of spans.
func partsOf(list string) string {
	return "(" + cuts(list, math.MaxInt32) + `[$map($distinct($of), function($piece) { {"from": $count($of[$ < $piece]), "to": $count($of[$ <= $piece]) - 1} })])`
}

// cuts gives each file of a list the number of its piece, in JSONata: the lists files and of.
func cuts(list string, names int) string {
	return fmt.Sprintf("$files := %s; "+
		"$cut := $reduce($files, function($at, $f) { ("+
		"$name := %s; "+
		"$new := $at.n = 0 or $at.n >= %d or $at.names + $name > %d or $at.data >= %d; "+
		`{"n": $new ? 1 : $at.n + 1, "names": ($new ? 0 : $at.names) + $name, "data": ($new ? 0 : $at.data) + $max([$f.size, 1]), `+
		`"of": $append($at.of, $new ? $at.of[-1] + 1 : $at.of[-1])}) }, {"n": 0, "names": 0, "data": 0, "of": [0]}); `+
		"$of := [$cut.of[$ > 0]]; ", // the first is of no file
		list, nameBytesOf("$f"), BatchFiles, names, int64(BatchBytes))
}

// toldByStarter is whether somebody else tells, as a condition in JSONata.
const toldByStarter = "$states.context.Execution.Input.quiet = true"

// readList puts the files of a list in the place of its name.
func readList(c Config, failure, then asl.Target) asl.Target {
	name := asl.At(func(l *etl.Listed) *string { return &l.List })
	body := asl.ResultAt(func(o *s3.GetObjectOutput) *string { return &o.Body })
	nothingYet := asl.Pass("TakeList").Assign(
		asl.Let(loaded, asl.Int(0)),
		asl.Let(notLoaded, asl.Int(0)),
		asl.Let(failures, asl.Array[any]()),
		asl.Let(fullList, asl.Text("")),
	)
	read := s3.GetObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.ListKey("{}"), name),
		KeyARN: c.StagingKeyARN,
	}.Task("ReadList").
		Retry(transient, s3.ServiceError, "S3.SdkClientException").
		ResultSelector(asl.Ordered("files", asl.StringToJSON[[]etl.Event](body)))
	return asl.Chain(nothingYet, read).CatchAll(failed(failure)).Then(then)
}

// listGiven is the address of the list that the input names, empty when it names none, in JSONata.
func listGiven(c Config) string {
	const name = "$states.context.Execution.Input.list"
	return "$exists(" + name + ") ? " + c.stagingURL(etl.ListKey, name) + " : ''"
}

// stagingURL is the address of the key that is made of a name, both in JSONata.
func (c Config) stagingURL(key func(name string) string, name string) string {
	before, after, _ := strings.Cut(key("\x00"), "\x00")
	return "'s3://" + c.StagingBucket + "/" + before + "' & " + name + " & '" + after + "'"
}

// ended is a Succeed state with a Summary for its output.
func ended(name string) asl.Target {
	return asl.SucceedWith(name, asl.SucceedSpec{Output: asl.Ordered("loaded", asl.Q[int]("$loaded"), "failed", asl.Q[int]("0"), "list", asl.Q[string]("$full_list"))})
}

// failQuietly ends in Fail with a Summary for the cause; more are further members of it. A cause has 32,768 characters at most ("Fail state", Amazon States Language).
func failQuietly(fail asl.Target, more string) asl.Target {
	summary := fmt.Sprintf(`$string({"loaded": $loaded, "failed": $not_loaded, "state": $failed_state, "error": $failed_error, "cause": $substring($failed_cause, 0, %d), "list": $full_list%s})`, causeTold, more)
	return asl.Pass("FailQuietly").Comment("Told by whoever started the execution").JSONata().Assign(asl.Let(failedCause, asl.Q[string](summary))).Then(fail)
}

// causeTold is how many characters of a cause a Summary has at most: as JSON in JSON they may be four times as many.
const causeTold = 7000
