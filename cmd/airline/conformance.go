package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	expressions "airline/asl/jsonata/cases"
	"airline/asl/jsonvalue"
	machines "airline/asl/sim/cases"
	"airline/iam"
	events "airline/local/events/cases"
	"airline/local/redshift"
)

func newConformanceCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "conformance FILE...",
		Short: "Run recorded cases of what AWS does, and compare",
		Long: `Run the cases of conformance files and compare with what was recorded.

A file is a list of cases, {"cases": [...]} with what they share beside it, one case,
or one definition. The kind of a case is found by its members:

  def, expect            a state machine with its outcome, and its events where it has them
  lang "expr"            a JSONata expression
  p, e, m (or refused)   an event pattern
  template, expected     an input transformer of a rule's target
  document, kind         a policy document that IAM refuses
  check, aws             a report: a definition to validate or run
  sql, rows              a query in Redshift's SQL with its documented answer
  StartAt, States        a definition, valid unless its file's name begins with "invalid-"

Each miss is one line with what came and what was wanted; then a line per kind, where
there are several, and "total OK/N". The exit code is 1 when a case missed, 2 when a
file has no case or a case is of no known kind.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("give files of cases; for example: %s asl-cases.json", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			report := &caseReport{Failures: []caseFailure{}}
			defer report.close()
			for _, file := range args {
				data, err := readFile(cmd, file)
				if err != nil {
					return err
				}
				if err := report.add(cmd, filepath.Base(file), data); err != nil {
					return fmt.Errorf("%s: %w", file, err)
				}
			}
			report.total()
			var err error
			if asJSON {
				err = object(cmd.OutOrStdout(), report)
			} else {
				err = report.print(cmd.OutOrStdout())
			}
			if err == nil && len(report.Failures) > 0 {
				return badNews{}
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}

// caseReport is the outcome of files of cases.
type caseReport struct {
	Failures []caseFailure `json:"failures"`
	Counts   []caseCount   `json:"counts"`   // by kind; the total last
	Unjudged int           `json:"unjudged"` // cases for which nobody has recorded an answer

	engine *redshift.Engine // nil until a query is asked
}

// guide answers queries in Redshift's SQL: one session for all, as the guide's examples go on where others ended.
func (r *caseReport) guide(ctx context.Context) (*redshift.Engine, error) {
	var err error
	if r.engine == nil {
		r.engine, err = redshift.NewEngine(ctx)
	}
	return r.engine, err
}

func (r *caseReport) close() {
	if r.engine != nil {
		r.engine.Close() // of a database in memory
	}
}

type caseFailure struct {
	ID      string `json:"id"`
	Lang    string `json:"lang"`    // of a state machine choice, jsonpath, jsonata or mixed; else the kind
	Problem string `json:"problem"` // what came and what was wanted
}

type caseCount struct {
	Lang   string `json:"lang"`
	Passed int    `json:"passed"`
	Total  int    `json:"total"`
}

// add runs the cases of a file.
func (r *caseReport) add(cmd *cobra.Command, name string, data []byte) error {
	value, err := jsonvalue.Decode(data)
	if err != nil {
		if !strings.HasPrefix(name, "invalid-") {
			return err
		}
		value = jsonvalue.NewObject(0) // not even JSON: what is no definition is refused
	}
	file, isObject := value.(*jsonvalue.Object)
	if !isObject {
		file = jsonvalue.NewObject(0)
	}
	list, isList := value.([]any)
	if given, ok := file.Get("cases"); ok {
		list, isList = given.([]any)
	} else if isObject {
		if isDefinition(file) || strings.HasPrefix(name, "invalid-") {
			r.count(validated(name, data))
			return nil
		}
		list, isList = []any{value}, true
	}
	switch {
	case !isList:
		return fmt.Errorf(`expected a list of cases, or an object with "cases"`)
	case len(list) == 0:
		return fmt.Errorf("there is no case in it")
	}
	for i, entry := range list {
		if err := cmd.Context().Err(); err != nil {
			return err
		}
		c, ok := entry.(*jsonvalue.Object)
		if !ok {
			return fmt.Errorf("case %d: expected an object", i)
		}
		outcome, err := runCase(cmd.Context(), c, file, r.guide)
		if err != nil {
			return fmt.Errorf("case %d: %w", i, err)
		}
		if outcome.Lang == "" {
			r.Unjudged++
			continue
		}
		if outcome.ID == "" {
			outcome.ID = fmt.Sprintf("case %d", i)
		}
		r.count(outcome)
	}
	return nil
}

func isDefinition(o *jsonvalue.Object) bool {
	_, starts := o.Get("StartAt")
	_, has := o.Get("States")
	return starts && has
}

// runCase runs a case of any kind; file has what the cases of its file share.
func runCase(ctx context.Context, c, file *jsonvalue.Object, guide func(context.Context) (*redshift.Engine, error)) (caseFailure, error) {
	has := func(name string) bool { _, ok := c.Get(name); return ok }
	object := func(name string) *jsonvalue.Object {
		v, _ := file.Get(name)
		o, _ := v.(*jsonvalue.Object)
		return o
	}
	lang, _ := c.Get("lang")
	switch {
	case lang == expressions.Lang:
		r := expressions.Run(c, object("datasets"))
		f := caseFailure{ID: r.ID, Lang: r.Lang}
		if r.Failed() {
			f.Problem = "got " + r.Got + ", want " + r.Want
		}
		return f, nil
	case has("def") || has("expect"):
		r := machines.One(c, machines.Options{})
		if r.Lang == "" {
			r.Lang = "unnamed"
		}
		return caseFailure{r.ID, r.Lang, r.Problem}, nil
	case machines.IsReport(c):
		r := machines.Report(c)
		return caseFailure{r.ID, r.Lang, r.Problem}, nil
	case events.IsPattern(c):
		return eventCase("pattern", events.Pattern(c)), nil
	case events.IsTransformer(c):
		return eventCase("transformer", events.Transformer(c, object("events"))), nil
	case has("document") && has("kind"):
		return refusedDocument(c)
	case has("sql") && has("rows"):
		return sqlExample(ctx, c, guide)
	}
	return caseFailure{}, fmt.Errorf("of no known kind: it has %s", memberNames(c))
}

// eventCase has no Lang where there is no answer to compare with.
func eventCase(kind string, r events.Result) caseFailure {
	f := caseFailure{ID: r.ID, Lang: kind}
	switch {
	case !r.Judged:
		f.Lang = ""
	case r.Failed():
		f.Problem = "got " + r.Got + ", want " + r.Want
	}
	return f
}

// documentKinds are the kinds of policy documents, by the names that cases have for them.
var documentKinds = map[string]iam.Kind{
	"identity": iam.Identity, "trust": iam.Trust, "resource": iam.Resource, "boundary": iam.Boundary, "endpoint": iam.Endpoint,
	"kms": iam.KeyPolicy, "key": iam.KeyPolicy,
}

// refusedDocument parses a policy document that IAM does not take.
func refusedDocument(c *jsonvalue.Object) (caseFailure, error) {
	name, _ := c.Get("kind")
	kind, known := documentKinds[fmt.Sprint(name)]
	if !known {
		return caseFailure{}, fmt.Errorf("there is no kind %v of policy documents", name)
	}
	document, _ := c.Get("document")
	text, isText := document.(string)
	if !isText {
		text = jsonvalue.String(document)
	}
	f := caseFailure{Lang: "policy"}
	if _, err := iam.Parse(kind, []byte(text)); err == nil {
		f.Problem = "taken, want it refused: " + text
	}
	return f, nil
}

// sqlExample answers a query as Redshift's guide would, and compares.
func sqlExample(ctx context.Context, c *jsonvalue.Object, guide func(context.Context) (*redshift.Engine, error)) (caseFailure, error) {
	var x redshift.Example
	if err := json.Unmarshal([]byte(jsonvalue.String(c)), &x); err != nil {
		return caseFailure{}, fmt.Errorf("sql and rows: %w", err)
	}
	engine, err := guide(ctx)
	if err != nil {
		return caseFailure{}, err
	}
	f := caseFailure{ID: x.Page + ": " + x.SQL, Lang: "sql"}
	switch verdict, said := engine.Judge(ctx, x); verdict {
	case redshift.Refused:
		f.Problem = "refused: " + said
	case redshift.Wrong:
		f.Problem = fmt.Sprintf("got %s, want %v", said, x.Rows)
	}
	return f, nil
}

// validated is the outcome of a definition that its file's name says valid or not.
func validated(name string, data []byte) caseFailure {
	d, err := parseDefinition(name, data)
	problems := diagnose(source{name, d, err})
	f := caseFailure{ID: name, Lang: "definition"}
	switch invalid := strings.HasPrefix(name, "invalid-"); {
	case invalid && !problems.HasErrors():
		f.Problem = "valid, want it refused"
	case !invalid && problems.HasErrors():
		f.Problem = "refused, want it valid: " + strings.ReplaceAll(problems.Error(), "\n", " | ")
	}
	return f
}

// count adds an outcome.
func (r *caseReport) count(f caseFailure) {
	i := slices.IndexFunc(r.Counts, func(c caseCount) bool { return c.Lang == f.Lang })
	if i < 0 {
		i = len(r.Counts)
		r.Counts = append(r.Counts, caseCount{Lang: f.Lang})
	}
	r.Counts[i].Total++
	if f.Problem == "" {
		r.Counts[i].Passed++
		return
	}
	r.Failures = append(r.Failures, f)
}

// total adds the sum, and drops the counts where there is only one.
func (r *caseReport) total() {
	all := caseCount{Lang: "total"}
	for _, c := range r.Counts {
		all.Passed += c.Passed
		all.Total += c.Total
	}
	if len(r.Counts) == 1 {
		r.Counts = nil // the total says it all
	}
	slices.SortStableFunc(r.Counts, func(a, b caseCount) int { return languageRank(a.Lang) - languageRank(b.Lang) })
	r.Counts = append(r.Counts, all)
}

// languageRank orders the kinds of a report: state machines first, by language, then
// the others, as they came.
func languageRank(lang string) int {
	known := []string{"choice", "jsonpath", "jsonata", "mixed"}
	if i := slices.Index(known, lang); i >= 0 {
		return i
	}
	return len(known)
}

func (r *caseReport) print(w io.Writer) error {
	for _, f := range r.Failures {
		fmt.Fprintf(w, "%s: %s\n", f.ID, strings.ReplaceAll(f.Problem, "\n", " | "))
	}
	if r.Unjudged > 0 {
		fmt.Fprintf(w, "%d cases without an answer\n", r.Unjudged)
	}
	for _, c := range r.Counts {
		if _, err := fmt.Fprintf(w, "%s %d/%d\n", c.Lang, c.Passed, c.Total); err != nil {
			return err
		}
	}
	return nil
}

func memberNames(o *jsonvalue.Object) string {
	var names []string
	for name := range o.All() {
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}
