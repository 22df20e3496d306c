package infra

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	provider "github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
)

// client is a configuration of AWS clients that reach the account which the provider reaches: with its profile, its keys, and
// the role that it assumes. What leads a request on its way, proxies and certificates, comes from the environment.
func (p *providerSettings) client(ctx context.Context) (aws.Config, error) {
	options := []func(*config.LoadOptions) error{config.WithRegion(p.region)}
	if profile := p.text("profile"); profile != "" {
		options = append(options, config.WithSharedConfigProfile(profile))
	}
	for key, option := range map[string]func([]string) config.LoadOptionsFunc{
		"sharedConfigFiles": config.WithSharedConfigFiles, "sharedCredentialsFiles": config.WithSharedCredentialsFiles,
	} {
		var files []string
		if err := p.plain(key, &files); err != nil {
			return aws.Config{}, err
		}
		if len(files) > 0 {
			options = append(options, option(files))
		}
	}
	if key := p.text("accessKey"); key != "" {
		options = append(options, config.WithCredentialsProvider(
			credentials.NewStaticCredentialsProvider(key, p.text("secretKey"), p.text("token"))))
	}
	if tries, err := strconv.Atoi(p.text("maxRetries")); err == nil {
		options = append(options, config.WithRetryMaxAttempts(tries+1))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, fmt.Errorf("finding AWS credentials: %w", err)
	}
	return loaded, p.assume(&loaded)
}

// assume takes the role that the settings name.
func (p *providerSettings) assume(loaded *aws.Config) error {
	var role provider.ProviderAssumeRole
	if err := p.plain("assumeRole", &role); err != nil {
		return err
	}
	tokens := sts.NewFromConfig(*loaded, func(o *sts.Options) { o.BaseEndpoint = p.address("sts", o.BaseEndpoint) })
	if role.RoleArn != nil {
		loaded.Credentials = aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(tokens, *role.RoleArn, func(o *stscreds.AssumeRoleOptions) {
			o.ExternalID, o.Policy, o.SourceIdentity, o.TransitiveTagKeys = role.ExternalId, role.Policy, role.SourceIdentity, role.TransitiveTagKeys
			o.RoleSessionName = aws.ToString(role.SessionName)
			for _, arn := range role.PolicyArns {
				o.PolicyARNs = append(o.PolicyARNs, ststypes.PolicyDescriptorType{Arn: aws.String(arn)})
			}
			for key, value := range role.Tags {
				o.Tags = append(o.Tags, ststypes.Tag{Key: aws.String(key), Value: aws.String(value)})
			}
			if d, err := time.ParseDuration(aws.ToString(role.Duration)); err == nil {
				o.Duration = d
			}
		}))
		return nil
	}
	var web provider.ProviderAssumeRoleWithWebIdentity
	if err := p.plain("assumeRoleWithWebIdentity", &web); err != nil || web.RoleArn == nil {
		return err
	}
	loaded.Credentials = aws.NewCredentialsCache(stscreds.NewWebIdentityRoleProvider(tokens, *web.RoleArn,
		identity{token: aws.ToString(web.WebIdentityToken), file: aws.ToString(web.WebIdentityTokenFile)},
		func(o *stscreds.WebIdentityRoleOptions) {
			o.RoleSessionName, o.Policy = aws.ToString(web.SessionName), web.Policy
		}))
	return nil
}

// identity is a web identity's token, or the file that has it.
type identity struct{ token, file string }

// GetIdentityToken implements stscreds.IdentityTokenRetriever.
func (i identity) GetIdentityToken() ([]byte, error) {
	if i.token != "" {
		return []byte(i.token), nil
	}
	return os.ReadFile(i.file)
}

// endpoint sends a client of Redshift Serverless to the address that the settings name.
func (p *providerSettings) endpoint(service string) func(*redshiftserverless.Options) {
	return func(o *redshiftserverless.Options) { o.BaseEndpoint = p.address(service, o.BaseEndpoint) }
}

// address is where the settings send the requests for a service; standard where they say nothing.
func (p *providerSettings) address(service string, standard *string) *string {
	var endpoints []map[string]string
	_ = p.plain("endpoints", &endpoints) // readProvider has refused what is no list of maps
	for _, e := range endpoints {
		if e[service] != "" {
			return aws.String(e[service])
		}
	}
	return standard
}

// plain reads a setting's JSON; nothing is read when there is no such setting.
func (p *providerSettings) plain(key string, into any) error {
	text := p.text(key)
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("aws:%s: %w", key, err)
	}
	return nil
}
