package sdk_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/sdk"
	"airline/asl/simtest"
)

// document is a literal input as Step Functions gets it.
func document[In, Out any](t *testing.T, in In, set ...sdk.Setting[In]) string {
	t.Helper()
	d, err := asl.Machine(sdk.Task[In, Out]("T", in, set...).End())
	if err != nil {
		t.Fatal(err)
	}
	field := d.States[0].Parameters
	text, err := json.Marshal(field.Value())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Literals have Step Functions' names and forms: a zero behind a pointer is written, one without is not; moments, bytes, lists,
// maps and enumerations.
func TestLiterals(t *testing.T) {
	got := document[s3.PutObjectInput, s3.PutObjectOutput](t, s3.PutObjectInput{Bucket: aws.String("b"), Key: aws.String(""), SSEKMSKeyId: aws.String("k"), ContentLength: aws.Int64(0),
		Expires: aws.Time(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), Metadata: map[string]string{"z": "1", "a": ""}, ServerSideEncryption: s3types.ServerSideEncryptionAwsKms})
	if want := `{"Bucket":"b","Key":"","ContentLength":0,"Expires":"2026-01-02T03:04:05Z","Metadata":{"a":"","z":"1"},"SsekmsKeyId":"k","ServerSideEncryption":"aws:kms"}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	got = document[glue.CreateDatabaseInput, glue.CreateDatabaseOutput](t, glue.CreateDatabaseInput{DatabaseInput: &gluetypes.DatabaseInput{Name: aws.String("d"),
		CreateTableDefaultPermissions: []gluetypes.PrincipalPermissions{{Permissions: []gluetypes.Permission{gluetypes.PermissionAll}}}}})
	if want := `{"DatabaseInput":{"Name":"d","CreateTableDefaultPermissions":[{"Permissions":["ALL"]}]}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Settings reach through pointers, beside literals and where there are none.
func TestSettings(t *testing.T) {
	type in = glue.CreateDatabaseInput
	got := document[in, glue.CreateDatabaseOutput](t, in{DatabaseInput: &gluetypes.DatabaseInput{Description: aws.String("x")}},
		sdk.Set(func(i *in) *string { return i.DatabaseInput.Name }, asl.At(func(e *event) *string { return &e.Name })),
		sdk.Set(func(i *in) *string { return i.DatabaseInput.FederatedDatabase.Identifier }, asl.Text("f")))
	if want := `{"DatabaseInput":{"Description":"x","Name.$":"$.name","FederatedDatabase":{"Identifier":"f"}}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPaths(t *testing.T) {
	type out = glue.GetTableOutput
	columns := sdk.ResultAt(func(o *out) *[]gluetypes.Column { return &o.Table.StorageDescriptor.Columns })
	if got := sdk.Of(asl.Index(columns, 0), func(c *gluetypes.Column) *string { return c.Type }).String(); got != "$.Table.StorageDescriptor.Columns[0].Type" {
		t.Errorf("got %s", got)
	}
	if got := sdk.ResultAt(func(o *out) *gluetypes.Table { return o.Table }).String(); got != "$.Table" {
		t.Errorf("got %s", got)
	}
}

// A mock answers with the SDK's output, as Step Functions would hand it on.
func TestMock(t *testing.T) {
	type in = redshiftserverless.GetSnapshotInput
	type out = redshiftserverless.GetSnapshotOutput
	get := sdk.Task[in, out]("Get", in{SnapshotName: aws.String("s")})
	d, err := asl.Machine(get.End())
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	run := simtest.Test{Definition: d, Mocks: []simtest.Mocked{
		simtest.On(get).Return(sdk.Out(out{Snapshot: &types.Snapshot{SnapshotName: aws.String("s"), SnapshotCreateTime: &at, Status: types.SnapshotStatusAvailable}})),
	}}.Run(t).Succeeded()
	text, _ := json.Marshal(run.Execution.Output())
	if want := `{"Snapshot":{"SnapshotCreateTime":"2026-01-02T00:00:00Z","SnapshotName":"s","Status":"AVAILABLE"}}`; string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

// A union's member is an object with the member's name, as DynamoDB's values are.
func TestUnion(t *testing.T) {
	type AttributeValue interface{ is() string }
	if member := AttributeValue(&AttributeValueMemberN{"1"}); member.is() != "1" {
		t.Error("the member has no value")
	}
	text, err := json.Marshal(sdk.Out(struct{ Item map[string]AttributeValue }{map[string]AttributeValue{"n": &AttributeValueMemberN{"1"}}}))
	if err != nil || string(text) != `{"Item":{"n":{"N":"1"}}}` {
		t.Errorf("got %s, %v", text, err)
	}
}

type AttributeValueMemberN struct{ Value string }

func (m *AttributeValueMemberN) is() string { return m.Value }

// What AWS's API does not take is a problem of the machine, with the place of the call.
func TestProblems(t *testing.T) {
	type create = redshiftserverless.CreateSnapshotInput
	type created = redshiftserverless.CreateSnapshotOutput
	ok := create{NamespaceName: aws.String("n"), SnapshotName: aws.String("s")}
	task := sdk.Task[create, created]("T", ok)
	for what, c := range map[string]struct {
		wired asl.Wired
		want  string
	}{
		"missing":     {sdk.Task[create, created]("T", create{}).End(), "NamespaceName"},
		"enumeration": {sdk.Task[s3.PutObjectInput, s3.PutObjectOutput]("T", s3.PutObjectInput{Bucket: aws.String("b"), Key: aws.String("k"), StorageClass: "GLACIERS"}).End(), "GLACIERS"},
		"no input":    {sdk.Task[event, created]("T", event{}).End(), "is not the input of an operation"},
		"output":      {sdk.Task[create, redshiftserverless.GetSnapshotOutput]("T", ok).End(), "CreateSnapshot answers with CreateSnapshotOutput"},
		"error":       {task.Catch(sdk.Error[create, types.AccessDeniedException](), asl.Continue).Then(asl.Succeed("S")), ""},
		"other error": {task.Catch(sdk.Error[create, gluetypes.CrawlerRunningException](), asl.Continue).Then(asl.Succeed("S")), "CreateSnapshot does not raise CrawlerRunningException"},
		"retried":     {task.Retry(asl.Retrier{}, sdk.Error[create, gluetypes.CrawlerRunningException]()).End(), "CreateSnapshot does not raise CrawlerRunningException"},
		"nil":         {sdk.Task[create, created]("T", ok, sdk.Set(func(*create) *string { return nil }, asl.Text("x"))).End(), "the selector returns nil"},
		"outside":     {sdk.Task[create, created]("T", ok, sdk.Set(func(*create) *string { return new(string) }, asl.Text("x"))).End(), "points at no field"},
		"into a list": {sdk.Task[create, created]("T", ok, sdk.Set(func(c *create) *string { return c.Tags[0].Key }, asl.Text("x"))).End(), "the selector panics"},
		"path":        {task.Assign(asl.Let(asl.Var[string]("v"), sdk.ResultAt(func(*created) *string { return new(string) }))).End(), "points at no field"},
	} {
		_, err := asl.Machine(c.wired)
		if c.want == "" && err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "sdk_test.go:")) {
			t.Errorf("%s: got %v, want %q with the place", what, err, c.want)
		}
	}
}

func TestWaitForTaskToken(t *testing.T) {
	type in = glue.CreateDatabaseInput
	d, err := asl.Machine(sdk.WaitForTaskToken[in, string]("W", in{DatabaseInput: &gluetypes.DatabaseInput{Name: aws.String("n")}},
		sdk.SetTo(func(i *in) *string { return i.DatabaseInput.Description }, asl.Context.Task.Token)).End())
	if err != nil {
		t.Fatal(err)
	}
	if got := d.States[0]; got.Resource != "arn:aws:states:::aws-sdk:glue:createDatabase.waitForTaskToken" || got.Type != ast.TypeTask {
		t.Errorf("got %+v", got)
	}
}
