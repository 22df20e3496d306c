# The two commands: `make demo` runs the main job, `make test` all tests.
# They need Go, make and a C compiler; everything else they fetch themselves.

GO ?= go

.PHONY: demo test test-provider bench build

demo: ## deploy the dev stack on this machine and ingest generated flights
	$(GO) run ./cmd/airline demo

test: ## vet and test everything
	$(GO) vet ./...
	$(GO) test -timeout 60m ./...

test-provider: ## deploy the stacks with the real Pulumi engine and AWS provider against an emulator
	tests/provider/run

build: ## the command line, as bin/airline
	$(GO) build -o bin/airline ./cmd/airline
