package catalog

// CallbackServices are the optimised integrations that wait for a task token.
// "Integrating optimized services", Step Functions guide: its table names EKS,
// which the page of EKS does not.
var CallbackServices = []string{"apigateway", "bedrock", "ecs", "eks", "events", "lambda", "sns", "sqs", "states"}
