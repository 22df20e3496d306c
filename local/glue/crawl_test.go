package glue

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	s3api "github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/asl/sim"
	"airline/local/cloudwatch"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/kms"
	"airline/local/recorder"
	"airline/local/s3"
)

const (
	account = "123456789012"
	role    = "arn:aws:iam::" + account + ":role/airline-dev-crawler"
)

// policy refuses the actions in it and allows everything else.
type policy map[string]bool

func (p policy) Authorize(who door.Principal, r door.Request) error {
	if p[r.Action] {
		return errors.New("User: " + who.String() + " is not authorized to perform: " + r.Action + " on resource: " + r.Resource)
	}
	return nil
}

type world struct {
	*Service
	t      *testing.T
	clock  *sim.Clock
	door   *door.Door
	s3     *s3.Service
	logs   *cloudwatch.Service
	denied policy
	calls  map[string]int
	ctx    context.Context
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: sim.NewClock(time.Date(2008, 5, 1, 0, 0, 0, 0, time.UTC)), denied: policy{}, calls: map[string]int{}}
	arn := func(service, resource string) string {
		return "arn:aws:" + service + ":eu-west-1:" + account + ":" + resource
	}
	w.door = door.New(w.clock, w.denied, 1)
	w.door.Observe(func(r door.Record) { w.calls[r.Action]++ })
	directory := iam.NewDirectory("eu-west-1", w.clock.Now)
	w.s3 = s3.New(w.door, kms.New(w.door, directory, "eu-west-1"), directory, s3.Place{Account: account, Region: "eu-west-1", Partition: "aws"}, t.TempDir())
	w.logs = cloudwatch.New(w.door, w.clock, arn)
	w.Service = New(w.door, w.clock, w.s3, w.logs, func(string) (string, bool) { return role, true }, arn)
	w.ctx = door.As(context.Background(), door.Principal{ARN: "arn:aws:iam::" + account + ":user/me", Role: "arn:aws:iam::" + account + ":user/me", Account: account})
	for _, b := range []string{"raw", "staging", "scripts"} {
		w.deploy(w.s3.Types(nil), "aws:s3/bucketV2:BucketV2", map[string]any{"bucket": b}, map[string]any{"arn": "arn:aws:s3:::" + b, "bucket": b, "id": b})
		w.deploy(w.s3.Types(nil), "aws:s3/bucketVersioningV2:BucketVersioningV2", map[string]any{"bucket": b, "versioningConfiguration": map[string]any{"status": "Enabled"}}, nil)
	}
	w.deploy(w.Types(), "aws:glue/catalogDatabase:CatalogDatabase", map[string]any{"name": "airline_dev"}, nil)
	return w
}

func (w *world) deploy(types map[string]func(*recorder.Resource) error, typ string, in, out map[string]any) {
	w.t.Helper()
	all := map[string]any{}
	for k, v := range in {
		all[k] = v
	}
	for k, v := range out {
		all[k] = v
	}
	if err := types[typ](&recorder.Resource{Type: typ, Name: "test", Inputs: in, Outputs: all}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) crawler(more map[string]any) {
	w.t.Helper()
	in := map[string]any{"name": "flights", "databaseName": "airline_dev", "role": role, "s3Targets": []any{map[string]any{"path": "s3://raw/daily-flights/"}}}
	for k, v := range more {
		in[k] = v
	}
	w.deploy(w.Types(), "aws:glue/crawler:Crawler", in, nil)
}

func (w *world) upload(key, body string) {
	w.t.Helper()
	if _, err := w.s3.PutObject(w.ctx, &s3api.PutObjectInput{Bucket: aws.String("raw"), Key: &key, Body: strings.NewReader(body)}); err != nil {
		w.t.Fatal(err)
	}
}

// crawlNow runs the crawler to its end and returns its last crawl.
func (w *world) crawlNow() *types.LastCrawlInfo {
	w.t.Helper()
	if _, err := w.StartCrawler(w.ctx, &glue.StartCrawlerInput{Name: aws.String("flights")}); err != nil {
		w.t.Fatal(err)
	}
	if err := w.clock.Run(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	c := w.crawlerState()
	if c.State != types.CrawlerStateReady {
		w.t.Fatalf("the crawler is %s", c.State)
	}
	return c.LastCrawl
}

func (w *world) crawlerState() *types.Crawler {
	w.t.Helper()
	out, err := w.GetCrawler(w.ctx, &glue.GetCrawlerInput{Name: aws.String("flights")})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Crawler
}

func (w *world) summary() string {
	var b strings.Builder
	for _, t := range w.Tables() {
		fmt.Fprintf(&b, "%s(%s) %d\n", t.Name, strings.Join(t.Columns, ", "), t.Partitions)
	}
	return b.String()
}

const flights = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nAA,10165,10299,-3,5\nDL,10299,10165,12,7\n"

func TestCrawlerStates(t *testing.T) {
	w := newWorld(t)
	w.crawler(nil)
	w.upload("daily-flights/date=2008-05-01/flights.csv", flights)
	if c := w.crawlerState(); c.State != types.CrawlerStateReady || c.LastCrawl != nil {
		t.Fatalf("before the first crawl: %s, last crawl %v", c.State, c.LastCrawl)
	}
	start := func() error {
		_, err := w.StartCrawler(w.ctx, &glue.StartCrawlerInput{Name: aws.String("flights")})
		return err
	}
	if err := start(); err != nil {
		t.Fatal(err)
	}
	var running *types.CrawlerRunningException
	seen := []string{}
	for {
		c := w.crawlerState()
		if n := len(seen); n == 0 || seen[n-1] != string(c.State) {
			seen = append(seen, string(c.State))
		}
		if c.State == types.CrawlerStateReady {
			break
		}
		if c.LastCrawl != nil {
			t.Errorf("last crawl in state %s: %v", c.State, c.LastCrawl)
		}
		if err := start(); !errors.As(err, &running) {
			t.Errorf("second start in state %s: %v", c.State, err)
		}
		w.clock.Step()
	}
	if got := strings.Join(seen, " "); got != "RUNNING STOPPING READY" {
		t.Errorf("states %s", got)
	}
	if c := w.crawlerState(); c.LastCrawl == nil || c.LastCrawl.Status != types.LastCrawlStatusSucceeded || c.LastCrawl.ErrorMessage != nil {
		t.Errorf("last crawl %+v", c.LastCrawl)
	}
	if err := start(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.StopCrawler(w.ctx, &glue.StopCrawlerInput{Name: aws.String("flights")}); err != nil {
		t.Fatal(err)
	}
	var stopping *types.CrawlerStoppingException
	if _, err := w.StopCrawler(w.ctx, &glue.StopCrawlerInput{Name: aws.String("flights")}); !errors.As(err, &stopping) {
		t.Errorf("second stop: %v", err)
	}
	if err := w.clock.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if c := w.crawlerState(); c.LastCrawl.Status != types.LastCrawlStatusCancelled {
		t.Errorf("after a stop: %s", c.LastCrawl.Status)
	}
	var missing *types.EntityNotFoundException
	if _, err := w.StartCrawler(w.ctx, &glue.StartCrawlerInput{Name: aws.String("nobody")}); !errors.As(err, &missing) {
		t.Errorf("unknown crawler: %v", err)
	}
}

func TestInference(t *testing.T) {
	gz := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		fmt.Fprint(z, s)
		z.Close()
		return b.String()
	}
	day := func(n int) string { return fmt.Sprintf("daily-flights/date=2008-05-%02d/flights.csv", n) }
	for _, c := range []struct {
		name  string
		files []string // key, body ...
		want  string
	}{
		{"partitions", []string{day(1), flights, day(2), flights},
			"daily_flights(carrier string, originairportid bigint, destairportid bigint, depdelay bigint, arrdelay bigint) 2\n"},
		{"wider type", []string{day(1), flights, day(2), strings.ReplaceAll(flights, "12", "1.5"), day(3), strings.ReplaceAll(flights, "-3", "NA")},
			"daily_flights(carrier string, originairportid bigint, destairportid bigint, depdelay string, arrdelay bigint) 3\n"},
		{"BOM, CRLF, gzip, quotes", []string{day(1), "\ufeff" + strings.ReplaceAll(flights, "\n", "\r\n"), day(2), gz(flights), day(3), strings.ReplaceAll(flights, "AA", `"A,A"`)},
			"daily_flights(carrier string, originairportid bigint, destairportid bigint, depdelay bigint, arrdelay bigint) 3\n"},
		{"unknown ones left out", []string{day(1), flights, day(2), "\x00\x01\x02", day(3), "", day(4), "one line", day(5), gz(flights)[:20]},
			"daily_flights(carrier string, originairportid bigint, destairportid bigint, depdelay bigint, arrdelay bigint) 1\n"},
		{"no header", []string{day(1), "AA,1,2\nDL,3,4.5\n"}, "daily_flights(col0 string, col1 bigint, col2 double) 1\n"},
		{"all text", []string{day(1), "a,b\nx,y\nz,w\n"}, "daily_flights(col0 string, col1 string) 1\n"},
		{"other delimiter", []string{day(1), "a;b\nx;1\nz;2\n"}, "daily_flights(a string, b bigint) 1\n"},
		{"plain folders", []string{"daily-flights/2008/05/a.csv", flights},
			"daily_flights(carrier string, originairportid bigint, destairportid bigint, depdelay bigint, arrdelay bigint) 1\n"},
		{"different schemas", []string{"daily-flights/a/x.csv", "a,b\nx,1\n", "daily-flights/b/y.csv", "c,d,e\nx,1,2\n"},
			"a(a string, b bigint) 0\nb(c string, d bigint, e bigint) 0\n"},
		{"nothing", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.crawler(nil)
			for i := 0; i < len(c.files); i += 2 {
				w.upload(c.files[i], c.files[i+1])
			}
			if last := w.crawlNow(); last.Status != types.LastCrawlStatusSucceeded {
				t.Fatalf("%s: %s", last.Status, aws.ToString(last.ErrorMessage))
			}
			if got := w.summary(); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestIncrementalCrawl(t *testing.T) {
	w := newWorld(t)
	w.deploy(w.Types(), "aws:glue/classifier:Classifier", map[string]any{"name": "csv", "csvClassifier": map[string]any{"containsHeader": "PRESENT", "delimiter": ",", "quoteSymbol": `"`}}, nil)
	w.crawler(map[string]any{
		"classifiers":        []any{"csv"},
		"schemaChangePolicy": map[string]any{"updateBehavior": "UPDATE_IN_DATABASE", "deleteBehavior": "LOG"},
		"configuration":      `{"Version":1,"CrawlerOutput":{"Partitions":{"AddOrUpdateBehavior":"InheritFromTable"},"Tables":{"AddOrUpdateBehavior":"MergeNewColumns"}},"Grouping":{"TableGroupingPolicy":"CombineCompatibleSchemas","TableLevelConfiguration":2}}`,
	})
	key := func(n int) string { return fmt.Sprintf("daily-flights/date=2008-05-%02d/flights.csv", n) }
	for n := 1; n <= 20; n++ {
		w.upload(key(n), flights)
	}
	w.crawlNow()
	w.upload(key(21), flights)
	clear(w.calls)
	w.crawlNow()
	if n := w.calls["GetObject"]; n != 1 {
		t.Errorf("a crawl with one new object read %d", n)
	}
	if c, u := w.calls["BatchCreatePartition"], w.calls["UpdatePartition"]; c != 1 || u != 0 {
		t.Errorf("%d BatchCreatePartition, %d UpdatePartition", c, u)
	}
	w.upload(key(3), strings.ReplaceAll(flights, "ArrDelay\n", "ArrDelay,Extra\n")+"AA,1,2,3,4,5\n")
	clear(w.calls)
	w.crawlNow()
	if n, u := w.calls["GetObject"], w.calls["UpdatePartition"]; n != 1 || u != 21 {
		t.Errorf("a crawl with a new column read %d and updated %d partitions, want 1 and all, which inherit from the table", n, u)
	}
	w.upload(key(4), flights+"AA,1,2,3,4\n")
	clear(w.calls)
	w.crawlNow()
	if n, u := w.calls["GetObject"], w.calls["UpdatePartition"]; n != 1 || u != 1 {
		t.Errorf("a crawl with one changed object read %d and updated %d partitions", n, u)
	}
	want := "daily_flights(carrier string, originairportid bigint, destairportid bigint, depdelay bigint, arrdelay bigint, extra bigint) 21\n"
	if got := w.summary(); got != want {
		t.Errorf("got %swant %s", got, want)
	}
	if _, err := w.s3.DeleteObject(w.ctx, &s3api.DeleteObjectInput{Bucket: aws.String("raw"), Key: aws.String(key(4))}); err != nil {
		t.Fatal(err)
	}
	clear(w.calls)
	w.crawlNow()
	if got := w.summary(); got != want || w.calls["GetObject"] != 0 {
		t.Errorf("the policy is to log what is gone: got %s, %d reads", got, w.calls["GetObject"])
	}
	p, err := w.GetPartition(w.ctx, &glue.GetPartitionInput{DatabaseName: aws.String("airline_dev"), TableName: aws.String("daily_flights"), PartitionValues: []string{"2008-05-03"}})
	if err != nil || *p.Partition.StorageDescriptor.Location != "s3://raw/daily-flights/date=2008-05-03/" || p.Partition.Parameters["skip.header.line.count"] != "1" {
		t.Errorf("partition %+v, %v", p, err)
	}
}

func TestCrawlsAreAuthorised(t *testing.T) {
	for _, action := range []string{
		"sts:AssumeRole", "s3:ListBucket", "s3:GetObject", "glue:GetDatabase", "glue:GetTable", "glue:CreateTable",
		"glue:BatchGetPartition", "glue:BatchCreatePartition", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents",
	} {
		t.Run(action, func(t *testing.T) {
			w := newWorld(t)
			w.crawler(nil)
			w.upload("daily-flights/date=2008-05-01/flights.csv", flights)
			w.denied[action] = true
			last := w.crawlNow()
			if m := aws.ToString(last.ErrorMessage); last.Status != types.LastCrawlStatusFailed || !strings.Contains(m, action) || !strings.Contains(m, "resource: ") {
				t.Errorf("%s: %q", last.Status, m)
			}
		})
	}
}

func FuzzClassify(f *testing.F) {
	for _, s := range []string{flights, "a,b\n1,2", "\"a\n", "\x1f\x8b", "a\x00b", "a\tb\n1\t2\n", "\xff\xfe"} {
		f.Add([]byte(s), true)
	}
	present := []types.CsvClassifier{{ContainsHeader: types.CsvHeaderOptionPresent}}
	f.Fuzz(func(t *testing.T, data []byte, whole bool) {
		classify(data, whole, nil)
		s := classify(data, whole, present)
		seen := map[string]bool{}
		for _, c := range s.columns {
			if c.name == "" || c.typ == "" || seen[c.name] {
				t.Errorf("column %+v of %+v", c, s)
			}
			seen[c.name] = true
		}
	})
}

// slow delays every call of an API.
func slow(service, action string, by time.Duration) door.Fault {
	return door.Fault{Service: service, Action: action, Delay: by}
}
