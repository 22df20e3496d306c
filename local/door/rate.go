package door

import (
	"strings"
	"time"

	"github.com/aws/smithy-go"
)

// Rate is how often an action may be called in an account and region: a bucket of tokens, of which a call takes one. It
// holds Burst at most and gets PerSecond more each second.
type Rate struct{ Burst, PerSecond float64 }

// Rates are the rates of actions by service and action, "redshiftdata:DescribeStatement".
type Rates map[string]Rate

// DocumentedRates are the rates that AWS names for the actions of a pipeline in a region. Of the others either AWS names none,
// as for AWS Glue, which throttles all the same ("How do I resolve the Rate exceeded error in AWS Glue", AWS re:Post), or they
// are not for one action: S3's are by prefix, grow, and are met by the SDK's own retries.
func DocumentedRates(region string) Rates {
	rates := Rates{
		// Service Quotas of the Redshift Data API: requests a second, which cannot be raised (docs/assumptions.md). The
		// one of BatchExecuteStatement was not found; it is taken to be that of ExecuteStatement.
		"redshiftdata:ExecuteStatement":      {30, 30},
		"redshiftdata:BatchExecuteStatement": {30, 30},
		"redshiftdata:DescribeStatement":     {100, 100},
		"redshiftdata:GetStatementResult":    {20, 20},
		// Step Functions Developer Guide, "Quotas related to API action throttling": bucket size and refill rate.
		"sfn:StartExecution": {800, 150},
		// CloudWatch User Guide, "CloudWatch service quotas": transactions per second.
		"cloudwatch:PutMetricData": {500, 500},
	}
	switch region {
	case "us-east-1", "us-west-2", "eu-west-1":
		rates["sfn:StartExecution"] = Rate{1300, 300}
	}
	return rates
}

// bucket is what is left of a rate.
type bucket struct {
	rate   Rate
	tokens float64
	filled time.Time
}

// Limit has the door throttle actions from now on; an action that was limited before gets the new rate.
func (d *Door) Limit(rates Rates) {
	for action, rate := range rates {
		d.buckets[action] = &bucket{rate: rate, tokens: rate.Burst, filled: d.Now()}
	}
}

// Limited reports whether an action has a rate, so that a call of it takes something from those that follow.
func (d *Door) Limited(service, action string) bool { return d.buckets[service+":"+action] != nil }

// IsThrottle reports whether a code of an error says that a service was asked too often, or has too much under way.
func IsThrottle(code string) bool {
	return strings.Contains(code, "Throttl") || strings.Contains(code, "LimitExceeded") || strings.Contains(code, "TooManyRequests")
}

// throttle takes a token for a call.
func (d *Door) throttle(service, action string) error {
	b := d.buckets[service+":"+action]
	if b == nil {
		return nil
	}
	now := d.Now()
	b.tokens, b.filled = min(b.rate.Burst, b.tokens+now.Sub(b.filled).Seconds()*b.rate.PerSecond), now
	if b.tokens < 1 {
		return &smithy.GenericAPIError{Code: "ThrottlingException", Message: "Rate exceeded", Fault: smithy.FaultClient}
	}
	b.tokens--
	return nil
}
