package rules

import (
	"strings"
	"testing"
	"time"
)

func TestParseConfig(t *testing.T) {
	s, err := ParseConfig([]byte(`{
		"all": "advisory",
		"s3-tls-only": "mandatory",
		"sfn-tracing": {"enforcementLevel": "disabled"},
		"settings": {
			"requiredTags": ["team"],
			"allowedRegions": ["eu-west-1"],
			"production": ["live"],
			"retention": {"logDays": 30},
			"exemptions": [{"rule": "s3-access-log", "resource": "aws:s3/bucketV2:BucketV2::raw", "reason": "migration", "expires": "2026-04-01"}]
		}
	}`))
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]Level{"s3-tls-only": Mandatory, "sfn-tracing": Disabled, "sqs-cmk": Advisory} {
		if got := s.Level(Lookup(id)); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
	if s.Retention.LogDays != 30 || s.Retention.ProductionLogDays != 365 {
		t.Errorf("retention = %+v", s.Retention)
	}
	if !s.production("live") || s.production("prod") || len(s.Exemptions) != 1 || s.RequiredTags[0] != "team" {
		t.Errorf("settings = %+v", s)
	}
}

func TestParseConfigRefuses(t *testing.T) {
	for config, want := range map[string]string{
		`[]`:                                                                          "no JSON object",
		`{"s3-tls": "mandatory"}`:                                                     `"s3-tls" is no rule; did you mean "s3-tls-only"?`,
		`{"sqs_cmk": "mandatory"}`:                                                    `did you mean "sqs-cmk"?`,
		`{"s3-tls-only": "strict"}`:                                                   "strict is no level; write mandatory, advisory or disabled",
		`{"s3-tls-only": "remediate"}`:                                                "remediate is no level",
		`{"s3-tls-only": {"level": "x"}}`:                                             `unknown key "level"`,
		`{"s3-tls-only": {}}`:                                                         "is no level",
		`{"all": "off"}`:                                                              "off is no level",
		`{"settings": []}`:                                                            "settings: must be an object",
		`{"settings": {"requiredTag": []}}`:                                           `unknown key "requiredTag"; did you mean "requiredTags"?`,
		`{"settings": {"requiredTags": "owner"}}`:                                     "settings.requiredTags: must be a list of texts",
		`{"settings": {"requiredTags": [""]}}`:                                        "[0]: must be a text that is not empty",
		`{"settings": {"retention": {"logdays": 3}}}`:                                 `did you mean "logDays"?`,
		`{"settings": {"retention": {"logDays": 0}}}`:                                 "logDays: must be a number of days",
		`{"settings": {"retention": {"logDays": 1.5}}}`:                               "logDays: must be a number of days",
		`{"settings": {"exemptions": [{}]}}`:                                          "[0]: expires is missing",
		`{"settings": {"exemptions": [{"rule": "sqs-cm"}]}}`:                          `"sqs-cm" is no rule; did you mean "sqs-cmk"?`,
		`{"settings": {"exemptions": [{"resource": "*"}]}}`:                           "patterns are refused",
		`{"settings": {"exemptions": [{"resource": "raw"}]}}`:                         "by its URN or as type::name",
		`{"settings": {"exemptions": [{"expires": "never"}]}}`:                        "YYYY-MM-DD",
		`{"settings": {"exemptions": [{"expires": "2026-02-30"}]}}`:                   "YYYY-MM-DD",
		`{"settings": {"exemptions": [{"until": "2026-02-28"}]}}`:                     `unknown key "until"`,
		`{"settings": {"exemptions": [{"rule": "all"}]}}`:                             `"all" is no rule`,
		`{"settings": {"exemptions": [{"resource": "aws:s3/bucketV2:BucketV2::*"}]}}`: "patterns are refused",
		`{"settings": {"exemptions": [{"reason": " "}]}}`:                             "reason is missing",
		`{"settings": {"exemptions": [{"resource": "urn:pulumi:*::p::a:b/c:C::n"}]}}`: "patterns are refused",
	} {
		if _, err := ParseConfig([]byte(config)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", config, err, want)
		}
	}
}

// All problems are told at once.
func TestParseConfigTellsAll(t *testing.T) {
	_, err := ParseConfig([]byte(`{"nonsense": "mandatory", "sqs-cmk": "maybe", "settings": {"colour": 1, "retention": {"days": 1}}}`))
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("want four problems, got:\n%v", err)
	}
}

// onlyTLS is the policy of a queue that breaks no other rule.
const onlyTLS = `, policy: {Statement: [{Effect: Deny, Principal: "*", Action: "sqs:*", Resource: "*", Condition: {Bool: {"aws:SecureTransport": "false"}}}]}`

// exempt judges a queue that breaks sqs-cmk under one exemption.
func exempt(t *testing.T, x Exemption, now time.Time) *Report {
	t.Helper()
	s, settings, err := ParseExample(`aws:sqs/queue:Queue failed: {tags: {project: p, stack: s, owner: o}` + onlyTLS + `}
aws:sqs/queue:Queue fine: {kmsMasterKeyId: alias/messages, tags: {project: p, stack: s, owner: o}` + onlyTLS + `}`)
	if err != nil {
		t.Fatal(err)
	}
	settings.Exemptions = []*Exemption{&x}
	return Judge(s, settings, now)
}

func TestExemptions(t *testing.T) {
	x := Exemption{Rule: "sqs-cmk", Resource: "aws:sqs/queue:Queue::failed", Reason: "migration", Expires: "2026-03-01"}
	last := time.Date(2026, 3, 1, 23, 59, 59, 0, time.UTC)

	r := exempt(t, x, last)
	if r.Failed() || r.Count(Exempted) != 1 || !strings.Contains(r.Findings[0].String(), "exempted until 2026-03-01: migration") {
		t.Errorf("on its last day: %v", lines(r))
	}
	urn := x
	urn.Resource = "urn:pulumi:dev::example::aws:sqs/queue:Queue::failed"
	if r := exempt(t, urn, last); r.Count(Exempted) != 1 {
		t.Errorf("by URN: %v", lines(r))
	}
	r = exempt(t, x, last.Add(time.Second))
	if got := lines(r); len(got) != 2 || r.Count(Violation) != 2 || !strings.Contains(strings.Join(got, "\n"), "expired on 2026-03-01") {
		t.Errorf("a second later: %v", got)
	}

	long := x
	long.Expires = "2036-01-01"
	if r := exempt(t, long, last); !r.Failed() || !strings.Contains(strings.Join(lines(r), "\n"), "more than a year") {
		t.Errorf("for ten years: %v", lines(r))
	}
	other := x
	other.Resource = "aws:sqs/queue:Queue::fine"
	r = exempt(t, other, last)
	if !r.Failed() || !strings.Contains(strings.Join(lines(r), "\n"), "excuses nothing") {
		t.Errorf("of a resource that keeps the rule: %v", lines(r))
	}
	gone := x
	gone.Resource = "aws:sqs/queue:Queue::gone"
	if r := exempt(t, gone, last); !strings.Contains(strings.Join(lines(r), "\n"), "does not have") {
		t.Errorf("of a resource that is not there: %v", lines(r))
	}
	// An expired exemption is a violation even when the resource was fixed.
	fixed := other
	if r := exempt(t, fixed, last.Add(time.Second)); !strings.Contains(strings.Join(lines(r), "\n"), "expired on") {
		t.Errorf("expired and fixed: %v", lines(r))
	}
}

func TestDisabledRulesAreNotAsked(t *testing.T) {
	s, settings, err := ParseExample(`aws:sqs/queue:Queue failed: {tags: {project: p, stack: s, owner: o}` + onlyTLS + `}`)
	if err != nil {
		t.Fatal(err)
	}
	settings.Levels = map[string]Level{"sqs-cmk": Disabled}
	if r := Judge(s, settings, today); r.Failed() || r.Asked != len(All())-1 {
		t.Errorf("%d asked: %v", r.Asked, lines(r))
	}
	settings.Levels["sqs-cmk"] = Advisory
	if r := Judge(s, settings, today); r.Failed() || r.Count(Violation) != 1 {
		t.Errorf("advisory: %v", lines(r))
	}
}
