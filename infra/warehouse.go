package infra

import (
	"crypto/sha256"
	"fmt"
	"slices"
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

// execute runs the statements that make schema, tables and users, and then those that give the users their rights. What
// does not need each other runs side by side: the provider waits half a minute for each. Rights are given one statement
// after the other, because Redshift refuses to change a table's rights in two transactions at once.
func (w *Warehouse) execute(
	ctx *pulumi.Context, name string, args *WarehouseArgs, admin *connection, child pulumi.ResourceOption,
) error {
	run := func(what, sql string, after ...pulumi.Resource) (pulumi.Resource, error) {
		return redshiftdata.NewStatement(ctx, name+"-"+what, &redshiftdata.StatementArgs{
			WorkgroupName:     admin.workgroup,
			ClusterIdentifier: admin.cluster,
			SecretArn:         admin.secret,
			Database:          pulumi.String(args.Config.Database),
			Sql:               pulumi.String(sql),
			StatementName:     pulumi.String(args.Names.Name(what)),
		}, child, pulumi.DependsOn(after))
	}
	var schema, settled []pulumi.Resource
	for i, sql := range args.Tables {
		made, err := run(fmt.Sprintf("table-%02d", i+1), sql, schema...)
		if err != nil {
			return err
		}
		if schema == nil {
			schema = []pulumi.Resource{made} // the first statement makes it
		}
		settled = append(settled, made)
	}
	for _, thing := range slices.Concat(args.Loaders, args.Readers) {
		made, err := run(thing+"-user", "CREATE USER "+quoted(args.Names.databaseUser(thing))+" PASSWORD DISABLE")
		if err != nil {
			return err
		}
		settled = append(settled, made)
	}
	for _, g := range args.grants() {
		made, err := run(g.what, g.sql, settled...)
		if err != nil {
			return err
		}
		settled = []pulumi.Resource{made}
	}
	w.Settled = settled
	return nil
}

// grant is a statement that gives rights.
type grant struct{ what, sql string }

// grants give the users the rights on the tables' rows, but not to change the tables. They hold for the tables that there
// are, so they name the tables' version and run again with a new one.
func (args *WarehouseArgs) grants() []grant {
	users := func(things []string) string {
		var names []string
		for _, thing := range things {
			names = append(names, quoted(args.Names.databaseUser(thing)))
		}
		return strings.Join(names, ", ")
	}
	sum := sha256.Sum256([]byte(strings.Join(args.Tables, ";")))
	version := fmt.Sprintf(" /* tables %.6x */", sum[:])
	return []grant{
		{"usage", "GRANT USAGE ON SCHEMA airlines TO " + users(slices.Concat(args.Loaders, args.Readers)) + version},
		{"loading", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA airlines TO " + users(args.Loaders) + version},
		{"reading", "GRANT SELECT ON ALL TABLES IN SCHEMA airlines TO " + users(args.Readers) + version},
	}
}

// databaseUser is the user that Redshift maps a thing's role to when it asks for temporary credentials ("Configuring IAM
// permissions", Redshift Management Guide: the Data API).
func (n Names) databaseUser(thing string) string { return "IAMR:" + n.Name(thing) }

// quoted is a name as an identifier of SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
