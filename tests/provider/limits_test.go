package provider

import (
	"fmt"
	"os"
	"testing"
)

// limits are what the emulator cannot do, and so these tests do not show. Package local shows most of it.
var limits = []string{
	"Redshift: of SQL the emulator knows users, schemas, tables and rights; nothing is selected or copied",
	"Redshift Serverless: most arguments are not checked; workgroups cannot be listed",
	"Glue: nothing is crawled and no job runs",
	"EventBridge, CloudTrail, S3: no event is delivered, no schedule comes due, nothing is logged",
	"Step Functions: definitions are stored and not validated as AWS does, executions do not run",
	"SNS: mail addresses and webhooks are never asked for confirmation",
	"IAM: no permission is checked; bucket policies would be applied without their conditions, so emulator.py turns them off",
	"KMS: keys are not needed to read what they encrypt",
	"EC2: descriptions of rules of security groups that name a prefix list are lost",
	"Glue: the plugin of ../shared/aws-plugin cannot read the catalog's encryption, so encryptCatalog is never true",
	"CloudWatch: the SDK's protocol is not spoken; alarms are listed with the older one",
}

// unknownToThePlugin are the settings that it cannot follow: see limits.
var unknownToThePlugin = []string{"encryptCatalog"}

// What is left out is said by name, in every run that deploys.
func TestMain(m *testing.M) {
	if os.Getenv(binVariable) != "" {
		for _, limit := range limits {
			fmt.Println("not shown: " + limit)
		}
	}
	os.Exit(m.Run())
}
