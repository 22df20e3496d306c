package serve_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

var (
	kills     = flag.Int("kills", 10, "how often TestKilled kills the server")
	killsSeed = flag.Uint64("kills-seed", 0, "decides what TestKilled does and when; 0 takes one from the clock")
)

// told is what a server says of itself.
type told struct {
	Endpoint, Region, RawBucket, Workgroup, Database string
	Profiles                                         map[string]struct {
		ID     string `json:"aws_access_key_id"`
		Secret string `json:"aws_secret_access_key"`
	}
}

// scene are the clients of one server, with what all of them have been told since the first.
type scene struct {
	told
	*ledger
	s3      *s3.Client
	sfn     *sfn.Client
	sqs     *sqs.Client
	glue    *glue.Client
	data    *redshiftdata.Client
	machine string
	queue   string
}

func newScene(t *testing.T, s *server, l *ledger) *scene {
	t.Helper()
	c := &scene{ledger: l}
	if err := json.Unmarshal([]byte(s.first), &c.told); err != nil {
		t.Fatal(err)
	}
	key := c.Profiles["operator"]
	config := aws.Config{
		Region: c.Region, BaseEndpoint: &c.Endpoint, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(key.ID, key.Secret, ""),
	}
	c.s3 = s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	c.sfn, c.sqs, c.glue, c.data = sfn.NewFromConfig(config), sqs.NewFromConfig(config), glue.NewFromConfig(config), redshiftdata.NewFromConfig(config)
	c.machine = "arn:aws:states:" + c.Region + ":123456789012:stateMachine:waits"
	if c.RawBucket == "" {
		return c
	}
	queue, err := c.sqs.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String("airline-dev-undelivered")})
	if err != nil {
		t.Fatal(err)
	}
	c.queue = *queue.QueueUrl
	return c
}

// TestKilled kills servers of worlds that are kept, at random moments of their work and of their beginning, and asks the next one for
// all that clients were told: objects with their versions, messages, executions and their ends, rows, tables. At the end every file
// of flights that came is loaded once, and every execution has come to its end.
func TestKilled(t *testing.T) {
	seed := *killsSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-kills-seed %d", seed)
	t.Run("stack", func(t *testing.T) {
		killed(t, seed, nil, func(c *scene) []work {
			return []work{c.putObjects, c.putObjects, c.putLarge, c.putFlights, c.sendMessages, c.insertRows, c.makeTables}
		})
	})
	t.Run("machines", func(t *testing.T) {
		killed(t, seed, []string{"--no-stack"}, func(c *scene) []work {
			return []work{c.startExecutions, c.startExecutions, c.startSync, c.callback, c.callback}
		})
	})
}

// work is something that a client does again and again.
type work func(context.Context, *rand.Rand)

func killed(t *testing.T, seed uint64, args []string, does func(*scene) []work) {
	random := rand.New(rand.NewPCG(seed, 0))
	dir := filepath.Join(t.TempDir(), "kept")
	args = append([]string{"--workdir", dir}, args...)
	l := newLedger()
	command(t) // builds it, which is no part of a beginning
	var beginning time.Duration
	for n := range *kills + 1 {
		begun := time.Now()
		s := start(t, args...)
		took := time.Since(begun)
		beginning = max(beginning, took)
		c := newScene(t, s, l)
		if n == 0 {
			c.prepare(t)
		}
		c.check(t)
		if t.Failed() {
			t.Fatalf("after %d kills; the folder is %s", n, keptCopy(t, dir))
		}
		if n == *kills {
			c.finish(t)
			s.stop(t)
			break
		}
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for i, work := range does(c) {
			own := rand.New(rand.NewPCG(seed, uint64(n*100+i+1)))
			all.Go(func() {
				for ctx.Err() == nil {
					work(ctx, own)
				}
			})
		}
		time.Sleep(time.Duration(random.Int64N(int64(500 * time.Millisecond))))
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cancel()
		all.Wait()
		for range s.events { // until it has ended
		}
		s.cmd.Wait()
		if n%3 == 2 { // and once more while it begins
			killedAtItsBeginning(t, time.Duration(random.Int64N(int64(took+time.Millisecond))), args...)
		}
	}
	t.Logf("%d kills; the longest beginning took %s; acknowledged: %s", *kills, beginning.Round(time.Millisecond), l)
}

// keptCopy keeps a folder for whoever looks into what went wrong.
func keptCopy(t *testing.T, dir string) string {
	to, err := os.MkdirTemp("", "airline-killed-")
	if err == nil {
		err = os.CopyFS(to, os.DirFS(dir))
	}
	if err != nil {
		t.Log(err)
	}
	return to
}

// killedAtItsBeginning starts a server and kills it before it has said anything, or soon after.
func killedAtItsBeginning(t *testing.T, after time.Duration, args ...string) {
	t.Helper()
	cmd := command(t, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}

// A folder belongs to one process, to one stack, and to serve.
func TestKeptFolders(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	s := start(t, "--workdir", dir)
	refuse := func(what, want string, args ...string) {
		t.Helper()
		cmd := command(t, args...)
		late := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() }) // it serves
		defer late.Stop()
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s\nwant %q", what, err, out, want)
		}
	}
	refuse("a folder in use", "is in use by another process", "--workdir", dir)
	s.stop(t)
	refuse("another stack", "it holds the stack dev of airline", "--workdir", dir, "--stack", "prod")
	refuse("other settings", "the stack dev has changed since", "--workdir", dir, "--config", "minDepDelay=10")
	refuse("another seed", "it was begun with --seed 1", "--workdir", dir, "--seed", "2")
	refuse("no stack", "it holds the stack dev of airline", "--workdir", dir, "--no-stack")
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "notes.txt"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	refuse("a folder of something else", "is not empty, and was not made by airline serve", "--workdir", foreign)
	about := filepath.Join(dir, "about.json")
	text, err := os.ReadFile(about)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(about, []byte(strings.Replace(string(text), `"format":1`, `"format":2`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	refuse("another format", "it is of the format 2, and this airline writes 1", "--workdir", dir)
	refuse("an empty name", "--workdir is empty", "--workdir", "")
}

func (c *scene) prepare(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	if c.RawBucket != "" {
		c.run(t, "create table public.noted (id varchar(40))")
		if _, err := c.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: &c.RawBucket, Key: aws.String("airports/airports.csv"),
			Body: strings.NewReader("airport_id,city,state,name\n1,Berlin,BE,Brandenburg\n2,Paris,IF,Orly\n")}); err != nil {
			t.Fatal(err)
		}
		return
	}
	for name, kind := range map[string]sfntypes.StateMachineType{"waits": sfntypes.StateMachineTypeStandard, "express": sfntypes.StateMachineTypeExpress} {
		definition := waits(c.Region)
		if kind == sfntypes.StateMachineTypeExpress {
			definition = strings.Replace(definition, `"Seconds": 2`, `"Seconds": 1`, 1)
		}
		if _, err := c.sfn.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
			Name: &name, RoleArn: aws.String("arn:aws:iam::123456789012:role/any"), Definition: &definition, Type: kind,
		}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.sfn.CreateActivity(ctx, &sfn.CreateActivityInput{Name: aws.String("by-hand")}); err != nil {
		t.Fatal(err)
	}
}

// waits is a machine that waits a while, and with "ask" for somebody outside too.
func waits(region string) string {
	return fmt.Sprintf(`{"StartAt": "Wait", "States": {
		"Wait": {"Type": "Wait", "Seconds": 2, "Next": "Asks"},
		"Asks": {"Type": "Choice", "Choices": [{"Variable": "$.ask", "BooleanEquals": true, "Next": "Ask"}], "Default": "Done"},
		"Ask": {"Type": "Task", "Resource": "arn:aws:states:%s:123456789012:activity:by-hand", "TimeoutSeconds": 2, "ResultPath": "$.answer", "Next": "Done",
			"Catch": [{"ErrorEquals": ["States.Timeout"], "ResultPath": "$.answer", "Next": "Done"}]},
		"Done": {"Type": "Succeed"}}}`, region)
}
