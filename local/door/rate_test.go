package door_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"airline/local/door"
)

type hand struct{ now time.Time }

func (h *hand) Now() time.Time { return h.now }

type everybody struct{}

func (everybody) Authorize(door.Principal, door.Request) error { return nil }

func TestRates(t *testing.T) {
	clock := &hand{time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}
	d := door.New(clock, everybody{}, 1)
	d.Limit(door.Rates{"glue:GetCrawler": {Burst: 3, PerSecond: 2}})
	call := func(action string) bool {
		t.Helper()
		ctx := door.As(context.Background(), door.Principal{ARN: "arn:aws:iam::1:user/u"})
		_, err := door.Call(ctx, d, door.Op[struct{}, struct{}]{Service: "glue", Action: action, Do: func(context.Context, *struct{}) (*struct{}, error) { return &struct{}{}, nil }}, nil)
		var api smithy.APIError
		if err != nil && (!errors.As(err, &api) || api.ErrorCode() != "ThrottlingException") {
			t.Fatal(err)
		}
		return err == nil
	}
	passed := func(action string) (n int) {
		for range 10 {
			if call(action) {
				n++
			}
		}
		return n
	}
	for i, step := range []struct {
		action string
		after  time.Duration
		want   int
	}{
		{"GetCrawler", 0, 3}, {"StartCrawler", 0, 10}, {"GetCrawler", 0, 0}, {"GetCrawler", 500 * time.Millisecond, 1}, {"GetCrawler", 250 * time.Millisecond, 0},
		{"GetCrawler", 250 * time.Millisecond, 1}, {"GetCrawler", time.Hour, 3},
	} {
		clock.now = clock.now.Add(step.after)
		if got := passed(step.action); got != step.want {
			t.Errorf("step %d: %d of 10 calls of %s passed, want %d", i, got, step.action, step.want)
		}
	}
	d.Limit(door.Rates{"glue:GetCrawler": {Burst: 7, PerSecond: 1}})
	if got := passed("GetCrawler"); got != 7 {
		t.Errorf("%d calls passed with the new rate, want 7", got)
	}
}

func TestDocumentedRatesDifferByRegion(t *testing.T) {
	for region, want := range map[string]door.Rate{"us-east-1": {Burst: 1300, PerSecond: 300}, "eu-central-1": {Burst: 800, PerSecond: 150}} {
		if got := door.DocumentedRates(region)["sfn:StartExecution"]; got != want {
			t.Errorf("%s: %v, want %v", region, got, want)
		}
	}
}
