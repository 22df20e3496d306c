package operate_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"

	"airline/etl"
	"airline/infra"
	"airline/local"
	"airline/local/recorder"
	"airline/operate"
)

// TestMigrateEveryWarehouse migrates each kind of warehouse as its administrator, with exactly the command's policy: a made cluster with
// temporary credentials, one that is given, and a workgroup that is, with their secret. Without the permission to log in it says so.
func TestMigrateEveryWarehouse(t *testing.T) {
	const secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shared-AbCdEf"
	for _, w := range []struct {
		name               string
		settings           map[string]string
		cluster, workgroup string
		login              string
	}{
		{"cluster", map[string]string{"warehouse": "provisioned"}, "airline-dev", "", "LogInAsAdmin"},
		{"given cluster", map[string]string{"warehouse": "provisioned", "cluster": "shared", "adminSecretArn": secret}, "shared", "", "ReadAdminSecret"},
		{"given workgroup", map[string]string{"workgroup": "shared", "adminSecretArn": secret}, "", "shared", "ReadAdminSecret"},
	} {
		t.Run(w.name, func(t *testing.T) {
			g, err := recorder.Record(t.Context(), recorder.Options{Dir: "..", Stack: "dev", Overrides: w.settings}, infra.Program)
			if err != nil {
				t.Fatal(err)
			}
			s := serve(t, func(o *local.Options) { o.Graph = g })
			s.put(airportsKey, airportsFile)
			s.put(dayKey, flightsFile)
			s.do(func(world *local.World) error {
				sql := "ALTER TABLE airlines.daily_flights_fact DROP COLUMN arr_state"
				if _, err := world.RedshiftData().ExecuteStatement(t.Context(), &redshiftdata.ExecuteStatementInput{
					Sql: &sql, ClusterIdentifier: some(w.cluster), WorkgroupName: some(w.workgroup), Database: aws.String("airline"),
				}); err != nil {
					return err
				}
				return world.RunFor(t.Context(), 3*time.Second)
			})
			c, names, err := operate.Describe(operate.Options{Dir: "..", Stack: "dev", Overrides: w.settings})
			if err == nil {
				names, err = names.In(g.Account, g.Region)
			}
			if err != nil {
				t.Fatal(err)
			}
			policy, ok := names.OperatorPolicy(c, "migrate")
			if !ok {
				t.Fatal("migrate has no policy")
			}
			migrate := func(ctx context.Context, p infra.Policy) (*operate.Migration, error) {
				s.person(p)
				o, err := operate.Open(ctx, operate.Options{Dir: "..", Stack: "dev", Endpoint: s.server.URL, Command: "migrate", Tries: 6, Overrides: w.settings})
				if err != nil {
					return nil, err
				}
				m, err := o.PlanMigrate(ctx, etl.MigrateOptions{})
				if err != nil || !m.ToDo() {
					return m, err
				}
				return m, o.Migrate(ctx, m, func(string, etl.Step) {})
			}

			for i, statement := range policy.Statements {
				if statement.Sid != w.login {
					continue
				}
				var failure *operate.Failure
				if _, err := migrate(t.Context(), without(policy, i, statement.Actions[0])); !errors.As(err, &failure) || !strings.Contains(err.Error(), "Add the statement "+w.login) {
					t.Errorf("without %s it says %v", w.login, err)
				}
				ok = false
			}
			if ok {
				t.Errorf("its policy has no statement %s: %s", w.login, policy.Text())
			}
			m, err := migrate(t.Context(), policy)
			if err != nil || len(m.Tables) != 1 || m.Tables[0].Changes[0].Column != "arr_state" {
				t.Fatalf("with exactly its policy: %v, %+v", err, m)
			}
			if m, err = migrate(t.Context(), policy); err != nil || len(m.Tables) != 0 {
				t.Errorf("a second run: %v, %+v", err, m)
			}
		})
	}
}

func some(name string) *string {
	if name == "" {
		return nil
	}
	return &name
}
