"""What a test of a state machine sets up in an empty world, by boto3 and the aws command line: queues, a topic, a rule and the machine that
sends to all of them. argv[1] is "make" or, with the next process of the same world, "again"."""
import json
import os
import subprocess
import sys
import time
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PHASE = sys.argv.pop(1)
TOLD = json.loads(os.environ["SERVE"])
ENDPOINT, ACCOUNT, REGION = TOLD["endpoint"], TOLD["account"], TOLD["region"]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/anything"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/orders"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:orders"


def client(name):
    return boto3.client(name, region_name=REGION, endpoint_url=ENDPOINT, config=Config(retries={"max_attempts": 1}), **TOLD["profiles"]["operator"])


SQS, SNS, EVENTS, STATES = client("sqs"), client("sns"), client("events"), client("stepfunctions")


def aws(*args):
    """The aws command line's answer."""
    out = subprocess.run(["aws", *args], check=True, capture_output=True, text=True).stdout
    return json.loads(out) if out.startswith(("{", "[")) else out


def queue_arn(name):
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def lets(service, queue, source):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": service}, "Action": "sqs:SendMessage", "Resource": queue_arn(queue), "Condition": {"ArnEquals": {"aws:SourceArn": source}}}]})


def until(done, what, seconds=60):
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come about in {seconds} seconds")
        time.sleep(0.02)


def received(name, seconds=20):
    """The next message of a queue, which is then deleted."""
    url = SQS.get_queue_url(QueueName=name)["QueueUrl"]
    for m in SQS.receive_message(QueueUrl=url, WaitTimeSeconds=seconds, MessageAttributeNames=["All"]).get("Messages", []):
        SQS.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
        return m["Body"]
    return None


def definition():
    def branch(name, resource, parameters):
        return {"StartAt": name, "States": {name: {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters, "End": True}}}
    url = SQS.get_queue_url(QueueName="by-machine")["QueueUrl"]
    return json.dumps({"StartAt": "All", "States": {"All": {"Type": "Parallel", "End": True, "Branches": [
        branch("Send", "sqs:sendMessage", {"QueueUrl": url, "MessageBody.$": "$.order"}),
        branch("Publish", "sns:publish", {"TopicArn": TOPIC, "Message.$": "$.order", "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "new"}}}),
        branch("Put", "events:putEvents", {"Entries": [{"Source": "shop", "DetailType": "Order", "Detail": {"order.$": "$.order"}, "EventBusName": "default"}]}),
    ]}}})


class Made(unittest.TestCase):
    def refuses(self, code, call, **args):
        with self.assertRaises(ClientError) as e:
            call(**args)
        self.assertEqual(e.exception.response["Error"]["Code"], code, e.exception)

    def run_machine(self, order):
        arn = STATES.start_execution(stateMachineArn=MACHINE, input=json.dumps({"order": order}))["executionArn"]
        until(lambda: STATES.describe_execution(executionArn=arn)["status"] != "RUNNING", "the end of the execution")
        told = STATES.describe_execution(executionArn=arn)
        self.assertEqual(told["status"], "SUCCEEDED", told)
        self.assertEqual(received("by-machine"), order)
        self.assertEqual(received("by-topic"), order)
        event = json.loads(received("by-rule"))
        self.assertEqual((event["source"], event["detail-type"], event["detail"]), ("shop", "Order", {"order": order}))

    @unittest.skipUnless(PHASE == "make", "")
    def test_make(self):
        for name in ("by-machine", "by-rule"):
            SQS.create_queue(QueueName=name, tags={"made": "by boto3"})
        aws("sqs", "create-queue", "--queue-name", "by-topic", "--endpoint-url", ENDPOINT)
        topic = SNS.create_topic(Name="orders")["TopicArn"]
        self.assertEqual(topic, TOPIC)
        subscription = aws("sns", "subscribe", "--topic-arn", topic, "--protocol", "sqs", "--notification-endpoint", queue_arn("by-topic"),
                           "--attributes", json.dumps({"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"kind": ["new"]})}))["SubscriptionArn"]
        self.assertEqual(EVENTS.put_rule(Name="orders", EventPattern=json.dumps({"source": ["shop"]}))["RuleArn"], RULE)
        self.assertEqual(EVENTS.put_targets(Rule="orders", Targets=[{"Id": "queue", "Arn": queue_arn("by-rule")}])["FailedEntryCount"], 0)
        for queue, service, source in (("by-topic", "sns.amazonaws.com", TOPIC), ("by-rule", "events.amazonaws.com", RULE)):
            url = SQS.get_queue_url(QueueName=queue)["QueueUrl"]
            SQS.set_queue_attributes(QueueUrl=url, Attributes={"Policy": lets(service, queue, source)})
        self.assertEqual(STATES.create_state_machine(name="orders", definition=definition(), roleArn=ROLE, tags=[])["stateMachineArn"], MACHINE)
        self.run_machine("the first")

        SNS.publish(TopicArn=TOPIC, Message="old", MessageAttributes={"kind": {"DataType": "String", "StringValue": "old"}})
        self.assertIsNone(received("by-topic", 0))
        self.assertEqual(SNS.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["RawMessageDelivery"], "true")
        names = [u.rsplit("/", 1)[1] for page in SQS.get_paginator("list_queues").paginate(PaginationConfig={"PageSize": 2}) for u in page["QueueUrls"]]
        self.assertEqual(names, ["by-machine", "by-rule", "by-topic"])
        self.assertEqual([t["TopicArn"] for page in SNS.get_paginator("list_topics").paginate() for t in page["Topics"]], [TOPIC])
        self.assertEqual([r["Name"] for page in EVENTS.get_paginator("list_rules").paginate() for r in page["Rules"]], ["orders"])
        self.assertEqual(EVENTS.get_paginator("list_rule_names_by_target").paginate(TargetArn=queue_arn("by-rule")).build_full_result()["RuleNames"], ["orders"])

        gone = SQS.create_queue(QueueName="gone")["QueueUrl"]
        SQS.delete_queue(QueueUrl=gone)
        SQS.send_message(QueueUrl=SQS.get_queue_url(QueueName="by-machine")["QueueUrl"], MessageBody="for the next process")

    @unittest.skipUnless(PHASE == "make", "")
    def test_refusals(self):
        topic = SNS.create_topic(Name="refusing")["TopicArn"]
        url = SQS.create_queue(QueueName="refusing")["QueueUrl"]
        rule = {"Name": "refusing", "EventPattern": '{"source": ["x"]}'}
        EVENTS.put_rule(**rule)
        EVENTS.put_targets(Rule="refusing", Targets=[{"Id": "q", "Arn": queue_arn("refusing")}])
        for code, call, args in (
            ("QueueAlreadyExists", SQS.create_queue, {"QueueName": "refusing", "Attributes": {"DelaySeconds": "1"}}),
            ("InvalidAttributeValue", SQS.create_queue, {"QueueName": "new", "Attributes": {"DelaySeconds": "901"}}),
            ("InvalidAttributeName", SQS.set_queue_attributes, {"QueueUrl": url, "Attributes": {"Nonsense": "1"}}),
            ("InvalidParameterValue", SQS.create_queue, {"QueueName": "no name"}),
            ("InvalidParameterValue", SQS.create_queue, {"QueueName": "new", "Attributes": {"FifoQueue": "true"}}),
            ("AWS.SimpleQueueService.NonExistentQueue", SQS.delete_queue, {"QueueUrl": url + "x"}),
            ("InvalidParameter", SNS.create_topic, {"Name": "no name"}),
            ("InvalidParameter", SNS.subscribe, {"TopicArn": topic, "Protocol": "sqs", "Endpoint": url}),
            ("NotFound", SNS.subscribe, {"TopicArn": topic + "x", "Protocol": "sqs", "Endpoint": queue_arn("refusing")}),
            ("NotImplemented", SNS.subscribe, {"TopicArn": topic, "Protocol": "https", "Endpoint": "https://example.com"}),
            ("InvalidParameter", SNS.subscribe, {"TopicArn": topic, "Protocol": "sqs", "Endpoint": queue_arn("refusing"), "Attributes": {"FilterPolicy": '{"a": 1}'}}),
            ("ResourceNotFound", SNS.list_tags_for_resource, {"ResourceArn": topic + "x"}),
            ("ValidationException", EVENTS.delete_rule, {"Name": "refusing"}),
            ("ValidationException", EVENTS.put_rule, {"Name": "new"}),
            ("ValidationException", EVENTS.put_rule, {"Name": "new", "ScheduleExpression": "rate(1 minutes)"}),
            ("InvalidEventPatternException", EVENTS.put_rule, {"Name": "new", "EventPattern": '{"source": "x"}'}),
            ("ResourceNotFoundException", EVENTS.put_targets, {"Rule": "none", "Targets": [{"Id": "q", "Arn": queue_arn("refusing")}]}),
            ("NotImplemented", EVENTS.put_targets, {"Rule": "refusing", "Targets": [{"Id": "f", "Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"}]}),
        ):
            with self.subTest(code=code, args=args):
                self.refuses(code, call, **args)
        EVENTS.remove_targets(Rule="refusing", Ids=["q"])
        EVENTS.delete_rule(Name="refusing")
        SNS.delete_topic(TopicArn=topic)
        SQS.delete_queue(QueueUrl=url)
        self.refuses("AWS.SimpleQueueService.QueueDeletedRecently", SQS.create_queue, QueueName="refusing")

    @unittest.skipUnless(PHASE == "again", "")
    def test_again(self):
        self.assertEqual(received("by-machine"), "for the next process")
        self.refuses("AWS.SimpleQueueService.NonExistentQueue", SQS.get_queue_url, QueueName="gone")
        self.assertEqual(SQS.list_queue_tags(QueueUrl=SQS.get_queue_url(QueueName="by-rule")["QueueUrl"])["Tags"], {"made": "by boto3"})
        self.run_machine("the second")
        SNS.publish(TopicArn=TOPIC, Message="old", MessageAttributes={"kind": {"DataType": "String", "StringValue": "old"}})
        self.assertIsNone(received("by-topic", 0))
        EVENTS.disable_rule(Name="orders")
        EVENTS.put_events(Entries=[{"Source": "shop", "DetailType": "Order", "Detail": "{}"}])
        self.assertIsNone(received("by-rule", 1))


if __name__ == "__main__":
    unittest.main()
