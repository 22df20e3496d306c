// Package awsapi knows the API of AWS's services: operations with their input and output to any depth, required members,
// types, enumerations, errors, idempotency tokens and pagination. Its data are botocore's service models, which
// generate.py packs into index.zip ("make generate"); each service is read when it is first asked for.
//
// [Check] holds the tasks of a state machine to it. The package is apart from asl/ast so that a program that only builds
// machines does not link the index.
package awsapi
