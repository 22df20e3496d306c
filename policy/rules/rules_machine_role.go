package rules

import (
	"slices"
	"strings"

	"airline/asl/ast"
	"airline/asl/grants"
	"airline/iam"
	"airline/region"
)

// rights are what a role may do, from every policy of the stack that is attached to it.
type rights struct {
	statements []right
	// opaque tells that there is more: a policy that is not known yet or not of this stack.
	opaque bool
}

type right struct {
	iam.Statement
	from  *Resource
	place string
	name  string
}

func (s *Stack) rightsOf(role *Resource) rights {
	var out rights
	take := func(r *Resource, path string) {
		d := readDocument(r, path)
		if d.policy == nil {
			out.opaque = out.opaque || !d.at.Absent()
			return
		}
		for i, st := range d.policy.Statements {
			out.statements = append(out.statements, right{st, r, path, statementName(st, i)})
		}
	}
	for _, path := range documentPlaces(role) {
		if path != "assumeRolePolicy" {
			take(role, path)
		}
	}
	for _, p := range s.Referring(role, typeRolePolicy, "role", typeRole) {
		take(p, "policy")
	}
	for _, a := range s.Referring(role, typeAttachment, "role", typeRole) {
		managed, _ := s.Targets(a, a.Get("policyArn"), typeManaged)
		for _, p := range managed {
			take(p, "policy")
		}
		out.opaque = out.opaque || len(managed) == 0
	}
	out.opaque = out.opaque || len(role.Get("managedPolicyArns").Items()) > 0 ||
		len(s.Referring(nil, typeRolePolicy, "role", typeRole))+len(s.Referring(nil, typeAttachment, "role", typeRole)) > 0
	return out
}

// eachRole compares what every machine's tasks need with what its role may do.
func (j *judge) eachRole(compare func(j *judge, machine *Resource, needs []need, has rights)) {
	for _, m := range j.OfType(typeMachine) {
		j.withMachine(m, func(d *ast.Definition) {
			roles, _ := j.Targets(m, m.Get("roleArn"), typeRole)
			if len(roles) == 0 {
				j.unsure(m, "roleArn", "the role is not in this stack, or not known before it is created")
				return
			}
			needs, problems := j.needsOf(m, d)
			for _, p := range problems {
				j.unsure(m, p.Location, "%s", p.What)
			}
			compare(j, m, needs, j.rightsOf(roles[0]))
		})
	}
}

// need is one action on one resource that a machine's tasks need.
type need struct{ action, resource string }

func (j *judge) needsOf(m *Resource, d *ast.Definition) (needs []need, problems ast.Diagnostics) {
	scope := grants.Scope{Region: j.Region, Account: j.Account, StateMachine: m.given("name").Text()}
	if p, known := region.PartitionOf(j.Region); known {
		scope.Partition = p.ID
	}
	grants, err := grants.Of(d, scope)
	if err != nil {
		problems, _ = err.(ast.Diagnostics)
	}
	for _, g := range grants {
		for _, a := range g.Actions {
			for _, r := range g.Resources {
				needs = append(needs, need{a, r})
			}
		}
	}
	return needs, problems
}

// meets tells whether a resource that a policy allows is one that is needed: all of it, or, where what is needed can only be
// told as a pattern, some of it. An account or region that is not known yet is that of the policy.
func meets(allowed, needed string) bool {
	if iam.CoversARN(allowed, needed) || strings.Contains(needed, "*") && needed != "*" && iam.CoversARN(needed, allowed) {
		return true
	}
	a, n := parseARN(allowed), parseARN(needed)
	if n.Service == "" || a.Service == "" {
		return false
	}
	if n.Region == "*" {
		n.Region = a.Region
	}
	if n.Account == "*" {
		n.Account = a.Account
	}
	return iam.Covers(a.Partition, n.Partition) && iam.Covers(a.Service, n.Service) && iam.Covers(a.Region, n.Region) && iam.Covers(a.Account, n.Account) &&
		(iam.Covers(a.Resource, n.Resource) || strings.Contains(n.Resource, "*") && iam.Covers(n.Resource, a.Resource))
}

// narrowing are condition keys that say which resource or caller is meant, and so do not take a need away; other conditions
// may, and whether they hold only AWS can tell.
var narrowing = []string{
	"kms:resourcealiases", "kms:viaservice", "iam:passedtoservice", "aws:resourceaccount", "aws:principalaccount", "aws:sourceaccount",
	"s3:resourceaccount", "s3:prefix", "cloudwatch:namespace",
}

func conditional(s iam.Statement) bool {
	return slices.ContainsFunc(s.Conditions, func(c iam.Condition) bool {
		key := strings.ToLower(c.Key)
		return !slices.Contains(narrowing, key) && !strings.HasPrefix(key, "aws:resourcetag/")
	})
}

func grantsMissing(j *judge, machine *Resource, needs []need, has rights) {
	for _, n := range needs {
		if denied(has, n) {
			j.refuse(machine, "roleArn", "the role is denied %s on %s", n.action, n.resource)
			continue
		}
		switch granted(has, n) {
		case No:
			j.refuse(machine, "roleArn", "the role may not do %s on %s", n.action, n.resource)
		case CannotTell:
			j.unsure(machine, "roleArn", "whether the role may do %s on %s depends on a policy or condition that is not known here", n.action, n.resource)
		}
	}
}

// granted tells whether a statement allows what is needed.
func granted(has rights, n need) Truth {
	answer := truthOr(has.opaque)
	for _, s := range has.statements {
		switch {
		case s.Deny || !speaksOf(s.Statement, n):
		case conditional(s.Statement):
			answer = max(answer, CannotTell)
		default:
			return Yes
		}
	}
	return answer
}

func denied(has rights, n need) bool {
	return slices.ContainsFunc(has.statements, func(s right) bool { return s.Deny && len(s.Conditions) == 0 && speaksOf(s.Statement, n) })
}

// speaksOf tells whether the statement is about what is needed.
func speaksOf(s iam.Statement, n need) bool {
	onAction := slices.ContainsFunc(s.Actions, func(p string) bool { return iam.CoversAction(p, n.action) })
	if s.NotActions != nil {
		onAction = !slices.ContainsFunc(s.NotActions, func(p string) bool { return iam.CoversAction(p, n.action) })
	}
	if s.NotResources != nil {
		return onAction && !slices.ContainsFunc(s.NotResources, func(r string) bool { return meets(r, n.resource) })
	}
	return onAction && slices.ContainsFunc(s.Resources, func(r string) bool { return meets(r, n.resource) })
}

// machineBasics are what any state machine may do besides its tasks: write its log and its traces, and use named keys.
var machineBasics = []string{
	"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
	"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
	"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
}

func grantsExcess(j *judge, machine *Resource, needs []need, has rights) {
	if has.opaque {
		j.unsure(machine, "roleArn", "the role has a policy that is not of this stack, or not known before it is created")
	}
	for _, s := range has.statements {
		if s.Deny {
			continue
		}
		for _, action := range s.Actions {
			if slices.ContainsFunc(machineBasics, func(b string) bool { return strings.EqualFold(b, action) }) || namedKey(s.Statement, action) {
				continue
			}
			for _, resource := range s.Resources {
				if wide := excess(action, resource, needs); wide != "" {
					j.refuse(s.from, s.place, "%s allows %s on %s to state machine %s, %s", s.name, action, resource, machine.Name, wide)
				}
			}
		}
	}
}

// excess says what of a right no task needs; "" when tasks need it.
func excess(action, resource string, needs []need) string {
	uses := false
	for _, n := range needs {
		if !iam.CoversAction(action, n.action) {
			continue
		}
		uses = true
		if strings.EqualFold(action, n.action) && (iam.CoversARN(n.resource, resource) || partOf(n.resource, resource)) {
			return ""
		}
	}
	switch {
	case !uses:
		return "whose tasks do not use it"
	case strings.Contains(action, "*"):
		return "whose tasks need single actions"
	}
	return "whose tasks need less of it"
}

// partOf is covers for ARNs whose needed account or region is not known yet.
func partOf(needed, allowed string) bool {
	n, a := parseARN(needed), parseARN(allowed)
	return n.Service != "" && n.Service == a.Service && (n.Region == "*" || n.Region == a.Region) && (n.Account == "*" || n.Account == a.Account) &&
		iam.Covers(n.Resource, a.Resource)
}

// namedKey tells whether the right is to use a KMS key that is named, by its ARN, an alias or the service it is used through:
// definitions do not tell by which keys what they name is encrypted.
func namedKey(s iam.Statement, action string) bool {
	if !strings.HasPrefix(strings.ToLower(action), "kms:") || strings.HasSuffix(action, ":*") {
		return false
	}
	if limited(s, "kms:resourcealiases", "kms:viaservice") {
		return true
	}
	return !slices.ContainsFunc(s.Resources, func(r string) bool {
		return strings.Trim(strings.TrimPrefix(parseARN(r).Resource, "key/"), "*") == ""
	})
}

// named are the parameters of tasks that name a resource, by service and action; an action "" is any.
var named = []struct {
	service, action, parameter string
	kind                       string
}{
	{"glue", "startcrawler", "Name", typeCrawler}, {"glue", "getcrawler", "Name", typeCrawler}, {"glue", "stopcrawler", "Name", typeCrawler},
	{"glue", "", "JobName", typeGlueJob}, {"glue", "", "CrawlerName", typeCrawler},
	{"sns", "", "TopicArn", typeTopic}, {"sqs", "", "QueueUrl", typeQueue},
	{"redshiftdata", "", "WorkgroupName", typeWorkgroup}, {"redshiftdata", "", "ClusterIdentifier", typeCluster},
	{"states", "startexecution", "StateMachineArn", typeMachine}, {"sfn", "startexecution", "StateMachineArn", typeMachine},
	{"lambda", "invoke", "FunctionName", typeFunction},
}

func namesExist(j *judge) {
	for _, m := range j.OfType(typeMachine) {
		j.withMachine(m, func(d *ast.Definition) {
			eachState(d, "", func(s *ast.State, place string) {
				if s.Type != ast.TypeTask {
					return
				}
				if strings.HasPrefix(s.Resource, "arn:") && parseARN(s.Resource).Service == "lambda" {
					j.exists(m, place+"/Resource", s.Resource, typeFunction)
				}
				service, action := serviceAction(operation(s))
				for _, n := range named {
					if n.service != service || n.action != "" && n.action != action {
						continue
					}
					if text, at := literal(s, n.parameter); text != "" {
						j.exists(m, place+at, text, n.kind)
					}
				}
			})
		})
	}
}

func (j *judge) exists(m *Resource, place, text, kind string) {
	if len(j.Named(text, kind)) > 0 || kind == typeQueue && len(j.Named(text[strings.LastIndexByte(text, '/')+1:], kind)) > 0 {
		return
	}
	if kind == typeFunction { // a version or alias may follow the name
		if base := functionName(text); len(j.Named(base, kind)) > 0 {
			return
		}
	}
	for _, r := range j.OfType(kind) {
		if len(idents(r)) == 0 {
			j.unsure(m, place, "%q may be %s, whose name is not known before it is created", shortened(text), r.Title())
			return
		}
	}
	if j.mayBeGiven(text, kind) {
		j.unsure(m, place, "the stack makes no %s, so %q may be one that others keep and the stack was told to use", shortType(kind), shortened(text))
		return
	}
	j.refuse(m, place, "the stack has no %s %q", shortType(kind), shortened(text))
}

// mayBeGiven tells whether a name may be that of a topic or warehouse that the stack was told to use: the stack makes none
// of the kind, and the name does not begin as its own do. The engine does not show what a program only reads.
func (j *judge) mayBeGiven(text, kind string) bool {
	if !slices.Contains([]string{typeTopic, typeWorkgroup, typeCluster}, kind) || len(j.OfType(kind)) > 0 {
		return false
	}
	name := or(parseARN(text).Resource, text)
	own := func(hyphen string) string {
		coded := strings.NewReplacer("-", hyphen)
		return coded.Replace(j.Project) + "-" + coded.Replace(j.Name) + "-"
	}
	return !strings.HasPrefix(name, own("-")) && !strings.HasPrefix(name, own(codedHyphen))
}

// codedHyphen stands for the hyphens of projects and stacks in the names of what they have (docs/deploy.md, "Names").
const codedHyphen = "xq"

func functionName(text string) string {
	resource := strings.TrimPrefix(or(parseARN(text).Resource, text), "function:")
	name, _, _ := strings.Cut(resource, ":")
	return name
}
