package iam

import "strings"

// Covers tells whether one pattern matches everything that another one matches: "a*" covers "a?", and not the other way round.
func Covers(wide, narrow string) bool {
	if wide == "*" || wide == narrow {
		return true
	}
	if !strings.ContainsAny(narrow, "*?") {
		return Like(wide, narrow)
	}
	c := covering{wide: []rune(wide), narrow: []rune(narrow), seen: map[string]bool{}}
	return c.from(c.closed([]int{0}), 0)
}

// CoversAction is Covers without regard to case, as actions are compared.
func CoversAction(wide, narrow string) bool { return Covers(lower(wide), lower(narrow)) }

// CoversARN is Covers for resources, whose wildcards stay within a part of the ARN.
func CoversARN(wide, narrow string) bool {
	w, n := compileARN(wide), compileARN(narrow)
	switch {
	case w.any || wide == narrow:
		return true
	case n.any || !w.ok || !n.ok:
		return false
	}
	for i := range w.parts {
		if !Covers(w.parts[i].text, n.parts[i].text) {
			return false
		}
	}
	return true
}

// covering walks the narrow pattern with all places of the wide one where a match may stand. A ? of the narrow pattern is a
// character that the wide one does not name, since any other is easier to match; a * is any number of them.
type covering struct {
	wide, narrow []rune
	seen         map[string]bool // answers by place in the narrow pattern and places in the wide one
}

func (c *covering) from(places []int, at int) bool {
	if len(places) == 0 {
		return false
	}
	if at == len(c.narrow) {
		return places[len(places)-1] == len(c.wide)
	}
	id := key(at, places)
	if answer, ok := c.seen[id]; ok {
		return answer
	}
	answer := true
	switch r := c.narrow[at]; r {
	case '*':
		met := map[string]bool{}
		for answer && !met[key(at, places)] {
			met[key(at, places)] = true
			answer = c.from(places, at+1)
			places = c.step(places, -1)
		}
	case '?':
		answer = c.from(c.step(places, -1), at+1)
	default:
		answer = c.from(c.step(places, r), at+1)
	}
	c.seen[id] = answer
	return answer
}

// step are the places after one more character; -1 is one that the wide pattern does not name.
func (c *covering) step(places []int, r rune) []int {
	var next []int
	for _, p := range places {
		switch {
		case p == len(c.wide):
		case c.wide[p] == '*':
			next = append(next, p)
		case c.wide[p] == '?' || c.wide[p] == r:
			next = append(next, p+1)
		}
	}
	return c.closed(next)
}

// closed adds the places behind a *, which also stands for nothing; sorted, each once.
func (c *covering) closed(places []int) []int {
	in := make([]bool, len(c.wide)+1)
	for _, p := range places {
		in[p] = true
	}
	out := places[:0:0]
	for p := range in {
		if p > 0 && in[p-1] && c.wide[p-1] == '*' {
			in[p] = true
		}
		if in[p] {
			out = append(out, p)
		}
	}
	return out
}

func key(at int, places []int) string {
	b := make([]byte, 0, 4*len(places)+4)
	for _, n := range append([]int{at}, places...) {
		b = append(b, byte(n), byte(n>>8), byte(n>>16))
	}
	return string(b)
}
