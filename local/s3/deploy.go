package s3

import (
	"bytes"
	"maps"
	"time"

	policies "airline/iam"
	"airline/local/iam"
	"airline/local/recorder"
	"airline/local/resource"
)

// Types gives the functions that take the buckets of a deployed stack in, and the objects deployed with it.
func (s *Service) Types(edit iam.Edit) map[string]func(*recorder.Resource) error {
	types := map[string]func(*recorder.Resource) error{
		"aws:s3/bucketPolicy:BucketPolicy":             func(r *recorder.Resource) error { return s.addPolicy(r, edit) },
		"aws:s3/bucketNotification:BucketNotification": s.addNotification,
		"aws:s3/bucketObjectv2:BucketObjectv2":         s.addObject,
		"aws:s3/bucketObject:BucketObject":             s.addObject,
	}
	// The provider renamed the resources that were once split off from Bucket: both names are the same resource.
	for _, suffix := range []string{"", "V2"} {
		maps.Copy(types, map[string]func(*recorder.Resource) error{
			typeToken("bucket", "Bucket", suffix):                                                                   s.addBucket,
			typeToken("bucketVersioning", "BucketVersioning", suffix):                                               s.addVersioning,
			typeToken("bucketOwnershipControls", "BucketOwnershipControls", suffix):                                 s.addOwnership,
			typeToken("bucketServerSideEncryptionConfiguration", "BucketServerSideEncryptionConfiguration", suffix): s.addEncryption,
			typeToken("bucketLifecycleConfiguration", "BucketLifecycleConfiguration", suffix):                       s.addLifecycle,
			typeToken("bucketPublicAccessBlock", "BucketPublicAccessBlock", suffix):                                 s.addBlock,
			typeToken("bucketLogging", "BucketLogging", suffix):                                                     s.addLogging,
		})
	}
	return types
}

func typeToken(module, name, suffix string) string {
	return "aws:s3/" + module + suffix + ":" + name + suffix
}

func (s *Service) addBucket(r *recorder.Resource) error {
	var in struct {
		Given string            `prop:"bucket,ignore"`
		Name  string            `prop:"bucket,output"`
		ARN   string            `prop:"arn,output"`
		Tags  map[string]string `prop:"tags"`
		Force any               `prop:"forceDestroy,ignore"`
		Place any               `prop:"region,ignore"`
		Lock  bool              `prop:"objectLockEnabled"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if in.Lock {
		return resource.Problem(r, "object lock is not modelled by the local world")
	}
	b, err := s.newBucket(in.Name, in.ARN)
	if err != nil {
		return resource.Problem(r, "%v", err)
	}
	b.tags = in.Tags
	return nil
}

// read reads the properties of a resource, of which one is the name of the bucket that it is about, and finds the bucket.
func (s *Service) read(r *recorder.Resource, properties any, name *string) (*bucket, error) {
	if err := resource.Read(r, properties); err != nil {
		return nil, err
	}
	b, ok := s.buckets[*name]
	if !ok {
		return nil, resource.Problem(r, "is for the bucket %q, which is not deployed", *name)
	}
	return b, nil
}

func (s *Service) addVersioning(r *recorder.Resource) error {
	var in struct {
		Bucket string `prop:"bucket"`
		Config struct {
			Status string `prop:"status"`
			MFA    any    `prop:"mfaDelete,ignore"`
		} `prop:"versioningConfiguration"`
	}
	b, err := s.read(r, &in, &in.Bucket)
	if err != nil {
		return err
	}
	b.versioned = in.Config.Status == "Enabled" || in.Config.Status == "Suspended"
	b.suspended = in.Config.Status == "Suspended"
	return nil
}

func (s *Service) addEncryption(r *recorder.Resource) error {
	var in struct {
		Bucket string `prop:"bucket"`
		Rules  []struct {
			Default struct {
				Algorithm string `prop:"sseAlgorithm"`
				Key       string `prop:"kmsMasterKeyId"`
			} `prop:"applyServerSideEncryptionByDefault"`
			BucketKey bool `prop:"bucketKeyEnabled"`
		} `prop:"rules"`
	}
	b, err := s.read(r, &in, &in.Bucket)
	if err != nil {
		return err
	}
	if len(in.Rules) != 1 {
		return resource.Problem(r, "has %d rules, S3 takes one", len(in.Rules))
	}
	switch rule := in.Rules[0]; rule.Default.Algorithm {
	case "AES256":
	case "aws:kms":
		arn, err := s.keys.ARN(rule.Default.Key)
		if err != nil {
			return resource.Problem(r, "%v", err)
		}
		b.kmsKey, b.bucketKey = arn, rule.BucketKey
	default:
		return resource.Problem(r, "the encryption %q is not modelled by the local world", rule.Default.Algorithm)
	}
	return nil
}

func (s *Service) addOwnership(r *recorder.Resource) error {
	var in struct {
		Bucket string `prop:"bucket"`
		Rule   struct {
			Ownership string `prop:"objectOwnership"`
		} `prop:"rule"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if in.Rule.Ownership != "BucketOwnerEnforced" {
		return resource.Problem(r, "access control lists are not modelled by the local world: use BucketOwnerEnforced")
	}
	return nil
}

func (s *Service) addPolicy(r *recorder.Resource, edit iam.Edit) error {
	var in struct {
		Bucket string `prop:"bucket"`
		Policy string `prop:"policy"`
	}
	b, err := s.read(r, &in, &in.Bucket)
	if err != nil {
		return err
	}
	b.policy = in.Policy
	return s.directory.TakePolicy(r, iam.Document{Name: r.Type + " " + b.name, Owner: b.arn, Kind: policies.Resource}, in.Policy, edit)
}

func (s *Service) addNotification(r *recorder.Resource) error {
	var in struct {
		Bucket      string `prop:"bucket"`
		EventBridge bool   `prop:"eventbridge"`
	}
	b, err := s.read(r, &in, &in.Bucket)
	if err != nil {
		return err
	}
	b.toEventBridge = in.EventBridge
	return nil
}

// addObject stores an object that the program uploads, with the deployer's rights and without a trace: it was
// there before the world began.
func (s *Service) addObject(r *recorder.Resource) error {
	var in struct {
		Bucket      string            `prop:"bucket"`
		Key         string            `prop:"key"`
		Source      []byte            `prop:"source"`
		Content     []byte            `prop:"content"`
		ContentType string            `prop:"contentType"`
		Metadata    map[string]string `prop:"metadata"`
		KMSKey      string            `prop:"kmsKeyId"`
		Encryption  string            `prop:"serverSideEncryption"`
		ETag        any               `prop:"etag,ignore"`
		SourceHash  any               `prop:"sourceHash,ignore"`
		Tags        any               `prop:"tags,ignore"`
		Force       any               `prop:"forceDestroy,ignore"`
		BucketKey   bool              `prop:"bucketKeyEnabled"`
	}
	b, err := s.read(r, &in, &in.Bucket)
	if err != nil {
		return err
	}
	h := header{kmsKey: b.kmsKey, bucketKey: b.bucketKey, contentType: in.ContentType, metadata: in.Metadata}
	if in.KMSKey != "" {
		if h.kmsKey, err = s.keys.ARN(in.KMSKey); err != nil {
			return resource.Problem(r, "%v", err)
		}
		h.bucketKey = in.BucketKey
	}
	if in.Encryption == "AES256" {
		h.kmsKey = ""
	}
	if err := checkKey(&in.Key); err != nil {
		return resource.Problem(r, "%v", err)
	}
	data := in.Source
	if data == nil {
		data = in.Content
	}
	// Like the provider, an object that has not changed is left as it is.
	if now := b.current(in.Key); now != nil && !now.marker {
		if there, err := b.bytes(now); err == nil && bytes.Equal(there, data) {
			return nil
		}
	}
	v := &version{key: in.Key, id: s.newVersionID(b), modified: s.door.Now().Truncate(time.Second), header: h}
	bytes := inMemory(data)
	v.etag = etag(bytes, h, v.id)
	if err := b.put(v, bytes); err != nil {
		return resource.Problem(r, "%v", err)
	}
	return nil
}
