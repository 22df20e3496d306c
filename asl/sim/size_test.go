package sim

import (
	"testing"
	"unsafe"
)

// An execution with its options fits into the allocator's size of 768 bytes; the next is 896.
func TestExecutionSize(t *testing.T) {
	if size := unsafe.Sizeof(Execution{}) + unsafe.Sizeof(Options{}); size > 768 {
		t.Errorf("an execution with its options has %d bytes, want at most 768: keep what few executions need in special", size)
	}
}
