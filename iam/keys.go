package iam

import "strings"

// Type is what a condition key's values are.
type Type int

// The types of the Service Authorization Reference.
const (
	String Type = iota + 1
	Number
	Date
	Bool
	Binary
	Address // an IP address or network
	Name    // an ARN
)

var typeNames = map[Type]string{
	String: "text", Number: "a number", Date: "a date", Bool: "true or false", Binary: "base64", Address: "an IP address or network", Name: "an ARN",
}

// Key is what is known of a condition key.
type Key struct {
	Type Type
	// Multi tells that a request may have several values, so that only operators with a set qualifier (ForAnyValue,
	// ForAllValues) apply.
	Multi bool
}

// Index knows which condition keys an action has.
type Index interface {
	// Key is the key of that name for requests of the action, which may be a pattern ("s3:Get*", "*"): it is found when some
	// action of the pattern has it. Known is false when the index does not know the action's service: then nothing is said
	// of the key. Global keys ("aws:...") are not asked for.
	Key(action, name string) (k Key, found, known bool)
}

// global are the global condition keys by their names in lower case (IAM User Guide, "AWS global condition context keys").
// One that ends in a slash begins the names of tags.
var global = map[string]Key{
	"aws:principalarn": {Type: Name}, "aws:chatbotsourcearn": {Type: Name}, "aws:sourcearn": {Type: Name}, "aws:sourcevpcarn": {Type: Name},
	"aws:principalaccount": {Type: String}, "aws:principalorgid": {Type: String}, "aws:principalservicename": {Type: String},
	"aws:principaltype": {Type: String}, "aws:userid": {Type: String}, "aws:username": {Type: String}, "aws:federatedprovider": {Type: String},
	"aws:ec2instancesourcevpc": {Type: String}, "aws:sourceidentity": {Type: String}, "aws:sourcevpc": {Type: String},
	"aws:sourcevpce": {Type: String}, "aws:vpceaccount": {Type: String}, "aws:vpceorgid": {Type: String}, "aws:resourceaccount": {Type: String},
	"aws:resourceorgid": {Type: String}, "aws:calledviafirst": {Type: String}, "aws:calledvialast": {Type: String},
	"aws:calledviaawsmcp": {Type: String}, "aws:referer": {Type: String}, "aws:requestedregion": {Type: String},
	"aws:sourceaccount": {Type: String}, "aws:sourceowner": {Type: String}, "aws:sourceorgid": {Type: String}, "aws:useragent": {Type: String},
	"aws:principaltag/": {}, "aws:resourcetag/": {}, "aws:requesttag/": {}, // tags hold what their owner likes
	"aws:principalorgpaths": {String, true}, "aws:principalservicenameslist": {String, true}, "aws:vpceorgpaths": {String, true},
	"aws:resourceorgpaths": {String, true}, "aws:calledvia": {String, true}, "aws:tagkeys": {String, true}, "aws:sourceorgpaths": {String, true},
	"aws:principalisawsservice": {Type: Bool}, "aws:assumedroot": {Type: Bool}, "aws:multifactorauthpresent": {Type: Bool},
	"aws:viaawsservice": {Type: Bool}, "aws:viaawsmcpservice": {Type: Bool}, "aws:securetransport": {Type: Bool},
	"aws:ismcpserviceaction": {Type: Bool},
	"aws:tokenissuetime":     {Type: Date}, "aws:currenttime": {Type: Date}, "aws:epochtime": {Type: Date},
	"aws:multifactorauthage":           {Type: Number},
	"aws:ec2instancesourceprivateipv4": {Type: Address}, "aws:sourceip": {Type: Address}, "aws:vpcsourceip": {Type: Address},
}

// multiple are keys of services with several values, by their names in lower case (Service Authorization Reference).
var multiple = map[string]bool{
	"kms:resourcealiases": true, "kms:encryptioncontextkeys": true, "kms:grantoperations": true, "dynamodb:attributes": true,
	"dynamodb:leadingkeys": true, "lambda:subnetids": true, "lambda:securitygroupids": true, "lambda:layer": true,
}

// globalKey finds a global key, the tags' by their beginning.
func globalKey(name string) (Key, bool) {
	name = lower(name)
	if before, tag, ok := strings.Cut(name, "/"); ok && tag != "" {
		name = before + "/"
	}
	k, ok := global[name]
	return k, ok
}

// severalValues tells whether a key of that name may have several values in a request.
func severalValues(name string) bool {
	name = lower(name)
	return global[name].Multi || multiple[name]
}

// validKey tells whether a text has the form of a condition key: "aws:SourceArn", "s3:ExistingObjectTag/team",
// "token.actions.githubusercontent.com:sub".
func validKey(name string) bool {
	prefix, rest, ok := strings.Cut(name, ":")
	return ok && prefix != "" && rest != "" && !strings.ContainsAny(prefix, " */?$") || ok && strings.Contains(prefix, "/") && rest != ""
}
