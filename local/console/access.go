package console

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/report"
	"airline/local/door"
)

const (
	callsShown    = 100
	refusalsShown = 50
)

// accessView is the page of calls.
type accessView struct {
	Calls    []Calls
	List     report.List
	Refusals []refusal
	Total    int // of refusals
	Query    query
}

// refusal is a request that the policies refused, as often as it came, with what would allow it.
type refusal struct {
	At                time.Time // the last
	Who, Text         string
	Action, Resource  string
	Times             int
	Advice, Statement string
}

func accessPage(_ context.Context, x *Index, q query) (*page, error) {
	v := accessView{Query: q}
	var all []Calls
	text := strings.ToLower(q.Get("text"))
	for _, c := range x.calls {
		if text == "" || strings.Contains(strings.ToLower(c.Principal+" "+c.Service+":"+c.Action), text) {
			all = append(all, *c)
		}
	}
	slices.SortFunc(all, func(a, b Calls) int {
		return cmp.Or(cmp.Compare(b.Refused, a.Refused), cmp.Compare(a.Principal, b.Principal), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Action, b.Action))
	})
	v.Calls, v.List = cut(all, callsShown, q, "from")
	refused := x.world.Refused()
	v.Total = len(refused)
	index := map[string]int{}
	for _, denied := range slices.Backward(refused) {
		if i, ok := index[denied.Message]; ok {
			v.Refusals[i].Times++
			continue
		}
		if len(v.Refusals) == refusalsShown {
			continue
		}
		index[denied.Message] = len(v.Refusals)
		v.Refusals = append(v.Refusals, refusalOf(denied))
	}
	return &page{Name: "access", Title: "Access", Data: v, Live: true}, nil
}

// refusalOf tells what would allow a refused request.
func refusalOf(denied *door.AccessDenied) refusal {
	r := refusal{
		At: denied.Time, Who: nameOf(denied.Principal), Text: denied.Message, Times: 1, Action: denied.Request.Action, Resource: denied.Request.Resource,
		Advice: "A policy of " + nameOf(denied.Principal) + " needs the statement",
	}
	if strings.Contains(denied.Message, "explicit deny") {
		r.Advice = "A statement denies it explicitly: no other can allow it. Change that statement so that it does not match."
		return r
	}
	statement := jsonvalue.NewObject(4)
	statement.Set("Effect", "Allow")
	if denied.Principal.Service != "" || strings.Contains(denied.Message, "no resource-based policy") {
		r.Advice = "The policy of " + denied.Request.Resource + " needs the statement"
		principal := jsonvalue.NewObject(1)
		if denied.Principal.Service != "" {
			principal.Set("Service", denied.Principal.Service)
		} else {
			principal.Set("AWS", denied.Principal.Role)
		}
		statement.Set("Principal", principal)
	}
	statement.Set("Action", denied.Request.Action)
	statement.Set("Resource", denied.Request.Resource)
	r.Statement = indented(jsonvalue.String(statement))
	return r
}
