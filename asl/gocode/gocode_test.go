package gocode_test

import (
	"fmt"
	goast "go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"airline/asl/ast"
	"airline/asl/gocode"
	"airline/asl/internal/conformance"
)

func ExampleGenerate() {
	d, err := ast.ParseString(`{
  "StartAt": "StartCrawler",
  "States": {
    "StartCrawler": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:startCrawler", "Parameters": {"Name": "flights"},
      "Catch": [{"ErrorEquals": ["Glue.CrawlerRunningException"], "Next": "Wait"}], "Next": "Wait"},
    "Wait": {"Type": "Wait", "Seconds": 30, "Next": "GetCrawler"},
    "GetCrawler": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getCrawler", "Parameters": {"Name": "flights"}, "Next": "Ready?"},
    "Ready?": {"Type": "Choice", "Choices": [{"Variable": "$.Crawler.State", "StringEquals": "READY", "Next": "Done"}], "Default": "Wait"},
    "Done": {"Type": "Succeed"}
  }
}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	source, err := gocode.Generate(d, gocode.Options{Package: "crawl", Func: "crawl"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(source))
	// Output:
	// package crawl
	//
	// import (
	// 	"time"
	//
	// 	"airline/asl"
	// 	"airline/asl/ast"
	// 	"airline/asl/glue"
	// )
	//
	// // crawl builds the machine that starts at StartCrawler.
	// func crawl() (*ast.Definition, error) {
	// 	waitLabel := asl.NewLabel("Wait")
	// 	done := asl.Succeed("Done")
	// 	wait := waitLabel.Bind(asl.Chain(
	// 		asl.Wait("Wait", 30*time.Second),
	// 		glue.GetCrawler{Name: asl.Text("flights")}.Task("GetCrawler"),
	// 		asl.Choice("Ready?").When(asl.Eq(asl.RawPath[string]("$.Crawler.State"), "READY"), done),
	// 	).Then(waitLabel))
	//
	// 	startCrawler := glue.StartCrawler{Name: asl.Text("flights")}.Task("StartCrawler").
	// 		Catch(glue.CrawlerRunning, wait).
	// 		Then(wait)
	//
	// 	return asl.Machine(startCrawler)
	// }
}

func TestOptionsAreChecked(t *testing.T) {
	d := &ast.Definition{}
	for _, o := range []gocode.Options{{Package: "a b"}, {Func: "func"}, {Func: "1"}} {
		if _, err := gocode.Generate(d, o); err == nil {
			t.Errorf("Generate(%+v) succeeds", o)
		}
	}
}

func TestMain_isWritten(t *testing.T) {
	d, err := ast.ParseString(`{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`)
	if err != nil {
		t.Fatal(err)
	}
	source, err := gocode.Generate(d, gocode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"package main", "func main()", "func stateMachine() (*ast.Definition, error)"} {
		if !strings.Contains(string(source), want) {
			t.Errorf("no %q in\n%s", want, source)
		}
	}
}

// TestEveryServicePackageIsImported: a package that is not imported has not
// registered its tasks.
func TestEveryServicePackageIsImported(t *testing.T) {
	files, err := filepath.Glob("../*/typed.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d service packages, %v", len(files), err)
	}
	for _, file := range files {
		if pkg := filepath.Base(filepath.Dir(file)); !gocode.HasService(pkg) {
			t.Errorf("service.go does not import %s", pkg)
		}
	}
}

// TestErrorConstants compares the table of errors with the sources of the
// service packages.
func TestErrorConstants(t *testing.T) {
	found := map[[2]string]string{}
	files, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		pkg := filepath.Base(filepath.Dir(file))
		if strings.HasSuffix(file, "_test.go") || !gocode.HasService(pkg) {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		goast.Inspect(tree, func(n goast.Node) bool {
			spec, ok := n.(*goast.ValueSpec)
			if !ok {
				return true
			}
			typ, ok := spec.Type.(*goast.IndexExpr)
			if !ok {
				return true
			}
			if sel, ok := typ.X.(*goast.SelectorExpr); !ok || sel.Sel.Name != "Err" {
				return true
			}
			value, err := strconv.Unquote(spec.Values[0].(*goast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found[[2]string{pkg + "." + typ.Index.(*goast.Ident).Name, value}] = pkg + "." + spec.Names[0].Name
			return true
		})
	}
	table := gocode.OperationErrors()
	for k, constant := range found {
		if table[k] != constant {
			t.Errorf("%v: the table has %q, the package %q", k, table[k], constant)
		}
	}
	for k := range table {
		if found[k] == "" {
			t.Errorf("%v is in the table and not in the package", k)
		}
	}
}

func FuzzGenerate(f *testing.F) {
	for _, text := range odd {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := ast.Parse(text)
		if err != nil {
			return
		}
		if _, err := gocode.Generate(d, gocode.Options{}); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkGenerate(b *testing.B) {
	text, err := os.ReadFile(filepath.Join(conformance.Dir(b), "flow.json"))
	if err != nil {
		b.Fatal(err)
	}
	d, err := ast.Parse(text)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := gocode.Generate(d, gocode.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
