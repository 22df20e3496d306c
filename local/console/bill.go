package console

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"airline/asl/report"
	"airline/local/door"
)

// billView is the page of what the world would have cost at list prices.
type billView struct {
	Services []serviceCost
	Total    float64
	Files    []fileCost
	List     report.List
	Shared   float64 // of each file
	Query    query
}

// serviceCost are the lines of a service.
type serviceCost struct {
	Name  string
	USD   float64
	Lines []door.Line
}

// fileCost is what a file has cost: state transitions and job runs of its own, and its share of all else, which serves all files.
type fileCost struct {
	*File
	Own, Shared, Total float64
}

// serviceNames are those of the price list's items.
var serviceNames = map[string]string{
	"cloudtrail": "CloudTrail", "events": "EventBridge", "glue": "Glue", "kms": "KMS", "logs": "CloudWatch Logs", "redshift-serverless": "Redshift Serverless",
	"s3": "S3", "sns": "SNS", "sqs": "SQS", "states": "Step Functions", "xray": "X-Ray", "cloudwatch": "CloudWatch",
}

func billPage(_ context.Context, x *Index, q query) (*page, error) {
	v := billView{Query: q}
	var transitions, hours float64 // prices
	for _, line := range x.world.Door.Bill().Lines() {
		name, _, _ := strings.Cut(line.Item, ".")
		if known := serviceNames[name]; known != "" {
			name = known
		}
		i := slices.IndexFunc(v.Services, func(s serviceCost) bool { return s.Name == name })
		if i < 0 {
			i = len(v.Services)
			v.Services = append(v.Services, serviceCost{Name: name})
		}
		s := &v.Services[i]
		s.Lines = append(s.Lines, line)
		s.USD += line.USD
		v.Total += line.USD
		if line.Quantity > 0 {
			switch line.Item {
			case "states.transition":
				transitions = line.USD / line.Quantity
			case "glue.job":
				hours = line.USD / line.Quantity
			}
		}
	}
	slices.SortStableFunc(v.Services, func(a, b serviceCost) int {
		switch {
		case a.USD > b.USD:
			return -1
		case a.USD < b.USD:
			return 1
		}
		return strings.Compare(a.Name, b.Name)
	})
	own := 0.0
	for _, f := range x.files {
		own += f.own(transitions, hours)
	}
	if len(x.files) > 0 {
		v.Shared = max(0, v.Total-own) / float64(len(x.files))
	}
	newest := slices.Clone(x.files)
	slices.Reverse(newest)
	shown, list := cut(newest, filesShown, q, "from")
	v.List = list
	for _, f := range shown {
		c := *f
		cost := fileCost{File: &c, Own: f.own(transitions, hours), Shared: v.Shared}
		cost.Total = cost.Own + cost.Shared
		v.Files = append(v.Files, cost)
	}
	return &page{Name: "bill", Title: "Bill", Data: v, Live: true}, nil
}

// quantity is an amount for people: whole, or with six decimals.
func quantity(n float64) string {
	if n == math.Trunc(n) && n < 1e15 {
		return report.Count(int64(n))
	}
	return fmt.Sprintf("%.6f", n)
}

// own is what a file has cost by itself, at the prices of a transition and of a DPU-hour.
func (f *File) own(transition, hour float64) float64 {
	return float64(f.Transitions)*transition + f.JobHours*hour
}
