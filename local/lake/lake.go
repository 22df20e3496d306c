// Package lake is AWS Lake Formation in the local world, as far as it decides who may keep tables in the Data Catalog: IAM's permissions
// alone count where the group IAMAllowedPrincipals has everything on a database, else the grants to a role count, too.
package lake

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	"airline/local/door"
)

// Everybody is the group of all who may do something by IAM (Lake Formation Developer Guide, "Changing the default settings for your data
// lake").
const Everybody = "IAM_ALLOWED_PRINCIPALS"

// Service is Lake Formation. Its methods of the SDK's client go through the door.
type Service struct {
	door      *door.Door
	account   string
	settings  types.DataLakeSettings
	databases map[string]bool // that it has seen
	grants    []grant         // in the order in which they were given
}

// grant is what a principal has of one thing: the SDK's resource, and a text that names it.
type grant struct {
	principal   string
	on          string
	resource    types.Resource
	permissions []types.Permission
}

// New makes the Lake Formation of an account that has changed no setting: IAM alone decides.
func New(d *door.Door, account string) *Service {
	byIAM := []types.PrincipalPermissions{{Principal: principal(Everybody), Permissions: []types.Permission{types.PermissionAll}}}
	return &Service{
		door: d, account: account, databases: map[string]bool{},
		settings: types.DataLakeSettings{DataLakeAdmins: []types.DataLakePrincipal{}, CreateDatabaseDefaultPermissions: byIAM, CreateTableDefaultPermissions: byIAM},
	}
}

func principal(name string) *types.DataLakePrincipal {
	return &types.DataLakePrincipal{DataLakePrincipalIdentifier: &name}
}

// Create tells of a database that was made: it gets the settings' default permissions.
func (s *Service) Create(database string) {
	if s.databases[database] {
		return
	}
	s.databases[database] = true
	for _, p := range s.settings.CreateDatabaseDefaultPermissions {
		s.add(aws.ToString(p.Principal.DataLakePrincipalIdentifier), types.Resource{Database: &types.DatabaseResource{Name: &database}}, p.Permissions)
	}
}

// Delete tells of a database that was deleted: what was granted on it ends.
func (s *Service) Delete(database string) {
	delete(s.databases, database)
	s.grants = slices.DeleteFunc(s.grants, func(g grant) bool {
		return g.on == "database "+database || g.on == "tables of "+database || strings.HasPrefix(g.on, "table "+database+".")
	})
}

// MayCreateTables reports what keeps the caller from making tables in a database, in the words in which Glue passes it on; nil when nothing
// does.
func (s *Service) MayCreateTables(ctx context.Context, database string) error {
	who, _ := door.Caller(ctx)
	if slices.ContainsFunc(s.settings.DataLakeAdmins, func(p types.DataLakePrincipal) bool { return aws.ToString(p.DataLakePrincipalIdentifier) == who.Role }) {
		return nil
	}
	for _, g := range s.grants {
		if g.on == "database "+database && (g.principal == Everybody || g.principal == who.Role) && g.has(types.PermissionCreateTable) {
			return nil
		}
	}
	return &gluetypes.AccessDeniedException{Message: aws.String("Insufficient Lake Formation permission(s): Required Create Table on " + database)}
}

func (g grant) has(p types.Permission) bool {
	return slices.Contains(g.permissions, p) || slices.Contains(g.permissions, types.PermissionAll)
}

// name is the text for a resource; of a kind that is not modelled it is an error.
func name(r *types.Resource) (string, error) {
	switch {
	case r == nil:
	case r.Database != nil:
		return "database " + aws.ToString(r.Database.Name), nil
	case r.Table != nil && r.Table.TableWildcard != nil:
		return "tables of " + aws.ToString(r.Table.DatabaseName), nil
	case r.Table != nil:
		return "table " + aws.ToString(r.Table.DatabaseName) + "." + aws.ToString(r.Table.Name), nil
	case r.DataLocation != nil:
		return "location " + aws.ToString(r.DataLocation.ResourceArn), nil
	}
	return "", &types.InvalidInputException{Message: aws.String("the local world models grants on databases, tables and locations only")}
}

func (s *Service) find(principal, on string) int {
	return slices.IndexFunc(s.grants, func(g grant) bool { return g.principal == principal && g.on == on })
}

// add gives permissions that may be there already. The resource is one that is modelled.
func (s *Service) add(principal string, r types.Resource, permissions []types.Permission) {
	on, err := name(&r)
	if err != nil {
		s.door.Report(err)
		return
	}
	i := s.find(principal, on)
	if i < 0 {
		i = len(s.grants)
		s.grants = append(s.grants, grant{principal: principal, on: on, resource: r})
	}
	for _, p := range permissions {
		if !slices.Contains(s.grants[i].permissions, p) {
			s.grants[i].permissions = append(s.grants[i].permissions, p)
		}
	}
	slices.Sort(s.grants[i].permissions)
}

// needs is the permission for an action: the service's API knows no resources ("Actions, resources, and condition keys for AWS Lake
// Formation").
func needs(action string) []door.Request {
	return []door.Request{{Action: "lakeformation:" + action, Resource: "*"}}
}

// GetDataLakeSettings tells who administers the data lake, and what new databases and tables are given.
func (s *Service) GetDataLakeSettings(
	ctx context.Context, in *lakeformation.GetDataLakeSettingsInput, _ ...func(*lakeformation.Options),
) (*lakeformation.GetDataLakeSettingsOutput, error) {
	return door.Call(ctx, s.door, door.Op[lakeformation.GetDataLakeSettingsInput, lakeformation.GetDataLakeSettingsOutput]{
		Service: "lakeformation", Action: "GetDataLakeSettings", Takes: []string{"CatalogId"}, Needs: needs("GetDataLakeSettings"),
		Do: func(context.Context, *lakeformation.GetDataLakeSettingsInput) (*lakeformation.GetDataLakeSettingsOutput, error) {
			settings := s.settings
			return &lakeformation.GetDataLakeSettingsOutput{DataLakeSettings: &settings}, nil
		},
	}, in)
}

// PutDataLakeSettings replaces the settings: a list that is left out is an empty one.
func (s *Service) PutDataLakeSettings(
	ctx context.Context, in *lakeformation.PutDataLakeSettingsInput, _ ...func(*lakeformation.Options),
) (*lakeformation.PutDataLakeSettingsOutput, error) {
	return door.Call(ctx, s.door, door.Op[lakeformation.PutDataLakeSettingsInput, lakeformation.PutDataLakeSettingsOutput]{
		Service: "lakeformation", Action: "PutDataLakeSettings", Takes: []string{"CatalogId", "DataLakeSettings"}, Needs: needs("PutDataLakeSettings"),
		Do: func(_ context.Context, in *lakeformation.PutDataLakeSettingsInput) (*lakeformation.PutDataLakeSettingsOutput, error) {
			if in.DataLakeSettings == nil {
				return nil, &types.InvalidInputException{Message: aws.String("DataLakeSettings is required")}
			}
			s.settings = *in.DataLakeSettings
			return &lakeformation.PutDataLakeSettingsOutput{}, nil
		},
	}, in)
}

// ListPermissions lists the grants, of one resource when it is named, or those to one principal. Effective permissions, for which both are
// named, are not modelled.
func (s *Service) ListPermissions(
	ctx context.Context, in *lakeformation.ListPermissionsInput, _ ...func(*lakeformation.Options),
) (*lakeformation.ListPermissionsOutput, error) {
	in = door.Given(in)
	takes := []string{"CatalogId", "Principal", "MaxResults", "NextToken"}
	if in.Principal == nil {
		takes = append(takes, "Resource")
	}
	return door.Call(ctx, s.door, door.Op[lakeformation.ListPermissionsInput, lakeformation.ListPermissionsOutput]{
		Service: "lakeformation", Action: "ListPermissions", Takes: takes, Needs: needs("ListPermissions"),
		Do: func(_ context.Context, in *lakeformation.ListPermissionsInput) (*lakeformation.ListPermissionsOutput, error) {
			list := []types.PrincipalResourcePermissions{}
			on := ""
			if in.Resource != nil {
				var err error
				if on, err = name(in.Resource); err != nil {
					return nil, err
				}
			}
			for _, g := range s.grants {
				if (on == "" || g.on == on) && (in.Principal == nil || g.principal == aws.ToString(in.Principal.DataLakePrincipalIdentifier)) {
					r := g.resource
					list = append(list, types.PrincipalResourcePermissions{Principal: principal(g.principal), Resource: &r, Permissions: slices.Clone(g.permissions)})
				}
			}
			page, next, ok := door.Page(list, in.NextToken, door.PageSize(in.MaxResults, 1000, 1000))
			if !ok {
				return nil, &types.InvalidInputException{Message: aws.String("the token " + *in.NextToken + " is not valid")}
			}
			return &lakeformation.ListPermissionsOutput{PrincipalResourcePermissions: page, NextToken: next}, nil
		},
	}, in)
}

// GrantPermissions gives a principal permissions on a resource.
func (s *Service) GrantPermissions(
	ctx context.Context, in *lakeformation.GrantPermissionsInput, _ ...func(*lakeformation.Options),
) (*lakeformation.GrantPermissionsOutput, error) {
	return door.Call(ctx, s.door, door.Op[lakeformation.GrantPermissionsInput, lakeformation.GrantPermissionsOutput]{
		Service: "lakeformation", Action: "GrantPermissions", Takes: []string{"CatalogId", "Principal", "Resource", "Permissions"}, Needs: needs("GrantPermissions"),
		Do: func(_ context.Context, in *lakeformation.GrantPermissionsInput) (*lakeformation.GrantPermissionsOutput, error) {
			if _, err := name(in.Resource); err != nil {
				return nil, err
			}
			if in.Principal == nil {
				return nil, &types.InvalidInputException{Message: aws.String("Principal is required")}
			}
			s.add(aws.ToString(in.Principal.DataLakePrincipalIdentifier), *in.Resource, in.Permissions)
			return &lakeformation.GrantPermissionsOutput{}, nil
		},
	}, in)
}

// RevokePermissions takes permissions on a resource from a principal.
func (s *Service) RevokePermissions(
	ctx context.Context, in *lakeformation.RevokePermissionsInput, _ ...func(*lakeformation.Options),
) (*lakeformation.RevokePermissionsOutput, error) {
	return door.Call(ctx, s.door, door.Op[lakeformation.RevokePermissionsInput, lakeformation.RevokePermissionsOutput]{
		Service: "lakeformation", Action: "RevokePermissions", Takes: []string{"CatalogId", "Principal", "Resource", "Permissions"}, Needs: needs("RevokePermissions"),
		Do: func(_ context.Context, in *lakeformation.RevokePermissionsInput) (*lakeformation.RevokePermissionsOutput, error) {
			on, err := name(in.Resource)
			if err != nil {
				return nil, err
			}
			if in.Principal == nil {
				return nil, &types.InvalidInputException{Message: aws.String("Principal is required")}
			}
			i := s.find(aws.ToString(in.Principal.DataLakePrincipalIdentifier), on)
			if i < 0 {
				return nil, &types.InvalidInputException{Message: aws.String("No permissions revoked. Grantee does not have permissions on the resource.")}
			}
			g := &s.grants[i]
			g.permissions = slices.DeleteFunc(g.permissions, func(p types.Permission) bool { return slices.Contains(in.Permissions, p) })
			if len(g.permissions) == 0 {
				s.grants = slices.Delete(s.grants, i, i+1)
			}
			return &lakeformation.RevokePermissionsOutput{}, nil
		},
	}, in)
}
