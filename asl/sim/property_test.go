package sim_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"airline/asl/ast"
	"airline/asl/jsonvalue"
	"airline/asl/sim"
)

var errorNames = []string{"A", "B", "States.Timeout", "States.TaskFailed"}

// randomMachine draws a definition of n states, nested at most depth deep.
func randomMachine(t *rapid.T, depth int, prefix string) map[string]any {
	n := rapid.IntRange(1, 4).Draw(t, "states")
	name := func(i int) string { return fmt.Sprintf("%s%d", prefix, i) }
	target := func() string { return name(rapid.IntRange(0, n-1).Draw(t, "target")) }
	states := map[string]any{}
	for i := range n {
		s := map[string]any{}
		exit := func() {
			if i == n-1 || rapid.IntRange(0, 3).Draw(t, "end") == 0 {
				s["End"] = true
			} else if rapid.IntRange(0, 4).Draw(t, "back") == 0 {
				s["Next"] = target()
			} else {
				s["Next"] = name(i + 1)
			}
		}
		guard := func() {
			if rapid.Bool().Draw(t, "retry") {
				s["Retry"] = []any{map[string]any{"ErrorEquals": []any{rapid.SampledFrom(errorNames).Draw(t, "retried")},
					"MaxAttempts": rapid.IntRange(0, 3).Draw(t, "attempts"), "JitterStrategy": "FULL"}}
			}
			if rapid.Bool().Draw(t, "catch") {
				s["Catch"] = []any{map[string]any{"ErrorEquals": []any{rapid.SampledFrom(append(errorNames, "States.ALL")).Draw(t, "caught")},
					"ResultPath": "$.e", "Next": target()}}
			}
		}
		kinds := []string{"Pass", "Choice", "Wait", "Task", "Task", "Task", "Succeed", "Fail"}
		if depth > 0 {
			kinds = append(kinds, "Map", "Parallel", "Map", "Parallel")
		}
		kind := rapid.SampledFrom(kinds).Draw(t, "type")
		s["Type"] = kind
		switch kind {
		case "Pass":
			if rapid.Bool().Draw(t, "jsonata") {
				s["QueryLanguage"] = "JSONata"
				s["Output"] = map[string]any{"n": "{% $floor($random() * 5) %}", "in": "{% $states.context.State.Name %}", "was": rapid.SampledFrom([]string{"{% $states.input %}", "{% $states.none %}"}).Draw(t, "was")}
				s["Assign"] = map[string]any{prefix + "v": "{% $count($states.input.*) %}"}
				exit()
				break
			}
			s["Parameters"] = map[string]any{"n.$": "States.MathRandom(0, 5)", "in.$": "$$.State.Name"}
			s["Assign"] = map[string]any{prefix + "v.$": "$.n"}
			exit()
		case "Choice":
			s["Choices"] = []any{map[string]any{"Variable": "$.n", "IsPresent": rapid.Bool().Draw(t, "present"), "Next": target()}}
			s["Default"] = target()
		case "Wait":
			s["Seconds"] = rapid.IntRange(0, 3).Draw(t, "seconds")
			exit()
		case "Task":
			s["Resource"] = rapid.SampledFrom([]string{"arn:aws:states:::lambda:invoke.waitForTaskToken", "arn:aws:lambda:us-east-1:1:function:f",
				"arn:aws:states:::glue:startJobRun.sync", "arn:aws:states:us-east-1:1:activity:a"}).Draw(t, "resource")
			s["Parameters"] = map[string]any{"FunctionName": "f", "JobName": "j", "in.$": "$"}
			s["TimeoutSeconds"] = rapid.IntRange(2, 9).Draw(t, "timeout")
			s["HeartbeatSeconds"] = 1
			s["ResultPath"] = "$.r"
			guard()
			exit()
		case "Fail":
			s["Error"] = rapid.SampledFrom(errorNames).Draw(t, "error")
		case "Map":
			s["ItemsPath"] = "$$.Execution.Input.items"
			s["MaxConcurrency"] = rapid.IntRange(0, 3).Draw(t, "concurrency")
			processor := randomMachine(t, depth-1, prefix+string(rune('a'+i)))
			if rapid.IntRange(0, 3).Draw(t, "distributed") == 0 {
				processor["ProcessorConfig"] = map[string]any{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
				s["ItemsPath"] = "$.items"
				s["Parameters"] = map[string]any{"items": []any{}}
				s["ToleratedFailurePercentage"] = rapid.SampledFrom([]int{0, 50, 100}).Draw(t, "tolerated")
			}
			s["ItemProcessor"] = processor
			s["ResultPath"] = "$.r"
			guard()
			exit()
		case "Parallel":
			branches := []any{}
			for b := range rapid.IntRange(1, 3).Draw(t, "branches") {
				branches = append(branches, randomMachine(t, depth-1, fmt.Sprintf("%s%c%c", prefix, 'a'+i, 'a'+b)))
			}
			s["Branches"] = branches
			s["ResultPath"] = "$.r"
			guard()
			exit()
		}
		states[name(i)] = s
	}
	return map[string]any{"StartAt": name(0), "States": states}
}

// chaos answers tasks at random, and sometimes not at all.
func chaos(seed uint64) sim.TaskHandler {
	random := rand.New(rand.NewPCG(seed, 7))
	return sim.TaskFunc(func(t *sim.Task) {
		clock := t.Execution.Clock()
		if t.Pattern != "" && random.IntN(2) == 0 {
			t.Submitted("submitted")
		}
		answer := func() {
			switch random.IntN(3) {
			case 0:
				t.Fail(errorNames[random.IntN(len(errorNames))], "cause")
			case 1:
				t.FailWithout(nil, nil)
			default:
				t.Succeed(map[string]any{"n": random.IntN(3)})
			}
		}
		switch random.IntN(5) {
		case 0:
			answer()
			answer() // ignored
		case 1:
			clock.After(time.Duration(random.IntN(5000))*time.Millisecond, answer)
		case 2:
			clock.After(500*time.Millisecond, func() {
				t.SendHeartbeat()
				clock.After(700*time.Millisecond, answer)
			})
		case 3: // never answered
		default:
			answer()
		}
	})
}

func runRandom(definition []byte, seed uint64, spill *sim.Spill) (*sim.Execution, error) {
	d, err := ast.Parse(definition)
	if err != nil {
		return nil, err
	}
	machine, err := sim.Compile(d)
	if err != nil {
		return nil, err
	}
	clock := sim.NewClock(epoch)
	input, _ := jsonvalue.Decode([]byte(`{"items": [1, {"n": 2}, "three"], "n": 0}`))
	x := machine.Start(clock, input, sim.Options{Tasks: chaos(seed), Seed: seed, History: true, EventLimit: 1000, Objects: sim.MemoryStore{}, Spill: spill})
	for steps := 0; clock.Step(); steps++ {
		if steps > 1_000_000 {
			return x, fmt.Errorf("it hangs")
		}
	}
	return x, nil
}

// wellFormed checks what every history has in common.
func wellFormed(x *sim.Execution) error {
	events := x.History()
	entered := map[string]int{}
	for i, e := range events {
		kind := e.Type.String()
		switch {
		case e.ID != i+1:
			return fmt.Errorf("event %d has the id %d", i+1, e.ID)
		case e.PreviousID >= e.ID:
			return fmt.Errorf("event %d follows %d", e.ID, e.PreviousID)
		case e.PreviousID == 0 && i > 1 && e.Type != sim.ExecutionTimedOut && e.Type != sim.ExecutionAborted:
			return fmt.Errorf("event %d follows nothing", e.ID)
		case i > 0 && e.Time.Before(events[i-1].Time):
			return fmt.Errorf("event %d is before the one before it", e.ID)
		case (i == 0) != (kind == "ExecutionStarted"):
			return fmt.Errorf("event %d is %s", e.ID, kind)
		case strings.HasPrefix(kind, "Execution") && i > 0 && i < len(events)-1:
			return fmt.Errorf("event %d is %s and not the last", e.ID, kind)
		case strings.HasSuffix(kind, "StateEntered"):
			entered[e.State]++
		case strings.HasSuffix(kind, "StateExited"):
			if entered[e.State]--; entered[e.State] < 0 {
				return fmt.Errorf("event %d leaves %s once too often", e.ID, e.State)
			}
		}
	}
	if last := events[len(events)-1].Type.String(); !strings.HasPrefix(last, "Execution") {
		return fmt.Errorf("the last event is %s", last)
	}
	return nil
}

func TestRandomMachines(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		definition := jsonvalue.Append(nil, jsonvalue.From(randomMachine(t, 2, "S")))
		seed := rapid.Uint64().Draw(t, "seed")
		x, err := runRandom(definition, seed, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, definition)
		}
		if x.Status() == sim.Running || x.Clock().Pending() != 0 {
			t.Fatalf("status %s, %d timers pending\n%s", x.Status(), x.Clock().Pending(), definition)
		}
		if x.Events() > 1100 {
			t.Fatalf("%d events\n%s", x.Events(), definition)
		}
		if err := wellFormed(x); err != nil {
			t.Fatalf("%v\n%s\n%s", err, definition, historyText(x))
		}
		spill := sim.NewSpill(dir, 1000)
		defer spill.Close()
		again, _ := runRandom(definition, seed, spill)
		if a, b := historyText(x), historyText(again); a != b {
			t.Fatalf("two runs with one seed, of which the second spills its events, differ:\n%s\n%s\n%s", definition, a, b)
		}
	})
}

func historyText(x *sim.Execution) string {
	var b strings.Builder
	for _, e := range x.History() {
		b.Write(jsonvalue.Append(nil, e.JSON()))
		fmt.Fprint(&b, " ", e.State)
		b.WriteByte('\n')
	}
	return b.String()
}

func FuzzExecute(f *testing.F) {
	f.Add(`{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x.$":"States.Format('{}', $.a)"},"Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.x","StringMatches":"a*","Next":"C"}],"Default":"D"},"C":{"Type":"Wait","SecondsPath":"$.s","End":true},"D":{"Type":"Fail","ErrorPath":"$.x"}}}`, `{"a":"b","s":3}`)
	f.Add(`{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.i","ItemSelector":{"v.$":"$$.Map.Item.Value"},"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"T","States":{"T":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","HeartbeatSeconds":2,"Parameters":{"QueueUrl":"q","MessageBody.$":"$$.Task.Token"},"End":true,"Retry":[{"ErrorEquals":["States.ALL"]}]}}},"ItemBatcher":{"MaxItemsPerBatch":2},"ToleratedFailureCount":1,"End":true}}}`, `{"i":[1,2,3]}`)
	f.Add(`{"QueryLanguage":"JSONata","StartAt":"P","States":{"P":{"Type":"Parallel","Arguments":{"a":"{% $states.input %}"},"Branches":[{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"v":"{% $count($states.input.*) %}"},"Output":"{% $v %}","End":true}}}],"Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $states.errorOutput %}","Next":"S"}],"End":true},"S":{"Type":"Succeed"}}}`, `[1]`)
	f.Fuzz(func(t *testing.T, definition, input string) {
		d, _ := ast.Parse([]byte(definition))
		if d == nil {
			return
		}
		machine, err := sim.Compile(d)
		if err != nil {
			return
		}
		value, err := jsonvalue.Decode([]byte(input))
		if err != nil {
			return
		}
		clock := sim.NewClock(epoch)
		x := machine.Start(clock, value, sim.Options{Tasks: chaos(1), History: true, EventLimit: 500, Objects: sim.MemoryStore{}})
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := clock.Run(ctx); err != nil {
			t.Fatal(err)
		}
		if x.Status() == sim.Running {
			t.Fatal("it has not ended")
		}
		if err := wellFormed(x); err != nil {
			t.Fatal(err)
		}
	})
}
