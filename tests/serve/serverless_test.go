package serve_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/jackc/pgx/v5"
)

// A client that is told nothing but the workgroup's name finds the warehouse and logs in as itself, with the rights that it has.
func TestClientsFindTheWorkgroup(t *testing.T) {
	s := start(t)
	var told told
	if err := json.Unmarshal([]byte(s.first), &told); err != nil {
		t.Fatal(err)
	}
	as := func(profile string) *redshiftserverless.Client {
		key := told.Profiles[profile]
		return redshiftserverless.NewFromConfig(aws.Config{Region: told.Region, BaseEndpoint: &told.Endpoint, RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider(key.ID, key.Secret, "")})
	}
	client := as("operator")
	list, err := client.ListWorkgroups(t.Context(), nil)
	if err != nil || len(list.Workgroups) != 1 || *list.Workgroups[0].WorkgroupName != told.Workgroup {
		t.Fatalf("workgroups are %+v, %v", list, err)
	}
	found, err := client.GetWorkgroup(t.Context(), &redshiftserverless.GetWorkgroupInput{WorkgroupName: &told.Workgroup})
	if err != nil {
		t.Fatal(err)
	}
	w := found.Workgroup
	if *w.Endpoint.Address != "127.0.0.1" || *w.Endpoint.Port == 0 || w.Status != "AVAILABLE" || len(w.SubnetIds) == 0 || *w.PubliclyAccessible {
		t.Errorf("the workgroup is %+v", w)
	}
	ns, err := client.GetNamespace(t.Context(), &redshiftserverless.GetNamespaceInput{NamespaceName: w.NamespaceName})
	if err != nil || *ns.Namespace.DbName != told.Database {
		t.Errorf("the namespace is %+v, %v", ns, err)
	}
	got, err := client.GetCredentials(t.Context(), &redshiftserverless.GetCredentialsInput{WorkgroupName: &told.Workgroup, DbName: &told.Database, DurationSeconds: aws.Int32(3600)})
	if err != nil {
		t.Fatal(err)
	}
	if *got.DbUser != "IAM:operator" || got.Expiration == nil {
		t.Errorf("credentials are of %s until %v", *got.DbUser, got.Expiration)
	}
	config, err := pgx.ParseConfig(fmt.Sprintf("host=%s port=%d dbname=%s user='%s' password=%s sslmode=require", *w.Endpoint.Address, *w.Endpoint.Port, told.Database, *got.DbUser, *got.DbPassword))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var user string
	if err := conn.QueryRow(t.Context(), "select current_user").Scan(&user); err != nil || user != "IAM:operator" {
		t.Errorf("logged in as %q, %v", user, err)
	}
	for what, err := range map[string]error{
		"AccessDeniedException":     failure(as("airline-dev-crawler").GetCredentials(t.Context(), &redshiftserverless.GetCredentialsInput{WorkgroupName: &told.Workgroup})),
		"ResourceNotFoundException": failure(client.GetWorkgroup(t.Context(), &redshiftserverless.GetWorkgroupInput{WorkgroupName: aws.String("another")})),
		"ValidationException":       failure(client.GetCredentials(t.Context(), &redshiftserverless.GetCredentialsInput{WorkgroupName: &told.Workgroup, DurationSeconds: aws.Int32(60)})),
	} {
		var api interface{ ErrorCode() string }
		if !errors.As(err, &api) || api.ErrorCode() != what {
			t.Errorf("got %v, want %s", err, what)
		}
	}
	s.stop(t)
}

func failure[T any](_ T, err error) error { return err }
