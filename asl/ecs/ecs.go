// Package ecs has typed tasks for Amazon ECS and Fargate.
//
//	run := ecs.RunTask{Cluster: asl.Text(cluster), TaskDefinition: asl.Text("load:3"), LaunchType: asl.Text("FARGATE"), ...}.Sync("Run")
package ecs

import "airline/asl"

// RunTask runs a container task.
type RunTask struct {
	Cluster              asl.Value[string] // name or ARN
	TaskDefinition       asl.Value[string] `asl:"required"` // required: family, family:revision or ARN
	LaunchType           asl.Value[string] // "FARGATE", "EC2", "EXTERNAL"
	PlatformVersion      asl.Value[string]
	NetworkConfiguration *NetworkConfiguration
	Overrides            *Overrides
	Group                asl.Value[string]
	EnableExecuteCommand asl.Value[bool]
	PropagateTags        asl.Value[string]

	// RoleARNs are the task role and the execution role of the task definition,
	// which the machine hands on; they narrow the grants.
	RoleARNs []string `json:"-"`
}

// NetworkConfiguration is where a Fargate task runs.
type NetworkConfiguration struct {
	AwsvpcConfiguration VPC
}

// VPC is the subnets and security groups of a task.
type VPC struct {
	Subnets        []asl.Value[string]
	SecurityGroups []asl.Value[string]
	AssignPublicIP asl.Value[string] `json:"AssignPublicIp"` // "ENABLED" or "DISABLED"
}

// Overrides change what the task definition says.
type Overrides struct {
	ContainerOverrides []ContainerOverride
}

// ContainerOverride changes one container.
type ContainerOverride struct {
	Name        asl.Value[string] `asl:"required"` // required
	Command     []asl.Value[string]
	Environment []EnvironmentVariable
}

// EnvironmentVariable is a variable of a container's environment.
type EnvironmentVariable struct {
	Name  asl.Value[string]
	Value asl.Value[string]
}

// Errors of RunTask. A task that stops with an exit code other than 0 ends Sync
// with States.TaskFailed.
const (
	ServiceError     asl.Err[RunTask] = "ECS.AmazonECSException"
	ClusterNotFound  asl.Err[RunTask] = "ECS.ClusterNotFoundException"
	InvalidParameter asl.Err[RunTask] = "ECS.InvalidParameterException"
	ServerError      asl.Err[RunTask] = "ECS.ServerException"
	AccessDenied     asl.Err[RunTask] = "ECS.AccessDeniedException"
)

// RunTaskOutput tells what was started.
type RunTaskOutput struct {
	Tasks    []Task
	Failures []Failure
}

// Task is a container task.
type Task struct {
	TaskARN           string `json:"TaskArn"`
	ClusterARN        string `json:"ClusterArn"`
	TaskDefinitionARN string `json:"TaskDefinitionArn"`
	LastStatus        string
	DesiredStatus     string
	StopCode          string
	StoppedReason     string
	Containers        []Container
}

// Container is a container of a task.
type Container struct {
	Name       string
	ExitCode   int
	LastStatus string
	Reason     string
}

// Failure is a task that could not be started.
type Failure struct {
	ARN    string `json:"Arn"`
	Reason string
	Detail string
}

const runTask = "arn:aws:states:::ecs:runTask"

// Task starts the task and goes on at once.
func (p RunTask) Task(name string) asl.Task[RunTask, RunTaskOutput] {
	return asl.NewTask[RunTask, RunTaskOutput](name, runTask, p).Narrow(p.RoleARNs...)
}

// Sync starts the task and waits until it stops.
func (p RunTask) Sync(name string) asl.Task[RunTask, Task] {
	return asl.NewTask[RunTask, Task](name, runTask+".sync", p).Narrow(p.RoleARNs...)
}

// WaitForTaskToken starts the task with Context.Task.Token in its overrides, and
// waits until it answers with the token; the answer is a Reply.
func WaitForTaskToken[Reply any](p RunTask, name string) asl.Task[RunTask, Reply] {
	return asl.NewTask[RunTask, Reply](name, runTask+".waitForTaskToken", p).Narrow(p.RoleARNs...)
}
