package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"airline/infra"
	"airline/local"
)

// A world that was saved goes on in another process: versions, markers, odd keys and headers are there, the catalog and what
// its crawlers know, the warehouse and the time; ids are made anew.
func TestAWorldGoesOn(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	deploy := func(resume *local.State) *local.World {
		t.Helper()
		w, err := local.Deploy(ctx, local.Options{Dir: "..", Stack: "dev", Program: infra.Program, WorkDir: dir, Resume: resume})
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	put := func(w *local.World, key, text string) string {
		t.Helper()
		out, err := w.S3().PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: &key, Body: strings.NewReader(text),
			ContentType: aws.String("text/csv"), Metadata: map[string]string{"from": "here"}})
		if err != nil {
			t.Fatal(err)
		}
		return *out.VersionId
	}
	run := func(w *local.World) {
		t.Helper()
		if err := w.Run(ctx); err != nil {
			t.Fatal(err)
		}
	}
	const day = "daily-flights/date=2024-01-01/flights.csv"
	const odd = "odd/ä b%/../x.csv"
	const header = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\n"
	look := func(w *local.World) string {
		t.Helper()
		versions, err := w.S3().ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: aws.String(w.Bucket("raw"))})
		if err != nil {
			t.Fatal(err)
		}
		head, err := w.S3().HeadObject(ctx, &s3.HeadObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: aws.String(odd)})
		if err != nil {
			t.Fatal(err)
		}
		seen := []any{versions.Versions, versions.DeleteMarkers, head, w.Glue().Tables()}
		for _, table := range w.Glue().Tables() {
			whole, err := w.Glue().GetTable(ctx, &glue.GetTableInput{DatabaseName: &table.Database, Name: &table.Name})
			if err != nil {
				t.Fatal(err)
			}
			partitions, err := w.Glue().GetPartitions(ctx, &glue.GetPartitionsInput{DatabaseName: &table.Database, TableName: &table.Name})
			if err != nil {
				t.Fatal(err)
			}
			seen = append(seen, whole, partitions)
		}
		text, err := json.MarshalIndent(append(seen, w.Glue().State()), "", " ")
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	facts := func(w *local.World) string {
		t.Helper()
		result, err := w.RedshiftData().Query(ctx, "SELECT carrier, dep_delay FROM airlines.daily_flights_fact ORDER BY 1, 2")
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(result.Rows)
	}

	w := deploy(nil)
	put(w, "airports/airports.csv", "airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n2,Paris,IF,Orly\n")
	put(w, day, header+"LH,1,2,5,-3\n")
	first := put(w, odd, "1")
	second := put(w, odd, "2")
	put(w, "ODD", "upper")
	put(w, "gone.csv", "x")
	if _, err := w.S3().DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: aws.String("gone.csv")}); err != nil {
		t.Fatal(err)
	}
	run(w)
	want, end := look(w), w.Now()
	if err := w.Save(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}

	state, err := local.ReadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	w = deploy(state)
	defer w.Close()
	if w.Now().Before(end) {
		t.Errorf("the world begins at %s, before its end at %s", w.Now(), end)
	}
	if diff := cmp.Diff(want, look(w)); diff != "" {
		t.Errorf("what is there differs:\n%s", diff)
	}
	if got := facts(w); got != "[[LH 5]]" {
		t.Errorf("the warehouse holds %s", got)
	}
	if scripts, err := w.S3().ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: aws.String(w.Bucket("scripts"))}); err != nil || len(scripts.Versions) != countKeys(scripts) {
		t.Errorf("scripts that have not changed have other versions: %d, %v", len(scripts.Versions), err)
	}

	// A correction replaces the rows, a version that is taken away uncovers the one below it.
	corrected := put(w, day, header+"LH,1,2,6,-3\nLH,1,2,7,-3\n")
	run(w)
	if got := facts(w); got != "[[LH 6] [LH 7]]" {
		t.Errorf("after a correction the warehouse holds %s", got)
	}
	if strings.Contains(want, corrected) {
		t.Errorf("the id %s was given before", corrected)
	}
	if _, err := w.S3().DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: aws.String(odd), VersionId: &second}); err != nil {
		t.Fatal(err)
	}
	out, err := w.S3().GetObject(ctx, &s3.GetObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: aws.String(odd)})
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	if text, _ := io.ReadAll(out.Body); string(text) != "1" || *out.VersionId != first {
		t.Errorf("the older version is %q, %s", text, *out.VersionId)
	}
}

func countKeys(list *s3.ListObjectVersionsOutput) int {
	keys := map[string]bool{}
	for _, v := range list.Versions {
		keys[*v.Key] = true
	}
	return len(keys)
}

// A state is taken over by the stack that it was taken of, and by no other.
func TestAnotherWorldDoesNotGoOn(t *testing.T) {
	_, err := local.Deploy(context.Background(), local.Options{Dir: "..", Stack: "prod", Program: infra.Program, WorkDir: t.TempDir(),
		Resume: &local.State{Project: "airline", Stack: "dev", Account: "123456789012", Region: "eu-west-1"}})
	if err == nil || !strings.Contains(err.Error(), "holds the stack dev of airline") {
		t.Errorf("got %v", err)
	}
}
