package recorded_test

import (
	"slices"
	"strings"
	"testing"

	"airline/policy/rules"
)

// guarded are the types that no stack of ours may lose a resource of, each with its properties that may not be taken away.
var guarded = map[string][]string{
	"BucketPolicy":                              {"bucket", "policy"},
	"BucketPublicAccessBlock":                   {"bucket", "blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"},
	"BucketOwnershipControls":                   {"bucket", "rule"},
	"BucketServerSideEncryptionConfigurationV2": {"bucket", "rules"},
	"BucketVersioningV2":                        {"bucket", "versioningConfiguration"},
	"BucketLoggingV2":                           {"bucket", "targetBucket"},
	"BucketLifecycleConfigurationV2":            {"bucket", "rules"},

	"Cluster": {"encrypted", "kmsKeyId", "publiclyAccessible", "clusterParameterGroupName", "enhancedVpcRouting", "automatedSnapshotRetentionPeriod",
		"masterUsername", "databaseName", "clusterSubnetGroupName", "masterPasswordSecretKmsKeyId", "skipFinalSnapshot", "tags"},
	"ParameterGroup": {"parameters", "tags"},
	"Logging":        {"clusterIdentifier", "logDestinationType", "logExports"},
	"Workgroup":      {"enhancedVpcRouting", "subnetIds", "tags"},
	"UsageLimit":     {"resourceArn", "usageType"},

	"Job":         {"securityConfiguration", "timeout", "executionProperty", "glueVersion", "tags"},
	"Crawler":     {"securityConfiguration", "schemaChangePolicy", "configuration", "tags"},
	"Topic":       {"kmsMasterKeyId", "tags"},
	"RolePolicy":  {"role", "policy"},
	"QueuePolicy": {"queueUrl", "policy"},
	"Queue":       {"kmsMasterKeyId", "tags"},
	"EventRule":   {"tags"},
	"FlowLog":     {"vpcId", "trafficType", "tags"},

	"DefaultSecurityGroup": {"vpcId", "tags"},
}

// alsoProperties are properties that may not be taken away of resources that may go as a whole.
var alsoProperties = map[string][]string{
	"BucketV2":              {"tags"},
	"Key":                   {"enableKeyRotation", "policy", "tags"},
	"Namespace":             {"kmsKeyId", "logExports", "adminUsername", "dbName", "adminPasswordSecretKmsKeyId", "tags"},
	"SecurityConfiguration": {"encryptionConfiguration"},
	"StateMachine":          {"definition", "roleArn", "loggingConfiguration", "tracingConfiguration", "tags"},
	"Trail":                 {"kmsKeyId", "enableLogFileValidation", "s3BucketName", "tags"},
	"EventTarget":           {"rule", "deadLetterConfig", "retryPolicy"},
	"LogGroup":              {"retentionInDays", "kmsKeyId", "tags"},
	"MetricAlarm":           {"alarmActions", "tags"},
	"Role":                  {"tags"},
}

// unguarded are policies of roles that no machine has: what they do not allow, the local world finds out.
var unguarded = []string{"RolePolicy crawler", "RolePolicy job", "RolePolicy copy", "RolePolicy events", "RolePolicy gather-flights", "RolePolicy gather-airports"}

// report judges the resources.
func report(resources []*rules.Resource) []string {
	var out []string
	for _, f := range rules.Judge(rules.NewStack(resources), rules.DefaultSettings(), today).Findings {
		out = append(out, f.Rule.ID+": "+f.String())
	}
	return out
}

// everyType are stacks that together have every type of resource that ours have.
var everyType = []string{"dev cloudtrail", "prod"}

// short is the last part of the type of a resource of AWS; components have none.
func short(r *rules.Resource) string {
	if !strings.HasPrefix(r.Type, "aws:") {
		return ""
	}
	return r.Type[strings.LastIndexByte(r.Type, ':')+1:]
}

// Whatever guarded resource is taken out of our stacks, a rule says so.
func TestEveryLostResourceIsCaught(t *testing.T) {
	seen := map[string]bool{}
	for _, variant := range everyType {
		s := registered(t, variant, false)
		for i, r := range s.Resources {
			kind := short(r)
			if guarded[kind] == nil || slices.Contains(unguarded, kind+" "+r.Name) {
				continue
			}
			seen[kind] = true
			if len(report(slices.Delete(slices.Clone(s.Resources), i, i+1))) == 0 {
				t.Errorf("%s: nothing is said of a stack without its %s %s", variant, kind, r.Name)
			}
		}
	}
	for kind := range guarded {
		if !seen[kind] {
			t.Errorf("no stack of ours has a %s", kind)
		}
	}
}

// Whatever guarded property is taken away, a rule says so.
func TestEveryLostPropertyIsCaught(t *testing.T) {
	tried := map[string]string{} // type to the stack in which it was
	for _, variant := range everyType {
		s := registered(t, variant, false)
		for i, r := range s.Resources {
			kind := short(r)
			if slices.Contains(unguarded, kind+" "+r.Name) || tried[kind] != "" && tried[kind] != variant {
				continue
			}
			tried[kind] = variant
			for _, property := range append(slices.Clone(guarded[kind]), alsoProperties[kind]...) {
				if !r.Get(property).Known() {
					t.Errorf("%s: %s %s has no %s to take away", variant, kind, r.Name, property)
					continue
				}
				without := *r
				without.Inputs, without.Outputs = r.Inputs.Delete(property), r.Outputs.Delete(property)
				resources := slices.Clone(s.Resources)
				resources[i] = &without
				if len(report(resources)) == 0 {
					t.Errorf("%s: nothing is said of %s %s without %s", variant, kind, r.Name, property)
				}
			}
		}
	}
}

// Every alarm of ours that watches for lost events is needed.
func TestEveryLostAlarmOnUndeliveredEventsIsCaught(t *testing.T) {
	s := registered(t, "dev", false)
	for _, name := range []string{"undelivered-events", "ingest-flights-not-kept", "load-airports-not-kept"} {
		gone := find(t, s, "MetricAlarm", name)
		if len(report(slices.DeleteFunc(slices.Clone(s.Resources), func(r *rules.Resource) bool { return r == gone }))) == 0 {
			t.Errorf("nothing is said of a stack without the alarm %s", name)
		}
	}
}
