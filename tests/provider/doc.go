// Package provider holds tests that deploy the stacks with the real Pulumi engine and the real AWS provider, against an
// emulator of AWS. They say what mocks cannot: that the provider accepts every argument, that a second update has
// nothing to do, that nothing is left after a destroy, and that what was deployed is what the local world runs.
//
// They need binaries and minutes, so they run only when asked:
//
//	make test-provider
//
// What the emulator cannot do stands in limits_test.go, and every run prints it.
package provider
