// Package operate runs a deployed stack from a terminal: it tells how the stack and each of its files are, uploads, loads again,
// takes out, and finds what is wrong.
//
//	s, err := operate.Open(ctx, operate.Options{Dir: ".", Stack: "dev"})
//	status, err := s.Status(ctx)
//	for f, err := range s.Files(ctx, operate.Selection{Day: day}) { ... }
//
// What it works with it knows by the names that package infra computes of the stack's configuration; Pulumi's state is not
// needed. It calls AWS through the SDK's clients, and airline serve in the same way. What each command may call is in the policy
// that infra.Names.OperatorPolicy gives it; tests hold the commands to exactly that.
package operate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lakeformation"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"airline/infra"
	"airline/local/recorder"
)

// Options say which stack is meant and how AWS is reached.
type Options struct {
	// Dir is the folder of Pulumi.yaml and Pulumi.<stack>.yaml; Overrides win over the stack file's settings.
	Dir, Stack string
	Overrides  map[string]string
	// Region is the stack's own when empty. Profile is one of the shared configuration files, Endpoint the address of all
	// services; empty means what the environment says.
	Region, Profile, Endpoint string
	// Command is the name of the command in OperatorPolicy, for errors.
	Command string
	// Tries is how often a call is tried in all; when 0 it is what the environment or the profile says, else DefaultTries.
	Tries int
	// Now is the time on the wall; nil is time.Now.
	Now func() time.Time
}

// DefaultTries is how often a call is tried in all, throttled ones with the adaptive mode's growing pauses.
const DefaultTries = 8

// firstTries is the same of the first call, which fails soon where nobody answers.
const firstTries = 3

// Session is a stack and the clients that reach it.
type Session struct {
	Stack  string
	Config *infra.Config
	Names  infra.Names
	Parts  infra.Parts
	// Caller is the ARN of who operates.
	Caller string

	command string
	now     func() time.Time

	objects   *s3.Client
	machines  *sfn.Client
	glue      *glue.Client
	warehouse *redshiftdata.Client
	topics    *sns.Client
	queues    *sqs.Client
	rules     *eventbridge.Client
	alarms    *cloudwatch.Client
	logs      *cloudwatchlogs.Client

	identities *iam.Client
	quotas     *servicequotas.Client
	lakes      *lakeformation.Client
	namespaces *redshiftserverless.Client

	// admin is whom statements run as in the warehouse; the zero value is the caller's own user.
	admin administrator
}

// irrelevant are settings that nothing here depends on: they may be encrypted.
var irrelevant = []string{"emails", "queues", "webhooks", "owner", "tags", "producers", "deployerOrganization"}

// Describe reads the configuration of a stack. The names lack the account.
func Describe(o Options) (*infra.Config, infra.Names, error) {
	settings, err := recorder.ReadSettings(o.Dir, o.Stack, o.Overrides)
	if err != nil {
		return nil, infra.Names{}, err
	}
	for _, key := range settings.Encrypted {
		namespace, name, _ := strings.Cut(key, ":")
		if namespace == settings.Project && !slices.Contains(irrelevant, name) {
			return nil, infra.Names{}, fmt.Errorf("%s of stack %s is encrypted: give its value with --config %s=VALUE", key, o.Stack, name)
		}
	}
	return infra.ReadStack(settings.Project, o.Stack, settings.Get)
}

// Open finds out who calls, and where the stack is. The error is ready to be shown.
func Open(ctx context.Context, o Options) (*Session, error) {
	c, names, err := Describe(o)
	if err != nil {
		return nil, err
	}
	s := &Session{Stack: o.Stack, Config: c, command: o.Command, now: o.Now}
	if s.now == nil {
		s.now = time.Now
	}
	if o.Region != "" {
		names.Region = o.Region
	}
	if names, err = names.In(strings.Repeat("0", 12), names.Region); err != nil {
		return nil, err
	}
	s.Names = names
	client, err := connect(ctx, o, names.Region)
	if err != nil {
		return nil, s.Explain(err)
	}
	who, err := sts.NewFromConfig(client, func(o *sts.Options) { o.RetryMaxAttempts = min(o.RetryMaxAttempts, firstTries) }).
		GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, s.Explain(err)
	}
	s.Caller = aws.ToString(who.Arn)
	if s.Names, err = names.In(aws.ToString(who.Account), names.Region); err != nil {
		return nil, err
	}
	s.Parts = s.Names.Parts(c)
	s.use(client)
	return s, nil
}

// connect loads the configuration of the SDK: calls are tried again with its adaptive mode, which slows down when AWS throttles.
func connect(ctx context.Context, o Options, region string) (aws.Config, error) {
	options := []func(*config.LoadOptions) error{
		config.WithRegion(region), config.WithAppID("airline"), config.WithRetryMode(aws.RetryModeAdaptive),
	}
	if o.Tries > 0 {
		options = append(options, config.WithRetryMaxAttempts(o.Tries))
	}
	if o.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(o.Profile))
	}
	if o.Endpoint != "" {
		options = append(options, config.WithBaseEndpoint(o.Endpoint))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if loaded.RetryMaxAttempts == 0 {
		loaded.RetryMaxAttempts = DefaultTries
	}
	return loaded, err
}

func (s *Session) use(c aws.Config) {
	// An address that is not AWS's has no names of buckets before it.
	s.objects = s3.NewFromConfig(c, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil
		o.DisableLogOutputChecksumValidationSkipped = true // of objects that were written without one
	})
	s.machines, s.glue, s.warehouse = sfn.NewFromConfig(c), glue.NewFromConfig(c), redshiftdata.NewFromConfig(c)
	s.topics, s.queues, s.rules = sns.NewFromConfig(c), sqs.NewFromConfig(c), eventbridge.NewFromConfig(c)
	s.alarms, s.logs, s.identities = cloudwatch.NewFromConfig(c), cloudwatchlogs.NewFromConfig(c), iam.NewFromConfig(c)
	s.quotas, s.lakes = servicequotas.NewFromConfig(c), lakeformation.NewFromConfig(c)
	s.namespaces = redshiftserverless.NewFromConfig(c)
}

// DatabaseUser is the warehouse's user of who operates: "IAM:" and a user's name, or "IAMR:" and a role's (Redshift Management
// Guide, "Configuring IAM permissions").
func (s *Session) DatabaseUser() string {
	_, resource, _ := strings.Cut(s.Caller, ":assumed-role/")
	if role, _, ok := strings.Cut(resource, "/"); ok {
		return "IAMR:" + role
	}
	return "IAM:" + after(s.Caller, "/")
}

// policy is what the command may do.
func (s *Session) policy() infra.Policy {
	p, _ := s.Names.OperatorPolicy(s.Config, s.command) // of no command: none
	return p
}

// each runs the functions a few at a time, and gives all their errors.
func each(ctx context.Context, do ...func(context.Context) error) []error {
	const atATime = 8
	errs := make([]error, len(do))
	place := make(chan struct{}, atATime)
	var all sync.WaitGroup
	for i, f := range do {
		place <- struct{}{}
		all.Go(func() {
			defer func() { <-place }()
			errs[i] = f(ctx)
		})
	}
	all.Wait()
	return slices.DeleteFunc(errs, func(err error) bool { return err == nil })
}

// sortedKeys are a map's keys in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
