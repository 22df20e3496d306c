package sfn

import (
	"fmt"
	"time"

	"airline/asl/sim"
)

// Rehearsal is how the executions of a test case go: tasks of the states in Mocks are answered by them, others are performed.
type Rehearsal struct {
	Mocks sim.Mocks
	// AsOf asks for the behaviour that AWS had at that date; zero is the latest.
	AsOf time.Time
	// Objects is what distributed Maps read and write; nil is S3.
	Objects sim.ObjectStore
}

// Rehearse finds the test cases of executions that are started on "<ARN of a machine>#<test case>".
func (s *Service) Rehearse(find func(machine, test string) (*Rehearsal, error)) { s.rehearse = find }

// Mocked finds test cases in a MockConfigFile.json of Step Functions Local.
func Mocked(file []byte) func(machine, test string) (*Rehearsal, error) {
	return func(machine, test string) (*Rehearsal, error) {
		mocks, err := sim.ParseMocks(file, machine, test)
		if err != nil {
			return nil, err
		}
		return &Rehearsal{Mocks: mocks}, nil
	}
}

// rehearsal finds a test case; nil for none.
func (s *Service) rehearsal(machine, test string) (*Rehearsal, error) {
	if test == "" {
		return nil, nil
	}
	if s.rehearse == nil {
		return nil, validation("the test case %q of %s needs mocks: serve is given them with --mocks FILE", test, machine)
	}
	r, err := s.rehearse(machine, test)
	if err != nil {
		return nil, validation("%v", fmt.Errorf("the test case %q of %s: %w", test, machine, err))
	}
	return r, nil
}

// tasks performs the tasks of an execution.
func (s *Service) tasks(m *machine, r *Rehearsal) sim.TaskHandler {
	perform := func(t *sim.Task) { s.perform(m, t) }
	if r == nil {
		return sim.TaskFunc(perform)
	}
	player := r.Mocks.Player()
	return sim.TaskFunc(func(t *sim.Task) {
		if _, mocked := r.Mocks[t.State]; mocked {
			player.StartTask(t)
			return
		}
		perform(t)
	})
}
