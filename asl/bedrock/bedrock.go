// Package bedrock has typed tasks for Amazon Bedrock.
package bedrock

import "airline/asl"

// InvokeModel asks a model.
type InvokeModel struct {
	ModelID     asl.Value[string] `json:"ModelId" asl:"required"` // required: id or ARN
	Body        any               // the model's own request document
	Input       *Location         // the request from S3 instead
	Output      *Location         // the answer to S3 instead
	Accept      asl.Value[string] // MIME type of the answer
	ContentType asl.Value[string] // MIME type of the body
}

// Location is an object in S3.
type Location struct {
	S3URI asl.Value[string] `json:"S3Uri"`
}

// Errors of InvokeModel.
const (
	Throttling         asl.Err[InvokeModel] = "Bedrock.ThrottlingException"
	ModelTimeout       asl.Err[InvokeModel] = "Bedrock.ModelTimeoutException"
	ModelNotReady      asl.Err[InvokeModel] = "Bedrock.ModelNotReadyException"
	ModelError         asl.Err[InvokeModel] = "Bedrock.ModelErrorException"
	Validation         asl.Err[InvokeModel] = "Bedrock.ValidationException"
	AccessDenied       asl.Err[InvokeModel] = "Bedrock.AccessDeniedException"
	InternalServer     asl.Err[InvokeModel] = "Bedrock.InternalServerException"
	ServiceUnavailable asl.Err[InvokeModel] = "Bedrock.ServiceUnavailableException"
)

// Answer is what the model says: Body is its own document.
type Answer[Body any] struct {
	Body        Body
	ContentType string
}

// Invoke asks the model and reads its answer as a Body.
func Invoke[Body any](p InvokeModel, name string) asl.Task[InvokeModel, Answer[Body]] {
	return asl.NewTask[InvokeModel, Answer[Body]](name, "arn:aws:states:::bedrock:invokeModel", p)
}
