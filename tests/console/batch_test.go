package console_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/etl"
	"airline/local"
)

// Of a batch with a file that is refused the others are loaded, and shown so.
func TestBatch(t *testing.T) {
	s := newSite(t)
	s.put("airports/airports.csv", "airport_id,city,state,name\n10397,Atlanta,GA,Hartsfield\n10721,Boston,MA,Logan\n")
	s.settle()
	good, bad := "daily-flights/date=2008-06-01/good.csv", "daily-flights/date=2008-06-02/bad.csv"
	var batch etl.Batch
	if err := s.server.Do(func(w *local.World) error {
		for key, body := range map[string]string{good: header + "WN,10397,10721,1,2\n", bad: "Carrier\nAA\n"} {
			out, err := w.S3().PutObject(t.Context(), &s3.PutObjectInput{Bucket: &s.bucket, Key: &key, Body: strings.NewReader(body)})
			if err != nil {
				return err
			}
			batch.Files = append(batch.Files, etl.Event{Bucket: s.bucket, Key: key, Version: aws.ToString(out.VersionId), Time: w.Now(), EventID: key})
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	s.settle() // each by itself, and then both
	if err := s.server.Do(func(w *local.World) error {
		text, err := json.Marshal(batch)
		if err != nil {
			return err
		}
		machine, _ := w.Graph.Outputs["ingestFlightsArn"].(string)
		_, err = w.SFN().StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Input: aws.String(string(text)), Name: aws.String("batch")})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.settle()
	if arn := s.last(good); !strings.HasSuffix(arn, ":batch") || arn != s.last(bad) {
		t.Fatalf("the last execution about %s is %s", good, arn)
	}
	b := open(t)
	b.at(s.url+"files", 1280, "light")
	for key, want := range map[string]string{good: "SUCCEEDED", bad: "FAILED"} {
		if got := value[string](b, `[...document.querySelectorAll('tbody tr')].find(r => r.cells[0].textContent === '`+key+`').cells[1].textContent`); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
}
