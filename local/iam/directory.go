// Package iam is IAM in the local world: a [Directory] holds the roles and policies of a deployed stack and authorises the
// requests that pass the door, as [airline/iam] decides.
package iam

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"airline/iam"
	"airline/local/door"
)

// Directory holds the roles and policies of a deployed stack and authorises requests against them.
type Directory struct {
	now       func() time.Time
	region    string
	roles     map[string]*role // by ARN
	resources map[string]*iam.Named
	managed   map[string]*iam.Named // by ARN
	documents map[string]string     // of managed policies, by ARN
	used      map[iam.Match]int
}

type role struct {
	name     string
	policies []iam.Named
	attached []string // ARNs of managed policies
	boundary string   // ARN of one
	tags     map[string]string
	trust    string            // document
	inline   map[string]string // documents of inline policies, by name
}

// NewDirectory makes an empty directory. Nobody may do anything yet.
func NewDirectory(region string, now func() time.Time) *Directory {
	return &Directory{
		now: now, region: region,
		roles: map[string]*role{}, resources: map[string]*iam.Named{}, managed: map[string]*iam.Named{}, documents: map[string]string{}, used: map[iam.Match]int{},
	}
}

// AddRole adds a role or user that has no policies yet.
func (d *Directory) AddRole(arn, name string, tags map[string]string) {
	d.roles[arn] = &role{name: name, tags: tags, inline: map[string]string{}}
}

// AddServiceRole adds a service-linked role, with which a service acts for itself. It may be there already.
func (d *Directory) AddServiceRole(partition, account, service, name string) {
	d.AddRole(fmt.Sprintf("arn:%s:iam::%s:role/aws-service-role/%s/%s", partition, account, service, name), name, nil)
}

// AddIdentityPolicy adds an inline policy to the role or user of that ARN.
func (d *Directory) AddIdentityPolicy(arn string, p iam.Named) error {
	r, ok := d.roles[arn]
	if !ok {
		return fmt.Errorf("iam: policy %s is for %s, which is not deployed", p.Name, arn)
	}
	size := p.Size
	for _, other := range r.policies {
		size += other.Size
	}
	if size > inlineQuota {
		return fmt.Errorf("iam: with %s the inline policies of %s have %d characters without white space, IAM takes %d", p.Name, arn, size, inlineQuota)
	}
	r.policies = append(r.policies, p)
	return nil
}

// inlineQuota is what all inline policies of a role may have together (IAM quotas).
const inlineQuota = 10_240

// AddManagedPolicy adds a customer-managed policy; it has no effect until it is attached.
func (d *Directory) AddManagedPolicy(arn string, p iam.Named) { d.managed[arn] = &p }

// Attach attaches a managed policy to a role or user.
func (d *Directory) Attach(arn, policyARN string) error {
	r, ok := d.roles[arn]
	if !ok {
		return fmt.Errorf("iam: policy %s is attached to %s, which is not deployed", policyARN, arn)
	}
	if _, ok := d.managed[policyARN]; !ok {
		return fmt.Errorf("iam: the managed policy %s attached to %s is not deployed by the stack; the local world does not know AWS's own", policyARN, arn)
	}
	r.attached = append(r.attached, policyARN)
	return nil
}

// Bound makes a managed policy the permissions boundary of a role or user.
func (d *Directory) Bound(arn, policyARN string) error {
	r, ok := d.roles[arn]
	if !ok {
		return fmt.Errorf("iam: policy %s is the boundary of %s, which is not deployed", policyARN, arn)
	}
	if _, ok := d.managed[policyARN]; !ok {
		return fmt.Errorf("iam: the managed policy %s that bounds %s is not deployed by the stack; the local world does not know AWS's own", policyARN, arn)
	}
	r.boundary = policyARN
	return nil
}

// RoleARN finds a role by its name.
func (d *Directory) RoleARN(name string) (string, bool) {
	for arn, r := range d.roles {
		if r.name == name {
			return arn, true
		}
	}
	return "", false
}

// Roles gives the names of all roles and users by their ARNs.
func (d *Directory) Roles() map[string]string {
	names := make(map[string]string, len(d.roles))
	for arn, r := range d.roles {
		names[arn] = r.name
	}
	return names
}

// SetResourcePolicy sets the policy of a bucket, key, topic or queue, or the trust policy of a role.
func (d *Directory) SetResourcePolicy(arn string, p iam.Named) { d.resources[arn] = &p }

// ClearResourcePolicy takes the policy of a resource away.
func (d *Directory) ClearResourcePolicy(arn string) { delete(d.resources, arn) }

// ResourcePolicy is the policy set for a resource, nil without.
func (d *Directory) ResourcePolicy(arn string) *iam.Named { return d.resources[arn] }

// Used counts, for every statement that allowed or refused something so far, how often it did.
func (d *Directory) Used() map[iam.Match]int { return maps.Clone(d.used) }

// Denied is a refused request in AWS's words.
type Denied struct {
	Principal, Action, Resource, Reason string
}

func (e *Denied) Error() string {
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s %s", e.Principal, e.Action, e.Resource, e.Reason)
}

// Authorize implements door.Authorizer.
func (d *Directory) Authorize(p door.Principal, r door.Request) error {
	decision := iam.Evaluate(d.Case(p, r))
	for _, m := range decision.By {
		d.used[m]++
	}
	if decision.Allowed {
		return nil
	}
	return &Denied{Principal: p.String(), Action: r.Action, Resource: r.Resource, Reason: decision.Reason}
}

// Case assembles what is known about a request.
func (d *Directory) Case(p door.Principal, r door.Request) iam.Case {
	c := iam.Case{
		Caller:   iam.Caller{ARN: p.ARN, Role: p.Role, Account: p.Account, Service: p.Service},
		Action:   r.Action,
		Resource: r.Resource,
		Owner:    owner(r.Resource, p.Account),
		Own:      d.resources[policyHolder(r.Resource)],
	}
	// A key's policy must let in whoever uses it; an alias has none ("Controlling access to aliases", KMS Developer Guide).
	c.Guarded = strings.HasPrefix(r.Action, "kms:") && r.Resource != "*" && !strings.Contains(r.Resource, ":alias/") || strings.HasPrefix(r.Action, "sts:AssumeRole")
	who := d.roles[p.Role]
	if who != nil && p.Service == "" {
		c.Identity = slices.Clone(who.policies)
		for _, arn := range who.attached {
			c.Identity = append(c.Identity, *d.managed[arn])
		}
		if who.boundary != "" {
			c.Boundary = d.managed[who.boundary]
		}
	}
	c.Keys = d.keys(p, who, c.Owner, r.Keys)
	return c
}

// keys adds the global condition keys to those that the service supplied.
func (d *Directory) keys(p door.Principal, who *role, owner string, supplied map[string][]string) iam.Keys {
	now := d.now().UTC()
	keys := make(iam.Keys, 16+len(supplied))
	keys["aws:SecureTransport"] = []string{"true"}
	keys["aws:CurrentTime"] = []string{now.Format(time.RFC3339)}
	keys["aws:EpochTime"] = []string{strconv.FormatInt(now.Unix(), 10)}
	keys["aws:RequestedRegion"] = []string{d.region}
	if owner != "" {
		keys["aws:ResourceAccount"] = []string{owner}
	}
	if p.Service != "" {
		keys["aws:PrincipalIsAWSService"] = []string{"true"}
		keys["aws:PrincipalServiceName"] = []string{p.Service}
		if p.SourceARN != "" {
			keys["aws:SourceArn"] = []string{p.SourceARN}
			keys["aws:SourceAccount"] = []string{p.Account}
		}
	} else {
		keys["aws:PrincipalIsAWSService"] = []string{"false"}
		keys["aws:PrincipalArn"] = []string{p.Role}
		keys["aws:PrincipalAccount"] = []string{p.Account}
		keys["aws:PrincipalType"] = []string{"AssumedRole"}
		if strings.Contains(p.Role, ":user/") {
			keys["aws:PrincipalType"] = []string{"User"}
			keys["aws:username"] = []string{p.Role[strings.LastIndexByte(p.Role, '/')+1:]}
		}
		if who != nil {
			for k, v := range who.tags {
				keys["aws:PrincipalTag/"+k] = []string{v}
			}
		}
	}
	for k, v := range supplied {
		keys[k] = v
		if v == nil { // the service does not send it
			delete(keys, k)
		}
	}
	return keys
}

// policyHolder is the resource whose policy speaks for a resource: an object's bucket.
func policyHolder(arn string) string {
	a, ok := iam.ParseARN(arn)
	if ok && a.Service == "s3" {
		bucket, _, _ := strings.Cut(a.Resource, "/")
		return arn[:len(arn)-len(a.Resource)+len(bucket)]
	}
	return arn
}

// owner is the account in a resource's ARN; ARNs without one (buckets) are the caller's account's, because
// a local world has one account.
func owner(arn, otherwise string) string {
	if a, ok := iam.ParseARN(arn); ok && a.Account != "" {
		return a.Account
	}
	return otherwise
}
