package infra

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/etl"
)

func TestEventPattern(t *testing.T) {
	const keys = `[{"wildcard":"airports/*.csv"},{"wildcard":"airports/*.CSV"},{"wildcard":"airports/*.csv.gz"},{"wildcard":"airports/*.csv.GZ"},` +
		`{"wildcard":"airports/*.CSV.gz"},{"wildcard":"airports/*.CSV.GZ"}]`
	tests := map[Trigger]string{
		TriggerS3: `{"detail":{"bucket":{"name":["raw"]},"object":{"key":` + keys + `},"reason":[{"anything-but":"Lifecycle Expiration"}]},` +
			`"detail-type":["Object Created","Object Deleted"],"source":["aws.s3"]}`,
		TriggerCloudTrail: `{"detail":{"errorCode":[{"exists":false}],"eventName":["PutObject","CopyObject","CompleteMultipartUpload","DeleteObject"],` +
			`"eventSource":["s3.amazonaws.com"],"requestParameters":{"bucketName":["raw"],"key":` + keys + `}},` +
			`"detail-type":["AWS API Call via CloudTrail"],"source":["aws.s3"]}`,
	}
	for trigger, want := range tests {
		if diff := cmp.Diff(want, eventPattern(trigger, "raw", etl.Airports.Prefix())); diff != "" {
			t.Errorf("pattern for %s (-want +got):\n%s", trigger, diff)
		}
	}
}

func TestBothTriggersGiveOneInput(t *testing.T) {
	for _, trigger := range []Trigger{TriggerS3, TriggerCloudTrail} {
		paths, template := inputTransformer(trigger)
		filled := template
		for name, path := range paths {
			if !strings.HasPrefix(path, "$.") {
				t.Errorf("%s: path of %s = %s", trigger, name, path)
			}
			placeholder := "<" + name + ">"
			if !strings.Contains(filled, placeholder) {
				t.Errorf("%s: %s is extracted and not used", trigger, name)
			}
			filled = strings.Replace(strings.Replace(filled, `"`+placeholder+`"`, placeholder, 1), placeholder, `"`+name+`"`, 1)
		}
		var batch struct{ Files []map[string]string }
		if err := json.Unmarshal([]byte(filled), &batch); err != nil || len(batch.Files) != 1 {
			t.Fatalf("%s: the template gives %s: %v, want a batch of one", trigger, filled, err)
		}
		input := batch.Files[0]
		for _, field := range etl.Fields[etl.Event]() {
			if _, ok := input[field]; !ok {
				t.Errorf("%s: the input has no %s: %s", trigger, field, filled)
			}
		}
		if len(input) != len(etl.Fields[etl.Event]()) {
			t.Errorf("%s: the input has other fields than %v: %s", trigger, etl.Fields[etl.Event](), filled)
		}
	}
}
