import java.net.URI;
import java.time.Instant;
import java.util.*;
import java.util.function.*;
import software.amazon.awssdk.auth.credentials.*;
import software.amazon.awssdk.awscore.client.builder.*;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.*;
import software.amazon.awssdk.core.interceptor.*;
import software.amazon.awssdk.core.sync.*;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.*;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.redshift.RedshiftClient;
import software.amazon.awssdk.services.redshift.model.ClusterNotFoundException;
import software.amazon.awssdk.services.redshiftdata.RedshiftDataClient;
import software.amazon.awssdk.services.redshiftdata.model.StatusString;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.*;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.*;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sts.StsClient;

/** The clients of the AWS SDK for Java 2. The last line that it prints is an object: the protocol that each client speaks. */
public class Clients {
    static final Map<String, String> told = System.getenv(), spoken = new TreeMap<>();
    static final String account = "123456789012", region = told.get("AWS_REGION"), raw = told.get("RAW");

    /** Notes what a client speaks. */
    record Watch(String name) implements ExecutionInterceptor {
        @Override
        public void beforeTransmission(Context.BeforeTransmission c, ExecutionAttributes attributes) {
            SdkHttpRequest r = c.httpRequest();
            String type = r.firstMatchingHeader("Content-Type").orElse("");
            spoken.put(name, r.firstMatchingHeader("smithy-protocol").orElse(
                r.firstMatchingHeader("X-Amz-Target").isPresent() ? "AWS JSON " + type.substring(type.length() - 3) : type.contains("urlencoded") ? "AWS Query" : "REST"));
        }
    }

    static <B extends AwsClientBuilder<B, C>, C> C client(String name, B builder) {
        return builder.endpointOverride(URI.create(told.get("AWS_ENDPOINT_URL"))).region(Region.of(region))
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(told.get("AWS_ACCESS_KEY_ID"), told.get("AWS_SECRET_ACCESS_KEY"))))
            .overrideConfiguration(o -> o.addExecutionInterceptor(new Watch(name)).putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true))
            .build();
    }

    static void same(Object got, Object want) {
        if (!Objects.equals(got, want)) throw new AssertionError("got " + got + ", want " + want);
    }

    static void yes(boolean ok, String what) {
        if (!ok) throw new AssertionError(what);
    }

    /** Calls what must be refused with a class of error and a status. */
    static void refused(Runnable call, Class<?> want, String code, int status) {
        try {
            call.run();
        } catch (AwsServiceException e) {
            if (want.isInstance(e) && e.awsErrorDetails().errorCode().equals(code) && e.statusCode() == status && e.requestId() != null) return;
            throw new AssertionError("want " + want + " " + code + " " + status, e);
        }
        throw new AssertionError("it is answered, and should be " + code);
    }

    static void until(BooleanSupplier done) throws InterruptedException {
        for (long end = System.currentTimeMillis() + 60_000; !done.getAsBoolean(); Thread.sleep(50)) yes(System.currentTimeMillis() < end, "it has not come about in a minute");
    }

    static void s3() throws Exception {
        S3Client c = client("s3", S3Client.builder().forcePathStyle(true));
        for (ChecksumAlgorithm a : List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32_C, ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256))
            c.putObject(r -> r.bucket(raw).key("java/" + a).checksumAlgorithm(a).metadata(Map.of("of", "java")), RequestBody.fromString("text of " + a));
        var head = c.waiter().waitUntilObjectExists(r -> r.bucket(raw).key("java/SHA1")).matched().response().get();
        same(head.metadata().get("of") + " " + head.contentLength(), "java 12");
        same(c.getObjectAsBytes(r -> r.bucket(raw).key("java/SHA256").range("bytes=0-3")).asUtf8String(), "text");
        byte[] large = new byte[5 << 20];
        new Random(1).nextBytes(large);
        String upload = c.createMultipartUpload(r -> r.bucket(raw).key("java/large")).uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int n : List.of(1, 2)) {
            String tag = c.uploadPart(r -> r.bucket(raw).key("java/large").uploadId(upload).partNumber(n), RequestBody.fromBytes(n == 1 ? large : new byte[] {1, 2, 3})).eTag();
            parts.add(CompletedPart.builder().partNumber(n).eTag(tag).build());
        }
        c.completeMultipartUpload(r -> r.bucket(raw).key("java/large").uploadId(upload).multipartUpload(m -> m.parts(parts)));
        byte[] back = c.getObjectAsBytes(r -> r.bucket(raw).key("java/large")).asByteArray();
        yes(back.length == large.length + 3 && Arrays.equals(Arrays.copyOf(back, large.length), large), "the large object is another");
        c.copyObject(r -> r.sourceBucket(raw).sourceKey("java/SHA1").destinationBucket(raw).destinationKey("java/copy"));
        List<String> keys = c.listObjectsV2Paginator(r -> r.bucket(raw).prefix("java/").maxKeys(2)).contents().stream().map(S3Object::key).toList();
        same(keys, List.of("java/CRC32", "java/CRC32C", "java/SHA1", "java/SHA256", "java/copy", "java/large"));
        c.deleteObjects(r -> r.bucket(raw).delete(d -> d.objects(keys.stream().map(k -> ObjectIdentifier.builder().key(k).build()).toList())));
        refused(() -> c.getObjectAsBytes(r -> r.bucket(raw).key("java/copy")), NoSuchKeyException.class, "NoSuchKey", 404);
        refused(() -> c.listBucketInventoryConfigurations(r -> r.bucket(raw)), AwsServiceException.class, "NotImplemented", 501);
    }

    static void sfn() throws Exception {
        SfnClient c = client("sfn", SfnClient.builder());
        String role = "arn:aws:iam::" + account + ":role/any";
        String definition = "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"Result\": {\"a\": [1, \"ü\"]}, \"Next\": \"B\"}, \"B\": {\"Type\": \"Succeed\"}}}";
        same(c.validateStateMachineDefinition(r -> r.definition(definition)).resultAsString(), "OK");
        String machine = c.createStateMachine(r -> r.name("java").roleArn(role).definition(definition)).stateMachineArn();
        String execution = c.startExecution(r -> r.stateMachineArn(machine).name("one").input("{}")).executionArn();
        until(() -> c.describeExecution(r -> r.executionArn(execution)).status() != ExecutionStatus.RUNNING);
        same(c.describeExecution(r -> r.executionArn(execution)).output(), "{\"a\":[1,\"ü\"]}");
        same(c.getExecutionHistoryPaginator(r -> r.executionArn(execution).maxResults(2)).events().stream().map(HistoryEvent::typeAsString).toList(),
            List.of("ExecutionStarted", "PassStateEntered", "PassStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"));
        refused(() -> c.startExecution(r -> r.stateMachineArn(machine).name("one").input("[]")), ExecutionAlreadyExistsException.class, "ExecutionAlreadyExists", 400);
        String express = c.createStateMachine(r -> r.name("java-express").roleArn(role).definition(definition).type(StateMachineType.EXPRESS)).stateMachineArn();
        same(c.startSyncExecution(r -> r.stateMachineArn(express)).output(), "{\"a\":[1,\"ü\"]}");
        same(c.testState(r -> r.definition("{\"Type\": \"Pass\", \"End\": true}").roleArn(role).input("[1]")).output(), "[1]");
    }

    static void sqs() {
        SqsClient c = client("sqs", SqsClient.builder());
        String queue = c.getQueueUrl(r -> r.queueName("airline-dev-undelivered")).queueUrl();
        c.sendMessage(r -> r.queueUrl(queue).messageBody("a <b> ü"));
        var m = c.receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(5)).messages().get(0);
        same(m.body(), "a <b> ü");
        c.deleteMessage(r -> r.queueUrl(queue).receiptHandle(m.receiptHandle()));
        refused(() -> c.getQueueUrl(r -> r.queueName("nope")), QueueDoesNotExistException.class, "AWS.SimpleQueueService.NonExistentQueue", 400);
    }

    static void sns() {
        SnsClient c = client("sns", SnsClient.builder());
        String topic = "arn:aws:sns:" + region + ":" + account + ":airline-dev-notifications";
        yes(c.listTopicsPaginator().topics().stream().anyMatch(t -> t.topicArn().equals(topic)), "the topic is not listed");
        same(c.publish(r -> r.topicArn(topic).message("m").subject("s")).messageId().length(), 36);
    }

    static void identity() {
        same(client("sts", StsClient.builder()).getCallerIdentity().arn(), "arn:aws:iam::" + account + ":user/operator");
        IamClient c = client("iam", IamClient.builder());
        var role = c.getRole(r -> r.roleName("airline-dev-ingest-flights")).role();
        yes(role.createDate().isBefore(Instant.now().plusSeconds(365 * 86400L)), "a date is " + role.createDate());
        same(c.simulatePrincipalPolicy(r -> r.policySourceArn(role.arn()).actionNames("s3:DeleteBucket")).evaluationResults().get(0).evalDecisionAsString(), "implicitDeny");
    }

    static void glue() {
        GlueClient c = client("glue", GlueClient.builder());
        String database = c.getDatabases(r -> { }).databaseList().get(0).name();
        String crawler = c.listCrawlers(r -> r.maxResults(1)).crawlerNames().get(0);
        same(c.getCrawler(r -> r.name(crawler)).crawler().stateAsString(), "READY");
        refused(() -> c.getTable(r -> r.databaseName(database).name("nope")), software.amazon.awssdk.services.glue.model.EntityNotFoundException.class, "EntityNotFoundException", 400);
    }

    static void cloudwatch() {
        CloudWatchClient c = client("cloudwatch", CloudWatchClient.builder());
        c.putMetricData(r -> r.namespace("java").metricData(MetricDatum.builder().metricName("m").value(2.5).unit(StandardUnit.COUNT).build()));
        same(c.listMetrics(r -> r.namespace("java")).metrics().get(0).metricName(), "m");
        yes(c.describeAlarmsPaginator(r -> r.maxRecords(3)).metricAlarms().stream().anyMatch(a -> a.alarmName().contains("undelivered")), "the alarm is not listed");
    }

    static void logs() {
        CloudWatchLogsClient c = client("cloudwatchlogs", CloudWatchLogsClient.builder());
        c.createLogGroup(r -> r.logGroupName("/java"));
        same(c.describeLogGroups(r -> r.logGroupNamePrefix("/java")).logGroups().get(0).logGroupName(), "/java");
    }

    static void events() {
        EventBridgeClient c = client("eventbridge", EventBridgeClient.builder());
        same(c.putEvents(r -> r.entries(e -> e.source("java").detailType("t").detail("{}").time(Instant.now()))).failedEntryCount(), 0);
        yes(!c.listRules(r -> r.namePrefix("airline-dev")).rules().isEmpty(), "there is no rule");
    }

    static void kms() {
        KmsClient c = client("kms", KmsClient.builder());
        String key = c.listAliases().aliases().stream().map(a -> a.aliasName()).filter(n -> n.startsWith("alias/airline")).findFirst().get();
        SdkBytes hidden = c.encrypt(r -> r.keyId(key).plaintext(SdkBytes.fromUtf8String("secret"))).ciphertextBlob();
        same(c.decrypt(r -> r.ciphertextBlob(hidden)).plaintext().asUtf8String(), "secret");
    }

    static void redshift() throws Exception {
        RedshiftDataClient c = client("redshiftdata", RedshiftDataClient.builder());
        String id = c.executeStatement(r -> r.workgroupName(told.get("WORKGROUP")).database(told.get("DATABASE")).sql("select 1 a, 'ü' b, null::int c, 2.5::float d")).id();
        until(() -> c.describeStatement(r -> r.id(id)).status() == StatusString.FINISHED);
        var row = c.getStatementResult(r -> r.id(id)).records().get(0);
        same(row.get(0).longValue() + row.get(1).stringValue() + row.get(2).isNull() + row.get(3).doubleValue(), "1ütrue2.5");
        RedshiftClient clusters = client("redshift", RedshiftClient.builder());
        same(clusters.describeClusters().clusters().size(), 0);
        refused(() -> clusters.describeClusters(r -> r.clusterIdentifier("nope")), ClusterNotFoundException.class, "ClusterNotFound", 404);
    }

    interface Test { void run() throws Exception; }

    public static void main(String[] args) {
        Map<String, Test> tests = new LinkedHashMap<>();
        if (raw.isEmpty()) { // without a stack the world is empty, and takes machines of any role
            tests.put("sfn", Clients::sfn);
        } else {
            tests.put("s3", Clients::s3); tests.put("sqs", Clients::sqs); tests.put("sns", Clients::sns); tests.put("identity", Clients::identity);
            tests.put("glue", Clients::glue); tests.put("cloudwatch", Clients::cloudwatch); tests.put("logs", Clients::logs); tests.put("events", Clients::events);
            tests.put("kms", Clients::kms); tests.put("redshift", Clients::redshift);
        }
        boolean failed = false;
        for (var test : tests.entrySet()) {
            try {
                test.getValue().run();
            } catch (Throwable e) {
                failed = true;
                System.err.println(test.getKey() + ":");
                e.printStackTrace();
            }
        }
        StringJoiner object = new StringJoiner(", ", "{", "}");
        spoken.forEach((name, protocol) -> object.add("\"" + name + "\": \"" + protocol + "\""));
        System.out.println(object);
        System.exit(failed ? 1 : 0);
    }
}
