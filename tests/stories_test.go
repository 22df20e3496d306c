// Package tests holds what is said of the project as a whole: stories of the
// command line (stories/*.txtar), and of files on their way through the
// deployed pipeline, judged against a reference that shares no code with it.
package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"airline/tests/binary"
)

// binDir holds the airline command that the stories run.
var binDir string

func TestMain(m *testing.M) { os.Exit(binary.Main(m, &binDir)) }

// TestStories runs the command line as a user does, one txtar file a story.
// A story finds the project at $PROJECT.
func TestStories(t *testing.T) {
	project, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	// Stories have no home; the compiler finds what it has compiled by these.
	goEnv, err := exec.Command("go", "env", "-json", "GOCACHE", "GOMODCACHE", "GOFLAGS", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN").Output()
	if err != nil {
		t.Fatal(err)
	}
	var compiler map[string]string
	if err := json.Unmarshal(goEnv, &compiler); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "stories",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", binDir+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("PROJECT", project)
			for name, value := range compiler {
				env.Setenv(name, value)
			}
			return nil
		},
	})
}
