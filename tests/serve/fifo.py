"""FIFO queues and topics by boto3 and the aws command line. argv[1] is "make" or, with the next process of the same world, "again"."""
import json
import os
import subprocess
import sys
import unittest

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

PHASE = sys.argv.pop(1)
TOLD = json.loads(os.environ["SERVE"])
ENDPOINT, ACCOUNT, REGION = TOLD["endpoint"], TOLD["account"], TOLD["region"]
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders.fifo"


def client(name):
    return boto3.client(name, region_name=REGION, endpoint_url=ENDPOINT, config=Config(retries={"max_attempts": 1}), **TOLD["profiles"]["operator"])


SQS, SNS = client("sqs"), client("sns")


def sqs(*args):
    out = subprocess.run(["aws", "sqs", "--endpoint-url", ENDPOINT, *args], check=True, capture_output=True, text=True).stdout
    return json.loads(out) if out else {}


def arn(name):
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


class Make(unittest.TestCase):
    def test_queue(self):
        dead = sqs("create-queue", "--queue-name", "dead.fifo", "--attributes", "FifoQueue=true")["QueueUrl"]
        url = SQS.create_queue(QueueName="jobs.fifo", Attributes={"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId",
                                                                   "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn("dead.fifo"), "maxReceiveCount": 5})})["QueueUrl"]
        told = SQS.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual([told[name] for name in ("FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit")],
                         ["true", "false", "messageGroup", "perMessageGroupId"])
        sent = SQS.send_message_batch(QueueUrl=url, Entries=[
            {"Id": str(i), "MessageBody": f"{group}{n}", "MessageGroupId": group, "MessageDeduplicationId": str(n)} for i, (group, n) in enumerate([("a", 1), ("b", 1), ("a", 2), ("a", 1)])])
        numbers = [s["SequenceNumber"] for s in sent["Successful"]]
        self.assertEqual((numbers[0], sorted(numbers[:3])), (numbers[3], numbers[:3]))
        got = sqs("receive-message", "--queue-url", url, "--max-number-of-messages", "10", "--receive-request-attempt-id", "try", "--message-system-attribute-names", "All")["Messages"]
        self.assertEqual([m["Body"] for m in got], ["a1", "a2", "b1"])
        self.assertEqual((got[0]["Attributes"]["MessageGroupId"], got[0]["Attributes"]["SequenceNumber"]), ("a", numbers[0]))
        again = SQS.receive_message(QueueUrl=url, MaxNumberOfMessages=10, ReceiveRequestAttemptId="try")["Messages"]
        self.assertEqual([m["ReceiptHandle"] for m in again], [m["ReceiptHandle"] for m in got])
        SQS.send_message(QueueUrl=url, MessageBody="a3", MessageGroupId="a", MessageDeduplicationId="3")
        self.assertNotIn("Messages", SQS.receive_message(QueueUrl=url))
        for m in got:
            SQS.delete_message(QueueUrl=url, ReceiptHandle=m["ReceiptHandle"])
        for wrong, code in (({"MessageBody": "m"}, "MissingParameter"), ({"MessageBody": "m", "MessageGroupId": "g"}, "InvalidParameterValue")):
            with self.assertRaises(ClientError) as refused:
                SQS.send_message(QueueUrl=url, **wrong)
            self.assertEqual(refused.exception.response["Error"]["Code"], code)
        self.assertTrue(dead.endswith("/dead.fifo"))

    def test_topic(self):
        self.assertEqual(SNS.create_topic(Name="orders.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"})["TopicArn"], TOPIC)
        lets = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn("orders.fifo"),
                                                         "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC}}}]}
        SQS.create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true", "Policy": json.dumps(lets)})
        SNS.subscribe(TopicArn=TOPIC, Protocol="sqs", Endpoint=arn("orders.fifo"), Attributes={"RawMessageDelivery": "true"})
        first = SNS.publish(TopicArn=TOPIC, Message="one", MessageGroupId="g")
        self.assertEqual(SNS.publish(TopicArn=TOPIC, Message="one", MessageGroupId="g")["MessageId"], first["MessageId"])
        SNS.publish(TopicArn=TOPIC, Message="two", MessageGroupId="g")


class Again(unittest.TestCase):
    def test_goes_on(self):
        url = SQS.get_queue_url(QueueName="jobs.fifo")["QueueUrl"]
        self.assertEqual([m["Body"] for m in SQS.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]], ["a3"])
        url = SQS.get_queue_url(QueueName="orders.fifo")["QueueUrl"]
        self.assertEqual([m["Body"] for m in SQS.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]], ["one", "two"])


if __name__ == "__main__":
    unittest.main(defaultTest="Make" if PHASE == "make" else "Again")
