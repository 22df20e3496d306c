package operate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"airline/infra"
)

// Diagnosis is what a doctor finds before and after a deployment.
type Diagnosis struct {
	Caller  string `json:"caller"`
	Account string `json:"account"`
	Region  string `json:"region"`
	// Deployed says that something of the stack is there; Parts are what it consists of.
	Deployed bool   `json:"deployed"`
	Parts    []Part `json:"parts"`
	// Around is what the account has for the stack: quotas, the service-linked role, Lake Formation's permissions.
	Around []Part `json:"around"`
	// Rights are what the caller lacks, for each command and for pulumi up.
	Rights []Right `json:"rights"`
	// NotLookedAt is what nobody has looked at.
	NotLookedAt []string `json:"notLookedAt"`
}

// Right is what somebody may do.
type Right struct {
	For string `json:"for"` // "airline files", "pulumi up"
	// Lacking are the actions that IAM would refuse, each with its resource.
	Lacking []string `json:"lacking,omitempty"`
	// Statements are those that allow them, to be added to the caller's policy.
	Statements []string `json:"statements,omitempty"`
}

// Problems counts what is not well of a stack that is deployed and of the account around it, and what the caller may not do.
func (d *Diagnosis) Problems() (n int) {
	for _, p := range d.Parts {
		if d.Deployed && p.Health != Well {
			n++
		}
	}
	for _, p := range d.Around {
		if p.Health != Well {
			n++
		}
	}
	for _, r := range d.Rights {
		if len(r.Lacking) > 0 {
			n++
		}
	}
	return n
}

// notLookedAt is what a deployment or a command may fail of besides.
var notLookedAt = []string{
	"actions that the deployer's policy names by a pattern", "policies of organizations and sessions", "locations and single tables in Lake Formation", "the warehouse, the network, keys and roles",
}

// Doctor finds out what keeps the stack from being deployed or operated by the caller. What AWS needs a while for is asked for again after a
// pause.
func (s *Session) Doctor(ctx context.Context, pause time.Duration) (*Diagnosis, error) {
	d := &Diagnosis{Caller: s.Caller, Account: s.Names.Account, Region: s.Names.Region, NotLookedAt: slices.Clone(notLookedAt)}
	who, err := s.principal(ctx)
	if err != nil {
		return nil, s.Explain(err)
	}
	parts, do := s.lookAtParts(ctx)
	commands := infra.OperatorCommands()
	d.Rights = make([]Right, len(commands)+1)
	for i, command := range commands {
		policy, _ := s.Names.OperatorPolicy(s.Config, command) // it is one of the commands
		do = append(do, func(ctx context.Context) (err error) {
			d.Rights[i], err = s.simulate(ctx, who, "airline "+command, policy)
			return err
		})
	}
	do = append(do, func(ctx context.Context) (err error) {
		d.Rights[len(commands)], err = s.simulate(ctx, who, "pulumi up", s.Names.DeploymentPolicy())
		return err
	})
	if errs := each(ctx, do...); len(errs) > 0 {
		return nil, s.explainAll(errs)
	}
	d.Parts, d.Deployed = parts, deployed(parts)
	if err := s.lookAround(ctx, who, d, pause); err != nil {
		return nil, s.Explain(err)
	}
	return d, nil
}

// lookAround looks at what the account has for the stack, of which it is known whether it is deployed.
func (s *Session) lookAround(ctx context.Context, who string, d *Diagnosis, pause time.Duration) error {
	var role, lake Part
	var unknown []string
	errs := each(ctx, func(ctx context.Context) (err error) {
		d.Around, unknown, err = s.lookAtQuotas(ctx, d.Deployed, pause)
		return err
	}, func(ctx context.Context) (err error) {
		role, err = s.serviceRole(ctx, who)
		return err
	}, func(ctx context.Context) (err error) {
		lake, err = s.lake(ctx, d.Deployed)
		return err
	})
	if len(errs) > 0 {
		return s.explainAll(errs)
	}
	d.Around, d.NotLookedAt = append(d.Around, role, lake), append(unknown, d.NotLookedAt...)
	return nil
}

// principal is the ARN of the caller's user or role, whose path only IAM knows.
func (s *Session) principal(ctx context.Context) (string, error) {
	_, resource, ok := strings.Cut(s.Caller, ":assumed-role/")
	if !ok {
		return s.Caller, nil
	}
	name, _, _ := strings.Cut(resource, "/")
	role, err := s.identities.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	if err != nil {
		return "", err
	}
	return aws.ToString(role.Role.Arn), nil
}

// simulate asks IAM whether the caller may do what a policy allows, in the circumstances that its conditions name.
func (s *Session) simulate(ctx context.Context, who, what string, p infra.Policy) (Right, error) {
	r := Right{For: what}
	for _, statement := range p.Statements {
		actions := slices.DeleteFunc(slices.Clone(statement.Actions), func(a string) bool { return strings.Contains(a, "*") })
		if statement.Deny || len(actions) == 0 {
			continue
		}
		pages := iam.NewSimulatePrincipalPolicyPaginator(s.identities, &iam.SimulatePrincipalPolicyInput{
			PolicySourceArn: &who, ActionNames: actions, ResourceArns: statement.Resources, ContextEntries: circumstances(statement),
		})
		lacks := false
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return r, err
			}
			for _, e := range page.EvaluationResults {
				if e.EvalDecision != types.PolicyEvaluationDecisionTypeAllowed {
					lacks = true
					r.Lacking = append(r.Lacking, fmt.Sprintf("%s on %s", aws.ToString(e.EvalActionName), aws.ToString(e.EvalResourceName)))
				}
			}
		}
		if lacks {
			r.Statements = append(r.Statements, statement.JSON())
		}
	}
	return r, nil
}

// circumstances are the values under which a statement's conditions hold.
func circumstances(s infra.Statement) []types.ContextEntry {
	var list []types.ContextEntry
	for _, operator := range sortedKeys(s.Conditions) {
		if operator == "Null" {
			continue // of a key that is not sent
		}
		for _, key := range sortedKeys(s.Conditions[operator]) {
			values, kind := s.Conditions[operator][key], types.ContextKeyTypeEnumString
			if strings.HasPrefix(operator, "ForAnyValue") {
				kind = types.ContextKeyTypeEnumStringList
			} else {
				values = values[:1]
			}
			list = append(list, types.ContextEntry{ContextKeyName: aws.String(key), ContextKeyType: kind, ContextKeyValues: values})
		}
	}
	return list
}
