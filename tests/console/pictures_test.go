package console_test

import (
	"flag"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"airline/local"
	"airline/local/door"
)

var pictures = flag.Bool("pictures", false, "draw the pictures of the documentation anew (make pictures)")

// The pictures of the documentation are of the pages as they are. The test makes what they show, and with -pictures the pictures.
func TestPictures(t *testing.T) {
	s := newSite(t)
	s.generated(38)
	s.settle()
	s.put("daily-flights/date=2008-06-12/flights.csv", "Carrier,OriginAirportID\nAA,1\n")
	if err := s.server.Do(func(w *local.World) error {
		w.Door.Inject(door.Fault{Service: "glue", Action: "StartJobRun", Times: 1, Err: &types.ConcurrentRunsExceededException{Message: aws.String("Concurrent runs exceeded")}})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	const bad = "daily-flights/date=2008-06-10/flights.csv"
	s.put(bad, header+"AA,10397,10721,late,2\nAA,10397,10721,1,2\nAA,10397,1,1,2\n")
	s.settle()
	b := open(t)
	for _, p := range []struct {
		file, path, wait string
		height           int64
	}{
		{"console", "execution?state=RunJob&arn=" + url.QueryEscape(s.last(bad)), "#x-state", 900},
		{"console-files", "files", ".calendar", 900},
	} {
		b.at(s.url+p.path, 1280, "light")
		b.run(emulation.SetDeviceMetricsOverride(1280, p.height, 1, false), chromedp.WaitVisible(p.wait, chromedp.ByQuery))
		b.until(`document.getElementById('connection').textContent === 'live'`)
		if !*pictures {
			continue
		}
		var png []byte
		b.run(chromedp.Sleep(200*time.Millisecond), chromedp.CaptureScreenshot(&png)) // fonts settle
		if err := os.WriteFile("../../docs/"+p.file+".png", png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
