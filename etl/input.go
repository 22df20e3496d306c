package etl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// The inputs of the state machines. Rules, pipes, operators and machines write them; machines read them.

// Batch is the input of the machines that load: the unit of work. One file is a batch of one; a burst, a replay, a reconcile and a backfill
// are batches, too. A pipe cannot join what it has gathered and passes a list of batches: the machines take that as one. A
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

// Event is a key of which the object has changed. The EventBridge rules make it of either trigger's events. S3 says which version the key
// has when the machine asks.
type Event struct {
	Bucket string `json:"bucket"` // the raw one; a list may leave it out
	Key    string `json:"key"`    // plain, not URL-encoded
	// Version is what was written, or deleted. Should S3 name another one, the ledger learns that this one was overtaken.
	Version string `json:"version"`
	// Time is when the object changed, ISO 8601, in whole seconds.
	Time    time.Time `json:"time"`
	EventID string    `json:"eventId"`
}

// Listed is the other form of the load machines' input: the files are in a list of the staging bucket, which whoever starts the
// execution has written before.
type Listed struct {
	// List is the name of the list, whose object is [ListKey]: a JSON list of ListedFile.
	List string `json:"list"`
	// Quiet says that whoever starts the execution tells people what became of the files. The execution then publishes nothing; its
	// output, or the cause of its failure, says what became of them.
	Quiet bool `json:"quiet,omitempty"`
}

// ListedFile is a file in a list.
type ListedFile struct {
	Key  string    `json:"key"`  // in the raw bucket
	Size int64     `json:"size"` // bytes
	Time time.Time `json:"time"` // when it was written, in whole seconds
	// Version is the newest that was seen, where one was.
	Version string `json:"version,omitempty"`
}

// Reconciliation is the input of the machine reconcile: which files it compares with the ledger.
type Reconciliation struct {
	Dataset Dataset `json:"dataset"`
	Prefix  string  `json:"prefix"`
	// After is the key after which the comparison begins; the prefix for all.
	After string `json:"after"`
	// Changed leaves alone what has not changed since the last comparison that found all well, and what has a receipt.
	Changed bool `json:"changed,omitempty"`
	// Began is when the comparison began of which this is the rest, and Found that it has found something so far.
	Began string `json:"began,omitempty"`
	Found bool   `json:"found,omitempty"`
}

// ReconcileAll is the input that compares all files of a dataset.
func ReconcileAll(d Dataset) Reconciliation {
	return Reconciliation{Dataset: d, Prefix: d.Prefix(), After: d.Prefix()}
}

// ReconcileChanged is the input that compares the files of a dataset that have changed, and now and then all: what is done every day.
func ReconcileChanged(d Dataset) Reconciliation {
	all := ReconcileAll(d)
	all.Changed = true
	return all
}

// Backfilling is the input of the machine backfill: which files it loads.
type Backfilling struct {
	Dataset Dataset `json:"dataset"`
	// Prefix begins the keys that are looked at; it begins with the dataset's own.
	Prefix string `json:"prefix"`
	// From and To are the first and the last day, YYYY-MM-DD, of the partitions of the keys; both are empty for all keys.
	From string `json:"from"`
	To   string `json:"to"`
	// Workers is how many batches are loaded at the same time, 1 to workflow.MaxWorkers.
	Workers int `json:"workers"`
}

// Fields are the names, in order, that the fields of a struct have in JSON. It panics when one has none.
func Fields[T any]() []string {
	t := reflect.TypeFor[T]()
	names := make([]string, t.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if names[i] == "" {
			panic(fmt.Sprintf("etl: the field %s of %s has no name in JSON", t.Field(i).Name, t))
		}
	}
	return names
}
