package sfn

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/smithy-go"

	"airline/asl/ast"
	"airline/asl/sim"
	"airline/local/door"
	"airline/problem"
)

// diagnose is all that is wrong with a definition, its form first.
func diagnose(text string) (*ast.Definition, ast.Diagnostics) {
	d, err := ast.Parse([]byte(text))
	var problems ast.Diagnostics
	if err != nil && !errors.As(err, &problems) {
		problems = ast.Diagnostics{{Severity: ast.SeverityError, What: err.Error()}}
	}
	if d != nil {
		problems = append(problems, d.Validate()...)
	}
	return d, problems
}

// compile checks a definition as CreateStateMachine does.
func compile(text *string) (*sim.Machine, error) {
	d, problems := diagnose(aws.ToString(text))
	var wrong []string
	for _, p := range problems {
		if p.Severity == ast.SeverityError {
			wrong = append(wrong, "SCHEMA_VALIDATION_FAILED: "+p.What+" at "+place(p))
		}
	}
	if len(wrong) > 0 {
		return nil, refused(strings.Join(wrong, ", "))
	}
	program, err := sim.Compile(d)
	if err != nil {
		return nil, refused("SCHEMA_VALIDATION_FAILED: " + err.Error())
	}
	return program, nil
}

func place(d ast.Diagnostic) string {
	if d.Location == "" {
		return "/"
	}
	return d.Location
}

var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/.+$`)

// checkRole refuses a role that Step Functions may not assume.
func (s *Service) checkRole(arn *string, arnOf string) error {
	role := aws.ToString(arn)
	if !roleARN.MatchString(role) {
		return &types.InvalidArn{Message: aws.String("Invalid Arn: 'Invalid role: " + role + "'")}
	}
	if s.onRole != nil {
		if err := s.onRole(role); err != nil {
			return err
		}
	}
	if _, err := s.assume(&machine{role: role, arn: arnOf}); err != nil {
		return &smithy.GenericAPIError{Code: "AccessDeniedException", Fault: smithy.FaultClient, Message: "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role."}
	}
	return nil
}

// OnRole calls f with the role of every machine that is created, before the role is looked at: a world without a stack makes
// the role then.
func (s *Service) OnRole(f func(arn string) error) { s.onRole = f }

// settingsOff refuses settings that are not modelled for machines that are made by an API call.
func settingsOff(logging *types.LoggingConfiguration, tracing *types.TracingConfiguration, encryption *types.EncryptionConfiguration) error {
	refuse := func(what string) error {
		return door.NotModelled(what + " of a state machine that is made by an API call")
	}
	switch {
	case logging != nil && logging.Level != "" && logging.Level != types.LogLevelOff:
		return refuse("loggingConfiguration")
	case tracing != nil && tracing.Enabled:
		return refuse("tracingConfiguration")
	case encryption != nil && encryption.Type == types.EncryptionTypeCustomerManagedKmsKey:
		return refuse("encryptionConfiguration")
	}
	return nil
}

// CreateStateMachine makes a machine. The same call again is no error and makes nothing.
func (s *Service) CreateStateMachine(ctx context.Context, in *sfn.CreateStateMachineInput, _ ...func(*sfn.Options)) (*sfn.CreateStateMachineOutput, error) {
	in = door.Given(in)
	arn := s.arn("stateMachine:" + aws.ToString(in.Name))
	return door.Call(ctx, s.door, door.Op[sfn.CreateStateMachineInput, sfn.CreateStateMachineOutput]{
		Service: "sfn", Action: "CreateStateMachine",
		Needs: withTags(in.Tags, arn, door.Request{Action: "states:CreateStateMachine", Resource: arn},
			door.Request{Action: "iam:PassRole", Resource: aws.ToString(in.RoleArn), Keys: map[string][]string{"iam:PassedToService": {principal}}}),
		Takes: []string{"Name", "Definition", "RoleArn", "Type", "Tags", "Publish", "VersionDescription", "LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration"},
		Do: func(_ context.Context, in *sfn.CreateStateMachineInput) (*sfn.CreateStateMachineOutput, error) {
			if err := checkName(aws.ToString(in.Name)); err != nil {
				return nil, err
			}
			if err := settingsOff(in.LoggingConfiguration, in.TracingConfiguration, in.EncryptionConfiguration); err != nil {
				return nil, err
			}
			if in.VersionDescription != nil && !in.Publish {
				return nil, validation("Version description can only be set when publish is true")
			}
			program, err := compile(in.Definition)
			if err != nil {
				return nil, err
			}
			if in.Type == "" {
				in.Type = types.StateMachineTypeStandard
			}
			if !slices.Contains(in.Type.Values(), in.Type) {
				return nil, validation("1 validation error detected: Value '%s' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]", in.Type)
			}
			if err := s.checkRole(in.RoleArn, arn); err != nil {
				return nil, err
			}
			tags, err := tagged(arn, nil, in.Tags)
			if err != nil {
				return nil, err
			}
			m := &machine{
				name: *in.Name, arn: arn, role: *in.RoleArn, definition: *in.Definition, program: program, created: s.door.Now(), kind: in.Type, revision: "INITIAL", tags: tags,
			}
			if old, ok := s.machines[arn]; ok {
				// "If a following request has a different roleArn or tags, Step Functions will ignore these differences" (API reference).
				if old.definition != m.definition || old.kindOf() != m.kind {
					return nil, &types.StateMachineAlreadyExists{Message: aws.String("State Machine Already Exists: '" + arn + "'")}
				}
				m = old
			}
			s.machines[arn] = m
			out := &sfn.CreateStateMachineOutput{StateMachineArn: &m.arn, CreationDate: aws.Time(m.created)}
			if in.Publish {
				out.StateMachineVersionArn = aws.String(s.publish(m, aws.ToString(in.VersionDescription)))
			}
			return out, nil
		},
	}, in)
}

// UpdateStateMachine changes a machine; executions that run keep what they began with.
func (s *Service) UpdateStateMachine(ctx context.Context, in *sfn.UpdateStateMachineInput, _ ...func(*sfn.Options)) (*sfn.UpdateStateMachineOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.UpdateStateMachineInput, sfn.UpdateStateMachineOutput]{
		Service: "sfn", Action: "UpdateStateMachine",
		Needs: []door.Request{{Action: "states:UpdateStateMachine", Resource: aws.ToString(in.StateMachineArn)}},
		Takes: []string{"StateMachineArn", "Definition", "RoleArn", "Publish", "VersionDescription", "LoggingConfiguration", "TracingConfiguration", "EncryptionConfiguration"},
		Do: func(_ context.Context, in *sfn.UpdateStateMachineInput) (*sfn.UpdateStateMachineOutput, error) {
			old, ok := s.machines[aws.ToString(in.StateMachineArn)]
			if !ok {
				_, err := s.machine(in.StateMachineArn)
				return nil, or(err, validation("Qualified state machine ARNs cannot be updated"))
			}
			if in.Definition == nil && in.RoleArn == nil && in.LoggingConfiguration == nil && in.TracingConfiguration == nil {
				return nil, &types.MissingRequiredParameter{Message: aws.String("Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the EncryptionConfiguration must be specified")}
			}
			if err := settingsOff(in.LoggingConfiguration, in.TracingConfiguration, in.EncryptionConfiguration); err != nil {
				return nil, err
			}
			m := *old
			if in.Definition != nil {
				program, err := compile(in.Definition)
				if err != nil {
					return nil, err
				}
				m.definition, m.program = *in.Definition, program
			}
			if in.RoleArn != nil {
				if err := s.checkRole(in.RoleArn, m.arn); err != nil {
					return nil, err
				}
				m.role = *in.RoleArn
			}
			if m.definition != old.definition || m.role != old.role {
				m.revision = s.door.UUID()
			}
			*old = m
			out := &sfn.UpdateStateMachineOutput{UpdateDate: aws.Time(s.door.Now()), RevisionId: &m.revision}
			if in.Publish {
				out.StateMachineVersionArn = aws.String(s.publish(old, aws.ToString(in.VersionDescription)))
			}
			return out, nil
		},
	}, in)
}

// DeleteStateMachine deletes a machine with its versions; one that is not there is no error.
func (s *Service) DeleteStateMachine(ctx context.Context, in *sfn.DeleteStateMachineInput, _ ...func(*sfn.Options)) (*sfn.DeleteStateMachineOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[sfn.DeleteStateMachineInput, sfn.DeleteStateMachineOutput]{
		Service: "sfn", Action: "DeleteStateMachine",
		Needs: []door.Request{{Action: "states:DeleteStateMachine", Resource: aws.ToString(in.StateMachineArn)}},
		Do: func(_ context.Context, in *sfn.DeleteStateMachineInput) (*sfn.DeleteStateMachineOutput, error) {
			if m, ok := s.machines[aws.ToString(in.StateMachineArn)]; ok {
				for _, x := range s.order {
					if x.machine == m && x.Status() == sim.Running {
						x.Stop("", "")
					}
				}
				delete(s.machines, m.arn)
				for arn := range s.versions {
					if unqualified(arn) == m.arn {
						delete(s.versions, arn)
					}
				}
				for arn, a := range s.aliases {
					if a.machine == m {
						delete(s.aliases, arn)
					}
				}
			}
			return &sfn.DeleteStateMachineOutput{}, nil
		},
	}, in)
}

// ValidateStateMachineDefinition tells what is wrong with a definition, at most maxResults problems (100 without).
func (s *Service) ValidateStateMachineDefinition(ctx context.Context, in *sfn.ValidateStateMachineDefinitionInput, _ ...func(*sfn.Options)) (*sfn.ValidateStateMachineDefinitionOutput, error) {
	return door.Call(ctx, s.door, door.Op[sfn.ValidateStateMachineDefinitionInput, sfn.ValidateStateMachineDefinitionOutput]{
		Service: "sfn", Action: "ValidateStateMachineDefinition",
		Needs: []door.Request{{Action: "states:ValidateStateMachineDefinition", Resource: "*"}},
		Do: func(_ context.Context, in *sfn.ValidateStateMachineDefinitionInput) (*sfn.ValidateStateMachineDefinitionOutput, error) {
			_, problems := diagnose(aws.ToString(in.Definition))
			limit := int(in.MaxResults)
			if limit <= 0 || limit > 100 {
				limit = 100
			}
			out := &sfn.ValidateStateMachineDefinitionOutput{Result: types.ValidateStateMachineDefinitionResultCodeOk, Diagnostics: []types.ValidateStateMachineDefinitionDiagnostic{}, Truncated: aws.Bool(false)}
			for _, p := range problems {
				severity := types.ValidateStateMachineDefinitionSeverityWarning
				code := "BEST_PRACTICE"
				if p.Severity == ast.SeverityError {
					severity, code = types.ValidateStateMachineDefinitionSeverityError, "SCHEMA_VALIDATION_FAILED"
					out.Result = types.ValidateStateMachineDefinitionResultCodeFail
				} else if in.Severity != types.ValidateStateMachineDefinitionSeverityWarning {
					continue
				}
				if len(out.Diagnostics) == limit {
					out.Truncated = aws.Bool(true)
					continue
				}
				message := problem.Problem{What: p.What, Fix: p.Fix}.String()
				out.Diagnostics = append(out.Diagnostics, types.ValidateStateMachineDefinitionDiagnostic{
					Severity: severity, Code: &code, Message: &message, Location: aws.String(place(p)),
				})
			}
			return out, nil
		},
	}, door.Given(in))
}

func (s *Service) arn(resource string) string {
	return fmt.Sprintf("arn:%s:states:%s:%s:%s", s.place.Partition, s.place.Region, s.place.Account, resource)
}

func or(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
