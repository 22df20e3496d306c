package glue

import (
	"context"
	"fmt"

	"airline/local/recorder"
	"airline/local/resource"
)

// Keys are the customer-managed keys that the catalog may be encrypted with. *kms.Keys is one.
type Keys interface {
	Use(ctx context.Context, service, key string, encryptionContext map[string]string, actions ...string) error
}

// UseKeys sets the keys. Without them an encrypted catalog is refused.
func (s *Service) UseKeys(keys Keys) { s.keys = keys }

// Lake decides beside IAM who may make tables. *lake.Service is one.
type Lake interface {
	Create(database string)
	Delete(database string)
	MayCreateTables(ctx context.Context, database string) error
}

// UseLake sets who decides beside IAM; nobody without it.
func (s *Service) UseLake(lake Lake) { s.lake = lake }

func (s *Service) addCatalogEncryption(r *recorder.Resource) error {
	var in struct {
		Settings struct {
			Rest struct {
				Mode string `prop:"catalogEncryptionMode"`
				Key  string `prop:"sseAwsKmsKeyId"`
			} `prop:"encryptionAtRest"`
			Passwords any `prop:"connectionPasswordEncryption,ignore"` // there are no connections
		} `prop:"dataCatalogEncryptionSettings"`
		Catalog any `prop:"catalogId,ignore"`
	}
	if err := resource.Read(r, &in); err != nil {
		return err
	}
	if in.Settings.Rest.Mode != "SSE-KMS" || in.Settings.Rest.Key == "" || s.keys == nil {
		return resource.Problem(r, "the encryption mode %q of the catalog is not modelled by the local world, only SSE-KMS with a key", in.Settings.Rest.Mode)
	}
	s.catalogKey = in.Settings.Rest.Key
	return nil
}

// What a call does with the catalog, as the KMS actions that it takes when the catalog is encrypted (Glue Developer Guide,
// "Setting up encryption").
var (
	readsCatalog  = []string{"kms:Decrypt"}
	writesCatalog = []string{"kms:GenerateDataKey", "kms:Decrypt", "kms:Encrypt"}
)

// encrypted is an operation on the catalog whose caller must be allowed to use the catalog's key, where there is one.
func encrypted[In, Out any](
	s *Service, actions []string, do func(context.Context, *In) (*Out, error),
) func(context.Context, *In) (*Out, error) {
	return func(ctx context.Context, in *In) (*Out, error) {
		if s.catalogKey != "" {
			if err := s.keys.Use(ctx, "glue", s.catalogKey, nil, actions...); err != nil {
				return nil, fmt.Errorf("the catalog is encrypted: %w", err)
			}
		}
		return do(ctx, in)
	}
}
