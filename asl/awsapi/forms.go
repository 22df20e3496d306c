package awsapi

import (
	"slices"
	"strings"
	"sync"
)

// A form is the input of an optimised integration that is not the input of one API.
type form struct {
	service  string // whose shapes its members share; "" for none
	required []string
	members  map[string]any // a Kind, the values of an enumeration, a form, or a shapePath
}

// A shapePath leads to a shape of a service: an operation, then members of its input, with * for a list's item:
// "addJobFlowSteps.Steps.*".
type shapePath string

// forms are the optimised integrations with parameters of their own, by the pages "Call HTTPS APIs", "API Gateway", "Amazon EKS"
// and "Amazon EMR" of the Step Functions guide, and what readers and writers of distributed Maps take (pages "ItemReader"
// and "ResultWriter"). Bodies and headers are the callers' own.
var forms = map[string]form{
	"http:invoke": {required: []string{"ApiEndpoint", "Method"}, members: map[string]any{
		"ApiEndpoint": String, "Headers": Document, "QueryParameters": Document, "RequestBody": Document,
		"Method":           []string{"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"},
		"Authentication":   form{required: []string{"ConnectionArn"}, members: map[string]any{"ConnectionArn": String}},
		"InvocationConfig": form{required: []string{"ConnectionArn"}, members: map[string]any{"ConnectionArn": String}},
		"Transform": form{members: map[string]any{
			"RequestBodyEncoding":    []string{"NONE", "URL_ENCODED"},
			"RequestEncodingOptions": form{members: map[string]any{"ArrayFormat": []string{"INDICES", "REPEAT", "COMMAS", "BRACKETS", "NONE"}}},
		}},
	}},
	"apigateway:invoke": {required: []string{"ApiEndpoint", "Method"}, members: map[string]any{
		"ApiEndpoint": String, "Stage": String, "Path": String, "Headers": Document, "QueryParameters": Document, "RequestBody": Document,
		"Method":          []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"},
		"AllowNullValues": Boolean, "AuthType": []string{"NO_AUTH", "IAM_ROLE", "RESOURCE_POLICY"},
	}},
	"eks:call": {service: "eks", required: []string{"ClusterName", "CertificateAuthority", "Endpoint", "Method", "Path"}, members: map[string]any{
		"ClusterName": String, "CertificateAuthority": String, "Endpoint": String, "Path": String, "QueryParameters": Document,
		"RequestBody": Document, "Method": []string{"GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"},
	}},
	"eks:runJob": {service: "eks", required: []string{"ClusterName", "CertificateAuthority", "Endpoint", "Job"}, members: map[string]any{
		"ClusterName": String, "CertificateAuthority": String, "Endpoint": String, "Namespace": String, "Job": Document, "LogOptions": Document,
	}},
	"elasticmapreduce:terminateCluster": {service: "emr", required: []string{"ClusterId"}, members: map[string]any{"ClusterId": String}},
	"elasticmapreduce:setClusterTerminationProtection": {service: "emr", required: []string{"ClusterId", "TerminationProtected"}, members: map[string]any{
		"ClusterId": String, "TerminationProtected": Boolean,
	}},
	"elasticmapreduce:addStep": {service: "emr", required: []string{"ClusterId", "Step"}, members: map[string]any{
		"ClusterId": String, "Step": shapePath("addJobFlowSteps.Steps.*"), "ExecutionRoleArn": String,
	}},
	"elasticmapreduce:cancelStep": {service: "emr", required: []string{"ClusterId", "StepId"}, members: map[string]any{
		"ClusterId": String, "StepId": String,
	}},
	"elasticmapreduce:modifyInstanceFleetByName": {service: "emr", required: []string{"ClusterId", "InstanceFleetName", "InstanceFleet"}, members: map[string]any{
		"ClusterId": String, "InstanceFleetName": String, "InstanceFleet": Document,
	}},
	"elasticmapreduce:modifyInstanceGroupByName": {service: "emr", required: []string{"ClusterId", "InstanceGroupName", "InstanceGroup"}, members: map[string]any{
		"ClusterId": String, "InstanceGroupName": String, "InstanceGroup": Document,
	}},

	"ItemReader:getObject": {required: []string{"Bucket", "Key"}, members: map[string]any{
		"Bucket": String, "Key": String, "VersionId": String, "ExpectedBucketOwner": String,
	}},
	"ItemReader:listObjectsV2": {service: "s3", required: []string{"Bucket"}, members: map[string]any{
		"Bucket": String, "Prefix": String, "ExpectedBucketOwner": String, "Delimiter": String, "StartAfter": String, "MaxKeys": Integer,
		"FetchOwner": Boolean, "EncodingType": String, "RequestPayer": String,
	}},
	"ResultWriter:putObject": {required: []string{"Bucket"}, members: map[string]any{
		"Bucket": String, "Prefix": String, "ExpectedBucketOwner": String,
	}},
}

// formed are the operations that take the forms, by the forms' names.
var formed sync.Map

// operation is the operation that takes the form of a name.
func (f form) operation(of string) *Operation {
	if o, ok := formed.Load(of); ok {
		return o.(*Operation)
	}
	_, name, _ := strings.Cut(of, ":")
	s := &Service{}
	if base, ok := Find(f.service); ok {
		*s = *base
		s.shapes = slices.Clone(base.shapes)
	}
	o := &Operation{Name: name, input: s.add(f), output: -1, service: s}
	formed.Store(of, o)
	return o
}

// add puts what a member of a form is among the service's shapes, and gives its number.
func (s *Service) add(member any) int {
	shape := Shape{service: s}
	switch m := member.(type) {
	case Kind:
		shape.Kind = m
	case []string:
		shape.Kind, shape.Enum = String, m
	case shapePath:
		return s.find(m)
	case form:
		shape.Kind, shape.Required, shape.members = Structure, m.required, make(map[string]int, len(m.members))
		for name, inner := range m.members {
			shape.members[name] = s.add(inner)
		}
	}
	s.shapes = append(s.shapes, &cell{shape: shape})
	return len(s.shapes) - 1
}

// find is the number of the shape that a path leads to.
func (s *Service) find(path shapePath) int {
	operation, rest, _ := strings.Cut(string(path), ".")
	n := s.Operations[operation].input
	for name := range strings.SplitSeq(rest, ".") {
		if name == "*" {
			n = s.shape(n).item
		} else {
			n = s.shape(n).members[name]
		}
	}
	return n
}
