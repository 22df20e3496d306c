package console

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"airline/local"
	"airline/local/recorder"
)

// full is a world with that many executions of a hundred events each.
func full(t testing.TB, executions int) (*local.World, *Console) {
	t.Helper()
	world, err := local.Deploy(t.Context(), local.Options{Graph: &recorder.Graph{
		Project: "airline", Stack: "none", Account: recorder.DefaultAccount, Region: "us-east-1", Partition: "aws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	world.OpenRoles()
	index := Watch(world)
	var states []string
	for i := range 48 {
		states = append(states, fmt.Sprintf(`"S%d": {"Type": "Pass", "Next": "S%d"}`, i, i+1))
	}
	definition := `{"StartAt": "S0", "States": {` + strings.Join(states, ", ") + `, "S48": {"Type": "Succeed"}}}`
	made, err := world.SFN().CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String("hundred"), Definition: &definition, RoleArn: aws.String("arn:aws:iam::123456789012:role/machine")})
	if err != nil {
		t.Fatal(err)
	}
	for i := range executions {
		input := fmt.Sprintf(`{"key": "daily-flights/date=%s/%d.csv", "version": "v%d"}`, time.Date(2000, 1, 1+i%3000, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), i, i)
		if _, err := world.SFN().StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: made.StateMachineArn, Input: &input}); err != nil {
			t.Fatal(err)
		}
	}
	if err := world.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return world, New(index, alone{world})
}

// alone is a server of a world that only the console looks at.
type alone struct{ world *local.World }

func (a alone) Do(f func(*local.World) error) error { return f(a.world) }

func (a alone) Operate(context.Context, string, string, any) (any, error) {
	return nil, errors.New("nothing is changed here")
}

func (alone) Kept() bool { return false }

// get asks for a page, and tells how long it took.
func get(t testing.TB, c *Console, path string) (string, time.Duration) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, Prefix+path, nil)
	r.Host, r.RemoteAddr = "127.0.0.1:4566", "127.0.0.1:5555"
	w := httptest.NewRecorder()
	begun := time.Now()
	c.ServeHTTP(w, r)
	took := time.Since(begun)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d: %s", path, w.Code, w.Body)
	}
	return w.Body.String(), took
}

// With 10,000 executions and a million events in the world a page comes within 100 ms, and is of a bounded length. The world has no
// rejects and no messages: their pages are here for what they look through.
func TestPagesOfAFullWorld(t *testing.T) {
	world, c := full(t, 10_000)
	executions := world.SFN().Executions()
	events := 0
	for _, x := range executions {
		events += x.Events()
	}
	if events < 990_000 {
		t.Fatalf("%d events, want about a million", events)
	}
	for _, path := range []string{"", "files", "files?year=2003", "files?text=9999", "file?key=" + url.QueryEscape("daily-flights/date=2000-01-01/0.csv"), "executions", "executions?from=9950", "executions?status=FAILED",
		"execution?arn=" + url.QueryEscape(executions[5000].ARN()), "rejects", "messages"} {
		best := time.Hour
		var page string
		for range 3 { // the machine does other things too
			text, took := get(t, c, path)
			page, best = text, min(best, took)
		}
		t.Logf("%-60s %8s %7d bytes", path, best.Round(10*time.Microsecond), len(page))
		if best > 100*time.Millisecond {
			t.Errorf("%s took %s, want at most 100ms", path, best)
		}
		if len(page) > 300_000 {
			t.Errorf("%s has %d bytes", path, len(page))
		}
	}
}
