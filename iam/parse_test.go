package iam

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"airline/problem"
)

func TestParseRefuses(t *testing.T) {
	statement := func(elements string) string {
		return `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", ` + elements + `}}`
	}
	get := func(resource string) string { return statement(`"Action": "s3:GetObject", "Resource": ` + resource) }
	when := func(condition string) string { return get(`"*", "Condition": {` + condition + `}`) }
	who := func(principal string) string {
		return statement(`"Action": "sts:AssumeRole", "Principal": ` + principal)
	}
	for _, c := range []struct {
		kind           Kind
		document, want string
	}{
		{Identity, ``, "is not JSON"},
		{Identity, `[]`, "is not an object"},
		{Identity, "{\n\"Version\": }", "line 2, column 12"},
		{Identity, `{"Statement": []} x`, "is not JSON"},
		{Identity, strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat(`}`, 40), "nested deeper"},
		{Identity, "{\"Id\": \"\xff\"}", "is not UTF-8"},
		{Identity, `{"Version": "2020-01-01", "Statement": []}`, `Version: is "2020-01-01", must be`},
		{Identity, `{"Version": 2012, "Statement": []}`, `Version: is 2012, must be`},
		{Identity, `{"Statement": []}`, "has no Statement"},
		{Identity, `{"Version": "2012-10-17"}`, "has no Statement"},
		{Identity, `{"Statement": ["x"]}`, `Statement[0]: is "x", and must be an object`},
		{Identity, `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, "Extra": 1}`, `Extra: is an unknown element`},
		{Identity, `{"Version": "2012-10-17", "Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}`, "Version: stands twice"},
		{Identity, statement(`"Effect": "Deny", "Action": "s3:*", "Resource": "*"`), "Statement.Effect: stands twice"},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Ressource": "*"`), `Statement.Ressource: is an unknown element`},
		{Identity, `{"Statement": {"Effect": "allow", "Action": "s3:*", "Resource": "*"}}`, `Statement.Effect: must be "Allow" or "Deny"`},
		{Identity, `{"Statement": {"Action": "s3:*", "Resource": "*"}}`, "lacks Effect"},
		// elements by kind
		{Identity, statement(`"Resource": "*"`), "lacks Action"},
		{Identity, statement(`"Action": "s3:*"`), "lacks Resource, which a statement of an identity policy has"},
		{Managed, statement(`"Action": "s3:*"`), "lacks Resource"},
		{Boundary, statement(`"Action": "s3:*"`), "lacks Resource"},
		{Identity, statement(`"Action": "s3:*", "Resource": "*", "Principal": "*"`), "Statement.Principal: must not stand in an identity policy"},
		{Boundary, statement(`"Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": "111122223333"}`), "must not stand in a permissions boundary"},
		{Trust, statement(`"Action": "sts:AssumeRole"`), "lacks Principal, which a statement of a trust policy has"},
		{Trust, who(`"*", "Resource": "*"`), "Statement.Resource: must not stand in a trust policy"},
		{Trust, statement(`"Action": "s3:GetObject", "Principal": "*"`), `"s3:GetObject" is not of sts`},
		{Trust, statement(`"Action": "*", "Principal": "*"`), `"*" is not of sts`},
		{Trust, statement(`"Action": "sts:AssumeRole", "NotPrincipal": {"AWS": "111122223333"}`), "Statement.NotPrincipal: must not stand beside the Effect Allow"},
		{Resource, statement(`"Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": "111122223333"}`), "must not stand beside the Effect Allow"},
		{Resource, statement(`"Action": "s3:*", "Resource": "*"`), "lacks Principal"},
		{Resource, statement(`"Action": "s3:*", "Principal": "*"`), "lacks Resource"},
		{KeyPolicy, statement(`"Action": "kms:*", "Principal": "*"`), "lacks Resource, which a statement of a key policy has"},
		{Endpoint, statement(`"Action": "s3:*", "Resource": "*", "Principal": {"AWS": "111122223333"}`), `must be "*" in a VPC endpoint policy`},
		{Endpoint, statement(`"Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": "111122223333"}`), "must not stand in a VPC endpoint policy"},
		{Identity, statement(`"Action": "s3:*", "NotAction": "s3:*", "Resource": "*"`), "has both Action and NotAction"},
		// Sid
		{Identity, get(`"*", "Sid": "a-b c"`), "other characters than letters and digits"},
		{Identity, get(`"*", "Sid": 7`), "7 is not a string"},
		{Resource, `{"Statement": [{"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}, {"Sid": "a", "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}`, `Statement[1].Sid: "a" is another statement's Sid too`},
		// actions
		{Identity, statement(`"Action": "GetObject", "Resource": "*"`), `"GetObject" is not of the form service:action`},
		{Identity, statement(`"Action": "s3:", "Resource": "*"`), `is not of the form service:action`},
		{Identity, statement(`"Action": [], "Resource": "*"`), "Statement.Action: is an empty list"},
		{Identity, statement(`"Action": ["s3:*", 3], "Resource": "*"`), "Statement.Action[1]: 3 is not a string"},
		{Identity, statement(`"Action": [["s3:*"]], "Resource": "*"`), "a list is not a string"},
		{Identity, statement(`"Action": null, "Resource": "*"`), "null is not a string"},
		{Identity, statement(`"Action": "*:*", "Resource": "*"`), "wildcard in the service"},
		{Identity, statement(`"NotAction": "s?:GetObject", "Resource": "*"`), "wildcard in the service"},
		{Identity, statement(`"Action": "${aws:username}:GetObject", "Resource": "*"`), "other characters"},
		{Identity, statement(`"Action": "s3:Get Object", "Resource": "*"`), "other characters"},
		{Identity, statement(`"Action": "s3:GetObject:x", "Resource": "*"`), "other characters"},
		// resources
		{Identity, get(`[]`), "Statement.Resource: is an empty list"},
		{Identity, get(`""`), `"" is neither "*" nor an ARN`},
		{Identity, get(`"bucket"`), `"bucket" is neither "*" nor an ARN`},
		{Identity, get(`"arn:aws:s3"`), `neither "*" nor an ARN`},
		{Identity, get(`"arn:aws:s3:::"`), "names no resource"},
		{Identity, get(`"arm:aws:s3:::a"`), "does not begin with arn:"},
		{Identity, get(`"arn:aw:s3:::a"`), "partition"},
		{Identity, get(`"arn:aws:*:::a"`), "wildcard in the service"},
		{Identity, get(`"arn:aws:S3:::a"`), "service with other characters"},
		{Identity, get(`"arn:aws:sqs:eu-west-1:11112222333:q"`), "an account id has 12 digits"},
		{Identity, get(`"arn:aws:sqs:eu-west-1:${aws:PrincipalAccount}:q"`), "variable before the fifth colon"},
		{Identity, get(`"arn:aws:iam::111122223333:u*"`), "which type of IAM resource"},
		{Identity, get(`"arn:aws:iam::111122223333:us*r/bob"`), "wildcard in the type of the resource"},
		{Identity, get(`"arn:aws:glue:*:*:t?ble/a/b"`), "wildcard in the type of the resource"},
		{Identity, get(`"arn:aws:s3:::a/${aws:username"`), "variable without its closing brace"},
		{Identity, get(`"arn:aws:s3:::a/${}"`), "variable without a name"},
		{Identity, get(`"arn:aws:s3:::a/${ aws:username }"`), "blank in the variable"},
		{Identity, get(`"arn:aws:s3:::a/${aws:username, none}"`), "not in single quotes"},
		{Identity, get(`"arn:aws:s3:::a/${username}"`), "which is no condition key"},
		{Identity, `{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::a${aws:username}"}}`, "which only Version \"2012-10-17\" replaces"},
		{Identity, `{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {"StringEquals": {"aws:username": "${aws:userid}"}}}}`, "which only Version"},
		// principals
		{Trust, who(`"me"`), `must be "*" or an object`},
		{Trust, who(`{}`), "names nobody"},
		{Trust, who(`{"Role": "x"}`), "Principal.Role: is an unknown kind of principal"},
		{Trust, who(`{"AWS": []}`), "empty list"},
		{Trust, who(`{"AWS": "me"}`), `"me" is neither an account id`},
		{Trust, who(`{"AWS": "11112222333"}`), "neither an account id"},
		{Trust, who(`{"AWS": "arn:aws:iam::*:root"}`), "neither an account id"},
		{Trust, who(`{"AWS": "arn:aws:iam::111122223333:role/*"}`), "neither an account id"},
		{Trust, who(`{"AWS": "arn:aws:s3:::bucket"}`), "neither an account id"},
		{Trust, who(`{"AWS": "arn:aws:iam::111122223333:group/g"}`), "neither an account id"},
		{Trust, who(`{"Service": "glue"}`), "is not a service's name"},
		{Trust, who(`{"Service": "*"}`), "is not a service's name"},
		{Trust, who(`{"Federated": "arn:aws:iam::111122223333:role/x"}`), "identity provider"},
		{Resource, statement(`"Action": "s3:*", "Resource": "*", "Principal": {"CanonicalUser": "*"}`), "canonical user id"},
		// conditions
		{Identity, when(`"StringIs": {"a:b": "b"}`), `unknown condition operator "StringIs"`},
		{Identity, when(`"ForSome:StringEquals": {"a:b": "b"}`), `unknown set qualifier "ForSome"`},
		{Identity, when(`"NullIfExists": {"a:b": "true"}`), "takes neither IfExists nor a set qualifier"},
		{Identity, when(`"ForAnyValue:Null": {"a:b": "true"}`), "takes neither IfExists nor a set qualifier"},
		{Identity, when(`"StringEquals": {"a:x": "1"}, "StringEquals": {"a:y": "2"}`), "Condition.StringEquals: stands twice"},
		{Identity, when(`"StringEquals": {"a:x": "1", "a:x": "2"}`), "Condition.StringEquals.a:x: stands twice"},
		{Identity, when(`"StringEquals": {"a:x": "1", "A:X": "2"}`), "is the key a:x too"},
		{Identity, when(`"StringEquals": "x"`), "must be an object"},
		{Identity, when(`"StringEquals": {"x": "1"}`), "is not the name of a condition key"},
		{Identity, when(`"StringEquals": {"aws:SourceArm": "1"}`), "is no global condition key"},
		{Identity, when(`"StringEquals": {"a:x": []}`), "is an empty list"},
		{Identity, when(`"StringEquals": {"a:x": null}`), "null is not a string, number or boolean"},
		{Identity, when(`"Bool": {"a:x": {}}`), "an object is not a string, number or boolean"},
		{Identity, when(`"Bool": {"aws:SecureTransport": "yes"}`), `"yes" is not true or false`},
		{Identity, when(`"Bool": {"aws:SecureTransport": 1}`), `"1" is not true or false`},
		{Identity, when(`"Bool": {"aws:SecureTransport": "${aws:username}"}`), "has a variable, which only operators for strings and ARNs take"},
		{Identity, when(`"Null": {"aws:SourceArn": "maybe"}`), "is not true or false"},
		{Identity, when(`"NumericEquals": {"s3:max-keys": "ten"}`), `"ten" is not a number`},
		{Identity, when(`"NumericEquals": {"s3:max-keys": "0x10"}`), "is not a number"},
		{Identity, when(`"NumericEquals": {"s3:max-keys": "Inf"}`), "is not a number"},
		{Identity, when(`"NumericEquals": {"s3:max-keys": true}`), "is not a number"},
		{Identity, when(`"DateLessThan": {"aws:CurrentTime": "2024-05-01T12:00:00"}`), "is not a date"},
		{Identity, when(`"DateLessThan": {"aws:CurrentTime": "2024-13-01"}`), "is not a date"},
		{Identity, when(`"DateLessThan": {"aws:CurrentTime": "tomorrow"}`), "is not a date"},
		{Identity, when(`"IpAddress": {"aws:SourceIp": "10.0.0.0/33"}`), "is not an IP address or network"},
		{Identity, when(`"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "10.0.0"]}`), `"10.0.0" is not an IP address`},
		{Identity, when(`"BinaryEquals": {"a:x": "a"}`), "is not base64"},
		{Identity, when(`"ArnLike": {"aws:SourceArn": "*"}`), "is not an ARN with its six parts"},
		{Identity, when(`"ArnEquals": {"aws:SourceArn": "arn:aws:s3"}`), "is not an ARN with its six parts"},
		{Identity, when(`"NumericLessThan": {"aws:CurrentTime": "1"}`), "is a date, which the operator does not compare"},
		{Identity, when(`"IpAddress": {"aws:username": "10.0.0.0/8"}`), "is text, which the operator does not compare"},
		{Identity, when(`"Bool": {"aws:SourceIp": "true"}`), "is an IP address or network, which"},
		{Identity, when(`"StringLike": {"aws:username": "${aws:userid"}`), "without its closing brace"},
		// quotas
		{Trust, who(`"*", "Sid": "` + strings.Repeat("a", 2000) + `"`), "and AWS takes 2048 of a trust policy"},
		{Managed, get(`"arn:aws:s3:::` + strings.Repeat("a", 7000) + `"`), "AWS takes 6144"},
		{Identity, get(`"arn:aws:s3:::` + strings.Repeat("a", 11000) + `"`), "characters without white space, and AWS takes 10240"},
		{Kind(99), get(`"*"`), "no kind 99"},
	} {
		_, err := Parse(c.kind, []byte(c.document))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v %s: got %v, want %q", c.kind, c.document, err, c.want)
		}
	}
}

func TestParseTakes(t *testing.T) {
	for _, c := range []struct {
		kind     Kind
		document string
	}{
		{Identity, `{"Statement": {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["arn:aws:s3:::a", "arn:aws:s3:::a/*"]}}`},
		{Identity, `{"Version": "2012-10-17", "Id": "x", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:ec2:*"}]}`},
		{Identity, `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::home-*/${aws:username, 'guest'}/*", "arn:*:logs:*:1111*:log-group:/aws/*:*", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
			"Condition": {"StringLikeIfExists": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}, "Null": {"aws:TokenIssueTime": false},
			"NumericLessThan": {"aws:MultiFactorAuthAge": 3600, "aws:EpochTime": "1714564800"}, "DateGreaterThan": {"aws:CurrentTime": ["2024", "2024-05-01T12:00Z", "2024-05-01T12:00:00.5+02:00"]},
			"BoolIfExists": {"aws:ViaAWSService": "True"}, "NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::1"]}, "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:username}"}}}}`},
		{Trust, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": {"Service": ["glue.amazonaws.com", "ec2.amazonaws.com.cn"],
			"AWS": ["111122223333", "arn:aws:iam::111122223333:root", "arn:aws-cn:iam::111122223333:role/path/x", "arn:aws:sts::111122223333:assumed-role/x/y", "AROAEXAMPLEEXAMPLE12", "*"],
			"Federated": ["cognito-identity.amazonaws.com", "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"]},
			"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com", "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub": "system"}}}]}`},
		{Resource, `{"Version": "2008-10-17", "Statement": [{"Sid": "Let them in", "Effect": "Allow", "Principal": {"CanonicalUser": "79a5", "AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}]}`},
		{KeyPolicy, `{"Statement": {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}}`},
		{Endpoint, `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}}`},
	} {
		if _, err := Parse(c.kind, []byte(c.document)); err != nil {
			t.Errorf("%s: %v", c.document, err)
		}
	}
}

// reading knows the keys of three actions of S3.
type reading struct{}

func (reading) Key(action, name string) (Key, bool, bool) {
	if !strings.HasPrefix(action, "s3:") && action != "*" {
		return Key{}, false, false
	}
	k, found := map[string]map[string]Key{
		"s3:listbucket": {"s3:prefix": {Type: String}, "s3:max-keys": {Type: Number}},
		"s3:getobject":  {"s3:versionid": {Type: String}},
	}[strings.ToLower(action)][strings.ToLower(name)]
	return k, found, true
}

func TestKeysOfActions(t *testing.T) {
	for _, c := range []struct{ actions, condition, want string }{
		{`"s3:ListBucket"`, `"StringLike": {"S3:Prefix": "a/*"}`, ""},
		{`"s3:GetObject"`, `"StringLike": {"s3:prefix": "a/*"}`, "is no condition key of s3:GetObject"},
		{`["s3:ListBucket", "s3:GetObject"]`, `"StringLike": {"s3:prefix": "a/*"}`, ""}, // as kms:EncryptionContext of kms:DescribeKey in AWS's own key policies
		{`["s3:GetObject", "s3:getobject"]`, `"StringLike": {"s3:prefix": "a/*"}`, "is no condition key of s3:GetObject, s3:getobject"},
		{`"s3:ListBucket"`, `"IpAddress": {"s3:max-keys": "10.0.0.0/8"}`, "is a number, which the operator does not compare"},
		{`"s3:GetObject"`, `"StringLike": {"aws:PrincipalArn": "arn:*"}`, ""},
		{`"new:Thing"`, `"StringLike": {"new:key": "a"}`, ""},
	} {
		_, err := Parser{Kind: Identity, Keys: reading{}}.Parse([]byte(`{"Statement": {"Effect": "Allow", "Condition": {` + c.condition + `}, "Action": ` + c.actions + `, "Resource": "*"}}`))
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: got %v, want %q", c.actions, c.condition, err, c.want)
		}
	}
}

func TestAllProblemsAtOnce(t *testing.T) {
	_, err := Parse(Identity, []byte(`{"Statement": [{"Effect": "Allow", "Action": "s3", "Resource": "x"}, {"Effect": "No", "Action": "s3:*", "Resource": "*"}]}`))
	if problems := problem.List(nil); !errors.As(err, &problems) || len(problems) != 3 {
		t.Errorf("got %v, want three problems", err)
	}
}

// TestMalformed reads documents that two validators refuse, each of its kind.
func TestMalformed(t *testing.T) {
	const path = "../../shared/conformance/iam/malformed.json"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the malformed documents are not at " + path)
	}
	var cases []struct{ Kind, Document string }
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]Kind{"identity": Identity, "trust": Trust, "resource": Resource, "boundary": Boundary, "endpoint": Endpoint, "kms": KeyPolicy, "key": KeyPolicy}
	for i, c := range cases {
		_, err := Parse(kinds[c.Kind], []byte(c.Document))
		if err == nil {
			t.Errorf("%d: taken: %s", i, c.Document)
		}
		t.Logf("%d: %v", i, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "${a}*", "Condition": {"ForAnyValue:StringLike": {"a": ["b*", "${*}"]}}}}`, "aws:x", "v*")
	f.Fuzz(func(t *testing.T, document, key, value string) {
		p, err := Parse(Identity, []byte(document))
		if err != nil {
			return
		}
		Evaluate(Case{Caller: loader, Action: "s3:GetObject", Resource: value, Keys: Keys{key: {value}}, Identity: []Named{{"p", p}}, Own: &Named{"o", p}})
	})
}
