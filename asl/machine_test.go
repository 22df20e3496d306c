package asl_test

import (
	"strings"
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/glue"
	"airline/asl/sns"
	"airline/asl/states"
)

type job struct {
	Name string `json:"name"`
	Run  struct {
		ID    string `json:"id"`
		State string `json:"state"`
	} `json:"run"`
	Tags []string `json:"tags"`
}

// TestMachineReports: what the compiler cannot refuse is reported, all at once,
// with the place and the line of the builder call.
func TestMachineReports(t *testing.T) {
	done := asl.Succeed("Done")
	loop := asl.NewLabel("loop")
	twice := asl.NewLabel("twice")
	twice.Bind(asl.Pass("A").Then(done))
	twice.Bind(asl.Pass("B").Then(done))
	shared := asl.Pass("Shared").End()
	name := asl.At(func(j *job) *string { return &j.Name })
	other := "not part of it"
	for _, test := range []struct {
		name  string
		start asl.Wired
		want  []string // parts of the message
	}{
		{"unbound label", asl.Pass("P").Then(loop), []string{"/States/P: error: the label \"loop\"", "machine_test.go:"}},
		{"label of two states", asl.Pass("P").Then(twice), []string{`the label "twice" is bound to two states`}},
		{"one name twice", asl.Pass("P").Then(asl.Pass("P").End()), []string{`/States/P: error: there is another state "P"`}},
		{"state of two branches", asl.Parallel("Both", shared, shared).End(), []string{"/States/Both/Branches/1/States/Shared", "reached from two branches"}},
		{"result before there is one", glue.GetCrawler{Name: asl.ResultAt(func(j *job) *string { return &j.Name })}.Task("Get").End(),
			[]string{"/States/Get/Parameters/Name", "the state's result, which does not exist yet"}},
		{"input where the result is at hand", glue.GetCrawler{Name: name}.Task("Get").Assign(asl.Let(asl.Var[string]("n"), name)).End(),
			[]string{"/States/Get/Assign/n", "$ is not the input here"}},
		{"selector of something else", asl.Pass("P").Parameters(asl.Object{"x": asl.At(func(*job) *string { return &other })}).End(),
			[]string{"/States/P/Parameters/x", "the selector returns no field"}},
		{"selector through a nil pointer", asl.Pass("P").Parameters(asl.Object{"x": asl.At(func(j *struct{ J *job }) *string { return &j.J.Name })}).End(),
			[]string{"the selector panics on a zero value"}},
		{"JSONata in a JSONPath state", asl.Pass("P").Parameters(asl.Object{"x": asl.Q[string]("$states.input.x")}).End(),
			[]string{"JSONata expression", "stands in a JSONPath state"}},
		{"intrinsic function in a JSONata state", asl.Pass("P").JSONata().Output(asl.Object{"x": asl.UUID()}).End(),
			[]string{"the intrinsic function States.UUID stands in a JSONata state"}},
		{"bad JSONata", asl.Pass("P").JSONata().Output(asl.Q[string]("1 +")).End(), []string{"/States/P/Output: error", "no valid JSONata"}},
		{"Continue at the end", glue.GetCrawler{Name: name}.Task("Get").Catch(states.Timeout, asl.Continue).End(),
			[]string{"/States/Get/Catch/0", "Continue leads to the state's Next, and there is none"}},
		{"chain that ends in a Choice", asl.Chain(asl.Choice("C").When(asl.Eq(name, "x"), done)).End(), []string{"/States/C: error: the Choice has no way out"}},
		{"States.ALL by name, before another", glue.GetCrawler{Name: name}.Task("Get").Catch("States.ALL", done).Catch(states.Timeout, done).End(),
			[]string{"/States/Get/Catch/0/ErrorEquals: error: States.ALL must be in the last catcher"}},
		{"nothing to start at", asl.Wired{}, []string{"there is no state to start at"}},
		{"poll loop that exceeds the history", asl.Poll(glue.GetCrawler{Name: name}.Task("Get"), asl.PollSpec{
			Every: time.Second, Within: 24 * time.Hour, Until: asl.Eq(name, "x"), Expired: done}).Then(done),
			[]string{"exceeds the history's 25,000 events"}},
		{"poll loop without an end", asl.Poll(glue.GetCrawler{Name: name}.Task("Get"), asl.PollSpec{
			Every: time.Minute, Within: time.Hour, Until: asl.Eq(name, "x")}).Then(done),
			[]string{"needs Expired"}},
		{"long name", asl.Pass(strings.Repeat("n", 81)).End(), []string{"the state's name has 81 characters; the limit is 80"}},
		{"function in a document", asl.Pass("P").Result(asl.Object{"f": func() {}}).End(), []string{"a func() cannot stand in JSON"}},
		{"variable twice", asl.Pass("P").Assign(asl.Let(asl.Var[int]("n"), asl.Int(1)), asl.Let(asl.Var[int]("n"), asl.Int(2))).End(),
			[]string{"/States/P/Assign", "the variable n is assigned twice"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := asl.Machine(test.start)
			if err == nil {
				t.Fatalf("got no error, but\n%s", d)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
		})
	}
}

// TestMachineReportsAllAtOnce with a position for each.
func TestMachineReportsAllAtOnce(t *testing.T) {
	long := strings.Repeat("n", 81)
	_, err := asl.Machine(asl.Chain(asl.Pass(long), asl.Wait("W", -time.Second), asl.Pass("Last").Parameters(asl.Object{"x": asl.Q[int]("1")})).End())
	ds, ok := err.(ast.Diagnostics)
	if !ok || len(ds) != 3 {
		t.Fatalf("got %v, want three diagnostics", err)
	}
	for _, d := range ds {
		if !strings.HasSuffix(d.Pos.File, "machine_test.go") || d.Pos.Line == 0 {
			t.Errorf("%s stands at %v, want a line of machine_test.go", d.Location, d.Pos)
		}
	}
}

// TestPaths: fields by their address.
func TestPaths(t *testing.T) {
	v := asl.Var[job]("job")
	for _, test := range []struct {
		got, want string
	}{
		{asl.At(func(j *job) *string { return &j.Name }).String(), "$.name"},
		{asl.At(func(j *job) *string { return &j.Run.ID }).String(), "$.run.id"},
		{asl.At(func(j *job) *job { return j }).String(), "$"},
		{asl.At(func(j *glue.GetCrawlerOutput) *glue.Crawler { return &j.Crawler }).String(), "$.Crawler"},
		{asl.At(func(j *glue.GetCrawlerOutput) *string { return &j.Crawler.Name }).String(), "$.Crawler.Name"},
		{asl.At(func(j *struct{ A [3]string }) *string { return &j.A[2] }).String(), "$.A[2]"},
		{asl.Of(v, func(j *job) *string { return &j.Run.State }).String(), "$job.run.state"},
		{asl.Index(asl.At(func(j *job) *[]string { return &j.Tags }), 1).String(), "$.tags[1]"},
		{asl.Member[string](asl.Input[any](), "it's").String(), `$['it\'s']`},
		{asl.Context.Execution.ID.String(), "$$.Execution.Id"},
	} {
		if test.got != test.want {
			t.Errorf("got %s, want %s", test.got, test.want)
		}
	}
}

// TestJSONata: the typed paths and conditions serve both languages.
func TestJSONata(t *testing.T) {
	state := asl.At(func(j *job) *string { return &j.Run.State })
	get := glue.GetJobRun{JobName: asl.At(func(j *job) *string { return &j.Name }), RunID: asl.Text("r")}.Task("Get").JSONata().
		Save(asl.Into(asl.Var[string]("why"), func(o *glue.GetJobRunOutput) *string { return &o.JobRun.ErrorMessage })).
		KeepInput()
	choice := asl.Choice("Check").JSONata().
		When(asl.And(asl.Eq(state, "OK"), asl.IsPresent(state)), asl.Succeed("Fine")).
		When(asl.Cond("$count($states.input.tags) > 3"), asl.Succeed("Many"))
	d, err := asl.Machine(asl.Chain(get, choice).Then(asl.Fail("Failed", asl.FailSpec{Cause: asl.Var[string]("why")})))
	if err != nil {
		t.Fatal(err)
	}
	text := d.String()
	for _, want := range []string{
		`"QueryLanguage": "JSONata"`,
		`"JobName": "{% $states.input.name %}"`,
		`"why": "{% $states.result.JobRun.ErrorMessage %}"`,
		`"Condition": "{% ($states.input.run.state = \"OK\") and ($exists($states.input.run.state)) %}"`,
		`"Cause": "{% $why %}"`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// TestLate: values that only the deployment knows.
func TestLate(t *testing.T) {
	d, err := asl.Machine(glue.StartJobRun{JobName: asl.Late("Job"), Arguments: map[string]asl.Value[string]{
		"--x": asl.Format("{}/{}", asl.Late("Bucket"), asl.Context.Execution.Name),
	}}.Sync("Run").End())
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.Placeholders(), " "); got != "Bucket Job" {
		t.Errorf("got the placeholders %s, want Bucket Job", got)
	}
	text, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	filled := string(ast.Fill(text, map[string]string{"Job": `a"b`}))
	if !strings.Contains(filled, `"JobName": "a\"b"`) || !strings.Contains(filled, "${Bucket}") {
		t.Errorf("got %s", filled)
	}
}

// A task without a parameter that its call needs does not build.
func TestMissingParameters(t *testing.T) {
	_, err := asl.Machine(asl.Chain(
		glue.StartJobRun{}.Sync("RunJob"),
		sns.Publish{TopicARN: asl.Text("arn:aws:sns:eu-west-1:111122223333:t"), Message: asl.Text("done")}.Task("Tell"),
		glue.GetCrawler{}.Task("Look"),
	).End())
	if err == nil {
		t.Fatal("a job run without a job, and a crawler without a name, were built")
	}
	for _, want := range []string{
		"/States/RunJob/Parameters: error: the parameter JobName is missing", "set StartJobRun.JobName",
		"/States/Look/Parameters: error: the parameter Name is missing", "set GetCrawler.Name",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%v", want, err)
		}
	}
}
