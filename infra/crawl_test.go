package infra

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"airline/local/recorder"
)

// crawlStack is the stack with settings of crawls.
func crawlStack(t *testing.T, crawl, schedule string) *recorder.Graph {
	t.Helper()
	g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"crawl": crawl, "crawlSchedule": schedule}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestCrawlSchedules(t *testing.T) {
	for schedule, want := range map[string]any{"monthly": "cron(0 3 1 * ? *)", "weekly": "cron(0 3 ? * SUN *)", "daily": "cron(0 3 * * ? *)", "never": nil} {
		for crawl, want := range map[string]any{"daily": want, "each": nil} {
			crawlers := crawlStack(t, crawl, schedule).OfType("aws:glue/crawler:Crawler")
			for _, c := range crawlers {
				if got, _ := c.Get("schedule"); got != want {
					t.Errorf("crawl: %s, crawlSchedule: %s: crawler %s has the schedule %v, want %v", crawl, schedule, c.Name, got, want)
				}
			}
			if len(crawlers) < 2 {
				t.Errorf("%d crawlers", len(crawlers))
			}
		}
	}
}

// On a live stack the setting changes how crawlers and machines work, and what machines may do: in place, and nothing else.
func TestCrawlChangesInPlace(t *testing.T) {
	inputs := func(g *recorder.Graph) map[string]map[string]any {
		all := map[string]map[string]any{}
		for _, r := range g.Resources {
			all[r.URN] = r.Inputs
		}
		return all
	}
	each, daily := crawlStack(t, "each", "monthly"), crawlStack(t, "daily", "monthly")
	before, after := inputs(each), inputs(daily)
	if a, b := slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(after)); !slices.Equal(a, b) {
		t.Errorf("the setting makes or removes resources: %d and %d", len(a), len(b))
	}
	// Properties that the provider changes in place.
	inPlace := map[string][]string{
		"aws:glue/crawler:Crawler": {"schedule"}, "aws:sfn/stateMachine:StateMachine": {"definition"}, "aws:iam/rolePolicy:RolePolicy": {"policy"},
	}
	changed := map[string]int{}
	for _, r := range daily.Resources {
		was := before[r.URN]
		names := slices.Compact(slices.Sorted(slices.Values(slices.Concat(slices.Collect(maps.Keys(was)), slices.Collect(maps.Keys(r.Inputs))))))
		for _, name := range names {
			if reflect.DeepEqual(was[name], r.Inputs[name]) {
				continue
			}
			changed[r.Type]++
			if !slices.Contains(inPlace[r.Type], name) {
				t.Errorf("%s changes %s", r.URN, name)
			}
		}
	}
	for typ := range inPlace {
		if changed[typ] < 2 {
			t.Errorf("%d changes of %s, want one for each dataset", changed[typ], typ)
		}
	}
}
