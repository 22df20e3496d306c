// The clients of the AWS SDK for JavaScript. argv[2] is the folder of their packages. The last line that it prints is an object: the
// protocol that each client speaks.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2] + "/package.json");
const told = JSON.parse(process.env.SERVE);
const { endpoint, region, rawBucket: raw, account } = told;
const key = told.profiles.operator;
const arn = (service, rest) => `arn:aws:${service}:${region}:${account}:${rest}`;
const role = `arn:aws:iam::${account}:role/airline-dev-ingest-flights`;
const spoken = {};

function make(pkg, options = {}) {
  const sdk = require("@aws-sdk/client-" + pkg);
  const Client = sdk[Object.keys(sdk).find((name) => name.endsWith("Client") && name !== "__Client" && !name.startsWith("_"))];
  const client = new Client({ endpoint, region, maxAttempts: 1, credentials: { accessKeyId: key.aws_access_key_id, secretAccessKey: key.aws_secret_access_key }, ...options });
  client.middlewareStack.add((next) => (args) => {
    const h = args.request.headers;
    spoken[pkg] = h["smithy-protocol"] ?? (h["x-amz-target"] ? "AWS JSON " + h["content-type"].slice(-3) : h["content-type"]?.includes("urlencoded") ? "AWS Query" : "REST");
    return next(args);
  }, { step: "finalizeRequest", priority: "low" });
  return { sdk, client, call: (action, input = {}) => client.send(new sdk[action + "Command"](input)) };
}

async function all(pages, member) {
  const list = [];
  for await (const page of pages) list.push(...(page[member] ?? []));
  return list;
}

async function refused(promise, name, status) {
  const err = await promise.then(() => assert.fail(`it is answered, and should be ${name}`), (e) => e);
  assert.deepEqual([err.name, err.$metadata?.httpStatusCode], [name, status], err.stack);
  return err;
}

async function until(done) {
  for (const end = Date.now() + 60_000; ;) {
    const found = await done();
    if (found) return found;
    assert(Date.now() < end, "it has not come about in a minute");
    await new Promise((go) => setTimeout(go, 50));
  }
}

async function s3() {
  const { sdk, client, call } = make("s3", { forcePathStyle: true });
  for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "SHA1", "SHA256"]) await call("PutObject", { Bucket: raw, Key: "js/" + ChecksumAlgorithm, Body: "text of " + ChecksumAlgorithm, ChecksumAlgorithm });
  await sdk.waitUntilObjectExists({ client, maxWaitTime: 10 }, { Bucket: raw, Key: "js/CRC32" });
  const got = await call("GetObject", { Bucket: raw, Key: "js/SHA256", Range: "bytes=0-3" });
  assert.deepEqual([await got.Body.transformToString(), got.ContentRange], ["text", "bytes 0-3/14"]);
  const { Upload } = require("@aws-sdk/lib-storage");
  const large = Buffer.alloc(11 << 20, "0123456789");
  await new Upload({ client, partSize: 5 << 20, params: { Bucket: raw, Key: "js/large", Body: large, Metadata: { of: "eleven" } } }).done();
  const back = await call("GetObject", { Bucket: raw, Key: "js/large" });
  assert.equal(back.Metadata.of, "eleven");
  assert(large.equals(await back.Body.transformToByteArray()));
  await call("CopyObject", { Bucket: raw, Key: "js/copy", CopySource: `${raw}/js/CRC32` });
  const keys = (await all(sdk.paginateListObjectsV2({ client, pageSize: 2 }, { Bucket: raw, Prefix: "js/" }), "Contents")).map((o) => o.Key);
  assert.deepEqual(keys, ["js/CRC32", "js/CRC32C", "js/SHA1", "js/SHA256", "js/copy", "js/large"]);
  await call("PutObjectTagging", { Bucket: raw, Key: "js/copy", Tagging: { TagSet: [{ Key: "a", Value: "b" }] } });
  assert.deepEqual((await call("GetObjectTagging", { Bucket: raw, Key: "js/copy" })).TagSet, [{ Key: "a", Value: "b" }]);
  const deleted = await call("DeleteObjects", { Bucket: raw, Delete: { Objects: keys.map((Key) => ({ Key })) } });
  assert.equal(deleted.Deleted.length, keys.length);
  assert.equal((await call("ListObjectVersions", { Bucket: raw, Prefix: "js/" })).DeleteMarkers.length, keys.length);
  assert((await refused(call("GetObject", { Bucket: raw, Key: "js/copy" }), "NoSuchKey", 404)) instanceof sdk.NoSuchKey);
  await refused(call("ListBucketInventoryConfigurations", { Bucket: raw }), "NotImplemented", 501);
  assert((await call("ListBuckets")).Buckets.some((b) => b.Name === raw && b.CreationDate instanceof Date));
}

async function sfn() {
  const { sdk, client, call } = make("sfn", { disableHostPrefix: true });
  const definition = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", Result: { a: [1, "ü"] }, Next: "B" }, B: { Type: "Succeed" } } });
  assert.equal((await call("ValidateStateMachineDefinition", { definition })).result, "OK");
  const { stateMachineArn } = await call("CreateStateMachine", { name: "js", roleArn: role, definition });
  const { executionArn } = await call("StartExecution", { stateMachineArn, name: "one", input: "{}" });
  const done = await until(async () => {
    const x = await call("DescribeExecution", { executionArn });
    return x.status !== "RUNNING" && x;
  });
  assert.deepEqual([done.status, done.output, done.startDate instanceof Date], ["SUCCEEDED", '{"a":[1,"ü"]}', true]);
  const events = await all(sdk.paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn }), "events");
  assert.deepEqual(events.map((e) => e.type), ["ExecutionStarted", "PassStateEntered", "PassStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"]);
  const again = await refused(call("StartExecution", { stateMachineArn, name: "one", input: '{"b": 1}' }), "ExecutionAlreadyExists", 400);
  assert(again instanceof sdk.ExecutionAlreadyExists);
  const express = await call("CreateStateMachine", { name: "js-express", roleArn: role, definition, type: "EXPRESS" });
  assert.equal((await call("StartSyncExecution", { stateMachineArn: express.stateMachineArn })).output, '{"a":[1,"ü"]}');
  assert.equal((await call("TestState", { definition: '{"Type": "Pass", "End": true}', roleArn: role, input: "[1]" })).output, "[1]");
}

async function sqs() {
  const { sdk, call } = make("sqs");
  const { QueueUrl } = await call("GetQueueUrl", { QueueName: "airline-dev-undelivered" });
  await call("SendMessage", { QueueUrl, MessageBody: "a <b> ü", MessageAttributes: { a: { DataType: "String", StringValue: "b" } } });
  const [m] = (await call("ReceiveMessage", { QueueUrl, WaitTimeSeconds: 5, MessageAttributeNames: ["All"] })).Messages;
  assert.deepEqual([m.Body, m.MessageAttributes.a.StringValue], ["a <b> ü", "b"]);
  await call("DeleteMessage", { QueueUrl, ReceiptHandle: m.ReceiptHandle });
  assert((await refused(call("GetQueueUrl", { QueueName: "nope" }), "QueueDoesNotExist", 400)) instanceof sdk.QueueDoesNotExist);
}

async function sns() {
  const { sdk, client, call } = make("sns");
  const TopicArn = arn("sns", "airline-dev-notifications");
  assert((await all(sdk.paginateListTopics({ client }, {}), "Topics")).some((t) => t.TopicArn === TopicArn));
  assert.equal((await call("GetTopicAttributes", { TopicArn })).Attributes.TopicArn, TopicArn);
  assert.match((await call("Publish", { TopicArn, Message: "m", Subject: "s" })).MessageId, /^[0-9a-f-]{36}$/);
  await refused(call("Publish", { TopicArn: TopicArn + "x", Message: "m" }), "NotFoundException", 404);
}

async function identity() {
  const sts = make("sts"), iam = make("iam");
  assert.equal((await sts.call("GetCallerIdentity")).Arn, `arn:aws:iam::${account}:user/operator`);
  await refused(sts.call("AssumeRole", { RoleArn: role, RoleSessionName: "js" }), "AccessDenied", 403);
  const found = (await iam.call("GetRole", { RoleName: "airline-dev-ingest-flights" })).Role;
  assert.deepEqual([found.Arn, found.CreateDate instanceof Date], [role, true]);
  const judged = await iam.call("SimulatePrincipalPolicy", { PolicySourceArn: role, ActionNames: ["s3:DeleteBucket"] });
  assert.equal(judged.EvaluationResults[0].EvalDecision, "implicitDeny");
  await refused(iam.call("GetRole", { RoleName: "nope" }), "NoSuchEntityException", 404);
}

async function glue() {
  const { sdk, call } = make("glue");
  const database = (await call("GetDatabases")).DatabaseList[0].Name;
  assert.equal((await call("GetDatabase", { Name: database })).Database.Name, database);
  const [Name] = (await call("ListCrawlers", { MaxResults: 1 })).CrawlerNames;
  assert.equal((await call("GetCrawler", { Name })).Crawler.State, "READY");
  assert((await refused(call("GetTable", { DatabaseName: database, Name: "nope" }), "EntityNotFoundException", 400)) instanceof sdk.EntityNotFoundException);
}

async function cloudwatch() {
  const { sdk, client, call } = make("cloudwatch");
  await call("PutMetricData", { Namespace: "js", MetricData: [{ MetricName: "m", Value: 2.5, Unit: "Count", Dimensions: [{ Name: "d", Value: "v" }] }] });
  assert.deepEqual((await call("ListMetrics", { Namespace: "js" })).Metrics, [{ Namespace: "js", MetricName: "m", Dimensions: [{ Name: "d", Value: "v" }] }]);
  assert((await all(sdk.paginateDescribeAlarms({ client, pageSize: 3 }, {}), "MetricAlarms")).some((a) => a.AlarmName.includes("undelivered") && a.StateUpdatedTimestamp instanceof Date));
}

async function logs() {
  const { sdk, call } = make("cloudwatch-logs");
  const logGroupName = "/js", logStreamName = "s";
  await call("CreateLogGroup", { logGroupName });
  await call("CreateLogStream", { logGroupName, logStreamName });
  const { events } = await until(async () => { // the world's clock may be ahead of this one
    await call("PutLogEvents", { logGroupName, logStreamName, logEvents: [{ timestamp: Date.now(), message: "a line" }] });
    const got = await call("GetLogEvents", { logGroupName, logStreamName, startFromHead: true });
    return got.events.length && got;
  });
  assert.equal(events[0].message, "a line");
  assert((await call("FilterLogEvents", { logGroupName, filterPattern: "line" })).events.length > 0);
  assert((await refused(call("CreateLogGroup", { logGroupName }), "ResourceAlreadyExistsException", 400)) instanceof sdk.ResourceAlreadyExistsException);
}

async function events() {
  const { call } = make("eventbridge");
  assert.equal((await call("PutEvents", { Entries: [{ Source: "js", DetailType: "t", Detail: "{}", Time: new Date() }] })).FailedEntryCount, 0);
  assert((await call("ListRules", { NamePrefix: "airline-dev" })).Rules.length > 0);
  const Event = JSON.stringify({ id: "1", account, region, time: "2026-01-01T00:00:00Z", source: "js", resources: [], "detail-type": "t", detail: { a: 1 } });
  assert.equal((await call("TestEventPattern", { EventPattern: '{"detail": {"a": [{"numeric": [">", 0]}]}}', Event })).Result, true);
}

async function kms() {
  const { call } = make("kms");
  const KeyId = (await call("ListAliases")).Aliases.find((a) => a.AliasName.startsWith("alias/airline")).AliasName;
  const { CiphertextBlob } = await call("Encrypt", { KeyId, Plaintext: Buffer.from("secret") });
  assert.equal(Buffer.from((await call("Decrypt", { CiphertextBlob })).Plaintext).toString(), "secret");
}

async function redshift() {
  const data = make("redshift-data"), serverless = make("redshift-serverless"), clusters = make("redshift");
  const { Id } = await data.call("ExecuteStatement", { WorkgroupName: told.workgroup, Database: told.database, Sql: "select 1 a, 'ü' b, null::int c, cast(:d as float) d", Parameters: [{ name: "d", value: "2.5" }] });
  await until(async () => (await data.call("DescribeStatement", { Id })).Status === "FINISHED");
  const result = await data.call("GetStatementResult", { Id });
  assert.deepEqual(result.Records[0].map((f) => Object.entries(f)[0]), [["longValue", 1], ["stringValue", "ü"], ["isNull", true], ["doubleValue", 2.5]]);
  assert.equal((await serverless.call("GetWorkgroup", { workgroupName: told.workgroup })).workgroup.endpoint.address, "127.0.0.1");
  assert.equal((await serverless.call("GetCredentials", { workgroupName: told.workgroup })).dbUser, "IAM:operator");
  assert.deepEqual((await clusters.call("DescribeClusters")).Clusters ?? [], []);
  await refused(clusters.call("DescribeClusters", { ClusterIdentifier: "nope" }), "ClusterNotFoundFault", 404);
}

// Without a stack the world is empty, and takes machines of any role.
for (const test of raw === "" ? [sfn] : [s3, sqs, sns, identity, glue, cloudwatch, logs, events, kms, redshift]) {
  try {
    await test();
  } catch (err) {
    console.error(`${test.name}: ${err.stack}`);
    process.exitCode = 1;
  }
}
console.log(JSON.stringify(spoken));
