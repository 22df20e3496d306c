package operate_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	policies "airline/iam"
	"airline/infra"
	"airline/local"
	"airline/local/recorder"
	"airline/local/wire"
	"airline/local/wire/wiretest"
	"airline/operate"
)

const (
	airportsFile = "airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n2,Paris,IF,Orly\n"
	flightsFile  = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nLH,1,2,5,-3\nAF,2,1,,NA\n"
	badFile      = "Carrier,OriginAirportID,DestAirportID,DepDelay\nLH,1,2,5\n"
	halfBad      = "Carrier,OriginAirportID,DestAirportID,DepDelay,ArrDelay\nLH,1,2,5,-3\nAF,2,1,,NA\nXX,9,1,1,1\n"
	airportsKey  = "airports/airports.csv"
	dayKey       = "daily-flights/date=2024-01-01/flights.csv"
	badKey       = "daily-flights/date=2024-01-02/flights.csv"
	halfBadKey   = "daily-flights/date=2024-01-03/flights.csv"
	lostKey      = "daily-flights/date=2024-01-04/flights.csv"
)

var devStack = sync.OnceValues(func() (*recorder.Graph, error) {
	return recorder.Record(context.Background(), recorder.Options{Dir: "..", Stack: "dev"}, infra.Program)
})

// stage is a stack that is served, with the people who operate it.
type stage struct {
	testing.TB
	server *wiretest.Served
	graph  *recorder.Graph
	people int
}

// serve serves the dev stack. change may take resources away or add faults.
func serve(t testing.TB, change func(*local.Options)) *stage {
	t.Helper()
	return serveIn(t, wire.Fast, change)
}

// serveIn is serve with another pace of the world's clock.
func serveIn(t testing.TB, pace wire.Time, change func(*local.Options)) *stage {
	t.Helper()
	// The SDK looks nowhere else for credentials and settings.
	for _, name := range []string{"AWS_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	g, err := devStack()
	if err != nil {
		t.Fatal(err)
	}
	o := local.Options{Graph: g, Start: time.Now().UTC().Truncate(time.Millisecond)}
	if change != nil {
		change(&o)
	}
	w, err := local.Deploy(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	server, err := wiretest.Serve(w, wire.Options{Time: pace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &stage{TB: t, server: server, graph: o.Graph}
}

// do uses the world while nothing else does.
func (s *stage) do(f func(w *local.World) error) {
	s.Helper()
	if err := s.server.Do(f); err != nil {
		s.Fatal(err)
	}
}

// put uploads a text to the raw bucket and lets the world go on until nothing is left to do.
func (s *stage) put(key, text string) (version string) {
	s.Helper()
	s.do(func(w *local.World) error {
		out, err := w.S3().PutObject(s.Context(), &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: &key, Body: strings.NewReader(text)})
		if err != nil {
			return err
		}
		version = aws.ToString(out.VersionId)
		return w.Run(s.Context())
	})
	return version
}

// rule lets events of flights arrive, or not.
func (s *stage) rule(on bool) {
	s.Helper()
	rule := aws.String("airline-dev-ingest-flights")
	s.do(func(w *local.World) (err error) {
		if on {
			_, err = w.Events().EnableRule(s.Context(), &eventbridge.EnableRuleInput{Name: rule})
		} else {
			_, err = w.Events().DisableRule(s.Context(), &eventbridge.DisableRuleInput{Name: rule})
		}
		return err
	})
}

// lose uploads a text of which no event arrives.
func (s *stage) lose(key, text string) {
	s.Helper()
	s.rule(false)
	s.put(key, text)
	s.rule(true)
}

// history is a stack at work: airports, a day that is loaded, one that is refused, one with a reject, and one whose event was lost.
func (s *stage) history() *stage {
	s.Helper()
	s.put(airportsKey, airportsFile)
	s.put(dayKey, flightsFile)
	s.put(badKey, badFile)
	s.put(halfBadKey, halfBad)
	s.lose(lostKey, flightsFile)
	return s
}

// role makes a role that has a policy and the command's rights in the warehouse, and gives its keys to the environment.
func (s *stage) role(command string, p infra.Policy) {
	s.Helper()
	name := s.person(p)
	s.do(func(w *local.World) error {
		user := "IAMR:" + name
		for _, sql := range append([]string{`CREATE USER "` + user + `" PASSWORD DISABLE`}, infra.OperatorGrants(command, user)...) {
			if _, err := w.RedshiftData().ExecuteStatement(s.Context(), &redshiftdata.ExecuteStatementInput{
				Sql: &sql, WorkgroupName: aws.String("airline-dev"), Database: aws.String("airline"),
			}); err != nil {
				return err
			}
		}
		return w.RunFor(s.Context(), 3*time.Second)
	})
}

// person makes a role that has a policy, and gives its keys to the environment.
func (s *stage) person(p infra.Policy) (name string) {
	s.Helper()
	s.people++
	name = fmt.Sprintf("person-%d", s.people)
	arn := "arn:aws:iam::" + s.graph.Account + ":role/" + name
	s.do(func(w *local.World) error {
		w.IAM().AddRole(arn, name, nil)
		if len(p.Statements) == 0 {
			return nil
		}
		parsed, err := policies.Parse(policies.Identity, []byte(p.JSON()))
		if err != nil {
			return err
		}
		return w.IAM().AddIdentityPolicy(arn, policies.Named{Name: name, Policy: parsed})
	})
	s.as(name)
	return name
}

// sql has the administrator of the warehouse run statements that may fail, each on its own.
func (s *stage) sql(statements ...string) {
	s.Helper()
	s.do(func(w *local.World) error {
		for _, sql := range statements {
			if _, err := w.RedshiftData().ExecuteStatement(s.Context(), &redshiftdata.ExecuteStatementInput{
				Sql: &sql, WorkgroupName: aws.String("airline-dev"), Database: aws.String("airline"),
			}); err != nil {
				return err
			}
		}
		return w.RunFor(s.Context(), 3*time.Second)
	})
}

// as gives the keys of somebody to the environment.
func (s *stage) as(name string) {
	s.Helper()
	var key wire.Profile
	s.do(func(*local.World) error { key = s.server.Profiles()[name]; return nil })
	s.Setenv("AWS_ACCESS_KEY_ID", key.ID)
	s.Setenv("AWS_SECRET_ACCESS_KEY", key.Secret)
}

// open opens the stack for a command.
func (s *stage) open(command string) (*operate.Session, error) {
	return operate.Open(s.Context(), operate.Options{Dir: "..", Stack: "dev", Endpoint: s.server.URL, Command: command, Tries: 6})
}

// session is open as the operator, who may do everything.
func (s *stage) session(command string) *operate.Session {
	s.Helper()
	s.as("operator")
	o, err := s.open(command)
	if err != nil {
		s.Fatal(err)
	}
	return o
}

// state is how a file is.
func (s *stage) state(key string) operate.File {
	s.Helper()
	o := s.session("files")
	for f, err := range o.Files(s.Context(), operate.Selection{Keys: []string{key}}) {
		if err != nil {
			s.Fatal(err)
		}
		return f
	}
	s.Fatalf("there is no file %s", key)
	return operate.File{}
}

// heldKey is a file whose load does not come to its end.
const heldKey = "daily-flights/date=2024-01-06/flights.csv"

// hold uploads a file and stops the world in the middle of its load, which takes a minute. At the real pace the load goes on: one that is
// half over is waited for, and another one begun.
func (s *stage) hold() {
	s.Helper()
	s.do(func(w *local.World) error {
		for _, x := range w.SFN().Executions() {
			if x.Status() == "RUNNING" && w.Now().Sub(x.StartTime()) < 30*time.Second {
				return nil // held before
			}
		}
		if err := w.Run(s.Context()); err != nil {
			return err
		}
		if _, err := w.S3().PutObject(s.Context(), &s3.PutObjectInput{Bucket: aws.String(w.Bucket("raw")), Key: aws.String(heldKey), Body: strings.NewReader(flightsFile)}); err != nil {
			return err
		}
		return w.RunFor(s.Context(), 20*time.Second)
	})
}

// undeliver puts an event and a notification into the queue of what could not be delivered.
func (s *stage) undeliver() {
	s.Helper()
	s.do(func(w *local.World) error {
		attributes := map[string]sqstypes.MessageAttributeValue{}
		for name, value := range map[string]string{
			"RULE_ARN": "arn:aws:events:eu-west-1:123456789012:rule/airline-dev-ingest-flights", "ERROR_CODE": "NO_PERMISSIONS", "ERROR_MESSAGE": "no way",
			"TARGET_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:airline-dev-ingest-flights:live", "RETRY_ATTEMPTS": "0",
		} {
			attributes[name] = sqstypes.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String(value)}
		}
		url := aws.String("https://sqs.eu-west-1.amazonaws.com/123456789012/airline-dev-undelivered")
		event := fmt.Sprintf(`{"id": "e-1", "time": "2024-01-01T00:00:00Z", "detail": {"bucket": {"name": %q}, "object": {"key": %q, "version-id": "v"}}}`, w.Bucket("raw"), lostKey)
		_, first := w.SQS().SendMessage(s.Context(), &sqs.SendMessageInput{QueueUrl: url, MessageBody: &event, MessageAttributes: attributes})
		_, second := w.SQS().SendMessage(s.Context(), &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String(`{"Type": "Notification", "Subject": "airline: flights loaded", "Message": "{}"}`)})
		return errors.Join(first, second)
	})
}

// settle lets the world go on until nothing is left to do.
func (s *stage) settle() {
	s.Helper()
	s.do(func(w *local.World) error { return w.Run(s.Context()) })
}

// executions are the ARNs of all executions.
func (s *stage) executions() (arns []string) {
	s.Helper()
	s.do(func(w *local.World) error {
		for _, x := range w.SFN().Executions() {
			arns = append(arns, x.ARN())
		}
		return nil
	})
	return arns
}
