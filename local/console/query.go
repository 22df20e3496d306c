package console

import (
	"net/url"
	"strconv"

	"airline/asl/report"
)

// query says which part of a page is asked for.
type query struct {
	url.Values
	// Report asks for everything, as far as a report shows it: nothing can be asked for later.
	Report bool
}

// reportShown is how much of a list a report shows.
const reportShown = 1000

// number is a parameter that is a number from 0; 0 for anything else.
func (q query) number(name string) int {
	n, err := strconv.Atoi(q.Get(name))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// with is the query with some parameters changed: names and values in turn. Empty values are left out. In a report it is nothing.
func (q query) with(changes ...string) string {
	if q.Report {
		return ""
	}
	c := url.Values{}
	for name, values := range q.Values {
		c[name] = values
	}
	for i := 0; i+1 < len(changes); i += 2 {
		c.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			c.Del(changes[i])
		}
	}
	return "?" + c.Encode()
}

// cut is the part of a list that a page shows, with links to its neighbours.
func cut[T any](list []T, length int, q query, name string) ([]T, report.List) {
	if q.Report {
		length = max(length, reportShown)
	}
	l := report.List{From: min(q.number(name), len(list)), Total: len(list)}
	l.To = min(l.From+length, l.Total)
	if l.From > 0 {
		l.Before = q.with(name, strconv.Itoa(max(0, l.From-length)))
	}
	if l.To < l.Total {
		l.After = q.with(name, strconv.Itoa(l.To))
	}
	return list[l.From:l.To], l
}
