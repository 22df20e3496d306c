package asl_test

import (
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/lambda"
	"airline/asl/s3"
	"airline/asl/sim"
	"airline/asl/simtest"
)

type thumbnail struct {
	Key   string `json:"key"`
	Bytes int    `json:"bytes"`
}

// thumbnails has a function make a thumbnail of each object under the prefix that the input names, forty at a time. An image that is none is no
// reason to fail unless one of twenty is.
func thumbnails(bucket string) (*ast.Definition, error) {
	prefix := asl.At(func(in *struct{ Prefix string }) *string { return &in.Prefix })
	images := s3.Listing(s3.Where{Bucket: asl.Text(bucket), Prefix: prefix})
	shrink := lambda.Invoke[thumbnail](lambda.Call{FunctionName: asl.Text("shrink"), Payload: asl.Input[any]()}, "Shrink").
		Timeout(time.Minute).
		Retry(asl.Retrier{Interval: time.Second, MaxAttempts: 5, BackoffRate: 2, Jitter: true}, lambda.Transient()...).
		OutputPath(asl.ResultAt(func(o *lambda.Output[thumbnail]) *thumbnail { return &o.Payload }))
	each := asl.DistributedMap("EachImage", asl.DistributedSpec{
		ItemReader:                 images,
		ResultWriter:               s3.Results(s3.Where{Bucket: asl.Text(bucket), Prefix: asl.Text("results")}),
		ToleratedFailurePercentage: asl.Num(5),
		Label:                      "Images",
	}, shrink.End()).
		ItemSelector(asl.Object{"bucket": bucket, "key": asl.Of(images.Item(), func(o *s3.ListedObject) *string { return &o.Key })}).
		MaxConcurrency(asl.Int(40)).
		RetryAll(asl.Retrier{Interval: time.Minute, MaxAttempts: 1})
	return asl.Settings{Timeout: 6 * time.Hour}.Machine(each.End())
}

func TestExampleMapOverObjects(t *testing.T) {
	d, err := thumbnails("pictures")
	if err != nil {
		t.Fatal(err)
	}
	mocks := []simtest.Mocked{simtest.OnState("Shrink").
		Return(lambda.Output[thumbnail]{Payload: thumbnail{"t.png", 12}}).
		Attempt(0).Fail("Lambda.TooManyRequestsException", "later")}
	objects := sim.MemoryStore{"pictures": {"in/a.png": nil, "in/b.png": nil}}
	x := simtest.Test{Definition: d, Input: asl.Object{"Prefix": "in/"}, Options: sim.Options{Objects: objects}, Mocks: mocks}.Run(t)
	x.Succeeded()
	calls := x.CallsOf("Shrink")
	if len(calls) != 4 {
		t.Errorf("Shrink was called %d times; want twice for each object", len(calls))
	}
}
