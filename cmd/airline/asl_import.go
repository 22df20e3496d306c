package main

import (
	"os"

	"github.com/spf13/cobra"

	"airline/asl/gocode"
)

// aslImport holds the flags of "airline asl import".
type aslImport struct {
	stackFlags
	out, pkg, function string
}

func newASLImportCmd() *cobra.Command {
	var i aslImport
	cmd := &cobra.Command{
		Use:   "import [FILE | MACHINE --stack STACK]",
		Short: "Turn a JSON definition into Go source that builds it",
		Long: `Turn a JSON definition into Go source that builds it with package asl.

The source is a program that prints the same definition:

	airline asl import machine.asl.json -o cmd/machine/main.go
	go run ./cmd/machine

With --package it is a function for a package of yours. FILE may be "-". A
definition that validate refuses is refused here too, with its problems.`,
		Args: atMostOneArg,
		RunE: func(cmd *cobra.Command, args []string) error { return i.run(cmd, args) },
	}
	i.register(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&i.out, "output", "o", "", "file to write (default standard output)")
	flags.StringVar(&i.pkg, "package", "main", "package of the source; main is a program")
	flags.StringVar(&i.function, "func", "stateMachine", "name of the function that builds the definition")
	return cmd
}

func (i *aslImport) run(cmd *cobra.Command, args []string) error {
	from, err := i.one(cmd, args)
	if err != nil {
		return err
	}
	if problems := diagnose(from); problems.HasErrors() {
		from.print(cmd.ErrOrStderr(), problems)
		return badNews{"no Go source for a definition with errors"}
	}
	source, err := gocode.Generate(from.definition, gocode.Options{Package: i.pkg, Func: i.function})
	if err != nil {
		return err
	}
	if i.out == "" || i.out == "-" {
		_, err = cmd.OutOrStdout().Write(source)
		return err
	}
	return os.WriteFile(i.out, source, 0o644)
}
