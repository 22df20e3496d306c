package peers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"airline/iam"
)

// npm installs the packages of a package.json in a folder of its own.
func npm(t *testing.T, manifest string, scripts ...string) string {
	t.Helper()
	dir := t.TempDir()
	for from, to := range map[string]string{manifest: "package.json", scripts[0]: scripts[0]} {
		text, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, to), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command("npm", "install", "--silent", "--no-audit", "--no-fund")
	run.Dir = dir
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("npm install: %v\n%s", err, out)
	}
	return dir
}

// python installs packages in an environment of its own, and gives the folder of its programs.
func python(t *testing.T, packages ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "python")
	for _, command := range [][]string{{"python3", "-m", "venv", dir}, append([]string{dir + "/bin/pip", "install", "-q", "--disable-pip-version-check"}, packages...)} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	return dir + "/bin"
}

// ask runs a command that answers each line of input with a line of JSON.
func ask[In, Out any](t *testing.T, dir string, cases []In, command ...string) []Out {
	t.Helper()
	var input bytes.Buffer
	e := json.NewEncoder(&input)
	for _, c := range cases {
		if err := e.Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir, cmd.Stdin, cmd.Stderr = dir, &input, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", command, err)
	}
	var answers []Out
	scanner := bufio.NewScanner(bytes.NewReader(out))
	scanner.Buffer(nil, 1<<24)
	for scanner.Scan() {
		var a Out
		if err := json.Unmarshal(scanner.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(cases) {
		t.Fatalf("%d answers to %d cases", len(answers), len(cases))
	}
	return answers
}

// policySource makes random statements and requests around a bucket and a queue.
type policySource struct{ r *rand.Rand }

func pick[T any](g policySource, list ...T) T { return list[g.r.IntN(len(list))] }

func (g policySource) some(p float64) bool { return g.r.Float64() < p }

const (
	peerAccount = "111122223333"
	peerRole    = "arn:aws:iam::111122223333:role/loader"
	peerSession = "arn:aws:sts::111122223333:assumed-role/loader/run"
)

func (g policySource) action() string {
	return pick(g, "s3:GetObject", "s3:Get*", "s3:*", "*", "S3:getobject", "s3:?etObject", "s3:Put*", "sqs:SendMessage", "sqs:*")
}

func (g policySource) resource() string {
	return pick(g, "*", "arn:aws:s3:::raw/*", "arn:aws:s3:::raw/a/b.csv", "arn:aws:s3:::r?w/a/*", "arn:aws:s3:::*", "arn:aws:s3:::raw/${aws:PrincipalTag/team}/*",
		"arn:aws:s3:::raw/${aws:username, 'a'}/*", "arn:aws:sqs:*:111122223333:q*", "arn:aws:sqs:eu-west-1:*:q", "arn:aws:sqs:*", "arn:*:s3:::raw/*.csv", "arn:aws:s3:::raw")
}

// peerKeys are the keys of requests with what their operators compare them to.
var peerKeys = []struct {
	name              string
	operators, values []string
	requests          [][]string
}{
	{"aws:PrincipalTag/team", []string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
		[]string{"a", "A", "a*", "?", "b", "${aws:username}", "${aws:username, 'a'}", "${*}"}, [][]string{{"a"}, {"b"}, {"*"}, {"ab"}}},
	{"aws:TagKeys", []string{"StringEquals", "StringLike", "StringNotEquals", "StringNotLike"}, []string{"a", "b", "a*", "c"}, [][]string{{"a"}, {"a", "b"}, {"b", "c"}}},
	{"s3:max-keys", []string{"NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals"},
		[]string{"5", "10", "10.0", "-1"}, [][]string{{"5"}, {"10"}, {"7.5"}}},
	{"aws:CurrentTime", []string{"DateEquals", "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals"},
		[]string{"2024-05-01T12:00:00Z", "2024-05-01", "2024-05-02T00:00:00+02:00"}, [][]string{{"2024-05-01T12:00:00Z"}, {"2024-05-01T00:00:00Z"}}},
	{"aws:SecureTransport", []string{"Bool"}, []string{"true", "false", "TRUE"}, [][]string{{"true"}, {"false"}}},
	{"aws:SourceIp", []string{"IpAddress", "NotIpAddress"}, []string{"10.0.0.0/8", "10.1.2.3", "2001:db8::/32", "192.168.0.0/16"}, [][]string{{"10.1.2.3"}, {"192.168.4.4"}, {"2001:db8::1"}}},
	{"aws:SourceArn", []string{"ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike", "StringLike"}, []string{"arn:aws:s3:::raw", "arn:aws:s3:::r*", "arn:aws:*:*:*:*", "arn:aws:sqs:*:*:q"},
		[][]string{{"arn:aws:s3:::raw"}, {"arn:aws:sqs:eu-west-1:111122223333:q"}, {"plain"}}},
}

func (g policySource) condition() map[string]any {
	out := map[string]any{}
	for range 1 + g.r.IntN(2) {
		k := pick(g, peerKeys...)
		if g.some(0.1) {
			out["Null"] = map[string]any{k.name: pick(g, "true", "false")}
			continue
		}
		operator := pick(g, k.operators...)
		if g.some(0.3) || k.name == "aws:TagKeys" && g.some(0.7) {
			operator = pick(g, "ForAnyValue:", "ForAllValues:") + operator
		}
		if g.some(0.2) {
			operator += "IfExists"
		}
		values := []string{pick(g, k.values...)}
		if g.some(0.3) {
			values = append(values, pick(g, k.values...))
		}
		out[operator] = map[string]any{k.name: values}
	}
	return out
}

// statement is one of an identity policy, or of a resource policy with principals.
func (g policySource) statement(principal bool) map[string]any {
	s := map[string]any{"Effect": pick(g, "Allow", "Allow", "Allow", "Deny")}
	s[pick(g, "Action", "Action", "Action", "NotAction")] = []string{g.action(), g.action()}
	s[pick(g, "Resource", "Resource", "Resource", "NotResource")] = []string{g.resource()}
	if g.some(0.6) {
		s["Condition"] = g.condition()
	}
	if principal {
		list := []string{pick(g, "*", peerAccount, "arn:aws:iam::111122223333:root", peerRole, peerSession, "arn:aws:iam::444455556666:root")}
		if g.some(0.2) {
			list = append(list, peerRole)
		}
		name := "Principal"
		if s["Effect"] == "Deny" && g.some(0.2) {
			name = "NotPrincipal"
		}
		s[name] = map[string]any{"AWS": list}
	}
	return s
}

func (g policySource) policy(principal bool) map[string]any {
	statements := []any{g.statement(principal)}
	for g.some(0.5) {
		statements = append(statements, g.statement(principal))
	}
	return map[string]any{"Version": "2012-10-17", "Statement": statements}
}

type namedDocument struct {
	Name   string         `json:"name"`
	Policy map[string]any `json:"policy"`
}

type simulation struct {
	Request struct {
		Principal string `json:"principal"`
		Action    string `json:"action"`
		Resource  struct {
			Resource  string `json:"resource"`
			AccountID string `json:"accountId"`
		} `json:"resource"`
		Context map[string]any `json:"contextVariables"`
	} `json:"request"`
	Identity []namedDocument `json:"identityPolicies"`
	Boundary []namedDocument `json:"permissionBoundaryPolicies,omitempty"`
	Own      map[string]any  `json:"resourcePolicy,omitempty"`
	Services []any           `json:"serviceControlPolicies"`
	Controls []any           `json:"resourceControlPolicies"`
}

type simulationCase struct {
	Simulation simulation `json:"simulation"`
	keys       iam.Keys
}

func (g policySource) simulation() simulationCase {
	c := simulationCase{keys: iam.Keys{}}
	s := &c.Simulation
	s.Services, s.Controls = []any{}, []any{}
	s.Request.Principal = peerSession
	s.Request.Action = pick(g, "s3:GetObject", "s3:PutObject")
	s.Request.Resource.Resource = pick(g, "arn:aws:s3:::raw/a/b.csv", "arn:aws:s3:::raw/b/x:y.csv", "arn:aws:s3:::raw/*/c.txt")
	if g.some(0.3) {
		s.Request.Action, s.Request.Resource.Resource = "sqs:SendMessage", pick(g, "arn:aws:sqs:eu-west-1:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:other")
	}
	s.Request.Resource.Resource = strings.ReplaceAll(s.Request.Resource.Resource, "*", "d") // their requests may be patterns, ours are not
	s.Request.Resource.AccountID = pick(g, peerAccount, peerAccount, peerAccount, "444455556666")
	s.Request.Context = map[string]any{}
	for _, k := range peerKeys {
		if g.some(0.6) {
			values := pick(g, k.requests...)
			c.keys[k.name] = values
			s.Request.Context[k.name] = values
			if len(values) == 1 && k.name != "aws:TagKeys" {
				s.Request.Context[k.name] = values[0]
			}
		}
	}
	if g.some(0.3) {
		c.keys["aws:username"], s.Request.Context["aws:username"] = []string{"a"}, "a"
	}
	s.Identity = []namedDocument{}
	if g.some(0.85) {
		s.Identity = append(s.Identity, namedDocument{"identity", g.policy(false)})
	}
	if g.some(0.4) {
		s.Own = g.policy(true)
	}
	if g.some(0.2) {
		s.Boundary = []namedDocument{{"boundary", g.policy(false)}}
	}
	return c
}

// explained is why the two may differ in a case, in the words of docs/fidelity.md; "" where they must not.
func (c simulationCase) explained(text string) string {
	missing := strings.Contains(text, "${aws:username}") && c.keys["aws:username"] == nil || strings.Contains(text, "${aws:PrincipalTag/team}") && c.keys["aws:PrincipalTag/team"] == nil
	address := slices.Equal(c.keys["aws:SourceIp"], []string{"2001:db8::1"}) && strings.Contains(text, "NotIpAddress") && strings.Contains(text, `"10.1.2.3"`)
	switch {
	case strings.Contains(text, "NotPrincipal"):
		return "NotPrincipal"
	case strings.Contains(text, "${*}"):
		return "${*} in an operator without wildcards"
	case missing && strings.Contains(text, "Not"):
		return "a variable without a value in a negated condition or NotResource"
	case address:
		return "NotIpAddress of one IPv4 address and a caller with IPv6"
	case strings.Contains(text, `"NotResource":["arn:aws:sqs:*"]`):
		return "NotResource with a shortened ARN"
	}
	return ""
}

// TestIAMDecisions compares decisions with iam-simulate 0.1.173.
func TestIAMDecisions(t *testing.T) {
	need(t, "node", "npm")
	g := policySource{rand.New(rand.NewPCG(*seed, 7))}
	cases := make([]simulationCase, *count)
	for i := range cases {
		cases[i] = g.simulation()
	}
	type answer struct{ Result, Failed string }
	answers := ask[simulationCase, answer](t, npm(t, "iam.package.json", "iam.mjs"), cases, "node", "iam.mjs")
	allowed, differ := 0, map[string]int{}
	for i, c := range cases {
		if answers[i].Failed != "" {
			t.Fatalf("iam-simulate: %s", answers[i].Failed)
		}
		got := c.decide(t)
		if got.Allowed {
			allowed++
		}
		if got.Allowed == (answers[i].Result == "Allowed") {
			continue
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		why := c.explained(string(text))
		if differ[why]++; why == "" && differ[why] <= 5 {
			t.Errorf("got %+v, iam-simulate says %s: %s", got, answers[i].Result, text)
		}
	}
	t.Logf("%d of %d allowed; they differ: %v", allowed, len(cases), differ)
}

func (c simulationCase) decide(t *testing.T) iam.Decision {
	t.Helper()
	read := func(kind iam.Kind, name string, document map[string]any) iam.Named {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		p, err := iam.Parse(kind, text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return iam.Named{Name: name, Policy: p}
	}
	s := c.Simulation
	out := iam.Case{
		Caller: iam.Caller{ARN: peerSession, Role: peerRole, Account: peerAccount},
		Action: s.Request.Action, Resource: s.Request.Resource.Resource, Owner: s.Request.Resource.AccountID, Keys: c.keys,
	}
	for _, p := range s.Identity {
		out.Identity = append(out.Identity, read(iam.Identity, p.Name, p.Policy))
	}
	for _, p := range s.Boundary {
		b := read(iam.Boundary, p.Name, p.Policy)
		out.Boundary = &b
	}
	if s.Own != nil {
		own := read(iam.Resource, "own", s.Own)
		out.Own = &own
	}
	return iam.Evaluate(out)
}

// document is an identity policy with a fault, or without.
type document struct {
	Kind     string `json:"kind"`
	Document string `json:"document"`
}

func (g policySource) document() document {
	d := g.policy(false)
	s := d["Statement"].([]any)[0].(map[string]any)
	odd := func() any {
		return pick[any](g, "", "*", "x", 7, true, nil, []any{}, []any{"*", 3}, map[string]any{}, "s3:*", "*:*", "s*:Get*", "arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:::a/${aws:username}",
			"arn:aws:sqs:${aws:userid}:1:q", "Allow")
	}
	switch g.r.IntN(6) {
	case 0:
		s[pick(g, "Action", "Resource", "Effect", "Sid", "Condition", "Extra", "Principal")] = odd()
	case 1:
		delete(s, pick(g, "Action", "NotAction", "Resource", "NotResource", "Effect"))
	case 2:
		d[pick(g, "Version", "Statement", "Id", "Extra")] = odd()
	case 3:
		k := pick(g, peerKeys...)
		s["Condition"] = map[string]any{pick(g, k.operators...): map[string]any{k.name: odd()}}
	case 4:
		s["Condition"] = map[string]any{pick(g, "StringIs", "ForSome:StringLike", "NullIfExists", "Bool:Bool", "DateEquals"): map[string]any{"aws:CurrentTime": pick(g, "2024", "2024-13-01", "now")}}
	}
	text, err := json.Marshal(d)
	if err != nil {
		panic(err)
	}
	return document{"identity", string(text)}
}

// TestIAMGrammar compares what is refused with iam-policy 0.1.109 and parliament 1.6.4: whatever one of them finds malformed must
// be refused here.
func TestIAMGrammar(t *testing.T) {
	need(t, "node", "npm", "python3")
	g := policySource{rand.New(rand.NewPCG(*seed, 8))}
	cases := make([]document, *count/10)
	for i := range cases {
		cases[i] = g.document()
	}
	problems := ask[document, struct{ Problems []string }](t, npm(t, "iam.package.json", "iam.mjs"), cases, "node", "iam.mjs")
	findings := ask[document, struct{ Findings []string }](t, ".", cases, python(t, "parliament==1.6.4")+"/python", "iam.py")
	malformed := []string{"MALFORMED", "MALFORMED_JSON", "INVALID_ARN", "INVALID_SID", "DUPLICATE_SID", "UNKNOWN_OPERATOR", "INVALID_VERSION", "MISMATCHED_TYPE_OPERATION_TO_NULL"}
	refused, here, taken := 0, 0, 0
	for i, c := range cases {
		_, err := iam.Parse(iam.Identity, []byte(c.Document))
		there := slices.DeleteFunc(findings[i].Findings, func(f string) bool { return !slices.Contains(malformed, f) })
		switch peers := len(problems[i].Problems) + len(there); {
		case err != nil && peers > 0:
			refused++
		case err != nil:
			here++
		case peers > 0 && strings.Contains(c.Document, `"arn:aws:sqs:*"`) && len(problems[i].Problems) == 0: // a shortened ARN
			taken++
		case peers > 0:
			t.Errorf("taken, but not by iam-policy %v, parliament %v: %s", problems[i].Problems, there, c.Document)
		}
	}
	t.Logf("%d documents: %d refused by all or some, %d here alone, %d with a shortened ARN taken here and by iam-policy", len(cases), refused, here, taken)
}
