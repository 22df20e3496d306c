package s3

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"airline/local/recorder"
)

// What follows is kept to be told, and has no other effect: the local world has no anonymous callers, nothing grows old enough for a
// lifecycle rule, and server access logs are a record beside CloudTrail's.

func (s *Service) addBlock(r *recorder.Resource) error {
	var in struct {
		Bucket                string `prop:"bucket"`
		BlockPublicAcls       bool   `prop:"blockPublicAcls"`
		BlockPublicPolicy     bool   `prop:"blockPublicPolicy"`
		IgnorePublicAcls      bool   `prop:"ignorePublicAcls"`
		RestrictPublicBuckets bool   `prop:"restrictPublicBuckets"`
	}
	b, err := s.read(r, &in, &in.Bucket)
	if err != nil {
		return err
	}
	b.block = &types.PublicAccessBlockConfiguration{
		BlockPublicAcls: &in.BlockPublicAcls, BlockPublicPolicy: &in.BlockPublicPolicy, IgnorePublicAcls: &in.IgnorePublicAcls, RestrictPublicBuckets: &in.RestrictPublicBuckets,
	}
	return nil
}

func (s *Service) addLogging(r *recorder.Resource) error {
	var in struct {
		Bucket string `prop:"bucket"`
		Target string `prop:"targetBucket"`
		Prefix string `prop:"targetPrefix"`
	}
	b, err := s.read(r, &in, &in.Bucket)
	if err != nil {
		return err
	}
	b.logging = &types.LoggingEnabled{TargetBucket: &in.Target, TargetPrefix: &in.Prefix}
	return nil
}

func (s *Service) addLifecycle(r *recorder.Resource) error {
	var in struct {
		Bucket string `prop:"bucket"`
		Rules  []struct {
			ID     string `prop:"id"`
			Status string `prop:"status"`
			Filter *struct {
				Prefix string `prop:"prefix"`
			} `prop:"filter"`
			Abort *struct {
				Days float64 `prop:"daysAfterInitiation"`
			} `prop:"abortIncompleteMultipartUpload"`
			Noncurrent *struct {
				Days float64 `prop:"noncurrentDays"`
			} `prop:"noncurrentVersionExpiration"`
			Expiration *struct {
				Days float64 `prop:"days"`
			} `prop:"expiration"`
		} `prop:"rules"`
	}
	b, err := s.read(r, &in, &in.Bucket)
	if err != nil {
		return err
	}
	for _, rule := range in.Rules {
		to := types.LifecycleRule{ID: aws.String(rule.ID), Status: types.ExpirationStatus(rule.Status)}
		if rule.Filter != nil {
			to.Filter = &types.LifecycleRuleFilter{Prefix: aws.String(rule.Filter.Prefix)}
		}
		if rule.Abort != nil {
			to.AbortIncompleteMultipartUpload = &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(int32(rule.Abort.Days))}
		}
		if rule.Noncurrent != nil {
			to.NoncurrentVersionExpiration = &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(int32(rule.Noncurrent.Days))}
		}
		if rule.Expiration != nil {
			to.Expiration = &types.LifecycleExpiration{Days: aws.Int32(int32(rule.Expiration.Days))}
		}
		b.lifecycle = append(b.lifecycle, to)
	}
	return nil
}
