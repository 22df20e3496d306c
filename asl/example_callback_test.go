package asl_test

import (
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/simtest"
	"airline/asl/sqs"
	"airline/asl/states"
)

type decision struct {
	Approved bool   `json:"approved"`
	By       string `json:"by"`
}

// approval asks people in a queue about each expense above a limit, and waits for their answer for two days at most. Its states are in JSONata.
func approval(queue string) (*ast.Definition, error) {
	by := asl.Var[string]("by")
	refused := asl.Fail("Refused", asl.FailSpec{Error: asl.Text("Refused"), Cause: asl.Q[string]("'by ' & $by")})
	late := asl.Fail("Late", asl.FailSpec{Error: asl.Text("NobodyAnswered")})
	paid := asl.SucceedWith("Approved", asl.SucceedSpec{Output: asl.Object{"id": asl.Q[string]("$states.input.id"), "by": by}})
	ask := sqs.WaitForTaskToken[decision](sqs.SendMessage{
		QueueURL: asl.Text(queue),
		MessageBody: asl.Object{
			"token": asl.Context.Task.Token,
			"text":  asl.Q[string]("'Pay ' & $formatNumber($sum($states.input.items.(price * quantity)), '#,##0.00') & '?'"),
		},
	}, "Ask").JSONata().
		Timeout(48*time.Hour).
		Retry(asl.Retrier{MaxAttempts: 2}, sqs.ServiceError).
		Assign(asl.Let(by, asl.Q[string]("$states.result.by"))).
		Output(asl.Q[any]("$merge([$states.input, {'approved': $states.result.approved}])")).
		Catch(states.Timeout, late)
	answered := asl.Choice("Answered").JSONata().When(asl.Cond("$states.input.approved"), paid).Otherwise(refused)
	large := asl.Choice("Large").JSONata().
		When(asl.Cond("$sum($states.input.items.(price * quantity)) > 100"), ask.Then(answered)).
		Otherwise(asl.Pass("Small").JSONata().Assign(asl.Let(by, asl.Text("rule"))).Then(paid))
	return asl.Settings{Timeout: 72 * time.Hour}.Machine(large)
}

func TestExampleCallback(t *testing.T) {
	d, err := approval("https://sqs.eu-west-1.amazonaws.com/111122223333/expenses")
	if err != nil {
		t.Fatal(err)
	}
	play := func(price float64, ask *simtest.Mock[any, any]) *simtest.Run {
		items := []any{asl.Object{"price": price, "quantity": 2}}
		return simtest.Test{Definition: d, Input: asl.Object{"id": "e-1", "items": items}, Mocks: []simtest.Mocked{ask}}.Run(t)
	}
	ask := func() *simtest.Mock[any, any] { return simtest.OnState("Ask") }
	play(10, ask()).Succeeded().Route("Large", "Small", "Approved").Output(asl.Object{"id": "e-1", "by": "rule"})
	play(700, ask().Return(decision{true, "Ada"}).Takes(26*time.Hour)).Succeeded().Output(asl.Object{"id": "e-1", "by": "Ada"}).Took(26 * time.Hour)
	play(700, ask().Return(decision{false, "Bob"})).Failed("Refused")
	play(700, ask().Expire()).Failed("NobodyAnswered").Took(48 * time.Hour)
}
