package workflow

import (
	"fmt"
	"strings"

	"airline/asl"
	"airline/asl/s3"
	"airline/etl"
)

// WorkerBytes is for how much data a run of the job has a worker more: four cores take some two minutes for it, at 4 MB a second each (docs/performance.md has
// the seconds of 198 MB on two cores).
const WorkerBytes = 2 << 30

// maxDied is how many runs of a batch may die of too little memory before it is given up: nine halve BatchFiles down to one file, and another finds that it
// is the one; so two files that no run can do are found out, and left out.
const maxDied = 20

// jobDied is the error of a file of which alone the job's run died.
const jobDied = "job out of memory"

// runParts has the job transform the batch, in one run if it fits one: a batch of more than BatchBytes has several, one after the other, and a run that dies of
// too little memory is done again in halves. So is each half, until one file is left, which then fails alone. All parts end in one transaction.
func runParts(c Config, d dataset, failure asl.Target) asl.Step {
	again, more := asl.NewLabel("the next part"), asl.NewLabel("is there another part")
	wholly := "$part_from = 0 and $part_to = $count($objects) - 1"
	take := asl.Pass("TakePart").JSONata().Assign(
		asl.Let(partFrom, asl.Q[int]("$parts[0].from")),
		asl.Let(partTo, asl.Q[int]("$parts[0].to")),
		asl.Let(part, asl.Q[[]etl.Object]("($p := $parts[0]; [$objects[[$p.from..$p.to]]])")),
		asl.Let(partName, asl.Q[string]("($p := $parts[0]; $p.from = 0 and $p.to = $count($objects) - 1 ? '' : '-' & $p.from & '-' & $p.to)")),
		asl.Let(parts, asl.Q[[]span]("[$parts[[1..$count($parts)]]]")),
		asl.Let(runWorkers, asl.Q[int](fmt.Sprintf("($p := $parts[0]; $min([%d, %d + $floor($sum($objects[[$p.from..$p.to]].size) / %d)]))", c.MaxWorkers, c.Workers, int64(WorkerBytes)))),
	)
	halve := asl.Pass("Halve").JSONata().Assign(
		asl.Let(died, asl.Q[int]("$died + 1")),
		asl.Let(parts, asl.Q[[]span](`($middle := $floor(($part_from + $part_to) / 2); $append([{"from": $part_from, "to": $middle}, {"from": $middle + 1, "to": $part_to}], $parts))`)),
	).Then(again)
	lone := fmt.Sprintf(`$merge([$part[0].{"key": key, "version": version, "load_id": load_id}, {"error": "%s", "cause": $part[0].key & ": a run of the job for this file alone had too little memory: " & `+
		`$substring($failed_cause, 0, %d) & "; give the job bigger workers (workerType), or cut the file"}])`, jobDied, etl.ToldBytes)
	leaveOut := asl.Pass("LeaveOut").JSONata().Assign(
		asl.Let(died, asl.Q[int]("$died + 1")),
		asl.Let(result, asl.Q[etl.BatchResult](`$merge([$result, {"files": $result.files + 1, "failed": $result.failed + 1, "failures": `+firsts("$append($result.failures, ["+lone+"])")+`}])`)),
	).Then(more)
	told := tellJobError(failure)
	tooBig := asl.Choice("CanBeLess").JSONata().
		When(asl.Cond(fmt.Sprintf("%s and $part_from = $part_to or $died >= %d", wholly, maxDied)), told).
		When(asl.Cond("$part_from = $part_to"), leaveOut).
		Otherwise(halve)
	list := func(part string) string {
		return c.stagingURL(func(run string) string { return etl.BatchFilesKey(run, part) }, "$run")
	}
	other := asl.Choice("AnotherPart").JSONata().When(asl.Cond("$count($parts) > 0"), again)
	sum := asl.Pass("CountFailures").JSONata().Assign(
		asl.Let(alone, asl.Q[int]("$failed_alone + $result.failed")),
		asl.Let(reasons, asl.Q[[]any](firsts("$append($result.failures, $reasons)"))),
		asl.Let(fullList, asl.Q[string]("$part_name = '' ? "+list("")+" : "+list("-*"))),
	)
	return asl.Chain(again.Mark(take), runJob(c, d, tooBig, told, failure), readResult(c), more.Mark(other), sum)
}

// outOfMemory is whether a run had too little memory or disk, by its error: the texts are those that AWS names ("Debugging OOM exceptions and job abnormalities" in the Glue
// User Guide, and re:Post of exit code 137 and of no space left).
func outOfMemory() asl.Rule {
	var any []asl.Rule
	for _, text := range []string{"OutOfMemoryError", "exceeding memory limits", "exit code 137", "MemoryError", "No space left on device"} {
		any = append(any, asl.Matches(failedCause, "*"+text+"*"))
	}
	return asl.Or(any[0], any[1], any[2:]...)
}

// partResult is what the job says of a part.
var partResult = asl.Var[etl.BatchResult]("part_result")

// knownColumns is how many names of columns are kept of several parts.
const knownColumns = 2000

// readResult reads what the job says of its output, and adds it to that of the parts before. The job writes it last:
// its presence means that the output is complete.
func readResult(c Config) asl.Step {
	body := asl.ResultAt(func(o *s3.GetObjectOutput) *string { return &o.Body })
	read := s3.GetObject{
		Bucket: asl.Text(c.StagingBucket),
		Key:    asl.Format(etl.BatchResultKey("{}", "{}"), run, partName),
		KeyARN: c.StagingKeyARN,
	}.Task("ReadResult").
		Retry(transient, s3.ServiceError, "S3.SdkClientException").
		Assign(
			asl.Let(partResult, asl.StringToJSON[etl.BatchResult](body)),
		).
		KeepInput()
	sum := func(member string) string { return `"` + member + `": $result.` + member + ` + $part_result.` + member }
	all := strings.Join([]string{
		sum("files"), sum("loaded"), sum("failed"), sum("measured"), sum("rows_read"), sum("rows_loaded"), sum("rows_rejected"),
		`"reject_ratio": $max([$result.reject_ratio, $part_result.reject_ratio])`,
		fmt.Sprintf(`"columns": [$distinct($append($result.columns, $part_result.columns))[[0..%d]]]`, knownColumns-1),
		`"loads": ` + firsts("$append($result.loads, $part_result.loads)"),
		`"failures": ` + firsts("$append($result.failures, $part_result.failures)"),
	}, ", ")
	add := asl.Pass("AddResult").JSONata().Assign(asl.Let(result, asl.Q[etl.BatchResult]("{"+all+"}")))
	return asl.Chain(read, add)
}
