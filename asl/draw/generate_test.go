package draw

import (
	"fmt"

	"pgregory.net/rapid"

	"airline/asl/ast"
)

// chance makes the decisions of a generated machine.
type chance interface {
	below(n int, what string) int
}

type rapidChance struct{ *rapid.T }

func (c rapidChance) below(n int, what string) int { return rapid.IntRange(0, n-1).Draw(c.T, what) }

// seeded is a small linear congruential generator: the same machines on every
// platform.
type seeded uint64

func (s *seeded) below(n int, _ string) int {
	*s = *s*6364136223846793005 + 1442695040888963407
	return int(uint64(*s) >> 33 % uint64(n))
}

// machine generates a definition with about n states, which may be nested, with
// loops, catchers and, when wild is set, transitions without sense.
func machine(c chance, n int, wild bool) *ast.Definition {
	count := 0
	return generate(c, n, 0, wild, &count)
}

func generate(c chance, n, depth int, wild bool, count *int) *ast.Definition {
	d := &ast.Definition{}
	names := make([]string, n)
	for i := range names {
		*count++
		names[i] = fmt.Sprintf("State%d", *count)
		switch c.below(6, "name") {
		case 0:
			names[i] = fmt.Sprintf("Wait until the order %d is approved", *count)
		case 1:
			names[i] = fmt.Sprintf("CheckWhetherTheCrawlerHasFinished%d", *count)
		case 2:
			names[i] = fmt.Sprintf("<&\"'日本語%d", *count)
		}
	}
	any := func() string { return names[c.below(n, "any")] }
	ahead := func(i int) string { return names[min(n-1, i+1+c.below(3, "ahead"))] }
	for i, name := range names {
		s := &ast.State{Name: name, Type: ast.TypeTask, Resource: "arn:aws:states:::aws-sdk:glue:getCrawler"}
		last := i == n-1
		switch kind := c.below(12, "kind"); {
		case kind < 3 && !last:
			s.Type, s.Resource = ast.TypeChoice, ""
			for k := range 1 + c.below(4, "rules") {
				next := ahead(i)
				if c.below(4, "back") == 0 {
					next = any()
				}
				s.Choices = append(s.Choices, &ast.Rule{Variable: "$.Crawler.State", Operator: "StringEquals",
					Operand: fmt.Sprintf("VALUE %d", k), Next: next})
			}
			if c.below(5, "default") > 0 {
				s.Default = ahead(i)
			}
		case kind == 3:
			s.Type, s.Resource, s.Seconds = ast.TypeWait, "", ast.NewField(30)
		case kind == 4 && depth < 3 && n > 2:
			s.Type, s.Resource = ast.TypeParallel, ""
			for range 1 + c.below(3, "branches") {
				s.Branches = append(s.Branches, generate(c, 1+c.below(4, "size"), depth+1, wild, count))
			}
		case kind == 5 && depth < 3 && n > 2:
			s.Type, s.Resource = ast.TypeMap, ""
			s.ItemProcessor = generate(c, 1+c.below(5, "size"), depth+1, wild, count)
		case kind == 6 && i > n/2:
			s.Type, s.Resource, s.Error = ast.TypeFail, "", ast.NewField("Broken")
		}
		if s.Type != ast.TypeChoice && s.Type != ast.TypeFail {
			if last || c.below(10, "end") == 0 {
				s.End = true
			} else {
				s.Next = ahead(i)
				if c.below(8, "loop") == 0 {
					s.Next = any()
				}
			}
		}
		if s.Type == ast.TypeTask || s.Type == ast.TypeMap || s.Type == ast.TypeParallel {
			for range c.below(3, "catchers") {
				next := names[n-1]
				if c.below(3, "handler") == 0 {
					next = any()
				}
				s.Catch = append(s.Catch, &ast.Catcher{ErrorEquals: []string{"Glue.EntityNotFoundException", "States.ALL"}[c.below(2, "error"):], Next: next})
			}
		}
		if wild && c.below(9, "wild") == 0 {
			s.Next, s.End = "nowhere", c.below(2, "both") == 0
		}
		d.States = append(d.States, s)
	}
	d.StartAt = names[0]
	if wild && c.below(9, "start") == 0 {
		d.StartAt = "nothing"
	}
	return d
}
