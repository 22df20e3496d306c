package infra

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless/types"

	"airline/local/recorder"
)

// fakeSnapshots is Redshift Serverless: a snapshot has the statuses one after the other.
type fakeSnapshots struct {
	refuse   error
	statuses []types.SnapshotStatus
	taken    []string // namespaces and names
}

func (f *fakeSnapshots) CreateSnapshot(_ context.Context, in *redshiftserverless.CreateSnapshotInput, _ ...func(*redshiftserverless.Options)) (*redshiftserverless.CreateSnapshotOutput, error) {
	if f.refuse != nil {
		return nil, f.refuse
	}
	taken := *in.NamespaceName + " " + *in.SnapshotName
	for _, tag := range in.Tags {
		taken += " " + *tag.Key + "=" + *tag.Value
	}
	f.taken = append(f.taken, taken)
	return &redshiftserverless.CreateSnapshotOutput{}, nil
}

func (f *fakeSnapshots) GetSnapshot(context.Context, *redshiftserverless.GetSnapshotInput, ...func(*redshiftserverless.Options)) (*redshiftserverless.GetSnapshotOutput, error) {
	status := f.statuses[0]
	if len(f.statuses) > 1 {
		f.statuses = f.statuses[1:]
	}
	return &redshiftserverless.GetSnapshotOutput{Snapshot: &types.Snapshot{Status: status}}, nil
}

// A namespace goes only when its final snapshot is there; what stands in the way says so, and what to do.
func TestFinalSnapshotOfANamespace(t *testing.T) {
	const taken = "airline-dev airline-dev-final-20261129042200 stack=airline-dev"
	creating, available := types.SnapshotStatusCreating, types.SnapshotStatusAvailable
	tests := []struct {
		name     string
		refuse   error
		statuses []types.SnapshotStatus
		taken    string
		err      string
	}{
		{"at once", nil, []types.SnapshotStatus{available}, taken, ""},
		{"in a while", nil, []types.SnapshotStatus{creating, creating, available}, taken, ""},
		{"refused", errors.New("AccessDeniedException"), nil, "", "AccessDeniedException; the warehouse stays"},
		{"failed", nil, []types.SnapshotStatus{creating, types.SnapshotStatusFailed}, taken, "its status is FAILED; the warehouse stays"},
		{"never", nil, []types.SnapshotStatus{creating}, taken, "it is not ready after"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &fakeSnapshots{refuse: test.refuse, statuses: test.statuses}
			s := &snapshotter{
				connect: func(context.Context) (snapshots, error) { return f, nil }, tries: 5, tags: map[string]string{"stack": "airline-dev"}, say: func(string) {},
				now: func() time.Time { return time.Date(2026, 11, 29, 4, 22, 0, 0, time.UTC) },
			}
			err := s.take(t.Context(), "airline-dev")
			if (err == nil) != (test.err == "") || err != nil && (!strings.Contains(err.Error(), test.err) || !strings.Contains(err.Error(), "finalSnapshot to false")) {
				t.Errorf("got %v, want %q", err, test.err)
			}
			if got := strings.Join(f.taken, ", "); got != test.taken {
				t.Errorf("took %q, want %q", got, test.taken)
			}
		})
	}
}

// The workgroup has the hook where a namespace would go without a snapshot, and nothing else has it.
func TestWhoLeavesAFinalSnapshot(t *testing.T) {
	for name, test := range map[string]struct {
		stack     string
		overrides map[string]string
		want      bool
	}{
		"unprotected":             {"dev", map[string]string{"finalSnapshot": "true"}, true},
		"unprotected, not wanted": {"dev", nil, false},
		"protected":               {"dev", map[string]string{"finalSnapshot": "true", "protect": "true"}, false},
		"a cluster":               {"prod", map[string]string{"protect": "false"}, false},
		"a review stack":          {"pr", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := recordWith(t, recorder.Options{Stack: test.stack, Overrides: test.overrides})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range g.Resources {
				want := test.want && r.ShortType() == "Workgroup"
				if got := slices.Contains(r.DeleteHooks, finalHook); got != want {
					t.Errorf("%s %s leaves a snapshot: %t, want %t", r.Type, r.Name, got, want)
				}
			}
		})
	}
}

// Where the stack is not protected, its warehouse is made anew with another renewal, and a cluster's final snapshot has another
// name.
func TestRenewal(t *testing.T) {
	for _, kind := range []string{"serverless", "provisioned"} {
		recorded := func(renewal, protect string) map[string]*recorder.Resource {
			g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"warehouse": kind, "renewal": renewal, "protect": protect}})
			if err != nil {
				t.Fatal(err)
			}
			all := map[string]*recorder.Resource{}
			for _, r := range g.Resources {
				if slices.Contains([]string{"Namespace", "Workgroup", "Cluster", "SubnetGroup", "Stash"}, r.ShortType()) && r.Name != "fixed" && r.Name != "identity" {
					all[r.Type+" "+r.Name] = r
				}
			}
			return all
		}
		one, two, protected := recorded("", "false"), recorded("2026-11-29", "false"), recorded("2026-11-29", "true")
		if len(one) != 3 {
			t.Fatalf("%s: %d resources, want the warehouse's two and what the state remembers", kind, len(one))
		}
		for name, r := range one {
			if r.ReplacementTrigger == "" || r.ReplacementTrigger == two[name].ReplacementTrigger {
				t.Errorf("%s: %s is not made anew: %q and %q", kind, name, r.ReplacementTrigger, two[name].ReplacementTrigger)
			}
			if trigger := protected[name].ReplacementTrigger; trigger != "" {
				t.Errorf("%s: %s is made anew although it is protected: %q", kind, name, trigger)
			}
			if r.ShortType() == "Cluster" && r.String("finalSnapshotIdentifier") == two[name].String("finalSnapshotIdentifier") {
				t.Error("the final snapshots of two clusters have one name")
			}
		}
	}
}
