package recorder

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Existing is the state of something that is in AWS before the program runs, by type token and id, such as
// {"aws:s3/bucketNotification:BucketNotification": {"lake": {"queues": ...}}}. A nil state says that it is not there.
// Subnets and their route tables ("aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable" by the subnet) are looked up,
// so only what differs is said of them. What is not said is there as its owner would keep it in good order.
type Existing map[string]map[string]map[string]any

// existing are the types that a program may read, with the state of one in good order. The state is both inputs and outputs.
var existing = map[string]func(w surroundings, id string) map[string]any{
	"aws:s3/bucketV2:BucketV2": func(w surroundings, id string) map[string]any {
		return map[string]any{"bucket": id, "region": w.region}
	},
	"aws:s3/bucketVersioningV2:BucketVersioningV2": func(_ surroundings, id string) map[string]any {
		return map[string]any{"bucket": id, "versioningConfiguration": map[string]any{"status": "Enabled"}}
	},
	"aws:s3/bucketNotification:BucketNotification": func(_ surroundings, id string) map[string]any {
		return map[string]any{"bucket": id, "eventbridge": false}
	},
	"aws:kms/key:Key": func(w surroundings, id string) map[string]any {
		return map[string]any{"policy": w.openKeyPolicy(), "isEnabled": true, "keyUsage": "ENCRYPT_DECRYPT", "keyId": afterLast(id, "/"), "arn": id}
	},
	"aws:sns/topic:Topic": func(_ surroundings, id string) map[string]any {
		return map[string]any{"name": afterLast(id, ":"), "arn": id}
	},
	"aws:glue/catalogDatabase:CatalogDatabase": func(_ surroundings, id string) map[string]any {
		return map[string]any{"name": afterLast(id, ":")}
	},
	"aws:redshiftserverless/workgroup:Workgroup": func(w surroundings, id string) map[string]any {
		return map[string]any{
			"workgroupName": id, "namespaceName": id, "baseCapacity": 8.0,
			"arn": w.arn("redshift-serverless", "workgroup/"+uuid(id)), "workgroupId": uuid(id),
		}
	},
	"aws:redshiftserverless/namespace:Namespace": func(w surroundings, id string) map[string]any {
		return map[string]any{"namespaceName": id, "dbName": "airline", "adminUsername": "admin", "manageAdminPassword": true}
	},
	"aws:redshift/cluster:Cluster": func(w surroundings, id string) map[string]any {
		return map[string]any{"clusterIdentifier": id, "databaseName": "airline", "masterUsername": "admin", "manageMasterPassword": true, "nodeType": "ra3.large"}
	},
}

// openKeyPolicy lets the account and the services that its resources have use a key.
func (w surroundings) openKeyPolicy() string {
	return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [
  {"Sid": "Account", "Effect": "Allow", "Principal": {"AWS": %q}, "Action": "kms:*", "Resource": "*"},
  {"Sid": "Services", "Effect": "Allow", "Principal": {"Service": ["logs.%s.%s", "delivery.logs.amazonaws.com", "cloudtrail.amazonaws.com", "events.amazonaws.com", "cloudwatch.amazonaws.com", "sns.amazonaws.com"]},
   "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"], "Resource": "*"}
]}`, w.global("iam", "root"), w.region, w.dnsSuffix())
}

// ReadResource answers with the state of something that exists. It is recorded like what the program makes, marked External.
func (m *monitor) ReadResource(
	_ context.Context, in *pulumirpc.ReadResourceRequest,
) (*pulumirpc.ReadResourceResponse, error) {
	state, err := m.stateOf(in.GetType(), in.GetId())
	if err != nil {
		return nil, m.refuse(fmt.Errorf("%s %q: %w", in.GetType(), in.GetName(), err))
	}
	r := &Resource{
		URN: m.newURN(in.GetParent(), in.GetType(), in.GetName()), Type: in.GetType(), Name: in.GetName(), ID: in.GetId(), External: true,
		Inputs: state, Parent: in.GetParent(), Provider: providerURN(in.GetProvider()), Source: position(in.GetSourcePosition()),
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.Provider == "" {
		r.Provider = m.providers[r.Parent]
	}
	if earlier := m.resources[r.URN]; earlier != nil {
		return nil, m.refuseLocked(fmt.Errorf("%s: the resource %s is already registered at %s", r.Source, r.URN, earlier.Source))
	}
	outputs := maps.Clone(state)
	if _, added, err := m.world.create(r); err == nil {
		for k, v := range added {
			if _, known := outputs[k]; !known {
				outputs[k] = v
			}
		}
	}
	properties := resource.NewPropertyMapFromMap(outputs)
	r.Outputs = fromProperties(properties)
	m.resources[r.URN], m.outputs[r.URN] = r, properties
	object, err := plugin.MarshalProperties(properties, keep)
	if err != nil {
		return nil, m.refuseLocked(fmt.Errorf("%s %q: %w", r.Type, r.Name, err))
	}
	return &pulumirpc.ReadResourceResponse{Urn: r.URN, Properties: object}, nil
}

func (m *monitor) stateOf(kind, id string) (map[string]any, error) {
	if of, said := m.world.existing[kind]; said {
		if state, said := of[id]; said {
			if state == nil {
				return nil, fmt.Errorf("%s does not exist", id)
			}
			return state, nil
		}
	}
	model, known := existing[kind]
	if !known {
		return nil, fmt.Errorf("the program reads the existing %s, and the recorder has no model of the type; add one to local/recorder/existing.go", id)
	}
	if strings.TrimSpace(id) == "" {
		return nil, fmt.Errorf("the id is empty")
	}
	return model(m.world, id), nil
}
