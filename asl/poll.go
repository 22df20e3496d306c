package asl

import (
	"strings"
	"time"

	"airline/asl/ast"
)

// PollSpec says how a poll loop goes on and how it ends. It always ends: Within
// bounds it.
type PollSpec struct {
	// Every is the time between two polls; whole seconds, at least one.
	Every time.Duration
	// Rate, when above 1, multiplies the time after each poll, up to MaxEvery.
	Rate     float64
	MaxEvery time.Duration
	// Within bounds the time of all waits together.
	Within time.Duration
	// Immediately polls once before the first wait.
	Immediately bool
	// Cases are looked at first, in order, after each poll. ResultAt is the
	// task's output in them, At still the state's input.
	Cases []Case
	// Until leads on when it holds.
	Until Rule
	// Expired is where the loop leads when its time is over.
	Expired Route
}

// Case is a condition with where it leads.
type Case struct {
	When Rule
	Next Route
}

// Polled is a poll loop as one step of a machine.
type Polled[Op, Out any] struct {
	get  Task[Op, Out]
	spec PollSpec
	pos  ast.Position
}

// Poll makes a loop that runs the task again and again until a condition holds:
//
//	ready := asl.Poll(getCrawler, asl.PollSpec{
//		Every: 30 * time.Second, Within: 2 * time.Hour,
//		Until:   asl.Eq(asl.ResultAt(func(o *glue.GetCrawlerOutput) *glue.CrawlerState { return &o.Crawler.State }), glue.Ready),
//		Expired: tooLong,
//	})
//
// The states are named after the task: for GetCrawler, GetCrawlerBegin,
// GetCrawlerWait, GetCrawler and GetCrawlerCheck. The state's input passes
// through the loop unchanged; the task's last output is in the variable that
// Result gives.
//
// One poll writes 9 events into the history, which holds 25,000.
func Poll[Op, Out any](get Task[Op, Out], spec PollSpec) Polled[Op, Out] {
	return Polled[Op, Out]{get: get, spec: spec, pos: caller()}
}

// Result is the variable with the task's last output.
func (p Polled[Op, Out]) Result() Variable[Out] { return Var[Out](variableName(p.get.StateName())) }

// Then leads on to the target when the loop's condition holds.
func (p Polled[Op, Out]) Then(to Target) Wired { return p.wire(to) }

// End ends the machine, or the branch, when the loop's condition holds.
func (p Polled[Op, Out]) End() Wired { return p.wire(nil) }

func (p Polled[Op, Out]) guarded(to CatchTarget) Step {
	p.get = Task[Op, Out]{leading{p.get.c.guarded(to)}}
	return p
}

// pollEvents is what one poll adds to the history: 2 events of the Wait, 5 of
// the task, 2 of the Choice. maxPollEvents leaves room for the rest of the
// machine and for retries.
const (
	pollEvents    = 9
	maxPollEvents = ast.MaxEvents * 9 / 10
)

func (p Polled[Op, Out]) wire(to Target) Wired {
	name := p.get.StateName()
	kept := variableName(name)
	polls := Var[int](kept + "_polls")
	result := p.Result()
	intervals, mistake := p.intervals()

	if to == nil {
		to = Succeed(name + "Done")
	}
	again := NewLabel(name)
	placed := func(c *core) *core { return c.edited(func(c *core) { c.pos = p.pos }) }
	begin := passOf(placed(newCore(name+"Begin", ast.TypePass))).Assign(Let(polls, Int(0)))
	pause := placed(newWait(name + "Wait"))
	get := p.get.KeepInput().Assign(
		Let(polls, MathAdd(polls, Int(1))),
		Let(result, Result[Out]()))

	if uniform(intervals) {
		pause = pause.with(func(_ renderer, s *ast.State) { s.Seconds = ast.NewField(intervals[0]) })
	} else {
		next := Var[int](kept + "_seconds")
		list := make([]Value[int], len(intervals))
		for i := range intervals {
			list[i] = Int(intervals[min(i+1, len(intervals)-1)])
		}
		pause = pause.with(func(r renderer, s *ast.State) { r.at("/Seconds", placeInput).field(next, &s.Seconds, &s.SecondsPath) })
		begin = begin.Assign(Let(next, Int(intervals[0])))
		// polls still has its old value here: the number of this poll from 0.
		get = get.Assign(Let(next, ArrayGetItem(Array(list...), polls)))
	}
	check := choiceOf(placed(newCore(name+"Check", ast.TypeChoice)))
	for _, c := range p.spec.Cases {
		check = check.when(p.pos, about(result, c.When), c.Next, nil, nil)
	}
	check = check.when(p.pos, about(result, p.spec.Until), to, nil, nil)
	check = check.when(p.pos, Ge(polls, len(intervals)), p.spec.Expired, nil, nil)
	if mistake != "" {
		check = choiceOf(check.described.c.with(func(r renderer, _ *ast.State) { r.fail("see PollSpec", "the poll loop %s", mistake) }))
	}
	judge := check.Otherwise(again)
	judge.n.lead = to
	first := pause.wire(get.Then(judge))
	if p.spec.Immediately {
		again.Bind(first)
		return begin.Then(Wired{first.n.next.(Wired).n})
	}
	return begin.Then(again.Bind(first))
}

// intervals are the waits in seconds, before each poll.
func (p Polled[Op, Out]) intervals() (list []int, mistake string) {
	s := p.spec
	every := max(1, int(seconds(s.Every).Value().(float64)))
	switch {
	case s.Every <= 0 || s.Within < s.Every:
		mistake = "needs Every above zero and Within not below it"
	case s.Rate != 0 && s.Rate < 1:
		mistake = "needs a Rate of at least 1"
	case s.Rate > 1 && s.MaxEvery < s.Every:
		mistake = "needs MaxEvery not below Every when it has a Rate"
	case s.Expired == nil:
		mistake = "needs Expired: where to go when its time is over"
	}
	if mistake != "" {
		return []int{every, every}, mistake
	}
	limit, total, wait := int(s.Within.Seconds()), 0, float64(every)
	list = make([]int, 0, min(limit/every, maxPollEvents/pollEvents)+1)
	for total+int(wait) <= limit && len(list) <= maxPollEvents/pollEvents {
		list = append(list, int(wait))
		total += int(wait)
		if s.Rate > 1 {
			wait = min(wait*s.Rate, s.MaxEvery.Seconds())
		}
	}
	if len(list) > maxPollEvents/pollEvents {
		mistake = "exceeds the history's 25,000 events: a poll writes 9; poll less often, with a Rate, or for a shorter time"
	}
	return list, mistake
}

func uniform(list []int) bool {
	for _, n := range list {
		if n != list[0] {
			return false
		}
	}
	return true
}

// about lets a condition look at the result where it is kept.
func about(kept Reference, c Rule) Rule {
	return Rule{func(r renderer) *ast.Rule {
		where := kept.reference()
		r.rebase = &where
		return c.spell(r)
	}}
}

// variableName makes a variable's name of a state's: GetCrawler, Get_Crawler_2.
func variableName(state string) string {
	name := strings.Map(func(c rune) rune {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' {
			return c
		}
		return '_'
	}, state)
	if name == "" || '0' <= name[0] && name[0] <= '9' {
		name = "v" + name
	}
	return name
}
