package infra

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"airline/local/recorder"
)

// Addresses in outputs have the domains of the partition, and names of the region. Where AWS publishes no address of the
// console there is no output of it.
func TestOutputsHaveThePartitionsDomains(t *testing.T) {
	for place, want := range map[string][2]string{
		"eu-west-1": {"https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/airline-dev-pipeline", "https://sqs.eu-west-1.amazonaws.com/"},
		"us-west-1": {"https://us-west-1.console.aws.amazon.com/cloudwatch/home?region=us-west-1#dashboards/dashboard/airline-dev-pipeline-us-west-1", "https://sqs.us-west-1.amazonaws.com/"},
		"cn-north-1": {
			"https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#dashboards/dashboard/airline-dev-pipeline-cn-north-1", "https://sqs.cn-north-1.amazonaws.com.cn/",
		},
		"us-gov-west-1": {
			"https://us-gov-west-1.console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#dashboards/dashboard/airline-dev-pipeline-us-gov-west-1",
			"https://sqs.us-gov-west-1.amazonaws.com/",
		},
		"eusc-de-east-1": {
			"https://eusc-de-east-1.console.amazonaws-eusc.eu/cloudwatch/home?region=eusc-de-east-1#dashboards/dashboard/airline-dev-pipeline-eusc-de-east-1",
			"https://sqs.eusc-de-east-1.amazonaws.eu/",
		},
		"us-iso-east-1": {"", "https://sqs.us-iso-east-1.c2s.ic.gov/"},
	} {
		t.Run(place, func(t *testing.T) {
			g, err := recordWith(t, recorder.Options{Overrides: map[string]string{"aws:region": place}})
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := g.Outputs["dashboardUrl"].(string); got != want[0] {
				t.Errorf("dashboardUrl = %q, want %q", got, want[0])
			}
			queue := g.OfType("aws:sqs/queue:Queue")[0].String("url")
			if got := g.Outputs["undeliveredQueueUrl"]; got != queue || !strings.HasPrefix(queue, want[1]) {
				t.Errorf("undeliveredQueueUrl = %q, want that of the queue, %q, below %q", got, queue, want[1])
			}
			for name, value := range g.Outputs {
				if text, ok := value.(string); ok && strings.HasPrefix(text, "arn:") && strings.Contains(text, ":eu-west-1:") && place != "eu-west-1" {
					t.Errorf("%s = %s is elsewhere", name, text)
				}
			}
		})
	}
}

// What another stack may need is an output with the value of the resource, whatever the stack is made of.
func TestOutputsAreThoseOfTheResources(t *testing.T) {
	of := func(g *recorder.Graph, token, name, property string) string {
		for _, r := range g.OfType(token) {
			if r.Name == name {
				value, _ := r.Get(property)
				text, _ := value.(string)
				return text
			}
		}
		return ""
	}
	for name := range variants {
		t.Run(name, func(t *testing.T) {
			g := record(t, name, false)
			want := map[string]string{
				"copyRoleArn": of(g, "aws:iam/role:Role", "copy", "arn"), "dataKeyArn": of(g, "aws:kms/key:Key", "data", "arn"),
				"messagesKeyArn": of(g, "aws:kms/key:Key", "messages", "arn"), "securityGroupId": of(g, "aws:ec2/securityGroup:SecurityGroup", "network", "id"),
				"glueDatabase": of(g, "aws:glue/catalogDatabase:CatalogDatabase", "catalog", "name"), "topicArn": of(g, "aws:sns/topic:Topic", "notifications", "arn"),
			}
			if len(g.OfType("aws:redshift/cluster:Cluster")) > 0 {
				want["clusterArn"] = of(g, "aws:redshift/cluster:Cluster", "warehouse", "arn")
				want["warehouseEndpoint"] = of(g, "aws:redshift/cluster:Cluster", "warehouse", "endpoint")
				want["adminSecretArn"] = of(g, "aws:redshift/cluster:Cluster", "warehouse", "masterPasswordSecretArn")
			} else {
				want["workgroupArn"] = of(g, "aws:redshiftserverless/workgroup:Workgroup", "warehouse", "arn")
				want["warehouseEndpoint"] = of(g, "aws:redshiftserverless/workgroup:Workgroup", "warehouse", "endpoints[0].address") + ":5439"
				want["adminSecretArn"] = of(g, "aws:redshiftserverless/namespace:Namespace", "warehouse", "adminPasswordSecretArn")
			}
			got := map[string]string{}
			for output, value := range want {
				if value == "" || value == ":5439" {
					t.Errorf("no resource has what %s tells", output)
				}
				got[output], _ = g.Outputs[output].(string)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("outputs (-want +got):\n%s", diff)
			}
			for _, output := range []string{"vpcId", "subnetIds"} {
				if g.Outputs[output] == nil {
					t.Errorf("there is no output %s", output)
				}
			}
		})
	}
}

// docs/deploy.md lists the outputs, and the stack's page speaks of those only that each stack has.
func TestOutputsAreDocumented(t *testing.T) {
	style := regexp.MustCompile(`^[a-z]+([A-Z][a-z]+)*$`)
	all := map[string]bool{"readme": true}
	always := map[string]int{}
	for name := range variants {
		for output := range record(t, name, false).Outputs {
			if !style.MatchString(output) {
				t.Errorf("output %s is not in camel case", output)
			}
			all[output] = true
			always[output]++
		}
	}
	text, err := os.ReadFile("../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Outputs\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var documented []string
	for line := range strings.Lines(section) {
		if cell, ok := strings.CutPrefix(line, "| `"); ok {
			cell, _, _ = strings.Cut(cell, " |")
			for _, output := range strings.Split(cell, ", ") {
				documented = append(documented, strings.Trim(output, "`"))
			}
		}
	}
	slices.Sort(documented)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(all)), documented); diff != "" {
		t.Errorf("outputs that docs/deploy.md lists (-there are +listed):\n%s", diff)
	}
	page, err := os.ReadFile("../Pulumi.README.md")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`\$\{outputs\.(\w+)\}`).FindAllStringSubmatch(string(page), -1)
	if len(used) == 0 {
		t.Error("the stack's page shows no output")
	}
	for _, u := range used {
		if always[u[1]] != len(variants) {
			t.Errorf("the stack's page speaks of %s, which %d of %d stacks have", u[1], always[u[1]], len(variants))
		}
	}
}
