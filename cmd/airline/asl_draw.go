package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"airline/asl/draw"
)

// aslDraw holds the flags of "airline asl draw".
type aslDraw struct {
	stackFlags
	format, out, direction, theme, title string
	width                                int
	fold                                 bool
}

func newASLDrawCmd() *cobra.Command {
	var d aslDraw
	cmd := &cobra.Command{
		Use:   "draw [FILE | MACHINE --stack STACK]",
		Short: "Draw a state machine as SVG or Mermaid",
		Long: `Draw a state machine as SVG or as a Mermaid flowchart.

Loops run back on the left of the boxes; catchers are dashed and leave on the
right. A definition with mistakes is drawn as far as it can be read, with the
mistakes on standard error. FILE may be "-". With --stack one of the project's
own machines is drawn.`,
		Example: `  airline asl draw machine.asl.json -o machine.svg
  airline asl draw --stack dev ingest-flights -o ingest-flights.svg`,
		Args: atMostOneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return d.run(cmd, args) },
	}
	d.register(cmd)
	flags := cmd.Flags()
	flags.StringVar(&d.format, "format", "", "svg or mermaid (default by the name of the output, else svg)")
	flags.StringVarP(&d.out, "output", "o", "", "file to write (default standard output)")
	flags.StringVar(&d.direction, "direction", "down", "where the flow goes: down or right")
	flags.StringVar(&d.theme, "theme", "light", "colours of an SVG: light or dark")
	flags.StringVar(&d.title, "title", "", "heading of the picture (default none)")
	flags.IntVar(&d.width, "width", 0, "width of an SVG in pixels (default its natural width)")
	flags.BoolVar(&d.fold, "fold-failures", false, "in an SVG, mark routes that lead to nothing but a Fail state instead of drawing them")
	return cmd
}

func (d *aslDraw) run(cmd *cobra.Command, args []string) error {
	options, err := d.options()
	if err != nil {
		return err
	}
	format, err := d.pictureFormat()
	if err != nil {
		return err
	}
	if d.fold && format == "mermaid" {
		return errors.New("--fold-failures is for SVG, and Mermaid has no marks: leave it out, or write --format svg")
	}
	from, err := d.one(cmd, args)
	if err != nil {
		return err
	}
	if problems := diagnose(from); problems.HasErrors() {
		from.print(cmd.ErrOrStderr(), problems)
	}
	if from.definition == nil {
		return badNews{}
	}
	var picture []byte
	if format == "mermaid" {
		picture = []byte(draw.Mermaid(from.definition, options))
	} else {
		if n := draw.Transitions(from.definition); n > draw.MaxTransitions {
			return fmt.Errorf("%s has %d transitions, and an SVG shows at most %d: write --format mermaid, or draw a part of it", from.name, n, draw.MaxTransitions)
		}
		picture = draw.SVG(from.definition, options)
	}
	if d.out == "" || d.out == "-" {
		_, err = cmd.OutOrStdout().Write(picture)
	} else {
		err = os.WriteFile(d.out, picture, 0o644)
	}
	return err
}

func (d *aslDraw) options() (draw.Options, error) {
	o := draw.Options{Title: d.title, Width: d.width, FoldFailures: d.fold}
	switch d.direction {
	case "down":
	case "right":
		o.Direction = draw.Right
	default:
		return o, fmt.Errorf("--direction %s: it is down or right", d.direction)
	}
	switch d.theme {
	case "light":
	case "dark":
		o.Theme = draw.Dark
	default:
		return o, fmt.Errorf("--theme %s: it is light or dark", d.theme)
	}
	if d.width < 0 {
		return o, errors.New("--width: it is a number of pixels, or 0")
	}
	return o, nil
}

// pictureFormat is svg or mermaid: as the flag says, else by the name of the output.
func (d *aslDraw) pictureFormat() (string, error) {
	switch d.format {
	case "svg", "mermaid":
		return d.format, nil
	case "":
	default:
		return "", fmt.Errorf("--format %s: it is svg or mermaid", d.format)
	}
	switch ext := strings.ToLower(filepath.Ext(d.out)); ext {
	case "", ".svg":
		return "svg", nil
	case ".mmd", ".mermaid":
		return "mermaid", nil
	default:
		return "", fmt.Errorf("--output %s: %s is no name of a picture that can be drawn; end it in .svg, .mmd or .mermaid, or say --format svg or mermaid", d.out, ext)
	}
}
