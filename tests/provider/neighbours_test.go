package provider

import (
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Two stacks of one account and region, one's name the beginning of the other's, are deployed, changed and destroyed at the same
// time: neither is in the other's way, and neither has or loses anything of the other's.
func TestNeighbours(t *testing.T) {
	t.Parallel()
	first := newDeployment(t, "dev", map[string]string{"trigger": "cloudtrail"})
	second := deploymentIn(t, first.endpoint, "dev-2", "dev", nil)
	both := []*deployment{first, second}
	before := first.inventory()

	together(t, first.tryUp, second.tryUp)
	for _, d := range both {
		d.settled("after both were deployed at once")
		d.sameAsLocal()
	}
	alone := second.state()

	first.change(map[string]string{"trigger": "s3", "workers": "4", "maxRejectRatio": "0.4"})
	second.change(map[string]string{"logRetentionDays": "14", "reconcileDays": "10"})
	together(t, first.tryUp, second.tryUp)
	for _, d := range both {
		d.settled("after both were changed at once")
		d.sameAsLocal()
	}

	// One goes while the other is brought up to date.
	second.change(map[string]string{"logRetentionDays": "7", "reconcileDays": "7"})
	together(t, func() (string, error) { return first.try("destroy", "--yes", "--skip-preview") }, second.tryUp)
	if left := first.state(); len(left) > 0 {
		t.Errorf("%d resources are left in the state of the stack that was destroyed", len(left))
	}
	second.settled("after its neighbour went")
	second.sameAsLocal()
	if diff := cmp.Diff(urns(alone), urns(second.state())); diff != "" {
		t.Errorf("the stack has other resources than before its neighbour went (-before +after):\n%s", diff)
	}
	second.leavesNothing(before)
}

// together does things at the same time; the test ends unless all succeed.
func together(t *testing.T, do ...func() (string, error)) {
	t.Helper()
	outs, errs := make([]string, len(do)), make([]error, len(do))
	var wait sync.WaitGroup
	for i := range do {
		wait.Go(func() { outs[i], errs[i] = do[i]() })
	}
	wait.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("the %d. of %d at the same time: %v\n%s", i+1, len(do), err, outs[i])
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

func urns(resources []resource) (all []string) {
	for _, r := range resources {
		all = append(all, r.URN)
	}
	slices.Sort(all)
	return all
}
