package infra

import (
	"slices"

	"airline/etl"
)

// reconcile is the machine that looks for files whose events were lost.
const reconcile = "reconcile"

// backfill is the machine that loads what the warehouse lacks, however much that is.
const backfill = "backfill"

// loaders are the machines that load tables.
func loaders() []string {
	var things []string
	for _, d := range etl.Datasets() {
		things = append(things, d.Machine())
	}
	return things
}

// readers are the machines that only look at tables.
func readers() []string { return []string{reconcile, backfill} }

// machineThings are all state machines, each before what starts it; roles and log groups have the same names.
func machineThings() []string { return slices.Concat(loaders(), readers()) }

// ruled are the machines that have a rule, of the same name.
func ruled() []string { return append(loaders(), reconcile) }

// prefixes are where files land in the raw bucket.
func prefixes() []string {
	var all []string
	for _, d := range etl.Datasets() {
		all = append(all, d.Prefix())
	}
	return all
}

// joinedPrefixes are those of the files that others are joined with.
func joinedPrefixes() []string {
	var all []string
	for _, d := range etl.Datasets() {
		if slices.ContainsFunc(etl.Datasets(), func(o etl.Dataset) bool { return slices.Contains(o.Joined(), d) }) {
			all = append(all, d.Prefix())
		}
	}
	return all
}

// under are the ARNs of the raw objects under prefixes.
func (n Names) under(prefixes []string) []string {
	var arns []string
	for _, prefix := range prefixes {
		arns = append(arns, n.ObjectsARN(n.Bucket("raw"), prefix))
	}
	return arns
}
