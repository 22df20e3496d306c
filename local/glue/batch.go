package glue

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"airline/etl"
	"airline/etl/duckdb"
	"airline/local/door"
)

// unreadableError is an object of the list that could not be read: it fails alone.
type unreadableError struct {
	key string
	err error
}

func (e *unreadableError) Error() string {
	return e.key + ": the object cannot be read: " + e.err.Error() + "; upload it again, or see whether the job's role may read it"
}

func (e *unreadableError) Unwrap() error { return e.err }

// failsAlone is why an object of a list failed, if the others can go on: it was refused, or S3 says that there is no such object, or not for the
// job.
func failsAlone(err error) (code string, alone bool) {
	var refused *etl.RefusedError
	if errors.As(err, &refused) {
		return string(refused.Code), true
	}
	var unreadable *unreadableError
	var api smithy.APIError
	return etl.Unreadable, errors.As(err, &unreadable) && errors.As(err, &api) && api.ErrorFault() == smithy.FaultClient
}

// all loads the objects of --objects, and tells what became of each in the folder of that list.
func (l *load) all(ctx context.Context) (etl.BatchResult, error) {
	none := etl.BatchResult{}
	objects, err := l.listed(ctx)
	if err != nil {
		return none, err
	}
	folder := l.arguments[etl.ArgumentObjects][:strings.LastIndexByte(l.arguments[etl.ArgumentObjects], '/')+1]
	here := func(name string) string { return folder + etl.PartOfList(l.arguments[etl.ArgumentObjects], name) }
	if err := l.clearBatch(ctx, folder, objects); err != nil {
		return none, err
	}
	var outcomes []etl.Outcome
	for some := range slices.Chunk(objects, duckdb.MaxTogether) {
		more, err := l.some(ctx, folder, some)
		if err != nil {
			return none, err
		}
		outcomes = append(outcomes, more...)
	}
	var entries []etl.Entry
	for i, out := range outcomes {
		if o := objects[i]; out.Error == "" {
			entries = append(entries, etl.Entry{LoadID: o.LoadID, SourceKey: o.Key, Version: o.Version, EventTime: o.EventTime, ObservedAt: o.ObservedAt,
				Status: etl.StatusLoaded, RowsRead: out.RowsRead, RowsLoaded: out.RowsLoaded, RowsRejected: out.RowsRejected})
		}
	}
	sum := etl.Summarize(outcomes)
	if len(entries) > 0 {
		if err := putLines(ctx, l, here(etl.BatchEntries), entries); err != nil {
			return none, err
		}
	}
	if err := putLines(ctx, l, here(etl.BatchFiles), outcomes); err != nil {
		return none, err
	}
	return sum, putLines(ctx, l, here(etl.BatchSummary), []etl.BatchResult{sum})
}

// some loads up to duckdb.MaxTogether objects of a list, those that are small and alike together, and tells what became of each.
func (l *load) some(ctx context.Context, folder string, objects []etl.Object) ([]etl.Outcome, error) {
	defer l.release(len(l.open))
	all, missing := make([]*placed, len(objects)), make([]error, len(objects))
	var brought []duckdb.Args
	for i, o := range objects {
		staging := l.arguments[etl.ArgumentStaging] + o.LoadID + "/"
		if run := l.arguments[etl.ArgumentRun]; run != "" {
			staging += run + "/"
		}
		all[i] = l.place(i, o, staging, folder+etl.BatchRows+o.LoadID+"/")
		missing[i] = l.bring(ctx, all[i])
		if missing[i] == nil {
			brought = append(brought, all[i].args)
		} else if _, alone := failsAlone(missing[i]); !alone {
			return nil, missing[i]
		}
	}
	together, err := l.engine.Together(ctx, brought)
	if err != nil {
		if err := l.log.write(ctx, "error", err.Error()); err != nil {
			return nil, err
		}
	}
	outcomes := make([]etl.Outcome, len(objects))
	for i, p := range all {
		var manifest etl.Manifest
		err := missing[i]
		if err == nil {
			if loaded := together[0]; loaded != nil {
				manifest = *loaded
			} else {
				manifest, err = l.engine.Run(ctx, p.args)
			}
			together = together[1:]
		}
		if err == nil {
			err = l.settle(ctx, p, manifest)
		}
		if _, alone := failsAlone(err); err != nil && !alone {
			return nil, err
		}
		outcomes[i] = outcomeOf(p.object, manifest, err)
		if door.Elapsed(ctx) > l.run.timeout {
			return nil, errTimeout
		}
	}
	return outcomes, nil
}

// clearBatch removes what an earlier try of the batch, or of a part, may have left.
func (l *load) clearBatch(ctx context.Context, folder string, objects []etl.Object) error {
	list := l.arguments[etl.ArgumentObjects]
	if etl.PartOfList(list, etl.BatchObjects) == etl.BatchObjects {
		return l.clear(ctx, folder, list)
	}
	for _, o := range objects { // the other parts' output stays
		if err := l.clear(ctx, folder+etl.BatchRows+o.LoadID+"/", ""); err != nil {
			return err
		}
	}
	return nil
}

// outcomeOf is what became of an object, from its manifest, if there is one, and why it failed.
func outcomeOf(o etl.Object, m etl.Manifest, err error) etl.Outcome {
	out := etl.Outcome{Key: o.Key, Version: o.Version, LoadID: o.LoadID, RowsRead: m.RowsRead, RowsLoaded: m.RowsLoaded, RowsRejected: m.RowsRejected,
		RejectRatio: m.RejectRatio, Reasons: m.Reasons, Warnings: m.Warnings, Columns: m.Columns}
	if err != nil {
		out.Error, _ = failsAlone(err)
		out.RowsLoaded, out.Cause = 0, err.Error()
		if refused := (*etl.RefusedError)(nil); errors.As(err, &refused) && m.Columns == nil {
			out.Columns = refused.Columns
		}
	}
	return out
}

var loadID = regexp.MustCompile("^[0-9A-Za-z_-]+$")

// listed reads the list of --objects and finds everything that is wrong with it, as the script does.
func (l *load) listed(ctx context.Context) ([]etl.Object, error) {
	list := l.arguments[etl.ArgumentObjects]
	bucket, key, ok := objectAt(list)
	if !ok {
		return nil, fmt.Errorf("job arguments: --objects %q must be s3://bucket/key of a JSON list", list)
	}
	text, err := l.read(ctx, bucket, key)
	if err != nil {
		return nil, err
	}
	var objects []etl.Object
	if err := json.Unmarshal(text, &objects); err != nil || len(objects) == 0 {
		return nil, fmt.Errorf("job arguments: --objects %s must be a JSON list of objects with bucket, key, version and load_id (%w)", list, err)
	}
	var wrong []string
	seen := map[string]bool{}
	for i, o := range objects {
		for _, member := range []struct{ name, value string }{{"bucket", o.Bucket}, {"key", o.Key}, {"version", o.Version}, {"load_id", o.LoadID}} {
			if member.value == "" {
				wrong = append(wrong, fmt.Sprintf("object %d of %s has no %s", i, list, member.name))
			}
		}
		if o.LoadID != "" && (!loadID.MatchString(o.LoadID) || seen[o.LoadID]) {
			wrong = append(wrong, fmt.Sprintf("object %d of %s: load_id %q must be letters and digits, and no other object's", i, list, o.LoadID))
		}
		seen[o.LoadID] = true
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("job arguments: %s", strings.Join(wrong, "; "))
	}
	return objects, nil
}

// putLines writes values as JSON Lines.
func putLines[T any](ctx context.Context, l *load, address string, values []T) error {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	for _, v := range values {
		if err := e.Encode(v); err != nil {
			return err
		}
	}
	bucket, key, _ := objectAt(address)
	if _, err := l.objects.PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: aws.String(key), Body: bytes.NewReader(body.Bytes())}); err != nil {
		return fmt.Errorf("writing %s: %w", address, err)
	}
	return nil
}

// objectAt takes an object's address apart.
func objectAt(address string) (bucket, key string, ok bool) {
	rest, ok := strings.CutPrefix(address, "s3://")
	bucket, key, _ = strings.Cut(rest, "/")
	return bucket, key, ok && bucket != "" && key != ""
}
