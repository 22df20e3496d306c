package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/etl"
	"airline/workflow"
)

// StatusDeleted is the status of a file that was deleted, when no execution told of it.
const StatusDeleted = "DELETED"

// checkKeys refuses keys to delete or replay that neither the raw bucket nor this run's files have.
func (r *run) checkKeys(ctx context.Context, o Options, data found) error {
	bucket, err := r.output("rawBucket")
	if err != nil {
		return err
	}
	coming := map[string]bool{}
	for _, files := range data.files {
		for _, u := range files {
			coming[u.key] = u.problem == nil
		}
	}
	var problems []error
	for _, list := range []struct {
		what string
		keys []string
	}{{"delete", o.Delete}, {"replay", o.Replay}} {
		for _, key := range list.keys {
			if coming[key] {
				continue
			}
			if _, err := r.world.S3().HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: &key}); err != nil {
				problems = append(problems, fmt.Errorf("there is no object %s to %s in the raw bucket %s: %w", etl.Visible(key), list.what, *bucket, err))
			}
		}
	}
	return errors.Join(problems...)
}

// byHand does what an operator does besides uploading: deletes files, has files loaded once more, and waits.
func (r *run) byHand(ctx context.Context, o Options) error {
	bucket, err := r.output("rawBucket")
	if err != nil {
		return err
	}
	for _, key := range o.Delete {
		if err := r.remove(ctx, bucket, key); err != nil {
			return err
		}
	}
	for _, key := range o.Replay {
		if err := r.replay(ctx, bucket, key); err != nil {
			return err
		}
	}
	if o.Wait > 0 {
		r.progress.Phase("waiting %s of virtual time", o.Wait)
		if err := r.world.RunFor(ctx, o.Wait); err != nil {
			return err
		}
		return r.world.Run(ctx) // what the last moment has begun
	}
	return nil
}

func (r *run) remove(ctx context.Context, bucket *string, key string) error {
	r.progress.Phase("deleting %s", etl.Visible(key))
	out, err := r.world.S3().DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: &key})
	if err != nil {
		return fmt.Errorf("deleting %s: %w", etl.Visible(key), err)
	}
	f := &File{Key: key, Version: aws.ToString(out.VersionId), Status: NotStarted, Reasons: map[string]int64{}, Deleted: true}
	r.add(f)
	if err := r.world.Run(ctx); err != nil {
		return err
	}
	if f.Status == NotStarted {
		f.Status = StatusDeleted
		r.progress.File(f, "")
	}
	return nil
}

// replay starts the file's machine by hand, with the input that the file's event had.
func (r *run) replay(ctx context.Context, bucket *string, key string) error {
	r.progress.Phase("loading %s once more", etl.Visible(key))
	now, err := r.world.S3().HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: &key})
	if err != nil {
		return fmt.Errorf("loading %s once more: %w", etl.Visible(key), err)
	}
	machine, err := r.output(workflow.Output(etl.DatasetOf(key).Machine()))
	if err != nil {
		return err
	}
	id := r.world.Door.UUID()
	input, err := json.Marshal(etl.Batch{Files: []etl.Event{{
		Bucket: *bucket, Key: key, Version: aws.ToString(now.VersionId), Time: now.LastModified.UTC().Truncate(time.Second), EventID: id,
	}}})
	if err != nil {
		return err
	}
	f := &File{Key: key, Version: aws.ToString(now.VersionId), Status: NotStarted, Reasons: map[string]int64{}}
	r.add(f)
	if _, err := r.world.SFN().StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: machine, Input: aws.String(string(input)), Name: aws.String("replay_" + id),
	}); err != nil {
		return fmt.Errorf("loading %s once more: %w", etl.Visible(key), err)
	}
	return r.world.Run(ctx)
}
