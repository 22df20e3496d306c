// Package scheduler has typed tasks for Amazon EventBridge Scheduler.
package scheduler

import "airline/asl"

// CreateSchedule makes a schedule that calls a target once or again and again.
type CreateSchedule struct {
	Name                       asl.Value[string] `asl:"required"` // required
	GroupName                  asl.Value[string] // "default" when nil
	ScheduleExpression         asl.Value[string] `asl:"required"` // required: at(...), rate(...), cron(...)
	ScheduleExpressionTimezone asl.Value[string]
	FlexibleTimeWindow         FlexibleTimeWindow // required
	Target                     Target             // required
	ActionAfterCompletion      asl.Value[string]  // "NONE" or "DELETE"
	State                      asl.Value[string]  // "ENABLED" or "DISABLED"
}

// FlexibleTimeWindow is how late the target may be called.
type FlexibleTimeWindow struct {
	Mode                   asl.Value[string] // "OFF" or "FLEXIBLE"
	MaximumWindowInMinutes asl.Value[int]
}

// Target is what a schedule calls.
type Target struct {
	ARN     asl.Value[string] `json:"Arn" asl:"required"`     // required
	RoleARN asl.Value[string] `json:"RoleArn" asl:"required"` // required: the machine hands it on
	Input   asl.Value[string] // JSON text
}

// Errors of CreateSchedule.
const (
	Conflict         asl.Err[CreateSchedule] = "Scheduler.ConflictException"
	QuotaExceeded    asl.Err[CreateSchedule] = "Scheduler.ServiceQuotaExceededException"
	Throttling       asl.Err[CreateSchedule] = "Scheduler.ThrottlingException"
	Validation       asl.Err[CreateSchedule] = "Scheduler.ValidationException"
	ResourceNotFound asl.Err[CreateSchedule] = "Scheduler.ResourceNotFoundException"
)

// CreateScheduleOutput names the schedule.
type CreateScheduleOutput struct {
	ScheduleARN string `json:"ScheduleArn"`
}

// Task makes the schedule.
func (p CreateSchedule) Task(name string) asl.Task[CreateSchedule, CreateScheduleOutput] {
	return asl.NewTask[CreateSchedule, CreateScheduleOutput](name, asl.SDK("scheduler", "createSchedule"), p)
}

// DeleteSchedule deletes a schedule.
type DeleteSchedule struct {
	Name      asl.Value[string] `asl:"required"` // required
	GroupName asl.Value[string] // "default" when nil
}

// Errors of DeleteSchedule.
const (
	DeleteNotFound asl.Err[DeleteSchedule] = "Scheduler.ResourceNotFoundException"
)

// Task deletes the schedule.
func (p DeleteSchedule) Task(name string) asl.Task[DeleteSchedule, struct{}] {
	return asl.NewTask[DeleteSchedule, struct{}](name, asl.SDK("scheduler", "deleteSchedule"), p)
}
