"""Runs state machines through boto3 and prints what became of each: one JSON object a line.

Standard input has one JSON list of {"id", "url", "key", "secret", "def", "input"}.
"""
import json
import sys
import time

import boto3
from botocore.config import Config

JSON_MEMBERS = {"input", "output", "parameters"}


def details(event):
    """An event in the form of the recordings: its details with the texts that are JSON parsed."""
    found = {}
    for name, value in event.items():
        if name.endswith("EventDetails"):
            found = dict(value)
    for name in ("inputDetails", "outputDetails", "assignedVariablesDetails", "roleArn"):
        if name != "roleArn" or event["type"] == "ExecutionStarted":
            found.pop(name, None)
    for name in JSON_MEMBERS & set(found):
        if isinstance(found[name], str):
            found[name] = json.loads(found[name])
    if "assignedVariables" in found:
        found["assignedVariables"] = {k: json.loads(v) for k, v in found["assignedVariables"].items()}
    return found


def run(case):
    sfn = boto3.client(
        "stepfunctions", endpoint_url=case["url"], region_name="us-east-1", aws_access_key_id=case["key"],
        aws_secret_access_key=case["secret"], config=Config(retries={"max_attempts": 1}),
    )
    machine = sfn.create_state_machine(
        name="recorded", definition=case["def"], roleArn="arn:aws:iam::111111111111:role/recorded")["stateMachineArn"]
    started = {"input": case["input"]} if case["input"] is not None else {}
    arn = sfn.start_execution(stateMachineArn=machine + "#recorded", **started)["executionArn"]
    end = time.monotonic() + 60
    while True:
        x = sfn.describe_execution(executionArn=arn)
        if x["status"] != "RUNNING" or time.monotonic() > end:
            break
        time.sleep(0.005)
    events = []
    for page in sfn.get_paginator("get_execution_history").paginate(executionArn=arn, PaginationConfig={"PageSize": 17}):
        events += page["events"]
    backwards = []
    for page in sfn.get_paginator("get_execution_history").paginate(executionArn=arn, reverseOrder=True, PaginationConfig={"PageSize": 1000}):
        backwards += page["events"]
    if backwards[::-1] != events:
        raise AssertionError("the history backwards is not the history")
    return {
        "status": x["status"], "output": json.loads(x["output"]) if "output" in x else None,
        "error": x.get("error", ""), "cause": x.get("cause", ""),
        "events": [{"id": e["id"], "previousEventId": e["previousEventId"], "type": e["type"], "details": details(e)} for e in events],
    }


for case in json.load(sys.stdin):
    try:
        answer = run(case)
    except Exception as problem:  # told for the case, the others go on
        answer = {"problem": f"{type(problem).__name__}: {problem}"}
    print(json.dumps({"id": case["id"], **answer}), flush=True)
