package serve_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/jackc/pgx/v5"
)

// A client that is told nothing but the cluster's identifier finds the warehouse and logs in, as itself or as a user that it may be.
func TestClientsFindTheCluster(t *testing.T) {
	s := start(t, "--config", "warehouse=provisioned")
	var told told
	if err := json.Unmarshal([]byte(s.first), &told); err != nil {
		t.Fatal(err)
	}
	as := func(profile string) *redshift.Client {
		key := told.Profiles[profile]
		return redshift.NewFromConfig(aws.Config{Region: told.Region, BaseEndpoint: &told.Endpoint, RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider(key.ID, key.Secret, "")})
	}
	client := as("operator")
	list, err := client.DescribeClusters(t.Context(), &redshift.DescribeClustersInput{})
	if err != nil || len(list.Clusters) != 1 {
		t.Fatalf("clusters are %+v, %v", list, err)
	}
	one, err := client.DescribeClusters(t.Context(), &redshift.DescribeClustersInput{ClusterIdentifier: list.Clusters[0].ClusterIdentifier})
	if err != nil || len(one.Clusters) != 1 {
		t.Fatalf("the cluster is %+v, %v", one, err)
	}
	c := one.Clusters[0]
	if *c.Endpoint.Address != "127.0.0.1" || *c.Endpoint.Port == 0 || *c.ClusterStatus != "available" || *c.DBName != told.Database || !*c.Encrypted || *c.PubliclyAccessible ||
		len(c.IamRoles) == 0 || len(c.VpcSecurityGroups) == 0 || *c.NumberOfNodes == 0 || !strings.HasPrefix(*c.NodeType, "ra3.") {
		t.Errorf("the cluster is %+v", c)
	}
	login := func(user, password string) (string, error) {
		config, err := pgx.ParseConfig(fmt.Sprintf("host=%s port=%d dbname=%s user='%s' password=%s sslmode=require", *c.Endpoint.Address, *c.Endpoint.Port, told.Database, user, password))
		if err != nil {
			return "", err
		}
		conn, err := pgx.ConnectConfig(t.Context(), config)
		if err != nil {
			return "", err
		}
		defer conn.Close(t.Context())
		var name string
		return name, conn.QueryRow(t.Context(), "select current_user").Scan(&name)
	}
	own, err := client.GetClusterCredentialsWithIAM(t.Context(), &redshift.GetClusterCredentialsWithIAMInput{ClusterIdentifier: c.ClusterIdentifier, DbName: &told.Database})
	if err != nil {
		t.Fatal(err)
	}
	if name, err := login(*own.DbUser, *own.DbPassword); err != nil || name != "IAM:operator" {
		t.Errorf("logged in as %q, %v", name, err)
	}
	for user, want := range map[string]string{*c.MasterUsername: "", "nobody": `user "nobody" does not exist`} {
		got, err := client.GetClusterCredentials(t.Context(), &redshift.GetClusterCredentialsInput{ClusterIdentifier: c.ClusterIdentifier, DbUser: &user, DurationSeconds: aws.Int32(3600)})
		if err != nil {
			t.Fatal(err)
		}
		if *got.DbUser != "IAM:"+user || got.Expiration == nil {
			t.Errorf("credentials are of %s until %v", *got.DbUser, got.Expiration)
		}
		if name, err := login(*got.DbUser, *got.DbPassword); want == "" && (err != nil || name != user) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: logged in as %q, %v", user, name, err)
		}
	}
	for what, err := range map[string]error{
		"AccessDeniedException": failure(as("airline-dev-crawler").GetClusterCredentials(t.Context(), &redshift.GetClusterCredentialsInput{ClusterIdentifier: c.ClusterIdentifier, DbUser: c.MasterUsername})),
		"ClusterNotFound":       failure(client.DescribeClusters(t.Context(), &redshift.DescribeClustersInput{ClusterIdentifier: aws.String("another")})),
		"InvalidParameterValue": failure(client.GetClusterCredentials(t.Context(), &redshift.GetClusterCredentialsInput{ClusterIdentifier: c.ClusterIdentifier, DbUser: aws.String("a:b")})),
		"NotImplemented":        failure(client.GetClusterCredentials(t.Context(), &redshift.GetClusterCredentialsInput{ClusterIdentifier: c.ClusterIdentifier, DbUser: c.MasterUsername, AutoCreate: aws.Bool(true)})),
	} {
		var api interface{ ErrorCode() string }
		if !errors.As(err, &api) || api.ErrorCode() != what {
			t.Errorf("got %v, want %s", err, what)
		}
	}
	s.stop(t)
}
