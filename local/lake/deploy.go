package lake

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	"airline/local/recorder"
	"airline/local/resource"
)

// Types says which deployed resources the service takes in.
func (s *Service) Types() map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{"aws:lakeformation/permissions:Permissions": s.addPermissions}
}

func (s *Service) addPermissions(r *recorder.Resource) error {
	var in struct {
		Principal   string   `prop:"principal"`
		Permissions []string `prop:"permissions"`
		Database    *struct {
			Name string `prop:"name"`
		} `prop:"database"`
		Table *struct {
			Database string `prop:"databaseName"`
			Name     string `prop:"name"`
			Wildcard bool   `prop:"wildcard"`
		} `prop:"table"`
		Location *struct {
			ARN string `prop:"arn"`
		} `prop:"dataLocation"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	var on types.Resource
	switch {
	case in.Database != nil:
		on.Database = &types.DatabaseResource{Name: &in.Database.Name}
	case in.Table != nil && in.Table.Wildcard:
		on.Table = &types.TableResource{DatabaseName: &in.Table.Database, TableWildcard: &types.TableWildcard{}}
	case in.Table != nil:
		on.Table = &types.TableResource{DatabaseName: &in.Table.Database, Name: &in.Table.Name}
	case in.Location != nil:
		on.DataLocation = &types.DataLocationResource{ResourceArn: aws.String(in.Location.ARN)}
	default:
		return resource.Problem(r, "the local world models grants on databases, tables and locations only")
	}
	var permissions []types.Permission
	for _, p := range in.Permissions {
		permissions = append(permissions, types.Permission(p))
	}
	s.add(in.Principal, on, permissions)
	return nil
}
