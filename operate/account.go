package operate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	laketypes "github.com/aws/aws-sdk-go-v2/service/lakeformation/types"

	"airline/infra"
)

// redshiftService is whose role Redshift acts with in the network: AWSServiceRoleForRedshift, which it makes with the first cluster or
// workgroup where whoever deploys may have it made (Redshift Management Guide, "Using service-linked roles for Amazon Redshift"). The other
// services of a stack need no such role: they act with the stack's own.
const redshiftService = "redshift.amazonaws.com"

// serviceRole looks at the service-linked role of Redshift.
func (s *Session) serviceRole(ctx context.Context, who string) (Part, error) {
	p := Part{Kind: "service-linked role", Name: "AWSServiceRoleForRedshift", Health: Well, Detail: "is there"}
	_, err := s.identities.GetRole(ctx, &iam.GetRoleInput{RoleName: &p.Name})
	if !isAbsent(err) {
		return p, err
	}
	arn := fmt.Sprintf("arn:%s:iam::%s:role/aws-service-role/%s/%s", s.Names.Partition, s.Names.Account, redshiftService, p.Name)
	right, err := s.simulate(ctx, who, "", infra.Policy{Statements: []infra.Statement{{
		Actions: []string{"iam:CreateServiceLinkedRole"}, Resources: []string{arn}, Conditions: infra.Conditions{"StringLike": {"iam:AWSServiceName": {redshiftService}}},
	}}})
	p.Detail = "Redshift makes it with its first warehouse"
	if len(right.Lacking) > 0 {
		p.unwell("is not there, and you may not have it made", "aws iam create-service-linked-role --aws-service-name "+redshiftService+", by somebody who may: once in an account")
	}
	return p, err
}

// everybodyByIAM is the group of all whom IAM allows something: what it has in Lake Formation, IAM alone decides.
const everybodyByIAM = "IAM_ALLOWED_PRINCIPALS"

// lake looks at what Lake Formation lets the crawlers do with the catalog's database: of one that is not there yet, at what a new one gets.
func (s *Session) lake(ctx context.Context, deployed bool) (Part, error) {
	p := Part{Kind: "lake formation", Name: s.Parts.Catalog, Health: Well, Detail: "IAM alone decides"}
	settings, err := s.lakes.GetDataLakeSettings(ctx, &lakeformation.GetDataLakeSettingsInput{})
	if err != nil {
		return p, err
	}
	grants, err := s.grantsOf(ctx, s.Parts.Catalog)
	if err != nil && !isAbsent(err) {
		return p, err
	}
	needs := []laketypes.Permission{laketypes.PermissionAlter, laketypes.PermissionCreateTable, laketypes.PermissionDescribe}
	byIAM, own := grants[everybodyByIAM], grants[s.Parts.CrawlerRole]
	switch {
	case slices.Contains(byIAM, laketypes.PermissionAll):
		return p, nil
	case slices.ContainsFunc(settings.DataLakeSettings.DataLakeAdmins, func(a laketypes.DataLakePrincipal) bool {
		return aws.ToString(a.DataLakePrincipalIdentifier) == s.Parts.CrawlerRole
	}):
		p.Detail = "the crawlers' role administers the data lake"
		return p, nil
	case len(grants) == 0 && !deployed:
		return s.newDatabase(p, settings.DataLakeSettings), nil
	}
	lacks := slices.DeleteFunc(needs, func(n laketypes.Permission) bool {
		return slices.Contains(own, n) || slices.Contains(own, laketypes.PermissionAll) || slices.Contains(byIAM, n)
	})
	if len(lacks) == 0 {
		p.Detail = "the crawlers' role has what it needs"
		return p, nil
	}
	var names []string
	for _, l := range lacks {
		names = append(names, string(l))
	}
	p.unwell(fmt.Sprintf("%s has no %s on the database, so the crawlers can keep no tables", after(s.Parts.CrawlerRole, "/"), strings.Join(names, ", ")),
		fmt.Sprintf(`pulumi config set airline:lakeFormation catalog && pulumi up, or: aws lakeformation grant-permissions --principal DataLakePrincipalIdentifier=%s --permissions %s --resource '{"Database":{"Name":"%s"}}'; then airline replay --failed`,
			s.Parts.CrawlerRole, strings.Join(names, " "), s.Parts.Catalog))
	return p, nil
}

// newDatabase looks at what a database gets that is made now.
func (s *Session) newDatabase(p Part, settings *laketypes.DataLakeSettings) Part {
	for _, d := range settings.CreateDatabaseDefaultPermissions {
		if aws.ToString(d.Principal.DataLakePrincipalIdentifier) == everybodyByIAM && slices.Contains(d.Permissions, laketypes.PermissionAll) {
			return p
		}
	}
	if s.Config.LakeFormation != infra.LakeNone {
		p.Detail = "the stack grants the crawlers' role what it needs"
		return p
	}
	p.unwell("Lake Formation governs new databases, and the stack grants the crawlers' role nothing there", "pulumi config set airline:lakeFormation catalog")
	return p
}

// grantsOf are the permissions on a database, by who has them.
func (s *Session) grantsOf(ctx context.Context, database string) (map[string][]laketypes.Permission, error) {
	grants := map[string][]laketypes.Permission{}
	pages := lakeformation.NewListPermissionsPaginator(s.lakes, &lakeformation.ListPermissionsInput{
		Resource: &laketypes.Resource{Database: &laketypes.DatabaseResource{Name: &database}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return grants, err
		}
		for _, g := range page.PrincipalResourcePermissions {
			who := aws.ToString(g.Principal.DataLakePrincipalIdentifier)
			grants[who] = append(grants[who], g.Permissions...)
		}
	}
	return grants, nil
}
