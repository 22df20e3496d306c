package events

import (
	"slices"
	"strconv"
	"strings"

	"airline/local/recorder"
	"airline/local/resource"
	"airline/local/s3"
)

// Trail is a CloudTrail trail: which calls it records, and where its log files go.
type Trail struct {
	name, arn, bucket, prefix string
	key                       string // KMS key of the log files
	selectors                 []selector
	pending                   []any // records of the next log file
}

// selector holds for a call when all its conditions do.
type selector []condition

// condition is one field of a call compared with values.
type condition struct {
	field   string
	compare func(value, want string) bool
	negated bool
	values  []string
}

func (s *Service) addTrail(r *recorder.Resource) error {
	type values = []string
	var in struct {
		Name      string `prop:"name,output"`
		ARN       string `prop:"arn,output"`
		Given     any    `prop:"name,ignore"`
		Bucket    string `prop:"s3BucketName"`
		Prefix    string `prop:"s3KeyPrefix"`
		Logging   *bool  `prop:"enableLogging"`
		Selectors []struct {
			ReadWrite  string `prop:"readWriteType"`
			Management *bool  `prop:"includeManagementEvents"`
			Exclude    any    `prop:"excludeManagementEventSources,ignore"`
			Data       []struct {
				Type   string `prop:"type"`
				Values values `prop:"values"`
			} `prop:"dataResources"`
		} `prop:"eventSelectors"`
		Advanced []struct {
			Name   any `prop:"name,ignore"`
			Fields []struct {
				Field         string `prop:"field"`
				Equals        values `prop:"equals"`
				NotEquals     values `prop:"notEquals"`
				StartsWith    values `prop:"startsWiths"`
				NotStartsWith values `prop:"notStartsWiths"`
				EndsWith      values `prop:"endsWiths"`
				NotEndsWith   values `prop:"notEndsWiths"`
			} `prop:"fieldSelectors"`
		} `prop:"advancedEventSelectors"`
		Key        string `prop:"kmsKeyId"`
		Global     any    `prop:"includeGlobalServiceEvents,ignore"` // management events leave no trace that matters here
		Regions    any    `prop:"isMultiRegionTrail,ignore"`
		Validation any    `prop:"enableLogFileValidation,ignore"`
		Tags       any    `prop:"tags,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	t := &Trail{name: in.Name, arn: in.ARN, bucket: in.Bucket, prefix: in.Prefix, key: in.Key}
	for _, e := range in.Selectors {
		for _, d := range e.Data {
			sel := selector{
				{field: "resources.type", compare: same, values: values{d.Type}},
				{field: "resources.ARN", compare: strings.HasPrefix, values: d.Values},
			}
			switch e.ReadWrite {
			case "", "All":
			case "WriteOnly", "ReadOnly":
				sel = append(sel, condition{field: "readOnly", compare: same, values: values{strconv.FormatBool(e.ReadWrite == "ReadOnly")}})
			default:
				return resource.Problem(r, "readWriteType %q is not one of All, ReadOnly, WriteOnly", e.ReadWrite)
			}
			t.selectors = append(t.selectors, sel)
		}
	}
	for _, e := range in.Advanced {
		var sel selector
		for _, f := range e.Fields {
			if !slices.Contains(fields, f.Field) {
				return resource.Problem(r, "the event selector field %q is not modelled by the local world", f.Field)
			}
			for _, c := range []condition{
				{f.Field, same, false, f.Equals}, {f.Field, same, true, f.NotEquals},
				{f.Field, strings.HasPrefix, false, f.StartsWith}, {f.Field, strings.HasPrefix, true, f.NotStartsWith},
				{f.Field, strings.HasSuffix, false, f.EndsWith}, {f.Field, strings.HasSuffix, true, f.NotEndsWith},
			} {
				if c.values != nil {
					sel = append(sel, c)
				}
			}
		}
		t.selectors = append(t.selectors, sel)
	}
	if in.Logging == nil || *in.Logging {
		s.trails = append(s.trails, t)
	}
	return nil
}

func same(a, b string) bool { return a == b }

// fields are the fields of advanced event selectors that a call on an S3 object has.
var fields = []string{"eventCategory", "eventSource", "eventName", "eventType", "readOnly", "resources.type", "resources.ARN", "userIdentity.arn"}

// selects reports whether the trail records a call.
func (t *Trail) selects(a s3.Access, partition string) bool {
	facts := map[string]string{
		"eventCategory": "Data", "eventSource": "s3.amazonaws.com", "eventName": a.API, "eventType": "AwsApiCall",
		"readOnly": strconv.FormatBool(a.ReadOnly), "resources.type": "AWS::S3::Object",
		"resources.ARN": objectARN(a, partition), "userIdentity.arn": a.Principal.ARN,
	}
	return slices.ContainsFunc(t.selectors, func(sel selector) bool {
		for _, c := range sel {
			if slices.ContainsFunc(c.values, func(want string) bool { return c.compare(facts[c.field], want) }) == c.negated {
				return false
			}
		}
		return true
	})
}

// LogsReads reports whether a trail may record reads of objects.
func (s *Service) LogsReads() bool {
	writes := func(c condition) bool {
		return c.field == "readOnly" && !c.negated && !slices.Contains(c.values, "true")
	}
	return slices.ContainsFunc(s.trails, func(t *Trail) bool {
		return slices.ContainsFunc(t.selectors, func(sel selector) bool { return !slices.ContainsFunc(sel, writes) })
	})
}

func objectARN(a s3.Access, partition string) string {
	return "arn:" + partition + ":s3:::" + a.Bucket + "/" + a.Key
}
