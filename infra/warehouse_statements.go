package infra

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/redshiftdata"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/etl"
)

// forgotten are the properties of a statement that a refresh cannot read again: the Data API forgets statements after a day
// ("Using the Amazon Redshift Data API", Redshift Management Guide). Without this list a refresh would replace them all.
var forgotten = pulumi.IgnoreChanges([]string{
	"sql", "workgroupName", "clusterIdentifier", "secretArn", "database", "statementName",
})

// execute runs the statements that make schema, tables and users, and then those that give the users their rights. What
// does not need each other runs side by side: the provider waits half a minute for each. Rights are given one statement
// after the other, because Redshift refuses to change a table's rights in two transactions at once.
//
// Each statement may run again: a refresh may forget it, and then an update makes it once more. It does run again with
// another text, in another database, and when what holds the database is replaced.
func (w *Warehouse) execute(
	ctx *pulumi.Context, name string, args *WarehouseArgs, admin *connection, child pulumi.ResourceOption,
) error {
	// Not the option ReplaceWith: `pulumi stack rename` panics when the state has one (3.250).
	run := func(what, sql string, after ...pulumi.Resource) (pulumi.Resource, error) {
		return redshiftdata.NewStatement(ctx, name+"-"+what, &redshiftdata.StatementArgs{
			WorkgroupName:     admin.workgroup,
			ClusterIdentifier: admin.cluster,
			SecretArn:         admin.secret,
			Database:          pulumi.String(args.Config.Database),
			Sql:               pulumi.String(sql),
			StatementName:     pulumi.String(args.Names.Name(what)),
		}, child, forgotten, pulumi.DependsOn(after), pulumi.ReplacementTrigger(pulumi.Sprintf("%s %s", args.where(sql), admin.holder)))
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
	before := settled
	for i, sql := range args.Upgrade {
		made, err := run(fmt.Sprintf("columns-%02d", i+1), sql, before...)
		if err != nil {
			return err
		}
		before = []pulumi.Resource{made}
	}
	for i, sql := range args.Views {
		made, err := run(fmt.Sprintf("view-%02d", i+1), sql, before...)
		if err != nil {
			return err
		}
		settled = append(settled, made)
	}
	settled = append(settled, before...)
	procedure, err := run("ensure-user", ensureUser, schema...)
	if err != nil {
		return err
	}
	for _, thing := range slices.Concat(args.Loaders, args.Readers) {
		made, err := run(thing+"-user", "CALL "+ensureUserName+"('"+args.Names.databaseUser(thing)+"')", procedure)
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

// where tells a statement from one with another text, or of another warehouse or database.
func (args *WarehouseArgs) where(sql string) string {
	sum := sha256.Sum256([]byte(sql))
	return fmt.Sprintf("%s %s %s %.8x", args.Config.Kind, args.Names.warehouse(), args.Config.Database, sum[:])
}

// ensureUserName is the procedure that makes a user that is not there: Redshift has no CREATE USER IF NOT EXISTS, and makes
// the users of workgroups itself when they first ask for credentials.
const ensureUserName = etl.Schema + ".ensure_user"

// ensureUser makes the procedure. Redshift folds names to lower case or not by a parameter, so case does not count.
const ensureUser = `CREATE OR REPLACE PROCEDURE ` + ensureUserName + `(who VARCHAR(128)) AS $$
DECLARE
  known INTEGER;
BEGIN
  SELECT COUNT(*) INTO known FROM pg_user WHERE LOWER(usename) = LOWER(who);
  IF known = 0 THEN
    EXECUTE 'CREATE USER ' || QUOTE_IDENT(who) || ' PASSWORD DISABLE';
  END IF;
END;
$$ LANGUAGE plpgsql`

// grant is a statement that gives rights.
type grant struct{ what, sql string }

// grants give the users the rights on the tables' rows, but not to change the tables. They hold for the tables that there
// are, so the tables' version is in their names, and they run again with a new one.
func (args *WarehouseArgs) grants() []grant {
	users := func(things []string) string {
		var names []string
		for _, thing := range things {
			names = append(names, quoted(args.Names.databaseUser(thing)))
		}
		return strings.Join(names, ", ")
	}
	sum := sha256.Sum256([]byte(strings.Join(slices.Concat(args.Tables, args.Views), ";")))
	version := fmt.Sprintf("-%.6x", sum[:])
	return []grant{
		{"usage" + version, "GRANT USAGE ON SCHEMA " + etl.Schema + " TO " + users(slices.Concat(args.Loaders, args.Readers))},
		{"loading" + version, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + etl.Schema + " TO " + users(args.Loaders)},
		{"reading" + version, "GRANT SELECT ON ALL TABLES IN SCHEMA " + etl.Schema + " TO " + users(args.Readers)},
	}
}

// databaseUser is the user that Redshift maps a thing's role to when it asks for temporary credentials ("Configuring IAM
// permissions", Redshift Management Guide: the Data API).
func (n Names) databaseUser(thing string) string { return "IAMR:" + n.roleName(thing) }

// quoted is a name as an identifier of SQL.
func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
