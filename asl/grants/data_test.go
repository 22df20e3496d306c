package grants_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"airline/asl/ast"
	"airline/asl/awsapi"
	"airline/asl/grants"
)

// TestGrantsAgainstData holds the grants of every operation of every service to the service authorization data: each action
// exists; where it has no resource type its resource is "*"; each resource has the shape of one of the action's types; and
// each type that is required has a resource.
func TestGrantsAgainstData(t *testing.T) {
	scope := grants.Scope{Region: "eu-west-1", Account: "111122223333", StateMachine: "m"}
	known, total := 0, 0
	for _, service := range awsapi.Services() {
		s, _ := awsapi.Find(service)
		for action := range s.Operations {
			total++
			text := fmt.Sprintf(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:%s:%s","End":true}}}`, service, action)
			d, err := ast.ParseString(text)
			if err != nil {
				t.Fatal(err)
			}
			allowed, err := grants.Of(d, scope)
			if err != nil {
				continue
			}
			known++
			for _, g := range allowed {
				for _, a := range g.Actions {
					if problem := against(a, g.Resources); problem != "" {
						t.Errorf("%s:%s: %s", service, action, problem)
					}
				}
			}
		}
	}
	t.Logf("the grants of %d of %d operations are known", known, total)
	if known < 18400 {
		t.Errorf("the grants of %d operations are known, want at least 18,400", known)
	}
}

var hole = regexp.MustCompile(`\$\{[^}]*\}`)

// against says what is wrong with an action on resources by the data.
func against(action string, resources []string) string {
	prefix, name, _ := strings.Cut(action, ":")
	known, ok := awsapi.IAM(prefix)
	if !ok {
		return "there is no IAM prefix " + prefix
	}
	a, ok := known.Actions[name]
	if !ok {
		if strings.HasSuffix(name, "*") {
			return ""
		}
		return "there is no action " + action
	}
	if len(a.Resources) == 0 {
		if !slices.Equal(resources, []string{"*"}) {
			return fmt.Sprintf("%s has no resource type, and is allowed on %v", action, resources)
		}
		return ""
	}
	shaped := map[string]bool{}
	for _, r := range a.Resources {
		template := hole.ReplaceAllString(known.Types[r.Type], "*")
		met := false
		for _, resource := range resources {
			if resource == "*" || template == "" || meet(resource, template) {
				met, shaped[resource] = true, true
			}
		}
		if r.Required && !met {
			return fmt.Sprintf("%s needs a resource %s, and is allowed on %v", action, template, resources)
		}
	}
	for _, resource := range resources {
		if !shaped[resource] && prefix == "apigateway" { // its verbs are of two services, and the data have the types of one
			for _, template := range known.Types {
				shaped[resource] = shaped[resource] || meet(resource, hole.ReplaceAllString(template, "*"))
			}
		}
		if !shaped[resource] {
			return fmt.Sprintf("%s has no resources like %s", action, resource)
		}
	}
	return ""
}

// meet tells whether some text matches both patterns, in which * stands for anything.
func meet(a, b string) bool {
	type place struct{ i, j int }
	failed := map[place]bool{}
	var from func(i, j int) bool
	from = func(i, j int) bool {
		if failed[place{i, j}] {
			return false
		}
		ok := false
		switch {
		case i == len(a) && j == len(b):
			return true
		case i < len(a) && a[i] == '*':
			ok = from(i+1, j) || j < len(b) && from(i, j+1)
		case j < len(b) && b[j] == '*':
			ok = from(i, j+1) || i < len(a) && from(i+1, j)
		case i < len(a) && j < len(b) && a[i] == b[j]:
			ok = from(i+1, j+1)
		}
		failed[place{i, j}] = !ok
		return ok
	}
	return from(0, 0)
}

// Roles that a task hands to a service may be passed, whatever the parameter is called.
func TestGrantsPassRole(t *testing.T) {
	const arn = "arn:aws:iam::111122223333:role/worker"
	for resource, parameters := range map[string]string{
		"glue:createJob":             `{"Name":"j","Role":"` + arn + `","Command":{}}`,
		"lambda:createFunction":      `{"FunctionName":"f","Role":"` + arn + `","Code":{}}`,
		"eventbridge:putTargets":     `{"Rule":"r","Targets":[{"Id":"1","Arn":"a","RoleArn":"` + arn + `"}]}`,
		"sfn:createStateMachine":     `{"Name":"m","Definition":"{}","RoleArn":"` + arn + `"}`,
		"ecs:registerTaskDefinition": `{"Family":"f","ContainerDefinitions":[],"TaskRoleArn":"` + arn + `"}`,
		"scheduler:createSchedule":   `{"Name":"s","ScheduleExpression":"rate(1 day)","FlexibleTimeWindow":{"Mode":"OFF"},"Target":{"Arn":"a","RoleArn":"` + arn + `"}}`,
	} {
		if got := grantsOf(t, resource, parameters); !slices.ContainsFunc(got, func(g ast.Grant) bool {
			return slices.Equal(g.Actions, []string{"iam:PassRole"}) && slices.Equal(g.Resources, []string{arn})
		}) {
			t.Errorf("%s: got %v, want iam:PassRole on %s", resource, got, arn)
		}
	}
	for resource, parameters := range map[string]string{
		"sts:assumeRole":  `{"RoleArn":"` + arn + `","RoleSessionName":"s"}`,
		"glue:getJob":     `{"JobName":"j"}`,
		"sqs:sendMessage": `{"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/111122223333/q","MessageBody":"Role"}`,
	} {
		for _, g := range grantsOf(t, resource, parameters) {
			if slices.Contains(g.Actions, "iam:PassRole") {
				t.Errorf("%s: got %v, which hands on no role", resource, g)
			}
		}
	}
}

// Operations that nobody has written a line for are narrowed by the parameters that name their resources.
func TestGrantsDerived(t *testing.T) {
	for _, c := range []struct{ resource, parameters, want string }{
		{"groundstation:deleteConfig", `{"ConfigId":"c1","ConfigType":"tracking"}`, "arn:aws:groundstation:eu-west-1:111122223333:config/"},
		{"gamelift:deleteFleet", `{"FleetId":"fleet-1"}`, "arn:aws:gamelift:eu-west-1:111122223333:fleet/fleet-1"},
	} {
		got := grantsOf(t, c.resource, c.parameters)
		if len(got) == 0 || !strings.HasPrefix(got[0].Resources[0], c.want) {
			t.Errorf("%s: got %v, want a resource that begins with %s", c.resource, got, c.want)
		}
	}
}

// The executions of a child machine are where its ARN says.
func TestGrantsOfAChildElsewhere(t *testing.T) {
	d, err := ast.ParseString(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync:2",
		"Parameters":{"StateMachineArn":"arn:aws-cn:states:cn-north-1:999999999999:stateMachine:child:live"},"End":true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := grants.Of(d, grants.Scope{Region: "eu-west-1", Account: "111122223333"})
	if err != nil {
		t.Fatal(err)
	}
	const want = "arn:aws-cn:states:cn-north-1:999999999999:execution:child:*"
	if !slices.ContainsFunc(allowed, func(g ast.Grant) bool { return slices.Equal(g.Resources, []string{want}) }) {
		t.Errorf("got %v, want executions %s", allowed, want)
	}
}

// What is known is given beside the error that names what is not.
func TestGrantsOfTheRest(t *testing.T) {
	d, err := ast.ParseString(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:quantum:doIt","Next":"U"},
		"U":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"TopicArn":"arn:aws:sns:eu-west-1:111122223333:t","Message":"m"},"End":true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := grants.Of(d, grants.Scope{})
	if err == nil || !strings.Contains(err.Error(), "quantum:doIt") || len(allowed) != 1 || allowed[0].Actions[0] != "sns:Publish" {
		t.Errorf("got %v, %v; want sns:Publish and an error that names quantum:doIt", allowed, err)
	}
}

func grantsOf(t *testing.T, resource, parameters string) []ast.Grant {
	t.Helper()
	d, err := ast.ParseString(`{"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:` + resource + `","Parameters":` + parameters + `,"End":true}}}`)
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := grants.Of(d, grants.Scope{Region: "eu-west-1", Account: "111122223333", StateMachine: "m"})
	if err != nil {
		t.Fatalf("%s: %v", resource, err)
	}
	return allowed
}
