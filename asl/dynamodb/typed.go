package dynamodb

import (
	"airline/asl"
	"airline/asl/internal/typed"
)

// How code that is generated writes the tasks.
func init() {
	typed.Register[GetItem](map[string]string{
		"arn:aws:states:::dynamodb:getItem": ".Task",
	})
	typed.Register[PutItem](map[string]string{
		"arn:aws:states:::dynamodb:putItem": ".Task",
	})
	typed.Register[UpdateItem](map[string]string{
		"arn:aws:states:::dynamodb:updateItem": ".Task",
	})
	typed.Register[DeleteItem](map[string]string{
		"arn:aws:states:::dynamodb:deleteItem": ".Task",
	})
	typed.Register[Query](map[string]string{
		asl.SDK("dynamodb", "query"): ".Task",
	})
}
