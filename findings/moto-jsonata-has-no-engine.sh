#!/usr/bin/env bash
# moto with its extra "stepfunctions" and execute_state_machine takes a JSONata definition and
# fails every execution of it with States.Runtime: the evaluator is never set.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" -q --disable-pip-version-check install 'moto[stepfunctions]==5.2.5' boto3==1.44.5
"$dir/venv/bin/python" - 2>/dev/null <<'PY'
import boto3, json, moto, sys, time
def run(state):
    client = boto3.client("stepfunctions", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    definition = json.dumps({"StartAt": "Add", "States": {"Add": {"Type": "Pass", "End": True, **state}}})
    machine = client.create_state_machine(name="m" + state["QueryLanguage"], definition=definition, roleArn="arn:aws:iam::123456789012:role/r")
    execution = client.start_execution(stateMachineArn=machine["stateMachineArn"], input='{"a": 1}')["executionArn"]
    for _ in range(200):
        answer = client.describe_execution(executionArn=execution)
        if answer["status"] != "RUNNING":
            break
        time.sleep(0.05)
    return answer["status"], answer.get("output") or answer.get("error"), answer.get("cause")
with moto.mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    path = run({"QueryLanguage": "JSONPath", "Parameters": {"a.$": "$.a"}})
    jsonata = run({"QueryLanguage": "JSONata", "Output": {"a": "{% $states.input.a %}"}})
print("moto", moto.__version__)
print("  JSONPath:", *path)
print("  JSONata: ", *jsonata)
sys.exit((path[0], jsonata[0], jsonata[1]) != ("SUCCEEDED", "FAILED", "States.Runtime") or "'NoneType' object is not callable" not in jsonata[2])
PY
