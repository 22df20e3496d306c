package infra

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/redshiftdata"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Warehouse is Redshift, serverless or provisioned, with its tables and the rights of the state machines in it.
// It is reached through the Data API only: no password, no network path.
type Warehouse struct {
	pulumi.ResourceState

	// Settled are the last statements; what loads the warehouse depends on them.
	Settled []pulumi.Resource
}

// WarehouseArgs describe the warehouse.
type WarehouseArgs struct {
	Names   Names
	Config  WarehouseConfig
	Network *Network
	KeyARN  pulumi.StringInput
	Copy    *Role // reads the staging bucket in COPY
	// Tables are the statements that make schema and tables, in order. Each may run again.
	Tables []string
	// Loaders are the things whose roles load tables, Readers those whose roles only look at them: the state machines.
	Loaders, Readers []string
	Protect          bool
}

// adminUser is the administrator's name in the database. AWS's default names are half of a guess.
const adminUser = "airline_admin"

// connection is how statements reach the database as its administrator.
type connection struct {
	workgroup, cluster pulumi.StringPtrInput
	secret             pulumi.StringPtrInput
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
	admin, err := build(ctx, name, args, child)
	if err != nil {
		return nil, err
	}
	if err := w.execute(ctx, name, args, admin, child); err != nil {
		return nil, err
	}
	return w, ctx.RegisterResourceOutputs(w, pulumi.Map{"name": pulumi.String(args.Names.warehouse())})
}

// execute runs the statements one after the other: schema and tables first, then users, then their rights.
func (w *Warehouse) execute(
	ctx *pulumi.Context, name string, args *WarehouseArgs, admin *connection, child pulumi.ResourceOption,
) error {
	var last []pulumi.Resource
	run := func(what, sql string) error {
		statement, err := redshiftdata.NewStatement(ctx, name+"-"+what, &redshiftdata.StatementArgs{
			WorkgroupName:     admin.workgroup,
			ClusterIdentifier: admin.cluster,
			SecretArn:         admin.secret,
			Database:          pulumi.String(args.Config.Database),
			Sql:               pulumi.String(sql),
			StatementName:     pulumi.String(args.Names.Name(what)),
		}, child, pulumi.DependsOn(last))
		last = []pulumi.Resource{statement}
		return err
	}
	for i, sql := range args.Tables {
		if err := run(fmt.Sprintf("table-%02d", i+1), sql); err != nil {
			return err
		}
	}
	grant := func(things []string, privileges string) error {
		for _, thing := range things {
			for i, sql := range grantStatements(databaseUser(args.Names.Name(thing)), privileges) {
				if err := run(fmt.Sprintf("%s-%d", thing, i+1), sql); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if err := grant(args.Loaders, "SELECT, INSERT, UPDATE, DELETE"); err != nil {
		return err
	}
	if err := grant(args.Readers, "SELECT"); err != nil {
		return err
	}
	w.Settled = last
	return nil
}

// databaseUser is the user that Redshift maps an IAM role to when it asks for temporary credentials.
func databaseUser(role string) string { return "IAMR:" + role }

// grantStatements make a user that cannot log in with a password and has the privileges on the tables' rows, but may not
// change the tables.
func grantStatements(user, privileges string) []string {
	quoted := `"` + strings.ReplaceAll(user, `"`, `""`) + `"`
	return []string{
		"CREATE USER " + quoted + " PASSWORD DISABLE",
		"GRANT USAGE ON SCHEMA airlines TO " + quoted,
		"GRANT " + privileges + " ON ALL TABLES IN SCHEMA airlines TO " + quoted,
	}
}
