package door

import (
	"fmt"
	"slices"
)

// Usage is an amount of one item of the price list.
type Usage struct {
	Item     string // on the price list: "glue.job"
	Quantity float64
}

// Price is what one unit of an item costs in US dollars.
type Price struct {
	Unit string
	USD  float64
}

// prices is AWS's public price list (us-east-1, without free tiers) for what the local world meters.
var prices = map[string]Price{
	"cloudtrail.data-event":   {"event", 0.10 / 100_000},
	"events.custom-event":     {"event", 1.00 / 1_000_000},
	"glue.crawler":            {"DPU-hour", 0.44},
	"glue.job":                {"DPU-hour", 0.44},
	"glue.python-shell":       {"DPU-hour", 0.44},
	"glue.catalog-request":    {"request", 1.00 / 1_000_000},
	"pipes.request":           {"request", 0.40 / 1_000_000},
	"kms.request":             {"request", 0.03 / 10_000},
	"logs.ingested":           {"GB", 0.50},
	"logs.vended":             {"GB", 0.50},
	"redshift-serverless.rpu": {"RPU-hour", 0.375},
	"s3.write":                {"request", 0.005 / 1_000},
	"s3.read":                 {"request", 0.0004 / 1_000},
	"sns.publish":             {"request", 0.50 / 1_000_000},
	"sns.email":               {"notification", 2.00 / 100_000},
	"sqs.request":             {"request", 0.40 / 1_000_000},
	"states.transition":       {"transition", 0.025 / 1_000},
	"xray.trace":              {"trace", 5.00 / 1_000_000},
	"cloudwatch.metric-put":   {"request", 0.01 / 1_000},
}

// ListPrice is the price of an item.
func ListPrice(item string) (Price, bool) {
	p, ok := prices[item]
	return p, ok
}

// Bill is the quantity used of every item.
type Bill map[string]float64

// Line is one line of a bill.
type Line struct {
	Item     string  `json:"item"`
	Quantity float64 `json:"quantity"`
	Unit     string  `json:"unit"`
	USD      float64 `json:"usd"`
}

// Meter adds usage to the world's bill. An item that is not on the price list is an error.
func (d *Door) Meter(u Usage) error {
	if _, ok := prices[u.Item]; !ok {
		return fmt.Errorf("door: %q is not on the price list: add it to prices in package door", u.Item)
	}
	d.bill[u.Item] += u.Quantity
	return nil
}

// Bill is what was used so far.
func (d *Door) Bill() Bill { return d.bill }

// Lines prices the bill, sorted by item.
func (b Bill) Lines() []Line {
	lines := make([]Line, 0, len(b))
	for item, q := range b {
		p := prices[item]
		lines = append(lines, Line{Item: item, Quantity: q, Unit: p.Unit, USD: q * p.USD})
	}
	slices.SortFunc(lines, func(a, b Line) int {
		if a.Item < b.Item {
			return -1
		}
		return 1
	})
	return lines
}
