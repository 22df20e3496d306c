package console

import (
	"cmp"
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
	Own, Total float64
}

// serviceNames are those of the price list's items.
var serviceNames = map[string]string{
	"cloudtrail": "CloudTrail", "events": "EventBridge", "glue": "Glue", "kms": "KMS", "logs": "CloudWatch Logs", "redshift-serverless": "Redshift Serverless",
	"s3": "S3", "sns": "SNS", "sqs": "SQS", "states": "Step Functions", "xray": "X-Ray", "cloudwatch": "CloudWatch",
}

func billPage(_ context.Context, x *Index, q query) (*page, error) {
	v := billView{Query: q}
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
	}
	slices.SortStableFunc(v.Services, func(a, b serviceCost) int {
		return cmp.Or(cmp.Compare(b.USD, a.USD), cmp.Compare(a.Name, b.Name))
	})
	transitions, hours := x.prices()
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
	for _, f := range copies(shown) {
		own := f.own(transitions, hours)
		v.Files = append(v.Files, fileCost{File: f, Own: own, Total: own + v.Shared})
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

// prices are what a state transition and a DPU-hour of the job cost; 0 before any was used.
func (x *Index) prices() (transition, hour float64) {
	for _, line := range x.world.Door.Bill().Lines() {
		switch {
		case line.Quantity == 0:
		case line.Item == "states.transition":
			transition = line.USD / line.Quantity
		case line.Item == "glue.job", line.Item == "glue.python-shell":
			hour = line.USD / line.Quantity
		}
	}
	return transition, hour
}

// own is what a file has cost by itself, at the prices of a transition and of a DPU-hour.
func (f *File) own(transition, hour float64) float64 {
	return float64(f.Transitions)*transition + f.JobHours*hour
}
