package console

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/infra"
	"airline/local"
)

// Files that wait for others are shown as such, and not as undelivered.
func TestGatheredFilesAreNotUndelivered(t *testing.T) {
	w, err := local.Deploy(t.Context(), local.Options{Dir: "../..", Stack: "dev", Program: infra.Program, Overrides: map[string]string{"batchSeconds": "60"}})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	x := Watch(w)
	key := "daily-flights/date=2024-01-01/flights.csv"
	if _, err := w.S3().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: &key, Body: strings.NewReader("Carrier\n")}); err != nil {
		t.Fatal(err)
	}
	if err := w.RunFor(t.Context(), 20*time.Second); err != nil {
		t.Fatal(err)
	}
	values := map[string]part{}
	for _, p := range x.parts() {
		values[p.ID] = p
	}
	if got := values["events"].Value; got != "1 handed on, 1 gathering" {
		t.Errorf("the events are told as %q", got)
	}
	if got := values["queues"]; got.Alert || got.Value != "0 in queues" {
		t.Errorf("the queues are told as %+v", got)
	}
	page, err := messagesPage(t.Context(), x, query{})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range page.Data.(messagesView).Queues {
		gathers := q.Name == w.Name("gather-flights")
		if told := strings.HasPrefix(q.Pipe, "wait for others: the pipe "+q.Name+" has received 1"); gathers != told || gathers && (q.Messages != 1 || len(q.Bodies) != 1) {
			t.Errorf("the queue is told as %+v", q)
		}
	}
}
