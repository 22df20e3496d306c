package rules

import (
	"slices"
	"strings"

	"airline/iam"
)

// buckets are the stack's buckets. The older resource holds in one what BucketV2 has beside it; both are judged alike.
func (j *judge) buckets() []*Resource { return j.OfType(typeBucket, typeBucketOld) }

// settings are the resources of a type that configure the bucket.
func (j *judge) configuring(bucket *Resource, kind string) []*Resource {
	return j.Referring(bucket, kind, "bucket", typeBucket, typeBucketOld)
}

// eachBucket asks for a setting of every bucket: in a resource beside it, at path, or in the bucket itself, at inline.
func eachBucket(kind, path, inline string, holds test, saying string) func(*judge) {
	return func(j *judge) {
		for _, b := range j.buckets() {
			settings := j.configuring(b, kind)
			for _, c := range settings {
				j.must(c, path, holds, saying)
			}
			if len(settings) == 0 {
				j.withoutSetting(b, kind, inline, holds, saying)
			}
		}
	}
}

// inline is the first of the paths at which the bucket itself has a setting, or "": those of Bucket and of BucketV2 differ.
func inline(b *Resource, paths ...string) string {
	for _, p := range paths {
		if !b.Get(p).Absent() {
			return p
		}
	}
	return ""
}

// withoutSetting judges a bucket that no resource of the kind configures.
func (j *judge) withoutSetting(b *Resource, kind, inline string, holds test, saying string) {
	switch v := b.Get(or(inline, "-")); {
	case inline != "" && !v.Absent():
		j.must(b, inline, holds, saying)
	case len(j.Referring(nil, kind, "bucket", typeBucket, typeBucketOld)) > 0:
		j.unsure(b, "", "there is a %s whose bucket is not known before it is created", shortType(kind))
	default:
		j.refuse(b, "", "%s: the bucket has no %s", saying, shortType(kind))
	}
}

func shortType(token string) string { return token[strings.LastIndexByte(token, ':')+1:] }

// logTargets are the buckets that S3 delivers access logs to.
func (j *judge) logTarget(b *Resource) bool {
	for _, kind := range []string{typeBucket, typeBucketOld} {
		if len(j.Referring(b, kind, "loggings[0].targetBucket", typeBucket, typeBucketOld)) > 0 {
			return true
		}
	}
	return len(j.Referring(b, typeBucketLogging, "targetBucket", typeBucket, typeBucketOld)) > 0
}

func s3Rules() []*Rule {
	return []*Rule{
		{
			ID: "s3-tls-only", Title: "A bucket's policy refuses requests without TLS", Level: Mandatory,
			Why:      "Without it, data and credentials can be read on the way.",
			Fix:      "give the bucket a policy that denies s3:* on bucket and objects to everybody when aws:SecureTransport is false",
			Controls: []string{"S3.5", "CKV_AWS_379"},
			Types:    []string{typeBucket, typeBucketOld, typeBucketPolicy},
			stack:    bucketsOnlyTLS,
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketPolicy:BucketPolicy raw:
  bucket: raw-files
  policy:
    Statement:
      - {Effect: Deny, Principal: "*", Action: "s3:*", Resource: ["arn:aws:s3:::raw-files", "arn:aws:s3:::raw-files/*"], Condition: {Bool: {"aws:SecureTransport": "false"}}}`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}`,
		},
		{
			ID: "s3-public-access-block", Title: "A bucket blocks public access in all four ways", Level: Mandatory,
			Why:      "One policy or list written in haste is otherwise enough to publish the data.",
			Fix:      "give the bucket a BucketPublicAccessBlock with all four settings true",
			Controls: []string{"S3.8", "CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"},
			Types:    []string{typeBucket, typeBucketOld, typeBucketBlock},
			stack: func(j *judge) {
				for _, b := range j.buckets() {
					blocks := j.configuring(b, typeBucketBlock)
					for _, c := range blocks {
						for _, what := range []string{"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"} {
							j.must(c, what, is(true), "public access is not blocked")
						}
					}
					if len(blocks) == 0 {
						j.withoutSetting(b, typeBucketBlock, "", nil, "public access is not blocked")
					}
				}
			},
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock raw: {bucket: raw-files, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true}`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock raw: {bucket: raw-files, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true}`,
		},
		{
			ID: "s3-no-acls", Title: "Access control lists of a bucket are off", Level: Mandatory,
			Why:      "A list is a second place that can grant access, to objects one by one, unseen by who reads the policy.",
			Fix:      "give the bucket BucketOwnershipControls with BucketOwnerEnforced, and no ACL",
			Controls: []string{"S3.12", "CKV2_AWS_65", "CKV_AWS_375"},
			Types:    []string{typeBucket, typeBucketOld, typeBucketOwnership, typeBucketACL},
			stack: func(j *judge) {
				eachBucket(typeBucketOwnership, "rule.objectOwnership", "", isText("BucketOwnerEnforced"), "access control lists are not off")(j)
				for _, b := range j.buckets() {
					for _, acl := range j.configuring(b, typeBucketACL) {
						j.refuse(acl, "", "the bucket has an access control list")
					}
					j.may(b, "acl", isText("private"), "the bucket has an access control list")
				}
			},
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketOwnershipControls:BucketOwnershipControls raw: {bucket: raw-files, rule: {objectOwnership: BucketOwnerEnforced}}`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketOwnershipControls:BucketOwnershipControls raw: {bucket: raw-files, rule: {objectOwnership: ObjectWriter}}`,
		},
		{
			ID: "s3-cmk", Title: "A bucket is encrypted with a customer-managed key; a target of access logs with S3's own", Level: Mandatory,
			Why: "Only a key of one's own can be taken away from a reader. S3 delivers access logs only to buckets that it encrypts " +
				"with its own keys (Amazon S3 User Guide, enabling server access logging).",
			Fix:      "set sseAlgorithm aws:kms and kmsMasterKeyId in the bucket's encryption configuration, or AES256 for a target of access logs",
			Controls: []string{"S3.17", "CKV_AWS_145"},
			Types:    []string{typeBucket, typeBucketOld, typeBucketEncryption, typeBucketLogging},
			stack:    bucketsEncrypted,
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2 raw:
  bucket: raw-files
  rules: [{applyServerSideEncryptionByDefault: {sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}}]`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2 raw:
  bucket: raw-files
  rules: [{applyServerSideEncryptionByDefault: {sseAlgorithm: AES256}}]`,
		},
		{
			ID: "s3-versioning", Title: "A bucket keeps versions", Level: Mandatory,
			Why:      "An overwritten file is otherwise gone, and an event that names a version has nothing to read.",
			Fix:      "give the bucket BucketVersioningV2 with status Enabled",
			Controls: []string{"S3.14", "CKV_AWS_21"},
			Types:    []string{typeBucket, typeBucketOld, typeBucketVersioning},
			stack: func(j *judge) {
				for _, b := range j.buckets() {
					settings := j.configuring(b, typeBucketVersioning)
					for _, c := range settings {
						j.must(c, "versioningConfiguration.status", isText("Enabled"), "versions are not kept")
					}
					if len(settings) == 0 {
						j.withoutSetting(b, typeBucketVersioning, inline(b, "versioning.enabled", "versionings[0].enabled"), is(true), "versions are not kept")
					}
				}
			},
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketVersioningV2:BucketVersioningV2 raw: {bucket: raw-files, versioningConfiguration: {status: Enabled}}`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketVersioningV2:BucketVersioningV2 raw: {bucket: raw-files, versioningConfiguration: {status: Suspended}}`,
		},
		{
			ID: "s3-access-log", Title: "A bucket has an access log, unless it receives them", Level: Mandatory,
			Why:      "Who read or deleted a file is otherwise not known afterwards.",
			Fix:      "give the bucket BucketLoggingV2 with a targetBucket that is another bucket",
			Controls: []string{"S3.9", "CKV_AWS_18"},
			Types:    []string{typeBucket, typeBucketOld, typeBucketLogging},
			stack:    bucketsLogged,
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketV2:BucketV2 logs: {bucket: access-logs}
aws:s3/bucketLoggingV2:BucketLoggingV2 raw: {bucket: raw-files, targetBucket: access-logs}`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketLoggingV2:BucketLoggingV2 raw: {bucket: raw-files, targetBucket: raw-files}`,
		},
		{
			ID: "s3-lifecycle", Title: "A bucket has a lifecycle", Level: Mandatory,
			Why:      "What nobody removes is paid for, and kept, for ever: replaced versions above all.",
			Fix:      "give the bucket a BucketLifecycleConfigurationV2 with an enabled rule that expires something",
			Controls: []string{"S3.13", "CKV2_AWS_61"},
			Types:    []string{typeBucket, typeBucketOld, typeBucketLifecycle},
			stack:    lifecycles([]string{"expiration", "noncurrentVersionExpiration"}, "nothing in the bucket ever expires"),
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2 raw:
  bucket: raw-files
  rules: [{id: old, status: Enabled, noncurrentVersionExpiration: {noncurrentDays: 30}}]`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2 raw:
  bucket: raw-files
  rules: [{id: old, status: Disabled, noncurrentVersionExpiration: {noncurrentDays: 30}}]`,
		},
		{
			ID: "s3-abort-multipart", Title: "Unfinished uploads are given up", Level: Mandatory,
			Why:      "Parts of an upload that never ended are paid for and not listed.",
			Fix:      "add abortIncompleteMultipartUpload to an enabled rule of the lifecycle that has no narrower filter",
			Controls: []string{"CKV_AWS_300"},
			Types:    []string{typeBucket, typeBucketOld, typeBucketLifecycle},
			stack:    lifecycles([]string{"abortIncompleteMultipartUpload"}, "unfinished uploads are kept"),
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2 raw:
  bucket: raw-files
  rules: [{id: leftovers, status: Enabled, abortIncompleteMultipartUpload: {daysAfterInitiation: 7}}]`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files}
aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2 raw:
  bucket: raw-files
  rules: [{id: old, status: Enabled, noncurrentVersionExpiration: {noncurrentDays: 30}}]`,
		},
		{
			ID: "s3-no-foreign-accounts", Title: "No other account may change a bucket's policy, lists or encryption", Level: Mandatory,
			Why:      "Whoever may change the policy may give themselves everything else.",
			Fix:      "take the account out of the statement, or the actions that change permissions",
			Controls: []string{"S3.6"},
			Types:    []string{typeBucketPolicy, typeBucket, typeBucketOld},
			stack:    noForeignAdministrators,
			Good: `aws:s3/bucketPolicy:BucketPolicy raw:
  bucket: raw-files
  policy: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:root"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::raw-files/*"}]}`,
			Bad: `aws:sqs/queue:Queue any: {arn: "arn:aws:sqs:eu-west-1:111122223333:any"}
aws:s3/bucketPolicy:BucketPolicy raw:
  bucket: raw-files
  policy: {Statement: [{Effect: Allow, Principal: {AWS: "arn:aws:iam::444455556666:root"}, Action: "s3:*", Resource: "arn:aws:s3:::raw-files/*"}]}`,
		},
		{
			ID: "s3-no-public-policy", Title: "A bucket's policy allows nothing to everybody", Level: Mandatory,
			Why:      "What everybody may do, strangers may do.",
			Fix:      "name principals, or add a condition on the account, organization, VPC or source ARN",
			Controls: []string{"S3.2", "S3.3", "CKV_AWS_70"},
			Types:    []string{typeBucketPolicy, typeBucket, typeBucketOld},
			resource: nothingToEverybody,
			Good: `aws:s3/bucketPolicy:BucketPolicy raw:
  bucket: raw-files
  policy: {Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::raw-files/*", Condition: {StringEquals: {"aws:PrincipalOrgID": o-abcdef}}}]}`,
			Bad: `aws:s3/bucketPolicy:BucketPolicy raw:
  bucket: raw-files
  policy: {Statement: [{Effect: Allow, Principal: {AWS: "*"}, Action: "s3:GetObject", Resource: "arn:aws:s3:::raw-files/*"}]}`,
		},
	}
}

func bucketsOnlyTLS(j *judge) {
	for _, b := range j.buckets() {
		policies := j.configuring(b, typeBucketPolicy)
		if len(policies) == 0 {
			if d := readDocument(b, "policy"); d.policy != nil {
				j.answer(truth(refusesPlainHTTP(b, d.policy)), b, "policy", "requests without TLS are answered")
				continue
			}
			j.withoutSetting(b, typeBucketPolicy, "", nil, "requests without TLS are answered")
		}
		for _, p := range policies {
			if p.Get("policy").Absent() {
				j.refuse(p, "policy", "requests without TLS are answered")
			}
			j.withDocument(p, "policy", func(d document) {
				j.answer(truth(refusesPlainHTTP(b, d.policy)), p, "policy", "requests without TLS are answered")
			})
		}
	}
}

// refusesPlainHTTP tells whether a statement denies everything in the bucket to everybody who comes without TLS.
func refusesPlainHTTP(bucket *Resource, p *iam.Policy) bool {
	name := bucket.given("bucket").Text()
	return slices.ContainsFunc(p.Statements, func(s iam.Statement) bool {
		if !deniesPlainHTTP(s, "s3:*") {
			return false
		}
		if name == "" { // which bucket it is, is not known yet; that it is all of one, is
			return slices.ContainsFunc(s.Resources, func(r string) bool { return strings.HasSuffix(r, "*") })
		}
		arn := "arn:" + partitionOf(s) + ":s3:::" + name
		return coveredBy(s.Resources, arn) && coveredBy(s.Resources, arn+"/*")
	})
}

// deniesPlainHTTP tells whether a statement denies the actions to everybody who comes without TLS.
func deniesPlainHTTP(s iam.Statement, actions string) bool {
	return s.Deny && anyone(s) && slices.ContainsFunc(s.Actions, func(a string) bool { return iam.CoversAction(a, actions) }) &&
		len(s.Conditions) == 1 && slices.Contains([]string{"bool", "boolifexists"}, strings.ToLower(s.Conditions[0].Operator)) &&
		strings.EqualFold(s.Conditions[0].Key, "aws:SecureTransport") && slices.Equal(s.Conditions[0].Values, []string{"false"})
}

// partitionOf is the partition of the statement's resources.
func partitionOf(s iam.Statement) string {
	for _, r := range s.Resources {
		if a := parseARN(r); a.Partition != "" {
			return a.Partition
		}
	}
	return "aws"
}

func bucketsEncrypted(j *judge) {
	const saying = "the bucket is not encrypted with a customer-managed key"
	for _, b := range j.buckets() {
		settings := j.configuring(b, typeBucketEncryption)
		for _, c := range settings {
			j.encryptedAt(b, c, "rules[0].applyServerSideEncryptionByDefault", saying)
		}
		at := inline(b, "serverSideEncryptionConfiguration.rule.applyServerSideEncryptionByDefault",
			"serverSideEncryptionConfigurations[0].rules[0].applyServerSideEncryptionByDefaults[0]")
		switch {
		case len(settings) > 0:
		case at != "":
			j.encryptedAt(b, b, at, saying)
		default:
			j.withoutSetting(b, typeBucketEncryption, "", nil, saying)
		}
	}
}

// encryptedAt judges the default encryption of the bucket that stands in the resource at the path.
func (j *judge) encryptedAt(bucket, in *Resource, at, saying string) {
	algorithm := at + ".sseAlgorithm"
	if j.logTarget(bucket) {
		j.must(in, algorithm, isText("AES256"), "S3 delivers no access logs to a bucket with another encryption")
		return
	}
	j.must(in, algorithm, isText("aws:kms", "aws:kms:dsse"), saying)
	if in.Get(algorithm).Text() != "AES256" {
		j.encrypted(in, at+".kmsMasterKeyId")
	}
}

func bucketsLogged(j *judge) {
	for _, b := range j.buckets() {
		settings := j.configuring(b, typeBucketLogging)
		for _, c := range settings {
			target, found := j.Targets(c, c.Get("targetBucket"), typeBucket, typeBucketOld)
			switch {
			case slices.Contains(target, b):
				j.refuse(c, "targetBucket", "the bucket logs into itself: every delivery writes another line")
			case found == CannotTell:
				j.unsure(c, "targetBucket", "the target is not known before it is created")
			case c.Get("targetBucket").Absent():
				j.refuse(c, "targetBucket", "the log has no target")
			}
		}
		if len(settings) == 0 && !j.logTarget(b) {
			j.withoutSetting(b, typeBucketLogging, inline(b, "loggings[0].targetBucket"), isSet, "there is no access log")
		}
	}
	for _, c := range j.Referring(nil, typeBucketLogging, "bucket", typeBucket, typeBucketOld) {
		j.unsure(c, "bucket", "the bucket whose log this is, is not known before it is created")
	}
}

// lifecycles asks that an enabled rule of every bucket's lifecycle, for the whole bucket where it aborts uploads, has one of
// the actions.
func lifecycles(actions []string, saying string) func(*judge) {
	return func(j *judge) {
		for _, b := range j.buckets() {
			settings := j.configuring(b, typeBucketLifecycle)
			switch inside := b.Get("lifecycleRules"); {
			case len(settings) > 0:
			case inside.Absent():
				j.withoutSetting(b, typeBucketLifecycle, "", nil, saying)
			default:
				j.answer(inlineLifecycle(inside, actions), b, "lifecycleRules", "%s", saying)
			}
			for _, c := range settings {
				answer := No
				if c.Get("rules").Partly() {
					answer = CannotTell
				}
				for _, rule := range c.Get("rules").Items() {
					if rule.Field("status").Text() != "Enabled" {
						continue
					}
					for _, a := range actions {
						if rule.Field(a).Known() && (a != "abortIncompleteMultipartUpload" || wholeBucket(rule)) {
							answer = Yes
						}
					}
				}
				j.answer(answer, c, "rules", "%s", saying)
			}
		}
	}
}

// inlineLifecycle tells whether an enabled rule of a bucket's own has one of the actions. BucketV2 has lists of one.
func inlineLifecycle(rules Value, actions []string) Truth {
	answer := No
	if rules.Partly() {
		answer = CannotTell
	}
	for _, rule := range rules.Items() {
		if !rule.Field("enabled").Is(true) {
			continue
		}
		for _, a := range actions {
			if a != "abortIncompleteMultipartUpload" {
				if rule.Field(a).Known() || len(rule.Field(a+"s").Items()) > 0 {
					return Yes
				}
				continue
			}
			tags, _ := rule.Field("tags").Fields()
			if rule.Field(a+"Days").Known() && rule.Field("prefix").Text() == "" && len(tags) == 0 {
				return Yes
			}
		}
	}
	return answer
}

// wholeBucket tells whether a lifecycle rule is for every object.
func wholeBucket(rule Value) bool {
	f := rule.Field("filter")
	return rule.Field("prefix").Text() == "" && f.Field("prefix").Text() == "" && f.Field("and").Absent() && f.Field("tag").Absent() &&
		f.Field("objectSizeGreaterThan").Absent() && f.Field("objectSizeLessThan").Absent()
}

// administering are the actions that S3.6 keeps from other accounts.
var administering = []string{
	"s3:DeleteBucketPolicy", "s3:PutBucketAcl", "s3:PutBucketPolicy", "s3:PutEncryptionConfiguration", "s3:PutObjectAcl",
}

func noForeignAdministrators(j *judge) {
	for _, p := range j.OfType(typeBucketPolicy, typeBucket, typeBucketOld) {
		j.eachDocument(p, func(d document) {
			for i, s := range d.policy.Statements {
				if s.Deny || s.Principal == nil {
					continue
				}
				action := administered(s)
				for _, principal := range s.Principal.AWS {
					account := or(parseARN(principal).Account, principal)
					switch {
					case action == "" || account == "*": // everybody is the business of s3-no-public-policy
					case j.Account == "":
						j.unsure(p, "policy", "%s allows %s to %s: the stack's own account is not known yet", statementName(s, i), action, account)
					case account != j.Account:
						j.refuse(p, "policy", "%s allows %s to account %s", statementName(s, i), action, account)
					}
				}
			}
		})
	}
}

func administered(s iam.Statement) string {
	for _, a := range administering {
		if slices.ContainsFunc(s.Actions, func(p string) bool { return iam.CoversAction(p, a) }) ||
			s.NotActions != nil && !slices.ContainsFunc(s.NotActions, func(p string) bool { return iam.CoversAction(p, a) }) {
			return a
		}
	}
	return ""
}

// nothingToEverybody refuses statements of a resource policy that allow something to everybody without saying who that is.
func nothingToEverybody(j *judge, r *Resource) {
	j.eachDocument(r, func(d document) {
		for i, s := range d.policy.Statements {
			if !s.Deny && anyone(s) && !limited(s, callerKeys...) {
				j.refuse(r, d.at.path, "%s allows everybody", statementName(s, i))
			}
		}
	})
}
