package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"airline/asl/ast"
	"airline/infra"
	"airline/local/recorder"
)

// stackFlags choose the project's own machines as a stack deploys them.
type stackFlags struct{ stack, project string }

func (f *stackFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.stack, "stack", "", "take the machines of this stack of the project, such as dev")
	cmd.Flags().StringVar(&f.project, "project", "", "folder of Pulumi.yaml (default this folder or above it)")
}

// usualStack is where a name is looked up when no stack is given.
const usualStack = "dev"

// source is one definition that a command works on.
type source struct {
	name       string // file, or machine of a stack
	definition *ast.Definition
	err        error // what is wrong with its form; the definition is what could be read
}

// sources are the definitions of the files, or of the stack's machines, of which
// args then names some.
func (f *stackFlags) sources(cmd *cobra.Command, args []string) ([]source, error) {
	if f.stack == "" {
		if len(args) == 0 {
			return nil, fmt.Errorf("name a file, or a stack with --stack")
		}
		list := make([]source, 0, len(args))
		for _, file := range args {
			data, err := readFile(cmd, file)
			if errors.Is(err, os.ErrNotExist) && f.isMachine(cmd, file) {
				return nil, fmt.Errorf("there is no file %s; it is a machine of the project: add --stack %s", file, usualStack)
			}
			if err != nil {
				return nil, err
			}
			d, err := parseDefinition(file, data)
			list = append(list, source{file, d, err})
		}
		return list, nil
	}
	dir, err := projectDir(f.project)
	if err != nil {
		return nil, err
	}
	graph, err := recorder.Record(cmd.Context(), recorder.Options{Dir: dir, Stack: f.stack}, infra.Program)
	if err != nil {
		return nil, err
	}
	var list []source
	var known []string
	for _, machine := range graph.OfType("aws:sfn/stateMachine:StateMachine") {
		name := machine.String("name")
		known = append(known, name)
		if len(args) > 0 && !slices.ContainsFunc(args, func(a string) bool { return strings.HasSuffix(name, a) }) {
			continue
		}
		d, err := ast.ParseString(machine.String("definition"))
		list = append(list, source{name, d, err})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("stack %s has no machine %s; it has %s", f.stack, strings.Join(args, ", "), strings.Join(known, ", "))
	}
	return list, nil
}

// one is the only definition that the arguments name.
func (f *stackFlags) one(cmd *cobra.Command, args []string) (source, error) {
	list, err := f.sources(cmd, args)
	if err != nil {
		return source{}, err
	}
	if len(list) > 1 {
		names := make([]string, len(list))
		for i, s := range list {
			names[i] = s.name
		}
		return source{}, fmt.Errorf("name one machine of the stack %s: %s", f.stack, strings.Join(names, ", "))
	}
	return list[0], nil
}

// isMachine says that a name which is no file is the end of the name of a machine of the project.
func (f *stackFlags) isMachine(cmd *cobra.Command, name string) bool {
	if filepath.Ext(name) != "" {
		return false
	}
	stack := stackFlags{usualStack, f.project}
	list, err := stack.sources(cmd, []string{name})
	return err == nil && len(list) > 0
}
