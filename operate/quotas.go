package operate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas/types"

	"airline/infra"
)

// utilization is how much of a quota is used, by service and code; a report has not all quotas.
type utilization map[[2]string]float64

// lookAtQuotas compares what the account may have with what it has and what the stack takes. Those that Service Quotas does not list are
// named as not looked at.
func (s *Session) lookAtQuotas(ctx context.Context, deployed bool, pause time.Duration) (found []Part, unknown []string, err error) {
	used, err := s.utilization(ctx, pause)
	if err != nil {
		return nil, nil, err
	}
	parts, names := make([]Part, len(s.Parts.Demands)), make([]string, len(s.Parts.Demands))
	var do []func(context.Context) error
	for i, d := range s.Parts.Demands {
		do = append(do, func(ctx context.Context) (err error) {
			parts[i], names[i], err = s.quota(ctx, d, used, deployed)
			return err
		})
	}
	var roles Part
	do = append(do, func(ctx context.Context) (err error) {
		roles, err = s.roles(ctx, deployed)
		return err
	})
	if errs := each(ctx, do...); len(errs) > 0 {
		return nil, nil, errors.Join(errs...)
	}
	for i, name := range names {
		if name != "" {
			unknown = append(unknown, name)
			continue
		}
		found = append(found, parts[i])
	}
	return append(found, roles), unknown, nil
}

// reportTries is how often a report of utilization is asked for, a pause apart, until it is left alone.
const reportTries = 60

// utilization has AWS count how much of the quotas is used. A report that fails, or takes too long, has none.
func (s *Session) utilization(ctx context.Context, pause time.Duration) (utilization, error) {
	begun, err := s.quotas.StartQuotaUtilizationReport(ctx, &servicequotas.StartQuotaUtilizationReportInput{})
	if err != nil {
		return nil, err
	}
	used := utilization{}
	in := &servicequotas.GetQuotaUtilizationReportInput{ReportId: begun.ReportId}
	for range reportTries {
		page, err := s.quotas.GetQuotaUtilizationReport(ctx, in)
		if err != nil {
			return nil, err
		}
		switch page.Status {
		case types.ReportStatusFailed:
			return used, nil
		case types.ReportStatusCompleted:
			for _, q := range page.Quotas {
				used[[2]string{aws.ToString(q.ServiceCode), aws.ToString(q.QuotaCode)}] = math.Round(aws.ToFloat64(q.Utilization) * aws.ToFloat64(q.AppliedValue) / 100)
			}
			if in.NextToken = page.NextToken; in.NextToken == nil {
				return used, nil
			}
			continue
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
	return used, nil
}

// quota looks at one quota. One that Service Quotas does not list has a name and no part.
func (s *Session) quota(ctx context.Context, d infra.Demand, used utilization, deployed bool) (p Part, unknown string, err error) {
	q, err := s.findQuota(ctx, d)
	if err != nil {
		return p, "", err
	}
	if q == nil {
		return p, fmt.Sprintf("the quota of %s (Service Quotas lists none of %s)", d.Name, d.Service), nil
	}
	n, known := used[[2]string{d.Service, aws.ToString(q.QuotaCode)}]
	adds := d.Amount
	if deployed && !d.AtOnce {
		adds = 0
	}
	if d.Service == "events" {
		if n, adds, err = s.rulesInUse(ctx, d.Amount); err != nil {
			return p, "", err
		}
		known = true
	}
	p = Part{Kind: "quota", Name: d.Service + " " + aws.ToString(q.QuotaName), Health: Well}
	p.judge(allowed{limit: aws.ToFloat64(q.Value), used: n, known: known, adds: adds, atOnce: d.AtOnce},
		fmt.Sprintf("aws service-quotas request-service-quota-increase --region %s --service-code %s --quota-code %s --desired-value", s.Names.Region, d.Service, aws.ToString(q.QuotaCode)))
	return p, "", nil
}

// allowed is a quota with what is used of it and what the stack adds.
type allowed struct {
	limit, used, adds float64
	known             bool // what is used
	atOnce            bool
}

// judge says whether a stack fits a quota. ask is the command that has it raised, but for the value.
func (p *Part) judge(a allowed, ask string) {
	use := "how much is in use is not known"
	if a.known {
		use = fmt.Sprintf("%v in use", a.used)
	}
	what := "this stack adds"
	if a.atOnce {
		what = "this stack takes up to"
	}
	p.Detail = fmt.Sprintf("%s %v, %s, of %v", what, a.adds, use, a.limit)
	if a.adds > 0 && a.used+a.adds > a.limit {
		p.unwell(p.Detail, fmt.Sprintf("%s %v", ask, a.used+a.adds))
	}
}

// findQuota finds the account's value of a quota, or AWS's default where the account has none; nil of one that is not listed.
func (s *Session) findQuota(ctx context.Context, d infra.Demand) (*types.ServiceQuota, error) {
	var none *types.NoSuchResourceException
	if d.Code != "" {
		q, err := s.quotas.GetServiceQuota(ctx, &servicequotas.GetServiceQuotaInput{ServiceCode: &d.Service, QuotaCode: &d.Code})
		if err == nil {
			return q.Quota, nil
		}
		if !errors.As(err, &none) {
			return nil, err
		}
		byDefault, err := s.quotas.GetAWSDefaultServiceQuota(ctx, &servicequotas.GetAWSDefaultServiceQuotaInput{ServiceCode: &d.Service, QuotaCode: &d.Code})
		if errors.As(err, &none) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return byDefault.Quota, nil
	}
	pages := servicequotas.NewListServiceQuotasPaginator(s.quotas, &servicequotas.ListServiceQuotasInput{ServiceCode: &d.Service})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if errors.As(err, &none) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		for _, q := range page.Quotas {
			if strings.Contains(aws.ToString(q.QuotaName), d.Name) {
				return &q, nil
			}
		}
	}
	return nil, nil
}

// rulesInUse counts the rules of the default bus, and those of the stack that are not among them.
func (s *Session) rulesInUse(ctx context.Context, own float64) (used, adds float64, err error) {
	adds = own
	in := &eventbridge.ListRulesInput{}
	for {
		page, err := s.rules.ListRules(ctx, in)
		if err != nil {
			return 0, 0, err
		}
		for _, r := range page.Rules {
			used++
			for _, m := range s.Parts.Machines {
				if m.Ruled && m.Name == aws.ToString(r.Name) {
					adds--
				}
			}
		}
		if in.NextToken = page.NextToken; in.NextToken == nil {
			return used, max(adds, 0), nil
		}
	}
}

// roles looks at how many roles the account may have, in all regions together.
func (s *Session) roles(ctx context.Context, deployed bool) (Part, error) {
	p := Part{Kind: "quota", Name: "iam Roles per account", Health: Well}
	sum, err := s.identities.GetAccountSummary(ctx, &iam.GetAccountSummaryInput{})
	if err != nil {
		return p, err
	}
	adds := float64(s.Parts.Roles)
	if deployed {
		adds = 0
	}
	p.judge(allowed{limit: float64(sum.SummaryMap["RolesQuota"]), used: float64(sum.SummaryMap["Roles"]), known: true, adds: adds},
		"aws service-quotas request-service-quota-increase --region us-east-1 --service-code iam --quota-code L-FE177D64 --desired-value")
	return p, nil
}
