package sfn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/local/door"
)

// Objects is the part of S3 that distributed Maps read items from and write results to.
type Objects interface {
	GetObject(context.Context, *sdk.GetObjectInput, ...func(*sdk.Options)) (*sdk.GetObjectOutput, error)
	PutObject(context.Context, *sdk.PutObjectInput, ...func(*sdk.Options)) (*sdk.PutObjectOutput, error)
	ListObjectsV2(context.Context, *sdk.ListObjectsV2Input, ...func(*sdk.Options)) (*sdk.ListObjectsV2Output, error)
}

// store is S3 as a machine's role sees it.
type store struct {
	*Service
	machine *machine
}

// GetObject reads an object whole.
func (s store) GetObject(bucket, key string) ([]byte, error) {
	ctx, err := s.assume(s.machine)
	if err != nil {
		return nil, err
	}
	out, err := s.objects.GetObject(ctx, &sdk.GetObjectInput{Bucket: &bucket, Key: &key})
	var missing *types.NoSuchKey
	if errors.As(err, &missing) {
		return nil, fmt.Errorf("s3://%s/%s: %w", bucket, key, sim.ErrNoSuchKey)
	}
	if err != nil {
		return nil, err
	}
	defer out.Body.Close()
	return io.ReadAll(out.Body)
}

// ListObjects lists all objects under a prefix.
func (s store) ListObjects(bucket, prefix string) ([]sim.ObjectInfo, error) {
	ctx, err := s.assume(s.machine)
	if err != nil {
		return nil, err
	}
	var list []sim.ObjectInfo
	in := &sdk.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix}
	for {
		out, err := s.objects.ListObjectsV2(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, o := range out.Contents {
			list = append(list, sim.ObjectInfo{
				Key: aws.ToString(o.Key), ETag: aws.ToString(o.ETag), Size: aws.ToInt64(o.Size), LastModified: aws.ToTime(o.LastModified), StorageClass: string(o.StorageClass),
			})
		}
		if !aws.ToBool(out.IsTruncated) {
			return list, nil
		}
		in.ContinuationToken = out.NextContinuationToken
	}
}

// PutObject writes an object. Large results are uploaded in parts, which the role must be allowed to list and to give up ("IAM policies for
// using Distributed Map states", Step Functions Developer Guide).
func (s store) PutObject(bucket, key string, body []byte) error {
	ctx, err := s.assume(s.machine)
	if err != nil {
		return err
	}
	for _, action := range []string{"s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"} {
		if err := s.door.Authorize(ctx, "s3", door.Request{Action: action, Resource: "arn:" + s.place.Partition + ":s3:::" + bucket + "/" + key}); err != nil {
			return err
		}
	}
	_, err = s.objects.PutObject(ctx, &sdk.PutObjectInput{Bucket: &bucket, Key: &key, Body: bytes.NewReader(body)})
	return err
}

// addChild takes in a child execution that a distributed Map started: the machine's role must be allowed to
// start its own machine, and to look at the child. A refusal ends the child, and is reported.
func (s *Service) addChild(m *machine, child *sim.Execution) {
	ctx, err := s.assume(m)
	if err == nil {
		err = s.door.Authorize(ctx, "sfn", door.Request{Action: "states:StartExecution", Resource: m.arn})
	}
	if err == nil {
		err = s.door.Authorize(ctx, "sfn", door.Request{Action: "states:DescribeExecution", Resource: child.ARN()})
	}
	if err != nil {
		s.door.Report(fmt.Errorf("starting a child execution of %s: %w", m.name, err))
		child.Stop("States.TaskFailed", err.Error())
		return
	}
	x := &execution{Execution: child, machine: m, input: jsonvalue.String(child.Input())}
	s.executions[child.ARN()] = x
	if run := s.mapRuns[child.Run().ARN()]; run != nil {
		run.children = append(run.children, x)
	}
}
