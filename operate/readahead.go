package operate

import "iter"

// readAhead reads a sequence in a goroutine of its own, up to n elements ahead of next, so that the calls behind two sequences that
// are read side by side go on at the same time. stop ends the goroutine and must be called.
func readAhead[T any](seq iter.Seq2[T, error], n int) (next func() (T, error, bool), stop func()) {
	type element struct {
		value T
		err   error
	}
	elements, stopped := make(chan element, n), make(chan struct{})
	go func() {
		defer close(elements)
		for v, err := range seq {
			select {
			case elements <- element{v, err}:
			case <-stopped:
				return
			}
		}
	}()
	next = func() (T, error, bool) {
		e, ok := <-elements
		return e.value, e.err, ok
	}
	return next, func() { close(stopped) }
}
