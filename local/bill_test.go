package local_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/infra"
	"airline/local"
)

// Logs of state machines are on the bill once: each event with its 26 bytes.
func TestVendedLogsAreBilledOnce(t *testing.T) {
	ctx := context.Background()
	w, err := local.Deploy(ctx, local.Options{Dir: "..", Stack: "dev", Program: infra.Program})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.S3().PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: aws.String("airports/airports.csv"),
		Body: strings.NewReader("airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n")}); err != nil {
		t.Fatal(err)
	}
	if err := w.Run(ctx); err != nil {
		t.Fatal(err)
	}
	bytes := 0
	for _, group := range w.Logs().Groups() {
		if !strings.HasPrefix(group, "/aws/vendedlogs/") {
			continue
		}
		in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: &group}
		for {
			page, err := w.Logs().FilterLogEvents(ctx, in)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Events {
				bytes += len(*e.Message) + 26
			}
			if page.NextToken == nil {
				break
			}
			in.NextToken = page.NextToken
		}
	}
	billed := w.Door.Bill()["logs.vended"]
	if bytes == 0 || math.Abs(billed*1e9-float64(bytes)) > 1 {
		t.Errorf("%.0f bytes of logs are billed, and %d were delivered", billed*1e9, bytes)
	}
}
