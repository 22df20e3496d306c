package workflow

import (
	"bytes"
	"flag"
	"os"
	"syscall"
	"testing"

	"airline/asl/ast"
	"airline/asl/draw"
	"airline/etl"
)

func example() Config {
	return Config{
		RawBucket:       "airline-dev-raw-123456789012",
		StagingBucket:   "airline-dev-staging-123456789012",
		StagingKeyARN:   "arn:aws:kms:eu-west-1:123456789012:key/data",
		Crawl:           CrawlDaily,
		CatalogDatabase: "airline_dev",
		Job:             "airline-dev-load",
		WorkerType:      "G.1X", Workers: 2, MaxWorkers: 10,
		Warehouse:       Warehouse{Workgroup: "airline-dev", Database: "airline"},
		CopyRoleARN:     "arn:aws:iam::123456789012:role/airline-dev-copy",
		TopicARN:        "arn:aws:sns:eu-west-1:123456789012:airline-dev-notifications",
		TopicKeyARN:     "arn:aws:kms:eu-west-1:123456789012:key/data",
		MetricNamespace: "airline/dev",
		MaxRejectRatio:  0.05,

		Loaders: []Loader{
			{etl.Flights, "airline-dev-flights", "arn:aws:states:eu-west-1:123456789012:stateMachine:airline-dev-ingest-flights:live"},
			{etl.Airports, "airline-dev-airports", "arn:aws:states:eu-west-1:123456789012:stateMachine:airline-dev-load-airports:live"},
		},
		ReconcileARN:  "arn:aws:states:eu-west-1:123456789012:stateMachine:airline-dev-reconcile:live",
		ReconcileDays: 7,

		OnDelete: etl.Retire,
	}
}

func machines(t *testing.T) map[string]*ast.Definition { return machinesOf(t, example()) }

func machinesOf(t *testing.T, c Config) map[string]*ast.Definition {
	t.Helper()
	flights, err := Load(c, etl.Flights)
	if err != nil {
		t.Fatal(err)
	}
	airports, err := Load(c, etl.Airports)
	if err != nil {
		t.Fatal(err)
	}
	reconcile, err := Reconcile(c)
	if err != nil {
		t.Fatal(err)
	}
	backfill, err := Backfill(example())
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*ast.Definition{"ingest-flights": flights, "load-airports": airports, "reconcile": reconcile, "backfill": backfill}
}

func TestMachines(t *testing.T) {
	for name, d := range machines(t) {
		b, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s\n%s", name, b)
		for _, problem := range d.Validate() {
			t.Errorf("%s: %v", name, problem)
		}
	}
}

func TestEveryLoadParameterHasAValue(t *testing.T) {
	for _, p := range parameters() {
		if p.Value == nil {
			t.Errorf("no value for the load parameter %s", p.Name)
		}
	}
}

// BenchmarkIngestFlights builds, checks and prints the machine. Beside the time
// it reports the processor's, the garbage collector's included, which others
// that use the machine at the same moment distort less.
func BenchmarkIngestFlights(b *testing.B) {
	c := example()
	b.ReportAllocs()
	processor := func() int64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return u.Utime.Nano() + u.Stime.Nano()
	}
	start := processor()
	defer func() { b.ReportMetric(float64(processor()-start)/float64(b.N), "cpu-ns/op") }()
	for b.Loop() {
		d, err := Load(c, etl.Flights)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := d.JSON(); err != nil {
			b.Fatal(err)
		}
	}
}

var update = flag.Bool("update", false, "draw docs/ingest-flights.svg anew")

// The picture in the docs is that of the machine as it is.
func TestPicture(t *testing.T) {
	const file = "../docs/ingest-flights.svg"
	picture := draw.SVG(machines(t)["ingest-flights"], draw.Options{Title: "ingest-flights", FoldFailures: true})
	if *update {
		if err := os.WriteFile(file, picture, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	drawn, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(drawn, picture) {
		t.Errorf("%s is not the picture of the machine any more; draw it with go test ./workflow -update", file)
	}
}
