//go:build !unix

package journal

import (
	"errors"
	"os"
)

// lock is not known here: without it two processes could write one journal.
func lock(string) (*os.File, error) {
	return nil, errors.New("cannot be locked on this system: journals are for Unix")
}
