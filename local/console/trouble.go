package console

import (
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	redshift "github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/aws/smithy-go"

	"airline/etl"
	"airline/local/door"
)

// badFile is a kind of file that breaks the data contract.
type badFile struct {
	Name, Comes string // what comes of it
	key, body   string // {day} stands for the day
}

const (
	flightsKey = "daily-flights/date={day}/"
	goodRow    = "AA,10397,10721,1,2\n"
)

// goodHeader is that of a file of flights.
var goodHeader = etl.Flights.Header() + "\n"

// badFiles are one of each kind.
var badFiles = []badFile{
	{"missing column", "refused whole, the columns are named", flightsKey + "missing-column.csv", goodHeader[strings.Index(goodHeader, ",")+1:] + goodRow[strings.Index(goodRow, ",")+1:]},
	{"no header", "refused whole", flightsKey + "no-header.csv", goodRow + goodRow},
	{"empty", "refused whole", flightsKey + "empty.csv", ""},
	{"not text", "refused whole, its kind is named", flightsKey + "not-text.csv", "\x7fELF\x02\x01\x01\x00\x00\xff\xfe\x00binary"},
	{"damaged gzip", "refused whole", flightsKey + "damaged.csv.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03cut off"},
	{"semicolons", "refused whole, the separator is named", flightsKey + "semicolons.csv", strings.ReplaceAll(goodHeader+goodRow, ",", ";")},
	{"unclosed quote", "refused whole, at its line", flightsKey + "unclosed-quote.csv", goodHeader + goodRow + "\"AA,10397,10721,1,2\n"},
	{"some bad rows", "the good rows are loaded, the others rejected", flightsKey + "some-bad-rows.csv",
		goodHeader + strings.Repeat(goodRow, 20) + "AA,10397,10721,late,2\nAA,10397\nAA,1,10721,1,2\n"},
	{"too many bad rows", "refused whole, its rejects are kept", flightsKey + "too-many-bad-rows.csv", goodHeader + strings.Repeat("AA,10397,10721,late,2\n", 9) + goodRow},
	{"key without a day", "refused whole: its day is unknown", "daily-flights/undated.csv", goodHeader + goodRow},
	{"hidden name", "no data by its name: nothing is loaded", flightsKey + "_hidden.csv", goodHeader + goodRow},
	{"name that nothing loads", "no execution starts", flightsKey + "notes.txt", "not for the warehouse\n"},
}

// sendBad uploads a bad file of a kind.
func sendBad(ctx context.Context, x *Index, form *multipart.Form) (Deed, error) {
	kind := value(form, "kind")
	for _, bad := range badFiles {
		if bad.Name != kind {
			continue
		}
		day := value(form, "day")
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return Deed{}, fmt.Errorf("%q is no day such as 2008-05-01", day)
		}
		key := strings.ReplaceAll(bad.key, "{day}", day)
		version, err := x.put(ctx, key, strings.NewReader(bad.body))
		if err != nil {
			return Deed{}, err
		}
		return Deed{Text: "Sent a bad file: " + bad.Name, Keys: []string{key}, Version: version}, nil
	}
	return Deed{}, fmt.Errorf("there is no kind of bad file %q", kind)
}

// fault is a line of the table of what can go wrong.
type fault struct {
	Name, Comes string
	rule        door.Fault
}

// faults are what can be injected, each once or so: the pipeline has an answer to all of them but the last two.
func faults() []fault {
	unavailable := func(code string) error {
		return &smithy.GenericAPIError{Code: code, Message: "injected: the service is not available", Fault: smithy.FaultServer}
	}
	return []fault{
		{"glue:StartJobRun has too many runs, 2 times", "the state is retried until a run starts",
			door.Fault{Service: "glue", Action: "StartJobRun", Times: 2, Err: &types.ConcurrentRunsExceededException{Message: aws.String("injected: concurrent runs exceeded")}}},
		{"glue:StartCrawler finds the crawler running, once", "the crawl that runs is waited for",
			door.Fault{Service: "glue", Action: "StartCrawler", Times: 1, Err: &types.CrawlerRunningException{Message: aws.String("injected: the crawler is running")}}},
		{"redshift-data:BatchExecuteStatement has too many statements, 2 times", "the state is retried",
			door.Fault{Service: "redshiftdata", Action: "BatchExecuteStatement", Times: 2, Err: &redshift.ActiveStatementsExceededException{Message: aws.String("injected: active statements exceeded")}}},
		{"states:StartExecution is not available, 3 times", "EventBridge tries again",
			door.Fault{Service: "sfn", Action: "StartExecution", Principal: "*events*", Times: 3, Err: unavailable("InternalServerError")}},
		{"s3:GetObject takes a minute longer, 5 times", "all goes on, later", door.Fault{Service: "s3", Action: "GetObject", Times: 5, Delay: time.Minute}},
		{"glue:GetCrawler is not available, 20 times", "the execution fails in the end, and is notified", door.Fault{Service: "glue", Action: "GetCrawler", Times: 20, Err: unavailable("OperationTimeoutException")}},
		{"sns:Publish is not available, 20 times", "the rows are loaded, and nobody is told", door.Fault{Service: "sns", Action: "Publish", Times: 20, Err: unavailable("InternalError")}},
	}
}

// injectFault adds a line of the table to the world.
func injectFault(_ context.Context, x *Index, form *multipart.Form) (Deed, error) {
	name := value(form, "fault")
	if x.server.Kept() {
		return Deed{}, errors.New("a world that is kept (--workdir) takes no faults: serve one without")
	}
	for _, f := range faults() {
		if f.Name == name {
			x.world.Door.Inject(f.rule)
			return Deed{Text: "Injected a fault: " + f.Name + "; " + f.Comes}, nil
		}
	}
	return Deed{}, fmt.Errorf("there is no fault %q", name)
}
