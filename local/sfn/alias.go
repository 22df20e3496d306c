package sfn

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"airline/local/door"
	"airline/local/recorder"
	"airline/local/resource"
)

// alias is a name that leads to one version of a machine, or to two by weight.
type alias struct {
	arn, name, description string
	machine                *machine
	routes                 []types.RoutingConfigurationListItem
	created, updated       time.Time
}

// addAlias takes an alias of the stack in. A world has only the version that the stack has just published, so the alias leads
// to the machine as it is.
func (s *Service) addAlias(r *recorder.Resource) error {
	var in struct {
		Name        string `prop:"name"`
		ARN         string `prop:"arn,output"`
		Description any    `prop:"description,ignore"`
		Routes      []struct {
			Version string `prop:"stateMachineVersionArn"`
			Weight  int    `prop:"weight"`
		} `prop:"routingConfigurations"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if len(in.Routes) != 1 || in.Routes[0].Weight != 100 {
		return resource.Problem(r, "only an alias that leads to one version with weight 100 is modelled by the local world")
	}
	machine := unqualified(in.Routes[0].Version)
	m, ok := s.machines[machine]
	if !ok || machine == in.Routes[0].Version {
		return resource.Problem(r, "leads to %q, which is no version of a deployed state machine", in.Routes[0].Version)
	}
	if !m.published {
		return resource.Problem(r, "leads to a version of %s, which publishes none", m.name)
	}
	description, _ := in.Description.(string)
	s.aliases[in.ARN] = &alias{arn: in.ARN, name: in.Name, description: description, machine: m, created: s.door.Now(), updated: s.door.Now(),
		routes: []types.RoutingConfigurationListItem{{StateMachineVersionArn: &in.Routes[0].Version, Weight: 100}}}
	return nil
}

// unqualified is a state machine's ARN without a version or an alias. Step Functions authorises by it, whichever of them
// was called (Developer Guide, "Authorization for versions and aliases").
func unqualified(arn string) string {
	part := strings.Split(arn, ":")
	if len(part) == 8 && part[5] == "stateMachine" {
		return strings.Join(part[:7], ":")
	}
	return arn
}

// target is the version that an execution of the alias runs, drawn by weight.
func (s *Service) target(a *alias) string {
	n := s.door.Rand().IntN(100)
	for _, r := range a.routes {
		if n -= int(r.Weight); n < 0 {
			return *r.StateMachineVersionArn
		}
	}
	return *a.routes[len(a.routes)-1].StateMachineVersionArn
}

// checkRoutes refuses a routing that AWS refuses: one or two versions of one machine, whose weights add up to 100.
func (s *Service) checkRoutes(routes []types.RoutingConfigurationListItem) (*machine, error) {
	if len(routes) < 1 || len(routes) > 2 {
		return nil, validation("routingConfiguration must have one or two items")
	}
	weight, machines := 0, map[string]bool{}
	for _, r := range routes {
		arn := aws.ToString(r.StateMachineVersionArn)
		_, known := s.versions[arn]
		if !known && !slices.ContainsFunc(s.routes(), func(o types.RoutingConfigurationListItem) bool { return *o.StateMachineVersionArn == arn }) {
			return nil, &types.ResourceNotFound{Message: aws.String("Resource not found: '" + arn + "'"), ResourceName: &arn}
		}
		weight += int(r.Weight)
		machines[unqualified(arn)] = true
	}
	if weight != 100 {
		return nil, validation("The sum of the weights in routingConfiguration must be 100, and is %d", weight)
	}
	if len(machines) > 1 {
		return nil, validation("The versions in routingConfiguration must be of one state machine")
	}
	return s.machine(aws.String(unqualified(*routes[0].StateMachineVersionArn)))
}

// routes are those of all aliases: versions of the stack's own machines are known by them.
func (s *Service) routes() []types.RoutingConfigurationListItem {
	var all []types.RoutingConfigurationListItem
	for _, a := range s.aliases {
		all = append(all, a.routes...)
	}
	return all
}

func (s *Service) alias(arn *string) (*alias, error) {
	a, ok := s.aliases[aws.ToString(arn)]
	if !ok {
		return nil, &types.ResourceNotFound{Message: aws.String("Resource not found: '" + aws.ToString(arn) + "'"), ResourceName: arn}
	}
	return a, nil
}

// CreateStateMachineAlias makes an alias. The same call again is no error and makes nothing.
func (s *Service) CreateStateMachineAlias(ctx context.Context, in *sfn.CreateStateMachineAliasInput, _ ...func(*sfn.Options)) (*sfn.CreateStateMachineAliasOutput, error) {
	in = door.Given(in)
	var machine string
	if len(in.RoutingConfiguration) > 0 {
		machine = unqualified(aws.ToString(in.RoutingConfiguration[0].StateMachineVersionArn))
	}
	return door.Call(ctx, s.door, door.Op[sfn.CreateStateMachineAliasInput, sfn.CreateStateMachineAliasOutput]{
		Service: "sfn", Action: "CreateStateMachineAlias",
		Needs: []door.Request{{Action: "states:CreateStateMachineAlias", Resource: machine}},
		Do: func(_ context.Context, in *sfn.CreateStateMachineAliasInput) (*sfn.CreateStateMachineAliasOutput, error) {
			name := aws.ToString(in.Name)
			if err := checkName(name); err != nil {
				return nil, err
			}
			m, err := s.checkRoutes(in.RoutingConfiguration)
			if err != nil {
				return nil, err
			}
			a := &alias{arn: m.arn + ":" + name, name: name, description: aws.ToString(in.Description), machine: m, routes: in.RoutingConfiguration, created: s.door.Now(), updated: s.door.Now()}
			if old, ok := s.aliases[a.arn]; ok {
				if old.description != a.description || !sameRoutes(old.routes, a.routes) {
					return nil, &types.ConflictException{Message: aws.String("Failed to create alias because an alias with the same name and a different routing configuration already exists.")}
				}
				a = old
			}
			s.aliases[a.arn] = a
			return &sfn.CreateStateMachineAliasOutput{StateMachineAliasArn: &a.arn, CreationDate: aws.Time(a.created)}, nil
		},
	}, in)
}

func sameRoutes(a, b []types.RoutingConfigurationListItem) bool {
	return slices.EqualFunc(a, b, func(a, b types.RoutingConfigurationListItem) bool {
		return *a.StateMachineVersionArn == *b.StateMachineVersionArn && a.Weight == b.Weight
	})
}

// UpdateStateMachineAlias changes where an alias leads, or its description.
func (s *Service) UpdateStateMachineAlias(ctx context.Context, in *sfn.UpdateStateMachineAliasInput, _ ...func(*sfn.Options)) (*sfn.UpdateStateMachineAliasOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.UpdateStateMachineAliasInput, sfn.UpdateStateMachineAliasOutput]{
		Service: "sfn", Action: "UpdateStateMachineAlias",
		Needs: []door.Request{{Action: "states:UpdateStateMachineAlias", Resource: unqualified(aws.ToString(in.StateMachineAliasArn))}},
		Do: func(_ context.Context, in *sfn.UpdateStateMachineAliasInput) (*sfn.UpdateStateMachineAliasOutput, error) {
			a, err := s.alias(in.StateMachineAliasArn)
			if err != nil {
				return nil, err
			}
			if in.RoutingConfiguration == nil && in.Description == nil {
				return nil, validation("Either description or routingConfiguration must be specified")
			}
			if in.RoutingConfiguration != nil {
				m, err := s.checkRoutes(in.RoutingConfiguration)
				if err != nil {
					return nil, err
				}
				if m != a.machine {
					return nil, validation("The versions in routingConfiguration must be of the alias's state machine")
				}
				a.routes = in.RoutingConfiguration
			}
			if in.Description != nil {
				a.description = *in.Description
			}
			a.updated = s.door.Now()
			return &sfn.UpdateStateMachineAliasOutput{UpdateDate: aws.Time(a.updated)}, nil
		},
	}, in)
}

// DescribeStateMachineAlias tells where an alias leads.
func (s *Service) DescribeStateMachineAlias(ctx context.Context, in *sfn.DescribeStateMachineAliasInput, _ ...func(*sfn.Options)) (*sfn.DescribeStateMachineAliasOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DescribeStateMachineAliasInput, sfn.DescribeStateMachineAliasOutput]{
		Service: "sfn", Action: "DescribeStateMachineAlias",
		Needs: []door.Request{{Action: "states:DescribeStateMachineAlias", Resource: unqualified(aws.ToString(in.StateMachineAliasArn))}},
		Do: func(_ context.Context, in *sfn.DescribeStateMachineAliasInput) (*sfn.DescribeStateMachineAliasOutput, error) {
			a, err := s.alias(in.StateMachineAliasArn)
			if err != nil {
				return nil, err
			}
			return &sfn.DescribeStateMachineAliasOutput{StateMachineAliasArn: &a.arn, Name: &a.name, Description: optional(a.description),
				RoutingConfiguration: a.routes, CreationDate: aws.Time(a.created), UpdateDate: aws.Time(a.updated)}, nil
		},
	}, in)
}

// ListStateMachineAliases lists the aliases of a machine, or of one of its versions, by name.
func (s *Service) ListStateMachineAliases(ctx context.Context, in *sfn.ListStateMachineAliasesInput, _ ...func(*sfn.Options)) (*sfn.ListStateMachineAliasesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.ListStateMachineAliasesInput, sfn.ListStateMachineAliasesOutput]{
		Service: "sfn", Action: "ListStateMachineAliases",
		Needs: []door.Request{{Action: "states:ListStateMachineAliases", Resource: unqualified(aws.ToString(in.StateMachineArn))}},
		Do: func(_ context.Context, in *sfn.ListStateMachineAliasesInput) (*sfn.ListStateMachineAliasesOutput, error) {
			arn := aws.ToString(in.StateMachineArn)
			if _, err := s.machine(aws.String(unqualified(arn))); err != nil {
				return nil, err
			}
			var found []*alias
			for _, a := range s.aliases {
				leads := func(r types.RoutingConfigurationListItem) bool { return *r.StateMachineVersionArn == arn }
				if a.machine.arn == arn || slices.ContainsFunc(a.routes, leads) {
					found = append(found, a)
				}
			}
			slices.SortFunc(found, func(a, b *alias) int { return strings.Compare(a.name, b.name) })
			list := []types.StateMachineAliasListItem{}
			for _, a := range found {
				list = append(list, types.StateMachineAliasListItem{StateMachineAliasArn: &a.arn, CreationDate: aws.Time(a.created)})
			}
			page, next, err := paginate(list, in.MaxResults, in.NextToken)
			return &sfn.ListStateMachineAliasesOutput{StateMachineAliases: page, NextToken: next}, err
		},
	}, in)
}

// DeleteStateMachineAlias deletes an alias.
func (s *Service) DeleteStateMachineAlias(ctx context.Context, in *sfn.DeleteStateMachineAliasInput, _ ...func(*sfn.Options)) (*sfn.DeleteStateMachineAliasOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DeleteStateMachineAliasInput, sfn.DeleteStateMachineAliasOutput]{
		Service: "sfn", Action: "DeleteStateMachineAlias",
		Needs: []door.Request{{Action: "states:DeleteStateMachineAlias", Resource: unqualified(aws.ToString(in.StateMachineAliasArn))}},
		Do: func(_ context.Context, in *sfn.DeleteStateMachineAliasInput) (*sfn.DeleteStateMachineAliasOutput, error) {
			if _, err := s.alias(in.StateMachineAliasArn); err != nil {
				return nil, err
			}
			delete(s.aliases, *in.StateMachineAliasArn)
			return &sfn.DeleteStateMachineAliasOutput{}, nil
		},
	}, in)
}

// inUse refuses to delete a version that an alias leads to.
func (s *Service) inUse(version string) error {
	for _, a := range s.aliases {
		for _, r := range a.routes {
			if *r.StateMachineVersionArn == version {
				return &types.ConflictException{Message: aws.String(fmt.Sprintf("Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [%s]", a.name))}
			}
		}
	}
	return nil
}
