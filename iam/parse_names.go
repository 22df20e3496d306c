package iam

import (
	"slices"
	"strings"
)

// resource checks a value of Resource or NotResource.
func (r *reader) resource(text, where string) {
	if text == "*" {
		return
	}
	p, ok := splitARN(text)
	if !ok {
		// A * at the end stands for the parts behind it too.
		if service, _, _ := strings.Cut(strings.TrimPrefix(text, "arn:"), ":"); !strings.HasPrefix(text, "arn:") || !strings.HasSuffix(text, "*") || service == "" {
			r.problem(where, "%q is neither \"*\" nor an ARN with its six parts, arn:partition:service:region:account:resource", text)
		} else if strings.Contains(text, "${") {
			r.problem(where, "%q has a variable before the fifth colon", text)
		}
		return
	}
	a := ARN{p[1], p[2], p[3], p[4], p[5]}
	before := strings.TrimSuffix(text, a.Resource)
	switch {
	case p[0] != "arn":
		r.problem(where, "%q does not begin with arn:", text)
	case strings.Contains(before, "${"):
		r.problem(where, "%q has a variable before the fifth colon: only the resource's name may have one", text)
	case !strings.HasPrefix(a.Partition, "aws") && !strings.ContainsAny(a.Partition, "*?"):
		r.problem(where, "%q has the partition %q: partitions are aws, aws-cn, aws-us-gov and the like", text, a.Partition)
	case a.Service == "":
		r.problem(where, "%q names no service", text)
	case strings.ContainsAny(a.Service, "*?"):
		r.problem(where, "%q has a wildcard in the service", text)
	case strings.ContainsFunc(a.Service, func(c rune) bool { return !('a' <= c && c <= 'z') && !digit(c) && c != '-' }):
		r.problem(where, "%q has a service with other characters than small letters, digits and -", text)
	case !accountPattern(a.Account):
		r.problem(where, "%q has the account %q: an account id has 12 digits", text, a.Account)
	case a.Resource == "":
		r.problem(where, "%q names no resource", text)
	case a.typed() && strings.ContainsAny(a.kind(), "*?"):
		r.problem(where, "%q has a wildcard in the type of the resource, %q: wildcards stand for names", text, a.kind())
	case a.Service == "iam" && a.kind() == "" && a.Resource != "*":
		r.problem(where, "%q does not say which type of IAM resource it means: role/, user/, policy/ and so on", text)
	default:
		if err := checkVariables(text, r.policyVersion()); err != nil {
			r.problem(where, "%q %v", text, err)
		}
	}
}

// untyped are services whose resources are names without a type before them: the first part of the name may have wildcards.
var untyped = map[string]bool{"s3": true, "sns": true, "sqs": true, "execute-api": true, "codecommit": true, "s3-outposts": true}

func (a ARN) typed() bool { return !untyped[a.Service] }

// kind is the type of the resource with what separates it from the name: "table/", "log-group:". Some have none.
func (a ARN) kind() string { return a.Resource[:strings.IndexAny(a.Resource, "/:")+1] }

// isolated are the domains of services in the partitions that are not part of the internet (AWS SDK, partitions.json).
var isolated = []string{".c2s.ic.gov", ".sc2s.sgov.gov", ".cloud.adc-e.uk", ".csp.hci.ic.gov"}

// ofAWS tells whether a host's name is one of a service of AWS.
func ofAWS(host string) bool {
	return strings.Contains(host, ".amazonaws.") || strings.HasSuffix(host, ".aws.internal") ||
		slices.ContainsFunc(isolated, func(domain string) bool { return strings.HasSuffix(host, domain) })
}

// accountPattern tells whether an account id, or a pattern of one, may stand in an ARN. AWS's own resources have names there.
func accountPattern(account string) bool {
	if strings.ContainsAny(account, "*?") {
		return true
	}
	digits := strings.Trim(account, "0123456789") == ""
	return account == "" || !digits || len(account) == 12
}

// principals reads a Principal or NotPrincipal element.
func (r *reader) principals(n *node, where string) *Principals {
	p := &Principals{}
	if n.kind == '"' {
		if p.Anyone = n.text == "*"; !p.Anyone {
			r.problem(where, "must be \"*\" or an object, is %s", n)
		}
		return p
	}
	if n.kind == '{' && len(n.members) == 0 {
		r.problem(where, "names nobody")
	}
	r.fields(n, where, func(key string, value *node) {
		at := under(where, key)
		switch key {
		case "AWS":
			p.AWS = r.texts(value, at, func(text, at string) {
				p.Anyone = p.Anyone || text == "*"
				if !identity(text) {
					r.problem(at, "%q is neither an account id of 12 digits nor the ARN of an account, user, role or session; wildcards stand for everybody alone", text)
				}
			})
		case "Service":
			p.Services = r.texts(value, at, func(text, at string) {
				if !host(text) || !ofAWS(text) {
					r.problem(at, "%q is not a service's name, such as \"events.amazonaws.com\"", text)
				}
			})
		case "Federated":
			p.Federated = r.texts(value, at, func(text, at string) {
				a, ok := ParseARN(text)
				provider := ok && a.Service == "iam" && (strings.HasPrefix(a.Resource, "saml-provider/") || strings.HasPrefix(a.Resource, "oidc-provider/"))
				if !provider && !host(text) {
					r.problem(at, "%q is neither the ARN of an identity provider nor the name of one, such as \"cognito-identity.amazonaws.com\"", text)
				}
			})
		case "CanonicalUser":
			p.Canonical = r.texts(value, at, func(text, at string) {
				if text == "" || strings.ContainsAny(text, "*?") {
					r.problem(at, "%q is not a canonical user id", text)
				}
			})
		default:
			r.problem(at, "is an unknown kind of principal: there are AWS, Service, Federated and CanonicalUser")
		}
	})
	if r.Kind == Endpoint && !p.Anyone {
		r.problem(where, "must be \"*\" in %s: narrow who may pass with a condition on aws:PrincipalArn or aws:PrincipalAccount", r.rule.name)
	}
	return p
}

// identity tells whether a text may be an AWS principal.
func identity(text string) bool {
	if text == "*" || len(text) == 12 && strings.Trim(text, "0123456789") == "" {
		return true
	}
	if len(text) >= 16 && text[0] == 'A' && !strings.ContainsFunc(text, func(c rune) bool { return !('A' <= c && c <= 'Z') && !digit(c) }) {
		return true // the unique id that AWS puts in the place of what was deleted: AROA..., AIDA...
	}
	a, ok := ParseARN(text)
	if !ok || !strings.HasPrefix(a.Partition, "aws") || a.Region != "" || strings.ContainsAny(text, "*?") || strings.Contains(text, "${") {
		return false
	}
	account := len(a.Account) == 12 && strings.Trim(a.Account, "0123456789") == ""
	kind, name, _ := strings.Cut(a.Resource, "/")
	switch {
	case a.Service == "iam" && a.Account == "cloudfront":
		return kind == "user" && name != ""
	case a.Service == "iam" && account:
		return a.Resource == "root" || (kind == "user" || kind == "role") && name != ""
	case a.Service == "sts" && account:
		return (kind == "assumed-role" || kind == "federated-user" || kind == "self") && name != "" || kind == "self"
	}
	return false
}

// host tells whether a text has the form of a host's name, with a dot.
func host(text string) bool {
	return strings.Contains(text, ".") && !strings.HasPrefix(text, ".") && !strings.HasSuffix(text, ".") &&
		!strings.ContainsFunc(text, func(c rune) bool { return !letter(c) && !digit(c) && c != '.' && c != '-' && c != '_' })
}
