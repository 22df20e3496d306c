package iam

import "testing"

// The cases are those of the local world: a role with ten statements reads an object of a bucket with a policy, and decrypts with
// a key by its alias.
func benchmarkCase(b *testing.B) (get, decrypt Case) {
	identity := []Named{{"role", parse(b, Identity,
		`{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::airline-dev-raw", "Condition": {"StringLike": {"s3:prefix": ["daily-flights/*", "airports/*"]}}}`,
		`{"Effect": "Allow", "Action": ["glue:GetDatabase", "glue:GetTable", "glue:BatchGetPartition"], "Resource": ["arn:aws:glue:eu-west-1:111122223333:catalog", "arn:aws:glue:eu-west-1:111122223333:table/airlines/*"]}`,
		`{"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "arn:aws:logs:eu-west-1:111122223333:log-group:/aws-glue/jobs/*"}`,
		`{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "arn:aws:kms:eu-west-1:111122223333:key/*", "Condition": {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/data"}}}`,
		`{"Effect": "Allow", "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::airline-dev-staging/loads/*"}`,
		`{"Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectVersion"], "Resource": ["arn:aws:s3:::airline-dev-raw/daily-flights/*", "arn:aws:s3:::airline-dev-raw/airports/*"]}`,
		`{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:111122223333:${aws:PrincipalTag/queue}"}`,
	)}}
	get = Case{
		Caller: loader, Owner: owner123, Action: "s3:GetObject", Resource: "arn:aws:s3:::airline-dev-raw/daily-flights/date=2024-05-01/flights.csv",
		Keys:     Keys{"aws:SecureTransport": {"true"}, "aws:PrincipalArn": {roleARN}, "aws:RequestedRegion": {"eu-west-1"}, "aws:PrincipalAccount": {owner123}, "aws:CurrentTime": {"2024-05-01T12:00:00Z"}},
		Identity: identity,
		Own: &Named{"bucket", parse(b, Resource,
			`{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::airline-dev-raw", "arn:aws:s3:::airline-dev-raw/*"], "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`)},
	}
	decrypt = get
	decrypt.Action, decrypt.Resource, decrypt.Guarded = "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/1234", true
	decrypt.Keys = Keys{"kms:ResourceAliases": {"alias/a", "alias/data"}, "kms:ViaService": {"s3.eu-west-1.amazonaws.com"}, "aws:SecureTransport": {"true"}, "aws:PrincipalArn": {roleARN}}
	decrypt.Own = &Named{"key", parse(b, KeyPolicy, `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`)}
	return get, decrypt
}

func BenchmarkEvaluate(b *testing.B) {
	get, decrypt := benchmarkCase(b)
	refused := get
	refused.Action = "s3:PutObject"
	for _, c := range []struct {
		name string
		Case
		allowed bool
	}{{"get", get, true}, {"decrypt", decrypt, true}, {"refused", refused, false}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if Evaluate(c.Case).Allowed != c.allowed {
					b.Fatal("decided otherwise")
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	document := []byte(`{"Version": "2012-10-17", "Statement": [{"Sid": "ReadRaw", "Effect": "Allow", "Action": ["s3:GetObject", "s3:GetObjectVersion"], "Resource": ["arn:aws:s3:::airline-dev-raw/daily-flights/*"]}]}`)
	for b.Loop() {
		if _, err := Parse(Identity, document); err != nil {
			b.Fatal(err)
		}
	}
}
