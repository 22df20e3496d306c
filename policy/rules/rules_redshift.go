package rules

import (
	"slices"
	"strings"
)

func clusterRules() []*Rule {
	cluster := []string{typeCluster}
	return []*Rule{
		{
			ID: "redshift-cmk", Title: "A Redshift cluster is encrypted with a customer-managed key", Level: Mandatory,
			Why:      "Only a key of one's own can be taken away from a reader.",
			Fix:      "set encrypted to true and kmsKeyId",
			Controls: []string{"Redshift.10", "CKV_AWS_64", "CKV_AWS_142"},
			Types:    cluster,
			resource: func(j *judge, r *Resource) {
				j.must(r, "encrypted", is(true), "the cluster is not encrypted")
				j.encrypted(r, "kmsKeyId")
			},
			Good: `aws:redshift/cluster:Cluster dw: {encrypted: true, kmsKeyId: "arn:aws:kms:eu-west-1:111122223333:key/1234"}`,
			Bad:  `aws:redshift/cluster:Cluster dw: {encrypted: true}`,
		},
		{
			ID: "redshift-private", Title: "A Redshift cluster has no public address", Level: Mandatory,
			Why:      "A warehouse on the internet is one password away from strangers.",
			Fix:      "set publiclyAccessible to false",
			Controls: []string{"Redshift.1", "CKV_AWS_87"},
			Types:    cluster,
			// The provider's default has changed between versions: false must be written.
			resource: mustHave("publiclyAccessible", is(false), "the cluster may be reached from the internet"),
			Good:     `aws:redshift/cluster:Cluster dw: {publiclyAccessible: false}`,
			Bad:      `aws:redshift/cluster:Cluster dw: {publiclyAccessible: true}`,
		},
		{
			ID: "redshift-tls", Title: "A Redshift cluster takes connections over TLS only", Level: Mandatory,
			Why:      "Passwords and rows can otherwise be read on the way.",
			Fix:      "use a parameter group with require_ssl true",
			Controls: []string{"Redshift.2", "CKV_AWS_105"},
			Types:    []string{typeCluster, typeParameterGroup},
			stack:    clustersRequireTLS,
			Good: `aws:redshift/cluster:Cluster dw: {clusterParameterGroupName: strict}
aws:redshift/parameterGroup:ParameterGroup strict: {name: strict, parameters: [{name: require_ssl, value: "true"}]}`,
			Bad: `aws:redshift/cluster:Cluster dw: {clusterParameterGroupName: lax}
aws:redshift/parameterGroup:ParameterGroup lax: {name: lax, parameters: [{name: require_ssl, value: "false"}]}`,
		},
		{
			ID: "redshift-audit-log", Title: "A Redshift cluster writes its audit log", Level: Mandatory,
			Why:      "Who asked for what is otherwise not known afterwards.",
			Fix:      "add a redshift.Logging for the cluster with the connection log and the user log",
			Controls: []string{"Redshift.4", "CKV_AWS_71"},
			Types:    []string{typeCluster, typeClusterLogging},
			stack: func(j *judge) {
				for _, c := range j.OfType(typeCluster) {
					logs := j.Referring(c, typeClusterLogging, "clusterIdentifier", typeCluster)
					switch {
					case len(logs) > 0:
						for _, l := range logs {
							if l.Get("logDestinationType").Text() == "cloudwatch" {
								j.must(l, "logExports", holdsAll("connectionlog", "userlog"), "the audit log is not complete")
							} else {
								j.must(l, "bucketName", isSet, "the audit log has no destination")
							}
						}
					case c.Get("logging.enable").Is(true):
					case len(j.Referring(nil, typeClusterLogging, "clusterIdentifier", typeCluster)) > 0 || c.Get("logging.enable").Unknown():
						j.unsure(c, "", "there is a Logging whose cluster is not known before it is created")
					default:
						j.refuse(c, "", "the cluster writes no audit log")
					}
				}
			},
			Good: `aws:redshift/cluster:Cluster dw: {clusterIdentifier: dw}
aws:redshift/logging:Logging dw: {clusterIdentifier: dw, logDestinationType: cloudwatch, logExports: [connectionlog, userlog]}`,
			Bad: `aws:redshift/cluster:Cluster dw: {clusterIdentifier: dw}`,
		},
		{
			ID: "redshift-enhanced-routing", Title: "A Redshift cluster reaches S3 through its VPC", Level: Mandatory,
			Why:      "COPY and UNLOAD otherwise leave the VPC, past its endpoints and flow logs.",
			Fix:      "set enhancedVpcRouting to true",
			Controls: []string{"Redshift.7", "CKV_AWS_321"},
			Types:    cluster,
			resource: mustHave("enhancedVpcRouting", is(true), "COPY and UNLOAD leave the VPC"),
			Good:     `aws:redshift/cluster:Cluster dw: {enhancedVpcRouting: true}`,
			Bad:      `aws:redshift/cluster:Cluster dw: {enhancedVpcRouting: false}`,
		},
		{
			ID: "redshift-snapshots", Title: "A Redshift cluster keeps automatic snapshots", Level: Mandatory,
			Why:      "A load that went wrong is often noticed days later.",
			Fix:      "set automatedSnapshotRetentionPeriod to at least the configured retention.snapshotDays",
			Controls: []string{"Redshift.3", "CKV_AWS_343"},
			Types:    cluster,
			resource: func(j *judge, r *Resource) { // 1 day when left out
				j.must(r, "automatedSnapshotRetentionPeriod", atLeast(float64(j.settings.Retention.SnapshotDays)), "snapshots are not kept long enough")
			},
			Good: `aws:redshift/cluster:Cluster dw: {automatedSnapshotRetentionPeriod: 14}`,
			Bad:  `aws:redshift/cluster:Cluster dw: {automatedSnapshotRetentionPeriod: 1}`,
		},
		{
			ID: "redshift-upgrade", Title: "A Redshift cluster takes new versions", Level: Mandatory,
			Why:      "Versions fix security holes.",
			Fix:      "set allowVersionUpgrade to true, or leave it out",
			Controls: []string{"Redshift.6", "CKV_AWS_141"},
			Types:    cluster,
			resource: mayHave("allowVersionUpgrade", is(true), "new versions are refused"),
			Good:     `aws:redshift/cluster:Cluster dw: {allowVersionUpgrade: true}`,
			Bad:      `aws:redshift/cluster:Cluster dw: {allowVersionUpgrade: false}`,
		},
		{
			ID: "redshift-default-user", Title: "A Redshift cluster's administrator has no default name", Level: Mandatory,
			Why:      "A known name is half of a guess.",
			Fix:      "choose another masterUsername",
			Controls: []string{"Redshift.8", "CKV_AWS_391"},
			Types:    cluster,
			resource: mustHave("masterUsername", isNotText("awsuser", "admin", "root", "administrator", ""), "the administrator's name can be guessed"),
			Good:     `aws:redshift/cluster:Cluster dw: {masterUsername: keeper_of_rows}`,
			Bad:      `aws:redshift/cluster:Cluster dw: {masterUsername: awsuser}`,
		},
		{
			ID: "redshift-default-database", Title: "A Redshift cluster's database has a name of its own", Level: Mandatory,
			Why:      "A known name is half of a guess, and says nothing about what is in it.",
			Fix:      "set databaseName to something other than dev",
			Controls: []string{"Redshift.9", "CKV_AWS_320"},
			Types:    cluster,
			resource: mustHave("databaseName", isNotText("dev", ""), "the database has the default name"),
			Good:     `aws:redshift/cluster:Cluster dw: {databaseName: flights}`,
			Bad:      `aws:redshift/cluster:Cluster dw: {databaseName: dev}`,
		},
		{
			ID: "redshift-in-vpc", Title: "A Redshift cluster is in subnets that were chosen for it", Level: Mandatory,
			Why:      "Without a subnet group it comes to stand in the default VPC, whose subnets are public.",
			Fix:      "set clusterSubnetGroupName",
			Controls: []string{"CKV_AWS_154"},
			Types:    cluster,
			resource: mustSet("clusterSubnetGroupName", "the cluster has no subnets of its own"),
			Good:     `aws:redshift/cluster:Cluster dw: {clusterSubnetGroupName: isolated}`,
			Bad:      `aws:redshift/cluster:Cluster dw: {}`,
		},
		warehouseRole(),
	}
}

func clustersRequireTLS(j *judge) {
	for _, c := range j.OfType(typeCluster) {
		v := c.Get("clusterParameterGroupName")
		groups, found := j.Targets(c, v, typeParameterGroup)
		switch {
		case v.Absent() || strings.HasPrefix(v.Text(), "default."):
			j.refuse(c, "clusterParameterGroupName", "the default parameters do not require TLS")
		case found != Yes:
			j.unsure(c, "clusterParameterGroupName", "the parameter group %s is not in this stack", v.Shown())
		}
		for _, g := range groups {
			j.answer(parameter(g.Get("parameters"), "name", "value", "require_ssl", "true"), g, "parameters", "require_ssl is not true")
		}
	}
}

// parameter tells whether a list of names and values has the value for the name.
func parameter(list Value, key, value, name, want string) Truth {
	answer := No
	if list.Unknown() {
		return CannotTell
	}
	for _, p := range list.Items() {
		switch {
		case p.Field(key).Unknown():
			answer = max(answer, CannotTell)
		case strings.EqualFold(p.Field(key).Text(), name):
			v := p.Field(value)
			if v.Unknown() {
				return CannotTell
			}
			return truth(strings.EqualFold(v.Text(), want))
		}
	}
	return answer
}

// holdsAll is a test of a list of texts.
func holdsAll(wanted ...string) test {
	return func(v Value) Truth {
		var have []string
		for _, item := range v.Items() {
			have = append(have, item.Text())
		}
		for _, w := range wanted {
			if !slices.Contains(have, w) {
				if v.Partly() {
					return CannotTell
				}
				return No
			}
		}
		return Yes
	}
}
