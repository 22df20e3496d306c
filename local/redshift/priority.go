package redshift

import (
	"fmt"
	"strings"
	"sync"
)

// priorities are those that sessions and users were given. Nothing is queued here, so they have no effect but to be told.
type priorities struct {
	mu    sync.Mutex
	given map[string]string // "session 5" or "user ann" -> "lowest"
}

// priorityUDFs are functions of one database.
func priorityUDFs() []*udf {
	p := &priorities{given: map[string]string{}}
	return []*udf{plain2("rs_session_priority", p.session), plain2("rs_user_priority", p.user)}
}

// change keeps a priority and gives the one before; "" is none.
func (p *priorities) change(of, to string) (before string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before = p.given[of]
	if p.given[of] = to; to == "" {
		delete(p.given, of)
	}
	return before
}

// session and user answer in the words of the guide's examples, which write the former priority of a user with a capital.
func (p *priorities) session(pid int64, to string) string {
	from := ""
	if before := p.change(fmt.Sprintf("session %d", pid), to); before != "" {
		from = "from " + before + " "
	}
	return fmt.Sprintf("Succeeded to change session priority. Changed session (pid:%d) priority %sto %s.", pid, from, to)
}

func (p *priorities) user(user, to string) string {
	if to == "reset" {
		p.change("user "+user, "")
		return "Succeeded to reset priority for user (" + user + ")."
	}
	from := ""
	if before := p.change("user "+user, to); before != "" {
		from = "from " + strings.ToUpper(before[:1]) + before[1:] + " "
	}
	return fmt.Sprintf("Succeeded to change user priority. Changed user (%s) priority %sto %s.", user, from, to)
}

// priority is the last argument.
func (c *callContext) priority(more string) string {
	to := lowerASCII(c.constant(1))
	if !set("critical highest high normal low lowest " + more)[to] {
		c.fail(c.place(1), "invalid priority %q", to)
	}
	return quoteText(to)
}

// sessionPriority changes the priority of a session; -1 is the caller's own.
func sessionPriority(c *callContext) value {
	a := c.account()
	pid, ok := c.wholeNumber(0)
	switch {
	case !ok:
		c.fail(c.place(0), "argument 1 of CHANGE_SESSION_PRIORITY is a number")
	case pid == -1:
		pid = int64(a.PID)
	case !a.Session(pid):
		c.fail(c.place(0), "session (pid:%d) does not exist", pid)
	}
	return volatile(of(textType, fn("rs_session_priority", castTo(fmt.Sprint(pid), "BIGINT"), c.priority(""))))
}

func userPriority(c *callContext) value {
	user := lowerASCII(c.constant(0))
	c.exists(c.account(), user, "user", 0)
	return volatile(of(textType, fn("rs_user_priority", quoteText(user), c.priority("reset"))))
}

func volatile(v value) value {
	v.volatile = true
	return v
}

// wholeNumber is argument i when it is a literal number, perhaps with a sign.
func (c *callContext) wholeNumber(i int) (n int64, ok bool) {
	x, sign := c.x.args[i], int64(1)
	if u, isUnary := x.(*unary); isUnary && u.op == "-" {
		x, sign = u.x, -1
	}
	l, isLiteral := x.(*literal)
	if !isLiteral || l.kind != numberLiteral || !allDigits(l.value) || len(l.value) > 9 {
		return 0, false
	}
	return sign * int64(number2(l.value)), true
}
