package tests

import (
	"context"
	"testing"

	"airline/infra"
	"airline/local"
	"airline/local/recorder"
)

// What others keep is as good as what the stack makes: files arrive, with the rights of the deployed policies.
func TestGivenThingsLoadFiles(t *testing.T) {
	const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shared-AbCdEf"
	for name, overrides := range map[string]map[string]string{
		"everything": {
			"rawBucket": "lake", "rawKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/raw", "logBucket": "central-logs",
			"dataKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/data", "messagesKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/messages",
			"glueDatabase": "lake", "topicArn": "arn:aws:sns:eu-west-1:123456789012:alerts", "workgroup": "shared", "adminSecretArn": secret,
			"rolePath": "/airline/", "tags": `{"team": "data"}`,
		},
		"a cluster":            {"warehouse": "provisioned", "cluster": "shared", "adminSecretArn": secret, "logLevel": "OFF", "trace": "false"},
		"a bucket, CloudTrail": {"rawBucket": "lake", "trigger": "cloudtrail"},
		"another region":       {"aws:region": "us-west-1"},
		"China":                {"aws:region": "cn-north-1"},
		"Europe's own":         {"aws:region": "eusc-de-east-1", "trigger": "cloudtrail"},
		"another name":         {"namedAfter": "pr-123"},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := recorder.Record(context.Background(), recorder.Options{Dir: "..", Stack: "dev", Overrides: overrides}, infra.Program)
			if err != nil {
				t.Fatal(err)
			}
			w := deploy(t, local.Options{Graph: g})
			airports, days := flights(t)
			w.ingest(airports)
			w.ingest(days[0])
			w.succeeded(airports.key, days[0].key)
			if diff := diffMultisets(w.facts(), want(t, airports, days[0])); diff != "" {
				t.Errorf("the fact table differs from the reference: %s", diff)
			}
		})
	}
}
