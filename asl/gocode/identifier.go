package gocode

import (
	"go/token"
	"strconv"
	"strings"
	"unicode"
)

// identifiers gives out names of variables.
type identifiers struct{ taken map[string]bool }

func newIdentifiers() *identifiers {
	taken := map[string]bool{"d": true, "s": true, "err": true, "main": true, "asl": true, "ast": true, "states": true, "time": true, "json": true, "fmt": true, "os": true}
	for pkg := range packages() {
		taken[pkg] = true
	}
	return &identifiers{taken}
}

// predeclared identifiers that generated source needs as they are.
var predeclared = map[string]bool{
	"any": true, "string": true, "int": true, "bool": true, "float64": true, "nil": true, "true": true, "false": true,
	"error": true, "make": true, "new": true, "len": true, "append": true, "init": true,
}

// of makes a variable's name of a state's: WaitCrawler and "wait crawler" give
// waitCrawler.
func (id *identifiers) of(state string) string {
	var b strings.Builder
	for _, word := range words(state) {
		if b.Len() == 0 {
			b.WriteString(lowerFirst(word))
		} else {
			b.WriteString(upperFirst(word))
		}
	}
	name := b.String()
	if name == "" || !unicode.IsLetter([]rune(name)[0]) {
		name = "state" + upperFirst(name)
	}
	if !token.IsIdentifier(name) || predeclared[name] {
		name += "State"
	}
	return id.unused(name)
}

func (id *identifiers) unused(name string) string {
	base := strings.TrimRight(name, "0123456789")
	for n := 2; id.taken[name]; n++ {
		name = base + strconv.Itoa(n)
	}
	id.taken[name] = true
	return name
}

// words are the runs of letters and digits.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// lowerFirst makes the first letter, or the leading abbreviation, lower case.
func lowerFirst(s string) string {
	r := []rune(s)
	n := 0
	for n < len(r) && unicode.IsUpper(r[n]) {
		n++
	}
	if n > 1 && n < len(r) && unicode.IsLower(r[n]) {
		n-- // SNSPublish: the last capital begins a word
	}
	for i := range max(n, min(1, len(r))) {
		r[i] = unicode.ToLower(r[i])
	}
	return string(r)
}

func upperFirst(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = unicode.ToUpper(r[0])
	}
	return string(r)
}
