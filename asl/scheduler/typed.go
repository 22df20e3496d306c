package scheduler

import (
	"airline/asl"
	"airline/asl/internal/typed"
)

// How code that is generated writes the tasks.
func init() {
	typed.Register[CreateSchedule](map[string]string{
		asl.SDK("scheduler", "createSchedule"): ".Task",
	})
	typed.Register[DeleteSchedule](map[string]string{
		asl.SDK("scheduler", "deleteSchedule"): ".Task",
	})
}
