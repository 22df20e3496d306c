package rules

import (
	"encoding/json"
	"regexp"
	"strings"
)

func glueRules() []*Rule {
	job := []string{typeGlueJob}
	return []*Rule{
		{
			ID: "glue-security-configuration", Title: "Glue jobs and crawlers have a security configuration", Level: Mandatory,
			Why:      "It is what encrypts their logs, bookmarks and temporary files.",
			Fix:      "set securityConfiguration",
			Controls: []string{"CKV_AWS_195"},
			Types:    []string{typeGlueJob, typeCrawler},
			resource: mustSet("securityConfiguration", "nothing encrypts what it writes beside its output"),
			Good:     `aws:glue/job:Job load: {securityConfiguration: strict}`,
			Bad:      `aws:glue/job:Job load: {}`,
		},
		{
			ID: "glue-security-encrypts", Title: "A Glue security configuration encrypts logs, bookmarks and files", Level: Mandatory,
			Why:      "A configuration that leaves one out looks like protection and is none.",
			Fix:      "set all three modes, each with kmsKeyArn",
			Controls: []string{"CKV_AWS_99"},
			Types:    []string{typeGlueSecurity},
			resource: func(j *judge, r *Resource) {
				for _, part := range []struct{ at, mode, want string }{
					{"cloudwatchEncryption", "cloudwatchEncryptionMode", "SSE-KMS"},
					{"jobBookmarksEncryption", "jobBookmarksEncryptionMode", "CSE-KMS"},
					{"s3Encryption", "s3EncryptionMode", "SSE-KMS"},
				} {
					at := "encryptionConfiguration." + part.at
					j.must(r, at+"."+part.mode, isText(part.want), "it is not encrypted")
					j.encrypted(r, at+".kmsKeyArn")
				}
			},
			Good: `aws:glue/securityConfiguration:SecurityConfiguration strict:
  encryptionConfiguration:
    cloudwatchEncryption: {cloudwatchEncryptionMode: SSE-KMS, kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234"}
    jobBookmarksEncryption: {jobBookmarksEncryptionMode: CSE-KMS, kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234"}
    s3Encryption: {s3EncryptionMode: SSE-KMS, kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
			Bad: `aws:glue/securityConfiguration:SecurityConfiguration lax:
  encryptionConfiguration:
    cloudwatchEncryption: {cloudwatchEncryptionMode: SSE-KMS, kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234"}
    jobBookmarksEncryption: {jobBookmarksEncryptionMode: DISABLED}
    s3Encryption: {s3EncryptionMode: SSE-KMS, kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
		},
		{
			ID: "glue-catalog-encryption", Title: "Settings of the Glue catalog encrypt it and its passwords", Level: Mandatory,
			Why: "Table definitions tell what there is, and connections hold passwords. The settings are one for an account and region, " +
				"so the rule judges the stack that makes them and does not ask every stack to.",
			Fix:      "set catalogEncryptionMode SSE-KMS and returnConnectionPasswordEncrypted true, each with a key",
			Controls: []string{"CKV_AWS_94"},
			Types:    []string{typeCatalogSettings},
			resource: func(j *judge, r *Resource) {
				const at = "dataCatalogEncryptionSettings."
				j.must(r, at+"encryptionAtRest.catalogEncryptionMode", isText("SSE-KMS", "SSE-KMS-WITH-SERVICE-ROLE"), "the catalog is not encrypted")
				j.encrypted(r, at+"encryptionAtRest.sseAwsKmsKeyId")
				j.must(r, at+"connectionPasswordEncryption.returnConnectionPasswordEncrypted", is(true), "passwords are not encrypted")
				j.encrypted(r, at+"connectionPasswordEncryption.awsKmsKeyId")
			},
			Good: `aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings all:
  dataCatalogEncryptionSettings:
    encryptionAtRest: {catalogEncryptionMode: SSE-KMS, sseAwsKmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}
    connectionPasswordEncryption: {returnConnectionPasswordEncrypted: true, awsKmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
			Bad: `aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings all:
  dataCatalogEncryptionSettings:
    encryptionAtRest: {catalogEncryptionMode: DISABLED}
    connectionPasswordEncryption: {returnConnectionPasswordEncrypted: true, awsKmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
		},
		{
			ID: "glue-version", Title: "A Spark job runs on a supported version of Glue", Level: Mandatory,
			Why:      "Old versions get no more fixes, and then stop running.",
			Fix:      "set glueVersion to 3.0 or later",
			Controls: []string{"Glue.4"},
			Types:    job,
			resource: func(j *judge, r *Resource) {
				if command := r.Get("command.name"); command.Known() && command.Text() != "glueetl" && command.Text() != "gluestreaming" {
					return
				}
				j.must(r, "glueVersion", atLeast(3), "the version is no longer supported")
			},
			Good: `aws:glue/job:Job load: {glueVersion: "5.1", command: {name: glueetl}}`,
			Bad:  `aws:glue/job:Job load: {glueVersion: "2.0", command: {name: glueetl}}`,
		},
		{
			ID: "glue-job-timeout", Title: "A Glue job has a timeout of its own", Level: Mandatory,
			Why:      "Left out it is two days, at the price of every worker.",
			Fix:      "set timeout, in minutes",
			Types:    job,
			resource: mustHave("timeout", between(1, 7*24*60), "the job may run too long"),
			Good:     `aws:glue/job:Job load: {timeout: 60}`,
			Bad:      `aws:glue/job:Job load: {}`,
		},
		{
			ID: "glue-job-concurrency", Title: "A Glue job says how many runs there may be at once", Level: Mandatory,
			Why:      "Left out it is one: of two files that come together, one fails.",
			Fix:      "set executionProperty.maxConcurrentRuns",
			Types:    job,
			resource: mustHave("executionProperty.maxConcurrentRuns", atLeast(1), "how many runs there may be is left to the default"),
			Good:     `aws:glue/job:Job load: {executionProperty: {maxConcurrentRuns: 20}}`,
			Bad:      `aws:glue/job:Job load: {}`,
		},
		{
			ID: "glue-job-no-secret", Title: "A Glue job's arguments hold no secret", Level: Mandatory,
			Why:   "Arguments are shown in the console, in every run and in logs.",
			Fix:   "let the job read the secret from Secrets Manager, and give it the secret's name",
			Types: job,
			resource: func(j *judge, r *Resource) {
				noSecrets(j, r, "defaultArguments")
				noSecrets(j, r, "nonOverridableArguments")
			},
			Good: `aws:glue/job:Job load: {defaultArguments: {--secret-name: warehouse/loader}}`,
			Bad:  `aws:glue/job:Job load: {defaultArguments: {--db-password: hunter2hunter2}}`,
		},
		{
			ID: "glue-job-bookmarks-off", Title: "Job bookmarks are off", Level: Mandatory,
			Why: "Bookmarks go by modification time, need a concurrency of one, and are committed apart from the warehouse: " +
				"a run that is repeated loads nothing and succeeds.",
			Fix:      "set the default argument --job-bookmark-option to job-bookmark-disable",
			Types:    job,
			resource: mayHave("defaultArguments.--job-bookmark-option", isText("job-bookmark-disable"), "bookmarks are on"),
			Good:     `aws:glue/job:Job load: {defaultArguments: {--job-bookmark-option: job-bookmark-disable}}`,
			Bad:      `aws:glue/job:Job load: {defaultArguments: {--job-bookmark-option: job-bookmark-enable}}`,
		},
		{
			ID: "glue-crawler-deletes", Title: "A crawler logs what disappeared and deletes nothing", Level: Mandatory,
			Why:      "A prefix that is empty for a moment would otherwise take its table with it.",
			Fix:      "set schemaChangePolicy.deleteBehavior to LOG",
			Types:    []string{typeCrawler},
			resource: mustHave("schemaChangePolicy.deleteBehavior", isText("LOG"), "the crawler changes or deletes tables"),
			Good:     `aws:glue/crawler:Crawler files: {schemaChangePolicy: {deleteBehavior: LOG}}`,
			Bad:      `aws:glue/crawler:Crawler files: {schemaChangePolicy: {deleteBehavior: DELETE_FROM_DATABASE}}`,
		},
		{
			ID: "glue-crawler-columns", Title: "A crawler merges new columns into its tables", Level: Mandatory,
			Why:      "One odd file would otherwise replace the columns that everything else reads.",
			Fix:      "set CrawlerOutput.Tables.AddOrUpdateBehavior to MergeNewColumns in configuration",
			Types:    []string{typeCrawler},
			resource: mergesColumns,
			Good:     `aws:glue/crawler:Crawler files: {configuration: {Version: 1.0, CrawlerOutput: {Tables: {AddOrUpdateBehavior: MergeNewColumns}}}}`,
			Bad:      `aws:glue/crawler:Crawler files: {configuration: {Version: 1.0}}`,
		},
	}
}

func mergesColumns(j *judge, r *Resource) {
	v := r.Get("configuration")
	if v.Unknown() {
		j.answer(CannotTell, r, "configuration", "")
		return
	}
	var c struct {
		CrawlerOutput struct {
			Tables struct{ AddOrUpdateBehavior string }
		}
	}
	if v.Known() && json.Unmarshal([]byte(v.Text()), &c) != nil {
		j.refuse(r, "configuration", "the configuration is no JSON object")
		return
	}
	j.answer(truth(c.CrawlerOutput.Tables.AddOrUpdateBehavior == "MergeNewColumns"), r, "configuration", "new columns are not merged")
}

var (
	// secretNames are names of arguments that hold secrets, and pointerNames those that say where one is.
	secretNames  = regexp.MustCompile(`(?i)(passw(or)?d|passphrase|secret|token|api_?-?key|private_?-?key|access_?-?key|credential)`)
	pointerNames = regexp.MustCompile(`(?i)([_-](name|arn|id|path|parameter|uri|key_?alias)$)`)
	// secretTexts are forms of secrets: access keys, private keys, passwords in addresses.
	secretTexts = regexp.MustCompile(`((AKIA|ASIA)[A-Z0-9]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@|(?i)password=\S)`)
)

// noSecrets refuses secrets among named arguments. It never shows a value.
func noSecrets(j *judge, r *Resource, path string) {
	all := r.Get(path)
	if all.Unknown() {
		j.answer(CannotTell, r, path, "")
	}
	names, values := all.Fields()
	for i, name := range names {
		v := values[i]
		switch {
		case v.secret || v.inner.HasSecrets():
			j.refuse(r, v.path, "the argument is a secret of the stack's configuration")
		case v.Unknown():
			j.unsure(r, v.path, "%s is not known before it is created", v.path)
		case secretNames.MatchString(name) && !pointerNames.MatchString(name) && !strings.HasPrefix(v.Text(), "arn:aws"):
			j.refuse(r, v.path, "the argument's name says that it is a secret")
		case secretTexts.MatchString(v.Text()):
			j.refuse(r, v.path, "the argument has the form of a secret")
		}
	}
}
