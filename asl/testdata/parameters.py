#!/usr/bin/env python3
"""Write parameters.txt: the members of the requests of typed tasks, as AWS's API models have them.

    pip download --no-deps botocore==1.44.8 && python3 parameters.py botocore-1.44.8-py3-none-any.whl > parameters.txt

A line is "service Operation[.member path]: members"; a list or map on the way has no element in the path.
"""
import gzip
import json
import sys
import zipfile

OPERATIONS = {
    "athena": ["StartQueryExecution", "GetQueryResults"],
    "batch": ["SubmitJob"],
    "bedrock-runtime": ["InvokeModel"],
    "cloudwatch": ["PutMetricData"],
    "dynamodb": ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"],
    "ecs": ["RunTask"],
    "emr-serverless": ["StartJobRun"],
    "events": ["PutEvents"],
    "glue": ["StartJobRun", "GetJobRun", "StartCrawler", "GetCrawler", "StopCrawler", "GetTable", "BatchGetPartition", "BatchCreatePartition"],
    "lambda": ["Invoke"],
    "redshift-data": ["BatchExecuteStatement", "ExecuteStatement", "DescribeStatement", "GetStatementResult", "CancelStatement"],
    "s3": ["GetObject", "HeadObject", "PutObject", "ListObjectsV2", "ListObjectVersions"],
    "scheduler": ["CreateSchedule", "DeleteSchedule"],
    "sns": ["Publish"],
    "sqs": ["SendMessage"],
    "stepfunctions": ["StartExecution", "SendTaskSuccess", "SendTaskFailure"],
}


def structure(shapes, name):
    shape = shapes[name]
    while shape["type"] in ("list", "map"):
        name = (shape.get("member") or shape["value"])["shape"]
        shape = shapes[name]
    return name, shape


def walk(shapes, name, path, seen):
    name, shape = structure(shapes, name)
    if shape["type"] != "structure" or name in seen:
        return
    print(path + ": " + " ".join(sorted(shape["members"])))
    for member, target in sorted(shape["members"].items()):
        walk(shapes, target["shape"], path + "." + member, seen | {name})


with zipfile.ZipFile(sys.argv[1]) as wheel:
    for service, operations in OPERATIONS.items():
        latest = max(n for n in wheel.namelist() if n.startswith(f"botocore/data/{service}/") and "service-2.json" in n)
        model = json.loads(gzip.decompress(wheel.read(latest)) if latest.endswith(".gz") else wheel.read(latest))
        for operation in operations:
            walk(model["shapes"], model["operations"][operation]["input"]["shape"], f"{service} {operation}", frozenset())
