package kms

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/smithy-go"

	"airline/local/door"
)

// Service is the part of the API of AWS KMS that people call themselves. What it enciphers, it deciphers, under the same key and
// encryption context; there is no secret in it: the key is made of the key's ARN.
type Service struct {
	keys *Keys
	arn  func(service, resource string) string
}

// API is KMS's API over keys. arn makes the ARN of a regional resource of the stack's account.
func API(k *Keys, arn func(service, resource string) string) *Service { return &Service{k, arn} }

// needs are the permissions for an action on a key; condition keys tell of aliases and encryption context.
func (s *Service) needs(action string, id *string, encryptionContext map[string]string) []door.Request {
	arn, err := s.keys.ARN(aws.ToString(id))
	if err != nil {
		return []door.Request{{Action: "kms:" + action, Resource: "*"}}
	}
	return []door.Request{{Action: "kms:" + action, Resource: arn, Keys: s.keys.conditions(arn, encryptionContext)}}
}

func usage() []door.Usage { return []door.Usage{{Item: "kms.request", Quantity: 1}} }

// seal enciphers under a key: the key's ARN, a nonce and the sealed text, which is bound to the context.
func (s *Service) seal(arn string, context map[string]string, plain []byte) []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.BigEndian, uint16(len(arn)))
	b.WriteString(arn)
	nonce := sha256.Sum256([]byte(s.keys.door.UUID()))
	b.Write(nonce[:12])
	return cipherOf(arn).Seal(b.Bytes(), nonce[:12], plain, contextBytes(context))
}

// open deciphers what seal has enciphered.
func open(sealed []byte, context map[string]string) (arn string, plain []byte, err error) {
	invalid := &types.InvalidCiphertextException{}
	if len(sealed) < 2 {
		return "", nil, invalid
	}
	n := int(binary.BigEndian.Uint16(sealed))
	if len(sealed) < 2+n+12 {
		return "", nil, invalid
	}
	arn, sealed = string(sealed[2:2+n]), sealed[2+n:]
	if plain, err = cipherOf(arn).Open(nil, sealed[:12], sealed[12:], contextBytes(context)); err != nil {
		return "", nil, invalid
	}
	return arn, plain, nil
}

func cipherOf(arn string) cipher.AEAD {
	key := sha256.Sum256([]byte("local world " + arn))
	block, err := aes.NewCipher(key[:])
	if err == nil {
		var a cipher.AEAD
		if a, err = cipher.NewGCM(block); err == nil {
			return a
		}
	}
	panic(err) // a key of 32 bytes is one
}

func contextBytes(context map[string]string) []byte {
	var b bytes.Buffer
	for _, k := range slices.Sorted(maps.Keys(context)) {
		b.WriteString(k + "\x00" + context[k] + "\x00")
	}
	return b.Bytes()
}

// Encrypt enciphers at most 4,096 bytes.
func (s *Service) Encrypt(ctx context.Context, in *kms.EncryptInput, _ ...func(*kms.Options)) (*kms.EncryptOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.keys.door, door.Op[kms.EncryptInput, kms.EncryptOutput]{
		Service: "kms", Action: "Encrypt", Takes: []string{"KeyId", "Plaintext", "EncryptionContext"}, Needs: s.needs("Encrypt", in.KeyId, in.EncryptionContext), Usage: usage(),
		Do: func(_ context.Context, in *kms.EncryptInput) (*kms.EncryptOutput, error) {
			arn, err := s.keys.ARN(aws.ToString(in.KeyId))
			if err != nil {
				return nil, err
			}
			if n := len(in.Plaintext); n < 1 || n > 4096 {
				return nil, invalid("1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length from 1 to 4096")
			}
			return &kms.EncryptOutput{KeyId: &arn, CiphertextBlob: s.seal(arn, in.EncryptionContext, in.Plaintext), EncryptionAlgorithm: types.EncryptionAlgorithmSpecSymmetricDefault}, nil
		},
	}, in)
}

// Decrypt deciphers what Encrypt or GenerateDataKey has enciphered.
func (s *Service) Decrypt(ctx context.Context, in *kms.DecryptInput, _ ...func(*kms.Options)) (*kms.DecryptOutput, error) {
	in = door.Given(in)
	arn, plain, broken := open(in.CiphertextBlob, in.EncryptionContext)
	named := &arn
	if broken != nil {
		named = in.KeyId
	}
	return door.Call(ctx, s.keys.door, door.Op[kms.DecryptInput, kms.DecryptOutput]{
		Service: "kms", Action: "Decrypt", Takes: []string{"KeyId", "CiphertextBlob", "EncryptionContext"}, Needs: s.needs("Decrypt", named, in.EncryptionContext), Usage: usage(),
		Do: func(_ context.Context, in *kms.DecryptInput) (*kms.DecryptOutput, error) {
			if broken != nil {
				return nil, broken
			}
			if _, err := s.keys.ARN(arn); err != nil {
				return nil, err
			}
			if in.KeyId != nil {
				if asked, err := s.keys.ARN(*in.KeyId); err != nil || asked != arn {
					return nil, &types.IncorrectKeyException{Message: aws.String("The key ID in the request does not identify a CMK that can perform this operation.")}
				}
			}
			return &kms.DecryptOutput{KeyId: &arn, Plaintext: plain, EncryptionAlgorithm: types.EncryptionAlgorithmSpecSymmetricDefault}, nil
		},
	}, in)
}

// GenerateDataKey makes a key of 16 or 32 bytes, or of up to 1,024, in clear and enciphered.
func (s *Service) GenerateDataKey(ctx context.Context, in *kms.GenerateDataKeyInput, _ ...func(*kms.Options)) (*kms.GenerateDataKeyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.keys.door, door.Op[kms.GenerateDataKeyInput, kms.GenerateDataKeyOutput]{
		Service: "kms", Action: "GenerateDataKey", Takes: []string{"KeyId", "KeySpec", "NumberOfBytes", "EncryptionContext"}, Needs: s.needs("GenerateDataKey", in.KeyId, in.EncryptionContext), Usage: usage(),
		Do: func(_ context.Context, in *kms.GenerateDataKeyInput) (*kms.GenerateDataKeyOutput, error) {
			arn, err := s.keys.ARN(aws.ToString(in.KeyId))
			if err != nil {
				return nil, err
			}
			n := int(aws.ToInt32(in.NumberOfBytes))
			switch {
			case in.KeySpec == types.DataKeySpecAes256 && in.NumberOfBytes == nil:
				n = 32
			case in.KeySpec == types.DataKeySpecAes128 && in.NumberOfBytes == nil:
				n = 16
			case in.KeySpec != "" || n < 1 || n > 1024:
				return nil, invalid("Please specify either number of bytes or key spec.")
			}
			var plain []byte
			for len(plain) < n {
				piece := sha256.Sum256([]byte(s.keys.door.UUID()))
				plain = append(plain, piece[:]...)
			}
			plain = plain[:n]
			return &kms.GenerateDataKeyOutput{KeyId: &arn, Plaintext: plain, CiphertextBlob: s.seal(arn, in.EncryptionContext, plain)}, nil
		},
	}, in)
}

// DescribeKey tells of a key.
func (s *Service) DescribeKey(ctx context.Context, in *kms.DescribeKeyInput, _ ...func(*kms.Options)) (*kms.DescribeKeyOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.keys.door, door.Op[kms.DescribeKeyInput, kms.DescribeKeyOutput]{
		Service: "kms", Action: "DescribeKey", Takes: []string{"KeyId"}, Needs: s.needs("DescribeKey", in.KeyId, nil), Usage: usage(),
		Do: func(_ context.Context, in *kms.DescribeKeyInput) (*kms.DescribeKeyOutput, error) {
			arn, err := s.keys.ARN(aws.ToString(in.KeyId))
			if err != nil {
				return nil, err
			}
			return &kms.DescribeKeyOutput{KeyMetadata: s.keys.metadata(arn)}, nil
		},
	}, in)
}

// ListKeys lists all keys by their ids.
func (s *Service) ListKeys(ctx context.Context, in *kms.ListKeysInput, _ ...func(*kms.Options)) (*kms.ListKeysOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.keys.door, door.Op[kms.ListKeysInput, kms.ListKeysOutput]{
		Service: "kms", Action: "ListKeys", Takes: []string{}, Needs: []door.Request{{Action: "kms:ListKeys", Resource: "*"}}, Usage: usage(),
		Do: func(context.Context, *kms.ListKeysInput) (*kms.ListKeysOutput, error) {
			out := &kms.ListKeysOutput{Keys: []types.KeyListEntry{}}
			for _, id := range slices.Sorted(maps.Keys(s.keys.keys)) {
				out.Keys = append(out.Keys, types.KeyListEntry{KeyId: &id, KeyArn: aws.String(s.keys.keys[id].arn)})
			}
			return out, nil
		},
	}, in)
}

// ListAliases lists the aliases, of one key or of all, by name.
func (s *Service) ListAliases(ctx context.Context, in *kms.ListAliasesInput, _ ...func(*kms.Options)) (*kms.ListAliasesOutput, error) {
	in = door.Given(in)
	return door.Call(ctx, s.keys.door, door.Op[kms.ListAliasesInput, kms.ListAliasesOutput]{
		Service: "kms", Action: "ListAliases", Takes: []string{"KeyId"}, Needs: []door.Request{{Action: "kms:ListAliases", Resource: "*"}}, Usage: usage(),
		Do: func(_ context.Context, in *kms.ListAliasesInput) (*kms.ListAliasesOutput, error) {
			only := ""
			if in.KeyId != nil {
				var err error
				if only, err = s.keys.ARN(*in.KeyId); err != nil {
					return nil, err
				}
			}
			out := &kms.ListAliasesOutput{Aliases: []types.AliasListEntry{}}
			for _, name := range slices.Sorted(maps.Keys(s.keys.aliases)) {
				id := s.keys.aliases[name]
				arn := s.keys.keys[id].arn
				if only == "" || only == arn {
					out.Aliases = append(out.Aliases, types.AliasListEntry{AliasName: &name, AliasArn: aws.String(arn[:strings.LastIndexByte(arn, ':')+1] + name), TargetKeyId: &id})
				}
			}
			return out, nil
		},
	}, in)
}

func invalid(message string) error {
	return &smithy.GenericAPIError{Code: "ValidationException", Message: message, Fault: smithy.FaultClient}
}
