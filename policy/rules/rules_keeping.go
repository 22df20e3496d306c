package rules

import "slices"

// keepingRules are about what stays when a stack, or a part of it, goes. That a resource is retained on deletion can be seen
// where the program is recorded; the engine does not show it to policies, which then say nothing.
func keepingRules() []*Rule {
	return []*Rule{
		{
			ID: "stack-kept-whole", Title: "What makes a kept resource safe is kept with it", Level: Mandatory,
			Why: "A bucket that stays without its public access block, its policy, its encryption and its versions is not the bucket that was kept; " +
				"a key without its alias is not found again.",
			Fix:   "register the settings of a retained bucket and the alias of a retained key with pulumi.RetainOnDelete(true), too",
			Types: slices.Concat([]string{typeBucket, typeKey, typeKeyAlias}, bucketParts),
			stack: keptWhole,
			Good: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files, options: {retainOnDelete: true}}
aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock raw: {bucket: raw-files, options: {retainOnDelete: true}}`,
			Bad: `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files, options: {retainOnDelete: true}}
aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock raw: {bucket: raw-files, options: {retainOnDelete: false}}`,
		},
		{
			ID: "stack-production-keeps-logs", Title: "Production keeps its logs when the stack goes", Level: Mandatory,
			Why:   "Who did what, and why a file was not loaded, is asked for longest where something went wrong.",
			Fix:   "register the log group with pulumi.RetainOnDelete(true)",
			Types: []string{typeLogGroup},
			resource: func(j *judge, r *Resource) {
				if j.settings.production(j.Stack.Name) && r.RetainOnDelete != nil && !*r.RetainOnDelete && !r.Get("skipDestroy").Is(true) {
					j.refuse(r, "", "the log goes with the stack")
				}
			},
			Good: `# of a stack named prod
aws:cloudwatch/logGroup:LogGroup ingest: {name: ingest, options: {retainOnDelete: true}}`,
			Bad: `# of a stack named prod
aws:cloudwatch/logGroup:LogGroup ingest: {name: ingest, options: {retainOnDelete: false}}`,
		},
		{
			ID: "stack-account-settings-stay", Title: "A destroy does not take back a setting of the whole account", Level: Mandatory,
			Why: "The encryption of the Glue catalog is one for an account and region. Taking it back, and deleting the key, makes the metadata of " +
				"others unreadable.",
			Fix:   "leave the catalog's encryption to one stack, and register it there with pulumi.RetainOnDelete(true)",
			Types: []string{typeCatalogSettings},
			resource: func(j *judge, r *Resource) {
				if r.RetainOnDelete != nil && !*r.RetainOnDelete {
					j.refuse(r, "", "a destroy turns the encryption of the account's catalog off")
				}
			},
			Good: `aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings all: {catalogId: "111122223333", options: {retainOnDelete: true}}`,
			Bad:  `aws:glue/dataCatalogEncryptionSettings:DataCatalogEncryptionSettings all: {catalogId: "111122223333", options: {retainOnDelete: false}}`,
		},
		{
			ID: "redshift-final-snapshot-name", Title: "A cluster's final snapshot has a name that is new with the cluster", Level: Mandatory,
			Why: "AWS refuses a name that is taken: with a fixed one the second cluster that goes is not deleted, and nobody is sure whose data the " +
				"snapshot has.",
			Fix:   "compute finalSnapshotIdentifier from something that is new with the cluster, such as the id of its security group",
			Types: []string{typeCluster},
			resource: func(j *judge, r *Resource) {
				name := r.Get("finalSnapshotIdentifier")
				switch {
				case r.Get("skipFinalSnapshot").Is(true) || len(r.PropertyDependencies["finalSnapshotIdentifier"]) > 0:
				case name.Unknown():
					j.unsure(r, "finalSnapshotIdentifier", "the name is not known before it is created")
				case name.Absent():
					j.refuse(r, "finalSnapshotIdentifier", "the final snapshot has no name")
				default:
					j.refuse(r, "finalSnapshotIdentifier", "the name is the same for every cluster")
				}
			},
			Good: `aws:redshift/cluster:Cluster dw: {clusterIdentifier: dw, skipFinalSnapshot: true}`,
			Bad:  `aws:redshift/cluster:Cluster dw: {clusterIdentifier: dw, finalSnapshotIdentifier: dw-final}`,
		},
	}
}

// bucketParts are the settings of a bucket, which are resources of their own.
var bucketParts = []string{
	typeBucketBlock, typeBucketOwnership, typeBucketPolicy, typeBucketEncryption, typeBucketVersioning, typeBucketLogging, typeBucketLifecycle,
	typeBucketNotification,
}

func keptWhole(j *judge) {
	lost := func(r *Resource) bool { return r.RetainOnDelete != nil && !*r.RetainOnDelete }
	kept := func(r *Resource) bool { return r.RetainOnDelete != nil && *r.RetainOnDelete }
	for _, kind := range bucketParts {
		for _, part := range j.Referring(nil, kind, "bucket", typeBucket) {
			if lost(part) {
				j.unsure(part, "bucket", "the bucket is not known before it is created")
			}
		}
		for _, b := range j.OfType(typeBucket) {
			for _, part := range j.Referring(b, kind, "bucket", typeBucket) {
				if kept(b) && lost(part) {
					j.refuse(part, "", "it goes with the stack, and leaves %s without it", b.Title())
				}
			}
		}
	}
	for _, alias := range j.Referring(nil, typeKeyAlias, "targetKeyId", typeKey) {
		if lost(alias) {
			j.unsure(alias, "targetKeyId", "the key is not known before it is created")
		}
	}
	for _, k := range j.OfType(typeKey) {
		for _, alias := range j.Referring(k, typeKeyAlias, "targetKeyId", typeKey) {
			if kept(k) && lost(alias) {
				j.refuse(alias, "", "it goes with the stack, and leaves %s without it", k.Title())
			}
		}
	}
}
