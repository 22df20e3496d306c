package infra

import (
	"slices"
	"strings"

	"airline/etl"
)

// Datasets are those that the stack loads, each before those that it is joined with. A dataset's crawler has its name, and its machine,
// rule and role that of its machine.
func (n Names) Datasets() []etl.Dataset { return etl.Chosen(n.More...) }

// reconcile is the machine that looks for files whose events were lost.
const reconcile = "reconcile"

// backfill is the machine that loads what the warehouse lacks, however much that is.
const backfill = "backfill"

// loaders are the machines that load tables.
func (n Names) loaders() []string {
	var things []string
	for _, d := range n.Datasets() {
		things = append(things, d.Machine())
	}
	return things
}

// readers are the machines that only look at tables.
func (n Names) readers() []string { return []string{reconcile, backfill} }

// machineThings are all state machines, each before what starts it; roles and log groups have the same names.
func (n Names) machineThings() []string { return slices.Concat(n.loaders(), n.readers()) }

// ruled are the machines that have a rule, of the same name.
func (n Names) ruled() []string { return append(n.loaders(), reconcile) }

// prefixes are where files land in the raw bucket.
func (n Names) prefixes() []string {
	var all []string
	for _, d := range n.Datasets() {
		all = append(all, d.Prefix())
	}
	return all
}

// joinedPrefixes are those of the files that others are joined with.
func (n Names) joinedPrefixes() []string {
	var all []string
	for _, d := range n.Datasets() {
		if slices.ContainsFunc(n.Datasets(), func(o etl.Dataset) bool { return slices.Contains(o.Joined(), d) }) {
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

// moreDatasets reads the names of datasets that the stack loads besides.
func (r *reader) moreDatasets() []etl.Dataset {
	known := etl.OnRequest()
	names := make([]string, len(known))
	for i, d := range known {
		names[i] = string(d)
	}
	var more []etl.Dataset
	for _, name := range r.list("moreDatasets", func(name string) bool { return slices.Contains(names, name) }, "use "+strings.Join(names, " or ")) {
		more = append(more, etl.Dataset(name))
	}
	return more
}
