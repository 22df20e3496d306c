package asl

import (
	"strings"
	"sync"
)

// operation is what the catalogue knows of one operation.
type operation struct {
	statements []statement
}

// statement is a permission before its resources are filled in.
type statement struct {
	actions   []string
	resources []string
	condition *GrantCondition
}

// catalogue reads the tables once, when the first grants are asked for.
var catalogue = sync.OnceValue(func() *catalog {
	c := &catalog{operations: make(map[string]operation, 2000), patterns: map[string][]string{}, prefixes: map[string]string{}}
	for line := range strings.Lines(strings.TrimSpace(iamPrefixes)) {
		service, prefix, _ := strings.Cut(strings.TrimSpace(line), " ")
		c.prefixes[service] = prefix
	}
	c.readIntegrations()
	c.readSDK()
	return c
})

type catalog struct {
	operations map[string]operation // by lower-case "service:operation.pattern", "aws-sdk:service:operation"
	patterns   map[string][]string  // of an optimised integration, by lower-case "service:operation"; "" is request-response
	families   []family
	services   map[string]bool
	prefixes   map[string]string
}

// family is all operations of a service whose name begins alike.
type family struct {
	prefix    string // "aws-sdk:ec2:describe"
	service   string
	statement statement
}

func (c *catalog) readIntegrations() {
	var names []string
	for line := range strings.Lines(integrations) {
		line = strings.TrimRight(line, "\n")
		if line == "" {
			continue
		}
		if !strings.HasPrefix(line, "\t") {
			names = strings.Fields(line)
			for _, n := range names {
				c.operations[strings.ToLower(n)] = operation{}
				name, pattern, _ := strings.Cut(n, ".")
				name = strings.ToLower(name)
				c.patterns[name] = append(c.patterns[name], pattern)
			}
			continue
		}
		for _, n := range names {
			key := strings.ToLower(n)
			op := c.operations[key]
			op.statements = append(op.statements, readStatement(line))
			c.operations[key] = op
		}
	}
}

// readStatement reads "actions = resources [if operator key value]".
func readStatement(line string) statement {
	actions, rest, _ := strings.Cut(line, " = ")
	resources, condition, conditional := strings.Cut(rest, " if ")
	s := statement{actions: strings.Fields(actions), resources: strings.Fields(resources)}
	if f := strings.Fields(condition); conditional && len(f) == 3 {
		s.condition = &GrantCondition{Operator: f[0], Key: f[1], Values: f[2:]}
	}
	return s
}

func (c *catalog) readSDK() {
	c.services = map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(sdkOperations)) {
		service, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
		names, resources, _ := strings.Cut(rest, " = ")
		resources, more, _ := strings.Cut(resources, " + ")
		c.services[service] = true
		for _, name := range strings.Fields(names) {
			name, actions, renamed := strings.Cut(name, ">")
			s := statement{resources: strings.Fields(resources)}
			if !renamed {
				actions = upperFirst(name)
			}
			for a := range strings.SplitSeq(actions, ",") {
				s.actions = append(s.actions, c.action(service, a))
			}
			key := "aws-sdk:" + strings.ToLower(service+":"+name)
			if prefix, ok := strings.CutSuffix(key, "*"); ok {
				c.families = append(c.families, family{prefix, service, s})
				continue
			}
			op := operation{[]statement{s}}
			if more != "" {
				op.statements = append(op.statements, readStatement(more))
			}
			c.operations[key] = op
		}
	}
}

// action is an IAM action of an SDK service.
func (c *catalog) action(service, name string) string {
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
func (c *catalog) find(name string) (operation, bool) {
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
			s.actions = []string{c.action(f.service, upperFirst(action))}
			return operation{[]statement{s}}, true
		}
	}
	return operation{}, false
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
