package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lakeformation"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// LakeFormation says what the stack grants where Lake Formation governs the catalog: IAM's permissions alone do not count there.
type LakeFormation string

// What is granted to the crawlers' role, of which it makes use: nothing; the database and its tables; the raw bucket, too, where it
// is a location that Lake Formation knows. The machines that enter partitions get what they need of it. The job does not read the catalog.
const (
	LakeNone     LakeFormation = "none"
	LakeCatalog  LakeFormation = "catalog"
	LakeLocation LakeFormation = "location"
)

// grantLake grants what a crawler needs to keep tables. Tables that it makes are its own; of others in a given database it may
// change columns and partitions. Reading files stays with IAM: the crawlers ask Lake Formation for no credentials.
func (args *CatalogArgs) grantLake(ctx *pulumi.Context, c *Catalog, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	if args.LakeFormation == LakeNone {
		return nil, nil
	}
	grants := append([]lakeGrant{{"database", lakeformation.PermissionsArgs{
		Permissions: pulumi.ToStringArray([]string{"ALTER", "CREATE_TABLE", "DESCRIBE"}),
		Database:    &lakeformation.PermissionsDatabaseArgs{Name: c.Database.Name},
	}}}, tableGrants(c.Database.Name, args.Names.BucketARN(args.Raw.Name), args.LakeFormation)...)
	return grantAll(ctx, args.Role, "crawler", grants, child)
}

// lakeGrant is what a role is granted of one thing.
type lakeGrant struct {
	of string
	lakeformation.PermissionsArgs
}

// tableGrants are what changing tables and partitions of a database takes, whose files are in the bucket.
func tableGrants(database pulumi.StringInput, bucketARN string, setting LakeFormation) []lakeGrant {
	grants := []lakeGrant{{"tables", lakeformation.PermissionsArgs{
		Permissions: pulumi.ToStringArray([]string{"ALTER", "DESCRIBE", "INSERT"}),
		Table:       &lakeformation.PermissionsTableArgs{DatabaseName: database, Wildcard: pulumi.Bool(true)},
	}}}
	if setting == LakeLocation {
		grants = append(grants, lakeGrant{"location", lakeformation.PermissionsArgs{
			Permissions:  pulumi.ToStringArray([]string{"DATA_LOCATION_ACCESS"}),
			DataLocation: &lakeformation.PermissionsDataLocationArgs{Arn: pulumi.String(bucketARN)},
		}})
	}
	return grants
}

// grantPartitions grants the role of a machine what entering partitions takes, once the catalog is there. Lake Formation knows no grants to a
// role, or of a database, that is not there.
func (s *stack) grantPartitions(role *Role, thing string, catalog []pulumi.Resource) error {
	if s.config.LakeFormation == LakeNone {
		return nil
	}
	n := s.names
	_, err := grantAll(s.ctx, role, thing, tableGrants(pulumi.String(n.Database()), n.BucketARN(n.Bucket("raw")), s.config.LakeFormation),
		pulumi.Composite(append(s.opts, pulumi.Parent(role), pulumi.DependsOn(append([]pulumi.Resource{role.Ready}, catalog...)))...))
	return err
}

func grantAll(ctx *pulumi.Context, role *Role, who string, grants []lakeGrant, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	var made []pulumi.Resource
	for _, g := range grants {
		g.Principal = role.ARN
		granted, err := lakeformation.NewPermissions(ctx, who+"-"+g.of, &g.PermissionsArgs, opts...)
		if err != nil {
			return nil, err
		}
		made = append(made, granted)
	}
	return made, nil
}
