// Package quotas is AWS Service Quotas in the local world: what an account may have in its region, and how much of it is in use.
package quotas

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"airline/asl/sim"
	"airline/local/door"
)

// Quota is one of an account.
type Quota struct {
	Service, Code, Name string
	Default             float64
	// Applied is the account's own value; 0 of one of which Service Quotas knows none. That is so of many until they are raised.
	Applied float64
	// Used is how much of it others use. Reported says that reports of utilization have the quota.
	Used     float64
	Reported bool
}

// Documented are the quotas that stacks of this project may meet, with the values of a new account: Amazon VPC User Guide, "Amazon VPC
// quotas"; Amazon EC2 User Guide, "Elastic IP address quotas"; Amazon EventBridge User Guide, "Amazon EventBridge quotas"; AWS General Reference, "AWS
// Glue endpoints and quotas". The codes are those of the Service Quotas console, as public lists of quotas have them (docs/assumptions.md).
func Documented() []Quota {
	return []Quota{
		{Service: "vpc", Code: "L-F678F1CE", Name: "VPCs per Region", Default: 5, Applied: 5, Used: 1, Reported: true}, // the default VPC
		{Service: "events", Code: "L-244521F2", Name: "Number of rules", Default: 300},
		{Service: "glue", Code: "L-5E4153CA", Name: "Max concurrent job runs per account", Default: 2000, Applied: 2000},
		{Service: "glue", Code: "L-08F3B322", Name: "Max task DPUs per account", Default: 1000, Applied: 1000},
	}
}

// Service is Service Quotas. Its methods of the SDK's client go through the door.
type Service struct {
	door    *door.Door
	clock   *sim.Clock
	arn     func(service, resource string) string
	quotas  []Quota
	reports map[string]*report
}

// report is one of utilization.
type report struct {
	status types.ReportStatus
	made   time.Time
}

// New makes a service of quotas. Of two of the same code the later one counts.
func New(d *door.Door, clock *sim.Clock, arn func(service, resource string) string, quotas []Quota) *Service {
	s := &Service{door: d, clock: clock, arn: arn, reports: map[string]*report{}}
	for _, q := range quotas {
		if i := s.find(q.Service, q.Code); i >= 0 {
			s.quotas[i] = q
			continue
		}
		s.quotas = append(s.quotas, q)
	}
	return s
}

// Use adds to what is used of a quota.
func (s *Service) Use(service, code string, n float64) {
	if i := s.find(service, code); i >= 0 {
		s.quotas[i].Used += n
	}
}

func (s *Service) find(service, code string) int {
	return slices.IndexFunc(s.quotas, func(q Quota) bool { return q.Service == service && q.Code == code })
}

func noSuch(format string, args ...any) error {
	return &types.NoSuchResourceException{Message: aws.String(fmt.Sprintf(format, args...))}
}

func (s *Service) describe(q Quota, value float64) types.ServiceQuota {
	return types.ServiceQuota{
		ServiceCode: &q.Service, QuotaCode: &q.Code, QuotaName: &q.Name, QuotaArn: aws.String(s.arn("servicequotas", q.Service+"/"+q.Code)), Value: &value,
		Unit: aws.String("None"), Adjustable: true,
	}
}

// quota finds one, or says which is not there.
func (s *Service) quota(service, code *string) (Quota, error) {
	i := s.find(aws.ToString(service), aws.ToString(code))
	if i < 0 {
		return Quota{}, noSuch("There is no quota %s of %s.", aws.ToString(code), aws.ToString(service))
	}
	return s.quotas[i], nil
}

// GetServiceQuota tells the account's own value of a quota, where there is one.
func (s *Service) GetServiceQuota(
	ctx context.Context, in *servicequotas.GetServiceQuotaInput, _ ...func(*servicequotas.Options),
) (*servicequotas.GetServiceQuotaOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.door, door.Op[servicequotas.GetServiceQuotaInput, servicequotas.GetServiceQuotaOutput]{
		Service: "servicequotas", Action: "GetServiceQuota", Takes: []string{"ServiceCode", "QuotaCode"},
		Needs: []door.Request{{Action: "servicequotas:GetServiceQuota", Resource: s.arn("servicequotas", aws.ToString(in.ServiceCode)+"/"+aws.ToString(in.QuotaCode))}},
		Do: func(_ context.Context, in *servicequotas.GetServiceQuotaInput) (*servicequotas.GetServiceQuotaOutput, error) {
			q, err := s.quota(in.ServiceCode, in.QuotaCode)
			if err != nil {
				return nil, err
			}
			if q.Applied == 0 {
				return nil, noSuch("The account has no value of its own of the quota %s of %s.", q.Code, q.Service)
			}
			described := s.describe(q, q.Applied)
			return &servicequotas.GetServiceQuotaOutput{Quota: &described}, nil
		},
	}, in)
}

// GetAWSDefaultServiceQuota tells the value of a quota that nobody has raised.
func (s *Service) GetAWSDefaultServiceQuota(
	ctx context.Context, in *servicequotas.GetAWSDefaultServiceQuotaInput, _ ...func(*servicequotas.Options),
) (*servicequotas.GetAWSDefaultServiceQuotaOutput, error) {
	return door.Call(ctx, s.door, door.Op[servicequotas.GetAWSDefaultServiceQuotaInput, servicequotas.GetAWSDefaultServiceQuotaOutput]{
		Service: "servicequotas", Action: "GetAWSDefaultServiceQuota", Takes: []string{"ServiceCode", "QuotaCode"},
		Needs: []door.Request{{Action: "servicequotas:GetAWSDefaultServiceQuota", Resource: "*"}},
		Do: func(_ context.Context, in *servicequotas.GetAWSDefaultServiceQuotaInput) (*servicequotas.GetAWSDefaultServiceQuotaOutput, error) {
			q, err := s.quota(in.ServiceCode, in.QuotaCode)
			if err != nil {
				return nil, err
			}
			described := s.describe(q, q.Default)
			return &servicequotas.GetAWSDefaultServiceQuotaOutput{Quota: &described}, nil
		},
	}, in)
}

// ListServiceQuotas lists the account's own values of a service's quotas.
func (s *Service) ListServiceQuotas(
	ctx context.Context, in *servicequotas.ListServiceQuotasInput, _ ...func(*servicequotas.Options),
) (*servicequotas.ListServiceQuotasOutput, error) {
	return door.Call(ctx, s.door, door.Op[servicequotas.ListServiceQuotasInput, servicequotas.ListServiceQuotasOutput]{
		Service: "servicequotas", Action: "ListServiceQuotas", Takes: []string{"ServiceCode", "MaxResults", "NextToken"},
		Needs: []door.Request{{Action: "servicequotas:ListServiceQuotas", Resource: "*"}},
		Do: func(_ context.Context, in *servicequotas.ListServiceQuotasInput) (*servicequotas.ListServiceQuotasOutput, error) {
			list := []types.ServiceQuota{}
			for _, q := range s.quotas {
				if q.Service == aws.ToString(in.ServiceCode) && q.Applied > 0 {
					list = append(list, s.describe(q, q.Applied))
				}
			}
			page, next, ok := door.Page(list, in.NextToken, door.PageSize(in.MaxResults, 100, 100))
			if !ok {
				return nil, &types.InvalidPaginationTokenException{Message: aws.String("the token " + *in.NextToken + " is not valid")}
			}
			return &servicequotas.ListServiceQuotasOutput{Quotas: page, NextToken: next}, nil
		},
	}, in)
}

// reportTakes is how long a report takes: "several seconds" (API reference, StartQuotaUtilizationReport).
const reportTakes = 3 * time.Second

// StartQuotaUtilizationReport begins a report of how much of each quota is used.
func (s *Service) StartQuotaUtilizationReport(
	ctx context.Context, in *servicequotas.StartQuotaUtilizationReportInput, _ ...func(*servicequotas.Options),
) (*servicequotas.StartQuotaUtilizationReportOutput, error) {
	return door.Call(ctx, s.door, door.Op[servicequotas.StartQuotaUtilizationReportInput, servicequotas.StartQuotaUtilizationReportOutput]{
		Service: "servicequotas", Action: "StartQuotaUtilizationReport", Needs: []door.Request{{Action: "servicequotas:StartQuotaUtilizationReport", Resource: "*"}},
		Do: func(context.Context, *servicequotas.StartQuotaUtilizationReportInput) (*servicequotas.StartQuotaUtilizationReportOutput, error) {
			id, r := s.door.UUID(), &report{status: types.ReportStatusPending}
			s.reports[id] = r
			s.clock.After(reportTakes, func() { r.status, r.made = types.ReportStatusCompleted, s.clock.Now() })
			return &servicequotas.StartQuotaUtilizationReportOutput{ReportId: &id, Status: r.status}, nil
		},
	}, in)
}

// GetQuotaUtilizationReport gives the pages of a report that is ready; a report is kept for 15 minutes.
func (s *Service) GetQuotaUtilizationReport(
	ctx context.Context, in *servicequotas.GetQuotaUtilizationReportInput, _ ...func(*servicequotas.Options),
) (*servicequotas.GetQuotaUtilizationReportOutput, error) {
	return door.Call(ctx, s.door, door.Op[servicequotas.GetQuotaUtilizationReportInput, servicequotas.GetQuotaUtilizationReportOutput]{
		Service: "servicequotas", Action: "GetQuotaUtilizationReport", Needs: []door.Request{{Action: "servicequotas:GetQuotaUtilizationReport", Resource: "*"}},
		Do: func(_ context.Context, in *servicequotas.GetQuotaUtilizationReportInput) (*servicequotas.GetQuotaUtilizationReportOutput, error) {
			r := s.reports[aws.ToString(in.ReportId)]
			if r == nil || r.status == types.ReportStatusCompleted && s.clock.Now().Sub(r.made) > 15*time.Minute {
				return nil, noSuch("There is no report %s.", aws.ToString(in.ReportId))
			}
			out := &servicequotas.GetQuotaUtilizationReportOutput{ReportId: in.ReportId, Status: r.status}
			if r.status != types.ReportStatusCompleted {
				return out, nil
			}
			out.GeneratedAt = &r.made
			list := []types.QuotaUtilizationInfo{}
			for _, q := range s.quotas {
				if q.Reported {
					value := cmp.Or(q.Applied, q.Default)
					list = append(list, types.QuotaUtilizationInfo{
						ServiceCode: &q.Service, QuotaCode: &q.Code, QuotaName: &q.Name, Adjustable: true, AppliedValue: &value, DefaultValue: &q.Default,
						Utilization: aws.Float64(100 * q.Used / value), Namespace: aws.String("AWS/Usage"),
					})
				}
			}
			slices.SortStableFunc(list, func(a, b types.QuotaUtilizationInfo) int { return cmp.Compare(*b.Utilization, *a.Utilization) })
			var ok bool
			if out.Quotas, out.NextToken, ok = door.Page(list, in.NextToken, door.PageSize(in.MaxResults, 1000, 1000)); !ok {
				return nil, &types.InvalidPaginationTokenException{Message: aws.String("the token " + *in.NextToken + " is not valid")}
			}
			return out, nil
		},
	}, in)
}
