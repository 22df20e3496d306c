// Package peers compares what this project decides by itself with engines that others wrote, on random input: `make
// test-peers`. Each comparison fetches its peer in a pinned version from a public registry; what is missing on a
// machine is named and skipped. Where the two disagree, the test lists the pairs; docs/fidelity.md says who is right.
package peers
