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
)

// version is a machine as it was when it was published.
type version struct {
	machine     machine
	arn         string
	number      int
	description string
	created     time.Time
}

// publish makes a version of a machine as it is, unless the newest is that already.
func (s *Service) publish(m *machine, description string) string {
	newest := 0
	for _, v := range s.versionsOf(m.arn) {
		if newest = max(newest, v.number); v.machine.revision == m.revision {
			return v.arn
		}
	}
	newest = max(newest, m.versions)
	m.versions, m.published = newest+1, true
	v := &version{machine: *m, arn: fmt.Sprintf("%s:%d", m.arn, newest+1), number: newest + 1, description: description, created: s.door.Now()}
	s.versions[v.arn] = v
	return v.arn
}

// versionsOf lists a machine's versions, the newest first.
func (s *Service) versionsOf(arn string) []*version {
	var list []*version
	for _, v := range s.versions {
		if v.machine.arn == arn {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b *version) int { return b.number - a.number })
	return list
}

// PublishStateMachineVersion makes a version of a machine as it is.
func (s *Service) PublishStateMachineVersion(ctx context.Context, in *sfn.PublishStateMachineVersionInput, _ ...func(*sfn.Options)) (*sfn.PublishStateMachineVersionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.PublishStateMachineVersionInput, sfn.PublishStateMachineVersionOutput]{
		Service: "sfn", Action: "PublishStateMachineVersion",
		Needs: []door.Request{{Action: "states:PublishStateMachineVersion", Resource: aws.ToString(in.StateMachineArn)}},
		Do: func(_ context.Context, in *sfn.PublishStateMachineVersionInput) (*sfn.PublishStateMachineVersionOutput, error) {
			m, err := s.machine(in.StateMachineArn)
			if err != nil {
				return nil, err
			}
			if in.RevisionId != nil && *in.RevisionId != m.revision {
				return nil, &types.ConflictException{Message: aws.String("Failed to publish the State Machine version for revision " + *in.RevisionId + ". The current State Machine revision is " + m.revision + ".")}
			}
			v := s.versions[s.publish(m, aws.ToString(in.Description))]
			return &sfn.PublishStateMachineVersionOutput{StateMachineVersionArn: &v.arn, CreationDate: aws.Time(v.created)}, nil
		},
	}, in)
}

// ListStateMachineVersions lists a machine's versions, the newest first.
func (s *Service) ListStateMachineVersions(ctx context.Context, in *sfn.ListStateMachineVersionsInput, _ ...func(*sfn.Options)) (*sfn.ListStateMachineVersionsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.ListStateMachineVersionsInput, sfn.ListStateMachineVersionsOutput]{
		Service: "sfn", Action: "ListStateMachineVersions",
		Needs: []door.Request{{Action: "states:ListStateMachineVersions", Resource: aws.ToString(in.StateMachineArn)}},
		Do: func(_ context.Context, in *sfn.ListStateMachineVersionsInput) (*sfn.ListStateMachineVersionsOutput, error) {
			if _, err := s.machine(in.StateMachineArn); err != nil {
				return nil, err
			}
			list := []types.StateMachineVersionListItem{}
			for _, v := range s.versionsOf(*in.StateMachineArn) {
				list = append(list, types.StateMachineVersionListItem{StateMachineVersionArn: &v.arn, CreationDate: aws.Time(v.created)})
			}
			page, next, err := paginate(list, in.MaxResults, in.NextToken)
			return &sfn.ListStateMachineVersionsOutput{StateMachineVersions: page, NextToken: next}, err
		},
	}, in)
}

// DeleteStateMachineVersion deletes a version; one that is not there is no error.
func (s *Service) DeleteStateMachineVersion(ctx context.Context, in *sfn.DeleteStateMachineVersionInput, _ ...func(*sfn.Options)) (*sfn.DeleteStateMachineVersionOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DeleteStateMachineVersionInput, sfn.DeleteStateMachineVersionOutput]{
		Service: "sfn", Action: "DeleteStateMachineVersion",
		Needs: []door.Request{{Action: "states:DeleteStateMachineVersion", Resource: unqualified(aws.ToString(in.StateMachineVersionArn))}},
		Do: func(_ context.Context, in *sfn.DeleteStateMachineVersionInput) (*sfn.DeleteStateMachineVersionOutput, error) {
			arn := aws.ToString(in.StateMachineVersionArn)
			if arn == unqualified(arn) {
				return nil, validation("Invalid state machine version ARN: '%s'", arn)
			}
			if err := s.inUse(arn); err != nil {
				return nil, err
			}
			delete(s.versions, arn)
			return &sfn.DeleteStateMachineVersionOutput{}, nil
		},
	}, in)
}

// resolve finds what an ARN of a machine or a version leads to: a version is the machine as it was.
func (s *Service) resolve(arn *string) (m *machine, definition *machine, versionARN *string, err error) {
	name := aws.ToString(arn)
	if a, ok := s.aliases[name]; ok {
		name = s.target(a)
	}
	if v, ok := s.versions[name]; ok {
		if current, ok := s.machines[v.machine.arn]; ok {
			return current, &v.machine, &v.arn, nil
		}
	}
	m, err = s.machine(arn)
	return m, m, nil, err
}

// caseOf takes the test case off an ARN, as Step Functions Local has it: "<ARN of the machine>#<test case>".
func caseOf(arn *string) (*string, string) {
	name, test, _ := strings.Cut(aws.ToString(arn), "#")
	if arn == nil {
		return nil, ""
	}
	return &name, test
}
