package infra

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"airline/region"
)

// providerSettings are the settings of namespace aws, checked.
type providerSettings struct {
	region    string
	partition region.Partition
	args      *aws.ProviderArgs
	// text is the text of a setting; structures are JSON.
	text func(key string) string
}

// providerReader reads the settings of namespace aws. An explicit provider does not read them by itself, so each of the
// provider's is handed to it: with a role to assume, say, that did not arrive, the stack would be made in another account than
// was meant.
type providerReader struct {
	reader
}

// readProvider reads the settings; given are the keys that have values. Problems name the keys with their namespace.
func readProvider(get func(key string) (string, bool), secret func(key string) bool, given []string) (*providerSettings, []Problem) {
	r := &providerReader{reader{get: get, secret: secret}}
	p := &providerSettings{args: &aws.ProviderArgs{}, text: func(key string) string { v, _ := get(key); return v }}
	args := reflect.ValueOf(p.args).Elem()
	for _, field := range reflect.VisibleFields(args.Type()) {
		key := strings.ToLower(field.Name[:1]) + field.Name[1:]
		r.asked = append(r.asked, key)
		if text, ok := get(key); ok && text != "" {
			if input := r.input(key, text, field.Type); input != nil {
				if r.isSecret(key) {
					input = pulumi.ToSecret(input)
				}
				args.FieldByIndex(field.Index).Set(reflect.ValueOf(input))
			}
		}
	}
	p.region, _ = get("region")
	r.checkRegion("region", p.region)
	if r.isSecret("region") {
		r.problem("region", p.region, "AWS shows it in every ARN", "set it in clear")
	}
	p.partition, _ = region.PartitionOf(p.region)
	r.refuseUnknown(given)
	for i, problem := range r.problems {
		if problem.What == "there is no such setting" {
			r.problems[i].What = "the AWS provider has no such setting"
		}
		r.problems[i].Key = "aws:" + problem.Key
	}
	return p, r.problems
}

// input turns the text of a setting into the input that the provider's field takes.
func (r *providerReader) input(key, text string, field reflect.Type) any {
	switch field {
	case reflect.TypeFor[pulumi.StringPtrInput]():
		return pulumi.String(text)
	case reflect.TypeFor[pulumi.BoolPtrInput]():
		v, err := strconv.ParseBool(text)
		if err != nil {
			r.problem(key, text, "it is not a truth value", "use true or false")
			return nil
		}
		return pulumi.Bool(v)
	case reflect.TypeFor[pulumi.IntPtrInput]():
		n, err := strconv.Atoi(text) // decimal, whatever zeros it begins with
		if err != nil || n < 0 {
			r.problem(key, text, "it is not a whole number", "use 0 or more, or remove it")
			return nil
		}
		return pulumi.Int(n)
	case reflect.TypeFor[pulumi.StringArrayInput]():
		return r.structure(key, text, new([]string), "a list of texts")
	case reflect.TypeFor[aws.ProviderAssumeRolePtrInput]():
		role := new(aws.ProviderAssumeRole)
		input := r.structure(key, text, role, "a map such as {roleArn: arn:aws:iam::123456789012:role/deploy}")
		if input != nil && role.RoleArn == nil {
			r.problem(key, text, "it names no role", "set roleArn, or remove it")
			return nil
		}
		return input
	case reflect.TypeFor[aws.ProviderAssumeRoleWithWebIdentityPtrInput]():
		return r.structure(key, text, new(aws.ProviderAssumeRoleWithWebIdentity), "a map such as {roleArn: ..., webIdentityTokenFile: ...}")
	case reflect.TypeFor[aws.ProviderDefaultTagsPtrInput]():
		more := new(aws.ProviderDefaultTags)
		input := r.structure(key, text, more, "a map such as {tags: {team: data}}")
		for tag := range more.Tags {
			if slices.ContainsFunc(ownTags, func(own string) bool { return own != tag && strings.EqualFold(own, tag) }) {
				r.problem(key, text, "of "+tag+": "+likeAnother, "leave it out, or write it in lower case")
			}
		}
		return input
	case reflect.TypeFor[aws.ProviderIgnoreTagsPtrInput]():
		ignored := new(aws.ProviderIgnoreTags)
		input := r.structure(key, text, ignored, "a map such as {keys: [team], keyPrefixes: [aws-]}")
		for _, tag := range ownTags {
			covered := slices.Contains(ignored.Keys, tag) || slices.ContainsFunc(ignored.KeyPrefixes, func(p string) bool { return strings.HasPrefix(tag, p) })
			if input != nil && covered {
				r.problem(key, text, "the provider would leave out the stack's tag "+tag+", on which rights depend", "remove it from keys or keyPrefixes")
			}
		}
		return input
	case reflect.TypeFor[aws.ProviderEndpointArrayInput]():
		return r.structure(key, text, new([]aws.ProviderEndpoint), "a list of maps such as [{s3: https://...}]")
	default:
		r.problem(key, text, "the program does not know how to hand it over", "set it in the environment")
		return nil
	}
}

// structure reads JSON into the SDK's plain type, a pointer to it, and makes an output of it.
func (r *providerReader) structure(key, text string, plain any, form string) any {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(plain); err != nil || d.More() {
		reason := "it is not " + form
		if err != nil && strings.Contains(err.Error(), "unknown field") {
			reason = strings.TrimPrefix(err.Error(), "json: ") + " in it"
		}
		r.problem(key, text, reason, "write it as "+form)
		return nil
	}
	return pulumi.ToOutput(reflect.ValueOf(plain).Elem().Interface())
}

// connect makes the one provider of all resources, and finds out where it leads.
func connect(ctx *pulumi.Context, settings *providerSettings, names Names) (*aws.Provider, Names, error) {
	provider, err := aws.NewProvider(ctx, "aws", settings.args)
	if err != nil {
		return nil, Names{}, err
	}
	caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, pulumi.Provider(provider))
	if err != nil {
		return nil, Names{}, fmt.Errorf("finding out the AWS account: %w", err)
	}
	names.Account = caller.AccountId
	return provider, names, nil
}
