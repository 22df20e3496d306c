// Package provider holds tests that deploy the stacks with the real Pulumi engine and the real AWS provider, against an
// emulator of AWS. They say what mocks cannot: that the provider accepts every argument, that a second update has
// nothing to do, that nothing is left after a destroy, and that what was deployed is what the local world runs.
//
// They need binaries and minutes, so they run only when asked:
//
//	make test-provider
//
// What the emulator cannot do, and so these tests do not show: it executes no SQL, crawls and runs nothing, and delivers
// no event; package local does. It checks no permission, and bucket policies it would apply without their conditions
// (emulator.py turns that off). Redshift Serverless takes any argument. The descriptions of rules of security groups that
// name a prefix list are lost. The provider itself waits half a minute for every statement of the warehouse, which is most
// of the time of an update.
package provider
