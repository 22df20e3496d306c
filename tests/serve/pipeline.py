"""The pipeline by the clients of its users: the aws command line, boto3 and awswrangler. argv[1] is a folder of real days."""
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import awswrangler as wr
import boto3
import pyarrow
import pyarrow.dataset
import pyarrow.fs
from botocore.config import Config
from botocore.exceptions import ClientError
from minio import Minio
from minio.commonconfig import ComposeSource
from minio.deleteobjects import DeleteObject

DATA = sys.argv.pop(1)
TOLD = json.loads(os.environ["SERVE"])
ENDPOINT, RAW, ACCOUNT, REGION = TOLD["endpoint"], TOLD["rawBucket"], TOLD["account"], TOLD["region"]
WAREHOUSE = {"WorkgroupName": TOLD["workgroup"], "Database": TOLD["database"]}
FLIGHTS = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:airline-dev-ingest-flights"


def aws(*args):
    """The aws command line's answer."""
    out = subprocess.run(["aws", *args], check=True, capture_output=True, text=True).stdout
    return json.loads(out) if out.startswith(("{", "[")) else out


def client(name, profile="operator", **config):
    return boto3.client(name, region_name=REGION, endpoint_url=ENDPOINT, config=Config(retries={"max_attempts": 1}, **config), **TOLD["profiles"][profile])


def until(done, what, seconds=120):
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come about in {seconds} seconds")
        time.sleep(0.05)


def ended():
    """How the loads of flights have ended."""
    pages = client("stepfunctions").get_paginator("list_executions").paginate(stateMachineArn=FLIGHTS, PaginationConfig={"PageSize": 2})
    return [x["status"] for page in pages for x in page["executions"] if x["status"] != "RUNNING"]


def query(sql, **parameters):
    data = client("redshift-data")
    given = {"Parameters": [{"name": k, "value": v} for k, v in parameters.items()]} if parameters else {}
    started = data.execute_statement(Sql=sql, **WAREHOUSE, **given)["Id"]
    until(lambda: data.describe_statement(Id=started)["Status"] in ("FINISHED", "FAILED", "ABORTED"), "the answer")
    told = data.describe_statement(Id=started)
    if told["Status"] != "FINISHED":
        raise AssertionError(told["Error"])
    rows = [r for page in data.get_paginator("get_statement_result").paginate(Id=started) for r in page["Records"]]
    return [[None if "isNull" in f else next(iter(f.values())) for f in row] for row in rows]


def lines(path):
    with open(path, encoding="utf-8") as f:
        return sum(1 for _ in f) - 1


class Pipeline(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        aws("s3", "cp", os.path.join(DATA, "airports.csv"), f"s3://{RAW}/airports/airports.csv")
        airports = FLIGHTS.replace("ingest-flights", "load-airports")
        until(lambda: aws("stepfunctions", "list-executions", "--state-machine-arn", airports, "--status-filter", "SUCCEEDED")["executions"], "the airports")
        cls.days = sorted(os.listdir(os.path.join(DATA, "daily-flights")))[:3]
        with tempfile.TemporaryDirectory() as folder:
            for day in cls.days:
                os.makedirs(os.path.join(folder, day))
                os.symlink(os.path.abspath(os.path.join(DATA, "daily-flights", day, "flights.csv")), os.path.join(folder, day, "flights.csv"))
            aws("s3", "sync", folder, f"s3://{RAW}/daily-flights")
        until(lambda: len(ended()) >= 3, "three days")

    def test_loaded(self):
        self.assertEqual(ended()[-3:], ["SUCCEEDED"] * 3)
        for day in self.days:
            read, loaded, rejected = query(
                "select rows_read, rows_loaded, rows_rejected from airlines.load_ledger where source_key = :key", key=f"daily-flights/{day}/flights.csv")[0]
            self.assertEqual(read, lines(os.path.join(DATA, "daily-flights", day, "flights.csv")))
            self.assertEqual(read, loaded + rejected)
            self.assertEqual(query("select count(*) from airlines.daily_flights_fact where flight_date = cast(:day as date)", day=day[5:])[0][0], loaded)

    def test_history_by_the_command_line(self):
        x = aws("stepfunctions", "list-executions", "--state-machine-arn", FLIGHTS, "--max-items", "1")["executions"][0]
        events = aws("stepfunctions", "get-execution-history", "--execution-arn", x["executionArn"], "--page-size", "20")["events"]
        self.assertEqual([e["id"] for e in events], list(range(1, len(events) + 1)))
        self.assertEqual(events[-1]["type"], "ExecutionSucceeded")
        self.assertEqual(aws("sts", "get-caller-identity")["Arn"], f"arn:aws:iam::{ACCOUNT}:user/operator")

    def test_a_large_day(self):
        day = os.path.join(DATA, "daily-flights", self.days[0], "flights.csv")
        with open(day, "rb") as f:
            header, rows = f.readline(), f.read()
        with tempfile.NamedTemporaryFile(suffix=".csv") as big:
            big.write(header)
            times = (120 << 20) // len(rows) + 1
            for _ in range(times):
                big.write(rows if rows.endswith(b"\n") else rows + b"\n")
            big.flush()
            key = "daily-flights/date=2008-12-31/flights.csv"
            before = len(ended())
            aws("s3", "cp", big.name, f"s3://{RAW}/{key}")
            head = client("s3").head_object(Bucket=RAW, Key=key)
            self.assertEqual(head["ContentLength"], os.path.getsize(big.name))
            self.assertRegex(head["ETag"], r"-\d+\"$")
            until(lambda: len(ended()) > before, "the large day")
            self.assertEqual(query("select rows_read from airlines.load_ledger where source_key = :key", key=key)[0][0], times * lines(day))
            with tempfile.NamedTemporaryFile() as back:
                aws("s3", "cp", f"s3://{RAW}/{key}", back.name)
                with open(big.name, "rb") as sent, open(back.name, "rb") as got:
                    self.assertEqual(sent.read(), got.read())

    def test_awswrangler(self):
        wr.config.s3_endpoint_url = wr.config.glue_endpoint_url = wr.config.redshift_data_endpoint_url = wr.config.sts_endpoint_url = ENDPOINT
        session = boto3.Session(region_name=REGION, **TOLD["profiles"]["operator"])
        connection = wr.data_api.redshift.connect(workgroup_name=WAREHOUSE["WorkgroupName"], database=WAREHOUSE["Database"], boto3_session=session)
        frame = wr.data_api.redshift.read_sql_query("select carrier, count(*) n from airlines.daily_flights_fact group by 1 order by 1", con=connection)
        self.assertEqual(frame.values.tolist(), query("select carrier, count(*) n from airlines.daily_flights_fact group by 1 order by 1"))
        staging = RAW.replace("-raw-", "-staging-")
        found = [p for p in wr.s3.list_objects(f"s3://{staging}/", boto3_session=session) if p.endswith(".parquet")]
        self.assertGreater(len(wr.s3.read_parquet(found[0], boto3_session=session)), 0)
        tables = {t["Name"]: t for t in wr.catalog.get_tables(boto3_session=session)}
        self.assertIn("airports", tables)
        self.assertTrue(wr.catalog.does_table_exist(tables["airports"]["DatabaseName"], "airports", boto3_session=session))
        self.assertIn("carrier", {k.lower() for k in wr.catalog.get_table_types(tables["airports"]["DatabaseName"], "daily_flights", boto3_session=session)})

    def test_queue(self):
        url = aws("sqs", "get-queue-url", "--queue-name", "airline-dev-undelivered", "--endpoint-url", ENDPOINT)["QueueUrl"]
        sqs = client("sqs")
        sqs.send_message(QueueUrl=url, MessageBody="a <b> ü")
        got = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
        self.assertEqual([m["Body"] for m in got], ["a <b> ü"])
        sqs.delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
        self.assertNotIn("Messages", sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0))
        self.assertIn(url, sqs.list_queues(QueueNamePrefix="airline-dev-")["QueueUrls"])
        sent = sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "b", "MessageBody": "2", "DelaySeconds": 901}])
        self.assertEqual(([e["Id"] for e in sent["Successful"]], [(e["Id"], e["Code"], e["SenderFault"]) for e in sent["Failed"]]), (["a"], [("b", "InvalidParameterValue", True)]))
        got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        deleted = sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in got])
        self.assertEqual(len(deleted["Successful"]), 1)
        with self.assertRaises(sqs.exceptions.QueueDoesNotExist) as refused:
            sqs.get_queue_url(QueueName="nope")
        self.assertEqual(refused.exception.response["Error"]["Code"], "AWS.SimpleQueueService.NonExistentQueue")

    def test_lists(self):
        topics = [t["TopicArn"] for p in client("sns").get_paginator("list_topics").paginate() for t in p["Topics"]]
        self.assertIn(f"arn:aws:sns:{REGION}:{ACCOUNT}:airline-dev-notifications", topics)
        self.assertEqual(client("stepfunctions").list_executions(stateMachineArn=FLIGHTS.replace("ingest-flights", "reconcile"))["executions"], [])
        events = client("events")
        rules = [r for p in events.get_paginator("list_rules").paginate(PaginationConfig={"PageSize": 2}) for r in p["Rules"]]
        self.assertEqual([r["Name"] for r in rules], sorted(r["Name"] for r in rules))
        rule = next(r["Name"] for r in rules if r.get("EventPattern"))
        self.assertEqual(events.describe_rule(Name=rule)["EventPattern"], next(r["EventPattern"] for r in rules if r["Name"] == rule))
        targets = [t for p in events.get_paginator("list_targets_by_rule").paginate(Rule=rule) for t in p["Targets"]]
        self.assertTrue(targets[0]["Arn"].startswith("arn:aws:states:") and targets[0]["DeadLetterConfig"]["Arn"].startswith("arn:aws:sqs:"), targets)
        with self.assertRaises(events.exceptions.ResourceNotFoundException):
            events.describe_rule(Name="nope")
        alarms = [a for p in client("cloudwatch").get_paginator("describe_alarms").paginate(PaginationConfig={"PageSize": 3}) for a in p["MetricAlarms"]]
        self.assertIn("airline-dev-undelivered", " ".join(a["AlarmName"] for a in alarms))
        self.assertEqual({a["StateValue"] for a in client("cloudwatch").describe_alarms(StateValue="OK")["MetricAlarms"]} - {"OK"}, set())
        glue = client("glue")
        names = glue.list_crawlers(MaxResults=1)["CrawlerNames"]
        self.assertEqual([c["Name"] for c in glue.get_crawlers(MaxResults=1)["Crawlers"]], names)
        self.assertEqual(glue.get_crawler(Name=names[0])["Crawler"]["State"], "READY")

    def test_s3(self):
        s3 = client("s3")
        for algorithm in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"):
            s3.put_object(Bucket=RAW, Key="x/" + algorithm, Body=b"text", ChecksumAlgorithm=algorithm)
        s3.get_waiter("object_exists").wait(Bucket=RAW, Key="x/SHA1")
        s3.delete_objects(Bucket=RAW, Delete={"Objects": [{"Key": "x/SHA1"}]})
        s3.get_waiter("object_not_exists").wait(Bucket=RAW, Key="x/SHA1")
        for paginator in ("list_objects_v2", "list_objects"):
            keys = [o["Key"] for p in s3.get_paginator(paginator).paginate(Bucket=RAW, Prefix="x/", PaginationConfig={"PageSize": 2}) for o in p["Contents"]]
            self.assertEqual(keys, ["x/CRC32", "x/CRC32C", "x/CRC64NVME", "x/SHA256"])
        with self.assertRaises(ClientError) as refused:
            s3.put_object(Bucket=RAW, Key="x/CRC32", Body=b"other", IfNoneMatch="*")
        self.assertEqual(refused.exception.response["ResponseMetadata"]["HTTPStatusCode"], 412)
        for version in ("s3v4", None):  # without, boto3 presigns in the older form
            signer = client("s3", signature_version=version)
            url = signer.generate_presigned_url("get_object", Params={"Bucket": RAW, "Key": "x/CRC32", "ResponseContentType": "a/b"})
            with urllib.request.urlopen(url) as answer:
                self.assertEqual((answer.read(), answer.headers["Content-Type"]), (b"text", "a/b"))
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(url.replace("CRC32", "SHA256"))
            self.assertEqual(refused.exception.code, 403)

    def test_other_clients_of_s3(self):
        keys = TOLD["profiles"]["operator"]
        files = pyarrow.fs.S3FileSystem(access_key=keys["aws_access_key_id"], secret_key=keys["aws_secret_access_key"], endpoint_override=ENDPOINT, region=REGION, scheme="http")
        table = pyarrow.table({"a": list(range(1000)), "b": ["x"] * 500 + ["y"] * 500})
        pyarrow.dataset.write_dataset(table, RAW + "/arrow", format="parquet", filesystem=files, partitioning=["b"])
        self.assertEqual(pyarrow.dataset.dataset(RAW + "/arrow", filesystem=files, partitioning=["b"]).count_rows(), 1000)
        files.move(RAW + "/arrow/x/part-0.parquet", RAW + "/arrow/z/part-0.parquet")
        files.delete_dir(RAW + "/arrow/y")
        self.assertEqual([f.path for f in files.get_file_info(pyarrow.fs.FileSelector(RAW + "/arrow", recursive=True)) if f.is_file], [RAW + "/arrow/z/part-0.parquet"])

        tool = Minio(ENDPOINT.split("//")[1], access_key=keys["aws_access_key_id"], secret_key=keys["aws_secret_access_key"], secure=False, region=REGION)
        tool.put_object(RAW, "minio/a", io.BytesIO(b"a" * 11_000_000), -1, part_size=5 << 20)
        tool.compose_object(RAW, "minio/b", [ComposeSource(RAW, "minio/a"), ComposeSource(RAW, "minio/a")])
        self.assertEqual(tool.stat_object(RAW, "minio/b").size, 22_000_000)
        self.assertEqual((tool.get_bucket_versioning(RAW).status, tool.get_bucket_encryption(RAW).rule.sse_algorithm), ("Enabled", "aws:kms"))
        self.assertEqual(tool.get_bucket_lifecycle(RAW).rules[0].rule_id, "leftovers")
        self.assertIn("DenyInsecureTransport", tool.get_bucket_policy(RAW))
        self.assertEqual(list(tool.remove_objects(RAW, [DeleteObject(o.object_name) for o in tool.list_objects(RAW, "minio/", recursive=True)])), [])

    def test_refused_by_name(self):
        with self.assertRaises(ClientError) as refused:
            client("dynamodb").list_tables()
        self.assertEqual(refused.exception.response["Error"]["Code"], "NotImplemented")
        with self.assertRaises(ClientError) as refused:
            client("s3").list_bucket_inventory_configurations(Bucket=RAW)
        self.assertEqual((refused.exception.response["Error"]["Code"], refused.exception.response["ResponseMetadata"]["HTTPStatusCode"]), ("NotImplemented", 501))
        with self.assertRaises(ClientError) as refused:
            client("s3", "airline-dev-events").list_objects_v2(Bucket=RAW)
        self.assertEqual(refused.exception.response["Error"]["Code"], "AccessDenied")


if __name__ == "__main__":
    unittest.main(verbosity=0)
