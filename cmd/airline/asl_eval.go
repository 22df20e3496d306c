package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"airline/asl/jsonata"
	"airline/asl/jsonvalue"
)

func newASLEvalCmd() *cobra.Command {
	var inputFile string
	cmd := &cobra.Command{
		Use:   "eval EXPR",
		Short: "Evaluate a JSONata expression",
		Long: `Evaluate a JSONata 2.2 expression and print the result as JSON; where the
expression finds nothing, print undefined. Without --input there is no input.
A mistake is shown with a caret under its place, and the exit code is 1.`,
		Example: `  airline asl eval '$sum([1..10])'
  airline asl eval 'items[delay > 15].carrier' --input flights.json`,
		Args: oneArg("an expression in quotes"),
		RunE: func(cmd *cobra.Command, args []string) error {
			input := jsonata.Undefined
			if inputFile != "" {
				data, err := readFile(cmd, inputFile)
				if err != nil {
					return err
				}
				if input, err = jsonvalue.Decode(data); err != nil {
					return fmt.Errorf("%s: %w", inputFile, err)
				}
			}
			expr, err := jsonata.Compile(args[0])
			if err != nil {
				return showMistake(cmd.ErrOrStderr(), args[0], err)
			}
			v, err := expr.Eval(cmd.Context(), input, jsonata.Options{Now: time.Now, Random: rand.Float64, Eval: true})
			if err != nil {
				return showMistake(cmd.ErrOrStderr(), args[0], err)
			}
			if jsonata.IsUndefined(v) {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), "undefined")
			} else {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), jsonvalue.String(v))
			}
			return err
		},
	}
	cmd.Flags().StringVar(&inputFile, "input", "", "file with the input as JSON; - is the standard input")
	return cmd
}

// showMistake prints an error of an expression, the line of the expression that it is about with a caret under
// the place, and how to fix it.
func showMistake(w io.Writer, src string, err error) error {
	var e *jsonata.Error
	if !errors.As(err, &e) {
		return err
	}
	fmt.Fprintf(w, "%s: %s\n", e.Code, e.Message)
	if e.Offset >= 0 && e.Offset <= len(src) {
		start := strings.LastIndexByte(src[:e.Offset], '\n') + 1
		line, _, _ := strings.Cut(src[start:], "\n")
		indent := strings.Map(func(r rune) rune {
			if r == '\t' {
				return r
			}
			return ' '
		}, src[start:e.Offset])
		width := max(1, utf8.RuneCountInString(e.Token))
		if width > utf8.RuneCountInString(src[e.Offset:]) || !strings.HasPrefix(src[e.Offset:], e.Token) {
			width = 1
		}
		fmt.Fprintf(w, "  %s\n  %s%s\n", line, indent, strings.Repeat("^", width))
	}
	if fix := e.Fix(); fix != "" {
		fmt.Fprintf(w, "%s\n", fix)
	}
	return badNews{}
}
