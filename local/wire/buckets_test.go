package wire_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/wire"
)

// TestBuckets: a bucket of one's own in an empty world, its configuration, and its end.
func TestBuckets(t *testing.T) {
	s, _ := noStack(t, wire.Options{})
	client := s.s3("operator")
	ctx, own := t.Context(), aws.String("my-own-bucket")
	put := func(key, body string, options ...func(*s3.PutObjectInput)) error {
		in := &s3.PutObjectInput{Bucket: own, Key: &key, Body: strings.NewReader(body)}
		for _, o := range options {
			o(in)
		}
		_, err := client.PutObject(ctx, in)
		return err
	}
	for _, name := range []string{"My-bucket", "a", "192.168.1.1", "xn--a", "a..b", "b--x-s3", "-a-"} { // the SDK refuses some of them itself
		if w := s.send(t, "s3", http.MethodPut, "/"+name, "", nil, ""); w.Code != 400 || !strings.Contains(w.Body.String(), "InvalidBucketName") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	for _, body := range []string{"<Other/>", "<VersioningConfiguration><Status>On</Status></VersioningConfiguration>", "<VersioningConfiguration><Status><a/></Status></VersioningConfiguration>", "<VersioningConfiguration>"} {
		if w := s.send(t, "s3", http.MethodPut, "/my-own-bucket", "versioning", nil, body); w.Code != 400 && w.Code != 404 {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	if w := s.send(t, "s3", http.MethodPut, "/my-own-bucket", "versioning", nil, "<VersioningConfiguration><Other>1</Other></VersioningConfiguration>"); w.Code != 501 || !strings.Contains(w.Body.String(), "VersioningConfiguration.Other") {
		t.Errorf("an unknown element: %d %s", w.Code, w.Body)
	}
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: own, CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}})
	if code(err) != "IllegalLocationConstraintException 400" {
		t.Errorf("another region: %v", err)
	}
	for range 2 { // in us-east-1 the second time is a success, too
		must[*s3.CreateBucketOutput](t)(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: own}))
	}

	if err := put("a", "1"); err != nil {
		t.Fatal(err)
	}
	must[*s3.PutBucketVersioningOutput](t)(client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: own, VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}}))
	for _, body := range []string{"2", "3"} {
		if err := put("a", body); err != nil {
			t.Fatal(err)
		}
	}
	if out := must[*s3.ListObjectVersionsOutput](t)(client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: own})); len(out.Versions) != 3 || *out.Versions[2].VersionId != "null" {
		t.Errorf("versions %+v", out.Versions)
	}

	if _, err := client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: own}); code(err) != "NoSuchTagSet 404" {
		t.Errorf("no tags: %v", err)
	}
	must[*s3.PutBucketTaggingOutput](t)(client.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: own, Tagging: &s3types.Tagging{TagSet: []s3types.Tag{{Key: aws.String("x"), Value: aws.String("<y>")}}}}))
	if out := must[*s3.GetBucketTaggingOutput](t)(client.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: own})); len(out.TagSet) != 1 || *out.TagSet[0].Value != "<y>" {
		t.Errorf("tags %+v", out.TagSet)
	}
	must[*s3.DeleteBucketTaggingOutput](t)(client.DeleteBucketTagging(ctx, &s3.DeleteBucketTaggingInput{Bucket: own}))

	if out := must[*s3.GetPublicAccessBlockOutput](t)(client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: own})); !*out.PublicAccessBlockConfiguration.BlockPublicPolicy {
		t.Errorf("a new bucket is open to the public")
	}
	must[*s3.PutPublicAccessBlockOutput](t)(client.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: own, PublicAccessBlockConfiguration: &s3types.PublicAccessBlockConfiguration{BlockPublicAcls: aws.Bool(true)}}))
	if out := must[*s3.GetPublicAccessBlockOutput](t)(client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: own})); *out.PublicAccessBlockConfiguration.BlockPublicPolicy || !*out.PublicAccessBlockConfiguration.BlockPublicAcls {
		t.Errorf("block %+v", out.PublicAccessBlockConfiguration)
	}
	must[*s3.DeletePublicAccessBlockOutput](t)(client.DeletePublicAccessBlock(ctx, &s3.DeletePublicAccessBlockInput{Bucket: own}))
	if _, err := client.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: own}); code(err) != "NoSuchPublicAccessBlockConfiguration 404" {
		t.Errorf("no block: %v", err)
	}

	queue := &s3types.NotificationConfiguration{QueueConfigurations: []s3types.QueueConfiguration{{QueueArn: aws.String("arn:aws:sqs:us-east-1:123456789012:q"), Events: []s3types.Event{"s3:ObjectCreated:*"}}}}
	if _, err := client.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: own, NotificationConfiguration: queue}); code(err) != "NotImplemented 501" {
		t.Errorf("a queue's notifications: %v", err)
	}
	must[*s3.PutBucketNotificationConfigurationOutput](t)(client.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: own, NotificationConfiguration: &s3types.NotificationConfiguration{EventBridgeConfiguration: &s3types.EventBridgeConfiguration{}}}))
	if out := must[*s3.GetBucketNotificationConfigurationOutput](t)(client.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: own})); out.EventBridgeConfiguration == nil {
		t.Errorf("no notifications to EventBridge")
	}

	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:DeleteObject","Resource":"arn:aws:s3:::my-own-bucket/keep/*"}]}`
	if _, err := client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: own, Policy: aws.String(policy[1:])}); code(err) != "MalformedPolicy 400" {
		t.Errorf("no JSON: %v", err)
	}
	must[*s3.PutBucketPolicyOutput](t)(client.PutBucketPolicy(ctx, &s3.PutBucketPolicyInput{Bucket: own, Policy: &policy}))
	if out := must[*s3.GetBucketPolicyOutput](t)(client.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: own})); *out.Policy != policy {
		t.Errorf("policy %s", *out.Policy)
	}
	if err := put("keep/a", "1"); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: own, Key: aws.String("keep/a")}); code(err) != "AccessDenied 403" {
		t.Errorf("what the policy keeps: %v", err)
	}
	must[*s3.DeleteBucketPolicyOutput](t)(client.DeleteBucketPolicy(ctx, &s3.DeleteBucketPolicyInput{Bucket: own}))

	if _, err := client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: own}); code(err) != "BucketNotEmpty 409" {
		t.Errorf("a bucket that holds objects: %v", err)
	}
	for _, v := range must[*s3.ListObjectVersionsOutput](t)(client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: own})).Versions {
		must[*s3.DeleteObjectOutput](t)(client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: own, Key: v.Key, VersionId: v.VersionId}))
	}
	must[*s3.DeleteBucketOutput](t)(client.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: own}))
	if _, err := client.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: own}); code(err) != "NotFound 404" {
		t.Errorf("a bucket that is deleted: %v", err)
	}
}

// TestConfigurationOfBuckets: the deployed buckets tell what the program gave them, and what they do not have as S3 does.
func TestConfigurationOfBuckets(t *testing.T) {
	s := devStack(t)
	client, ctx, raw := s.s3("operator"), t.Context(), aws.String(s.world.Bucket("raw"))
	if out := must[*s3.GetBucketEncryptionOutput](t)(client.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: raw})); !*out.ServerSideEncryptionConfiguration.Rules[0].BucketKeyEnabled ||
		out.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm != s3types.ServerSideEncryptionAwsKms {
		t.Errorf("encryption %+v", out.ServerSideEncryptionConfiguration.Rules)
	}
	if out := must[*s3.GetBucketLifecycleConfigurationOutput](t)(client.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: raw})); *out.Rules[0].ID != "leftovers" || *out.Rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation != 7 {
		t.Errorf("lifecycle %+v", out.Rules)
	}
	if out := must[*s3.GetBucketLoggingOutput](t)(client.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: raw})); *out.LoggingEnabled.TargetPrefix != "s3/raw/" {
		t.Errorf("logging %+v", out.LoggingEnabled)
	}
	if out := must[*s3.GetBucketOwnershipControlsOutput](t)(client.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: raw})); out.OwnershipControls.Rules[0].ObjectOwnership != s3types.ObjectOwnershipBucketOwnerEnforced {
		t.Errorf("ownership %+v", out.OwnershipControls.Rules)
	}
	if out := must[*s3.GetBucketPolicyStatusOutput](t)(client.GetBucketPolicyStatus(ctx, &s3.GetBucketPolicyStatusInput{Bucket: raw})); *out.PolicyStatus.IsPublic {
		t.Error("the bucket is public")
	}
	if out := must[*s3.GetBucketRequestPaymentOutput](t)(client.GetBucketRequestPayment(ctx, &s3.GetBucketRequestPaymentInput{Bucket: raw})); out.Payer != s3types.PayerBucketOwner {
		t.Errorf("payer %s", out.Payer)
	}
	if out := must[*s3.GetBucketAccelerateConfigurationOutput](t)(client.GetBucketAccelerateConfiguration(ctx, &s3.GetBucketAccelerateConfigurationInput{Bucket: raw})); out.Status != "" {
		t.Errorf("accelerated: %s", out.Status)
	}
	must[*s3.PutObjectOutput](t)(client.PutObject(ctx, &s3.PutObjectInput{Bucket: raw, Key: aws.String("other/a"), Body: strings.NewReader("1")}))
	bucket := must[*s3.GetBucketAclOutput](t)(client.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: raw}))
	object := must[*s3.GetObjectAclOutput](t)(client.GetObjectAcl(ctx, &s3.GetObjectAclInput{Bucket: raw, Key: aws.String("other/a")}))
	for _, grants := range [][]s3types.Grant{bucket.Grants, object.Grants} {
		if len(grants) != 1 || grants[0].Permission != s3types.PermissionFullControl || grants[0].Grantee.Type != s3types.TypeCanonicalUser || *grants[0].Grantee.ID != *bucket.Owner.ID {
			t.Errorf("grants %+v", grants)
		}
	}
	_, err := client.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: raw})
	if code(err) != "NoSuchCORSConfiguration 404" {
		t.Error(err)
	}
	if _, err = client.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: raw}); code(err) != "NoSuchWebsiteConfiguration 404" {
		t.Error(err)
	}
	if _, err = client.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: raw}); code(err) != "ReplicationConfigurationNotFoundError 404" {
		t.Error(err)
	}
	if _, err = client.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: raw}); code(err) != "ObjectLockConfigurationNotFoundError 404" {
		t.Error(err)
	}
}

// TestObjects: conditions, parts, what is said of objects and how lists group them.
func TestObjects(t *testing.T) {
	s, _ := noStack(t, wire.Options{})
	client := s.s3("operator")
	ctx, own := t.Context(), aws.String("objects")
	must[*s3.CreateBucketOutput](t)(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: own}))
	for header, want := range map[string]int{
		"x-amz-checksum-md5": 200, "x-amz-checksum-sha512": 400, "x-amz-checksum-xxhash64": 501, // the MD5 of "text" is no SHA-512
	} {
		w := s.send(t, "s3", http.MethodPut, "/objects/a", "", map[string]string{header: "HLJR7A1WjeapKbUgxK7Y0Q=="}, "text")
		if w.Code != want || want == 501 && !strings.Contains(w.Body.String(), header) {
			t.Errorf("%s: %d %s", header, w.Code, w.Body)
		}
	}
	expires := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	must[*s3.PutObjectOutput](t)(client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: own, Key: aws.String("a"), Body: strings.NewReader("text"), Tagging: aws.String("k=v%20w&l="), CacheControl: aws.String("no-cache"), Expires: &expires,
	}))
	head := must[*s3.HeadObjectOutput](t)(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: own, Key: aws.String("a")}))
	if *head.TagCount != 2 || *head.CacheControl != "no-cache" || *head.ExpiresString != "Wed, 02 Jan 2030 03:04:05 GMT" {
		t.Errorf("head %+v", head)
	}
	for _, tagging := range []string{"a=1&a=2", "=1", "a=%zz"} {
		if _, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: own, Key: aws.String("b"), Body: strings.NewReader(""), Tagging: &tagging}); code(err) != "InvalidArgument 400" {
			t.Errorf("tags %s: %v", tagging, err)
		}
	}
	read := func(change func(*s3.GetObjectInput)) (string, error) {
		in := &s3.GetObjectInput{Bucket: own, Key: aws.String("a")}
		change(in)
		out, err := client.GetObject(ctx, in)
		if err != nil {
			return "", err
		}
		text, err := io.ReadAll(out.Body)
		return string(text), err
	}
	before, after := head.LastModified.Add(-time.Minute), head.LastModified.Add(time.Minute)
	for name, c := range map[string]struct {
		change func(*s3.GetObjectInput)
		want   string // the text or the error
	}{
		"modified since":                      {func(in *s3.GetObjectInput) { in.IfModifiedSince = &before }, "text"},
		"not modified since":                  {func(in *s3.GetObjectInput) { in.IfModifiedSince = &after }, "NotModified 304"},
		"unmodified since":                    {func(in *s3.GetObjectInput) { in.IfUnmodifiedSince = &after }, "text"},
		"not unmodified since":                {func(in *s3.GetObjectInput) { in.IfUnmodifiedSince = &before }, "PreconditionFailed 412"},
		"a tag weighs more than a date":       {func(in *s3.GetObjectInput) { in.IfMatch, in.IfUnmodifiedSince = head.ETag, &before }, "text"},
		"another tag, but modified since":     {func(in *s3.GetObjectInput) { in.IfNoneMatch, in.IfModifiedSince = head.ETag, &before }, "NotModified 304"},
		"the only part":                       {func(in *s3.GetObjectInput) { in.PartNumber = aws.Int32(1) }, "text"},
		"a part that is not there":            {func(in *s3.GetObjectInput) { in.PartNumber = aws.Int32(2) }, "InvalidPartNumber 416"},
		"a part and a range":                  {func(in *s3.GetObjectInput) { in.PartNumber, in.Range = aws.Int32(1), aws.String("bytes=0-0") }, "InvalidRequest 400"},
		"a range in a unit that nobody knows": {func(in *s3.GetObjectInput) { in.Range = aws.String("lines=1-2") }, "text"},
		"a range":                             {func(in *s3.GetObjectInput) { in.Range = aws.String("bytes=1-2") }, "ex"},
	} {
		if got, err := read(c.change); got != c.want && code(err) != c.want {
			t.Errorf("%s: %q, %v; want %s", name, got, err, c.want)
		}
	}

	begun := must[*s3.CreateMultipartUploadOutput](t)(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: own, Key: aws.String("large"), ContentDisposition: aws.String("attachment"), Tagging: aws.String("k=v"),
	}))
	list := &s3types.CompletedMultipartUpload{}
	for n, size := range []int{5 << 20, 7} {
		n := aws.Int32(int32(n + 1))
		part := must[*s3.UploadPartOutput](t)(client.UploadPart(ctx, &s3.UploadPartInput{Bucket: own, Key: aws.String("large"), UploadId: begun.UploadId, PartNumber: n, Body: bytes.NewReader(bytes.Repeat([]byte{byte(*n)}, size))}))
		list.Parts = append(list.Parts, s3types.CompletedPart{PartNumber: n, ETag: part.ETag})
	}
	must[*s3.CompleteMultipartUploadOutput](t)(client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{Bucket: own, Key: aws.String("large"), UploadId: begun.UploadId, MultipartUpload: list}))
	last := must[*s3.GetObjectOutput](t)(client.GetObject(ctx, &s3.GetObjectInput{Bucket: own, Key: aws.String("large"), PartNumber: aws.Int32(2)}))
	if text, err := io.ReadAll(last.Body); err != nil || len(text) != 7 || *last.PartsCount != 2 || *last.ContentRange != "bytes 5242880-5242886/5242887" || *last.ContentDisposition != "attachment" {
		t.Errorf("part 2 has %d bytes of %s, %v", len(text), aws.ToString(last.ContentRange), err)
	}
	if first := must[*s3.HeadObjectOutput](t)(client.HeadObject(ctx, &s3.HeadObjectInput{Bucket: own, Key: aws.String("large"), PartNumber: aws.Int32(1)})); *first.ContentLength != 5<<20 || *first.PartsCount != 2 {
		t.Errorf("part 1 has %d bytes", *first.ContentLength)
	}

	from := func(change func(*s3.CopyObjectInput)) error {
		in := &s3.CopyObjectInput{Bucket: own, Key: aws.String("copies/of large"), CopySource: aws.String("objects/large")}
		change(in)
		_, err := client.CopyObject(ctx, in)
		return err
	}
	for name, change := range map[string]func(*s3.CopyObjectInput){
		"another tag": func(in *s3.CopyObjectInput) { in.CopySourceIfMatch = head.ETag },
		"this tag":    func(in *s3.CopyObjectInput) { in.CopySourceIfNoneMatch = last.ETag },
		"not modified since": func(in *s3.CopyObjectInput) {
			in.CopySourceIfModifiedSince = aws.Time(last.LastModified.Add(time.Minute))
		},
		"not unmodified since": func(in *s3.CopyObjectInput) {
			in.CopySourceIfUnmodifiedSince = aws.Time(last.LastModified.Add(-time.Minute))
		},
	} {
		if err := from(change); code(err) != "PreconditionFailed 412" {
			t.Errorf("a copy of a source with %s: %v", name, err)
		}
	}
	if err := from(func(in *s3.CopyObjectInput) { in.CopySourceIfMatch = last.ETag }); err != nil {
		t.Fatal(err)
	}
	whole := must[*s3.GetObjectOutput](t)(client.GetObject(ctx, &s3.GetObjectInput{Bucket: own, Key: aws.String("copies/of large")}))
	if text, err := io.ReadAll(whole.Body); err != nil || len(text) != 5<<20+7 || text[len(text)-1] != 2 || *whole.TagCount != 1 || *whole.ContentDisposition != "attachment" || strings.Contains(*whole.ETag, "-") {
		t.Errorf("the copy has %d bytes, %s, %v", len(text), *whole.ETag, err)
	}
	if err := from(func(in *s3.CopyObjectInput) {
		in.MetadataDirective, in.Metadata, in.TaggingDirective, in.Tagging = s3types.MetadataDirectiveReplace, map[string]string{"q": "r"}, s3types.TaggingDirectiveReplace, aws.String("other=1")
	}); err != nil {
		t.Fatal(err)
	}
	if tags := must[*s3.GetObjectTaggingOutput](t)(client.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: own, Key: aws.String("copies/of large")})).TagSet; len(tags) != 1 || *tags[0].Key != "other" {
		t.Errorf("tags %v", tags)
	}

	must[*s3.PutBucketVersioningOutput](t)(client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: own, VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}}))
	for _, key := range []string{"d/1", "d/2", "e", "f/1"} {
		must[*s3.PutObjectOutput](t)(client.PutObject(ctx, &s3.PutObjectInput{Bucket: own, Key: &key, Body: strings.NewReader("")}))
		must[*s3.CreateMultipartUploadOutput](t)(client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: own, Key: &key}))
	}
	var seen []string
	for pages := s3.NewListObjectVersionsPaginator(client, &s3.ListObjectVersionsInput{Bucket: own, Delimiter: aws.String("/"), MaxKeys: aws.Int32(1)}); pages.HasMorePages(); {
		page := must[*s3.ListObjectVersionsOutput](t)(pages.NextPage(ctx))
		for _, v := range page.Versions {
			seen = append(seen, *v.Key)
		}
		for _, p := range page.CommonPrefixes {
			seen = append(seen, *p.Prefix)
		}
	}
	if !slices.Equal(seen, []string{"a", "copies/", "d/", "e", "f/", "large"}) {
		t.Errorf("versions by a delimiter %v", seen)
	}
	seen = nil
	for pages := s3.NewListMultipartUploadsPaginator(client, &s3.ListMultipartUploadsInput{Bucket: own, Delimiter: aws.String("/"), MaxUploads: aws.Int32(1)}); pages.HasMorePages(); {
		page := must[*s3.ListMultipartUploadsOutput](t)(pages.NextPage(ctx))
		for _, u := range page.Uploads {
			seen = append(seen, *u.Key)
		}
		for _, p := range page.CommonPrefixes {
			seen = append(seen, *p.Prefix)
		}
	}
	if !slices.Equal(seen, []string{"d/", "e", "f/"}) {
		t.Errorf("uploads by a delimiter %v", seen)
	}

	del := func(key, match string) error {
		_, err := client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: own, Key: &key, IfMatch: &match})
		return err
	}
	if err := del("a", `"other"`); code(err) != "PreconditionFailed 412" {
		t.Errorf("a deletion with another tag: %v", err)
	}
	if err := del("none", "*"); code(err) != "NoSuchKey 404" {
		t.Errorf("a deletion of what is not there: %v", err)
	}
	if err := del("a", *head.ETag); err != nil {
		t.Error(err)
	}
	if err := del("a", "*"); code(err) != "PreconditionFailed 412" {
		t.Errorf("a deletion of what is deleted: %v", err)
	}
	several := must[*s3.DeleteObjectsOutput](t)(client.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: own, Delete: &s3types.Delete{Objects: []s3types.ObjectIdentifier{
		{Key: aws.String("e"), ETag: aws.String(`"other"`)}, {Key: aws.String("d/1")},
	}}}))
	if len(several.Errors) != 1 || *several.Errors[0].Code != "PreconditionFailed" || len(several.Deleted) != 1 {
		t.Errorf("deleted %+v, errors %+v", several.Deleted, several.Errors)
	}
}
