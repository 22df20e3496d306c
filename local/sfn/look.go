package sfn

import (
	"slices"
	"strings"
)

// Machine is a state machine as it is now.
type Machine struct {
	Name, ARN, Role string
	Definition      string
}

// Machines lists the state machines by name, past the API.
func (s *Service) Machines() []Machine {
	list := make([]Machine, 0, len(s.machines))
	for _, m := range s.machines {
		list = append(list, Machine{m.name, m.arn, m.role, m.definition})
	}
	slices.SortFunc(list, func(a, b Machine) int { return strings.Compare(a.Name, b.Name) })
	return list
}
