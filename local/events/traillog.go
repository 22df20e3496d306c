package events

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/asl/jsonvalue"
	"airline/local/door"
)

// Buckets is where log files are written.
type Buckets interface {
	PutObject(context.Context, *sdk.PutObjectInput, ...func(*sdk.Options)) (*sdk.PutObjectOutput, error)
}

// logEvery is how often CloudTrail delivers a log file: about every five minutes.
const logEvery = 5 * time.Minute

// StartLogging checks for every trail that CloudTrail may write to its bucket, as CreateTrail does, and lets
// the trails write.
func (s *Service) StartLogging(buckets Buckets) error {
	s.buckets = buckets
	for _, t := range s.trails {
		ctx := s.trailSession(t)
		for _, need := range []door.Request{
			{Action: "s3:GetBucketAcl", Resource: "arn:" + s.place.Partition + ":s3:::" + t.bucket},
			{Action: "s3:PutObject", Resource: fmt.Sprintf("arn:%s:s3:::%s/%s", s.place.Partition, t.bucket, t.folder()+"AWSLogs/"+s.place.Account+"/"), Keys: map[string][]string{"s3:x-amz-acl": {"bucket-owner-full-control"}}},
		} {
			if err := s.door.Authorize(ctx, "s3", need); err != nil {
				return fmt.Errorf("InsufficientS3BucketPolicyException: incorrect S3 bucket policy is detected for bucket %s of the trail %s: %w", t.bucket, t.name, err)
			}
		}
	}
	return nil
}

func (s *Service) trailSession(t *Trail) context.Context {
	return door.As(context.Background(), door.Principal{Service: "cloudtrail.amazonaws.com", SourceARN: t.arn, Account: s.place.Account})
}

func (t *Trail) folder() string {
	if t.prefix == "" {
		return ""
	}
	return t.prefix + "/"
}

// logLater puts a record into the trail's next log file.
func (s *Service) logLater(t *Trail, record *jsonvalue.Object) {
	t.pending = append(t.pending, record)
	if len(t.pending) == 1 {
		s.clock.After(logEvery, func() { s.writeLog(t) })
	}
}

func (s *Service) writeLog(t *Trail) {
	file := jsonvalue.NewObject(1)
	file.Set("Records", t.pending)
	count := len(t.pending)
	t.pending = nil
	var data bytes.Buffer
	z := gzip.NewWriter(&data)
	z.Write(jsonvalue.Append(nil, file)) // a bytes.Buffer takes everything
	z.Close()
	now := s.door.Now().UTC()
	key := fmt.Sprintf("%sAWSLogs/%s/CloudTrail/%s/%s/%s_CloudTrail_%s_%s_%s.json.gz", t.folder(), s.place.Account, s.place.Region,
		now.Format("2006/01/02"), s.place.Account, s.place.Region, now.Format("20060102T1504Z"), s.door.UUID()[:8])
	s.door.Report(s.door.Meter(door.Usage{Item: "cloudtrail.data-event", Quantity: float64(count)}))
	in := &sdk.PutObjectInput{
		Bucket: aws.String(t.bucket), Key: aws.String(key), Body: bytes.NewReader(data.Bytes()),
		ContentType: aws.String("application/json"), ContentEncoding: aws.String("gzip"), ACL: types.ObjectCannedACLBucketOwnerFullControl,
	}
	if t.key != "" {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, aws.String(t.key)
		in.SSEKMSEncryptionContext = aws.String(base64.StdEncoding.EncodeToString([]byte(`{"aws:cloudtrail:arn":"` + t.arn + `"}`)))
	}
	if _, err := s.buckets.PutObject(s.trailSession(t), in); err != nil {
		s.door.Report(fmt.Errorf("trail %s: writing %s: %w", t.name, key, err))
	}
}
