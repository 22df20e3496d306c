// Package wire answers AWS's wire protocols for a local world, so that the aws command line, boto3 and every other client talk
// to the deployed stack on this machine.
//
//	server, err := wire.New(world, wire.Options{Time: wire.Fast})
//	go server.Run(ctx) // drives the world's clock
//	http.Serve(listener, server)
//
// All services are at one address; a request's signature says which of them is meant, and who calls: every call passes the
// world's door as the principal of its access key. The protocols are AWS JSON 1.0 and 1.1, AWS Query, RPC v2 CBOR, REST-JSON, and S3's
// REST-XML. The service models know nothing of them: requests are decoded into the SDK's input types, answers encoded from its
// output types (package shape).
//
// A server can keep its world: a journal of the calls is done again by the next server (keep.go says how, and why so).
package wire

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"airline/local"
	"airline/local/door"
	"airline/local/journal"
	"airline/local/sfn"
	"airline/local/sts"
	"airline/local/wire/shape"
	"airline/local/wire/sigv4"
)

// Options say how a world is served.
type Options struct {
	Time Time
	// Now is wall time; nil is time.Now. Signatures and sessions go by it.
	Now func() time.Time
	// Mocks answer the tasks of machines that are started as "<machine ARN>#<test case>": the MockConfigFile.json of Step
	// Functions Local. Nil without.
	Mocks []byte
	// Functions is the address of an endpoint with AWS Lambda's Invoke, such as http://127.0.0.1:3001, whose functions the tasks of
	// Lambda call. "": they fail, unless mocks answer them. What functions answer is not kept, so that it excludes Keep.
	Functions string
	// Keep is the journal in which the world's calls are kept; nil keeps nothing. What it holds is done again before the server is
	// ready, so the world must be the one that it was begun with: the same stack, seed, start and mocks, and OneThread.
	Keep *journal.Journal
	// KeyFile keeps the access keys of operator and roles, so that they hold in the next server too. "" makes new ones.
	KeyFile string
}

// Server is an http.Handler.
type Server struct {
	world    *local.World
	engine   *engine
	keys     *Keys
	verifier *sigv4.Verifier
	registry *door.Registry
	waits    map[string]wait
	spool    string
	keep     *keep
	found    Again
	closed   context.Context // ends when the server is closed
	close    context.CancelFunc
	calls    sync.WaitGroup // of functions

	mu       sync.Mutex
	requests int
	refused  map[string]int // actions that are not modelled
	panics   []string
}

// New makes a server of a world. Nothing else may use the world from then on.
func New(world *local.World, o Options) (*Server, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	spool, err := world.S3().Spool()
	if err != nil {
		return nil, err
	}
	s := &Server{
		world: world, keys: newKeys(o.Now), registry: world.Registry(), spool: spool, refused: map[string]int{},
		engine: newEngine(world, o.Time, o.Now),
	}
	s.closed, s.close = context.WithCancel(context.Background())
	s.verifier = &sigv4.Verifier{Key: s.keys.find, Now: o.Now}
	world.RedshiftData().Superuser("IAM:operator")
	world.SpillObjects()
	if o.Mocks != nil {
		world.SFN().Rehearse(sfn.Mocked(o.Mocks))
	}
	if o.Functions != "" {
		if o.Keep != nil {
			return nil, errors.New("wire: Functions and Keep exclude each other")
		}
		s.functions(o.Functions)
	}
	s.registry.Add("sts", sts.New(world.Door, s.keys.issue))
	s.waits = map[string]wait{"sqs.ReceiveMessage": s.receive}
	if o.KeyFile != "" {
		if err := s.keys.load(o.KeyFile); err != nil {
			return nil, err
		}
		s.Profiles()
		if err := s.keys.save(o.KeyFile); err != nil {
			return nil, err
		}
	}
	if o.Keep == nil {
		return s, nil
	}
	s.keep = &keep{journal: o.Keep, world: world, spool: spool}
	s.engine.leave = s.keep.passes
	s.found, err = s.again()
	return s, err
}

// Again is what was found in the journal and done again.
func (s *Server) Again() Again { return s.found }

// Keys are the access keys that the server knows.
func (s *Server) Keys() *Keys { return s.keys }

// Run drives the world's clock until the context is done.
func (s *Server) Run(ctx context.Context) { s.engine.run(ctx) }

// Do runs f while nothing else uses the world. f looks only: what changes a world that is kept goes through [Server.Operate].
func (s *Server) Do(f func(*local.World) error) error {
	return s.engine.do(func() error { return or(s.keep.usable(), f(s.world)) })
}

// Kept reports whether the world is kept.
func (s *Server) Kept() bool { return s.keep != nil }

// Operate calls an action as the operator. It is for functions that Do runs.
func (s *Server) Operate(ctx context.Context, service, action string, in any) (any, error) {
	method, err := s.registry.Method(door.Integration{Service: service, API: action})
	if err != nil {
		return nil, err
	}
	v := reflect.ValueOf(in)
	b, err := s.keep.body(v)
	if err != nil {
		return nil, err
	}
	arn := fmt.Sprintf("arn:%s:iam::%s:user/operator", s.world.Graph.Partition, s.world.Graph.Account)
	out, end, err := s.perform(ctx, door.Principal{ARN: arn, Role: arn, Account: s.world.Graph.Account}, method, v, b)
	if err != nil {
		return nil, err
	}
	return out.Interface(), s.keep.sync(end, func(note func() error) error { return note() })
}

// Summary is what a server has done so far.
type Summary struct {
	Requests int            `json:"requests"`
	Refused  map[string]int `json:"notImplemented,omitempty"` // by "service:Action"
	Problems []string       `json:"problems,omitempty"`       // what went wrong without anybody to tell
}

// Summary counts the requests and those whose action or parameter is not modelled.
func (s *Server) Summary() Summary {
	problems := s.engine.problemTexts()
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := Summary{Requests: s.requests, Refused: map[string]int{}, Problems: append(problems, s.panics...)}
	for name, n := range s.refused {
		sum.Refused[name] = n
	}
	return sum
}

// wait is an action that does not answer at once: it is called while the world is held, and gives it back to wait.
type wait func(ctx context.Context, in reflect.Value, call func() (reflect.Value, error)) (reflect.Value, error)

// call lets one action through the door and hands its output to encode, both while nothing else uses the world.
func (s *Server) call(ctx context.Context, who door.Principal, service, action string, in reflect.Value, encode func(reflect.Value) error) error {
	method, err := s.registry.Method(door.Integration{Service: service, API: action})
	if err != nil {
		return notModelled(service, action)
	}
	b, err := s.keep.body(in)
	if err != nil {
		return err
	}
	var end int64
	err = s.engine.do(func() error {
		if err := s.keep.usable(); err != nil {
			return err
		}
		call := func() (out reflect.Value, err error) {
			var reached int64
			out, reached, err = s.perform(ctx, who, method, in, b)
			end = max(end, reached)
			return out, err
		}
		var out reflect.Value
		var err error
		if w := s.waits[service+"."+action]; w != nil {
			out, err = w(ctx, in, call)
		} else {
			out, err = call()
		}
		if err != nil {
			return err
		}
		return encode(out)
	})
	return or(s.keep.sync(end, s.engine.do), err)
}

// input makes an empty input of an action.
func (s *Server) input(service, action string) (reflect.Value, error) {
	method, err := s.registry.Method(door.Integration{Service: service, API: action})
	if err != nil {
		return reflect.Value{}, notModelled(service, action)
	}
	return reflect.New(method.Input()), nil
}

// count notes a request and, if that is why it failed, the action that is not modelled.
func (s *Server) count(service, action string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	if err != nil && isNotModelled(err) {
		s.refused[service+":"+action]++
	}
}

func isNotModelled(err error) bool {
	var body *shape.Error
	if errors.As(err, &body) && body.Unknown {
		return true
	}
	return codeOf(err) == "NotImplemented"
}

// requestID is a random UUID.
func requestID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := hex.AppendEncode(make([]byte, 0, 36), b[:])
	for _, at := range []int{8, 13, 18, 23} {
		text = slices.Insert(text, at, '-')
	}
	return string(text)
}

// Close removes what unfinished uploads have left. Of a world that is kept it notes how far it has come.
func (s *Server) Close() error {
	s.close()
	s.calls.Wait()
	err := s.engine.do(func() error {
		if s.keep != nil && s.keep.last != s.keep.moment() {
			s.keep.append(record{Kind: passed, moment: s.keep.moment()}, nil)
		}
		return s.keep.usable()
	})
	return or(err, os.RemoveAll(s.spool))
}

// Actions lists what is answered, by service: the SDK's name of the service and the API's of the action.
func (s *Server) Actions() map[string][]string {
	list := map[string][]string{}
	for _, svc := range services {
		list[svc.sdk] = s.registry.Actions(svc.sdk)
		if svc.sdk == "s3" { // the older form of ListObjectsV2
			list["s3"] = append(list["s3"], "ListObjects")
			slices.Sort(list["s3"])
		}
	}
	return list
}

// Profile is a pair of access keys with the name of who has it.
type Profile struct {
	ID     string `json:"aws_access_key_id"`
	Secret string `json:"aws_secret_access_key"`
}

// Profiles makes an access key for the operator and one for each deployed role, by name.
func (s *Server) Profiles() map[string]Profile {
	list := map[string]Profile{}
	roles := s.world.IAM().Roles()
	var arns []string
	for arn := range roles {
		if strings.Contains(arn, ":role/aws-service-role/") {
			continue // nobody but the service takes it
		}
		arns = append(arns, arn)
	}
	slices.Sort(arns)
	for _, arn := range arns {
		p := door.Principal{ARN: arn, Role: arn, Account: s.world.Graph.Account}
		if strings.Contains(arn, ":role/") {
			p.ARN = strings.Replace(strings.Replace(arn, ":iam:", ":sts:", 1), ":role/", ":assumed-role/", 1) + "/serve"
		}
		list[roles[arn]] = s.keys.user(p)
	}
	return list
}
