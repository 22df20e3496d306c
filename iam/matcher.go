package iam

// matcher is a statement made ready for evaluation.
type matcher struct {
	actions []string // in lower case
	targets []arnPattern
	tests   []test
}

// Compile makes the statements ready for evaluation again after their fields were changed. Parse has done it, and statements that
// never were ready are made so each time.
func (p *Policy) Compile() {
	for i := range p.Statements {
		p.Statements[i].ready = p.Statements[i].compile(p.Version)
	}
}

// compile makes the statement ready. Conditions that cannot be read never hold; the parser refuses them.
func (s *Statement) compile(version string) *matcher {
	m := &matcher{}
	variables := version == version2012 || version == ""
	for _, list := range [][]string{s.Actions, s.NotActions} {
		for _, a := range list {
			m.actions = append(m.actions, lower(a))
		}
	}
	for _, list := range [][]string{s.Resources, s.NotResources} {
		for _, r := range list {
			a := compileARN(r)
			for i := range a.parts {
				a.parts[i].variables = a.parts[i].variables && variables
			}
			m.targets = append(m.targets, a)
		}
	}
	for _, c := range s.Conditions {
		t, _ := compileCondition(c)
		for i := range t.values {
			t.values[i].pattern.variables = t.values[i].pattern.variables && variables
		}
		m.tests = append(m.tests, t)
	}
	return m
}

// applies tells whether the statement speaks of the request, but for its principals.
func (s *Statement) applies(c *Case, t *target, version string) bool {
	m := s.ready
	if m == nil {
		m = s.compile(version)
	}
	if m.hasAction(c.Action) == (s.NotActions != nil) {
		return false
	}
	if len(m.targets) > 0 && m.hasResource(t, c.Keys) == (s.NotResources != nil) {
		return false
	}
	for i := range m.tests {
		if !m.tests[i].holds(c.Keys) {
			return false
		}
	}
	return true
}

func (m *matcher) hasAction(action string) bool {
	for _, p := range m.actions {
		if likeFold(p, action) {
			return true
		}
	}
	return false
}

func (m *matcher) hasResource(t *target, keys Keys) bool {
	for i := range m.targets {
		if m.targets[i].matches(t, keys) {
			return true
		}
	}
	return false
}
