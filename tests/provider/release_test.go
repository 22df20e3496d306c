package provider

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var capture = flag.Bool("capture", false, "deploy the stacks of TestUpgrade and write what they hold to testdata: once for each release")

// release is what a stack of an earlier release of this program had deployed: of every resource what the program said of
// it. Deployed again, by the engine and the provider, it yields that release's state and what stood in AWS with it.
type release struct {
	Settings  map[string]string `json:"settings"` // of the stack, beyond its file
	Resources []released        `json:"resources"`
}

// released is a resource of a release. Identifiers that AWS chose stand in its inputs as ${number.property}: a property of
// the resource with that number, or as ${account.number}: see account. ${endpoint}
// is the emulator.
type released struct {
	Type           string         `json:"type"`
	Name           string         `json:"name"`
	Parent         int            `json:"parent"` // a number, -1 of the stack itself
	Component      bool           `json:"component,omitempty"`
	Protect        bool           `json:"protect,omitempty"`
	RetainOnDelete bool           `json:"retainOnDelete,omitempty"`
	DependsOn      []int          `json:"dependsOn,omitempty"`
	Inputs         map[string]any `json:"inputs,omitempty"`
}

// longText is the length from which a text that a release uploads or runs is no more than its length in the fixture: the
// program's own texts change with every release, and change in place.
const longText = 2000

func releaseFile(name string) string { return filepath.Join("testdata", "release-"+name+".json") }

// readRelease reads a release, with the account's own identifiers of this run.
func (d *deployment) readRelease(name string) *release {
	d.t.Helper()
	text, err := os.ReadFile(releaseFile(name))
	if err != nil {
		d.t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte(endpointName), []byte(d.endpoint))
	for i, id := range d.account() {
		text = bytes.ReplaceAll(text, []byte(accountName(i)), []byte(id))
	}
	r := &release{}
	if err := json.Unmarshal(text, r); err != nil {
		d.t.Fatalf("%s: %v", releaseFile(name), err)
	}
	return r
}

// account are identifiers that an account has from the beginning: of its VPC, its subnets, and the addresses of S3.
func (d *deployment) account() []string {
	d.t.Helper()
	ids := append([]string{}, d.network()...)
	lists := d.query("ec2", "2016-11-15", "DescribeManagedPrefixLists", nil)
	for i, name := range element(lists, "prefixListName") {
		if strings.HasSuffix(name, ".s3") {
			ids = append(ids, element(lists, "prefixListId")[i])
		}
	}
	return ids
}

// endpointName stands for the emulator's address, which is in the addresses of queues.
const endpointName = "${endpoint}"

func accountName(i int) string { return fmt.Sprintf("${account.%d}", i) }

// chosen are identifiers that AWS chooses.
var chosen = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b(?:vpc|subnet|sg|sgr|rtb|rtbassoc|vpce|pl|fl|acl|dopt)-[0-9a-f]{8,17}\b`)

// captureRelease makes a release of what is deployed.
func (d *deployment) captureRelease(settings map[string]string) *release {
	d.t.Helper()
	r := &release{Settings: settings}
	number := map[string]int{}   // of a resource by its URN
	named := map[string]string{} // what stands for an identifier
	for i, id := range d.account() {
		named[id] = accountName(i)
	}
	for _, s := range d.state("--show-secrets") {
		parent, known := number[s.Parent]
		if strings.HasPrefix(s.Type, "pulumi:") {
			continue
		}
		if !known {
			parent = -1
		}
		one := released{
			Type: s.Type, Name: s.URN[strings.LastIndex(s.URN, "::")+2:], Parent: parent,
			Component: !s.Custom, Protect: s.Protect, RetainOnDelete: s.RetainOnDelete,
		}
		for _, urn := range s.Dependencies {
			if at, known := number[urn]; known {
				one.DependsOn = append(one.DependsOn, at)
			}
		}
		if s.Custom {
			one.Inputs, _ = rewrite(s.Inputs, func(text string) any {
				if strings.Contains(text, `"StartAt"`) {
					text = `{"StartAt":"Pass","States":{"Pass":{"Type":"Pass","End":true}}}`
				} else if strings.Contains(text, `"widgets"`) {
					text = `{"widgets":[]}`
				} else if len(text) >= longText && !strings.Contains(text, `"Statement"`) {
					text = fmt.Sprintf("%d characters", len(text))
				}
				text = strings.ReplaceAll(text, d.endpoint, endpointName)
				return chosen.ReplaceAllStringFunc(text, func(id string) string {
					if name, known := named[id]; known {
						return name
					}
					return id
				})
			}).(map[string]any)
		}
		at := len(r.Resources)
		number[s.URN] = at
		r.Resources = append(r.Resources, one)
		if !s.Custom {
			continue
		}
		note := func(property, value string) {
			if id := chosen.FindString(value); id != "" && id == value {
				if _, known := named[id]; !known {
					named[id] = fmt.Sprintf("${%d.%s}", at, property)
				}
			}
		}
		note("id", s.ID)
		for _, property := range identifiers {
			if value, ok := s.Outputs[property].(string); ok {
				note(property, value)
				// Of an ARN the identifier is the last part.
				if id := value[strings.LastIndexByte(value, '/')+1:]; property == "arn" && id != value {
					if _, known := named[id]; !known && chosen.FindString(id) == id && id != "" {
						named[id] = fmt.Sprintf("${%d.arn/}", at)
					}
				}
			}
		}
	}
	return r
}

// identifiers are the properties, beyond the id, in which AWS tells identifiers that it chose.
var identifiers = []string{"arn", "keyId", "prefixListId", "defaultSecurityGroupId", "defaultRouteTableId"}

// rewrite changes every text in a value, and drops what the engine notes for itself. What the provider calls secret, of these
// stacks the name of the warehouse's administrator, is a value like others.
func rewrite(value any, text func(string) any) any {
	switch v := value.(type) {
	case string:
		return text(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = rewrite(v[i], text)
		}
		return out
	case map[string]any:
		if plain, secret := v["plaintext"].(string); secret {
			var value any
			if json.Unmarshal([]byte(plain), &value) == nil {
				return rewrite(value, text)
			}
		}
		out := map[string]any{}
		for k := range v {
			if k != "__defaults" && k != "__meta" {
				out[k] = rewrite(v[k], text)
			}
		}
		return out
	}
	return value
}

// replayed is a resource of a release in this run.
type replayed struct {
	pulumi.CustomResourceState

	ARN                    pulumi.StringOutput `pulumi:"arn"`
	KeyID                  pulumi.StringOutput `pulumi:"keyId"`
	PrefixListID           pulumi.StringOutput `pulumi:"prefixListId"`
	DefaultSecurityGroupID pulumi.StringOutput `pulumi:"defaultSecurityGroupId"`
	DefaultRouteTableID    pulumi.StringOutput `pulumi:"defaultRouteTableId"`
}

type replayedComponent struct{ pulumi.ResourceState }

var placeholder = regexp.MustCompile(`\$\{(\d+)\.(\w+)(/?)\}`)

// program deploys the release.
func (r *release) program(ctx *pulumi.Context) error {
	provider, err := aws.NewProvider(ctx, "aws", &aws.ProviderArgs{Region: pulumi.String(region), MaxRetries: pulumi.Int(5)})
	if err != nil {
		return err
	}
	all := make([]pulumi.Resource, len(r.Resources))
	for i, one := range r.Resources {
		var opts []pulumi.ResourceOption
		if one.Parent >= 0 {
			opts = append(opts, pulumi.Parent(all[one.Parent]))
		}
		if one.Component {
			c := &replayedComponent{}
			if err := ctx.RegisterComponentResource(one.Type, one.Name, c, append(opts, pulumi.Providers(provider))...); err != nil {
				return err
			}
			all[i] = c
			continue
		}
		var after []pulumi.Resource
		for _, at := range one.DependsOn {
			after = append(after, all[at])
		}
		opts = append(opts, pulumi.Provider(provider), pulumi.Protect(one.Protect), pulumi.RetainOnDelete(one.RetainOnDelete), pulumi.DependsOn(after))
		made := &replayed{}
		inputs := pulumi.Map{}
		for key, value := range one.Inputs {
			inputs[key] = input(rewrite(value, func(text string) any { return fill(text, all) }))
		}
		if err := ctx.RegisterResource(one.Type, one.Name, inputs, made, opts...); err != nil {
			return err
		}
		all[i] = made
	}
	return nil
}

// fill puts this run's identifiers into a text.
func fill(text string, all []pulumi.Resource) any {
	found := placeholder.FindAllStringSubmatch(text, -1)
	if len(found) == 0 {
		return pulumi.String(text)
	}
	var values []any
	for _, m := range found {
		var at int
		fmt.Sscan(m[1], &at) //nolint:errcheck // digits
		from := all[at].(*replayed)
		values = append(values, map[string]pulumi.Output{
			"id": from.ID(), "arn": from.ARN, "keyId": from.KeyID, "prefixListId": from.PrefixListID,
			"defaultSecurityGroupId": from.DefaultSecurityGroupID, "defaultRouteTableId": from.DefaultRouteTableID,
		}[m[2]])
	}
	return pulumi.All(values...).ApplyT(func(values []any) string {
		i := 0
		return placeholder.ReplaceAllStringFunc(text, func(name string) string {
			value := fmt.Sprint(values[i])
			i++
			if strings.HasSuffix(name, "/}") {
				value = value[strings.LastIndexByte(value, '/')+1:]
			}
			return value
		})
	}).(pulumi.StringOutput)
}

// input is a value as the SDK takes it.
func input(value any) pulumi.Input {
	switch v := value.(type) {
	case pulumi.Input:
		return v
	case bool:
		return pulumi.Bool(v)
	case float64:
		return pulumi.Float64(v)
	case []any:
		out := pulumi.Array{}
		for _, e := range v {
			out = append(out, input(e))
		}
		return out
	case map[string]any:
		out := pulumi.Map{}
		for k, e := range v {
			out[k] = input(e)
		}
		return out
	}
	return nil
}

// releases are the shapes in which the last release is kept: one that keeps its data, and one that need not.
var releases = map[string]story{
	"serverless":  {settings: map[string]string{"protect": "true"}},
	"provisioned": stories["provisioned"],
}

// TestCapture writes the stacks of this release, when asked.
func TestCapture(t *testing.T) {
	if !*capture {
		t.Skip("left out: only -capture writes the stacks of a release")
	}
	for name, s := range releases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDeployment(t, "dev", s.settings)
			if s.given {
				d.giveNetwork()
			}
			d.up()
			text, err := json.MarshalIndent(d.captureRelease(s.settings), "", " ")
			if err != nil {
				t.Fatal(err)
			}
			if left := slices.Compact(slices.Sorted(slices.Values(chosen.FindAllString(string(text), -1)))); len(left) > 0 {
				t.Logf("identifiers that AWS chose and no resource has: %v", left)
			}
			if err := os.WriteFile(releaseFile(name), append(text, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}
