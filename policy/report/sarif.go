package report

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"strings"

	"airline/policy/rules"
)

// The parts of SARIF 2.1.0 (OASIS Standard, 27 March 2020) that a report has.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool            `json:"tool"`
		Bases      map[string]sarifBase `json:"originalUriBaseIds,omitempty"`
		ColumnKind string               `json:"columnKind"`
		Results    []sarifResult        `json:"results"`
		Properties map[string]any       `json:"properties,omitempty"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifBase struct {
		Description sarifText `json:"description"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifRule struct {
		ID         string         `json:"id"`
		Short      sarifText      `json:"shortDescription"`
		Full       sarifText      `json:"fullDescription"`
		Help       sarifText      `json:"help"`
		Default    sarifDefault   `json:"defaultConfiguration"`
		Properties map[string]any `json:"properties,omitempty"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Kind         string            `json:"kind"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Suppressions []sarifSuppressed `json:"suppressions,omitempty"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Full string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
	sarifSuppressed struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification"`
	}
)

// SARIF writes the report as a SARIF 2.1.0 log. A finding stands at the line that registered the resource, or at
// Pulumi.yaml where that is not known.
// What cannot be told yet is a result of kind "open", which is neither a failure nor a pass; what is exempted is suppressed.
func SARIF(w io.Writer, r *rules.Report) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "airline policy"}},
		Bases:      map[string]sarifBase{"%SRCROOT%": {sarifText{"The folder of Pulumi.yaml."}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
		Properties: map[string]any{"stack": r.Stack.Name, "project": r.Stack.Project},
	}
	index := map[string]int{}
	add := func(rule *rules.Rule) int {
		if i, ok := index[rule.ID]; ok {
			return i
		}
		index[rule.ID] = len(run.Tool.Driver.Rules)
		described := sarifRule{
			ID: rule.ID, Short: sarifText{rule.Title}, Full: sarifText{rule.Why}, Help: sarifText{"To fix it: " + rule.Fix},
			Default: sarifDefault{severity(rule.Level)},
		}
		if len(rule.Controls) > 0 {
			described.Properties = map[string]any{"tags": rule.Controls}
		}
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, described)
		return index[rule.ID]
	}
	for _, rule := range rules.All() {
		add(rule)
	}
	for _, f := range r.Findings {
		run.Results = append(run.Results, result(f, add(f.Rule)))
	}
	return encode(w, sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func severity(l rules.Level) string {
	if l == rules.Mandatory {
		return "error"
	}
	return "warning"
}

func result(f rules.Finding, rule int) sarifResult {
	out := sarifResult{
		RuleID: f.Rule.ID, RuleIndex: rule, Kind: "fail", Level: severity(f.Level), Message: sarifText{f.String()},
		Fingerprints: map[string]string{"resource/v1": fingerprint(f)},
	}
	switch f.Verdict {
	case rules.Undecided:
		out.Kind, out.Level = "open", "none" // the level of all that is no failure
	case rules.Exempted:
		out.Suppressions = []sarifSuppressed{{"external", f.Exemption.Reason + " (until " + f.Exemption.Expires + ")"}}
	}
	// Code scanning takes no result without a place: what has none of its own stands at the project's file.
	at := sarifLocation{Physical: &sarifPhysical{artifact("Pulumi.yaml"), sarifRegion{1}}}
	if f.Resource != nil {
		at.Logical = []sarifLogical{{Name: f.Resource.Name, Full: f.Resource.URN, Kind: "resource"}}
		if f.Resource.File != "" && f.Resource.Line > 0 {
			at.Physical = &sarifPhysical{artifact(f.Resource.File), sarifRegion{f.Resource.Line}}
		}
	}
	out.Locations = []sarifLocation{at}
	return out
}

// artifact is a file of the project by its path from the root, and any other as a URI of its own.
func artifact(file string) sarifArtifact {
	if strings.HasPrefix(file, "/") {
		return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: file}).String()}
	}
	return sarifArtifact{URI: (&url.URL{Path: file}).String(), Base: "%SRCROOT%"}
}

// fingerprint lets code review recognise a finding after the lines have moved.
func fingerprint(f rules.Finding) string {
	urn := ""
	if f.Resource != nil {
		urn = f.Resource.URN
	}
	sum := sha256.Sum256([]byte(f.Rule.ID + "\x00" + urn + "\x00" + f.Place))
	return hex.EncodeToString(sum[:16])
}
