package infra

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reader takes settings one by one and collects what is wrong with them.
type reader struct {
	get      func(string) (string, bool)
	secret   func(string) bool // whether a key is a secret; nil when none is
	place    stackPlace
	asked    []string          // every key, in the order of asking
	bounds   map[string]string // of numbers, "1 to 365"
	problems []Problem
}

func (r *reader) problem(key, value, what, fix string) {
	name, _, _ := strings.Cut(key, "[")
	r.problems = append(r.problems, Problem{Key: key, Value: r.shown(name, value), What: what, Fix: fix})
}

// sound says that nothing is wrong with the keys so far.
func (r *reader) sound(keys ...string) bool {
	return !slices.ContainsFunc(r.problems, func(p Problem) bool { return slices.Contains(keys, p.Key) })
}

func (r *reader) text(key string) string {
	r.asked = append(r.asked, key)
	v, ok := r.get(key)
	if !ok {
		r.problem(key, "", "it has no value", "set it in the stack file or give it a default in Pulumi.yaml")
	}
	return v
}

func (r *reader) oneOf(key string, allowed ...string) string {
	v := r.text(key)
	if !slices.Contains(allowed, v) {
		r.problem(key, v, "it is not one of the choices", "use "+strings.Join(allowed, " or "))
	}
	return v
}

func (r *reader) matching(key string, form *regexp.Regexp, remedy string) string {
	v := r.text(key)
	if !form.MatchString(v) {
		r.problem(key, v, "it does not have the form AWS demands", remedy)
	}
	return v
}

func (r *reader) integer(key string, low, high int) int {
	v := r.text(key)
	bounds := fmt.Sprintf("%d to %d", low, high)
	if r.bounds == nil {
		r.bounds = map[string]string{}
	}
	r.bounds[key] = bounds
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		r.problem(key, v, "it is not a whole number in range", "use "+bounds)
	}
	return n
}

func (r *reader) optionalInteger(key string, low, high int) *int {
	if v, _ := r.get(key); v == "" {
		r.asked = append(r.asked, key)
		return nil
	}
	n := r.integer(key, low, high)
	return &n
}

func (r *reader) ratio(key string) float64 {
	v := r.text(key)
	f, err := strconv.ParseFloat(v, 64)
	if err != nil || !(f >= 0 && f <= 1) {
		r.problem(key, v, "it is not a share of the whole", "use a number from 0 to 1, such as 0.05")
	}
	return f
}

func (r *reader) boolean(key string) bool {
	v := r.text(key)
	b, err := strconv.ParseBool(v)
	if err != nil {
		r.problem(key, v, "it is not a truth value", "use true or false")
	}
	return b
}

func (r *reader) day(key string) string {
	v := r.text(key)
	if day, err := time.Parse(time.DateOnly, v); err != nil || day.Year() < 1 {
		r.problem(key, v, "it is no day", "use a day as YYYY-MM-DD, in quotes, such as \"1970-01-01\"")
	}
	return v
}

func (r *reader) list(key string, good func(string) bool, remedy string) []string {
	return r.checkedList(key, func(item string) (what, fix string) {
		if good(item) {
			return "", ""
		}
		return "it does not have the right form", remedy
	})
}

// checkedList reads a list of texts. check says what is wrong with one, and how to fix it; nothing when it is good.
func (r *reader) checkedList(key string, check func(item string) (what, fix string)) []string {
	v := r.text(key)
	var out []string
	if err := json.Unmarshal([]byte(v), &out); err != nil {
		r.problem(key, v, "it is not a list of texts", "write it as a YAML list, [] when empty")
		return nil
	}
	for i, item := range out {
		if what, fix := check(item); what != "" {
			r.problem(fmt.Sprintf("%s[%d]", key, i), item, what, fix)
		}
		if slices.Contains(out[:i], item) {
			r.problem(fmt.Sprintf("%s[%d]", key, i), item, "it is in the list already", "remove it")
		}
	}
	return out
}

func isMail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

func isHTTPS(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != ""
}
