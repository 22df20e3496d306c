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

	"airline/asl/sim"
	"airline/local"
	"airline/local/recorder"
)

// full is a world with that many executions of a hundred events each.
func full(t testing.TB, executions int) (*local.World, *Console) {
	t.Helper()
	world, c := bare(t)
	var states []string
	for i := range 48 {
		states = append(states, fmt.Sprintf(`"S%d": {"Type": "Pass", "Next": "S%d"}`, i, i+1))
	}
	arn := made(t, world, "hundred", `{"StartAt": "S0", "States": {`+strings.Join(states, ", ")+`, "S48": {"Type": "Succeed"}}}`)
	for i := range executions {
		start(t, world, arn, fmt.Sprintf(`{"key": "daily-flights/date=%s/%d.csv", "version": "v%d"}`, time.Date(2000, 1, 1+i%3000, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), i, i))
	}
	if err := world.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return world, c
}

// bare is a world without a stack.
func bare(t testing.TB) (*local.World, *Console) {
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
	return world, New(Watch(world), alone{world})
}

// made makes a state machine.
func made(t testing.TB, world *local.World, name, definition string) (arn string) {
	t.Helper()
	out, err := world.SFN().CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: &name, Definition: &definition, RoleArn: aws.String("arn:aws:iam::123456789012:role/machine")})
	if err != nil {
		t.Fatal(err)
	}
	return *out.StateMachineArn
}

// start starts an execution.
func start(t testing.TB, world *local.World, machine, input string) (arn string) {
	t.Helper()
	out, err := world.SFN().StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Input: &input})
	if err != nil {
		t.Fatal(err)
	}
	return *out.ExecutionArn
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

// work is how often a page allocates memory: what it makes of the world for its reader. It does not depend on what else the machine does.
func work(t testing.TB, c *Console, path string) float64 {
	t.Helper()
	return testing.AllocsPerRun(1, func() { get(t, c, path) })
}

// With 10,000 executions and a million events in the world a page takes as much work as with a tenth of them, and is of a bounded length. The
// world has no rejects and no messages: their pages are here for what they look through. How long a page takes is logged (-v); at most
// 100 ms are wanted.
func TestPagesOfAFullWorld(t *testing.T) {
	const many = 10_000
	world, c := full(t, many)
	less, smaller := full(t, many/10)
	executions := world.SFN().Executions()
	events := 0
	for _, x := range executions {
		events += x.Events()
	}
	if events < 990_000 {
		t.Fatalf("%d events, want about a million", events)
	}
	execution := func(x *sim.Execution) string { return "execution?arn=" + url.QueryEscape(x.ARN()) }
	file := func(n int) string {
		return "file?key=" + url.QueryEscape(fmt.Sprintf("daily-flights/date=%s/%d.csv", time.Date(2000, 1, 1+n%3000, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), n))
	}
	for _, page := range []struct{ path, smaller string }{
		{"", ""}, {"files?year=2001", "files?year=2001"}, {"files?text=999", "files?text=999"}, {file(0), file(0)}, {file(many - 1), file(0)},
		{"executions", "executions"}, {"executions?from=9950", "executions?from=950"}, {"executions?status=FAILED", "executions?status=FAILED"},
		{execution(executions[5000]), execution(less.SFN().Executions()[0])}, {"rejects", "rejects"}, {"messages", "messages"},
	} {
		text, took := get(t, c, page.path)
		much, little := work(t, c, page.path), work(t, smaller, page.smaller)
		t.Logf("%-60s %8s %7d bytes, %6.0f allocations, %6.0f in the smaller world", page.path, took.Round(10*time.Microsecond), len(text), much, little)
		if much > 1.5*little+500 {
			t.Errorf("%s allocates %.0f times, and %.0f times in a world with a tenth as much", page.path, much, little)
		}
		if len(text) > 300_000 {
			t.Errorf("%s has %d bytes", page.path, len(text))
		}
	}
}

// The pages of a file and of an execution of the 365th day take as much work as those of the first.
func TestPagesOfADay(t *testing.T) {
	_, year := full(t, 365)
	_, day := full(t, 1)
	of := func(c *Console, n int) (file, execution string) {
		x := c.index.world.SFN().Executions()[n]
		return "file?key=" + url.QueryEscape(fmt.Sprintf("daily-flights/date=%s/%d.csv", time.Date(2000, 1, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), n)), "execution?arn=" + url.QueryEscape(x.ARN())
	}
	file1, execution1 := of(day, 0)
	file365, execution365 := of(year, 364)
	for last, first := range map[string]string{file365: file1, execution365: execution1} {
		much, little := work(t, year, last), work(t, day, first)
		if much > 1.05*little+20 || little < 100 {
			t.Errorf("%s allocates %.0f times, %s %.0f times", last, much, first, little)
		}
	}
}

// BenchmarkDayPage is the page of a file after 1 day and after 365.
func BenchmarkDayPage(b *testing.B) {
	for _, days := range []int{1, 365} {
		b.Run(fmt.Sprintf("day=%d", days), func(b *testing.B) {
			_, c := full(b, days)
			path := "file?key=" + url.QueryEscape(fmt.Sprintf("daily-flights/date=%s/%d.csv", time.Date(2000, 1, days, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), days-1))
			b.ReportAllocs()
			for b.Loop() {
				get(b, c, path)
			}
		})
	}
}
