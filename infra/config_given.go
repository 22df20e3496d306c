package infra

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"airline/etl"
	"airline/region"
)

// Patterns of what others make.
var (
	rolePath      = regexp.MustCompile(`^/([A-Za-z0-9_+=,.@-]+/)*$`)
	givenBucket   = regexp.MustCompile(`^(|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$`)
	givenDatabase = regexp.MustCompile(`^[a-z0-9_-]{0,255}$`)
	givenGroup    = regexp.MustCompile(`^(|[a-z0-9-]{3,64})$`)
	givenCluster  = regexp.MustCompile(`^(|[a-z][a-z0-9-]{0,62})$`)
	tagKey        = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$`)
)

// ownTags are the tags that the program sets by itself; rights depend on them.
var ownTags = []string{"project", "stack", "owner"}

// maxTags is how many more there may be: a resource has 50 at most, and the VPC's have two of their own.
const maxTags = 45

// likeAnother is what is wrong with a tag whose key is one of the program's, or of those before it, but for the case of its letters. IAM
// answers "Duplicate tag keys found", and conditions on tags take either (IAM User Guide, "Rules for tagging in IAM and AWS STS").
const likeAnother = "IAM takes it for another tag of the stack, since it does not tell upper from lower case"

// tags reads the map of more tags.
func (r *reader) tags() map[string]string {
	text := r.text("tags")
	var given map[string]any
	if text == "" || json.Unmarshal([]byte(text), &given) != nil {
		if r.sound("tags") {
			r.problem("tags", text, "it is not a map of texts", "write it as a YAML map, {} when empty")
		}
		return nil
	}
	tags := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		alike := func(other string) bool { return other != key && strings.EqualFold(other, key) }
		value, place := fmt.Sprint(given[key]), fmt.Sprintf("tags[%q]", key)
		switch given[key].(type) {
		case map[string]any, []any, nil:
			r.problem(place, value, "it is not a text", "write one text for each tag")
			continue
		}
		switch {
		case slices.Contains(ownTags, key):
			r.problem(place, value, "the program sets this tag, and rights depend on it", "use another key")
		case slices.ContainsFunc(ownTags, alike), slices.ContainsFunc(slices.Collect(maps.Keys(tags)), alike):
			r.problem(place, value, likeAnother, "use another key")
		case !tagKey.MatchString(key) || strings.HasPrefix(strings.ToLower(key), "aws:"):
			r.problem(place, value, "AWS does not take the key", "use letters, digits, spaces and _.:/=+-@, at most 128, and not aws: at its beginning")
		case value != "" && !tagValue.MatchString(value):
			r.problem(place, value, "AWS does not take the value", "use letters, digits, spaces and _.:/=+-@, at most 256")
		}
		tags[key] = value
	}
	if len(tags) > maxTags {
		r.problem("tags", fmt.Sprint(len(tags))+" tags", "AWS takes 50 of a resource, some of which the program sets", fmt.Sprintf("use at most %d", maxTags))
	}
	return tags
}

// namedAfter reads the other stack whose name this one's resources have.
func (r *reader) namedAfter() string {
	name := r.text("namedAfter")
	if name != "" {
		r.problems = append(r.problems, Names{Project: "p", NamedAfter: name}.problems()...)
	}
	return name
}

// region reads the name of a region.
func (r *reader) region(key string) string {
	name := r.text(key)
	r.checkRegion(key, name)
	return name
}

func (r *reader) checkRegion(key, name string) {
	if _, known := region.PartitionOf(name); !known && r.sound(key) {
		remedy := "use one such as eu-west-1"
		if near := region.Nearest(name); near != "" {
			remedy = "did you mean " + near + "?"
		}
		r.problem(key, name, "it is not an AWS region", remedy)
	}
}

// given reads what somebody else keeps.
func (r *reader) given() Given {
	return Given{
		PermissionsBoundary: r.arn("permissionsBoundary", boundaryForm),
		RolePath:            r.rolePath(),
		RawBucket:           r.matching("rawBucket", givenBucket, "use a bucket's name, or leave it empty"),
		RawKeyARN:           r.arn("rawKeyArn", keyForm),
		LogBucket:           r.matching("logBucket", givenBucket, "use a bucket's name, or leave it empty"),
		DataKeyARN:          r.arn("dataKeyArn", keyForm),
		MessagesKeyARN:      r.arn("messagesKeyArn", keyForm),
		GlueDatabase:        r.matching("glueDatabase", givenDatabase, "use lower-case letters, digits, hyphens and underscores, or leave it empty"),
		TopicARN:            r.arn("topicArn", topicForm),
		Workgroup:           r.matching("workgroup", givenGroup, "use the name of a workgroup, or leave it empty"),
		Cluster:             r.matching("cluster", givenCluster, "use the identifier of a cluster, or leave it empty"),
		AdminSecretARN:      r.arn("adminSecretArn", secretForm),
	}
}

// rolePath reads the path of the stack's roles. IAM takes up to 512 characters, and refuses a path that it keeps for service-linked roles: "Path
// prefix '/aws-service-role/' can only be used for AWS Service linked Roles" (CreateRole, API Reference; tilfin/aws-iam-policy-tool#9).
func (r *reader) rolePath() string {
	path := r.matching("rolePath", rolePath, "begin and end it with /, such as /airline/")
	switch {
	case len(path) > maxRolePath:
		r.problem("rolePath", path, fmt.Sprintf("it has %d characters, and IAM takes %d", len(path), maxRolePath), "use a shorter one, such as /airline/")
	case strings.HasPrefix(path, serviceRoles):
		r.problem("rolePath", path, "IAM keeps "+serviceRoles+" for service-linked roles", "use another one, such as /airline/")
	}
	return path
}

const (
	maxRolePath  = 512
	serviceRoles = "/aws-service-role/"
)

// database reads the name of the warehouse's database.
func (r *reader) database() string {
	name := r.matching("database", databaseName, "use lower-case letters, digits and underscores, a letter first")
	if slices.Contains(ownDatabases, name) {
		r.problem("database", name, "every Redshift has a database of its own of that name", "use another name, such as airline")
	}
	return name
}

// ownDatabases are in every cluster and namespace, and nobody's to fill (ALTER DATABASE, Database Developer Guide; "Querying the AWS Glue Data
// Catalog", Management Guide).
var ownDatabases = []string{"awsdatacatalog", "padb_harvest", "template0", "template1"}

// togetherGiven checks what of the given things only makes sense in combination.
func (r *reader) togetherGiven(c *Config) {
	g := c.Given
	// DBName "cannot be a word that is reserved by the service" (CreateCluster, API Reference). A database that is there may have been made with
	// quotes.
	if g.warehouse() == "" && r.sound("database") && etl.Reserved(c.Warehouse.Database) {
		r.problem("database", c.Warehouse.Database, "it is a reserved word of Redshift, and AWS makes no warehouse with a database of such a name",
			"use another name, such as "+c.Warehouse.Database+"_db")
	}
	if g.RawKeyARN != "" && g.RawBucket == "" {
		r.problem("rawKeyArn", g.RawKeyARN, "it is the key of rawBucket, which is empty", "set rawBucket, or dataKeyArn for all buckets of the stack")
	}
	if len(c.Producers) > 0 && g.RawBucket != "" {
		r.problem("producers", strings.Join(c.Producers, ","), "the bucket policy of rawBucket is its owner's", "let the producers in there, and remove them here")
	}
	if g.RawBucket != "" && g.RawBucket == g.LogBucket {
		r.problem("logBucket", g.LogBucket, "access logs in the bucket they tell of would have logs of their own", "use another bucket than rawBucket")
	}
	switch {
	case g.Workgroup != "" && g.Cluster != "":
		r.problem("cluster", g.Cluster, "workgroup is set, too", "set one of them")
	case g.Workgroup != "" && r.sound("warehouse") && c.Warehouse.Kind != Serverless:
		r.problem("workgroup", g.Workgroup, "warehouse is not serverless", "set warehouse to serverless, or cluster instead")
	case g.Cluster != "" && r.sound("warehouse") && c.Warehouse.Kind != Provisioned:
		r.problem("cluster", g.Cluster, "warehouse is not provisioned", "set warehouse to provisioned, or workgroup instead")
	}
	if g.Workgroup+g.Cluster != "" && len(c.Network.BISources) > 0 {
		r.problem("biSources", strings.Join(c.Network.BISources, ","), "the network of workgroup or cluster is its owner's", "let the tools in there, and remove them here")
	}
	if warehouse := g.Workgroup + g.Cluster; (warehouse == "") != (g.AdminSecretARN == "") && r.sound("workgroup", "cluster", "adminSecretArn") {
		r.problem("adminSecretArn", g.AdminSecretARN, "it leads to the administrator of workgroup or cluster", "set it with one of them, and without them leave it empty")
	}
}
