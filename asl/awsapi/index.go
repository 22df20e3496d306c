package awsapi

import (
	"archive/zip"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed index.zip
var index string

// archive is the directory of the index, read when it is first asked for.
var archive = sync.OnceValue(func() *zip.Reader {
	r, err := zip.NewReader(strings.NewReader(index), int64(len(index)))
	if err != nil {
		panic("awsapi: index.zip: " + err.Error())
	}
	return r
})

// Source names the data and their version: "botocore 1.44.8".
func Source() string { return archive().Comment }

// Services are the names of all services as Step Functions writes them, sorted.
var Services = sync.OnceValue(func() []string {
	var names []string
	for _, f := range archive().File {
		if f.Name != aliasesFile && !strings.HasPrefix(f.Name, iamFolder) {
			names = append(names, f.Name)
		}
	}
	slices.Sort(names)
	return names
})

const aliasesFile = "aliases"

// aliases are the names by which people know services, such as those of the command line and of endpoints.
var aliases = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	read(aliasesFile, &names)
	return names
})

func read(name string, into any) {
	f, err := archive().Open(name)
	if err != nil {
		panic("awsapi: index.zip: " + err.Error())
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		panic(fmt.Sprintf("awsapi: index.zip: %s: %v", name, err))
	}
}

// Service is one service.
type Service struct {
	ID         string                // such as "DynamoDB"
	Class      string                // how errors begin in Step Functions, such as "DynamoDb"
	API        string                // version, such as "2012-08-10"
	Prefixes   []string              // that its actions may have in IAM
	Operations map[string]*Operation // by name as Step Functions writes it, such as "putItem"
	shapes     []*cell
}

// Operation is one action of a service.
type Operation struct {
	Name          string   `json:"n"` // as the API has it, such as "PutItem"
	Errors        []string `json:"e"` // as the API names them
	Tokens        []string `json:"t"` // members that make a repeated call harmless
	Paginated     boolean  `json:"p"`
	input, output int
	service       *Service
}

type boolean bool

func (b *boolean) UnmarshalJSON(text []byte) error { *b = string(text) == "1"; return nil }

// Kind is what a shape's values are.
type Kind string

const (
	String    Kind = "s"
	Integer   Kind = "i"
	Float     Kind = "f"
	Boolean   Kind = "b"
	Timestamp Kind = "t"
	Blob      Kind = "B"
	Document  Kind = "d" // any JSON
	Structure Kind = "structure"
	List      Kind = "list"
	Map       Kind = "map"
)

// Shape is the type of an input, an output or a member.
type Shape struct {
	Kind     Kind
	Enum     []string // of a String; nil for any
	Required []string // of a Structure, as the API names them
	members  map[string]int
	item     int // of a List or Map
	service  *Service
}

// cell is a shape of the index, which is read when somebody asks for it: of a large service a definition uses few.
type cell struct {
	text  []byte
	once  sync.Once
	shape Shape
}

func (c *cell) UnmarshalJSON(text []byte) error {
	c.text = slices.Clone(text)
	return nil
}

func (s *Service) shape(i int) *Shape {
	c := s.shapes[i]
	c.once.Do(func() {
		if c.text == nil {
			return
		}
		if err := json.Unmarshal(c.text, &c.shape); err != nil {
			panic(err) // the index is ours
		}
		c.text, c.shape.service = nil, s
	})
	return &c.shape
}

func (s *Shape) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &s.Kind)
	}
	var v struct {
		M    map[string]int
		R, E []string
		L, V *int
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	s.members, s.Required, s.Enum = v.M, v.R, v.E
	switch {
	case v.E != nil:
		s.Kind = String
	case v.L != nil:
		s.Kind, s.item = List, *v.L
	case v.V != nil:
		s.Kind, s.item = Map, *v.V
	default:
		s.Kind = Structure
	}
	return nil
}

// Members are the names of a structure's members, as the API has them, sorted.
func (s *Shape) Members() []string {
	names := make([]string, 0, len(s.members))
	for name := range s.members {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Member is the type of a structure's member, by the API's name.
func (s *Shape) Member(name string) (*Shape, bool) {
	i, ok := s.members[name]
	if !ok {
		return nil, false
	}
	return s.service.shape(i), true
}

// Item is the type of a list's items or a map's values.
func (s *Shape) Item() *Shape { return s.service.shape(s.item) }

// Input is the type of the operation's input; nil when it takes none.
func (o *Operation) Input() *Shape { return o.shape(o.input) }

// Output is the type of the operation's output; nil when it gives none.
func (o *Operation) Output() *Shape { return o.shape(o.output) }

func (o *Operation) shape(i int) *Shape {
	if i < 0 {
		return nil
	}
	return o.service.shape(i)
}

func (o *Operation) UnmarshalJSON(text []byte) error {
	type plain Operation
	v := struct {
		*plain
		I, O *int
	}{plain: (*plain)(o)}
	if err := json.Unmarshal(text, &v); err != nil {
		return err
	}
	o.input, o.output = -1, -1
	if v.I != nil {
		o.input = *v.I
	}
	if v.O != nil {
		o.output = *v.O
	}
	return nil
}

var (
	loading sync.Mutex
	loaded  = map[string]*Service{}
)

// Find is the service of a name as Step Functions writes it, such as "cloudwatchlogs".
func Find(name string) (*Service, bool) {
	loading.Lock()
	defer loading.Unlock()
	if s, ok := loaded[name]; ok {
		return s, true
	}
	if _, ok := slices.BinarySearch(Services(), name); !ok {
		return nil, false
	}
	var v struct {
		ID, Class, API string
		IAM            []string
		Operations     map[string]*Operation
		Shapes         []*cell
	}
	read(name, &v)
	s := &Service{v.ID, v.Class, v.API, v.IAM, v.Operations, v.Shapes}
	for _, o := range s.Operations {
		o.service = s
	}
	loaded[name] = s
	return s, true
}

// Named is the service that people know by a name, such as that of its command line, its endpoint or its package in an SDK, and
// its name as Step Functions writes it.
func Named(name string) (service *Service, spelled string, ok bool) {
	spelled = strings.ToLower(name)
	if service, ok = Find(spelled); ok {
		return service, spelled, true
	}
	spelled = cmp.Or(alias(name), spelled)
	service, ok = Find(spelled)
	return service, spelled, ok
}

// alias is the service that people know by a name, whatever its dashes and the word service at its end; "" for none.
func alias(name string) string {
	if known := aliases()[name]; known != "" {
		return known
	}
	wanted := plainName(name)
	for _, s := range Services() {
		if s == wanted {
			return s
		}
	}
	for _, known := range slices.Sorted(maps.Keys(aliases())) {
		if plainName(known) == wanted {
			return aliases()[known]
		}
	}
	return ""
}

// plainName is a service's name in small letters and digits, without what some add to it.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_. ", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
	for _, prefix := range []string{"amazon", "aws"} {
		name = strings.TrimPrefix(name, prefix)
	}
	return strings.TrimSuffix(name, "service")
}

// Spell is a member of the API as Step Functions writes it, which is how the AWS SDK for Java names it, with a capital: a
// leading acronym is a word. SSEKMSKeyId is SsekmsKeyId, ETag is ETag, and clientToken is ClientToken.
func Spell(member string) string {
	b := []byte(member)
	upper := func(i int) bool { return i < len(b) && 'A' <= b[i] && b[i] <= 'Z' }
	lower := func(i int) bool { return i < len(b) && 'a' <= b[i] && b[i] <= 'z' }
	if lower(0) {
		b[0] -= 'a' - 'A'
	}
	for i := 1; upper(i) && !lower(i+1); i++ {
		b[i] += 'a' - 'A'
	}
	return string(b)
}
