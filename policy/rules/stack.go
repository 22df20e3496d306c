package rules

import (
	"slices"
	"sort"
	"strings"

	"airline/iam"
)

// Stack is everything that one program registers.
type Stack struct {
	Project, Name string
	// Account and Region are empty where they are not known, as in the first preview of a stack.
	Account, Region string
	// Resources are in the order of their URNs.
	Resources []*Resource

	byURN     map[string]*Resource
	byType    map[string][]*Resource
	byIdent   map[string][]*Resource // names, ids, ARNs
	children  map[string][]*Resource
	referring map[string]map[*Resource][]*Resource
}

// NewStack indexes the resources. Their order does not matter.
func NewStack(resources []*Resource) *Stack {
	s := &Stack{
		Resources: slices.Clone(resources),
		byURN:     map[string]*Resource{}, byType: map[string][]*Resource{}, byIdent: map[string][]*Resource{},
		children: map[string][]*Resource{}, referring: map[string]map[*Resource][]*Resource{},
	}
	sort.SliceStable(s.Resources, func(i, j int) bool { return s.Resources[i].URN < s.Resources[j].URN })
	for i, r := range s.Resources {
		r.order, r.cache = i, nil
		s.byURN[r.URN] = r
		s.byType[r.Type] = append(s.byType[r.Type], r)
		s.children[r.Parent] = append(s.children[r.Parent], r)
		for _, ident := range idents(r) {
			s.byIdent[ident] = append(s.byIdent[ident], r)
		}
		if s.Name == "" {
			s.Project, s.Name = ownerOf(r.URN)
		}
	}
	s.Account, s.Region = s.place()
	return s
}

// ownerOf reads project and stack of "urn:pulumi:stack::project::type::name".
func ownerOf(urn string) (project, stack string) {
	parts := strings.SplitN(strings.TrimPrefix(urn, "urn:pulumi:"), "::", 3)
	if len(parts) < 3 {
		return "", ""
	}
	return parts[1], parts[0]
}

// OfType are the resources of the type tokens.
func (s *Stack) OfType(types ...string) []*Resource {
	if len(types) == 1 {
		return s.byType[types[0]]
	}
	var out []*Resource
	for _, t := range types {
		out = append(out, s.byType[t]...)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].order < out[j].order })
	return out
}

// place finds account and region in the ARNs that AWS has given to the stack's resources, and the region in the provider.
func (s *Stack) place() (account, region string) {
	for _, r := range s.Resources {
		if v := r.given("arn"); v.Known() {
			a := parseARN(v.Text())
			if account == "" {
				account = a.Account
			}
			if region == "" {
				region = a.Region
			}
		}
	}
	if region == "" {
		for _, p := range s.byType["pulumi:providers:aws"] {
			region = p.Get("region").Text()
		}
	}
	return account, region
}

// parseARN reads an ARN. Everything is empty for a text that is none.
func parseARN(text string) iam.ARN {
	a, _ := iam.ParseARN(text)
	return a
}

// identProperties hold texts by which other resources name a resource.
var identProperties = []string{
	"arn", "id", "name", "bucket", "url", "keyId", "clusterIdentifier", "workgroupName", "namespaceName", "functionName",
}

// arnKinds are the services and kinds in the ARNs of types whose ARN ends in a name that the program chooses.
var arnKinds = map[string]struct{ service, kind, name string }{
	typeQueue:        {"sqs", "", "name"},
	typeTopic:        {"sns", "", "name"},
	typeEventRule:    {"events", "rule/", "name"},
	typeEventBus:     {"events", "event-bus/", "name"},
	typeMachine:      {"states", "stateMachine:", "name"},
	typeRole:         {"iam", "role/", "name"},
	typeBucket:       {"s3", "", "bucket"},
	typeBucketOld:    {"s3", "", "bucket"},
	typeLogGroup:     {"logs", "log-group:", "name"},
	typeAlarm:        {"cloudwatch", "alarm:", "name"},
	typeKeyAlias:     {"kms", "", "name"},
	typeCluster:      {"redshift", "cluster:", "clusterIdentifier"},
	typeManaged:      {"iam", "policy/", "name"},
	typeGlueJob:      {"glue", "job/", "name"},
	typeCrawler:      {"glue", "crawler/", "name"},
	typeTrail:        {"cloudtrail", "trail/", "name"},
	typeFunction:     {"lambda", "function:", "name"},
	typeBucketObject: {"", "", ""},
}

// idents are the texts that name the resource: what stands in its properties, and the end of its ARN.
func idents(r *Resource) []string {
	var out []string
	add := func(text string) {
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	for _, p := range identProperties {
		add(r.given(p).Text())
	}
	if k, ok := arnKinds[r.Type]; ok && k.service != "" {
		if name := r.given(k.name).Text(); name != "" {
			kind := k.kind
			if bus := r.Get("eventBusName").Text(); r.Type == typeEventRule && bus != "" && bus != "default" {
				kind += bus[strings.LastIndexByte(bus, '/')+1:] + "/"
			}
			add(k.service + "|" + kind + name)
		}
	}
	return out
}

// Named are the resources of the types that a name, id, URL or ARN means.
func (s *Stack) Named(text string, types ...string) []*Resource {
	found := within(s.byIdent[text], types)
	a := parseARN(text)
	if len(found) > 0 || a.Service == "" {
		return found
	}
	if s.Account != "" && a.Account != "" && a.Account != s.Account || s.Region != "" && a.Region != "" && a.Region != s.Region {
		return nil // of the same name, elsewhere
	}
	resource := a.Resource
	switch a.Service {
	case "logs":
		resource = strings.TrimSuffix(resource, ":*")
	case "states", "lambda": // a version or an alias may stand behind the name
		if kind, name, ok := strings.Cut(resource, ":"); ok {
			name, _, _ = strings.Cut(name, ":")
			resource = kind + ":" + name
		}
	case "iam": // the path stands before the name
		if kind, name, ok := strings.Cut(resource, "/"); ok {
			resource = kind + "/" + name[strings.LastIndexByte(name, '/')+1:]
		}
	}
	return within(s.byIdent[a.Service+"|"+resource], types)
}

func within(list []*Resource, types []string) []*Resource {
	var out []*Resource
	for _, r := range list {
		if slices.Contains(types, r.Type) {
			out = append(out, r)
		}
	}
	return out
}

// Targets are the resources of the types that the value of a property of r means. The answer is CannotTell when the value is
// unknown and nothing says where it comes from, or when it may mean a resource without a known name, and No when it is known
// and means nothing in this stack.
func (s *Stack) Targets(r *Resource, v Value, types ...string) ([]*Resource, Truth) {
	if v.Absent() {
		return nil, No
	}
	if !v.Unknown() {
		if found := s.Named(v.Text(), types...); len(found) > 0 {
			return found, Yes
		}
		if s.nameless(types) {
			return nil, CannotTell
		}
		return nil, No
	}
	var out []*Resource
	for _, urn := range r.PropertyDependencies[topProperty(v.path)] {
		out = append(out, s.below(urn, types)...)
	}
	if len(out) == 0 {
		return nil, CannotTell
	}
	return out, Yes
}

// nameless tells whether the stack has a resource of the types of which no name, id or ARN is known yet: any text may mean it.
func (s *Stack) nameless(types []string) bool {
	for _, t := range types {
		for _, r := range s.byType[t] {
			if len(idents(r)) == 0 {
				return true
			}
		}
	}
	return false
}

// below is the resource with the URN when it is of the types, or else its children of those types: a property that comes
// from a component's output comes from something in it.
func (s *Stack) below(urn string, types []string) []*Resource {
	r := s.byURN[urn]
	if r != nil && slices.Contains(types, r.Type) {
		return []*Resource{r}
	}
	if r != nil && strings.HasPrefix(r.Type, "aws:") {
		return nil
	}
	var out []*Resource
	for _, c := range s.children[urn] {
		out = append(out, s.below(c.URN, types)...)
	}
	return out
}

// Referring are the resources of a type whose property at the path means target, one of the types. For the target nil they
// are those of which it is not known yet what they mean.
func (s *Stack) Referring(target *Resource, from, path string, types ...string) []*Resource {
	key := from + " " + path + " " + strings.Join(types, " ")
	index, ok := s.referring[key]
	if !ok {
		index = map[*Resource][]*Resource{}
		for _, r := range s.byType[from] {
			found, sure := s.Targets(r, r.Get(path), types...)
			if sure == CannotTell {
				index[nil] = append(index[nil], r)
			}
			for _, t := range found {
				index[t] = append(index[t], r)
			}
		}
		s.referring[key] = index
	}
	return index[target]
}
