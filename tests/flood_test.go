package tests

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/smithy-go"

	"airline/asl/sim"
	"airline/local"
	"airline/local/door"
)

// A burst of files is throttled by what AWS documents and by a Glue that takes ten requests a second of a kind (its rates are
// not documented): all files come home without anybody's help.
func TestAThrottledBurstIsLoaded(t *testing.T) {
	const files = 300
	ten := door.Rate{Burst: 10, PerSecond: 10}
	w := deploy(t, local.Options{Graph: recorded(t, "s3"), Rates: door.Rates{
		"glue:GetCrawler": ten, "glue:StartCrawler": ten, "glue:StartJobRun": ten, "redshiftdata:DescribeStatement": ten, "redshiftdata:BatchExecuteStatement": ten,
	}})
	throttled := map[string]int{}
	w.Door.Observe(func(r door.Record) {
		if e, ok := r.Err.(smithy.APIError); ok && e.ErrorCode() == "ThrottlingException" {
			throttled[r.Service+":"+r.Action]++
		}
	})
	w.ingest(rawFile{"airports/airports.csv", []byte(someAirports)})
	var burst []rawFile
	for i := range files {
		day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly)
		burst = append(burst, flightOf("daily-flights/date="+day+"/f.csv", i))
	}
	w.ingest(burst...)
	t.Logf("throttled: %v; the last file is loaded after %v", throttled, w.Now().Sub(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)))
	if len(throttled) == 0 {
		t.Error("nothing was throttled")
	}
	errors := map[string]int{}
	for _, x := range w.SFN().Executions() {
		if x.Status() != sim.Succeeded {
			errors[fmt.Sprint(x.Status(), " ", x.Error(), " ", strings.SplitN(x.Cause(), "Request ID", 2)[0])]++
		}
	}
	for text, n := range errors {
		t.Errorf("%d executions: %s", n, text)
	}
	if n := w.count("SELECT COUNT(*) FROM airlines.daily_flights_fact"); n != files {
		t.Errorf("%d rows are loaded, want %d", n, files)
	}
}
