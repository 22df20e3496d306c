package wire_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	rdtypes "github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func TestPipeline(t *testing.T) {
	s := devStack(t)
	ctx := t.Context()
	objects, machines, raw := s.s3("operator"), sfn.NewFromConfig(s.as("operator")), aws.String(s.world.Bucket("raw"))
	list := must[*sfn.ListStateMachinesOutput](t)(machines.ListStateMachines(ctx, &sfn.ListStateMachinesInput{}))
	byName := map[string]*string{}
	for _, m := range list.StateMachines {
		byName[*m.Name] = m.StateMachineArn
	}
	ended := func(name string) (found []sfntypes.ExecutionListItem) {
		out := must[*sfn.ListExecutionsOutput](t)(machines.ListExecutions(ctx, &sfn.ListExecutionsInput{StateMachineArn: byName[s.world.Name(name)], StatusFilter: sfntypes.ExecutionStatusSucceeded}))
		return out.Executions
	}
	for _, f := range []struct{ key, text, machine string }{
		{"airports/airports.csv", airports, "load-airports"}, {"daily-flights/date=2024-05-06/flights.csv", flights, "ingest-flights"},
	} {
		must[*s3.PutObjectOutput](t)(objects.PutObject(ctx, &s3.PutObjectInput{Bucket: raw, Key: &f.key, Body: strings.NewReader(f.text)}))
		eventually(t, "the execution of "+f.machine, func() bool { return len(ended(f.machine)) == 1 })
	}

	t.Run("history in pages, forwards and backwards", func(t *testing.T) {
		arn := ended("ingest-flights")[0].ExecutionArn
		whole := must[*sfn.GetExecutionHistoryOutput](t)(machines.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 1000}))
		var forwards []int64
		pages := sfn.NewGetExecutionHistoryPaginator(machines, &sfn.GetExecutionHistoryInput{ExecutionArn: arn, MaxResults: 7})
		for pages.HasMorePages() {
			for _, e := range must[*sfn.GetExecutionHistoryOutput](t)(pages.NextPage(ctx)).Events {
				forwards = append(forwards, e.Id)
			}
		}
		if len(forwards) != len(whole.Events) || forwards[len(forwards)-1] != int64(len(forwards)) {
			t.Errorf("got the events %v of %d", forwards, len(whole.Events))
		}
		back := must[*sfn.GetExecutionHistoryOutput](t)(machines.GetExecutionHistory(ctx, &sfn.GetExecutionHistoryInput{ExecutionArn: arn, ReverseOrder: true, MaxResults: 1}))
		if e := back.Events[0]; e.Type != sfntypes.HistoryEventTypeExecutionSucceeded || e.Timestamp.IsZero() || e.ExecutionSucceededEventDetails == nil {
			t.Errorf("the last event is %+v", e)
		}
	})
	t.Run("the warehouse", func(t *testing.T) {
		data := redshiftdata.NewFromConfig(s.as("operator"))
		warehouse, database := s.world.Graph.Outputs["warehouse"].(string), s.world.Graph.Outputs["database"].(string)
		started := must[*redshiftdata.ExecuteStatementOutput](t)(data.ExecuteStatement(ctx, &redshiftdata.ExecuteStatementInput{
			WorkgroupName: &warehouse, Database: &database, Sql: aws.String("select carrier, dep_delay from airlines.daily_flights_fact where flight_date = :day order by 1"),
			Parameters: []rdtypes.SqlParameter{{Name: aws.String("day"), Value: aws.String("2024-05-06")}},
		}))
		eventually(t, "the answer", func() bool {
			d := must[*redshiftdata.DescribeStatementOutput](t)(data.DescribeStatement(ctx, &redshiftdata.DescribeStatementInput{Id: started.Id}))
			if d.Status == rdtypes.StatusStringFailed {
				t.Fatal(*d.Error)
			}
			return d.Status == rdtypes.StatusStringFinished
		})
		out := must[*redshiftdata.GetStatementResultOutput](t)(data.GetStatementResult(ctx, &redshiftdata.GetStatementResultInput{Id: started.Id}))
		want := [][]rdtypes.Field{
			{&rdtypes.FieldMemberStringValue{Value: "AA"}, &rdtypes.FieldMemberLongValue{Value: 5}},
			{&rdtypes.FieldMemberStringValue{Value: "BB"}, &rdtypes.FieldMemberIsNull{Value: true}},
		}
		if fmt.Sprint(texts(out.Records)) != fmt.Sprint(texts(want)) || aws.ToString(out.ColumnMetadata[1].Name) != "dep_delay" {
			t.Errorf("got %v, columns %+v", texts(out.Records), out.ColumnMetadata)
		}
	})
	t.Run("the catalog", func(t *testing.T) {
		catalog := glue.NewFromConfig(s.as("operator"))
		database := s.world.Graph.Outputs["glueDatabase"].(string)
		tables := must[*glue.GetTablesOutput](t)(catalog.GetTables(ctx, &glue.GetTablesInput{DatabaseName: &database}))
		if len(tables.TableList) != 2 || tables.TableList[0].CreateTime == nil {
			t.Errorf("got %+v", tables.TableList)
		}
	})
	t.Run("the log of a machine", func(t *testing.T) {
		groups := must[*cloudwatchlogs.DescribeLogGroupsOutput](t)(cloudwatchlogs.NewFromConfig(s.as("operator")).DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/aws/vendedlogs/")}))
		if len(groups.LogGroups) == 0 || aws.ToString(groups.LogGroups[0].Arn) == "" {
			t.Errorf("got %+v", groups)
		}
	})
}

func texts(rows [][]rdtypes.Field) (all [][]string) {
	for _, row := range rows {
		var line []string
		for _, f := range row {
			line = append(line, fmt.Sprintf("%T%+v", f, f))
		}
		all = append(all, line)
	}
	return all
}

func TestWhoCalls(t *testing.T) {
	s := devStack(t)
	ctx := t.Context()
	identity := must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(s.as("operator")).GetCallerIdentity(ctx, nil))
	if want := "arn:aws:iam::" + s.world.Graph.Account + ":user/operator"; *identity.Arn != want || *identity.Account != s.world.Graph.Account {
		t.Errorf("got %s in %s, want %s", *identity.Arn, *identity.Account, want)
	}
	role := s.world.Name("crawler")
	identity = must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(s.as(role)).GetCallerIdentity(ctx, nil))
	if want := ":assumed-role/" + role + "/serve"; !strings.HasSuffix(*identity.Arn, want) {
		t.Errorf("got %s, want %s", *identity.Arn, want)
	}
	config := s.as("operator")
	bad := config
	bad.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "x", "")
	wrong := config
	wrong.Credentials = credentials.NewStaticCredentialsProvider(s.profiles["operator"].ID, "x", "")
	anonymous := config
	anonymous.Credentials = aws.AnonymousCredentials{}
	raw := aws.String(s.world.Bucket("raw"))
	get := func(c aws.Config) error {
		_, err := s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true }).ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: raw})
		return err
	}
	machines := func(c aws.Config) error {
		_, err := sfn.NewFromConfig(c).ListStateMachines(ctx, &sfn.ListStateMachinesInput{})
		return err
	}
	topics := func(c aws.Config) error {
		_, err := sns.NewFromConfig(c).Publish(ctx, &sns.PublishInput{TopicArn: aws.String(fmt.Sprint(s.world.Graph.Outputs["topicArn"])), Message: aws.String("m")})
		return err
	}
	assume := func(c aws.Config) error {
		_, err := sts.NewFromConfig(c).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::" + s.world.Graph.Account + ":role/" + role), RoleSessionName: aws.String("me")})
		return err
	}
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"S3, unknown key":                  {get(bad), "InvalidAccessKeyId 403"},
		"S3, wrong secret":                 {get(wrong), "SignatureDoesNotMatch 403"},
		"S3, nobody":                       {get(anonymous), "AccessDenied 403"},
		"S3, a role without the right":     {get(s.as(s.world.Name("events"))), "AccessDenied 403"},
		"JSON, unknown key":                {machines(bad), "UnrecognizedClientException 400"},
		"JSON, wrong secret":               {machines(wrong), "InvalidSignatureException 400"},
		"JSON, nobody":                     {machines(anonymous), "MissingAuthenticationTokenException 400"},
		"JSON, a role without the right":   {machines(s.as(role)), "AccessDeniedException 400"},
		"Query, unknown key":               {topics(bad), "InvalidClientTokenId 403"},
		"Query, wrong secret":              {topics(wrong), "SignatureDoesNotMatch 403"},
		"Query, a role without the right":  {topics(s.as(role)), "AuthorizationError 403"},
		"a role that trusts services only": {assume(config), "AccessDenied 403"},
	} {
		if got := code(tc.err); got != tc.want {
			t.Errorf("%s: got %s (%v), want %s", name, got, tc.err, tc.want)
		}
	}
}

func TestS3(t *testing.T) {
	s := devStack(t)
	ctx := t.Context()
	client, raw := s.s3("operator"), aws.String(s.world.Bucket("raw"))
	put := func(key, text string, change func(*s3.PutObjectInput)) (*s3.PutObjectOutput, error) {
		in := &s3.PutObjectInput{Bucket: raw, Key: &key, Body: strings.NewReader(text)}
		if change != nil {
			change(in)
		}
		return client.PutObject(ctx, in)
	}
	read := func(t *testing.T, in *s3.GetObjectInput) (string, *s3.GetObjectOutput) {
		t.Helper()
		in.Bucket = raw
		out := must[*s3.GetObjectOutput](t)(client.GetObject(ctx, in))
		defer out.Body.Close()
		return string(must[[]byte](t)(io.ReadAll(out.Body))), out
	}
	t.Run("keys and headers", func(t *testing.T) {
		for _, key := range []string{"k/a b+c%25/ü€.txt", "k/../../../../etc/passwd", "k/$.x {% %} ';--", "k//double/", "k/new\nline"} {
			must[*s3.PutObjectOutput](t)(put(key, key, func(in *s3.PutObjectInput) {
				in.ContentType, in.ContentEncoding, in.Metadata = aws.String("a/b; c=d"), aws.String("x"), map[string]string{"some-name": "Value"}
			}))
			text, out := read(t, &s3.GetObjectInput{Key: &key})
			if text != key || *out.ContentType != "a/b; c=d" || *out.ContentEncoding != "x" || out.Metadata["some-name"] != "Value" || out.LastModified == nil {
				t.Errorf("%q: got %q, %+v", key, text, out)
			}
			if part, _ := read(t, &s3.GetObjectInput{Key: &key, Range: aws.String("bytes=2-3")}); part != key[2:4] {
				t.Errorf("%q: got the range %q", key, part)
			}
		}
		if _, err := os.Stat(filepath.Join(s.world.Dir(), "..", "etc")); err == nil {
			t.Error("a key has left the directory of the buckets")
		}
		var keys []string
		pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: raw, Prefix: aws.String("k/"), MaxKeys: aws.Int32(2), EncodingType: s3types.EncodingTypeUrl})
		for pages.HasMorePages() {
			for _, o := range must[*s3.ListObjectsV2Output](t)(pages.NextPage(ctx)).Contents {
				keys = append(keys, *o.Key)
			}
		}
		if len(keys) != 5 || keys[0] != "k/%24.x%20%7B%25%20%25%7D%20%27%3B--" {
			t.Errorf("got the keys %q", keys)
		}
	})
	t.Run("checksums", func(t *testing.T) {
		for _, a := range s3types.ChecksumAlgorithm("").Values() {
			switch a {
			case s3types.ChecksumAlgorithmCrc32, s3types.ChecksumAlgorithmCrc32c, s3types.ChecksumAlgorithmCrc64nvme, s3types.ChecksumAlgorithmSha1, s3types.ChecksumAlgorithmSha256:
			default: // the client computes no others by itself
				continue
			}
			if _, err := put("sum/"+string(a), "text", func(in *s3.PutObjectInput) { in.ChecksumAlgorithm = a }); err != nil {
				t.Errorf("%s: %v", a, err)
			}
		}
		for name, change := range map[string]func(*s3.PutObjectInput){
			"CRC32":  func(in *s3.PutObjectInput) { in.ChecksumCRC32 = aws.String("AAAAAA==") },
			"SHA256": func(in *s3.PutObjectInput) { in.ChecksumSHA256 = aws.String(strings.Repeat("A", 43) + "=") },
			"MD5":    func(in *s3.PutObjectInput) { in.ContentMD5 = aws.String("AAAAAAAAAAAAAAAAAAAAAA==") },
		} {
			if _, err := put("sum/wrong", "text", change); code(err) != "BadDigest 400" {
				t.Errorf("a wrong %s: got %v", name, err)
			}
		}
		if _, err := client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: raw, Key: aws.String("sum/wrong")}); code(err) != "NotFound 404" {
			t.Errorf("a refused object is there: %v", err)
		}
	})
	t.Run("conditions", func(t *testing.T) {
		first := must[*s3.PutObjectOutput](t)(put("c", "1", func(in *s3.PutObjectInput) { in.IfNoneMatch = aws.String("*") }))
		if _, err := put("c", "2", func(in *s3.PutObjectInput) { in.IfNoneMatch = aws.String("*") }); code(err) != "PreconditionFailed 412" {
			t.Errorf("got %v", err)
		}
		must[*s3.PutObjectOutput](t)(put("c", "2", func(in *s3.PutObjectInput) { in.IfMatch = first.ETag }))
		if text, _ := read(t, &s3.GetObjectInput{Key: aws.String("c"), VersionId: first.VersionId}); text != "1" {
			t.Errorf("the older version is %q", text)
		}
		_, err := client.GetObject(ctx, &s3.GetObjectInput{Bucket: raw, Key: aws.String("c"), IfNoneMatch: must[*s3.HeadObjectOutput](t)(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: raw, Key: aws.String("c")})).ETag})
		var response *smithyhttp.ResponseError
		if !errors.As(err, &response) || response.HTTPStatusCode() != http.StatusNotModified {
			t.Errorf("got %v", err)
		}
	})
	t.Run("deletion and versions", func(t *testing.T) {
		must[*s3.PutObjectOutput](t)(put("d/1", "1", nil))
		deleted := must[*s3.DeleteObjectOutput](t)(client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: raw, Key: aws.String("d/1")}))
		if !aws.ToBool(deleted.DeleteMarker) || deleted.VersionId == nil {
			t.Errorf("got %+v", deleted)
		}
		list := must[*s3.ListObjectVersionsOutput](t)(client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: raw, Prefix: aws.String("d/")}))
		if len(list.Versions) != 1 || len(list.DeleteMarkers) != 1 || !aws.ToBool(list.DeleteMarkers[0].IsLatest) {
			t.Errorf("got %+v and %+v", list.Versions, list.DeleteMarkers)
		}
		out := must[*s3.DeleteObjectsOutput](t)(client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: raw, Delete: &s3types.Delete{Objects: []s3types.ObjectIdentifier{
			{Key: aws.String("d/1"), VersionId: list.Versions[0].VersionId}, {Key: aws.String("d/1"), VersionId: list.DeleteMarkers[0].VersionId},
		}}}))
		if len(out.Deleted) != 2 || len(out.Errors) != 0 {
			t.Errorf("got %+v", out)
		}
	})
	t.Run("multipart", func(t *testing.T) {
		key, part := aws.String("m/whole"), bytes.Repeat([]byte("0123456789abcdef"), 5<<16)
		begun := must[*s3.CreateMultipartUploadOutput](t)(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: raw, Key: key, ChecksumAlgorithm: s3types.ChecksumAlgorithmCrc64nvme}))
		var parts []s3types.CompletedPart
		for n, data := range [][]byte{part, part, []byte("end")} {
			number := aws.Int32(int32(n + 1))
			out := must[*s3.UploadPartOutput](t)(client.UploadPart(ctx, &s3.UploadPartInput{Bucket: raw, Key: key, UploadId: begun.UploadId, PartNumber: number, Body: bytes.NewReader(data)}))
			parts = append(parts, s3types.CompletedPart{PartNumber: number, ETag: out.ETag})
		}
		complete := &s3.CompleteMultipartUploadInput{Bucket: raw, Key: key, UploadId: begun.UploadId, MultipartUpload: &s3types.CompletedMultipartUpload{Parts: []s3types.CompletedPart{parts[1], parts[0]}}}
		if _, err := client.CompleteMultipartUpload(ctx, complete); code(err) != "InvalidPartOrder 400" {
			t.Errorf("got %v", err)
		}
		complete.MultipartUpload.Parts = parts
		done := must[*s3.CompleteMultipartUploadOutput](t)(client.CompleteMultipartUpload(ctx, complete))
		text, _ := read(t, &s3.GetObjectInput{Key: key})
		if len(text) != 2*len(part)+3 || !strings.HasSuffix(text, "end") || !strings.HasSuffix(*done.ETag, `-3"`) {
			t.Errorf("got %d bytes, tag %s", len(text), *done.ETag)
		}
		if left, err := filepath.Glob(filepath.Join(s.world.Dir(), "uploads", "*")); err != nil || len(left) > 0 {
			t.Errorf("left in the directory of uploads: %v, %v", left, err)
		}
	})
	t.Run("parts are copied and listed", func(t *testing.T) {
		source, key := aws.String("other/source.bin"), aws.String("other/parts.bin")
		body := bytes.Repeat([]byte("0123456789abcdef"), 6<<16) // 6 MiB
		must[*s3.PutObjectOutput](t)(client.PutObject(ctx, &s3.PutObjectInput{Bucket: raw, Key: source, Body: bytes.NewReader(body)}))
		begun := must[*s3.CreateMultipartUploadOutput](t)(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: raw, Key: key}))
		copied := func(n int32, span string) *string {
			out := must[*s3.UploadPartCopyOutput](t)(client.UploadPartCopy(ctx, &s3.UploadPartCopyInput{Bucket: raw, Key: key, UploadId: begun.UploadId, PartNumber: &n, CopySource: aws.String(*raw + "/" + *source), CopySourceRange: &span}))
			return out.CopyPartResult.ETag
		}
		first, last := copied(1, fmt.Sprintf("bytes=0-%d", len(body)-5)), copied(2, fmt.Sprintf("bytes=%d-%d", len(body)-4, len(body)-1))
		uploads := must[*s3.ListMultipartUploadsOutput](t)(client.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: raw, Prefix: aws.String("other/")}))
		if len(uploads.Uploads) != 1 || *uploads.Uploads[0].UploadId != *begun.UploadId {
			t.Errorf("got %+v", uploads.Uploads)
		}
		var sizes []int64
		pages := s3.NewListPartsPaginator(client, &s3.ListPartsInput{Bucket: raw, Key: key, UploadId: begun.UploadId, MaxParts: aws.Int32(1)})
		for pages.HasMorePages() {
			for _, p := range must[*s3.ListPartsOutput](t)(pages.NextPage(ctx)).Parts {
				sizes = append(sizes, *p.Size)
			}
		}
		if !slices.Equal(sizes, []int64{int64(len(body)) - 4, 4}) {
			t.Errorf("parts of %v bytes", sizes)
		}
		must[*s3.CompleteMultipartUploadOutput](t)(client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: raw, Key: key, UploadId: begun.UploadId,
			MultipartUpload: &s3types.CompletedMultipartUpload{Parts: []s3types.CompletedPart{{PartNumber: aws.Int32(1), ETag: first}, {PartNumber: aws.Int32(2), ETag: last}}}}))
		out := must[*s3.GetObjectOutput](t)(client.GetObject(ctx, &s3.GetObjectInput{Bucket: raw, Key: key}))
		got, err := io.ReadAll(out.Body)
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("the copy has %d bytes, %v", len(got), err)
		}
	})
	t.Run("tags", func(t *testing.T) {
		key := aws.String("other/tagged")
		must[*s3.PutObjectOutput](t)(client.PutObject(ctx, &s3.PutObjectInput{Bucket: raw, Key: key, Body: strings.NewReader("x")}))
		tags := func() string {
			var list []string
			for _, tag := range must[*s3.GetObjectTaggingOutput](t)(client.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: raw, Key: key})).TagSet {
				list = append(list, *tag.Key+"="+*tag.Value)
			}
			return strings.Join(list, " ")
		}
		if got := tags(); got != "" {
			t.Errorf("got %s", got)
		}
		put := func(list ...string) error {
			set := []s3types.Tag{}
			for i := 0; i < len(list); i += 2 {
				set = append(set, s3types.Tag{Key: &list[i], Value: &list[i+1]})
			}
			_, err := client.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{Bucket: raw, Key: key, Tagging: &s3types.Tagging{TagSet: set}})
			return err
		}
		if err := put("b", "<2>", "a", ""); err != nil || tags() != "a= b=<2>" {
			t.Errorf("got %s, %v", tags(), err)
		}
		if err := put("a", "1", "a", "2"); code(err) != "InvalidTag 400" {
			t.Errorf("a key twice: %v", err)
		}
		must[*s3.DeleteObjectTaggingOutput](t)(client.DeleteObjectTagging(ctx, &s3.DeleteObjectTaggingInput{Bucket: raw, Key: key}))
		if got := tags(); got != "" {
			t.Errorf("got %s", got)
		}
	})
	t.Run("presigned", func(t *testing.T) {
		signer := s3.NewPresignClient(client)
		key := aws.String("p/a b")
		up := must[string](t)(presigned(signer.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: raw, Key: key})))
		if status, text := ask(t, http.MethodPut, up, "text"); status != 200 {
			t.Fatalf("got %d %s", status, text)
		}
		down := must[string](t)(presigned(signer.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: raw, Key: key, ResponseContentType: aws.String("x/y")})))
		if status, text := ask(t, http.MethodGet, down, ""); status != 200 || text != "text" {
			t.Errorf("got %d %s", status, text)
		}
		if status, text := ask(t, http.MethodGet, strings.Replace(down, "p/a", "p/b", 1), ""); status != 403 || !strings.Contains(text, "SignatureDoesNotMatch") {
			t.Errorf("got %d %s", status, text)
		}
	})
	t.Run("not modelled", func(t *testing.T) {
		_, err := client.PutBucketWebsite(ctx, &s3.PutBucketWebsiteInput{Bucket: raw, WebsiteConfiguration: &s3types.WebsiteConfiguration{IndexDocument: &s3types.IndexDocument{Suffix: aws.String("i")}}})
		if code(err) != "NotImplemented 501" || !strings.Contains(err.Error(), "PutBucketWebsite") {
			t.Errorf("got %v", err)
		}
		if _, err := put("c", "x", func(in *s3.PutObjectInput) { in.StorageClass = s3types.StorageClassGlacier }); code(err) != "NotImplemented 501" || !strings.Contains(err.Error(), "StorageClass") {
			t.Errorf("got %v", err)
		}
		if n := s.Summary().Refused["s3:PutBucketWebsite"]; n != 1 {
			t.Errorf("it was counted %d times", n)
		}
	})
}

func TestMessages(t *testing.T) {
	s := devStack(t)
	ctx := t.Context()
	queues, config := sqs.NewFromConfig(s.as("operator")), s.as("operator")
	url := must[*sqs.GetQueueUrlOutput](t)(queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(s.world.Name("undelivered"))})).QueueUrl
	begun := time.Now()
	empty := must[*sqs.ReceiveMessageOutput](t)(queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url, WaitTimeSeconds: 1}))
	if waited := time.Since(begun); len(empty.Messages) != 0 || waited < 900*time.Millisecond {
		t.Errorf("an empty queue answered %d messages after %s", len(empty.Messages), waited)
	}
	received := make(chan *sqs.ReceiveMessageOutput, 1)
	go func() {
		out, err := queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: url, WaitTimeSeconds: 20, MessageAttributeNames: []string{"All"}})
		if err != nil {
			t.Error(err)
		}
		received <- out
	}()
	must[*sqs.SendMessageOutput](t)(queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("<ü>"), MessageAttributes: map[string]sqstypes.MessageAttributeValue{
		"k": {DataType: aws.String("Binary"), BinaryValue: []byte{0, 255}},
	}}))
	out := <-received
	if out == nil || len(out.Messages) != 1 || *out.Messages[0].Body != "<ü>" || string(out.Messages[0].MessageAttributes["k"].BinaryValue) != "\x00\xff" {
		t.Fatalf("got %+v", out)
	}
	must[*sqs.DeleteMessageOutput](t)(queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: url, ReceiptHandle: out.Messages[0].ReceiptHandle}))
	_, err := queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("nope")})
	var missing *sqstypes.QueueDoesNotExist
	if !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
	must[*sns.PublishOutput](t)(sns.NewFromConfig(config).Publish(ctx, &sns.PublishInput{TopicArn: aws.String(fmt.Sprint(s.world.Graph.Outputs["topicArn"])), Message: aws.String("a & b")}))
	must[*cloudwatch.PutMetricDataOutput](t)(cloudwatch.NewFromConfig(config).PutMetricData(ctx, &cloudwatch.PutMetricDataInput{Namespace: aws.String("n"), MetricData: []cwtypes.MetricDatum{{MetricName: aws.String("m"), Value: aws.Float64(1)}}}))
	match := must[*eventbridge.TestEventPatternOutput](t)(eventbridge.NewFromConfig(config).TestEventPattern(ctx, &eventbridge.TestEventPatternInput{
		EventPattern: aws.String(`{"source": ["s"]}`), Event: aws.String(`{"id":"1","detail-type":"t","source":"s","account":"123456789012","time":"2024-01-01T00:00:00Z","region":"eu-west-1","resources":[],"detail":{}}`),
	}))
	if !match.Result {
		t.Error("the pattern does not match")
	}
}

func TestBrokenRequests(t *testing.T) {
	s := devStack(t)
	for _, tc := range []struct {
		name, want string
		headers    map[string]string
		body       string
	}{
		{"no JSON", "MissingAuthenticationTokenException", map[string]string{"X-Amz-Target": "AWSStepFunctions.StartExecution"}, "{"},
		{"an unknown service", "NotImplemented", map[string]string{"X-Amz-Target": "DynamoDB_20120810.PutItem"}, "{}"},
		{"a form without a signature", "AccessDenied", nil, ""},
		{"CBOR of another service", "NotImplemented", map[string]string{"Smithy-Protocol": "rpc-v2-cbor"}, "\xa0"},
		{"a body beyond all limits", "RequestEntityTooLarge", map[string]string{"X-Amz-Target": "AWSGlue.GetTables"}, strings.Repeat(" ", 9<<20)},
	} {
		r := must[*http.Request](t)(http.NewRequestWithContext(t.Context(), http.MethodPost, s.url, strings.NewReader(tc.body)))
		for name, value := range tc.headers {
			r.Header.Set(name, value)
		}
		out := must[*http.Response](t)(http.DefaultClient.Do(r))
		text := must[[]byte](t)(io.ReadAll(out.Body))
		out.Body.Close()
		if out.StatusCode < 400 || !strings.Contains(string(text), tc.want) {
			t.Errorf("%s: got %d %s, want %s", tc.name, out.StatusCode, text, tc.want)
		}
	}
}
