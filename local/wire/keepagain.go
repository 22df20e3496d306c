package wire

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"airline/local/door"
	"airline/local/sfn"
)

// Again is what a server has found in its journal and done again.
type Again struct {
	Calls      int
	Took       time.Duration // wall time
	UnderWay   int           // executions that go on
	Callerless int           // calls that waited when the process ended, whose callers have gone
}

// again does what the journal holds once more, in a world that is new.
func (s *Server) again() (Again, error) {
	k := s.keep
	started := time.Now()
	a := Again{}
	bodies := map[string]bool{}
	waiting := map[uint64]*redone{}
	number := 0
	err := k.journal.Read(func(frame []byte) error {
		r, small, err := parseRecord(frame)
		if err == nil {
			bodies[r.Body] = true
			a.Calls += map[kind]int{called: 1, begun: 1}[r.Kind]
			err = s.redo(r, small, waiting)
		}
		if err != nil {
			return fmt.Errorf("record %d of the journal, %s %s at %s: %w", number, r.Kind, r.API, r.moment, err)
		}
		number++
		return nil
	})
	if err != nil {
		return a, err
	}
	k.last = k.moment()
	if err := k.journal.Sweep(bodies); err != nil {
		return a, err
	}
	for _, id := range slices.Sorted(maps.Keys(waiting)) {
		a.Callerless++
		if err := s.dismiss(id, waiting[id]); err != nil {
			return a, err
		}
	}
	for _, x := range s.world.SFN().Executions() {
		if x.StopTime().IsZero() {
			a.UnderWay++
		}
	}
	s.engine.last = s.engine.now()
	a.Took = time.Since(started)
	return a, nil
}

func parseRecord(frame []byte) (*record, []byte, error) {
	r := &record{}
	n, size := binary.Uvarint(frame)
	if size <= 0 || n > uint64(len(frame)-size) {
		return r, nil, errors.New("it has no beginning")
	}
	frame = frame[size:]
	return r, frame[n:], json.Unmarshal(frame[:n], r)
}

// redo does what one record tells of.
func (s *Server) redo(r *record, small []byte, waiting map[uint64]*redone) error {
	if err := s.keep.reach(r.moment); err != nil {
		return err
	}
	var x *redone
	switch r.Kind {
	case passed:
		return nil
	case called, begun:
		var err error
		if x, err = s.start(r, small); err != nil {
			return err
		}
	case resumed:
		if x = waiting[r.ID]; x == nil {
			return fmt.Errorf("no call %d waits", r.ID)
		}
		x.goOn(r.Gone)
	default:
		return fmt.Errorf("there is no record of the kind %q", r.Kind)
	}
	s.keep.parked = max(s.keep.parked, r.ID)
	if x.waits {
		if r.Answer != "" {
			return errors.New("the call waits, and came to its end before; " + otherwise)
		}
		waiting[r.ID] = x
		return nil
	}
	delete(waiting, r.ID)
	if got := digest(x.out, x.err); got != r.Answer {
		return fmt.Errorf("its answer is another than before (%s); %s", answerText(x), otherwise)
	}
	return nil
}

// otherwise is why a world may not come to the same.
const otherwise = "the folder was made by another version of airline, or its files were changed"

func answerText(x *redone) string {
	if x.err != nil {
		return x.err.Error()
	}
	return "it succeeds"
}

// reach lets the world go on to a moment.
func (k *keep) reach(m moment) error {
	w := k.world
	for w.Clock.Done() < m.Done && w.Clock.Pending() > 0 {
		k.step()
	}
	if rest := m.After - w.Clock.Elapsed(); w.Clock.Done() == m.Done && rest > 0 {
		if err := w.Door.Inside(func() error { return w.Clock.RunUntil(context.Background(), w.Clock.Now().Add(rest)) }); err != nil {
			return err
		}
	}
	if got := k.moment(); got != m {
		return fmt.Errorf("the world has come to %s, and should be at %s; %s", got, m, otherwise)
	}
	return nil
}

// step does the next thing, as the engine does it: a failure of the world is known from before.
func (k *keep) step() {
	defer func() { _ = recover() }()
	_ = k.world.Step()
}

// redone is a call that is made again. It runs on a goroutine of its own, in turn with whoever does the records, so that others can
// come in between while it waits.
type redone struct {
	turn  chan bool     // to go on; true when its caller has gone
	moved chan struct{} // it waits, or is over
	waits bool
	out   reflect.Value
	err   error
}

func (x *redone) goOn(gone bool) {
	x.turn <- gone
	<-x.moved
}

// start makes the call of a record up to where it waits or ends.
func (s *Server) start(r *record, small []byte) (*redone, error) {
	service, action, _ := strings.Cut(r.API, ":")
	method, err := s.registry.Method(door.Integration{Service: service, API: action})
	if err != nil {
		return nil, err
	}
	in := reflect.New(method.Input())
	if err := json.Unmarshal(r.Input, in.Interface()); err != nil {
		return nil, err
	}
	if r.Who == nil {
		return nil, errors.New("nobody called")
	}
	if f := in.Elem().FieldByName("Body"); f.IsValid() && f.Kind() == reflect.Interface {
		content, err := s.keep.bodyOf(r, small)
		if err != nil {
			return nil, err
		}
		f.Set(reflect.ValueOf(content))
	}
	x := &redone{turn: make(chan bool), moved: make(chan struct{})}
	wait := func(until func() bool, _ time.Duration) {
		x.waits = true
		x.moved <- struct{}{}
		if gone := <-x.turn; !gone {
			until() // which may take what it finds
		}
		x.waits = false
	}
	go func() {
		defer func() {
			if p := recover(); p != nil {
				x.err = fmt.Errorf("the call fails: %v", p)
			}
			x.moved <- struct{}{}
		}()
		x.out, x.err = method.Call(sfn.WithWait(door.As(context.Background(), *r.Who), wait), in)
	}()
	<-x.moved
	return x, nil
}

// dismiss ends a call whose caller has gone with the process, and notes that.
func (s *Server) dismiss(id uint64, x *redone) error {
	k := s.keep
	for {
		r := record{Kind: resumed, ID: id, moment: k.moment(), Gone: true}
		x.goOn(true)
		if !x.waits {
			r.Answer = digest(x.out, x.err)
		}
		if k.append(r, nil); k.failed != nil || !x.waits {
			return k.failed
		}
	}
}
