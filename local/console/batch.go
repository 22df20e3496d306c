package console

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"

	"airline/etl"
	"airline/local/sns"
)

// executionARN finds the executions that a message names.
var executionARN = regexp.MustCompile(`arn:[\w-]+:states:[\w-]+:\d+:execution:[^"\\\s]+`)

// notified counts notifications, and reads out of that of a failure whether the batch was loaded all the same, without the files
// that were refused or could not be read.
func (x *Index) notified(n sns.Notification) {
	x.counts.Notifications++
	for i, arns := 0, executionARN.FindAllString(n.Message, -1); i < len(arns); i++ {
		if !slices.Contains(arns[:i], arns[i]) {
			x.told[arns[i]] = append(x.told[arns[i]], n)
		}
	}
	x.changed()
	var message struct {
		Execution, Status string
		Loaded            int
	}
	if json.Unmarshal([]byte(n.Message), &message) != nil || message.Status != "FAILED" || message.Loaded == 0 {
		return
	}
	if len(x.byExecution[message.Execution]) > 1 {
		x.partly[message.Execution] = true
	}
}

// outcomes are what has become of each file of a batch of which some were loaded; nothing of other executions. A list that cannot
// be read tells nothing: the files then have the end of their execution.
func (x *Index) outcomes(execution string) map[object]etl.Outcome {
	if !x.partly[execution] {
		return nil
	}
	delete(x.partly, execution)
	run := sha256.Sum256([]byte(execution))
	file, err := x.world.S3().Open(x.staging, etl.BatchFilesKey(hex.EncodeToString(run[:]), ""), "")
	if err != nil {
		return nil
	}
	defer file.Close()
	list := map[object]etl.Outcome{}
	for lines := json.NewDecoder(file); lines.More(); {
		var o etl.Outcome
		if lines.Decode(&o) != nil {
			break
		}
		list[object{o.Key, o.Version}] = o
	}
	return list
}
