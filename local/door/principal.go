package door

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Principal is who makes a call.
type Principal struct {
	// ARN is the name that error messages and logs show, such as
	// "arn:aws:sts::123456789012:assumed-role/airline-dev-glue/GlueJobRunnerSession".
	ARN string
	// Role is the ARN of the IAM role or user whose policies apply. A service acting for itself has none.
	Role string
	// Service is the service principal ("events.amazonaws.com") when an AWS service calls for itself.
	Service string
	// SourceARN is the resource on whose behalf a service calls (the condition key aws:SourceArn).
	SourceARN string
	// Account is the account id of the role, or of the source of a service's call.
	Account string
}

// String names the principal as AWS's messages do.
func (p Principal) String() string {
	if p.ARN != "" {
		return p.ARN
	}
	return p.Service
}

// session is a principal's series of calls, and the virtual time they took.
type session struct {
	principal Principal
	elapsed   time.Duration
	wait      func(time.Duration)
}

func (s *session) spend(d time.Duration) {
	s.elapsed += d
	if s.wait != nil {
		s.wait(d)
	}
}

type sessionKey struct{}

func sessionOf(ctx context.Context) (*session, bool) {
	s, ok := ctx.Value(sessionKey{}).(*session)
	return s, ok
}

// As starts a session of p: calls made with the returned context are made by p. Their latencies add up in
// [Elapsed]; the clock itself does not move, so whoever runs the session schedules what comes after it.
func As(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, sessionKey{}, &session{principal: p})
}

// Operator makes p the caller of calls with a context that says nothing of a caller, as a person at a terminal or a
// test makes them. Each waits for its latency with wait, which is expected to run the clock. Only calls from
// outside count: within the event loop ([Door.Inside]) and within another call a context without a session is an
// error, so that no service acts with rights that the stack did not give it.
func (d *Door) Operator(p Principal, wait func(time.Duration)) {
	d.operator = func() *session { return &session{principal: p, wait: wait} }
}

// Inside runs f as part of the world: whatever it calls must say who calls.
func (d *Door) Inside(f func() error) error {
	d.inside++
	defer func() { d.inside-- }()
	return f()
}

// Session is the context with its session: the operator's where it has none and comes from outside.
func (d *Door) Session(ctx context.Context) context.Context {
	if _, ok := sessionOf(ctx); ok || d.operator == nil || d.inside > 0 {
		return ctx
	}
	return context.WithValue(ctx, sessionKey{}, d.operator())
}

// Caller is the principal of the context's session.
func Caller(ctx context.Context) (Principal, bool) {
	if s, ok := sessionOf(ctx); ok {
		return s.principal, true
	}
	return Principal{}, false
}

// Elapsed is the virtual time that the calls of the context's session took so far.
func Elapsed(ctx context.Context) time.Duration {
	if s, ok := sessionOf(ctx); ok {
		return s.elapsed
	}
	return 0
}

// Spend adds time to the context's session that was not spent in a call: computing.
func Spend(ctx context.Context, t time.Duration) {
	if s, ok := sessionOf(ctx); ok {
		s.spend(t)
	}
}

// Assumption is a service taking on a role of the stack.
type Assumption struct {
	Role      string // ARN of the role
	Service   string // who assumes it: "glue.amazonaws.com"
	SourceARN string // for which resource: the crawler's, rule's or state machine's ARN
	// ExternalID is what Redshift sends: the ARN of the database user that it acts for.
	ExternalID string
	Session    string // name of the session, the last part of the principal's ARN
}

// Assume checks the role's trust policy and starts a session that holds the role.
func (d *Door) Assume(ctx context.Context, a Assumption) (context.Context, error) {
	part := strings.SplitN(a.Role, ":", 6)
	if len(part) != 6 || part[2] != "iam" || !strings.HasPrefix(part[5], "role/") {
		return nil, fmt.Errorf("door: %q is not the ARN of an IAM role", a.Role)
	}
	service := Principal{Service: a.Service, SourceARN: a.SourceARN, Account: accountOf(a.SourceARN, part[4])}
	request := Request{Action: "sts:AssumeRole", Resource: a.Role}
	if a.ExternalID != "" {
		request.Keys = map[string][]string{"sts:ExternalId": {a.ExternalID}}
	}
	if err := d.authorize(ctx, service, "sts", request); err != nil {
		return nil, err
	}
	name := part[5][strings.LastIndexByte(part[5], '/')+1:]
	return As(ctx, Principal{
		ARN:     fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", part[1], part[4], name, a.Session),
		Role:    a.Role,
		Account: part[4],
	}), nil
}

// accountOf is the account in an ARN, or the given one where the ARN has none (an S3 bucket's).
func accountOf(arn, otherwise string) string {
	part := strings.SplitN(arn, ":", 6)
	if len(part) == 6 && part[4] != "" {
		return part[4]
	}
	return otherwise
}

// UniqueID is a unique identifier as IAM makes one: "AROA" and 17 more letters for a role, "AIDA" for a user (IAM User Guide, "IAM
// identifiers"). It is the same for the same ARN.
func UniqueID(prefix, arn string) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	h := uint64(14695981039346656037)
	id := []byte(prefix)
	for i := range 17 {
		for _, c := range []byte(arn) {
			h = (h ^ uint64(c) ^ uint64(i)) * 1099511628211
		}
		id = append(id, letters[h>>59])
	}
	return string(id)
}
