package cloudwatch

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"airline/local/door"
	"airline/local/recorder"
	"airline/local/resource"
)

type dashboard struct {
	arn, body string
	made      time.Time
}

func (s *Service) addDashboard(r *recorder.Resource) error {
	var in struct {
		Name string `prop:"dashboardName,output"`
		ARN  string `prop:"dashboardArn,output"`
		Body string `prop:"dashboardBody"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	s.dashboards[in.Name] = &dashboard{in.ARN, in.Body, s.door.Now()}
	return nil
}

// ListDashboards lists the dashboards by name.
func (m *Metrics) ListDashboards(ctx context.Context, in *cloudwatch.ListDashboardsInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.ListDashboardsOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, m.service.door, door.Op[cloudwatch.ListDashboardsInput, cloudwatch.ListDashboardsOutput]{
		Service: "cloudwatch", Action: "ListDashboards", Needs: []door.Request{{Action: "cloudwatch:ListDashboards", Resource: "*"}},
		Do: func(_ context.Context, in *cloudwatch.ListDashboardsInput) (*cloudwatch.ListDashboardsOutput, error) {
			list := []types.DashboardEntry{}
			for _, name := range slices.Sorted(maps.Keys(m.service.dashboards)) {
				if d := m.service.dashboards[name]; strings.HasPrefix(name, aws.ToString(in.DashboardNamePrefix)) {
					list = append(list, types.DashboardEntry{DashboardName: &name, DashboardArn: &d.arn, LastModified: &d.made, Size: aws.Int64(int64(len(d.body)))})
				}
			}
			page, next, err := pageOf(list, 1000, in.NextToken)
			return &cloudwatch.ListDashboardsOutput{DashboardEntries: page, NextToken: next}, err
		},
	}, in)
}

// GetDashboard gives the body of a dashboard.
func (m *Metrics) GetDashboard(ctx context.Context, in *cloudwatch.GetDashboardInput, _ ...func(*cloudwatch.Options)) (*cloudwatch.GetDashboardOutput, error) {
	in = door.Given(in)
	name := aws.ToString(in.DashboardName)
	d := m.service.dashboards[name]
	needed := "*"
	if d != nil {
		needed = d.arn
	}
	return door.Call(ctx, m.service.door, door.Op[cloudwatch.GetDashboardInput, cloudwatch.GetDashboardOutput]{
		Service: "cloudwatch", Action: "GetDashboard", Needs: []door.Request{{Action: "cloudwatch:GetDashboard", Resource: needed}},
		Do: func(context.Context, *cloudwatch.GetDashboardInput) (*cloudwatch.GetDashboardOutput, error) {
			if d == nil {
				return nil, &types.DashboardNotFoundError{Message: aws.String("Dashboard " + name + " does not exist")}
			}
			return &cloudwatch.GetDashboardOutput{DashboardName: &name, DashboardArn: &d.arn, DashboardBody: &d.body}, nil
		},
	}, in)
}
