// Package grants derives the IAM permissions that a state machine needs from its
// definition.
//
//	allowed, err := grants.Of(definition, grants.Scope{Region: "eu-central-1", Account: "111122223333", StateMachine: "ingest"})
//	policy := grants.Policy(allowed)
package grants

import (
	"cmp"
	"strconv"
	"strings"

	"airline/asl/ast"
	"airline/asl/internal/catalog"
)

// Scope is where a machine runs: what its ARNs need beside what the definition
// says. What is left empty is a * in the ARNs, the partition "aws".
type Scope struct {
	Partition    string // "aws"
	Region       string
	Account      string
	StateMachine string // the machine's name
}

func (s Scope) partition() string { return cmp.Or(s.Partition, "aws") }
func (s Scope) region() string    { return cmp.Or(s.Region, "*") }
func (s Scope) account() string   { return cmp.Or(s.Account, "*") }
func (s Scope) machine() string   { return cmp.Or(s.StateMachine, "*") }

// Of gives the permissions that the machine's role needs to run the
// definition, and no more than can be known from it: by operation, integration
// pattern and parameters, with readers, writers and child executions of
// distributed Maps. What a definition cannot tell, as the key of an encrypted
// topic, typed tasks add.
//
// The error is Diagnostics with every operation that is not known, and the grants
// are then those of the others: a wildcard would grant too much, silence too little. A task that has grants of its own
// (Task.Grant) may be of an unknown operation.
func Of(d *ast.Definition, scope Scope) ([]ast.Grant, error) {
	g := &granting{Scope: scope}
	g.definition(d, "", ast.JSONPath)
	for _, p := range d.OpenParts() {
		switch p.Location[strings.LastIndexByte(p.Location, '/')+1:] {
		case "Branches", "ItemProcessor", "Iterator", "ItemReader", "ResultWriter", "ReaderConfig", "ProcessorConfig":
			g.problems.Add(ast.SeverityError, p.Pos, p.Location, "fill the placeholder in first", "nobody knows what %s calls", strconv.Quote(p.Text))
		}
	}
	return merged(g.grants), g.problems.Err()
}

type granting struct {
	Scope
	grants   []ast.Grant
	problems ast.Diagnostics
}

func (g *granting) add(actions []string, resources []string, conditions ...ast.GrantCondition) {
	if len(resources) > 0 {
		g.grants = append(g.grants, ast.Grant{Actions: actions, Resources: resources, Conditions: conditions})
	}
}

func (g *granting) definition(d *ast.Definition, location string, lang ast.QueryLanguage) {
	lang = d.Language(lang)
	for _, s := range d.States {
		at := ast.Pointer(location+"/States", s.Name)
		switch s.Type {
		case ast.TypeTask:
			g.task(s, at)
		case ast.TypeMap:
			g.mapState(s, at)
		}
		for _, b := range s.Branches {
			g.definition(b, at, lang)
		}
		if p := s.Processor(); p != nil {
			g.definition(p, at, lang)
		}
	}
}

func (g *granting) task(s *ast.State, at string) {
	g.grants = append(g.grants, s.Grants...)
	if s.Credentials.IsSet() {
		// The other role does the work; this one only takes it on.
		p := parametersOf(s.Credentials)
		var roles []string
		for _, role := range p.texts("RoleArn") {
			if !isARN(role) {
				role = "arn:" + g.partition() + ":iam::*:role/*"
			}
			roles = append(roles, role)
		}
		g.add([]string{"sts:AssumeRole"}, roles)
		return
	}
	grants, problem := g.resource(s.Resource, parametersOf(s.Parameters, s.Arguments))
	if problem != "" && len(s.Grants) == 0 {
		g.problems.Add(ast.SeverityError, s.Pos, at+"/Resource",
			"give the task its permissions with Task.Grant, or the operation a line in the catalogue", "%s", problem)
	}
	g.grants = append(g.grants, narrowed(grants, s.Touches)...)
}

// resource is what calling a task's resource takes.
func (g *granting) resource(resource string, p parameters) (grants []ast.Grant, problem string) {
	invoke := func(arn string) []ast.Grant {
		return []ast.Grant{{Actions: []string{"lambda:InvokeFunction"}, Resources: []string{arn}}}
	}
	if strings.HasPrefix(resource, "${") && strings.HasSuffix(resource, "}") {
		if strings.Contains(strings.ToLower(resource), "activity") {
			return nil, "" // workers of an activity come by themselves
		}
		return invoke(resource), ""
	}
	parts := catalog.SplitARN(resource, 7)
	if len(parts) < 6 || parts[0] != "arn" {
		return nil, "the resource " + quoted(resource) + " is no ARN"
	}
	switch {
	case parts[2] == "lambda":
		return invoke(resource), ""
	case parts[2] == "states" && parts[5] == "activity":
		return nil, ""
	case parts[2] != "states" || len(parts) < 7:
		return nil, "the grants for the resource " + quoted(resource) + " are not known"
	}
	name := parts[5] + ":" + parts[6]
	op, ok := catalog.Load().Find(name)
	if !ok {
		if op, ok = derived(name); !ok {
			return nil, "the grants for the operation " + strings.TrimPrefix(name, "aws-sdk:") + " are not known"
		}
	}
	for _, st := range op.Statements {
		grants = append(grants, g.statement(st, p)...)
	}
	grants = append(grants, g.besides(name, p)...)
	return append(grants, g.passed(name, p, grants)...), ""
}

func (g *granting) statement(st catalog.Statement, p parameters) []ast.Grant {
	grant := ast.Grant{}
	for _, a := range st.Actions {
		grant.Actions = append(grant.Actions, versions(a, p)...)
	}
	for _, r := range st.Resources {
		service, _, _ := strings.Cut(st.Actions[0], ":")
		grant.Resources = append(grant.Resources, g.resources(r, service, p)...)
	}
	if grant.Actions[0] == "sns:Publish" && p.has("PhoneNumber") && !p.unknown && !p.has("TopicArn") {
		grant.Resources = []string{"*"} // texting has no resource
	}
	if len(grant.Resources) == 0 {
		return nil
	}
	if c := st.Condition; c != nil {
		grant.Conditions = []ast.GrantCondition{{Operator: c.Operator, Key: c.Key, Values: []string{c.Value}}}
	}
	return []ast.Grant{grant}
}

// versions are the actions of an S3 operation that depend on its parameters:
// "s3:{Version@GetObject}".
func versions(action string, p parameters) []string {
	prefix, rest, ok := strings.Cut(action, "{")
	if !ok {
		return []string{action}
	}
	what, name, _ := strings.Cut(strings.TrimSuffix(rest, "}"), "@")
	switch what {
	case "Version":
		if p.has("VersionId") {
			return []string{prefix + name + "Version"}
		}
	case "Versions": // of the objects of a list
		if objects, versions := p.count("Key"), p.count("VersionId"); versions > 0 && versions < objects {
			return []string{prefix + name, prefix + name + "Version"}
		} else if versions > 0 {
			return []string{prefix + name + "Version"}
		}
	case "Tagging":
		if p.has("Tagging") && !p.unknown {
			return []string{prefix + name, prefix + name + "Tagging"}
		}
	}
	return []string{prefix + name}
}

// besides is what an operation takes in other services, by its parameters.
func (g *granting) besides(name string, p parameters) []ast.Grant {
	operation := strings.ToLower(name)
	switch {
	case strings.HasPrefix(operation, "aws-sdk:redshiftdata:"):
		switch {
		case strings.Contains(operation, "executestatement"), strings.Contains(operation, ":list") && !strings.Contains(operation, "liststatements"), strings.Contains(operation, "describetable"):
			return g.signIn(p)
		}
	case strings.HasPrefix(operation, "aws-sdk:scheduler:createschedule"), strings.HasPrefix(operation, "aws-sdk:scheduler:updateschedule"):
		return g.pass(p, "Target.RoleArn", "scheduler.amazonaws.com")
	case strings.HasPrefix(operation, "aws-sdk:emrserverless:startjobrun"):
		return g.pass(p, "ExecutionRoleArn", "emr-serverless.amazonaws.com")
	case strings.HasPrefix(operation, "aws-sdk:sagemaker:create") && p.has("RoleArn") && !p.unknown:
		return g.pass(p, "RoleArn", "sagemaker.amazonaws.com")
	case strings.HasPrefix(operation, "aws-sdk:ecs:runtask"):
		return []ast.Grant{{
			Actions: []string{"iam:PassRole"}, Resources: []string{"arn:" + g.partition() + ":iam::" + g.account() + ":role/*"},
			Conditions: []ast.GrantCondition{{Operator: "StringEquals", Key: "iam:PassedToService", Values: []string{"ecs-tasks.amazonaws.com"}}},
		}}
	}
	return nil
}

// pass allows to hand a role to a service.
func (g *granting) pass(p parameters, parameter, service string) []ast.Grant {
	if !p.has(parameter) {
		return nil
	}
	return []ast.Grant{{
		Actions:    []string{"iam:PassRole"},
		Resources:  g.resources("role/{"+parameter+"}", "iam", p),
		Conditions: []ast.GrantCondition{{Operator: "StringEquals", Key: "iam:PassedToService", Values: []string{service}}},
	}}
}

// mapState is what a distributed Map takes: executions of its own machine, its
// reader and its writer. Who redrives its children needs states:RedriveExecution
// besides ("IAM policies for using Distributed Map states", Step Functions guide).
func (g *granting) mapState(s *ast.State, at string) {
	g.grants = append(g.grants, s.Grants...)
	if s.Distributed() {
		arn := "arn:" + g.partition() + ":states:" + g.region() + ":" + g.account() + ":"
		g.add([]string{"states:StartExecution"}, []string{arn + "stateMachine:" + g.machine()})
		g.add([]string{"states:DescribeExecution", "states:StopExecution"}, []string{arn + "execution:" + g.machine() + "/*"})
	}
	if r := s.ItemReader; r != nil {
		p := parametersOf(r.Parameters, r.Arguments)
		bucket, key := first(p.texts("Bucket"), "*"), first(p.texts("Key"), "*")
		arn := "arn:" + g.partition() + ":s3:::"
		switch _, operation, _ := strings.Cut(r.Resource, ":s3:"); operation {
		case "getObject":
			if kind, _ := config(r).InputType.Text(); kind == "MANIFEST" {
				key = "*" // the manifest names the files with the items
			}
			action := "s3:GetObject"
			if p.has("VersionId") && !p.unknown {
				action = "s3:GetObjectVersion"
			}
			g.add([]string{action}, []string{arn + bucket + "/" + key})
		case "listObjectsV2":
			g.add([]string{"s3:ListBucket"}, []string{arn + bucket})
			if mode, _ := config(r).Transformation.Text(); mode == "LOAD_AND_FLATTEN" {
				g.add([]string{"s3:GetObject"}, []string{arn + bucket + "/" + first(p.texts("Prefix"), "") + "*"})
			}
		default:
			g.problems.Add(ast.SeverityError, s.Pos, at+"/ItemReader/Resource", "read with s3:getObject or s3:listObjectsV2",
				"the grants for the reader %s are not known", quoted(r.Resource))
		}
	}
	if w := s.ResultWriter; w != nil && w.Resource != "" {
		p := parametersOf(w.Parameters, w.Arguments)
		prefix := first(p.texts("Prefix"), "")
		if prefix != "" && prefix != "*" {
			prefix = strings.TrimSuffix(prefix, "/") + "/"
		}
		g.add([]string{"s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"},
			[]string{"arn:" + g.partition() + ":s3:::" + first(p.texts("Bucket"), "*") + "/" + strings.TrimSuffix(prefix, "*") + "*"})
	}
}

func config(r *ast.ItemReader) *ast.ReaderConfig {
	if r.ReaderConfig != nil {
		return r.ReaderConfig
	}
	return &ast.ReaderConfig{}
}

func quoted(s string) string { return `"` + s + `"` }
