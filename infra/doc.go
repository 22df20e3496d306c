// Package infra is the Pulumi program: everything of the pipeline that lives in AWS, one component per concern.
//
// A file lands in the raw bucket (storage.go), CloudTrail (trail.go) or S3 itself tells EventBridge, whose rules
// (events.go) start a state machine (machines.go). The machine runs the Glue job (job.go) and, where it must, a crawler (catalog.go),
// loads Redshift (warehouse.go) and publishes a notification (notify.go). Alarms watch all of it (watch.go). Every day files
// that no event brought in are looked for (events.go), and a role deploys all of it when asked for (deployer.go).
//
//	func main() { pulumi.Run(infra.Program) }
//
// Three rules hold everywhere:
//
//   - Physical names are computed, never made up by AWS (names.go), so that a preview shows every state machine and
//     every policy without an unknown.
//   - Policies are values made by pure functions of names (policies_*.go); components only attach them.
//   - Configuration is read and checked before the first resource is registered (config.go).
package infra
