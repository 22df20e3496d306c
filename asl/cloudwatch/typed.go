package cloudwatch

import (
	"airline/asl"
	"airline/asl/internal/typed"
)

// How code that is generated writes the tasks.
func init() {
	typed.Register[PutMetricData](map[string]string{
		asl.SDK("cloudwatch", "putMetricData"): ".Task",
	})
}
