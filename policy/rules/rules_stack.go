package rules

import (
	"encoding/json"
	"slices"
	"strings"
)

// holdingData are the types whose loss is the loss of data.
var holdingData = []string{
	typeBucket, typeBucketOld, typeKey, typeCluster, typeNamespace,
	"aws:dynamodb/table:Table", "aws:rds/cluster:Cluster", "aws:rds/instance:Instance", "aws:efs/fileSystem:FileSystem",
}

func stackRules() []*Rule {
	return []*Rule{
		{
			ID: "stack-production-keeps-data", Title: "Production protects what holds data, and keeps it when the stack goes", Level: Mandatory,
			Why: "A name that was changed replaces a bucket. Protection stops that; without forceDestroy and with a final snapshot, the data " +
				"outlives even a destroy. (That a resource is retained on deletion is judged where it can be seen, which the engine does not allow.)",
			Fix:      "register it with pulumi.Protect(true) and pulumi.RetainOnDelete(true), without forceDestroy or skipFinalSnapshot",
			Types:    holdingData,
			resource: productionKeepsData,
			Good: `# of a stack named prod
aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files, options: {protect: true}}`,
			Bad: `# of a stack named prod
aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files, forceDestroy: true, options: {protect: true}}`,
		},
		{
			ID: "stack-development-lets-go", Title: "Development can be destroyed", Level: Advisory,
			Why:      "A stack that cannot be removed stays, and is paid for.",
			Fix:      "register it without pulumi.Protect; set forceDestroy, or skipFinalSnapshot",
			Types:    holdingData,
			resource: developmentLetsGo,
			Good:     `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files, forceDestroy: true}`,
			Bad:      `aws:s3/bucketV2:BucketV2 raw: {bucket: raw-files, forceDestroy: true, options: {protect: true}}`,
		},
		{
			ID: "stack-tags", Title: "Every resource has the required tags", Level: Mandatory,
			Why:   "Policies recognise a stack's resources by their tags, and bills are split by them.",
			Fix:   "add the tags to the resource, or to the provider's defaultTags",
			Types: taggable,
			stack: everythingTagged,
			Good:  `aws:sqs/queue:Queue failed: {tags: {project: p, stack: p-dev, owner: data-platform}}`,
			Bad:   `aws:sqs/queue:Queue failed: {tags: {project: p, stack: p-dev}}`,
		},
		{
			ID: "stack-regions", Title: "Every provider is in an allowed region", Level: Mandatory,
			Why:   "Data may have to stay where it is, and a region that nobody looks at is where things are forgotten.",
			Fix:   "set aws:region to one of the configured allowedRegions",
			Types: []string{"pulumi:providers:aws"},
			stack: func(j *judge) {
				allowed := j.settings.AllowedRegions
				if len(allowed) == 0 {
					return
				}
				for _, p := range j.OfType("pulumi:providers:aws") {
					j.must(p, "region", isText(allowed...), "the region is not allowed")
				}
				switch {
				case len(j.OfType("pulumi:providers:aws")) > 0:
				case j.Region == "":
					j.unsure(nil, "", "the region is not known")
				default:
					j.answer(truth(slices.Contains(allowed, j.Region)), nil, "", "the region %s is not allowed", j.Region)
				}
			},
			Good: `# allowedRegions: eu-west-1
pulumi:providers:aws eu: {region: eu-west-1}`,
			Bad: `# allowedRegions: eu-west-1
pulumi:providers:aws us: {region: us-east-1}`,
		},
	}
}

func productionKeepsData(j *judge, r *Resource) {
	if !j.settings.production(j.Stack.Name) {
		return
	}
	if !r.Protect {
		j.refuse(r, "", "the resource is not protected")
	}
	if r.RetainOnDelete != nil && !*r.RetainOnDelete {
		j.refuse(r, "", "the resource is not retained when the stack goes")
	}
	j.may(r, "forceDestroy", is(false), "a destroy empties the bucket")
	if r.Type == typeCluster {
		j.must(r, "skipFinalSnapshot", is(false), "the cluster goes without a final snapshot")
	} else {
		j.may(r, "skipFinalSnapshot", is(false), "it goes without a final snapshot")
	}
}

func developmentLetsGo(j *judge, r *Resource) {
	if j.settings.production(j.Stack.Name) {
		return
	}
	if r.Protect {
		j.refuse(r, "", "the resource is protected")
	}
	shared := r.Type == typeKey && len(j.OfType(typeCatalogSettings)) > 0 // others' metadata needs the key
	if r.RetainOnDelete != nil && *r.RetainOnDelete && !shared {
		j.refuse(r, "", "the resource is retained when the stack goes")
	}
	if r.Type == typeBucket || r.Type == typeBucketOld {
		j.must(r, "forceDestroy", is(true), "the bucket must be emptied by hand")
	}
	if r.Type == typeCluster {
		j.must(r, "skipFinalSnapshot", is(true), "a final snapshot stays")
	}
}

// taggable are the types that have tags, of the services that pipelines are made of (pulumi-aws 6.83).
var taggable = []string{
	typeBucket, typeBucketOld, typeBucketObject, typeKey, typeRole, typeManaged, typeCluster, typeParameterGroup,
	"aws:redshift/subnetGroup:SubnetGroup", typeNamespace, typeWorkgroup, typeGlueJob, typeCrawler,
	"aws:glue/catalogDatabase:CatalogDatabase", "aws:glue/trigger:Trigger", "aws:glue/workflow:Workflow", "aws:glue/connection:Connection",
	typeMachine, typeTrail, typeTopic, typeQueue, typeEventRule, typeEventBus, typeLogGroup, typeAlarm, typeFunction,
	typeSecret, typeVpc, typeSubnet, typeFlowLog, typeDefaultGroup, typeGroup, typeIngress, typeEgress, typeVpcEndpoint,
	"aws:ec2/routeTable:RouteTable", "aws:ec2/natGateway:NatGateway", "aws:ec2/internetGateway:InternetGateway", "aws:ec2/eip:Eip",
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider", "aws:dynamodb/table:Table", "aws:rds/cluster:Cluster",
	"aws:rds/instance:Instance", "aws:efs/fileSystem:FileSystem", "aws:athena/workgroup:Workgroup", "aws:ecr/repository:Repository",
	"aws:kinesis/stream:Stream", "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
}

func everythingTagged(j *judge) {
	for _, r := range j.OfType(taggable...) {
		tags := r.Get("tags")
		for _, tag := range j.settings.RequiredTags {
			answer := isSet(tags.Field(tag))
			if answer != Yes {
				answer = max(answer, j.defaultTag(r, tag))
			}
			j.answer(answer, r, "tags."+tag, "the tag %s is missing", tag)
		}
	}
}

// defaultTag tells whether the resource's provider gives it the tag. The default provider is not always registered; what it
// gives then shows in the resource's own tagsAll.
func (j *judge) defaultTag(r *Resource, tag string) Truth {
	answer := No
	if v := r.given("tagsAll").Field(tag); v.Known() {
		answer = isSet(v)
	}
	for _, p := range j.OfType("pulumi:providers:aws") {
		if p.URN != r.Provider && !(r.Provider == "" && strings.Contains(p.Name, "default")) {
			continue
		}
		v := p.Get("defaultTags")
		if v.Unknown() {
			return max(answer, CannotTell)
		}
		tags := v.Field("tags").Field(tag)
		if tags.Known() {
			return Yes
		}
		var d struct{ Tags map[string]string } // the engine holds a provider's objects as JSON
		if json.Unmarshal([]byte(v.Text()), &d) == nil && d.Tags[tag] != "" {
			return Yes
		}
	}
	return answer
}
