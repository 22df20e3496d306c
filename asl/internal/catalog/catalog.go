// Package catalog is what is known of the services that Step Functions calls:
// which operations there are, with which integration patterns, and which IAM
// permissions each takes.
package catalog

import (
	"strings"
	"sync"
)

// operation is what the catalogue knows of one operation.
type Operation struct {
	Statements []Statement
}

// statement is a permission before its resources are filled in.
type Statement struct {
	Actions   []string
	Resources []string
	Condition *Condition
}

// condition restricts a statement.
type Condition struct {
	Operator, Key, Value string
}

// catalogue reads the tables once, when the first grants are asked for.
var Load = sync.OnceValue(func() *Catalog {
	c := &Catalog{operations: make(map[string]Operation, 2000), Patterns: map[string][]string{}, Names: map[string]string{}, prefixes: map[string]string{}}
	for line := range strings.Lines(strings.TrimSpace(iamPrefixes)) {
		service, prefix, _ := strings.Cut(strings.TrimSpace(line), " ")
		c.prefixes[service] = prefix
	}
	c.readIntegrations()
	c.readSDK()
	return c
})

type Catalog struct {
	operations map[string]Operation // by lower-case "service:operation.pattern", "aws-sdk:service:operation"
	Patterns   map[string][]string  // of an optimised integration, by lower-case "service:operation"; "" is request-response
	Names      map[string]string    // how an optimised integration is written, by the same key
	families   []family
	services   map[string]bool
	prefixes   map[string]string
}

// family is all operations of a service whose name begins alike.
type family struct {
	prefix    string // "aws-sdk:ec2:describe"
	service   string
	statement Statement
}

func (c *Catalog) readIntegrations() {
	var names []string
	for line := range strings.Lines(integrations) {
		line = strings.TrimRight(line, "\n")
		if line == "" {
			continue
		}
		if !strings.HasPrefix(line, "\t") {
			names = strings.Fields(line)
			for _, n := range names {
				c.operations[strings.ToLower(n)] = Operation{}
				written, pattern, _ := strings.Cut(n, ".")
				name := strings.ToLower(written)
				c.Names[name] = written
				c.Patterns[name] = append(c.Patterns[name], pattern)
			}
			continue
		}
		for _, n := range names {
			key := strings.ToLower(n)
			op := c.operations[key]
			op.Statements = append(op.Statements, readStatement(line))
			c.operations[key] = op
		}
	}
}

// readStatement reads "actions = resources [if operator key value]".
func readStatement(line string) Statement {
	actions, rest, _ := strings.Cut(line, " = ")
	resources, restriction, conditional := strings.Cut(rest, " if ")
	s := Statement{Actions: strings.Fields(actions), Resources: strings.Fields(resources)}
	if f := strings.Fields(restriction); conditional && len(f) == 3 {
		s.Condition = &Condition{Operator: f[0], Key: f[1], Value: f[2]}
	}
	return s
}

func (c *Catalog) readSDK() {
	c.services = map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(sdkOperations)) {
		service, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
		names, resources, _ := strings.Cut(rest, " = ")
		resources, more, _ := strings.Cut(resources, " + ")
		c.services[service] = true
		for _, name := range strings.Fields(names) {
			name, actions, renamed := strings.Cut(name, ">")
			s := Statement{Resources: strings.Fields(resources)}
			if !renamed {
				actions = upperFirst(name)
			}
			for a := range strings.SplitSeq(actions, ",") {
				s.Actions = append(s.Actions, c.action(service, a))
			}
			key := "aws-sdk:" + strings.ToLower(service+":"+name)
			if prefix, ok := strings.CutSuffix(key, "*"); ok {
				c.families = append(c.families, family{prefix, service, s})
				continue
			}
			op := Operation{[]Statement{s}}
			if more != "" {
				op.Statements = append(op.Statements, readStatement(more))
			}
			c.operations[key] = op
		}
	}
}

// action is an IAM action of an SDK service.
func (c *Catalog) action(service, name string) string {
	if strings.Contains(name, ":") {
		return name
	}
	prefix := service
	if p, ok := c.prefixes[service]; ok {
		prefix = p
	}
	return prefix + ":" + name
}

// find is the operation of a resource such as "glue:startJobRun.sync" or
// "aws-sdk:glue:getCrawler".
func (c *Catalog) Find(name string) (Operation, bool) {
	key := strings.ToLower(name)
	key = strings.TrimSuffix(key, ".waitfortasktoken")
	if op, ok := c.operations[key]; ok {
		return op, true
	}
	for _, f := range c.families {
		if strings.HasPrefix(key, f.prefix) {
			_, action, _ := strings.Cut(strings.TrimPrefix(name, "aws-sdk:"), ":")
			action, _, _ = strings.Cut(action, ".")
			s := f.statement
			s.Actions = []string{c.action(f.service, upperFirst(action))}
			return Operation{[]Statement{s}}, true
		}
	}
	return Operation{}, false
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
