package events

import (
	"errors"
	"strings"
	"time"

	"github.com/aws/smithy-go"

	"airline/asl/jsonvalue"
	"airline/local/door"
	"airline/local/s3"
)

// S3 takes a call on an object: it becomes the bucket's own event, a trail's record, both or nothing. It is
// made for (*s3.Service).Observe.
func (s *Service) S3(a s3.Access) {
	if e := s.notification(a); e != nil {
		// S3's own events arrive within a second or two.
		s.clock.After(500*time.Millisecond+s.jitter(time.Second), func() { s.Emit(e) })
	}
	var event *jsonvalue.Object
	for _, t := range s.trails {
		if !t.selects(a, s.place.Partition) {
			continue
		}
		record := s.record(a)
		s.logLater(t, record)
		// Without a trail CloudTrail sends no data events, and read-only calls never reach EventBridge.
		if !a.ReadOnly && event == nil {
			event = s.envelope("aws.s3", "AWS API Call via CloudTrail", a.Time, []any{}, record)
		}
	}
	if event != nil {
		// Data events reach EventBridge within minutes at best effort.
		s.clock.After(45*time.Second+s.jitter(2*time.Minute), func() { s.Emit(event) })
	}
}

// notification is the event of a bucket that sends its notifications to EventBridge, nil for calls that make none.
func (s *Service) notification(a s3.Access) *jsonvalue.Object {
	if !a.Notifies || a.Err != nil {
		return nil
	}
	var detailType string
	o := object("key", a.Key)
	switch a.API {
	case "PutObject", "CopyObject", "CompleteMultipartUpload":
		detailType = "Object Created"
		o.Set("size", float64(a.Size))
		o.Set("etag", strings.Trim(a.ETag, `"`))
	case "DeleteObject":
		if a.Deletion == "" {
			return nil
		}
		detailType = "Object Deleted"
		if a.Deletion == s3.MarkerCreated {
			o.Set("etag", emptyETag)
		}
	default:
		return nil
	}
	if a.VersionID != "" {
		o.Set("version-id", a.VersionID)
	}
	o.Set("sequencer", a.Sequencer)
	detail := object(
		"version", "0",
		"bucket", object("name", a.Bucket),
		"object", o,
		"request-id", a.RequestID,
		"requester", s.requester(a.Principal),
		"source-ip-address", "127.0.0.1",
		"reason", a.API,
	)
	if a.Deletion != "" {
		detail.Set("deletion-type", a.Deletion)
	}
	return s.envelope("aws.s3", detailType, a.Time, []any{"arn:" + s.place.Partition + ":s3:::" + a.Bucket}, detail)
}

// emptyETag is the entity tag of a delete marker, which has no bytes.
const emptyETag = "d41d8cd98f00b204e9800998ecf8427e"

func (s *Service) requester(p door.Principal) string {
	if p.Service != "" {
		return p.Service
	}
	return p.Account
}

// record is the call as CloudTrail writes it.
func (s *Service) record(a s3.Access) *jsonvalue.Object {
	parameters := object("bucketName", a.Bucket, "Host", a.Bucket+".s3."+s.place.Region+".amazonaws.com", "key", a.Key)
	for _, name := range []string{"uploadId", "x-amz-copy-source"} {
		if v, ok := a.Parameters[name]; ok {
			parameters.Set(name, v)
		}
	}
	var response any
	if a.Err == nil && !a.ReadOnly {
		headers := jsonvalue.NewObject(2)
		if a.KMSKey != "" {
			headers.Set("x-amz-server-side-encryption", "aws:kms")
			headers.Set("x-amz-server-side-encryption-aws-kms-key-id", a.KMSKey)
		} else if a.ETag != "" {
			headers.Set("x-amz-server-side-encryption", "AES256")
		}
		if a.VersionID != "" {
			headers.Set("x-amz-version-id", a.VersionID)
		}
		if a.Marker {
			headers.Set("x-amz-delete-marker", "true")
		}
		response = headers
	}
	r := object(
		"eventVersion", "1.11",
		"userIdentity", identity(a.Principal),
		"eventTime", a.Time.UTC().Format("2006-01-02T15:04:05Z"),
		"eventSource", "s3.amazonaws.com",
		"eventName", a.API,
		"awsRegion", s.place.Region,
		"sourceIPAddress", "127.0.0.1",
		"userAgent", "[airline-local]",
	)
	if a.Err != nil {
		code, message := "InternalError", a.Err.Error()
		var api smithy.APIError
		if errors.As(a.Err, &api) {
			code, message = api.ErrorCode(), api.ErrorMessage()
		}
		r.Set("errorCode", code)
		r.Set("errorMessage", message)
	}
	r.Set("requestParameters", parameters)
	r.Set("responseElements", response)
	out := 0.0
	if a.ReadOnly {
		out = float64(a.Size)
	}
	r.Set("additionalEventData", object(
		"SignatureVersion", "SigV4", "CipherSuite", "TLS_AES_128_GCM_SHA256",
		"bytesTransferredIn", float64(a.Sent), "bytesTransferredOut", out,
		"AuthenticationMethod", "AuthHeader", "x-amz-id-2", a.RequestID,
	))
	r.Set("requestID", a.RequestID)
	r.Set("eventID", s.door.UUID())
	r.Set("readOnly", a.ReadOnly)
	r.Set("resources", []any{
		object("type", "AWS::S3::Object", "ARN", objectARN(a, s.place.Partition)),
		object("accountId", s.place.Account, "type", "AWS::S3::Bucket", "ARN", "arn:"+s.place.Partition+":s3:::"+a.Bucket),
	})
	r.Set("eventType", "AwsApiCall")
	r.Set("managementEvent", false)
	r.Set("recipientAccountId", s.place.Account)
	r.Set("eventCategory", "Data")
	return r
}

func identity(p door.Principal) *jsonvalue.Object {
	switch {
	case p.Service != "":
		return object("type", "AWSService", "invokedBy", p.Service)
	case strings.Contains(p.ARN, ":assumed-role/"):
		return object("type", "AssumedRole", "arn", p.ARN, "accountId", p.Account,
			"sessionContext", object("sessionIssuer", object("type", "Role", "arn", p.Role, "accountId", p.Account)))
	default:
		return object("type", "IAMUser", "arn", p.ARN, "accountId", p.Account, "userName", p.ARN[strings.LastIndexByte(p.ARN, '/')+1:])
	}
}
