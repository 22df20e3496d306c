package asl_test

import (
	"testing"
	"time"

	"airline/asl"
	"airline/asl/ast"
	"airline/asl/lambda"
	"airline/asl/simtest"
	"airline/asl/sns"
)

// order is the input of the saga, and what each of its functions takes.
type order struct {
	ID     string  `json:"id"`
	SKU    string  `json:"sku"`
	Amount float64 `json:"amount"`
}

type charge struct {
	ID string `json:"id"`
}

// orderSaga reserves, charges and ships. What was done is undone in the reverse order when a later step fails; where undoing fails, an operator is
// told.
func orderSaga(topic string) (*ast.Definition, error) {
	name, cause, chargeID := asl.Var[string]("error"), asl.Var[string]("cause"), asl.Var[string]("charge")
	call := func(function string, payload any) asl.Task[lambda.Call, lambda.Output[charge]] {
		return lambda.Invoke[charge](lambda.Call{FunctionName: asl.Text(function), Payload: payload}, function).
			KeepInput().
			Timeout(30*time.Second).
			Retry(asl.Retrier{Interval: 2 * time.Second, MaxAttempts: 4, BackoffRate: 2, Jitter: true}, lambda.Transient()...)
	}
	stuck := sns.Publish{TopicARN: asl.Text(topic), Message: asl.Object{"order": asl.Input[order](), "error": name, "cause": cause}}.
		Task("TellOperator").
		Then(asl.Fail("Stuck", asl.FailSpec{Error: asl.Text("NotUndone"), Cause: cause}))
	undo := func(function string, payload any, then asl.Target) asl.Target {
		return call(function, payload).CatchAll(asl.Catcher{Next: stuck, KeepInput: true}).Then(then)
	}
	otherwise := func(to asl.Route) asl.Catcher {
		return asl.Catcher{Next: to, KeepInput: true, Assign: []asl.Assignment{asl.Let(name, asl.Caught.Error), asl.Let(cause, asl.Caught.Cause)}}
	}

	failed := asl.Fail("Failed", asl.FailSpec{Error: name, Cause: cause})
	release := undo("Release", asl.Input[order](), failed)
	refund := undo("Refund", asl.Object{"charge": chargeID}, release)
	return asl.Settings{Timeout: time.Hour}.Machine(asl.Chain(
		call("Reserve", asl.Input[order]()).CatchAll(otherwise(failed)),
		call("Charge", asl.Input[order]()).
			Save(asl.Into(chargeID, func(o *lambda.Output[charge]) *string { return &o.Payload.ID })).
			CatchAll(otherwise(release)),
		call("Ship", asl.Input[order]()).CatchAll(otherwise(refund)),
	).Then(asl.Succeed("Shipped")))
}

func TestExampleOrderSaga(t *testing.T) {
	d, err := orderSaga("arn:aws:sns:eu-west-1:111122223333:orders")
	if err != nil {
		t.Fatal(err)
	}
	answer := func(state string) *simtest.Mock[any, any] {
		return simtest.OnState(state).Return(lambda.Output[charge]{Payload: charge{"c-1"}})
	}
	play := func(more ...simtest.Mocked) *simtest.Run {
		mocks := append([]simtest.Mocked{answer("Reserve"), answer("Charge"), answer("Ship"), answer("Refund"), answer("Release"), simtest.OnState("TellOperator").Return(sns.PublishOutput{})}, more...)
		return simtest.Test{Definition: d, Input: order{"o-1", "seat", 99.5}, Mocks: mocks}.Run(t)
	}
	play().Succeeded().Route("Reserve", "Charge", "Ship", "Shipped")
	play(simtest.OnState("Charge").Fail("CardDeclined", "no funds")).Failed("CardDeclined").Route("Reserve", "Charge", "Release", "Failed")
	play(simtest.OnState("Ship").Fail("NoCarrier", "strike")).Failed("NoCarrier").
		Route("Reserve", "Charge", "Ship", "Refund", "Release", "Failed").
		Sent("Refund", 0, asl.Object{"FunctionName": "Refund", "Payload": asl.Object{"charge": "c-1"}})
	play(simtest.OnState("Ship").Fail("NoCarrier", "strike"), simtest.OnState("Refund").Fail("BankClosed", "Sunday")).Failed("NotUndone").Visited("TellOperator", 1)
}
