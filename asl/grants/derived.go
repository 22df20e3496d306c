package grants

import (
	"regexp"
	"slices"
	"strings"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/internal/catalog"
	"airline/asl/jsonvalue"
)

// called is the operation of an SDK integration, "aws-sdk:glue:getCrawler", in the index of AWS's API.
func called(name string) (*awsapi.Service, *awsapi.Operation) {
	api, ok := strings.CutPrefix(name, "aws-sdk:")
	if !ok {
		return nil, nil
	}
	service, action, _ := strings.Cut(api, ":")
	action, _, _ = strings.Cut(action, ".")
	s, ok := awsapi.Find(service)
	if !ok {
		return nil, nil
	}
	return s, s.Operations[action]
}

// derived is what an operation takes by the service authorization data: the action of its name, for the resource types
// that the action has, narrowed to the parameters whose names are those of the types' ARNs. There is none where no action
// has the operation's name.
func derived(name string) (catalog.Operation, bool) {
	s, o := called(name)
	if o == nil {
		return catalog.Operation{}, false
	}
	for _, prefix := range s.Prefixes {
		known, ok := awsapi.IAM(prefix)
		if !ok {
			continue
		}
		action, ok := known.Actions[o.Name]
		if !ok {
			continue
		}
		statement := catalog.Statement{Actions: []string{prefix + ":" + o.Name}, Resources: resourcesOf(action, known, o)}
		operation := catalog.Operation{Statements: []catalog.Statement{statement}}
		if len(action.Dependent) > 0 {
			more := slices.DeleteFunc(slices.Clone(action.Dependent), func(a string) bool { return a == passRole })
			if len(more) > 0 {
				operation.Statements = append(operation.Statements, catalog.Statement{Actions: more, Resources: []string{"*"}})
			}
		}
		return operation, true
	}
	return catalog.Operation{}, false
}

// resourcesOf are the resources of an action in the form of the catalogue.
func resourcesOf(action awsapi.Action, known *awsapi.Prefix, o *awsapi.Operation) []string {
	if len(action.Resources) == 0 {
		return []string{"*"}
	}
	var named, all []string
	for _, r := range action.Resources {
		template, ok := known.Types[r.Type]
		if !ok {
			return []string{"*"}
		}
		arn, narrowed := fill(template, r.Type, o)
		all = append(all, arn)
		if narrowed || r.Required {
			named = append(named, arn)
		}
	}
	if len(named) == 0 {
		named = all
	}
	slices.Sort(named)
	return slices.Compact(named)
}

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// fill is an ARN template with the operation's parameters where they have the names of its variables, and * elsewhere.
func fill(template, kind string, o *awsapi.Operation) (arn string, narrowed bool) {
	arn = variable.ReplaceAllStringFunc(template, func(match string) string {
		switch v := match[2 : len(match)-1]; v {
		case "Partition":
			return "{p}"
		case "Region":
			return "{r}"
		case "Account":
			return "{a}"
		default:
			if parameter := parameterFor(v, kind, o); parameter != "" {
				narrowed = true
				return "{" + parameter + ":*}"
			}
			return "*"
		}
	})
	return arn, narrowed
}

// parameterFor is the text parameter that an ARN's variable stands for: of the same name, or of the same stem before Name,
// Id, Identifier or Arn ("JobName" for the variable "Job"), or plain Name, Id or Arn where the stem is the resource's type.
func parameterFor(variable, kind string, o *awsapi.Operation) string {
	input := o.Input()
	if input == nil {
		return ""
	}
	own, best := stem(variable), ""
	for _, member := range input.Members() {
		shape, _ := input.Member(member)
		if shape.Kind != awsapi.String {
			continue
		}
		switch s := stem(member); {
		case strings.EqualFold(member, variable):
			return awsapi.Spell(member)
		case s == own && s != "":
			best = awsapi.Spell(member)
		case s == "" && best == "" && (own == "" || own == stem(kind)):
			best = awsapi.Spell(member)
		}
	}
	return best
}

// stem is a name without what says how the thing is named.
func stem(name string) string {
	name = strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(name))
	for _, suffix := range []string{"identifier", "name", "arn", "id"} {
		if bare, ok := strings.CutSuffix(name, suffix); ok {
			return bare
		}
	}
	return name
}

const passRole = "iam:PassRole"

// role is a parameter that hands a role to a service.
var role = regexp.MustCompile(`(^|[a-z])Role(Arn)?$|^RoleArn$|RoleARN$`)

// passes tells whether an operation hands on the roles that it is given: those that make, change or start something do. The
// roles of STS and the names of IAM are used by the caller itself.
func passes(name string) bool {
	api := strings.TrimPrefix(name, "aws-sdk:")
	service, action, _ := strings.Cut(api, ":")
	if service == "sts" || service == "iam" {
		return false
	}
	return !strings.HasPrefix(action, "get") && !strings.HasPrefix(action, "list") && !strings.HasPrefix(action, "describe") &&
		!strings.HasPrefix(action, "delete") && !strings.HasPrefix(action, "search") && !strings.HasPrefix(action, "batchGet") && !strings.HasPrefix(action, "assume")
}

// passed allows to hand on the roles among the parameters, unless the catalogue has it already.
func (g *granting) passed(name string, p parameters, granted []ast.Grant) []ast.Grant {
	_, o := called(name)
	if o == nil || o.Input() == nil || !passes(name) || slices.ContainsFunc(granted, func(a ast.Grant) bool { return slices.Contains(a.Actions, passRole) }) {
		return nil
	}
	var resources []string
	if p.unknown {
		for _, member := range o.Input().Members() {
			if role.MatchString(awsapi.Spell(member)) {
				resources = []string{"arn:" + g.partition() + ":iam::" + g.account() + ":role/*"}
			}
		}
	} else {
		for _, path := range roles(p.object, "") {
			resources = append(resources, g.resources("role/{"+path+"}", "iam", p)...)
		}
	}
	if len(resources) == 0 {
		return nil
	}
	return []ast.Grant{{Actions: []string{passRole}, Resources: resources}}
}

// roles are the paths of the parameters that are roles.
func roles(v any, path string) (found []string) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			found = append(found, roles(item, path)...)
		}
	case *jsonvalue.Object:
		for name, member := range v.All() {
			bare, _ := strings.CutSuffix(name, ".$")
			at := strings.TrimPrefix(path+"."+bare, ".")
			if _, isText := member.(string); isText && role.MatchString(bare) {
				found = append(found, at)
			} else {
				found = append(found, roles(member, at)...)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
