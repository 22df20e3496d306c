package wire

import (
	"bytes"
	"context"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/local"
	"airline/local/door"
	"airline/local/journal"
	"airline/local/sfn"
)

// keep writes down every call from outside that has an effect, with the moment of the world at which it came. A world is the same
// for the same calls at the same moments, so whoever does them again has all that it held: objects and versions, messages, the
// catalog, the warehouse, executions under way and everything that waits for its time. A nil keep keeps nothing.
//
// An answer is sent when the journal is synced as far as the call goes, and nobody sees the world before what has happened in it
// is in the journal: a caller that was told something is never told later that it was not so.
type keep struct {
	journal *journal.Journal
	world   *local.World
	spool   string

	last   moment // of the record before
	parked uint64 // calls that had to wait so far
	failed error  // of a journal that cannot be written: the world is ahead of it, and nobody may see it any more
}

// moment is how far a world has come.
type moment struct {
	Done  uint64        `json:"done"`  // things that its clock has done
	After time.Duration `json:"after"` // its beginning, in nanoseconds
}

func (m moment) String() string { return fmt.Sprintf("step %d after %s", m.Done, m.After) }

func (k *keep) moment() moment {
	return moment{k.world.Clock.Done(), k.world.Clock.Elapsed()}
}

// kind is what a record tells of.
type kind string

const (
	called  kind = "called"  // a call from its beginning to its end
	begun   kind = "begun"   // a call up to where it waits for the world
	resumed kind = "resumed" // that call from there on, to its end or to where it waits again
	passed  kind = "passed"  // the world went on without a call
)

// record is an entry of the journal. The bytes of a small body follow it.
type record struct {
	Kind kind `json:"kind"`
	moment
	ID     uint64          `json:"id,omitempty"` // of a call that waits
	Who    *door.Principal `json:"who,omitempty"`
	API    string          `json:"api,omitempty"` // "s3:PutObject", by the SDK's name of the service
	Input  json.RawMessage `json:"input,omitempty"`
	Body   string          `json:"body,omitempty"`   // the journal's name of a large body, with its size and the state of its MD5
	Size   int64           `json:"size,omitempty"`   // of a large body
	MD5    []byte          `json:"md5,omitempty"`    // of a large body
	NVME   []byte          `json:"nvme,omitempty"`   // its checksum CRC64NVME; absent in the journals of earlier versions
	Answer string          `json:"answer,omitempty"` // its digest, of a call that came to its end
	// Gone says that whoever called had gone: the call went on without what it waited for.
	Gone bool `json:"gone,omitempty"`
}

// operation is a call that is being made.
type operation struct {
	keep    *keep
	record  record
	body    *body
	reading bool
	before  [2]uint64 // what was drawn and scheduled
	open    bool      // its beginning is in the journal
}

// begin notes a call. It comes while the world is held.
func (k *keep) begin(who door.Principal, api door.Integration, in reflect.Value, b *body) (*operation, error) {
	if k == nil || api.Service == "sts" { // sessions are the server's, and end with it
		return nil, nil
	}
	o := &operation{keep: k, body: b, reading: reads(api.API), before: k.effects(), record: record{
		Kind: called, moment: k.moment(), Who: &who, API: api.Service + ":" + api.API,
	}}
	var err error
	o.record.Input, err = inputText(in)
	return o, err
}

// effects change whenever a call has one.
func (k *keep) effects() [2]uint64 { return [2]uint64{k.world.Door.Draws(), k.world.Clock.Scheduled()} }

// reads reports whether an action is one that has no effect by its name. One that has an effect all the same is kept too.
func reads(action string) bool {
	if action == "GetActivityTask" {
		return false
	}
	for _, verb := range []string{"Get", "List", "Describe", "Head", "Filter", "BatchGet", "Simulate", "Validate", "TestEventPattern"} {
		if strings.HasPrefix(action, verb) {
			return true
		}
	}
	return false
}

// inputText is an input without its body.
func inputText(in reflect.Value) (json.RawMessage, error) {
	bare := reflect.New(in.Type().Elem())
	bare.Elem().Set(in.Elem())
	if f := bare.Elem().FieldByName("Body"); f.IsValid() && f.Kind() == reflect.Interface {
		f.SetZero()
	}
	text, err := json.Marshal(bare.Interface())
	if err == nil && bytes.Contains(text, []byte(`\ufffd`)) && !bytes.Contains(text, []byte(`\\ufffd`)) { // what JSON writes for other bytes
		err = &apiFault{code: "SerializationException", status: 400, message: "a text of the request is not UTF-8, and a world that is kept (--workdir) has no other"}
	}
	return text, err
}

// park notes that the call waits: what it has done so far comes before what others do meanwhile.
func (o *operation) park() {
	if o == nil {
		return
	}
	if !o.open {
		o.open = true
		o.keep.parked++
		o.record.Kind, o.record.ID = begun, o.keep.parked
	}
	o.append()
	o.body = nil
	o.record = record{Kind: resumed, ID: o.record.ID}
}

// resume notes that the call goes on.
func (o *operation) resume() {
	if o != nil {
		o.record.moment = o.keep.moment()
	}
}

// end notes what the call has come to, and gives the end of the journal that must be synced before its answer is sent.
func (o *operation) end(out reflect.Value, err error) (int64, error) {
	if o == nil {
		return 0, nil
	}
	service, action, _ := strings.Cut(o.record.API, ":")
	if o.reading && !o.open && o.before == o.keep.effects() && !o.keep.world.Door.Limited(service, action) {
		return 0, nil
	}
	o.record.Answer = digest(out, err)
	end := o.append()
	return end, o.keep.failed
}

func (o *operation) append() int64 { return o.keep.append(o.record, o.body) }

// append writes a record. A failure is the keep's: nobody may see the world any more.
func (k *keep) append(r record, b *body) int64 {
	if k.failed != nil {
		return 0
	}
	var small []byte
	if b != nil {
		r.Body, r.Size, r.MD5, r.NVME, small = b.name, b.size, b.md5, b.nvme, b.small
	}
	text, err := json.Marshal(r)
	var end int64
	if err == nil {
		frame := binary.AppendUvarint(nil, uint64(len(text)))
		end, err = k.journal.Append(append(append(frame, text...), small...))
	}
	if err != nil {
		k.fail(err)
		return 0
	}
	k.last = r.moment
	return end
}

func (k *keep) fail(err error) {
	if k.failed == nil {
		k.failed = &apiFault{code: "InternalFailure", status: 500, message: "the world cannot be kept any more: " + err.Error() + "; end the server, and begin it again with the same --workdir: it goes on from what was acknowledged"}
	}
}

// passes notes what has happened since the last record. It comes before the world is given back.
func (k *keep) passes() {
	if k == nil || k.failed != nil || k.last.Done == k.world.Clock.Done() {
		return
	}
	k.append(record{Kind: passed, moment: k.moment()}, nil)
}

// usable reports why the world may not be seen any more.
func (k *keep) usable() error {
	if k == nil {
		return nil
	}
	return k.failed
}

// sync makes the journal last up to an end; 0 is none. A failure is noted in hold, while the world is held.
func (k *keep) sync(end int64, hold func(func() error) error) error {
	if k == nil || end == 0 {
		return nil
	}
	err := k.journal.Sync(end)
	if err == nil {
		return nil
	}
	return hold(func() error {
		k.fail(err)
		return k.failed
	})
}

// digest is what two equal answers have in common: the code of an error, or all of the output but S3's checksums, which follow from the
// bodies and which earlier versions did not give.
func digest(out reflect.Value, err error) string {
	h := fnv.New64a()
	if err != nil {
		io.WriteString(h, "error "+codeOf(err))
	} else if text, err := json.Marshal(withoutChecksums(out).Interface()); err == nil {
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// withoutChecksums is an output without the members of S3's checksums.
func withoutChecksums(out reflect.Value) reflect.Value {
	if out.Kind() != reflect.Pointer || out.IsNil() || !strings.HasPrefix(out.Type().Elem().PkgPath(), reflect.TypeFor[s3.PutObjectOutput]().PkgPath()) {
		return out
	}
	bare := reflect.New(out.Type().Elem())
	bare.Elem().Set(out.Elem())
	for i := range bare.Elem().NumField() {
		switch name, f := bare.Elem().Type().Field(i).Name, bare.Elem().Field(i); {
		case strings.HasPrefix(name, "Checksum"):
			f.SetZero()
		case name == "CopyObjectResult", name == "CopyPartResult":
			f.Set(withoutChecksums(f))
		}
	}
	return bare
}

// perform lets one call through the door, while the world is held. A caller that goes is not waited for, but what has begun is done.
func (s *Server) perform(ctx context.Context, who door.Principal, m *door.Method, in reflect.Value, b *body) (reflect.Value, int64, error) {
	o, err := s.keep.begin(who, m.Integration, in, b)
	if err != nil {
		return reflect.Value{}, 0, err
	}
	wait := func(until func() bool, atMost time.Duration) {
		o.park()
		s.engine.until(ctx, until, atMost)
		o.resume()
	}
	finished := false
	defer func() {
		if o != nil && !finished { // it panics: what it has done is in no record
			s.keep.fail(fmt.Errorf("%s failed", o.record.API))
		}
	}()
	out, err := m.Call(sfn.WithWait(door.As(context.WithoutCancel(ctx), who), wait), in)
	finished = true
	end, broken := o.end(out, err)
	return out, end, or(broken, err)
}

// md5State is what the hash of a body must be able to do to be kept.
type md5State interface {
	encoding.BinaryMarshaler
	encoding.BinaryUnmarshaler
}
