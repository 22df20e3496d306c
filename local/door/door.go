// Package door is the one way into every local service.
//
// A method of a local service does nothing by itself: it describes the call (which API, which IAM
// permissions on which resources, how long, at what list price) and hands it to [Call]. Call authorises it
// against the deployed policies, lets the scenario inject its fault, meters it, runs the model and adds the
// latency. So least privilege is tested by every run, chaos is a table, and a run has a bill.
//
//	func (s *Service) GetCrawler(ctx context.Context, in *glue.GetCrawlerInput, _ ...func(*glue.Options)) (*glue.GetCrawlerOutput, error) {
//		return door.Call(ctx, s.door, door.Op[glue.GetCrawlerInput, glue.GetCrawlerOutput]{
//			Service: "glue", Action: "GetCrawler",
//			Needs:   []door.Request{{Action: "glue:GetCrawler", Resource: s.crawlerARN(in.Name)}},
//			Do:      s.getCrawler,
//		}, in)
//	}
//
// Who calls is in the context: [As] puts a [Principal] there, [Door.Assume] one that holds a role.
package door

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/aws/smithy-go"
)

// Clock tells the virtual time. *sim.Clock is one.
type Clock interface {
	Now() time.Time
}

// Door is what all services of one local world share. Make it with [New]; like the rest of the local world
// it is used by one goroutine.
type Door struct {
	clock      Clock
	authorizer Authorizer
	faults     []*Fault
	buckets    map[string]*bucket
	bill       Bill
	random     *rand.Rand
	draws      counted
	observers  []func(Record)
	operator   func() *session
	refused    []*AccessDenied
	problems   []error
	inside     int // how deep in the event loop or in calls
}

// New makes a door. Everything random about the world (ids, fault rates) comes from the seed.
func New(clock Clock, authorizer Authorizer, seed uint64) *Door {
	sum := sha256.Sum256(binary.LittleEndian.AppendUint64(nil, seed))
	d := &Door{
		clock:      clock,
		authorizer: authorizer,
		buckets:    map[string]*bucket{},
		bill:       Bill{},
		draws:      counted{Source: rand.NewChaCha8(sum)},
	}
	d.random = rand.New(&d.draws)
	return d
}

// counted is a source of randomness that counts what was taken from it.
type counted struct {
	rand.Source
	n uint64
}

func (c *counted) Uint64() uint64 {
	c.n++
	return c.Source.Uint64()
}

// Now is the virtual time.
func (d *Door) Now() time.Time { return d.clock.Now() }

// Rand is the world's source of randomness.
func (d *Door) Rand() *rand.Rand { return d.random }

// Draws is how often the world's source of randomness was asked so far.
func (d *Door) Draws() uint64 { return d.draws.n }

// UUID makes the next id of the world, in the form of a random (version 4) UUID.
func (d *Door) UUID() string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], d.random.Uint64())
	binary.BigEndian.PutUint64(b[8:], d.random.Uint64())
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	text := hex.AppendEncode(make([]byte, 0, 36), b[:])
	for _, at := range []int{8, 13, 18, 23} {
		text = slices.Insert(text, at, '-')
	}
	return string(text)
}

// Observe calls f after every call that passed the door, refused ones included.
func (d *Door) Observe(f func(Record)) { d.observers = append(d.observers, f) }

// Report keeps an error that no caller gets: a refused trace, a log file that could not be written, an event
// that was lost. A nil error is none.
func (d *Door) Report(err error) {
	if err != nil {
		d.problems = append(d.problems, err)
	}
}

// Problems lists the errors reported so far.
func (d *Door) Problems() []error { return d.problems }

// Record is one call that passed the door.
type Record struct {
	Time      time.Time
	Principal Principal
	Service   string
	Action    string
	Needs     []Request
	Latency   time.Duration
	Err       error
}

// Op describes one API call. In and Out are the SDK's input and output structs.
type Op[In, Out any] struct {
	Service string // the SDK's package name: "glue", "s3", "redshiftdata", "sfn", "cloudwatchlogs"
	Action  string // the API's name: "GetCrawler"
	// Needs lists the permissions that the caller must have, computed from the input. Permissions that only
	// the model can know (the key of a bucket) are checked by it with [Door.Authorize].
	Needs []Request
	// Latency is how long the service takes to answer; 0 means [DefaultLatency].
	Latency time.Duration
	// Takes names the members of the input that the model honours: any other that is set is an error with its
	// name. Nil means all.
	Takes []string
	// Usage is what the call costs, in items of the price list ([Prices]). Nothing means free of charge.
	Usage []Usage
	// Do is the model. It runs only when the call is authorised and no fault comes before it.
	Do func(ctx context.Context, in *In) (*Out, error)
}

// DefaultLatency is the latency of an Op that does not say: a typical control-plane call within a region.
const DefaultLatency = 40 * time.Millisecond

// Call lets one API call through the door. Errors are the SDK's: values with ErrorCode and ErrorMessage
// (smithy.APIError). A nil input is an empty one, as in the SDK.
func Call[In, Out any](ctx context.Context, d *Door, op Op[In, Out], in *In) (*Out, error) {
	ctx = d.Session(ctx)
	s, ok := sessionOf(ctx)
	if !ok {
		return nil, fmt.Errorf("door: %s %s is called by nobody: wrap the context with door.As", op.Service, op.Action)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in = Given(in)
	latency := op.Latency
	if latency == 0 {
		latency = DefaultLatency
	}
	rec := Record{Time: d.Now(), Principal: s.principal, Service: op.Service, Action: op.Action, Needs: op.Needs}
	d.inside++
	out, err := func() (*Out, error) {
		if err := onlyTakes(op.Service, op.Action, op.Takes, in); err != nil {
			return nil, err
		}
		if err := d.throttle(op.Service, op.Action); err != nil {
			return nil, err
		}
		for _, need := range op.Needs {
			if err := d.authorize(ctx, s.principal, op.Service, need); err != nil {
				return nil, err
			}
		}
		fault := d.fault(s.principal, op.Service, op.Action, op.Needs)
		if fault != nil {
			latency += fault.Delay
			if fault.Err != nil && !fault.AnswerLost {
				return nil, fault.Err
			}
		}
		for _, u := range op.Usage {
			if err := d.Meter(u); err != nil {
				return nil, err
			}
		}
		out, err := op.Do(ctx, in)
		if err == nil && fault != nil && fault.AnswerLost {
			return nil, fault.Err
		}
		return out, err
	}()
	rec.Latency, rec.Err = latency, err
	for _, f := range d.observers {
		f(rec)
	}
	d.inside--
	s.spend(latency)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// NotModelled is the refusal of what AWS has and the local world does not: NotImplemented, status 501 on the wire.
func NotModelled(what string) error {
	return &smithy.GenericAPIError{Code: "NotImplemented", Message: "the local world does not model " + what, Fault: smithy.FaultServer}
}

// onlyTakes refuses members of an input that the model would silently ignore.
func onlyTakes(service, action string, takes []string, in any) error {
	if takes == nil {
		return nil
	}
	v := reflect.ValueOf(in).Elem()
	for _, i := range ignored(v.Type(), action, takes) {
		if !v.Field(i).IsZero() {
			return NotModelled(fmt.Sprintf("the parameter %s of %s:%s", v.Type().Field(i).Name, service, action))
		}
	}
	return nil
}

// call names an action with the type of its input.
type call struct {
	input  reflect.Type
	action string
}

var ignoredOf sync.Map // call to the indices of fields

// ignored are the fields of an input that the model of an action does not take.
func ignored(t reflect.Type, action string, takes []string) []int {
	c := call{t, action}
	if known, ok := ignoredOf.Load(c); ok {
		return known.([]int)
	}
	var list []int
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && !slices.Contains(takes, f.Name) {
			list = append(list, i)
		}
	}
	ignoredOf.Store(c, list)
	return list
}
