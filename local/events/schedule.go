package events

import "airline/asl/jsonvalue"

// Scheduled is the number of timers that wait for a rule's next time. They go on for ever: a world in which nothing else
// is left to do is at rest.
func (s *Service) Scheduled() int { return s.scheduled }

// arm sets the timer of a scheduled rule's next time.
func (s *Service) arm(r *rule) {
	if r.schedule == nil {
		return
	}
	at := r.schedule.Next(s.door.Now())
	if at.IsZero() {
		return
	}
	s.scheduled++
	r.timer = s.clock.At(at, func() {
		r.timer = nil
		s.scheduled--
		if r.enabled {
			event := s.envelope("aws.events", "Scheduled Event", at, []any{r.arn}, jsonvalue.NewObject(0))
			s.copies(func() { s.hand(r, event) })
		}
		s.arm(r)
	})
}

// disarm stops the timer of a rule that is deleted or replaced.
func (s *Service) disarm(r *rule) {
	if r.timer != nil {
		r.timer.Stop()
		r.timer = nil
		s.scheduled--
	}
}
