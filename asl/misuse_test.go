package asl_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestCompilerRefuses type-checks misuses of the DSL, each of which the compiler
// must refuse, and for each the right use beside it, which it must take: a
// misuse that fails for another reason would prove nothing.
func TestCompilerRefuses(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	compile := compiler(t, "airline/asl", "airline/asl/glue", "airline/asl/sns", "time")
	const prologue = `
		crawl := glue.StartCrawler{Name: asl.Text("flights")}.Task("StartCrawler")
		run := glue.StartJobRun{JobName: asl.Text("load")}.Sync("RunJob")
		done := asl.Succeed("Done")
		failed := asl.Fail("Failed", asl.FailSpec{})
		crawlerState := asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlerState { return &o.Crawler.State })
		runState := asl.Var[glue.JobRunState]("runState")
		rows := asl.Var[int]("rows")
		name := asl.Var[string]("name")
		_, _, _, _, _, _, _, _ = crawl, run, done, failed, crawlerState, runState, rows, name
	`
	for _, test := range []struct {
		name          string
		right, misuse string
		says          string // part of the compiler's message
	}{
		{"transition to a name", `crawl.Then(done)`, `crawl.Then("Done")`, "cannot use"},
		{"transition to an unfinished state", `crawl.Then(run.End())`, `crawl.Then(run)`, "cannot use run"},
		{"state with neither next nor end", `asl.Machine(run.End())`, `asl.Machine(run)`, "cannot use run"},
		{"both next and end", `run.Then(done)`, `run.Then(done).End()`, "no field or method End"},
		{"both end and next", `run.End()`, `run.End().Then(done)`, "no field or method Then"},
		{"error of another operation", `crawl.Catch(glue.CrawlerRunning, failed)`, `crawl.Catch(glue.ConcurrentRuns, failed)`, "cannot use glue.ConcurrentRuns"},
		{"error of another service", `run.Catch(glue.ConcurrentRuns, failed)`, `run.Catch(sns.TopicNotFound, failed)`, "cannot use sns.TopicNotFound"},
		{"retry of another operation's error", `run.Retry(asl.Retrier{}, glue.ConcurrentRuns)`, `run.Retry(asl.Retrier{}, glue.CrawlerRunning)`, "cannot use glue.CrawlerRunning"},
		{"catcher after the catch-all", `run.CatchAll(failed).Then(done)`, `run.CatchAll(failed).Catch(glue.ConcurrentRuns, failed)`, "no field or method Catch"},
		{"second catch-all", `run.CatchAll(failed)`, `run.CatchAll(failed).CatchAll(failed)`, "no field or method CatchAll"},
		{"catcher to a name", `run.CatchAll(failed)`, `run.CatchAll("Failed")`, "cannot use"},
		{"crawler state against a job state", `asl.Eq(crawlerState, glue.Ready)`, `asl.Eq(crawlerState, glue.JobSucceeded)`, "type glue.JobRunState of glue.JobSucceeded does not match"},
		{"number against a text", `asl.Eq(rows, 5)`, `asl.Eq(rows, "5")`, "cannot use"},
		{"order of texts by Gt", `asl.Gt(rows, 5)`, `asl.Gt(name, "5")`, "does not satisfy"},
		{"variables of two types", `asl.EqRef(name, asl.Var[string]("other"))`, `asl.EqRef(name, rows)`, "does not match"},
		{"variable set to another type", `asl.Let(rows, asl.Int(1))`, `asl.Let(rows, asl.Text("1"))`, "does not match"},
		{"saving from another task's output", `run.Save(asl.Into(runState, func(r *glue.JobRun) *glue.JobRunState { return &r.JobRunState }))`,
			`crawl.Save(asl.Into(runState, func(r *glue.JobRun) *glue.JobRunState { return &r.JobRunState }))`, "cannot use"},
		{"saving into another type", `asl.Into(runState, func(r *glue.JobRun) *glue.JobRunState { return &r.JobRunState })`,
			`asl.Into(rows, func(r *glue.JobRun) *glue.JobRunState { return &r.JobRunState })`, "does not match"},
		{"parameter of another type", `glue.StartJobRun{NumberOfWorkers: asl.Int(2)}`, `glue.StartJobRun{NumberOfWorkers: asl.Text("2")}`, "cannot use"},
		{"parameter that the operation has not", `glue.StartJobRun{JobName: name}`, `glue.StartJobRun{CrawlerName: name}`, "unknown field CrawlerName"},
		{"ResultPath in a JSONata state", `run.JSONata().Output(asl.Object{})`, `run.JSONata().ResultPath(asl.Input[any]())`, "no field or method ResultPath"},
		{"ResultSelector in a JSONata state", `run.ResultSelector(asl.Object{})`, `run.JSONata().ResultSelector(asl.Object{})`, "no field or method ResultSelector"},
		{"Output in a JSONPath state", `asl.Pass("P").Parameters(asl.Object{})`, `asl.Pass("P").Output(asl.Object{})`, "no field or method Output"},
		{"Parameters in a JSONata state", `asl.Pass("P").JSONata().Output(asl.Object{})`, `asl.Pass("P").JSONata().Parameters(asl.Object{})`, "no field or method Parameters"},
		{"OutputPath in a JSONata Wait", `asl.Wait("W", 1).OutputPath(name)`, `asl.Wait("W", 1).JSONata().OutputPath(name)`, "no field or method OutputPath"},
		{"Choice without a way out", `asl.Machine(asl.Choice("C").When(asl.Eq(rows, 5), done).Otherwise(failed))`,
			`asl.Machine(asl.Choice("C").When(asl.Eq(rows, 5), done))`, "cannot use"},
		{"Choice with End", `asl.Choice("C").Otherwise(done)`, `asl.Choice("C").End()`, "no field or method End"},
		{"Succeed with a next state", `asl.Machine(done)`, `done.Then(failed)`, "no field or method Then"},
		{"Fail with a catcher", `asl.Machine(failed)`, `failed.CatchAll(done)`, "no field or method CatchAll"},
		{"Wait with a catcher", `asl.Wait("W", time.Second).End()`, `asl.Wait("W", time.Second).CatchAll(failed)`, "no field or method CatchAll"},
		{"machine from a chain without an end", `asl.Machine(asl.Chain(crawl, run).End())`, `asl.Machine(asl.Chain(crawl, run))`, "cannot use"},
		{"branch that is not finished", `asl.Parallel("P", run.End())`, `asl.Parallel("P", run)`, "cannot use run"},
		{"handler as an ordinary target", `crawl.CatchAll(asl.Catcher{Next: failed})`, `crawl.Then(asl.Catcher{Next: failed})`, "cannot use"},
		{"Continue as an ordinary target", `crawl.CatchAll(asl.Continue)`, `crawl.Then(asl.Continue)`, "cannot use"},
		{"finished state in a chain", `asl.Chain(run)`, `asl.Chain(done)`, "cannot use done"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := compile(prologue + "_ = pick(" + test.right + ")"); err != nil {
				t.Errorf("the right use does not compile: %v", err)
			}
			err := compile(prologue + "_ = pick(" + test.misuse + ")")
			if err == nil {
				t.Fatalf("%s compiles", test.misuse)
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("got the message %q, want one with %q", err, test.says)
			}
		})
	}
}

// compiler gives a function that type-checks the body of a function against the
// compiled packages.
func compiler(t *testing.T, packages ...string) func(body string) error {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export"}, packages...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	exports := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ ImportPath, Export string }
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
	}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		file, ok := exports[path]
		if !ok {
			return nil, fmt.Errorf("no export data of %s", path)
		}
		return os.Open(file)
	})
	var header strings.Builder
	header.WriteString("package misuse\n")
	for _, p := range packages {
		fmt.Fprintf(&header, "import %q\n", p)
	}
	header.WriteString("var _ = time.Second\nvar _ sns.Publish\nfunc pick(v ...any) any { return v }\n")
	return func(body string) error {
		file, err := parser.ParseFile(fset, "misuse.go", header.String()+"func f() {\n"+body+"\n}\n", 0)
		if err != nil {
			return err
		}
		_, err = (&types.Config{Importer: imports}).Check("misuse", fset, []*ast.File{file}, nil)
		return err
	}
}
