package ast

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"airline/asl/internal/catalog"
	"airline/asl/jsonvalue"
)

func (v *validator) task(s *State, at string, lang QueryLanguage) {
	v.resource(s, at)
	v.express(s, at)
	v.template(s.Credentials, s.Pos, at, "/Credentials", lang)
	credentials, ok := s.Credentials.Value().(*jsonvalue.Object)
	if ok {
		for name := range credentials.All() {
			if strings.TrimSuffix(name, ".$") != "RoleArn" {
				v.warn(s.Pos, Pointer(at+"/Credentials", name), `write "RoleArn"`, "Credentials has no member %q", name)
			}
		}
	}
	if s.Credentials.IsSet() && !ok && lang != JSONata {
		v.error(s.Pos, at+"/Credentials", `write {"RoleArn": "arn:aws:iam::..."}`, "Credentials is an object")
	}
	v.either(s.Pos, at, "TimeoutSeconds", s.TimeoutSeconds, "TimeoutSecondsPath", s.TimeoutSecondsPath)
	v.either(s.Pos, at, "HeartbeatSeconds", s.HeartbeatSeconds, "HeartbeatSecondsPath", s.HeartbeatSecondsPath)
	v.seconds(s.TimeoutSeconds, s.Pos, at, "/TimeoutSeconds", lang)
	v.seconds(s.HeartbeatSeconds, s.Pos, at, "/HeartbeatSeconds", lang)
	v.pathField(s.TimeoutSecondsPath, s.Pos, at, "/TimeoutSecondsPath")
	v.pathField(s.HeartbeatSecondsPath, s.Pos, at, "/HeartbeatSecondsPath")
	limit, limited := s.TimeoutSeconds.Number()
	if beat, ok := s.HeartbeatSeconds.Number(); ok && limited && beat >= limit {
		v.error(s.Pos, at+"/HeartbeatSeconds", "make the heartbeat shorter than the timeout", "HeartbeatSeconds %s is not below TimeoutSeconds %s", plain(beat), plain(limit))
	}
	if limited && v.limit > 0 && limit > v.limit {
		v.warn(s.Pos, at+"/TimeoutSeconds", "make it shorter than the machine's", "the state's timeout of %s s outlasts the machine's of %s s", plain(limit), plain(v.limit))
	}
}

// resource checks the form of a task's resource.
func (v *validator) resource(s *State, at string) {
	at += "/Resource"
	if s.Resource == "" {
		v.error(s.Pos, at, "name what the task runs, by its ARN", "the Task has no Resource")
		return
	}
	if open := strings.Count(s.Resource, "${"); open > 0 {
		if len(placeholderLike(s.Resource)) < open {
			v.error(s.Pos, at, "close the placeholder with }", "the resource %q has a placeholder that does not end", s.Resource)
		}
		if !strings.HasPrefix(s.Resource, "arn:") {
			return
		}
	}
	parts := catalog.SplitARN(s.Resource, 7)
	if parts[0] != "arn" || len(parts) < 6 {
		v.error(s.Pos, at, `use an ARN such as "arn:aws:states:::glue:startJobRun.sync"`, "the resource %q is no ARN", s.Resource)
		return
	}
	if parts[2] == "lambda" {
		v.function(s.Resource, s.Pos, at)
		return
	}
	if !v.taskARN(s.Resource, parts, s.Pos, at) {
		return
	}
	service, action := parts[5], parts[6]
	if service == "aws-sdk" {
		if api, op, ok := strings.Cut(action, ":"); !ok || api == "" || op == "" {
			v.error(s.Pos, at, "write arn:aws:states:::aws-sdk:service:action", "the resource %q names no action", s.Resource)
			return
		}
		if strings.HasSuffix(action, ".sync") || strings.HasSuffix(action, ".sync:2") {
			v.error(s.Pos, at, "poll for the end, or use the service's optimised integration", "an SDK integration cannot wait for the end of a job (.sync)")
		}
		if _, op, _ := strings.Cut(action, ":"); !HasPlaceholder(op) && 'A' <= op[0] && op[0] <= 'Z' {
			v.error(s.Pos, at, "write "+strings.ToLower(op[:1])+op[1:], "the action %q begins with a capital letter, and an SDK integration's with a small one", op)
		}
	}
	if service != "aws-sdk" && !HasPlaceholder(s.Resource) {
		v.integration(service+":"+action, s.Pos, at)
	}
	if strings.HasSuffix(action, ".waitForTaskToken") && !mentionsToken(s) {
		v.warn(s.Pos, at, "hand $$.Task.Token ($states.context.Task.Token in JSONata) on in the parameters", "the task waits for its token, which it gives to nobody")
	}
}

// taskARN checks the parts before the action, and tells whether they are an integration's. What Step Functions refuses by
// its place alone is warned of: published machines have it.
func (v *validator) taskARN(arn string, parts []string, pos Position, at string) bool {
	partition, service, place := parts[1], parts[2], parts[3]+parts[4]
	switch {
	case partition != "aws" && !strings.HasPrefix(partition, "aws-") && !HasPlaceholder(partition):
		v.error(pos, at, "write arn:aws:..., or the name of another partition, such as aws-cn", "there is no partition %q", partition)
	case HasPlaceholder(service):
	case service != "states":
		v.warn(pos, at, "call the service with arn:aws:states:::service:action, or a function or an activity by its ARN", "a task does not run %q", arn)
	case len(parts) < 7:
		v.error(pos, at, "write arn:aws:states:::service:action, or an activity's whole ARN", "the resource %q names no action", arn)
	case parts[5] == "activity":
	case parts[5] == "stateMachine":
		v.error(pos, at, "start it with arn:"+partition+":states:::states:startExecution.sync:2 and its ARN as StateMachineArn", "a task does not run the state machine %q", arn)
	case place != "" && Nearest(parts[5], []string{"activity"}) != "":
		v.error(pos, at, `did you mean "activity"?`, "Step Functions has no %q", parts[5])
	default:
		if place != "" && !HasPlaceholder(place) {
			v.warn(pos, at, "write arn:"+partition+":states:::"+parts[5]+":"+parts[6], "the integration %q has a region or account, as only an activity's ARN has", parts[5]+":"+parts[6])
		}
		return true
	}
	return false
}

// express checks a task in a distributed Map with Express executions, which do
// not wait: "Choosing workflow type", Step Functions guide.
func (v *validator) express(s *State, at string) {
	if !v.inExpress {
		return
	}
	at += "/Resource"
	const fix = `set the Map's ExecutionType to "STANDARD", or do without waiting`
	parts := catalog.SplitARN(s.Resource, 7)
	if len(parts) < 7 || parts[2] != "states" {
		return
	}
	if parts[5] == "activity" {
		v.error(s.Pos, at, fix, "an Express execution has no activities")
		return
	}
	for _, pattern := range []string{".sync", ".sync:2", ".waitForTaskToken"} {
		if strings.HasSuffix(parts[6], pattern) {
			v.error(s.Pos, at, fix, "an Express execution has no pattern %s", pattern)
		}
	}
}

// integration checks an optimised integration and its pattern against those
// that Step Functions has.
func (v *validator) integration(name string, pos Position, at string) {
	operation, pattern, _ := strings.Cut(name, ".")
	known := catalog.Load()
	patterns, written := known.Patterns[strings.ToLower(operation)], known.Names[strings.ToLower(operation)]
	service, _, _ := strings.Cut(operation, ":")
	switch {
	case pattern == "waitForTaskToken" && patterns != nil && !slices.Contains(catalog.CallbackServices, service):
		v.error(pos, at, "leave the pattern out, or call the service with arn:aws:states:::aws-sdk:service:action.waitForTaskToken", "%s has no pattern .waitForTaskToken", operation)
	case patterns == nil && strings.Contains(operation[len(service)+1:], ":"):
		v.error(pos, at, "write arn:aws:states:::aws-sdk:"+operation[len(service)+1:], "there is no kind %q of integrations", service)
	case patterns == nil:
		if near := Nearest(operation, slices.Sorted(maps.Values(known.Names))); near != "" {
			v.error(pos, at, fmt.Sprintf("did you mean %q?", near), "Step Functions has no optimised integration %q", operation)
			return
		}
		v.warn(pos, at, "write arn:aws:states:::aws-sdk:service:action for other calls", "Step Functions has no optimised integration %q that is known here", operation)
	case operation != written:
		v.error(pos, at, "write "+written, "the integration %q is not spelled so", operation)
	case pattern != "" && pattern != "waitForTaskToken" && !slices.Contains(patterns, pattern):
		fix := "leave the pattern out"
		if known := strings.Join(slices.DeleteFunc(slices.Clone(patterns), func(p string) bool { return p == "" }), " or ."); known != "" {
			fix += ", or use ." + known
		}
		v.error(pos, at, fix, "%s has no pattern .%s", operation, pattern)
	}
}

// placeholderLike are the ${...} of a text, whatever is in them.
func placeholderLike(text string) (found []string) {
	for {
		_, after, ok := strings.Cut(text, "${")
		if !ok {
			return found
		}
		name, rest, ok := strings.Cut(after, "}")
		if !ok {
			return found
		}
		found, text = append(found, name), rest
	}
}

func mentionsToken(s *State) bool {
	for _, f := range []Field{s.Parameters, s.Arguments} {
		text := f.String()
		if strings.Contains(text, "Task.Token") || strings.Contains(text, `"$$"`) || strings.Contains(text, "$states.context") ||
			strings.Contains(text, "${") || strings.Contains(text, "['Token']") {
			return true
		}
	}
	// The token may come with the input or in a variable.
	return !s.Parameters.IsSet() && !s.Arguments.IsSet()
}
