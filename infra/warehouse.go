package infra

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Warehouse is Redshift, serverless or provisioned, with its tables and the rights of the state machines in it.
// It is reached through the Data API only: no password, no network path.
type Warehouse struct {
	pulumi.ResourceState

	// Settled are the last statements; what loads the warehouse depends on them.
	Settled []pulumi.Resource
	// WorkgroupARN is known of a given workgroup only.
	WorkgroupARN string
	// ARN is the workgroup's or the cluster's.
	ARN pulumi.StringOutput
	// Endpoint is where connections are opened, host:port.
	Endpoint pulumi.StringPtrOutput
	// AdminSecretARN leads to the administrator's password.
	AdminSecretARN pulumi.StringPtrInput
}

// WarehouseArgs describe the warehouse.
type WarehouseArgs struct {
	Names   Names
	Config  WarehouseConfig
	Network *Network
	KeyARN  pulumi.StringInput
	Copy    *Role             // reads the staging bucket in COPY
	Logs    []pulumi.Resource // log groups of a cluster, which are there before it writes and go after it
	// Tables are the statements that make schema and tables, in order. Each may run again.
	Tables []string
	// Views are the statements that make views of the tables. Each may run again.
	Views []string
	// Upgrade are the statements that bring tables of an earlier release to the same, one after the other. Each may run again.
	Upgrade []string
	// Loaders are the things whose roles load tables, Readers those whose roles only look at them: the state machines.
	Loaders, Readers []string
	Protect          bool
	// Renew makes the warehouse's resources anew when the setting renewal says so.
	Renew pulumi.ResourceOption
	// Final takes the final snapshot of a namespace.
	Final *pulumi.ResourceHook
}

// adminUser is the administrator's name in the database. AWS's default names are half of a guess.
const adminUser = "airline_admin"

// connection is how statements reach the database as its administrator.
type connection struct {
	workgroup, cluster pulumi.StringPtrInput
	secret             pulumi.StringPtrInput
	// holder is the identifier that AWS gave to what holds the database: a new namespace or cluster has a new one.
	holder pulumi.StringInput
	// arn and endpoint are the workgroup's or the cluster's.
	arn      pulumi.StringOutput
	endpoint pulumi.StringPtrOutput
}

// NewWarehouse makes the warehouse, its tables and its users.
func NewWarehouse(ctx *pulumi.Context, name string, args *WarehouseArgs, opts ...pulumi.ResourceOption) (*Warehouse, error) {
	w := &Warehouse{}
	child, err := register(ctx, "Warehouse", name, w, opts)
	if err != nil {
		return nil, err
	}
	build := newServerless
	if args.Config.Kind == Provisioned {
		build = newCluster
	}
	if args.Names.Given.warehouse() != "" {
		build = w.give
	}
	admin, err := build(ctx, name, args, child)
	if err != nil {
		return nil, err
	}
	w.ARN, w.Endpoint, w.AdminSecretARN = admin.arn, admin.endpoint, admin.secret
	if err := w.execute(ctx, name, args, admin, child); err != nil {
		return nil, err
	}
	return w, ctx.RegisterResourceOutputs(w, pulumi.Map{"name": pulumi.String(args.Names.warehouse())})
}
