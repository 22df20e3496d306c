package infra

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless/types"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// finalHook is the name of the hook in the state: a destroy looks for it in the program.
const finalHook = "final-snapshot"

// How long a final snapshot may take: Redshift copies what changed since the last recovery point, half an hour old at most.
const (
	snapshotTries = 360
	snapshotPause = 10 * time.Second
)

// snapshots are the two calls of Redshift Serverless that a final snapshot takes.
type snapshots interface {
	CreateSnapshot(context.Context, *redshiftserverless.CreateSnapshotInput, ...func(*redshiftserverless.Options)) (*redshiftserverless.CreateSnapshotOutput, error)
	GetSnapshot(context.Context, *redshiftserverless.GetSnapshotInput, ...func(*redshiftserverless.Options)) (*redshiftserverless.GetSnapshotOutput, error)
}

// snapshotter takes the final snapshot of a namespace: the provider has no argument for it.
type snapshotter struct {
	connect func(context.Context) (snapshots, error)
	tags    map[string]string
	now     func() time.Time
	pause   time.Duration
	tries   int
	say     func(string)
}

// registerFinalSnapshot registers the hook that takes the final snapshot of a namespace. The engine asks for it by name also
// after the resource has left the program, so every stack has it.
func registerFinalSnapshot(ctx *pulumi.Context, provider *providerSettings, tags map[string]string) (*pulumi.ResourceHook, error) {
	s := &snapshotter{
		connect: func(ctx context.Context) (snapshots, error) {
			config, err := provider.client(ctx)
			if err != nil {
				return nil, err
			}
			return redshiftserverless.NewFromConfig(config, provider.endpoint("redshiftserverless")), nil
		},
		tags: tags, now: time.Now, pause: snapshotPause, tries: snapshotTries,
		say: func(text string) { _ = ctx.Log.Info(text, nil) }, // the snapshot is what counts
	}
	return ctx.RegisterResourceHook(finalHook, func(args *pulumi.ResourceHookArgs) error {
		namespace := args.OldOutputs["namespaceName"]
		if !namespace.IsString() {
			return fmt.Errorf("%s: the state does not say its namespace", args.Name)
		}
		return s.take(ctx.Context(), namespace.StringValue())
	}, nil)
}

// take takes a snapshot of a namespace and waits for it. Its name has the time, so it is new whenever the warehouse goes.
func (s *snapshotter) take(ctx context.Context, namespace string) error {
	name := namespace + "-final-" + s.now().UTC().Format("20060102150405")
	failed := func(err error) error {
		return fmt.Errorf("final snapshot %s: %w; the warehouse stays. Destroy or update again when the cause is gone, or set finalSnapshot to false and update first", name, err)
	}
	client, err := s.connect(ctx)
	if err != nil {
		return failed(err)
	}
	in := &redshiftserverless.CreateSnapshotInput{NamespaceName: &namespace, SnapshotName: &name}
	for key, value := range s.tags {
		in.Tags = append(in.Tags, types.Tag{Key: &key, Value: &value})
	}
	if _, err := client.CreateSnapshot(ctx, in); err != nil {
		return failed(err)
	}
	s.say("final snapshot " + name + " of namespace " + namespace + ": waiting for it")
	for range s.tries {
		got, err := client.GetSnapshot(ctx, &redshiftserverless.GetSnapshotInput{SnapshotName: &name})
		if err != nil {
			return failed(err)
		}
		if got.Snapshot == nil {
			return failed(fmt.Errorf("AWS does not tell its status"))
		}
		switch got.Snapshot.Status {
		case types.SnapshotStatusAvailable:
			return nil
		case types.SnapshotStatusFailed, types.SnapshotStatusCancelled, types.SnapshotStatusDeleted:
			return failed(fmt.Errorf("its status is %s", got.Snapshot.Status))
		}
		select {
		case <-ctx.Done():
			return failed(ctx.Err())
		case <-time.After(s.pause):
		}
	}
	return failed(fmt.Errorf("it is not ready after %s", time.Duration(s.tries)*s.pause))
}

// leaveSnapshot is the option of a workgroup whose namespace leaves a final snapshot. The workgroup goes before its namespace,
// which has no snapshot without one. A protected one needs none: it stays.
func (args *WarehouseArgs) leaveSnapshot() pulumi.ResourceOption {
	if args.Protect || !args.Config.FinalSnapshot {
		return pulumi.Composite()
	}
	return pulumi.ResourceHooks(&pulumi.ResourceHookBinding{BeforeDelete: []*pulumi.ResourceHook{args.Final}})
}

// renewed are the options of what the setting renewal makes anew. Its names are not free before the old one is gone.
func (args *WarehouseArgs) renewed() pulumi.ResourceOption {
	return pulumi.Composite(args.Renew, pulumi.DeleteBeforeReplace(true))
}
