# Asks an endpoint things of which servers answer some differently, and prints what it says to each, as JSON.
#   differences.py OBJECTS OTHERS   each an object {"endpoint","region","id","secret"}, that of OBJECTS with a "bucket": S3 is asked there
import json
import sys
import time
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

OBJECTS, OTHERS = (json.loads(text) for text in sys.argv[1:3])
ROLE = "arn:aws:iam::123456789012:role/any"
PASS = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"b": 1}, "End": true}}}'
NOWHERE = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}'
BUCKET = OBJECTS["bucket"]


def client(service, secret=None):
    at = OBJECTS if service == "s3" else OTHERS
    config = Config(retries={"max_attempts": 0}, inject_host_prefix=False, s3={"addressing_style": "path"}, read_timeout=20)
    return boto3.client(service, endpoint_url=at["endpoint"], region_name=at["region"], aws_access_key_id=at["id"], aws_secret_access_key=secret or at["secret"], config=config)


s3, sfn, events = client("s3"), client("stepfunctions"), client("events")


def machine(definition):
    return sfn.create_state_machine(name="m" + uuid.uuid4().hex[:8], definition=definition, roleArn=ROLE)["stateMachineArn"]


def run(states, text="{}", **more):
    definition = json.dumps({"StartAt": "A", "States": states, **more})
    arn = sfn.start_execution(stateMachineArn=machine(definition), input=text)["executionArn"]
    for _ in range(100):
        x = sfn.describe_execution(executionArn=arn)
        if x["status"] != "RUNNING":
            break
        time.sleep(0.05)
    return " ".join([x["status"]] + [json.dumps(json.loads(x["output"])) if "output" in x else x.get("error", "")])


def passes(**more):
    return {"A": {"Type": "Pass", "End": True, **more}}


def put(key, body=b"1", **more):
    s3.put_object(Bucket=BUCKET, Key=key, Body=body, **more)
    return "stored"


def copied():
    put("diff/copied")
    s3.copy_object(Bucket=BUCKET, Key="diff/copied", CopySource={"Bucket": BUCKET, "Key": "diff/copied"})
    return "copied"


def small_parts():
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key="diff/parts")["UploadId"]
    parts = [{"PartNumber": n, "ETag": s3.upload_part(Bucket=BUCKET, Key="diff/parts", UploadId=upload, PartNumber=n, Body=b"x")["ETag"]} for n in (1, 2)]
    s3.complete_multipart_upload(Bucket=BUCKET, Key="diff/parts", UploadId=upload, MultipartUpload={"Parts": parts})
    return "completed"


def event(**more):
    return json.dumps({"id": "1", "account": "123456789012", "source": "s", "time": "2024-01-01T00:00:00Z", "region": "eu-west-1", "resources": [], "detail-type": "d", "detail": more})


QUESTIONS = {
    "PutObject with a wrong ChecksumCRC32": lambda: put("diff/a", ChecksumCRC32="AAAAAA=="),
    "PutObject with a wrong Content-MD5": lambda: put("diff/a", ContentMD5="AAAAAAAAAAAAAAAAAAAAAA=="),
    "PutObject, If-None-Match: * on a key that is there": lambda: (put("diff/b"), put("diff/b", IfNoneMatch="*")),
    "CopyObject onto itself without a change": copied,
    "CompleteMultipartUpload with a first part of 1 byte": small_parts,
    "CreateStateMachine with a Next that is not there": lambda: machine(NOWHERE) and "created",
    "CreateStateMachine with what is no JSON": lambda: machine("{") and "created",
    "ValidateStateMachineDefinition of a Next that is not there": lambda: sfn.validate_state_machine_definition(definition=NOWHERE)["result"],
    "StartExecution with an input that is no JSON": lambda: sfn.start_execution(stateMachineArn=machine(PASS), input="{") and "started",
    "States.Hash": lambda: run(passes(Parameters={"h.$": "States.Hash($.x, 'SHA-1')"}), '{"x": "a"}'),
    "A JSONata Output": lambda: run(passes(Output="{% $sum($states.input.x) %}"), '{"x": [1, 2]}', QueryLanguage="JSONata"),
    "A JSONata expression that fails": lambda: run(passes(Output="{% $states.input.x.y + 'a' %}"), '{"x": {"y": 1}}', QueryLanguage="JSONata"),
    "An InputPath that finds nothing": lambda: run(passes(InputPath="$.none")),
    "TestState of a Choice": lambda: sfn.test_state(definition='{"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericGreaterThan": 1, "Next": "B"}], "Default": "C"}', input='{"a": 2}', roleArn=ROLE)["nextState"],
    "TestEventPattern with a suffix and a number": lambda: str(events.test_event_pattern(EventPattern='{"detail": {"k": [{"suffix": ".csv"}], "n": [{"numeric": [">", 1]}]}}', Event=event(k="a.csv", n=2))["Result"]),
    "TestEventPattern of a pattern that is none": lambda: str(events.test_event_pattern(EventPattern='{"detail": {"k": "x"}}', Event=event())["Result"]),
    "A request signed with a wrong secret": lambda: client("sts", secret="wrong").get_caller_identity() and "answered",
}


def answer(ask):
    try:
        given = ask()
    except ClientError as e:
        return "%s %s" % (e.response["Error"]["Code"], e.response["ResponseMetadata"]["HTTPStatusCode"])
    except Exception as e:
        return type(e).__name__
    return given if isinstance(given, str) else given[-1]


print(json.dumps({name: answer(ask) for name, ask in QUESTIONS.items()}))
