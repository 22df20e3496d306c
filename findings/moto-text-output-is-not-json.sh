#!/usr/bin/env bash
# DescribeExecution's output is JSON text. Where an execution's output is a string, moto answers
# the bare characters, without quotes: a client that parses the output fails.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install 'moto[stepfunctions]==5.2.5' boto3==1.44.5
"$dir/venv/bin/python" - 2>/dev/null <<'PY'
import boto3, json, moto, sys, time
with moto.mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    client = boto3.client("stepfunctions", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    definition = json.dumps({"StartAt": "Say", "States": {"Say": {"Type": "Pass", "Result": "done", "End": True}}})
    machine = client.create_state_machine(name="m", definition=definition, roleArn="arn:aws:iam::123456789012:role/r")
    execution = client.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    for _ in range(200):
        answer = client.describe_execution(executionArn=execution)
        if answer["status"] != "RUNNING":
            break
        time.sleep(0.05)
print("moto", moto.__version__)
print("  output:", answer["output"])
sys.exit(answer["output"] != "done")
PY
