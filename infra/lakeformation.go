package infra

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lakeformation"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// LakeFormation says what the stack grants where Lake Formation governs the catalog: IAM's permissions alone do not count there.
type LakeFormation string

// What is granted to the crawlers' role, of which it makes use: nothing; the database and its tables; the raw bucket, too, where it
// is a location that Lake Formation knows. The job and the state machines do not read the catalog.
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
	grants := []struct {
		name string
		lakeformation.PermissionsArgs
	}{
		{"crawler-database", lakeformation.PermissionsArgs{
			Permissions: pulumi.ToStringArray([]string{"ALTER", "CREATE_TABLE", "DESCRIBE"}),
			Database:    &lakeformation.PermissionsDatabaseArgs{Name: c.Database.Name},
		}},
		{"crawler-tables", lakeformation.PermissionsArgs{
			Permissions: pulumi.ToStringArray([]string{"ALTER", "DESCRIBE", "INSERT"}),
			Table:       &lakeformation.PermissionsTableArgs{DatabaseName: c.Database.Name, Wildcard: pulumi.Bool(true)},
		}},
	}
	if args.LakeFormation == LakeLocation {
		grants = append(grants, struct {
			name string
			lakeformation.PermissionsArgs
		}{"crawler-location", lakeformation.PermissionsArgs{
			Permissions:  pulumi.ToStringArray([]string{"DATA_LOCATION_ACCESS"}),
			DataLocation: &lakeformation.PermissionsDataLocationArgs{Arn: pulumi.String(args.Names.BucketARN(args.Raw.Name))},
		}})
	}
	var made []pulumi.Resource
	for _, g := range grants {
		g.Principal = args.Role.ARN
		granted, err := lakeformation.NewPermissions(ctx, g.name, &g.PermissionsArgs, child)
		if err != nil {
			return nil, err
		}
		made = append(made, granted)
	}
	return made, nil
}
