package rules

import (
	"slices"
	"strings"

	"airline/asl/ast"
	"airline/problem"
)

// Parts of the examples' definitions.
const (
	machineHead = `aws:sfn/stateMachine:StateMachine ingest:
  definition:
`
	runAndTell = machineHead + `    StartAt: Run
    TimeoutSeconds: 3600
    States:
      Run:
        {Type: Task, Resource: "arn:aws:states:::glue:startJobRun.sync", Parameters: {JobName: load}, Retry: [{ErrorEquals: [States.TaskFailed]}],
         Catch: [{ErrorEquals: [States.ALL], Next: Tell}], End: true}
      Tell: {Type: Task, Resource: "arn:aws:states:::sns:publish", Parameters: {TopicArn: "arn:aws:sns:eu-west-1:111122223333:news", Message: failed}, Retry: [{ErrorEquals: [States.ALL]}], Next: Failed}
      Failed: {Type: Fail}`
)

func machineRules() []*Rule {
	machine := []string{typeMachine}
	return []*Rule{
		{
			ID: "machine-valid", Title: "A state machine's definition has no error", Level: Mandatory,
			Why:      "Step Functions refuses some errors at the deployment, and meets the others in the middle of an execution.",
			Fix:      "correct the definition",
			Types:    machine,
			resource: validDefinition,
			Good:     runAndTell,
			Bad:      machineHead + `    {StartAt: Run, States: {Run: {Type: Pass, Next: Gone}}}`,
		},
		{
			ID: "machine-timeout", Title: "A state machine has a timeout", Level: Mandatory,
			Why:      "Without one an execution that waits for something that never comes lasts a year, and no alarm goes off.",
			Fix:      "set TimeoutSeconds of the definition",
			Types:    machine,
			resource: machineTimeout,
			Good:     runAndTell,
			Bad:      machineHead + `    {StartAt: Done, States: {Done: {Type: Succeed}}}`,
		},
		{
			ID: "machine-retries", Title: "Every task is retried, or says why not", Level: Mandatory,
			Why:      "Every service fails now and then for a moment; without a retry a moment costs a file.",
			Fix:      "add Retry, or a Comment that says why there is none",
			Types:    machine,
			resource: tasksRetry,
			Good:     runAndTell,
			Bad:      machineHead + `    {StartAt: Run, TimeoutSeconds: 60, States: {Run: {Type: Task, Resource: "arn:aws:states:::glue:startJobRun.sync", Parameters: {JobName: load}, End: true}}}`,
		},
		{
			ID: "machine-failures-told", Title: "Every failing route passes a notification and ends in Fail", Level: Mandatory,
			Why:      "A failure that nobody is told of is a file that is missing; one that ends as a success is not even an alarm.",
			Fix:      "catch States.ALL, lead the route through a notification, and end it in a Fail state; a state that leaves the telling to whoever starts the machine says so in a Comment that begins \"Told by\"",
			Types:    machine,
			resource: failuresTold,
			Good:     runAndTell,
			Bad: machineHead + `    StartAt: Run
    TimeoutSeconds: 3600
    States:
      Run: {Type: Task, Resource: "arn:aws:states:::glue:startJobRun.sync", Parameters: {JobName: load}, Catch: [{ErrorEquals: [States.ALL], Next: Failed}], End: true}
      Failed: {Type: Fail}`,
		},
		{
			ID: "machine-loops-bounded", Title: "Loops end by a count or a time of their own", Level: Mandatory,
			Why: "A loop that waits for something that never comes fills the history of 25,000 events, or lasts until the machine's " +
				"timeout, which no state can catch and no notification tells.",
			Fix:      "leave the loop by a Choice on a counter or a deadline",
			Types:    machine,
			resource: loopsBounded,
			Good:     runAndTell,
			Bad: machineHead + `    StartAt: Look
    States:
      Look: {Type: Task, Resource: "arn:aws:states:::aws-sdk:glue:getCrawler", Parameters: {Name: files}, Next: Ready}
      Ready: {Type: Choice, Choices: [{Variable: $.Crawler.State, StringEquals: READY, Next: Done}], Default: Wait}
      Wait: {Type: Wait, Seconds: 30, Next: Look}
      Done: {Type: Succeed}`,
		},
		{
			ID: "machine-grants-missing", Title: "A state machine's role may do all that its tasks do", Level: Mandatory,
			Why:   "What is missing is found out by the first file.",
			Fix:   "add the statement to the role's policy",
			Types: []string{typeMachine, typeRole, typeRolePolicy, typeManaged, typeAttachment},
			stack: func(j *judge) { j.eachRole(grantsMissing) },
			Good: roleOf(`{Effect: Allow, Action: ["glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"], Resource: "arn:aws:glue:*:*:job/load"}, ` +
				`{Effect: Allow, Action: "sns:Publish", Resource: "arn:aws:sns:eu-west-1:111122223333:news"}`),
			Bad: roleOf(`{Effect: Allow, Action: ["glue:StartJobRun"], Resource: "arn:aws:glue:*:*:job/load"}`),
		},
		{
			ID: "machine-grants-excess", Title: "A state machine's role may do hardly more than its tasks do", Level: Advisory,
			Why:   "Whatever else it may do, so may whoever can change the definition or its input.",
			Fix:   "remove the action, or narrow the resource",
			Types: []string{typeMachine, typeRole, typeRolePolicy, typeManaged, typeAttachment},
			stack: func(j *judge) { j.eachRole(grantsExcess) },
			Good: roleOf(`{Effect: Allow, Action: ["glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"], Resource: "arn:aws:glue:*:*:job/load"}, ` +
				`{Effect: Allow, Action: "sns:Publish", Resource: "arn:aws:sns:eu-west-1:111122223333:news"}, ` +
				`{Effect: Allow, Action: ["xray:PutTraceSegments"], Resource: "*"}`),
			Bad: roleOf(`{Effect: Allow, Action: "glue:*", Resource: "arn:aws:glue:*:*:job/*"}`),
		},
		{
			ID: "machine-names-exist", Title: "What a state machine names is in the same stack", Level: Mandatory,
			Why:   "A crawler, job, topic or warehouse of another stack changes, or goes, without anybody thinking of this one.",
			Fix:   "make the resource in this stack, or correct the name",
			Types: []string{typeMachine, typeCrawler, typeGlueJob, typeTopic, typeQueue, typeWorkgroup, typeCluster, typeFunction},
			stack: namesExist,
			Good: runAndTell + `
aws:glue/job:Job load: {name: load}
aws:sns/topic:Topic news: {name: news}`,
			Bad: runAndTell + `
aws:glue/job:Job load: {name: loads}
aws:sns/topic:Topic news: {name: news}`,
		},
	}
}

// roleOf is the example's machine with a role of these statements.
func roleOf(statements string) string {
	return runAndTell + `
  roleArn: arn:aws:iam::111122223333:role/ingest
aws:iam/role:Role ingest: {name: ingest}
aws:iam/rolePolicy:RolePolicy ingest: {role: ingest, policy: {Statement: [` + statements + `]}}`
}

func validDefinition(j *judge, r *Resource) {
	d := readDefinition(r)
	switch {
	case d.at.Unknown():
		j.unsure(r, "definition", "the definition is not known before it is created")
	case d.at.Absent():
		j.refuse(r, "definition", "there is no definition")
	}
	for _, p := range d.problems {
		if p.Severity != ast.SeverityError {
			continue
		}
		j.refuse(r, or(p.Location, "definition"), "%s", problem.Problem{What: p.What, Fix: p.Fix})
	}
}

func machineTimeout(j *judge, r *Resource) {
	j.withMachine(r, func(d *ast.Definition) {
		n, ok := d.TimeoutSeconds.Number()
		j.answer(truth(ok && n > 0), r, "/TimeoutSeconds", "an execution may last a year")
	})
}

func tasksRetry(j *judge, r *Resource) {
	j.withMachine(r, func(d *ast.Definition) {
		eachState(d, "", func(s *ast.State, place string) {
			if s.Type == ast.TypeTask && !slices.ContainsFunc(s.Retry, retries) && strings.TrimSpace(s.Comment) == "" {
				j.refuse(r, place+"/Retry", "the task is not retried, and does not say why")
			}
		})
	})
}

// retries tells whether the retrier tries again at all. Left out, MaxAttempts is 3.
func retries(r *ast.Retrier) bool {
	n, known := r.MaxAttempts.Number()
	return !known || n > 0
}

func loopsBounded(j *judge, r *Resource) {
	j.withMachine(r, func(d *ast.Definition) {
		for _, loop := range d.Loops() {
			if !loop.Bounded {
				j.refuse(r, loop.Location, "the loop %s has no end of its own", strings.Join(loop.States, " -> "))
			}
		}
	})
}

// failuresTold looks at the routes of the outermost definition: what fails in a branch or an item fails the state around it.
func failuresTold(j *judge, r *Resource) {
	j.withMachine(r, func(d *ast.Definition) {
		g := routesOf(d)
		for _, s := range d.States {
			place := pointer("/States", s.Name)
			if !g.reachable[s.Name] {
				continue // machine-valid
			}
			out := edges(s, place)
			if fallible(s) && !notifies(s) && !anyEdge(out, func(e edge) bool { return e.all }) {
				j.refuse(r, place+"/Catch", "its errors end the execution without a notification: States.ALL is not caught")
			}
			for _, e := range out {
				switch {
				case e.all && g.succeeds[e.to] && !notifies(s) && !measures(s):
					j.refuse(r, e.place, "every error may end as a success: %q does not lead to a Fail state", e.to)
				case !g.succeeds[s.Name] || g.succeeds[e.to] || e.catch && notifies(s):
				default:
					if fail := g.untold(e.to); fail != "" {
						j.refuse(r, e.place, "the route to %q passes no notification", fail)
					}
				}
			}
		}
		if g.reachable[d.StartAt] && !g.succeeds[d.StartAt] {
			if fail := g.untold(d.StartAt); fail != "" {
				j.refuse(r, "/StartAt", "the route to %q passes no notification", fail)
			}
		}
	})
}

// fallible are the states whose errors can be caught.
func fallible(s *ast.State) bool {
	return s.Type == ast.TypeTask || s.Type == ast.TypeParallel || s.Type == ast.TypeMap
}

func anyEdge(list []edge, holds func(edge) bool) bool {
	for _, e := range list {
		if holds(e) {
			return true
		}
	}
	return false
}

// routes are what can be reached from where in one definition.
type routes struct {
	states    map[string]*ast.State
	reachable map[string]bool // from the start
	succeeds  map[string]bool // a success can be reached from the state
}

func routesOf(d *ast.Definition) *routes {
	g := &routes{states: map[string]*ast.State{}, reachable: map[string]bool{}, succeeds: map[string]bool{}}
	before := map[string][]string{}
	var successes []string
	for _, s := range d.States {
		g.states[s.Name] = s
		for _, to := range s.Targets() {
			before[to] = append(before[to], s.Name)
		}
		if s.End || s.Type == ast.TypeSucceed {
			successes = append(successes, s.Name)
		}
	}
	spread([]string{d.StartAt}, g.reachable, func(name string) []string {
		if s := g.states[name]; s != nil {
			return s.Targets()
		}
		return nil
	})
	spread(successes, g.succeeds, func(name string) []string { return before[name] })
	return g
}

// spread marks what can be reached from the names.
func spread(from []string, marked map[string]bool, next func(string) []string) {
	for len(from) > 0 {
		name := from[len(from)-1]
		from = from[:len(from)-1]
		if !marked[name] {
			marked[name] = true
			from = append(from, next(name)...)
		}
	}
}

// leavesTelling tells whether a state says that somebody else tells.
func leavesTelling(s *ast.State) bool { return strings.HasPrefix(s.Comment, "Told by ") }

// untold is a Fail state that can be reached from the state without a notification, or "".
func (g *routes) untold(start string) string {
	found := ""
	spread([]string{start}, map[string]bool{}, func(name string) []string {
		s := g.states[name]
		switch {
		case s == nil || notifies(s) || leavesTelling(s):
			return nil
		case s.Type == ast.TypeFail:
			found = name
		}
		return s.Targets()
	})
	return found
}
