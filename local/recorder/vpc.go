package recorder

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// expandLocked makes the children that a remote component makes in its own plugin, and its outputs.
// Only awsx's Vpc with isolated, private or public subnets and without gateways is modelled.
func (m *monitor) expandLocked(r *Resource) (resource.PropertyMap, error) {
	if r.Type != "awsx:ec2:Vpc" {
		return nil, fmt.Errorf("component %s %q: the recorder has no model of it; add one to local/recorder", r.Type, r.Name)
	}
	child := func(token, name string, parent *Resource, inputs map[string]any) (*Resource, error) {
		c := &Resource{
			URN: m.newURN(parent.URN, token, name), Type: token, Name: name, Inputs: inputs, Parent: parent.URN,
			Provider: r.Provider, Protect: r.Protect, Source: r.Source, Modelled: true,
		}
		id, added, err := m.world.create(c)
		if err != nil {
			return nil, err
		}
		outputs := resource.NewPropertyMapFromMap(inputs)
		if !m.preview {
			c.ID = id
			for k, v := range added {
				outputs[resource.PropertyKey(k)] = resource.NewPropertyValue(v)
			}
		}
		c.Outputs = fromProperties(outputs)
		m.resources[c.URN], m.outputs[c.URN] = c, outputs
		return c, nil
	}

	cidr := r.String("cidrBlock")
	if cidr == "" {
		cidr = "10.0.0.0/16"
	}
	tags, _ := r.Inputs["tags"].(map[string]any)
	vpc, err := child("aws:ec2/vpc:Vpc", r.Name, r, map[string]any{
		"cidrBlock": cidr, "tags": tags,
		"enableDnsHostnames": r.Inputs["enableDnsHostnames"], "enableDnsSupport": r.Inputs["enableDnsSupport"],
	})
	if err != nil {
		return nil, err
	}

	var specs []struct{ Type, Name string }
	if list, ok := r.Inputs["subnetSpecs"]; ok {
		if err := decode(list, "subnetSpecs", &specs); err != nil {
			return nil, err
		}
	}
	zones := m.world.zones()
	if given, ok := r.Inputs["availabilityZoneNames"]; ok {
		zones = nil
		if err := decode(given, "availabilityZoneNames", &zones); err != nil {
			return nil, err
		}
	}
	subnetIDs := map[string][]resource.PropertyValue{"Isolated": {}, "Private": {}, "Public": {}}
	var tables []resource.PropertyValue
	known := func(id string) resource.PropertyValue {
		if m.preview {
			return resource.MakeComputed(resource.NewStringProperty(""))
		}
		return resource.NewStringProperty(id)
	}
	for _, spec := range specs {
		if _, ok := subnetIDs[spec.Type]; !ok {
			return nil, fmt.Errorf("component %s %q: subnets of type %q are not modelled", r.Type, r.Name, spec.Type)
		}
		for i, zone := range zones {
			name := fmt.Sprintf("%s-%s-%d", r.Name, spec.Name, i+1)
			subnet, err := child("aws:ec2/subnet:Subnet", name, vpc, map[string]any{
				"vpcId": vpc.ID, "availabilityZone": zone, "mapPublicIpOnLaunch": spec.Type == "Public", "tags": tags,
			})
			if err != nil {
				return nil, err
			}
			table, err := child("aws:ec2/routeTable:RouteTable", name, subnet, map[string]any{"vpcId": vpc.ID, "tags": tags})
			if err != nil {
				return nil, err
			}
			if _, err := child("aws:ec2/routeTableAssociation:RouteTableAssociation", name, table,
				map[string]any{"routeTableId": table.ID, "subnetId": subnet.ID}); err != nil {
				return nil, err
			}
			subnetIDs[spec.Type] = append(subnetIDs[spec.Type], known(subnet.ID))
			tables = append(tables, resource.NewResourceReferenceProperty(resource.ResourceReference{
				URN: resource.URN(table.URN), ID: known(table.ID),
			}))
		}
	}
	return resource.PropertyMap{
		"vpcId":             known(vpc.ID),
		"isolatedSubnetIds": resource.NewArrayProperty(subnetIDs["Isolated"]),
		"privateSubnetIds":  resource.NewArrayProperty(subnetIDs["Private"]),
		"publicSubnetIds":   resource.NewArrayProperty(subnetIDs["Public"]),
		"routeTables":       resource.NewArrayProperty(tables),
	}, nil
}
