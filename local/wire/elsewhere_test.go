package wire_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// What is signed for another region does not find the warehouse, and what is no region's goes on.
func TestTheWarehouseIsInOneRegion(t *testing.T) {
	s := devStack(t)
	here, there := s.as("operator"), s.as("operator")
	there.Region = "ap-southeast-2"
	if there.Region == here.Region {
		t.Fatal("the stack is there")
	}
	workgroup := aws.String("airline-dev")
	statement := &redshiftdata.ExecuteStatementInput{WorkgroupName: workgroup, Database: aws.String("airline"), Sql: aws.String("SELECT 1")}
	ran := must[*redshiftdata.ExecuteStatementOutput](t)(redshiftdata.NewFromConfig(here).ExecuteStatement(t.Context(), statement))
	must[*redshiftserverless.GetWorkgroupOutput](t)(redshiftserverless.NewFromConfig(here).GetWorkgroup(t.Context(), &redshiftserverless.GetWorkgroupInput{WorkgroupName: workgroup}))
	must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(there).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))
	must[*iam.ListRolesOutput](t)(iam.NewFromConfig(there).ListRoles(t.Context(), &iam.ListRolesInput{}))
	must[*s3.ListBucketsOutput](t)(s3.NewFromConfig(there).ListBuckets(t.Context(), &s3.ListBucketsInput{}))
	for _, c := range []struct {
		name, want string
		ask        func() error
	}{
		{"a statement", "ValidationException 400", func() error {
			_, err := redshiftdata.NewFromConfig(there).ExecuteStatement(t.Context(), statement)
			return err
		}},
		{"what became of one", "ResourceNotFoundException 400", func() error {
			_, err := redshiftdata.NewFromConfig(there).DescribeStatement(t.Context(), &redshiftdata.DescribeStatementInput{Id: ran.Id})
			return err
		}},
		{"a workgroup", "ResourceNotFoundException 400", func() error {
			_, err := redshiftserverless.NewFromConfig(there).GetWorkgroup(t.Context(), &redshiftserverless.GetWorkgroupInput{WorkgroupName: workgroup})
			return err
		}},
	} {
		if got := code(c.ask()); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
