// Package operate_test tells stories of people who operate a stack with the command line, against airline serve (stories/*.txtar).
package operate_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"airline/infra"
	"airline/local"
	"airline/local/door"
	"airline/local/recorder"
	"airline/local/wire"
	"airline/local/wire/wiretest"
	"airline/tests/binary"
)

// binDir holds the airline command that the stories run.
var binDir string

func TestMain(m *testing.M) { os.Exit(binary.Main(m, &binDir)) }

var devStack = sync.OnceValues(func() (*recorder.Graph, error) {
	return recorder.Record(context.Background(), recorder.Options{Dir: "../..", Stack: "dev"}, infra.Program)
})

// TestStories runs the command line as its users do. A story begins with `serve`, which deploys the dev stack; its other
// commands change the world behind the scenes, as AWS and other people do.
func TestStories(t *testing.T) {
	project, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "stories",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", binDir+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("PROJECT", project)
			env.Setenv("TZ", "UTC")
			env.Setenv("AWS_EC2_METADATA_DISABLED", "true")
			env.Setenv("AWS_CONFIG_FILE", filepath.Join(env.WorkDir, "aws-config"))
			env.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(env.WorkDir, "aws-credentials"))
			env.Values[scene{}] = &scene{}
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"serve": serve, "fault": fault, "world": behind, "as": as, "version": version, "login": login, "repair": repair,
		},
	})
}

// scene is the world of a story.
type scene struct{ server *wiretest.Served }

func of(ts *testscript.TestScript) *scene { return ts.Value(scene{}).(*scene) }

// serve deploys the dev stack, without the resources whose type or name has one of the texts, and makes the operator its user. A text with
// an = is a setting of the stack.
func serve(ts *testscript.TestScript, _ bool, without []string) {
	g, err := devStack()
	settings := map[string]string{}
	for _, text := range without {
		if name, value, ok := strings.Cut(text, "="); ok {
			settings[name] = value
		}
	}
	if len(settings) > 0 {
		g, err = recorder.Record(context.Background(), recorder.Options{Dir: "../..", Stack: "dev", Overrides: settings}, infra.Program)
	}
	ts.Check(err)
	less := *g
	less.Resources = nil
	for _, r := range g.Resources {
		keep := true
		for _, text := range without {
			keep = keep && !strings.Contains(r.Type+" "+r.Name, text)
		}
		if keep {
			less.Resources = append(less.Resources, r)
		}
	}
	s := of(ts)
	world, err := local.Deploy(context.Background(), local.Options{Graph: &less, Start: time.Now().UTC().Truncate(time.Millisecond)})
	ts.Check(err)
	s.server, err = wiretest.Serve(world, wire.Options{})
	ts.Check(err)
	ts.Defer(func() {
		if err := s.server.Close(); err != nil {
			ts.Logf("closing the world: %v", err)
		}
	})
	ts.Setenv("AWS_ENDPOINT_URL", s.server.URL)
	as(ts, false, []string{"operator"})
}

// as makes somebody the user: the operator, or a deployed role.
func as(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	var key wire.Profile
	ts.Check(s.server.Do(func(*local.World) error { key = s.server.Profiles()[args[0]]; return nil }))
	if key.ID == "" {
		ts.Fatalf("there is nobody named %s", args[0])
	}
	ts.Setenv("AWS_ACCESS_KEY_ID", key.ID)
	ts.Setenv("AWS_SECRET_ACCESS_KEY", key.Secret)
}

// fault lets calls fail: SERVICE ACTION CODE [TIMES [AFTER]], after some that pass.
func fault(ts *testscript.TestScript, _ bool, args []string) {
	f := door.Fault{Service: args[0], Action: args[1], Err: failure(args[2])}
	for i, count := range []*int{&f.Times, &f.Skip} {
		if len(args) > 3+i {
			_, err := fmt.Sscan(args[3+i], count)
			ts.Check(err)
		}
	}
	ts.Check(of(ts).server.Do(func(w *local.World) error { w.Door.Inject(f); return nil }))
}

// version puts the newest version of a file into the environment: the JSON of airline file, and the variable's name.
func version(ts *testscript.TestScript, _ bool, args []string) {
	var story struct {
		Newest struct{ Version string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &story))
	ts.Setenv(args[1], story.Newest.Version)
}
