package kms_test

import (
	"strings"
	"testing"
	"time"

	policies "airline/iam"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/recorder"
)

func TestUse(t *testing.T) {
	const arn = "arn:aws:kms:eu-west-1:111122223333:key/k1"
	directory := iam.NewDirectory("eu-west-1", func() time.Time { return time.Unix(0, 0) })
	d := door.New(nowhere{}, directory, 1)
	keys := kms.New(d, directory, "eu-west-1")
	take := func(typ string, in, out map[string]any) {
		t.Helper()
		if err := keys.Types(nil)[typ](&recorder.Resource{Type: typ, Name: "k", Inputs: in, Outputs: out}); err != nil {
			t.Fatal(err)
		}
	}
	take("aws:kms/key:Key", map[string]any{"policy": `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"},
		{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "kms:GenerateDataKey", "Resource": "*", "Condition": {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::b"}}},
		{"Effect": "Allow", "Principal": {"Service": ["events.amazonaws.com", "cloudwatch.amazonaws.com"]}, "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}]}`},
		map[string]any{"keyId": "k1", "arn": arn})
	take("aws:kms/alias:Alias", map[string]any{"name": "alias/data", "targetKeyId": "k1"}, nil)

	for _, name := range []string{"k1", arn, "alias/data", "arn:aws:kms:eu-west-1:111122223333:alias/data"} {
		if got, err := keys.ARN(name); err != nil || got != arn {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
	if _, err := keys.ARN("alias/aws/sns"); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("AWS's own key: %v", err)
	}

	policy, err := policies.Parse(policies.Identity, []byte(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*",
		"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::b"}, "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/data"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	directory.AddRole("arn:aws:iam::111122223333:role/r", "r", nil)
	if err := directory.AddIdentityPolicy("arn:aws:iam::111122223333:role/r", policies.Named{Name: "p", Policy: policy}); err != nil {
		t.Fatal(err)
	}
	role := door.Principal{ARN: "arn:aws:sts::111122223333:assumed-role/r/s", Role: "arn:aws:iam::111122223333:role/r", Account: "111122223333"}
	service := door.Principal{Service: "events.amazonaws.com", SourceARN: "arn:aws:events:eu-west-1:111122223333:rule/r", Account: "111122223333"}
	alarm := door.Principal{Service: "cloudwatch.amazonaws.com", SourceARN: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:a", Account: "111122223333"}
	for name, tc := range map[string]struct {
		who                    door.Principal
		service, bound, action string
		want                   string
	}{
		"as the policy says":     {role, "s3", "arn:aws:s3:::b", "kms:Decrypt", ""},
		"through another":        {role, "sns", "arn:aws:s3:::b", "kms:Decrypt", "no identity-based policy allows the kms:Decrypt action"},
		"other context":          {role, "s3", "arn:aws:s3:::c", "kms:Decrypt", "no identity-based policy"},
		"other action":           {role, "s3", "arn:aws:s3:::b", "kms:GenerateDataKey", "no identity-based policy"},
		"service in the policy":  {service, "sqs", "arn:aws:s3:::b", "kms:GenerateDataKey", ""},
		"service, other action":  {service, "sqs", "arn:aws:s3:::b", "kms:ReEncryptTo", "no resource-based policy"},
		"no source, EventBridge": {service, "sqs", "arn:aws:s3:::b", "kms:Decrypt", "no resource-based policy"},
		"its source, an alarm":   {alarm, "sns", "", "kms:Decrypt", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := keys.Use(door.As(t.Context(), tc.who), tc.service, "alias/data", map[string]string{"aws:s3:arn": tc.bound}, tc.action)
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
	if n := d.Bill()["kms.request"]; n != 3 {
		t.Errorf("%v requests on the bill, want the 3 that were allowed", n)
	}
}

type nowhere struct{}

func (nowhere) Now() time.Time { return time.Unix(0, 0) }
