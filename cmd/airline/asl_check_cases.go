package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	expressions "airline/asl/jsonata/cases"
	"airline/asl/jsonvalue"
	machines "airline/asl/sim/cases"
)

func newASLCheckCasesCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check-cases FILE",
		Short: "Run recorded cases of state machines or of expressions, and compare",
		Long: `Run the cases of a conformance file and compare with what was recorded.

A file is a list of cases, or {"datasets": ..., "cases": [...]}. A case's "lang"
says what it is: "expr" is a JSONata expression; anything else is a state machine,
{"id", "def", "input", "expect": {"status", "output" or "error"}, "events"...},
compared event by event where it has events. Each failing case is printed with what
came and what was wanted, then one line per language, then the total.`,
		Args: oneArg("a file of cases"),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := readFile(cmd, args[0])
			if err != nil {
				return err
			}
			report, err := checkCases(data)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if asJSON {
				err = report.printJSON(cmd.OutOrStdout())
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

// caseReport is the outcome of a file of cases.
type caseReport struct {
	Failures []caseFailure `json:"failures"`
	Counts   []caseCount   `json:"counts"` // by language; the total last
}

type caseFailure struct {
	ID      string `json:"id"`
	Lang    string `json:"lang"`
	Problem string `json:"problem"` // what came and what was wanted
}

type caseCount struct {
	Lang   string `json:"lang"`
	Passed int    `json:"passed"`
	Total  int    `json:"total"`
}

func checkCases(data []byte) (*caseReport, error) {
	value, err := jsonvalue.Decode(data)
	if err != nil {
		return nil, err
	}
	var datasets *jsonvalue.Object
	if file, ok := value.(*jsonvalue.Object); ok {
		sets, _ := file.Get("datasets")
		datasets, _ = sets.(*jsonvalue.Object)
		value, _ = file.Get("cases")
	}
	list, ok := value.([]any)
	if !ok {
		return nil, fmt.Errorf("expected a list of cases, or an object with \"cases\"")
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("there is no case in it")
	}
	report := &caseReport{Failures: []caseFailure{}}
	all := caseCount{Lang: "total"}
	for i, entry := range list {
		c, ok := entry.(*jsonvalue.Object)
		if !ok {
			return nil, fmt.Errorf("case %d: expected an object", i)
		}
		failure := checkCase(c, datasets)
		if failure.ID == "" {
			failure.ID = fmt.Sprintf("case %d", i)
		}
		if failure.Lang == "" {
			failure.Lang = "unnamed"
		}
		count := report.count(failure.Lang)
		count.Total++
		all.Total++
		if failure.Problem == "" {
			count.Passed++
			all.Passed++
			continue
		}
		report.Failures = append(report.Failures, failure)
	}
	if len(report.Counts) == 1 && report.Counts[0].Lang == expressions.Lang {
		report.Counts = nil // the total says it all
	}
	slices.SortStableFunc(report.Counts, func(a, b caseCount) int { return languageRank(a.Lang) - languageRank(b.Lang) })
	report.Counts = append(report.Counts, all)
	return report, nil
}

// languageRank orders the languages of a report: the simple ones first, then
// those that are not known here, as they came.
func languageRank(lang string) int {
	known := []string{"choice", "jsonpath", "jsonata", "mixed"}
	if i := slices.Index(known, lang); i >= 0 {
		return i
	}
	return len(known)
}

func checkCase(c, datasets *jsonvalue.Object) caseFailure {
	if lang, _ := c.Get("lang"); lang == expressions.Lang {
		r := expressions.Run(c, datasets)
		f := caseFailure{ID: r.ID, Lang: r.Lang}
		if r.Failed() {
			f.Problem = "got " + r.Got + ", want " + r.Want
		}
		return f
	}
	r := machines.One(c, machines.Options{})
	return caseFailure{r.ID, r.Lang, r.Problem}
}

func (r *caseReport) count(lang string) *caseCount {
	for i := range r.Counts {
		if r.Counts[i].Lang == lang {
			return &r.Counts[i]
		}
	}
	r.Counts = append(r.Counts, caseCount{Lang: lang})
	return &r.Counts[len(r.Counts)-1]
}

func (r *caseReport) print(w io.Writer) error {
	for _, f := range r.Failures {
		fmt.Fprintf(w, "%s: %s\n", f.ID, f.Problem)
	}
	for _, c := range r.Counts {
		if _, err := fmt.Fprintf(w, "%s %d/%d\n", c.Lang, c.Passed, c.Total); err != nil {
			return err
		}
	}
	return nil
}

func (r *caseReport) printJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(r)
}
