package sfn

import (
	"context"
	"fmt"
	"strings"

	"airline/local/door"
)

// Keys are the customer-managed keys that machines may be encrypted with. *kms.Keys is one.
type Keys interface {
	Use(ctx context.Context, service, key string, encryptionContext map[string]string, actions ...string) error
}

// UseKeys sets the keys. Without them a machine with a key is refused.
func (s *Service) UseKeys(keys Keys) { s.keys = keys }

// encrypt asks, for a machine with a key, what Step Functions needs of it: the machine's role encrypts and decrypts
// definition and executions, and encrypts log events, which the log delivery decrypts (Step Functions Developer Guide,
// "Data at rest encryption").
func (s *Service) encrypt(ctx context.Context, m *machine) error {
	if m.key == "" {
		return nil
	}
	err := s.keys.Use(ctx, "states", m.key, map[string]string{"aws:states:stateMachineArn": m.arn}, "kms:Decrypt", "kms:GenerateDataKey")
	if err != nil {
		return fmt.Errorf("encrypting the state machine %s: %w", m.name, err)
	}
	if m.logGroup == "" {
		return nil
	}
	logs := s.logsARN()
	if err := s.keys.Use(ctx, "states", m.key, map[string]string{"SourceArn": logs}, "kms:GenerateDataKey"); err != nil {
		return fmt.Errorf("encrypting the log of %s: %w", m.name, err)
	}
	delivery := door.As(context.Background(), door.Principal{
		Service: "delivery.logs.amazonaws.com", SourceARN: strings.TrimSuffix(logs, "*") + "log-group:" + m.logGroup, Account: s.place.Account,
	})
	if err := s.keys.Use(delivery, "logs", m.key, map[string]string{"SourceArn": logs}, "kms:Decrypt"); err != nil {
		return fmt.Errorf("delivering the log of %s: %w", m.name, err)
	}
	return nil
}

// decrypt asks whether a caller may see what a machine with a key keeps of its executions: "callers must have kms:Decrypt
// permission" (API Reference of Step Functions, DescribeExecution), and the history is encrypted with the same key
// (EncryptionConfiguration).
func (s *Service) decrypt(ctx context.Context, m *machine) error {
	if m.key == "" {
		return nil
	}
	return s.keys.Use(ctx, "states", m.key, map[string]string{"aws:states:stateMachineArn": m.arn}, "kms:Decrypt")
}

// logsARN stands for all logs of the account and region; vended log events are encrypted for it.
func (s *Service) logsARN() string {
	return fmt.Sprintf("arn:%s:logs:%s:%s:*", s.place.Partition, s.place.Region, s.place.Account)
}
