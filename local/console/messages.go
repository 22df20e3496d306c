package console

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"airline/asl/jsonvalue"
	"airline/asl/report"
	"airline/local/cloudwatch"
)

const (
	messagesShown = 25
	bodiesShown   = 20   // of a queue
	lossesShown   = 50   // events that were given up
	bodyShown     = 4000 // bytes
)

// messagesView is the page of notifications, undelivered events and alarms.
type messagesView struct {
	Messages []message
	List     report.List
	Queues   []queueView
	Losses   []loss
	More     int // losses that are not shown
	Alarms   []cloudwatch.Alarm
}

// message is a notification.
type message struct {
	At            time.Time
	Topic         string
	Subject, Body string
	Dropped       string
	To            []recipient
}

type recipient struct{ Protocol, Endpoint, Problem string }

type queueView struct {
	Name     string
	Messages int
	Pipe     string // that gathers what is in the queue, with what has stopped it; empty of the others
	Bodies   []string
}

// queues are the queues, with the pipes that read them.
func (x *Index) queues() (list []queueView) {
	pipes := map[string]string{}
	for _, p := range x.world.Pipes().Pipes() {
		text := fmt.Sprintf("wait for others: the pipe %s has received %d of them", p.Name, p.Gathered)
		if !p.Running {
			text = fmt.Sprintf("wait: the pipe %s has stopped: %s", p.Name, cmp.Or(p.Reason, "by its settings"))
		}
		pipes[last(p.Source, ':')] = text
	}
	for _, q := range x.world.SQS().Queues() {
		list = append(list, queueView{Name: q.Name, Messages: q.Messages, Pipe: pipes[q.Name]})
	}
	return list
}

// loss is an event that no attempt delivered.
type loss struct {
	At                  time.Time
	Rule, Target, Event string
	Problem, Lost       string
}

// shownEndpoint is a subscription's endpoint as a page may show it: of a webhook the host alone, since the rest of its URL is a secret.
func shownEndpoint(endpoint string) string {
	if u, err := url.Parse(endpoint); err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Hostname() + "/..."
	}
	return endpoint
}

func messagesPage(_ context.Context, x *Index, q query) (*page, error) {
	v := messagesView{Alarms: x.world.Logs().Alarms()}
	all := x.world.SNS().Notifications()
	slices.Reverse(all)
	shown, list := cut(all, messagesShown, q, "from")
	v.List = list
	for _, n := range shown {
		m := message{At: n.Time, Topic: last(n.Topic, ':'), Subject: n.Subject, Body: bounded(indented(n.Message)), Dropped: n.Dropped}
		for _, d := range n.Deliveries {
			r := recipient{Protocol: d.Protocol, Endpoint: shownEndpoint(d.Endpoint)}
			if d.Err != nil {
				r.Problem = d.Err.Error()
			}
			m.To = append(m.To, r)
		}
		v.Messages = append(v.Messages, m)
	}
	for _, queue := range x.queues() {
		bodies := x.world.SQS().Bodies(queue.Name)
		for _, body := range bodies[max(0, len(bodies)-bodiesShown):] {
			queue.Bodies = append(queue.Bodies, bounded(indented(body)))
		}
		v.Queues = append(v.Queues, queue)
	}
	failures := x.world.Events().Failures()
	v.More = max(0, len(failures)-lossesShown)
	for _, f := range slices.Backward(failures[v.More:]) {
		l := loss{At: f.Time, Rule: f.Rule, Target: last(f.Target, ':'), Event: bounded(indented(jsonvalue.String(f.Event))), Problem: f.Err.Error()}
		if f.Lost != nil {
			l.Lost = f.Lost.Error()
		}
		v.Losses = append(v.Losses, l)
	}
	slices.SortStableFunc(v.Alarms, func(a, b cloudwatch.Alarm) int {
		return cmp.Or(cmp.Compare(rankOf(a.State), rankOf(b.State)), cmp.Compare(a.Name, b.Name))
	})
	return &page{Name: "messages", Title: "Messages", Data: v, Live: true}, nil
}

func rankOf(state string) int {
	return slices.Index([]string{"ALARM", "OK", "INSUFFICIENT_DATA"}, state)
}

// last is what follows the last separator.
func last(text string, separator byte) string { return text[strings.LastIndexByte(text, separator)+1:] }

// bounded is as much of a text as a page shows.
func bounded(text string) string {
	return report.Bounded(text, bodyShown)
}
