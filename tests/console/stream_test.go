package console_test

import (
	"bufio"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// cpu is the processor time that this process has used.
func cpu(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkStream is the ingestion of 40 files by a served world: alone, and with pages open that are told of all of it. The
// processor time is what to compare: it depends less on what else the machine does.
func BenchmarkStream(b *testing.B) {
	for _, c := range []struct {
		name    string
		readers int
	}{{"alone", 0}, {"1 page", 1}, {"5 pages", 5}} {
		b.Run(c.name, func(b *testing.B) {
			used := time.Duration(0)
			for b.Loop() {
				b.StopTimer()
				s := newSite(b)
				for range c.readers {
					answer, err := http.Get(s.url + "events")
					if err != nil {
						b.Fatal(err)
					}
					defer answer.Body.Close()
					go func() {
						for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
							if len(lines.Text()) < len("data: ") {
								continue
							}
							if page, err := http.Get(s.url); err == nil { // as an open page fetches itself
								page.Body.Close()
							}
							time.Sleep(time.Second)
						}
					}()
				}
				b.StartTimer()
				before := cpu(b)
				s.generated(40)
				s.settle()
				used += cpu(b) - before
			}
			b.ReportMetric(float64(used.Milliseconds())/float64(b.N), "cpu-ms/op")
		})
	}
}
