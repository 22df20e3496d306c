package operate_test

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
	"github.com/rogpeppe/go-internal/testscript"

	"airline/local"
	"airline/local/lake"
)

// failure is an error of AWS by its code.
func failure(code string) error {
	return &smithy.GenericAPIError{Code: code, Message: "injected by the story", Fault: smithy.FaultClient}
}

// behind changes the world behind the scenes:
//
//	world put KEY FILE   somebody uploads a file
//	world lose KEY FILE  the same, and its event is lost
//	world delete KEY     somebody deletes an object
//	world silent KEY     the same, and its event is lost
//	world run            the world goes on until nothing is left to do
//	world wait 25h       time passes
//	world rule on|off    the rule of flights is enabled or disabled
//	world lake take|give Lake Formation takes the database from IAM alone, or grants the crawlers what they need
func behind(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	ts.Check(of(ts).server.Do(func(w *local.World) error {
		bucket := aws.String(w.Bucket("raw"))
		what := args[0]
		if what == "lose" || what == "silent" {
			if err := rule(ctx, w, false); err != nil {
				return err
			}
		}
		var err error
		switch what {
		case "put", "lose":
			_, err = w.S3().PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: &args[1], Body: strings.NewReader(ts.ReadFile(args[2]))})
		case "delete", "silent":
			_, err = w.S3().DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: &args[1]})
		case "run":
		case "wait":
			var d time.Duration
			if d, err = time.ParseDuration(args[1]); err == nil {
				err = w.RunFor(ctx, d)
			}
		case "rule":
			return rule(ctx, w, args[1] == "on")
		case "lake":
			return govern(ctx, w, args[1] == "take")
		default:
			ts.Fatalf("world: there is no %s", what)
		}
		if err != nil {
			return err
		}
		if err := w.Run(ctx); err != nil {
			return err
		}
		if what == "lose" || what == "silent" {
			return rule(ctx, w, true)
		}
		return nil
	}))
}

func rule(ctx context.Context, w *local.World, on bool) (err error) {
	name := aws.String("airline-dev-ingest-flights")
	if on {
		_, err = w.Events().EnableRule(ctx, &eventbridge.EnableRuleInput{Name: name})
	} else {
		_, err = w.Events().DisableRule(ctx, &eventbridge.DisableRuleInput{Name: name})
	}
	return err
}

// govern is what an administrator of the data lake does: "upgrade" the database to Lake Formation's permissions, or grant the crawlers theirs.
func govern(ctx context.Context, w *local.World, take bool) (err error) {
	on := &types.Resource{Database: &types.DatabaseResource{Name: aws.String("airline_dev")}}
	who := func(name string) *types.DataLakePrincipal {
		return &types.DataLakePrincipal{DataLakePrincipalIdentifier: &name}
	}
	if take {
		_, err = w.Lake().RevokePermissions(ctx, &lakeformation.RevokePermissionsInput{
			Principal: who(lake.Everybody), Resource: on, Permissions: []types.Permission{types.PermissionAll},
		})
		return err
	}
	_, err = w.Lake().GrantPermissions(ctx, &lakeformation.GrantPermissionsInput{
		Principal: who("arn:aws:iam::123456789012:role/airline-dev-crawler"), Resource: on,
		Permissions: []types.Permission{types.PermissionAlter, types.PermissionCreateTable, types.PermissionDescribe},
	})
	return err
}
