package iam

import (
	"fmt"
	"strings"
	"testing"
)

const (
	roleARN    = "arn:aws:iam::111122223333:role/loader"
	sessionARN = "arn:aws:sts::111122223333:assumed-role/loader/run-1"
	owner123   = "111122223333"
)

var loader = Caller{ARN: sessionARN, Role: roleARN, Account: owner123}

func parse(t testing.TB, kind Kind, statements ...string) *Policy {
	t.Helper()
	p, err := Parse(kind, []byte(`{"Version": "2012-10-17", "Statement": [`+strings.Join(statements, ",")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEvaluate(t *testing.T) {
	const (
		readAll   = `{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::raw/*"}`
		root      = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}`
		direct    = `{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/loader"}, "Action": "kms:Decrypt", "Resource": "*"}`
		useKey    = `{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}`
		tlsOnly   = `{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::raw/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}`
		anyoneGet = `{"Effect": "Allow", "Principal": "*", "Action": "s3:Get*", "Resource": "arn:aws:s3:::raw/*"}`
		events    = `{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*", "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-west-1:111122223333:rule/r"}}}`
		notRole   = `{"Effect": "Deny", "NotPrincipal": {"AWS": ["arn:aws:iam::111122223333:role/loader", "111122223333"]}, "Action": "s3:*", "Resource": "*"}`
	)
	get := func(c Case) Case {
		c.Caller, c.Action, c.Resource, c.Owner = loader, "s3:GetObject", "arn:aws:s3:::raw/a.csv", owner123
		return c
	}
	decrypt := func(c Case) Case {
		c.Caller, c.Action, c.Resource, c.Owner, c.Guarded = loader, "kms:Decrypt", "arn:aws:kms:eu-west-1:111122223333:key/k", owner123, true
		return c
	}
	send := func(source string, c Case) Case {
		c.Caller = Caller{Service: "events.amazonaws.com", Account: owner123}
		c.Action, c.Resource, c.Owner = "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:dlq", owner123
		c.Keys = Keys{"aws:SourceArn": {source}}
		return c
	}
	identity := func(statements ...string) []Named {
		if len(statements) == 0 {
			return nil
		}
		return []Named{{"identity", parse(t, Identity, statements...)}}
	}
	own := func(statements ...string) *Named { return &Named{"own", parse(t, Resource, statements...)} }
	const rule = "arn:aws:events:eu-west-1:111122223333:rule/r"

	for name, tc := range map[string]struct {
		c    Case
		want string // "" for allowed, otherwise part of the reason
	}{
		"identity allows":                       {get(Case{Identity: identity(readAll)}), ""},
		"nothing allows":                        {get(Case{}), "because no identity-based policy allows the s3:GetObject action"},
		"bucket policy alone allows in account": {get(Case{Own: own(anyoneGet)}), ""},
		"bucket policy denies without TLS":      {get(Case{Identity: identity(readAll), Own: own(tlsOnly), Keys: Keys{"aws:SecureTransport": {"false"}}}), "explicit deny in a resource-based policy"},
		"bucket policy lets TLS through":        {get(Case{Identity: identity(readAll), Own: own(tlsOnly), Keys: Keys{"aws:SecureTransport": {"true"}}}), ""},
		"explicit deny in identity wins":        {get(Case{Identity: identity(readAll, `{"Effect": "Deny", "Action": "*", "Resource": "*"}`), Own: own(anyoneGet)}), "explicit deny in an identity-based policy"},
		"root in a bucket policy is no grant":   {get(Case{Own: own(strings.Replace(root, "kms:*", "s3:*", 1))}), "no identity-based policy"},
		"key: root delegates to identity":       {decrypt(Case{Identity: identity(useKey), Own: own(root)}), ""},
		"key: root alone is not enough":         {decrypt(Case{Own: own(root)}), "no identity-based policy"},
		"key: identity alone is not enough":     {decrypt(Case{Identity: identity(useKey), Own: own(strings.Replace(direct, "loader", "other", 1))}), "no resource-based policy"},
		"key: identity without any key policy":  {decrypt(Case{Identity: identity(useKey)}), "no resource-based policy"},
		"key: the role named is enough":         {decrypt(Case{Own: own(direct)}), ""},
		"another account needs both":            {func() Case { c := get(Case{Identity: identity(readAll)}); c.Owner = "999999999999"; return c }(), "no resource-based policy"},
		"another account, both": {func() Case {
			c := get(Case{Identity: identity(readAll), Own: own(anyoneGet)})
			c.Owner = "999999999999"
			return c
		}(), ""},
		"another account, resource only":     {func() Case { c := get(Case{Own: own(anyoneGet)}); c.Owner = "999999999999"; return c }(), "no identity-based policy"},
		"service let in":                     {send(rule, Case{Own: own(events)}), ""},
		"service for another source":         {send(rule+"2", Case{Own: own(events)}), "no resource-based policy allows the sqs:SendMessage action"},
		"service without a policy":           {send(rule, Case{}), "no resource-based policy"},
		"service gets nothing from identity": {send(rule, Case{Identity: identity(`{"Effect": "Allow", "Action": "*", "Resource": "*"}`)}), "no resource-based policy"},
		"NotPrincipal spares those it names": {get(Case{Identity: identity(readAll), Own: own(notRole)}), ""},
		"NotPrincipal denies the others": {func() Case {
			c := get(Case{Identity: identity(readAll), Own: own(notRole)})
			c.Caller.Account, c.Caller.Role, c.Caller.ARN = "4", "arn:aws:iam::4:role/x", "arn:aws:sts::4:assumed-role/x/y"
			c.Owner = "4"
			return c
		}(), "explicit deny in a resource-based policy"},
		"action of another case":   {get(Case{Identity: identity(strings.Replace(readAll, "s3:GetObject", "S3:getobject", 1))}), ""},
		"resource of another case": {get(Case{Identity: identity(strings.Replace(readAll, "raw", "RAW", 1))}), "no identity-based policy"},
		"NotAction":                {get(Case{Identity: identity(`{"Effect": "Allow", "NotAction": ["iam:*", "s3:Put*"], "Resource": "*"}`)}), ""},
		"NotAction excludes":       {get(Case{Identity: identity(`{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}`)}), "no identity-based policy"},
		"NotResource":              {get(Case{Identity: identity(`{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::staging/*"}`)}), ""},
		"NotResource excludes":     {get(Case{Identity: identity(`{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::raw/*"}`)}), "no identity-based policy"},
		"variable in a resource": {func() Case {
			c := get(Case{Identity: identity(`{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/bucket}/*"}`)})
			c.Keys = Keys{"aws:principaltag/bucket": {"raw"}}
			return c
		}(), ""},
		"variable without value matches nothing": {get(Case{Identity: identity(`{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/bucket}/*"}`)}), "no identity-based policy"},
		"variable's wildcards are no wildcards": {func() Case {
			c := get(Case{Identity: identity(`{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::${aws:PrincipalTag/bucket}/*"}`)})
			c.Keys = Keys{"aws:PrincipalTag/bucket": {"*"}}
			return c
		}(), "no identity-based policy"},
	} {
		t.Run(name, func(t *testing.T) {
			d := Evaluate(tc.c)
			if d.Allowed != (tc.want == "") || !strings.Contains(d.Reason, tc.want) {
				t.Errorf("got %+v, want %q", d, tc.want)
			}
		})
	}
}

func ExampleEvaluate() {
	policy, err := Parse(Identity, []byte(`{
		"Version": "2012-10-17",
		"Statement": {"Sid": "ReadRaw", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::raw/*"}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	c := Case{
		Caller:   Caller{Role: "arn:aws:iam::111122223333:role/loader", Account: "111122223333"},
		Owner:    "111122223333",
		Identity: []Named{{Name: "loader", Policy: policy}},
	}
	c.Action, c.Resource = "s3:GetObject", "arn:aws:s3:::raw/flights.csv"
	fmt.Println(Evaluate(c).Allowed)
	c.Action = "s3:PutObject"
	fmt.Println(Evaluate(c).Reason)
	// Output:
	// true
	// because no identity-based policy allows the s3:PutObject action
}
