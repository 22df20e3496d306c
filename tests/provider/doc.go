// Package provider holds tests that deploy the stacks with the real Pulumi engine and the real AWS provider, against an
// emulator of AWS. They say what mocks cannot: that the provider accepts every argument, that a second update has
// nothing to do, that nothing is left after a destroy, and that what was deployed is what the local world runs.
//
// They need binaries and minutes, so they run only when asked:
//
//	make test-provider
//
// What a change of each setting does to a live stack, and what an upgrade from the last release does, stands in
// testdata/*.txt: read the difference when one fails, then write it anew with -update. What a new setting does is seen and
// written within minutes with
//
//	tests/provider/run -run TestChanges -changes '^workers' -update
//
// The last release itself is in testdata/release-*.json; each release writes it once, before anything changes:
//
//	tests/provider/run -run TestCapture -capture
//
// What the emulator cannot do stands in limits_test.go, and every run prints it.
package provider
