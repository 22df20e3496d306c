package cost

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/asl/jsonvalue"
	"airline/asl/sim"
	"airline/etl"
	"airline/local"
	"airline/local/recorder"
)

// Backfilling is a backfill that is to be estimated: at least one file and one batch.
type Backfilling struct {
	Graph   *recorder.Graph
	Files   int
	Bytes   int64 // of text, together
	Batches int
	Workers int // batches at a time
	Seed    uint64
}

// Expectation is how long a backfill will take, and what it will cost in US dollars at list prices without free tiers.
type Expectation struct {
	Seconds float64 `json:"seconds"`
	USD     float64 `json:"usd"`
}

// RowBytes is how many bytes of text a flight is taken for.
const RowBytes = 22

// triedFiles is how many files the bigger of two backfills has that are lived through.
const triedFiles = 20

// Backfill lets the local world live through backfills of one batch, with one file and with some, each with the work of its rows, and takes what a batch of the
// plan's size would take and cost from them. As many batches run at a time as there are workers. It is an upper bound of the
// cost: batches that run at the same time share minutes of the warehouse, for which each is counted here.
func Backfill(ctx context.Context, b Backfilling) (Expectation, error) {
	if b.Files < 1 || b.Batches < 1 || b.Workers < 1 {
		return Expectation{}, fmt.Errorf("%d files, %d batches, %d workers: there is at least one of each", b.Files, b.Batches, b.Workers)
	}
	rows := max(1, b.Bytes/int64(b.Files)/RowBytes)
	files := (b.Files + b.Batches - 1) / b.Batches // of a batch
	one, err := b.live(ctx, 1, rows)
	if err != nil || files == 1 {
		return b.all(one), err
	}
	tried := min(files, triedFiles)
	some, err := b.live(ctx, tried, rows)
	if err != nil {
		return Expectation{}, err
	}
	more := float64(files-1) / float64(tried-1)
	return b.all(Expectation{Seconds: one.Seconds + more*(some.Seconds-one.Seconds), USD: one.USD + more*(some.USD-one.USD)}), nil
}

// all is what all batches are expected to take, of what one does.
func (b Backfilling) all(batch Expectation) Expectation {
	rounds := (b.Batches + b.Workers - 1) / b.Workers
	return Expectation{Seconds: float64(rounds) * batch.Seconds, USD: float64(b.Batches) * batch.USD}
}

// live lets a world live through a backfill of so many files of so many rows.
func (b Backfilling) live(ctx context.Context, files int, rows int64) (Expectation, error) {
	w, err := local.Deploy(ctx, local.Options{Graph: b.Graph, Seed: b.Seed, Start: begin, RowsPerFile: rows})
	if err != nil {
		return Expectation{}, err
	}
	e, err := b.through(ctx, w, files)
	return e, errors.Join(err, w.Close())
}

func (b Backfilling) through(ctx context.Context, w *local.World, files int) (none Expectation, err error) {
	bucket := w.Bucket("raw")
	put := func(key, body string) error {
		_, err := w.S3().PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(body)})
		return err
	}
	if err := begun(ctx, w, put); err != nil {
		return none, err
	}
	if _, err := w.Events().DisableRule(ctx, &eventbridge.DisableRuleInput{Name: aws.String(w.Name(etl.Flights.Machine()))}); err != nil {
		return none, err
	}
	for i := range files {
		day := begin.AddDate(0, 0, -3-i).Format(time.DateOnly)
		if err := put("daily-flights/date="+day+"/flights.csv", fmt.Sprintf("%sAA,10397,10721,1,%d\n", header, i%300)); err != nil {
			return none, err
		}
	}
	if err := w.Run(ctx); err != nil {
		return none, err
	}
	before := maps.Clone(w.Door.Bill())
	machine, _ := w.Graph.Outputs["backfillArn"].(string)
	input := jsonvalue.String(jsonvalue.From(etl.Backfilling{Dataset: etl.Flights, Prefix: etl.Flights.Prefix(), Workers: 1}))
	out, err := w.SFN().StartExecution(ctx, &sfn.StartExecutionInput{StateMachineArn: &machine, Input: &input})
	if err != nil {
		return none, err
	}
	if err := w.Run(ctx); err != nil {
		return none, err
	}
	for _, x := range w.SFN().Executions() {
		if x.ARN() != aws.ToString(out.ExecutionArn) {
			continue
		}
		if x.Status() != sim.Succeeded {
			return none, fmt.Errorf("the backfill of the estimate is %s: %s: %s", x.Status(), x.Error(), x.Cause())
		}
		var e Estimate
		e.bill(before, w.Door.Bill(), 1, files)
		return Expectation{Seconds: x.StopTime().Sub(x.StartTime()).Seconds(), USD: e.UseUSD}, nil
	}
	return none, errors.New("the backfill of the estimate did not begin")
}
