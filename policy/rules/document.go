package rules

import (
	"slices"
	"strconv"
	"strings"

	"airline/asl/awsapi"
	"airline/iam"
)

// document is an IAM policy document as it stands in a property.
type document struct {
	at     Value
	policy *iam.Policy // nil when it is not known, or cannot be read
	err    error
}

// readDocument parses the document at the path, once.
func readDocument(r *Resource, path string) document {
	return remember(r, "document "+path, func() document {
		d := document{at: r.Get(path)}
		if d.at.Known() {
			d.policy, d.err = parserOf(r, path).Parse([]byte(d.at.Text()))
		}
		return d
	})
}

// documentPaths are the properties that hold policy documents. A [*] stands for each element of a list.
var documentPaths = map[string][]string{
	typeRolePolicy: {"policy"}, typeManaged: {"policy"}, typeUserPolicy: {"policy"}, typeGroupPol: {"policy"},
	typeRole:         {"assumeRolePolicy", "inlinePolicies[*].policy"},
	typeBucketPolicy: {"policy"}, typeBucket: {"policy"}, typeBucketOld: {"policy"},
	typeKey: {"policy"}, typeKeyPolicy: {"policy"},
	typeTopic: {"policy"}, typeTopicPol: {"policy"}, typeQueue: {"policy"}, typeQueuePol: {"policy"},
	typeBusPolicy: {"policy"}, typeSecret: {"policy"}, typeSecretPolicy: {"policy"}, typeVpcEndpoint: {"policy"},
}

// parserOf reads documents of the kind that stands at the path, with the quota of its service.
func parserOf(r *Resource, path string) iam.Parser {
	switch r.Type {
	case typeRole:
		if path == "assumeRolePolicy" {
			return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Trust}
		}
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Identity}
	case typeRolePolicy:
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Identity}
	case typeUserPolicy:
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Identity, Quota: 2_048}
	case typeGroupPol:
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Identity, Quota: 5_120}
	case typeManaged:
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Managed}
	case typeKey, typeKeyPolicy:
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.KeyPolicy}
	case typeVpcEndpoint:
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Endpoint}
	case typeTopic, typeTopicPol:
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Resource, Quota: 30_720}
	case typeBusPolicy:
		return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Resource, Quota: 10_240}
	}
	return iam.Parser{Keys: awsapi.ConditionKeys, Kind: iam.Resource}
}

// paths are the places of the resource's documents.
func documentPlaces(r *Resource) []string {
	var out []string
	for _, p := range documentPaths[r.Type] {
		before, after, list := strings.Cut(p, "[*]")
		if !list {
			out = append(out, p)
			continue
		}
		for _, item := range r.Get(before).Items() {
			out = append(out, item.path+after)
		}
	}
	return out
}

// eachDocument hands the readable documents of the resource to judge, and says where one is not known. Those that cannot be
// read are refused by iam-document-valid, once for all rules.
func (j *judge) eachDocument(r *Resource, judge func(d document)) {
	for _, place := range documentPlaces(r) {
		j.withDocument(r, place, judge)
	}
}

func (j *judge) withDocument(r *Resource, path string, judge func(d document)) {
	d := readDocument(r, path)
	switch {
	case d.policy != nil:
		judge(d)
	case d.at.Unknown():
		j.unsure(r, path, "the policy is not known before it is created")
	case d.err != nil && j.disabled("iam-document-valid"):
		j.unsure(r, path, "the policy cannot be read")
	}
}

// identity are the places of documents that say what somebody may do, not who may do something with the resource.
func identity(r *Resource, path string) bool {
	switch r.Type {
	case typeRolePolicy, typeManaged, typeUserPolicy, typeGroupPol:
		return true
	}
	return r.Type == typeRole && path != "assumeRolePolicy"
}

// statementName is how people find a statement: its Sid, or its number.
func statementName(s iam.Statement, i int) string {
	if s.Sid != "" {
		return s.Sid
	}
	return "Statement[" + strconv.Itoa(i) + "]"
}

// anyone tells whether the statement is for every principal.
func anyone(s iam.Statement) bool {
	p := s.Principal
	return p != nil && (p.Anyone || slices.Contains(p.AWS, "*") || slices.Contains(p.Services, "*") || slices.Contains(p.Federated, "*"))
}

// callerKeys are the condition keys that say who a request comes from, or on whose behalf, so that a statement for
// everybody is for somebody (AWS: the meaning of "public", Amazon S3 User Guide).
var callerKeys = []string{
	"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc", "aws:sourcevpce",
	"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourceowner",
	"aws:userid", "s3:dataaccesspointaccount", "s3:dataaccesspointarn", "kms:calleraccount",
}

// limited tells whether a condition of the statement narrows who may use it, to values without a wildcard in the account.
func limited(s iam.Statement, keys ...string) bool {
	return slices.ContainsFunc(s.Conditions, func(c iam.Condition) bool {
		return slices.Contains(keys, strings.ToLower(c.Key)) && requires(c) && !slices.ContainsFunc(c.Values, wild)
	})
}

// requires tells whether the condition holds only when its key has one of its values: not for operators that negate, that
// also hold without the key, or that test no value.
func requires(c iam.Condition) bool {
	operator := strings.ToLower(c.Operator)
	if strings.HasPrefix(operator, "forallvalues:") || strings.HasSuffix(operator, "ifexists") {
		return false
	}
	operator = strings.TrimPrefix(operator, "foranyvalue:")
	switch operator {
	case "stringequals", "stringlike", "stringequalsignorecase", "arnequals", "arnlike":
		return true
	}
	return false
}

// wild tells whether a value leaves the account open: "*", "arn:aws:s3:*:*:*".
func wild(value string) bool {
	if strings.Contains(value, "${") { // a key compared with a variable of the request may be compared with itself
		return !slices.Contains([]string{"${aws:resourceaccount}", "${aws:resourceorgid}"}, strings.ToLower(value))
	}
	if a := parseARN(value); a.Service != "" {
		if a.Account == "" { // buckets have no account in their ARNs
			return strings.Trim(a.Resource, "*") == ""
		}
		return strings.ContainsAny(a.Account, "*?") || strings.ContainsAny(a.Service, "*?")
	}
	id, _ := strings.CutSuffix(value, ":*") // every session of one role: "AROAEXAMPLE:*" of aws:userid
	return id == "" || strings.ContainsAny(id, "*?")
}

// coveredBy tells whether one of the patterns of a policy matches all that a resource means, which may itself be a pattern.
func coveredBy(patterns []string, resource string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return iam.CoversARN(p, resource) })
}
