// Package asl is the Amazon States Language in Go: state machines of AWS Step
// Functions that are built from typed values instead of written as JSON,
// checked before they run, and read back from JSON as well.
//
//	ready := asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlerState { return &o.Crawler.State })
//
//	crawl := glue.StartCrawler{Name: asl.Text("flights")}.Task("StartCrawler").
//		KeepInput().
//		Catch(glue.CrawlerRunning, asl.Continue)
//	wait := asl.Poll(glue.GetCrawler{Name: asl.Text("flights")}.Task("GetCrawler"), asl.PollSpec{
//		Every: 30 * time.Second, Within: time.Hour,
//		Until:   asl.Eq(ready, glue.Ready),
//		Expired: tooLong,
//	})
//	definition, err := asl.Machine(asl.Chain(crawl, wait, tell).CatchAll(failed).End())
//
// # Building
//
// A state is a value. A builder such as Pass, Choice or a service package's
// task gives an unfinished one; Then and End finish it and give a Wired, the
// only thing that a transition leads to and that Machine starts at. So there is
// no transition to a state that does not exist, no state without a way on, and
// no catcher after the catch-all: they do not compile. Chain puts unfinished
// states one after the other; a function that gives a Step is a reusable part.
// Loops are written with Poll, or with a Label.
//
// Values in parameters and conditions are typed: At takes the path of a field
// from a selector, Var names a variable, Text and Int are literals, Format and
// its like are the intrinsic functions. An error value belongs to its
// operation, an output type to its task; the errors that the language itself
// raises, such as states.Timeout, are in package asl/states.
//
// What no type can say is checked by Machine, which reports every problem at
// once with the Go file and line of the builder call.
//
// # Reading and checking
//
// The definition that Machine gives is an ast.Definition, plain data for tools:
// JSON prints it, Validate checks it and warns of traps, asl/grants derives the
// IAM permissions that it needs, asl/sim runs it, asl/draw draws it. Package
// asl/ast also reads definitions that were written by hand.
package asl
