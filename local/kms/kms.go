// Package kms holds the customer-managed keys of a deployed stack. Nothing is enciphered in the local world;
// what matters is who may use which key for what, and that is asked here.
package kms

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	policies "airline/iam"
	"airline/local/door"
	"airline/local/iam"
	"airline/local/recorder"
	"airline/local/resource"
	"airline/region"
)

// Keys are the deployed keys and aliases.
type Keys struct {
	door      *door.Door
	directory *iam.Directory
	region    string
	keys      map[string]key    // by key id
	aliases   map[string]string // "alias/name" to key id
}

type key struct {
	arn, policy, description string
	created                  time.Time // zero for a key of the stack
}

// New makes an empty set.
func New(d *door.Door, directory *iam.Directory, region string) *Keys {
	return &Keys{door: d, directory: directory, region: region, keys: map[string]key{}, aliases: map[string]string{}}
}

// Types gives the functions that take keys and aliases of a deployed stack in.
func (k *Keys) Types(edit iam.Edit) map[string]func(*recorder.Resource) error {
	return map[string]func(*recorder.Resource) error{
		"aws:kms/key:Key":     func(r *recorder.Resource) error { return k.addKey(r, edit) },
		"aws:kms/alias:Alias": k.addAlias,
		"aws:kms/keyPolicy:KeyPolicy": func(r *recorder.Resource) error {
			var in struct {
				Key    string `prop:"keyId"`
				Policy string `prop:"policy"`
			}
			if err := resource.Read(r, &in); err != nil {
				return err
			}
			arn, err := k.ARN(in.Key)
			if err != nil {
				return resource.Problem(r, "%v", err)
			}
			return k.setPolicy(r, arn, in.Policy, edit)
		},
	}
}

func (k *Keys) addKey(r *recorder.Resource, edit iam.Edit) error {
	var in struct {
		ID          string `prop:"keyId,output"`
		ARN         string `prop:"arn,output"`
		Policy      string `prop:"policy"`
		Usage       string `prop:"keyUsage"`
		Spec        string `prop:"customerMasterKeySpec"`
		Enabled     *bool  `prop:"isEnabled"`
		Description string `prop:"description"`
		Rotation    any    `prop:"enableKeyRotation,ignore"`
		Period      any    `prop:"rotationPeriodInDays,ignore"`
		Window      any    `prop:"deletionWindowInDays,ignore"`
		MultiRegion any    `prop:"multiRegion,ignore"`
		Tags        any    `prop:"tags,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if in.Usage != "" && in.Usage != "ENCRYPT_DECRYPT" || in.Spec != "" && in.Spec != "SYMMETRIC_DEFAULT" || in.Enabled != nil && !*in.Enabled {
		return resource.Problem(r, "only enabled symmetric keys for encryption are modelled")
	}
	k.keys[in.ID] = key{arn: in.ARN, description: in.Description}
	if in.Policy == "" {
		in.Policy = defaultPolicy(in.ARN)
	}
	return k.setPolicy(r, in.ARN, in.Policy, edit)
}

func (k *Keys) setPolicy(r *recorder.Resource, arn, text string, edit iam.Edit) error {
	id := arn[strings.LastIndexByte(arn, '/')+1:]
	changed := k.keys[id]
	changed.policy = text
	k.keys[id] = changed
	return k.directory.TakePolicy(r, iam.Document{Name: r.Type + " " + r.Name, Owner: arn, Kind: policies.KeyPolicy}, text, edit)
}

func (k *Keys) addAlias(r *recorder.Resource) error {
	var in struct {
		Name   string `prop:"name"`
		Target string `prop:"targetKeyId"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	arn, err := k.ARN(in.Target)
	if err != nil {
		return resource.Problem(r, "%v", err)
	}
	k.aliases[in.Name] = arn[strings.LastIndexByte(arn, '/')+1:]
	return nil
}

// ARN finds a key by its id, ARN, alias or alias ARN. AWS's own keys ("alias/aws/sns") are not deployed and
// therefore an error, with the code that AWS gives for keys that do not exist.
func (k *Keys) ARN(name string) (string, error) {
	id := name
	if part := strings.SplitN(name, ":", 6); len(part) == 6 {
		id = strings.TrimPrefix(part[5], "key/")
	}
	if target, ok := k.aliases[id]; ok {
		id = target
	}
	found, ok := k.keys[id]
	if !ok {
		return "", &smithy.GenericAPIError{Code: "NotFoundException", Message: fmt.Sprintf("Key '%s' does not exist", name), Fault: smithy.FaultClient}
	}
	return found.arn, nil
}

// Use asks whether the caller may use a key through a service, and meters the request. service is the SDK's
// name of the service that encrypts ("s3", "sns"), via its endpoint's first label; the encryption context is
// what the service binds the data to, such as {"aws:s3:arn": bucket ARN}. Services that act for themselves
// (events.amazonaws.com writing to an encrypted topic) are judged by the key policy alone.
func (k *Keys) Use(ctx context.Context, service, name string, encryptionContext map[string]string, actions ...string) error {
	arn, err := k.ARN(name)
	if err != nil {
		return err
	}
	keys := k.conditions(arn, encryptionContext)
	if p, ok := door.Caller(ctx); ok && p.Service == "" {
		keys["kms:ViaService"] = []string{service + "." + k.region + "." + region.Domain(k.region)}
		keys["aws:CalledVia"] = []string{service + ".amazonaws.com"}
		keys["aws:ViaAWSService"] = []string{"true"}
	}
	if p, ok := door.Caller(ctx); ok && p.Service == "events.amazonaws.com" {
		// "Adding the aws:SourceAccount, aws:SourceArn, and aws:SourceOrgID to a AWS KMS policy is not supported for
		// EventBridge-to-encrypted topics" ("Key management", SNS Developer Guide).
		keys["aws:SourceArn"], keys["aws:SourceAccount"] = nil, nil
	}
	for _, action := range actions {
		if err := k.door.Authorize(ctx, service, door.Request{Action: action, Resource: arn, Keys: keys}); err != nil {
			return err
		}
		if err := k.door.Meter(door.Usage{Item: "kms.request", Quantity: 1}); err != nil {
			return err
		}
	}
	return nil
}

// conditions are the condition keys of a use of a key that do not depend on who uses it.
func (k *Keys) conditions(arn string, encryptionContext map[string]string) map[string][]string {
	keys := map[string][]string{"kms:CallerAccount": {strings.Split(arn, ":")[4]}, "kms:KeyOrigin": {"AWS_KMS"}, "kms:KeySpec": {"SYMMETRIC_DEFAULT"}}
	if aliases := k.aliasesOf(arn); len(aliases) > 0 {
		keys["kms:ResourceAliases"] = aliases
	}
	for name, value := range encryptionContext {
		keys["kms:EncryptionContext:"+name] = []string{value}
		keys["kms:EncryptionContextKeys"] = append(keys["kms:EncryptionContextKeys"], name)
	}
	return keys
}

func (k *Keys) aliasesOf(arn string) []string {
	var names []string
	for name, id := range k.aliases {
		if k.keys[id].arn == arn {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
