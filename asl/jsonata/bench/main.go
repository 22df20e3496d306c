// Command bench measures package jsonata beside the jsonata of npm, on this machine's Node, and prints the table
// of the package documentation:
//
//	go run ./asl/jsonata/bench
//
// With -write it puts the table into doc.go. The npm package is installed into a folder of the user's cache.
package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

// npmVersion is the release that the table compares with.
const npmVersion = "2.2.2"

//go:embed node.js
var nodeScript []byte

// row is one expression to measure, over one of the documents that documents returns.
type row struct {
	Name     string `json:"name"`
	Expr     string `json:"expr"`
	Document string `json:"document"`
	Compile  bool   `json:"compile"` // measure compiling instead of evaluating
}

var rows = []row{
	{Name: "compile", Expr: filterSum, Document: "order", Compile: true},
	{Name: "path", Expr: `Account.Order.Product.Description.Colour`, Document: "order"},
	{Name: "filter", Expr: `Account.Order.Product[Price > 30 and Quantity < 3].SKU`, Document: "order"},
	{Name: "arithmetic and sum", Expr: filterSum, Document: "order"},
	{Name: "group and sum, 1,000 items", Expr: `items{carrier: $sum(delay)}`, Document: "thousand"},
	{Name: "sort, 1,000 items", Expr: `items^(>delay, carrier).id`, Document: "thousand"},
	{Name: "$map with a lambda, 10,000 items", Expr: `$map(items, function($v){ $v.delay * 2 })`, Document: "tenThousand"},
	{Name: "$filter and $reduce, 1,000 items", Expr: `$reduce($filter(items, function($v){ $v.delay > 0 }).delay, function($a, $b){ $a + $b })`, Document: "thousand"},
	{Name: "objects, 1,000 items", Expr: `items.{"id": id, "late": delay > 15, "from": origin.city}`, Document: "thousand"},
	{Name: "regular expression", Expr: `$replace(text, /(\w+)@(\w+)\.com/, "$2: $1")`, Document: "order"},
	{Name: "string building", Expr: `"Dear " & name.first & " " & $uppercase(name.last) & ", your order " & $join(Account.Order.OrderID, ", ") & " is on its way."`, Document: "order"},
	{Name: "date picture", Expr: `$fromMillis(when, "[FNn], [D1o] [MNn] [Y0001], [h]:[m01] [P]")`, Document: "order"},
	{Name: "number picture", Expr: `$formatNumber(amount, "#,##0.00")`, Document: "order"},
	{Name: "join of two arrays", Expr: `items@$i.carriers@$c[$i.carrier = $c.code].{"id": $i.id, "name": $c.name}`, Document: "hundred"},
	{Name: "transform, 100 items", Expr: `$ ~> |items|{"late": delay > 15}, "origin"|`, Document: "hundred"},
	{Name: "recursion", Expr: `($f := function($n, $a){ $n <= 1 ? $a : $f($n - 1, $a * $n) }; $f(50, 1))`, Document: "order"},
}

const filterSum = `$sum(Account.Order.Product.(Price * Quantity))`

// documents are what the expressions run over.
func documents() map[string]string {
	docs := map[string]string{"order": orderDocument}
	for name, n := range map[string]int{"hundred": 100, "thousand": 1_000, "tenThousand": 10_000} {
		docs[name] = flights(n)
	}
	return docs
}

const orderDocument = `{"Account": {"Account Name": "Firefly", "Order": [
 {"OrderID": "order103", "Product": [
  {"SKU": "0406654608", "Description": {"Colour": "Purple", "Width": 300}, "Price": 34.45, "Quantity": 2},
  {"SKU": "0406634348", "Description": {"Colour": "Orange", "Width": 300}, "Price": 21.67, "Quantity": 1}]},
 {"OrderID": "order104", "Product": [
  {"SKU": "040657863", "Description": {"Colour": "Purple", "Width": 300}, "Price": 34.45, "Quantity": 4},
  {"SKU": "0406654603", "Description": {"Colour": "Black", "Width": 30}, "Price": 107.99, "Quantity": 1}]}]},
 "name": {"first": "Ada", "last": "Lovelace"}, "when": 1531310400000, "amount": 1234567.891,
 "text": "write to ada@example.com or charles@engine.com, not to nobody@nowhere.org"}`

// flights makes a document of n flights. The same n gives the same document.
func flights(n int) string {
	var b strings.Builder
	b.WriteString(`{"carriers": [{"code": "AA", "name": "American"}, {"code": "DL", "name": "Delta"}, {"code": "UA", "name": "United"}], "items": [`)
	state := uint32(1)
	for i := range n {
		state = state*1664525 + 1013904223
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id": %d, "carrier": %q, "delay": %d, "origin": {"city": "City %d"}}`,
			i, []string{"AA", "DL", "UA"}[state>>8%3], int(state>>16%120)-20, state>>20%50)
	}
	b.WriteString("]}")
	return b.String()
}

func main() {
	write := flag.Bool("write", false, "put the table into the package documentation")
	flag.Parse()
	table, err := measure()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(table)
	if *write {
		if err := intoDoc(table); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func measure() (string, error) {
	docs := documents()
	node, err := startNode(docs)
	if err != nil {
		return "", fmt.Errorf("start npm's jsonata: %w", err)
	}
	defer node.stop()
	var b strings.Builder
	for i, row := range rows {
		// One after the other for each row, so that both meet the same conditions.
		there, err := node.measure(row)
		if err != nil {
			return "", fmt.Errorf("%s with npm's jsonata: %w", row.Name, err)
		}
		r, err := measureRow(row, docs[row.Document])
		if err != nil {
			return "", fmt.Errorf("%s: %w", row.Name, err)
		}
		if i == 0 {
			fmt.Fprintf(&b, "Microseconds of processor time per evaluation (compiled once), this package with %s and npm's\njsonata %s with Node %s, on %s:\n\n",
				runtime.Version(), npmVersion, there.Version, processor())
			fmt.Fprintf(&b, "\t%-34s %10s %10s %7s %10s %10s\n", "", "npm", "here", "times", "bytes", "allocs")
		}
		here := r.nanoseconds / 1000
		fmt.Fprintf(&b, "\t%-34s %10.2f %10.2f %7.1f %10d %10d\n", row.Name, there.Microseconds, here, there.Microseconds/here, r.bytes, r.allocs)
	}
	b.WriteString("\nCost grows linearly with the data; nanoseconds per item:\n\n")
	fmt.Fprintf(&b, "\t%-36s %10s %10s %10s\n", "", "100", "10,000", "1,000,000")
	for _, expr := range []string{`items[delay > 15].id`, `items{carrier: $sum(delay)}`, `items^(delay).id`, `$map(items, function($v){ $v.id })`} {
		fmt.Fprintf(&b, "\t%-36s", expr)
		for _, n := range []int{100, 10_000, 1_000_000} {
			r, err := measureRow(row{Expr: expr}, flights(n))
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, " %10.0f", r.nanoseconds/float64(n))
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func measureRow(r row, document string) (result, error) {
	input, err := jsonvalue.Decode([]byte(document))
	if err != nil {
		return result{}, err
	}
	expr, err := jsonata.Compile(r.Expr)
	if err != nil {
		return result{}, err
	}
	ctx := context.Background()
	v, err := expr.Eval(ctx, input, jsonata.Options{})
	if err != nil {
		return result{}, err
	}
	if jsonata.IsUndefined(v) {
		return result{}, fmt.Errorf("%s finds nothing", r.Expr)
	}
	return benchmark(func() error {
		if r.Compile {
			_, err = jsonata.Compile(r.Expr)
		} else {
			_, err = expr.Eval(ctx, input, jsonata.Options{})
		}
		return err
	})
}

// result is what one call costs.
type result struct {
	nanoseconds   float64 // of processor time, the garbage collector's included
	bytes, allocs uint64
}

// benchmark runs f for some time and returns the best of five runs. It counts processor time, as the script for
// Node does, so that other work on the machine matters less.
func benchmark(f func() error) (result, error) {
	best := result{nanoseconds: math.Inf(1)}
	for range 5 {
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start, count := processorTime(), 0
		spent := time.Duration(0)
		for batch := 1; spent < 250*time.Millisecond; batch = min(2*batch, 10_000) {
			for range batch {
				if err := f(); err != nil {
					return result{}, err
				}
			}
			count += batch
			spent = processorTime() - start
		}
		runtime.ReadMemStats(&after)
		n := uint64(count)
		if ns := float64(spent.Nanoseconds()) / float64(count); ns < best.nanoseconds {
			best = result{ns, (after.TotalAlloc - before.TotalAlloc) / n, (after.Mallocs - before.Mallocs) / n}
		}
	}
	return best, nil
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// nodeProcess is the script that measures npm's jsonata.
type nodeProcess struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

// answer is what the script says to one row.
type answer struct {
	Version      string
	Microseconds float64
}

func startNode(docs map[string]string) (*nodeProcess, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "airline-jsonata-bench")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "jsonata")); err != nil {
		install := exec.Command("npm", "install", "--no-audit", "--no-fund", "--prefix", dir, "jsonata@"+npmVersion)
		if out, err := install.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("npm install: %w\n%s", err, out)
		}
	}
	script := filepath.Join(dir, "bench.js")
	if err := os.WriteFile(script, nodeScript, 0o644); err != nil {
		return nil, err
	}
	node := &nodeProcess{command: exec.Command("node", script)}
	node.command.Dir, node.command.Stderr = dir, os.Stderr
	if node.in, err = node.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := node.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	node.out = bufio.NewScanner(out)
	if err := node.command.Start(); err != nil {
		return nil, err
	}
	return node, node.send(map[string]any{"documents": docs})
}

func (p *nodeProcess) send(v any) error { return json.NewEncoder(p.in).Encode(v) }

func (p *nodeProcess) measure(r row) (answer, error) {
	if err := p.send(r); err != nil {
		return answer{}, err
	}
	if !p.out.Scan() {
		return answer{}, fmt.Errorf("no answer: %v", p.out.Err())
	}
	var a answer
	err := json.Unmarshal(p.out.Bytes(), &a)
	return a, err
}

func (p *nodeProcess) stop() {
	p.in.Close()
	p.command.Wait()
}

// processor names the machine's processor where the system tells.
func processor() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOOS + "/" + runtime.GOARCH
}

// intoDoc replaces what stands between the headings of the package documentation.
func intoDoc(table string) error {
	path := filepath.Join("asl", "jsonata", "doc.go")
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("run this from the root of the repository: %w", err)
	}
	const heading = "// # Speed\n//\n"
	before, rest, ok := strings.Cut(string(data), heading)
	if !ok {
		return fmt.Errorf("%s has no heading Speed", path)
	}
	end := strings.Index(rest, "// # ")
	if end < 0 {
		end = strings.Index(rest, "package jsonata")
	}
	var b strings.Builder
	b.WriteString(before + heading)
	for line := range strings.Lines(table) {
		b.WriteString(strings.TrimRight("// "+strings.TrimSuffix(line, "\n"), " ") + "\n")
	}
	if strings.HasPrefix(rest[end:], "// # ") {
		b.WriteString("//\n")
	}
	b.WriteString(rest[end:])
	return os.WriteFile(path, []byte(strings.ReplaceAll(b.String(), "// \t", "//\t")), 0o644)
}
