package grants

import (
	"strings"

	"airline/asl/ast"
)

// kinds reads parameters that name resources in ways of their own.
func (s Scope) kinds(name, kind string, p parameters) []value {
	list := p.texts(strings.Split(name, "|")[0])
	for n := range strings.SplitSeq(name, "|") {
		if len(list) == 0 && n != "" {
			list = p.texts(n)
		}
	}
	if len(list) == 0 {
		list = []string{"*"}
	}
	switch kind {
	case "keys":
		return texts(p.keys(name))
	case "tables":
		return texts(p.anywhere("TableName"))
	case "api":
		return s.api(p)
	case "redshift":
		return s.redshift(p)
	}
	values := make([]value, 0, len(list))
	for _, text := range list {
		values = append(values, s.kind(kind, text))
	}
	return values
}

func (s Scope) kind(kind, text string) value {
	arn := "arn:" + s.partition() + ":"
	if isARN(text) && kind != "cluster" {
		return value{text, true}
	}
	switch kind {
	case "bucket", "objects": // s3://bucket/prefix
		bucket, prefix, _ := strings.Cut(strings.TrimPrefix(text, "s3://"), "/")
		if !strings.HasPrefix(text, "s3://") {
			bucket, prefix = "*", ""
		}
		if kind == "bucket" {
			return value{arn + "s3:::" + bucket, true}
		}
		return value{arn + "s3:::" + bucket + "/" + strings.TrimSuffix(prefix, "*") + "*", true}
	case "model":
		if region, _, ok := strings.Cut(text, "."); ok && (len(region) == 2 || region == "apac" || region == "global") {
			return value{arn + "bedrock:" + s.region() + ":" + s.account() + ":inference-profile/" + text, true}
		}
		return value{arn + "bedrock:" + s.region() + "::foundation-model/" + text, true}
	case "stack":
		return value{text: text + "/*"}
	case "ec2":
		for prefix, resource := range map[string]string{
			"i-": "instance", "vol-": "volume", "snap-": "snapshot", "sg-": "security-group", "ami-": "image", "eni-": "network-interface", "vpc-": "vpc", "subnet-": "subnet",
		} {
			if strings.HasPrefix(text, prefix) {
				return value{arn + "ec2:" + s.region() + ":*:" + resource + "/" + text, true}
			}
		}
		return value{text: "*/*"}
	case "cluster":
		if isARN(text) {
			text = arnName(text)
		}
		return value{text: text}
	case "key":
		if strings.HasPrefix(text, "alias/") {
			text = "*"
		}
		return value{text: text}
	case "secret":
		if text == "*" {
			return value{text: text}
		}
		return value{text: text + "-??????"} // Secrets Manager adds six characters to the name
	case "parameter":
		return value{text: strings.TrimPrefix(text, "/")}
	}
	return value{text: "*"}
}

// api is the API that an HTTP call reaches; none when the call is not signed.
func (s Scope) api(p parameters) []value {
	auth := p.texts("AuthType")
	if len(auth) == 0 || auth[0] == "NO_AUTH" {
		return nil
	}
	id, region := "*", s.region()
	if endpoint := p.texts("ApiEndpoint"); len(endpoint) > 0 {
		host := strings.Split(endpoint[0], ".")
		if len(host) > 2 && host[1] == "execute-api" {
			id, region = host[0], host[2]
		}
	}
	part := func(name, missing string) string {
		if v := p.texts(name); len(v) > 0 {
			return strings.Trim(v[0], "/")
		}
		return missing
	}
	resource := strings.Join([]string{id, part("Stage", "*"), part("Method", "*"), part("Path", "*")}, "/")
	return []value{{"arn:" + s.partition() + ":execute-api:" + region + ":" + s.account() + ":" + resource, true}}
}

// redshift is the workgroup or cluster of a statement.
func (s Scope) redshift(p parameters) []value {
	arn := "arn:" + s.partition() + ":"
	place := s.region() + ":" + s.account() + ":"
	var values []value
	for _, cluster := range p.texts("ClusterIdentifier") {
		if !p.unknown {
			values = append(values, value{arn + "redshift:" + place + "cluster:" + cluster, true})
		}
	}
	for _, name := range p.texts("WorkgroupName") {
		if isARN(name) {
			values = append(values, value{name, true})
		} else {
			values = append(values, value{arn + "redshift-serverless:" + place + "workgroup/*", true})
		}
	}
	if p.unknown {
		values = append(values, value{arn + "redshift:" + place + "cluster:*", true})
	}
	return values
}

// signIn is how a statement of the Redshift Data API gets into the database.
func (s Scope) signIn(p parameters) []ast.Grant {
	arn := "arn:" + s.partition() + ":"
	place := s.region() + ":" + s.account() + ":"
	if secrets := p.texts("SecretArn"); len(secrets) > 0 && !p.unknown {
		for i, secret := range secrets {
			if !isARN(secret) {
				secrets[i] = arn + "secretsmanager:" + place + "secret:*"
			}
		}
		return []ast.Grant{{Actions: []string{"secretsmanager:GetSecretValue"}, Resources: secrets}}
	}
	var grants []ast.Grant
	if p.has("WorkgroupName") {
		var workgroups []string
		for _, v := range s.redshift(p) {
			if strings.Contains(v.text, ":workgroup/") || !strings.HasPrefix(v.text, "arn:") {
				workgroups = append(workgroups, v.text)
			}
		}
		grants = append(grants, ast.Grant{Actions: []string{"redshift-serverless:GetCredentials"}, Resources: workgroups})
	}
	for _, cluster := range p.texts("ClusterIdentifier") {
		database := first(p.texts("Database"), "*")
		if user := p.texts("DbUser"); len(user) > 0 {
			grants = append(grants, ast.Grant{Actions: []string{"redshift:GetClusterCredentials"}, Resources: []string{
				arn + "redshift:" + place + "dbuser:" + cluster + "/" + user[0],
				arn + "redshift:" + place + "dbname:" + cluster + "/" + database,
			}})
		} else {
			grants = append(grants, ast.Grant{Actions: []string{"redshift:GetClusterCredentialsWithIAM"}, Resources: []string{
				arn + "redshift:" + place + "dbname:" + cluster + "/" + database,
			}})
		}
	}
	return grants
}

func first(list []string, missing string) string {
	if len(list) > 0 {
		return list[0]
	}
	return missing
}
