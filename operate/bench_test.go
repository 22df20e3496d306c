package operate_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"airline/local"
	"airline/local/door"
	"airline/operate"
)

// many fills bucket and ledger with loaded files, four a day.
func (s *stage) many(n int) {
	s.Helper()
	s.rule(false)
	day := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)
	s.do(func(w *local.World) error {
		bucket := aws.String(w.Bucket("raw"))
		var rows []string
		for i := range n {
			key := fmt.Sprintf("daily-flights/date=%s/%d.csv", day.AddDate(0, 0, i/4).Format(time.DateOnly), i%4)
			out, err := w.S3().PutObject(s.Context(), &s3.PutObjectInput{Bucket: bucket, Key: &key, Body: strings.NewReader("x")})
			if err != nil {
				return err
			}
			rows = append(rows, fmt.Sprintf("('%064x','%s','%s','2024-01-01','2024-01-01','loaded',1,1,0,'arn','2024-01-01')", i, key, *out.VersionId))
			if len(rows) == 400 || i == n-1 {
				sql := "INSERT INTO airlines.load_ledger VALUES " + strings.Join(rows, ",")
				if _, err := w.RedshiftData().ExecuteStatement(s.Context(), &redshiftdata.ExecuteStatementInput{
					Sql: &sql, WorkgroupName: aws.String("airline-dev"), Database: aws.String("airline"),
				}); err != nil {
					return err
				}
				rows = nil
			}
		}
		return w.RunFor(s.Context(), time.Duration(n/400+1)*time.Second) // each INSERT takes less
	})
}

// calls counts the calls that reach the world while f runs, but those that wait for a statement's end: how many these are is a matter
// of time.
func (s *stage) calls(f func()) int {
	n := 0
	counting := true
	s.do(func(w *local.World) error {
		w.Door.Observe(func(r door.Record) {
			if counting && r.Action != "DescribeStatement" && strings.HasSuffix(r.Principal.String(), ":user/operator") {
				n++
			}
		})
		return nil
	})
	f()
	s.do(func(*local.World) error { counting = false; return nil })
	return n
}

// list lists the files of a selection, and counts them.
func list(ctx context.Context, o *operate.Session, sel operate.Selection) (n int, err error) {
	for _, err := range o.Files(ctx, sel) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// A day costs the same calls whatever the history.
func TestADayCostsTheSame(t *testing.T) {
	cost := func(files int) int {
		s := serve(t, nil)
		s.many(files)
		o := s.session("files")
		return s.calls(func() {
			if n, err := list(t.Context(), o, operate.Selection{Day: time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC)}); err != nil || n != 4 {
				t.Errorf("%d files, %v", n, err)
			}
		})
	}
	if few, more := cost(4), cost(4000); few != more || few > 8 {
		t.Errorf("%d calls for a day alone, %d with a history", few, more)
	}
}

// BenchmarkFiles lists 100,000 files as the command's table does. It reports the processor's time for a listing, client and world together, which says more than
// ns/op where others use the processor too, and the heap after the first, which holds bucket and ledger, and after the last.
func BenchmarkFiles(b *testing.B) {
	const files = 100_000
	s := serveIn(b, 0, nil)
	s.many(files)
	o := s.session("files")
	var spent time.Duration
	var heap []float64
	for b.Loop() {
		begun := processor(b)
		if n, err := list(b.Context(), o, operate.Selection{Brief: true}); err != nil || n != files {
			b.Fatalf("%d files, %v", n, err)
		}
		spent += processor(b) - begun
		b.StopTimer()
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		heap = append(heap, float64(m.HeapInuse)/1e6)
		b.StartTimer()
	}
	b.ReportMetric(spent.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(heap[0], "MB-first")
	b.ReportMetric(heap[len(heap)-1], "MB-last")
}

// processor is how long processors have worked for this process.
func processor(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
