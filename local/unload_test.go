package local_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	policies "airline/iam"
	"airline/local"
	"airline/local/door"
	"airline/local/iam"
)

// UNLOAD writes as the role that it names: the stack's own may only read, one that may write leaves the rows in the bucket.
func TestUnloadIsAuthorized(t *testing.T) {
	const query = "UNLOAD ('select carrier, dep_city, dep_delay from airlines.daily_flights_fact order by 1') TO 's3://%s/loads/out/' IAM_ROLE '%s' CSV HEADER PARALLEL OFF"
	for name, c := range map[string]struct {
		actions    []string
		want, body string
	}{
		"the stack's policy": {want: "is not authorized to perform: s3:PutObject"},
		"with PutObject":     {actions: []string{"s3:PutObject", "kms:GenerateDataKey"}, body: "carrier,dep_city,dep_delay\nAF,Paris,\nLH,Berlin,5\n"},
	} {
		t.Run(name, func(t *testing.T) {
			w, wrong := ingest(t.Context(), local.Options{Graph: record(t, "dev", "s3"), EditPolicy: func(d iam.Document, p *policies.Policy) *policies.Policy {
				if strings.HasSuffix(d.Owner, "-copy") && d.Kind != policies.Trust && c.actions != nil {
					p.Statements = append(p.Statements, policies.Statement{Sid: "Unload", Actions: c.actions, Resources: []string{"*"}})
				}
				return p
			}})
			if wrong != nil {
				t.Fatal(strings.Join(wrong, "\n"))
			}
			defer w.Close()
			role := func(thing string) string { return "arn:aws:iam::123456789012:role/" + w.Name(thing) }
			ctx := door.As(t.Context(), door.Principal{ARN: "arn:aws:sts::123456789012:assumed-role/" + w.Name("ingest-flights") + "/x", Role: role("ingest-flights"), Account: "123456789012"})
			sql := fmt.Sprintf(query, w.Bucket("staging"), role("copy"))
			out, err := w.RedshiftData().BatchExecuteStatement(ctx, &redshiftdata.BatchExecuteStatementInput{WorkgroupName: aws.String("airline-dev"), Database: aws.String("airline"), Sqls: []string{sql}})
			if err != nil {
				t.Fatal(err)
			}
			if err := w.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			got, err := w.RedshiftData().DescribeStatement(ctx, &redshiftdata.DescribeStatementInput{Id: out.Id})
			if err != nil {
				t.Fatal(err)
			}
			if said := aws.ToString(got.Error); !strings.Contains(said, c.want) || (c.want == "") != (said == "") {
				t.Fatalf("UNLOAD: %s %s, want %q", got.Status, said, c.want)
			}
			if c.body == "" {
				return
			}
			object, err := w.S3().GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String(w.Bucket("staging")), Key: aws.String("loads/out/000")})
			if err != nil {
				t.Fatal(err)
			}
			defer object.Body.Close()
			text, err := io.ReadAll(object.Body)
			if err != nil {
				t.Fatal(err)
			}
			if string(text) != c.body {
				t.Errorf("unloaded %q, want %q", string(text), c.body)
			}
		})
	}
}
